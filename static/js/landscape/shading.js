// What both renderers must agree on, so that they draw the same picture.

/** Where the light comes from, in the picture: above and to the left, as in an atlas. */
export const LIGHT = { right: 0.55, down: 0.83 };
/** How much lighter the sunny slope is at most, and darker the other. More looks like plastic. */
export const RELIEF = 0.15;
/** Towards the plateau the shade ends, lest the shore look dirty: it is gone at the first share of the levels, whole at the second. */
export const SHORE = [1, 0.55];

/**
 * The strength of the hill shade at a height.
 * @param {number} c level number as a share of all
 */
export const relief = (c) => RELIEF * Math.min(1, Math.max(0, (SHORE[0] - c) / (SHORE[0] - SHORE[1])));
/** The slope, in levels per picture width, at which half of that is reached. */
export const STEEP = 90;

/** Opacity of major and minor lines. */
export const MAJOR_INK = 0.75;
export const MINOR_INK = 0.38;
/** Width in CSS pixels. */
export const MAJOR_WIDTH = 1.35;
export const MINOR_WIDTH = 1;
/**
 * Where levels crowd lines fade: they begin to at the first number of levels per CSS pixel, and are gone at the
 * second; per pixel of the picture where those are larger, for lines that it cannot tell apart come out as dots.
 */
export const MINOR_CROWD = [0.2, 0.5];
export const MAJOR_CROWD = [0.8, 2];
/** Of a slope less than this, in levels per pixel, one cannot say where a line runs: flat ground has none. */
export const LEVEL_GROUND = 2e-4;

/** The lowest set, within the first level, is filled by so much of the rim's colour. */
export const RIM_FILL = 0.07;
export const RIM_INK = 0.95;
