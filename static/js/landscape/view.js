// From the plane to the picture.

/** @import {Frame, Scene} from '../types.js' */
/** @import {Colors} from './palette.js' */
/** @import {Label} from './labels.js' */
/** @import {ShownPushes} from './push-animation.js' */
/** @import {Followed} from './followed-point.js' */

/**
 * What a layer is drawn into: a picture of width x height CSS pixels over the frame's box, whose
 * edges are the box's edges. `unit` is the scene's size of lines and type.
 * @typedef {object} View
 * @property {number} width
 * @property {number} height
 * @property {number} unit
 * @property {number} now     milliseconds
 * @property {Colors} colors
 * @property {Label[]} labels
 * @property {ShownPushes[]} pushes  those that are shown
 * @property {Followed|null} followed  the point that is followed
 */

/**
 * The scale of points and arrows on a square of that side: smaller on a phone, larger on a projector.
 * @param {number} side  CSS pixels
 */
export const fit = (side) => Math.min(1.25, Math.max(0.65, Math.sqrt(side / 560)));

/**
 * @param {Frame} frame
 * @param {View} view
 * @param {number} y1
 * @returns {number} CSS pixels from the left
 */
export const across = (frame, view, y1) => ((y1 - frame.x0) / (frame.x1 - frame.x0)) * view.width;

/**
 * @param {Frame} frame
 * @param {View} view
 * @param {number} y2
 * @returns {number} CSS pixels from the top
 */
export const along = (frame, view, y2) => ((frame.y1 - y2) / (frame.y1 - frame.y0)) * view.height;
