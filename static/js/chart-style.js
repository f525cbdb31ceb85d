// dress.js: how the charts look. The server says what they hold, the page in which colours:
// one meaning, one colour, here as in the landscape.
import { THEMES } from './landscape/palette.js';

/** @typedef {'loss'|'histogram'|'quality'} Name */

const QUIET = { show: false };
/** A canvas inherits no font. */
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";

/**
 * The option of a chart in the colours of a theme.
 * @param {Name} name
 * @param {any} option  as the server gave it
 * @param {import('./types.js').Scene} scene
 */
export function dress(name, option, { theme, scale }) {
  const { ink, muted, line, data, card, way } = THEMES[theme];
  const size = 11 * scale;
  const text = { color: muted, fontSize: size, fontFamily: FONT };
  const axis = {
    nameTextStyle: text, axisLabel: { ...text, hideOverlap: true }, axisLine: { show: true, lineStyle: { color: line } },
    axisTick: QUIET, splitLine: QUIET, name: '',
  };
  /** @type {Record<string, object>} */
  const styles = {
    loss: { lineStyle: { color: muted, width: scale, opacity: 0.35 } },
    data: { lineStyle: { width: 0 }, areaStyle: { color: data, opacity: 0.88 }, z: 3 },
    uniform: { lineStyle: { width: 0 }, areaStyle: { color: muted, opacity: 0.4 }, z: 2 },
    auc: { lineStyle: { color: ink, width: 1.5 * scale } },
    auc_ceiling: { lineStyle: { color: ink, width: 1, type: 'dashed', opacity: 0.6 } },
    nll: { lineStyle: { color: muted, width: 1.5 * scale } },
    nll_true: { lineStyle: { color: muted, width: 1, type: 'dashed', opacity: 0.7 } },
  };
  const dressed = {
    ...option,
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: FONT },
    legend: QUIET,
    tooltip: name === 'quality'
      ? { ...option.tooltip, backgroundColor: card, borderColor: line, textStyle: { color: ink, fontSize: size } }
      : QUIET,
    xAxis: list(option.xAxis).map((a) => ({ ...a, ...axis })),
    yAxis: list(option.yAxis).map((a) => ({ ...a, ...axis })),
    series: list(option.series).map((s) => ({ ...s, symbol: 'none', silent: true, ...styles[s.id] })),
  };
  // The loss of a batch is noisy: its running mean is what one reads.
  if (name === 'loss') dressed.series.push({ id: 'other', type: 'line', symbol: 'none', silent: true, lineStyle: { color: way, width: 1.5 * scale, type: 'dashed' } }, { id: 'mean', type: 'line', symbol: 'none', silent: true, lineStyle: { color: ink, width: 1.5 * scale, opacity: 0.8 } });
  return { ...dressed, ...FRAMES[name](dressed, scale) };
}

/** @param {any} x @returns {any[]} */
const list = (x) => (x === undefined ? [] : Array.isArray(x) ? x : [x]);

/**
 * What each chart has of axes, and how much room they take.
 * @type {Record<Name, (o:any, scale:number) => object>}
 */
const FRAMES = {
  loss: (o) => ({
    grid: { left: 0, right: 0, top: 4, bottom: 4, containLabel: false },
    xAxis: o.xAxis.map((/** @type {object} */ a) => ({ ...a, show: false })),
    yAxis: o.yAxis.map((/** @type {object} */ a) => ({ ...a, show: false })),
  }),
  histogram: (o, scale) => ({
    grid: { left: 4, right: 4, top: 4, bottom: 18 * scale, containLabel: false },
    xAxis: o.xAxis.map((/** @type {any} */ a) => ({ ...a, type: 'value', splitNumber: 3, axisLabel: { ...a.axisLabel, alignMinLabel: 'left', alignMaxLabel: 'right', showMinLabel: true, showMaxLabel: true } })),
    yAxis: o.yAxis.map((/** @type {object} */ a) => ({ ...a, show: false, min: 0 })),
  }),
  quality: (o, scale) => ({
    grid: { left: 30 * scale, right: 30 * scale, top: 8, bottom: 18 * scale, containLabel: false },
    xAxis: o.xAxis.map((/** @type {any} */ a) => ({ ...a, splitNumber: 3, axisLabel: { ...a.axisLabel, formatter: String, alignMaxLabel: 'right', showMaxLabel: true } })),
    yAxis: o.yAxis.map((/** @type {any} */ a) => ({ ...a, splitNumber: 2, axisLabel: { ...a.axisLabel, formatter: (/** @type {number} */ v) => number(v) } })),
  }),
};

/**
 * Writes the ticks from lo to hi to a hundredth of the range: the ends, and those between that
 * do not crowd them.
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
