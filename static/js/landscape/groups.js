// The groups of labelled points: a colour and a shape for each. Points without a group, and all points
// where there is no label, are discs of the colour of the data.

/** @import {Theme} from '../types.js' */
import { oklab, rgb, THEMES } from './palette.js';

/** The group of a point that is in none. */
export const NO_GROUP = 255;

/**
 * Eight colours for each theme that stand apart from one another, from the data and from what is
 * pushed up, also for readers who cannot tell red from green.
 * @type {Record<Theme, string[]>}
 */
export const GROUPS = {
  light: ['#0057ff', '#ffd900', '#7a2b00', '#4fd0ff', '#4b0a8f', '#f4fbff', '#a8a000', '#171a26'],
  dark: ['#f2e400', '#3d78ff', '#7df9ff', '#8a2a00', '#00706a', '#4a1fd8', '#6f7a00', '#480c60'],
};

/** A colour lighter than this has a dark rim, a darker one a light rim. */
const MIDDLE = 0.65;
const RIMS = { dark: '#171a26', light: '#ffffff' };

/** The shapes as corners of about the area of a disc of radius 1, null for the disc itself. @type {([number, number][]|null)[]} */
const SHAPES = [
  null,
  polygon(4, 1.25, 45),
  polygon(4, 1.3, 0),
  polygon(3, 1.5, 90),
  cross(1.3, 0.42, 0),
  polygon(6, 1.12, 0),
  cross(1.3, 0.42, 45),
  star(5, 1.5, 0.65),
];

/** @param {number} corners @param {number} radius @param {number} turn  degrees, downwards is 90 @returns {[number, number][]} */
function polygon(corners, radius, turn) {
  return Array.from({ length: corners }, (_, i) => polar(radius, turn + (360 * i) / corners));
}

/** @param {number} arm @param {number} half @param {number} turn @returns {[number, number][]} */
function cross(arm, half, turn) {
  const reach = Math.hypot(arm, half), lean = (Math.atan2(half, arm) * 180) / Math.PI;
  return [0, 90, 180, 270].flatMap((a) => [polar(reach, turn + a - lean), polar(reach, turn + a + lean), polar(half * Math.SQRT2, turn + a + 45)]);
}

/** @param {number} tips @param {number} outer @param {number} inner @returns {[number, number][]} */
function star(tips, outer, inner) {
  return Array.from({ length: 2 * tips }, (_, i) => polar(i % 2 ? inner : outer, -90 + (180 * i) / tips));
}

/** @param {number} radius @param {number} degrees @returns {[number, number]} */
function polar(radius, degrees) {
  const a = (degrees * Math.PI) / 180;
  return [radius * Math.cos(a), radius * Math.sin(a)];
}

/** How the points of a group are drawn. @typedef {{fill:string, rim:string, corners:[number, number][]|null}} GroupStyle */

/** @type {Map<string, GroupStyle>} */
const made = new Map();

/**
 * The style of a group; after eight, colours come again with other shapes.
 * @param {Theme} theme
 * @param {number} [group]
 * @returns {GroupStyle}
 */
export function groupStyle(theme, group = NO_GROUP) {
  const key = `${theme} ${group}`;
  let style = made.get(key);
  if (!style) {
    const { data, dataRim } = THEMES[theme];
    const n = GROUPS[theme].length;
    const fill = group === NO_GROUP ? data : GROUPS[theme][group % n];
    const rim = group === NO_GROUP ? dataRim : oklab(rgb(fill))[0] > MIDDLE ? RIMS.dark : RIMS.light;
    style = { fill, rim, corners: group === NO_GROUP ? null : SHAPES[(group + Math.floor(group / n)) % SHAPES.length] };
    made.set(key, style);
  }
  return style;
}

/**
 * Adds the outline of a point to a path.
 * @param {Pick<CanvasPath, 'moveTo'|'lineTo'|'arc'|'closePath'>} path
 * @param {GroupStyle['corners']} corners
 * @param {number} x @param {number} y @param {number} r
 */
export function outline(path, corners, x, y, r) {
  if (!corners) {
    path.moveTo(x + r, y);
    path.arc(x, y, r, 0, 2 * Math.PI);
    return;
  }
  corners.forEach(([dx, dy], i) => (i ? path.lineTo(x + r * dx, y + r * dy) : path.moveTo(x + r * dx, y + r * dy)));
  path.closePath();
}
