import assert from 'node:assert/strict';
import { test } from 'node:test';
import { between, styled } from '../js/chart-style.js';
import { THEMES } from '../js/landscape/palette.js';

test('ticks are as precise as their range, and nothing comes close to the ends', () => {
  /** @type {[number, number, number[], string[]][]} */
  const cases = [
    [1e-4, 0.0864, [1e-4, 0.03, 0.06, 0.0864], ['0', '0.03', '0.06', '0.086']],
    [-1.31, 9.63, [-1.31, 0, 3, 6, 9.63], ['−1.3', '', '3', '6', '9.6']],
    [-0.218, -0.094, [-0.218, -0.2, -0.15, -0.094], ['−0.218', '', '−0.15', '−0.094']],
    [-40.2, 123.4, [-40.2, 50, 123.4], ['−40', '50', '123']],
    [0, 2e-5, [0, 1e-5, 2e-5], ['0', '1e−5', '2e−5']],
    [1, 1, [1], ['1']],
  ];
  for (const [lo, hi, values, want] of cases) assert.deepEqual(values.map(between(lo, hi)), want, `${lo} to ${hi}`);
});

test('the theme adds colours, fonts and the scale, and changes nothing else', () => {
  const option = {
    animation: false, legend: { show: false }, tooltip: { trigger: 'axis' }, grid: [{ left: '30', right: '30', top: '8', bottom: '18' }],
    xAxis: [{ type: 'value', splitNumber: 3, axisLabel: { alignMaxLabel: 'right' } }], yAxis: [{ type: 'value', max: 1 }],
    series: [{ id: 'auc', lineStyle: { width: 2, opacity: 0.6, type: 'dashed' } }, { id: 'data', areaStyle: { opacity: 0.4 }, lineStyle: { opacity: 0 } }],
  };
  const before = structuredClone(option);
  for (const theme of /** @type {const} */ (['light', 'dark'])) {
    const { ink, data, muted, card } = THEMES[theme];
    const out = styled(option, { theme, scale: 1.5 });
    assert.deepEqual(out.series[0].lineStyle, { width: 3, opacity: 0.6, type: 'dashed', color: ink });
    assert.deepEqual(out.series[1].areaStyle, { opacity: 0.4, color: data });
    assert.equal('areaStyle' in out.series[0], false);
    assert.deepEqual([out.xAxis[0].splitNumber, out.xAxis[0].axisLabel.alignMaxLabel, out.xAxis[0].axisLabel.color, out.xAxis[0].axisLabel.fontSize], [3, 'right', muted, 16.5]);
    assert.equal(out.xAxis[0].axisLabel.formatter(12000), '12000', 'steps are written in full');
    assert.deepEqual([out.grid[0].bottom, out.grid[0].left, out.grid[0].top], [27, 45, '8']);
    assert.deepEqual([out.tooltip.trigger, out.tooltip.backgroundColor, out.legend.show], ['axis', card, false]);
  }
  assert.deepEqual(option, before, 'the server\'s option is not changed');
});
