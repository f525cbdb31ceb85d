// Hill shading: slopes that face the light are lighter, the others darker. Both renderers use these
// numbers, so that they draw the same picture.

/** The direction to the light in the picture: above and to the left, as in an atlas. */
export const LIGHT = { right: 0.55, down: 0.83 };
/** How much lighter or darker a slope becomes at most. More looks like plastic. */
export const STRENGTH = 0.15;
/** Towards the plateau the shading ends, so that its edge stays clean: none at the first share of the levels, full at the second. */
export const RANGE = [1, 0.55];
/** The slope, in levels per picture width, at which half of the full shading is reached. */
export const HALF = 90;

/**
 * The strength of the shading at a height.
 * @param {number} share  level number as a share of all
 */
export const strength = (share) => STRENGTH * Math.min(1, Math.max(0, (RANGE[0] - share) / (RANGE[0] - RANGE[1])));
