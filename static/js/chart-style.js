// chart-style.js: what the server's chart options need from the theme: colours, fonts and the size of
// the type. A colour has the same meaning here as in the landscape.
import { FONT } from './landscape/canvas.js';
import { THEMES } from './landscape/palette.js';

/** The colour of every series, by its id. @type {Record<string, 'ink'|'muted'|'data'|'path'>} */
const SERIES = { loss: 'muted', mean: 'ink', other: 'path', data: 'data', uniform: 'muted', auc: 'ink', auc_ceiling: 'ink', nll: 'muted', nll_true: 'muted' };

/**
 * The option of a chart in a theme. Lengths of the server's option are for type of the usual size.
 * @param {any} option  as the server sent it
 * @param {Pick<import('./types.js').Scene, 'theme'|'scale'>} scene
 */
export function styled(option, { theme, scale }) {
  const colors = THEMES[theme];
  const size = 11 * scale;
  const axis = (/** @type {(value:number) => string} */ formatter) => (/** @type {any} */ a) => ({
    ...a,
    axisLabel: { ...a.axisLabel, color: colors.muted, fontSize: size, fontFamily: FONT, formatter },
    axisLine: { ...a.axisLine, lineStyle: { color: colors.line } },
  });
  return {
    ...option,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: FONT },
    tooltip: { ...option.tooltip, backgroundColor: colors.card, borderColor: colors.line, textStyle: { color: colors.ink, fontSize: size } },
    grid: option.grid.map((/** @type {Record<string, string>} */ g) => ({ ...g, left: scale * Number(g.left), right: scale * Number(g.right), top: g.top, bottom: scale * Number(g.bottom) })),
    xAxis: option.xAxis.map(axis(String)),
    yAxis: option.yAxis.map(axis((value) => number(value))),
    series: option.series.map((/** @type {any} */ s) => {
      const color = colors[SERIES[s.id]];
      const lineStyle = { ...s.lineStyle, color, width: scale * (s.lineStyle?.width ?? 1) };
      return { ...s, lineStyle, ...(s.areaStyle && { areaStyle: { ...s.areaStyle, color } }) };
    }),
  };
}

/**
 * Writes the ticks from lo to hi to a hundredth of the range: the ends, and those between that
 * do not come too close to them.
 * @param {number} lo
 * @param {number} hi
 * @returns {(value:number) => string}
 */
export function between(lo, hi) {
  const range = hi - lo || 1;
  const decimals = Math.min(100, Math.max(0, Math.ceil(1.5 - Math.log10(range))));
  return (value) => {
    const end = value === lo || value === hi;
    if (!end && Math.min(value - lo, hi - value) < 0.18 * range) return '';
    return number(Number(value.toFixed(decimals)), 4);
  };
}

/** A tick with a true minus and no more digits than it needs. @param {number} value */
function number(value, digits = 2) {
  const size = Math.abs(value);
  const text = size >= 1e4 || (size > 0 && size < 1e-3) ? value.toExponential(0) : String(Number(value.toPrecision(digits)));
  return text.replace('-', '−').replace('e+', 'e');
}
