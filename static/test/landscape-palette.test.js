import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { divergingMap } from '../js/landscape/change.js';
import { ALPHA, LINE, lineTable, surfaceStyle } from '../js/landscape/surface-style.js';
import { GROUPS, groupStyle, NO_GROUP } from '../js/landscape/groups.js';
import { BANDS } from '../js/landscape/levels.js';
import { THEMES, colormap, fromOklab, oklab, rgb } from '../js/landscape/palette.js';
import { sceneOf } from './landscape-frames.js';

/** @type {('light'|'dark')[]} */
const themes = ['light', 'dark'];
/** @type {('depth'|'cividis'|'grey')[]} */
const names = ['depth', 'cividis', 'grey'];

/** Relative luminance and contrast as WCAG 2 defines them. @param {string} hex */
function luminance(hex) {
  const [r, g, b] = rgb(hex).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
/** @param {string} a @param {string} b */
function contrast(a, b) {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

test('OKLab of white, black and the primaries is that of its author', () => {
  /** @type {[string, number[]][]} */
  const cases = [
    ['#ffffff', [1, 0, 0]],
    ['#000000', [0, 0, 0]],
    ['#ff0000', [0.628, 0.2249, 0.1258]],
    ['#00ff00', [0.8664, -0.2339, 0.1795]],
    ['#0000ff', [0.452, -0.0325, -0.3115]],
  ];
  for (const [hex, want] of cases) {
    oklab(rgb(hex)).forEach((c, i) => assert.ok(Math.abs(c - want[i]) < 5e-4, `${hex}: ${c} for ${want[i]}`));
    assert.deepEqual(fromOklab(oklab(rgb(hex))), rgb(hex), hex);
  }
});

test('every map is monotone in lightness, so that it can be read in grey', () => {
  for (const theme of themes) {
    for (const name of names) {
      const map = colormap(theme, name);
      const up = theme === 'light' ? 1 : -1;
      let last = -up;
      for (let i = 0; i < 256; i++) {
        const [L] = oklab([map[4 * i], map[4 * i + 1], map[4 * i + 2]]);
        // The eight bits of a channel may hide a step, but not turn one back.
        assert.ok(up * (L - last) > -1.5e-3, `${theme} ${name} at ${i}: ${last} to ${L}`);
        last = L;
        assert.equal(map[4 * i + 3], 255);
      }
    }
  }
});

test('a map ends in its stops and runs through them', () => {
  for (const theme of themes) {
    const { map } = THEMES[theme];
    const made = colormap(theme);
    assert.deepEqual([...made.slice(0, 3)], rgb(map[0]));
    assert.deepEqual([...made.slice(-4, -1)], rgb(map[6]));
    rgb(map[3]).forEach((c, i) => assert.ok(Math.abs(made[4 * 127 + i] - c) < 4));
  }
});

test('text can be read on paper and card', () => {
  for (const theme of themes) {
    const c = THEMES[theme];
    for (const text of [c.ink, c.muted, c.dataText, c.upText]) {
      for (const background of [c.paper, c.card]) assert.ok(contrast(text, background) >= 4.5, `${theme}: ${text} on ${background} has ${contrast(text, background).toFixed(2)}`);
    }
  }
});

test('every line differs from the map under it, whatever the theme, the map and the layers', () => {
  for (const theme of themes) {
    for (const map of names) {
      for (const heat of [true, false]) {
        const scene = sceneOf({ theme, map });
        const style = surfaceStyle({ ...scene, layers: { ...scene.layers, heat } });
        for (let k = 1; k <= BANDS; k++) {
          const i = 4 * Math.round((255 * k) / BANDS);
          const [a] = oklab(/** @type {[number,number,number]} */ ([...style.colors.slice(i, i + 3)]));
          const [b] = oklab(/** @type {[number,number,number]} */ ([...style.lines.slice(LINE * k, LINE * k + 3)]));
          assert.ok(Math.abs(a - b) > 0.24, `${theme} ${map}, heat ${heat}, level ${k}: ${a.toFixed(2)} and ${b.toFixed(2)}`);
        }
      }
    }
  }
});

test('the table has one line per level, none where lines are hidden', () => {
  for (const shown of [true, false]) {
    const table = lineTable(colormap('light'), '#000000', '#ffffff', shown);
    assert.equal(table.length, LINE * (BANDS + 1));
    for (let k = 1; k <= BANDS; k++) assert.equal(table[LINE * k + ALPHA] > 0, shown);
    assert.equal(table[ALPHA], 0, 'there is no line below the lowest band');
  }
});

test('the projector has fewer lines: all major ones, and every other minor one', () => {
  const lines = (/** @type {number} */ scale) => {
    const style = surfaceStyle({ ...sceneOf({ theme: 'light' }), scale });
    return Array.from({ length: BANDS + 1 }, (_, k) => k).filter((k) => style.lines[LINE * k + ALPHA] > 0);
  };
  assert.equal(lines(1).length, BANDS);
  assert.deepEqual(lines(1.5), lines(1).filter((k) => k === 1 || k % 2 === 0));
});

/**
 * A colour as a reader without red (protan), green (deutan) or blue cones (tritan) sees it: G. M.
 * Machado, M. M. Oliveira and L. A. F. Fernandes, "A physiologically-based model for simulation of
 * color vision deficiency", 2009, at full severity.
 * @type {Record<string, number[][]>}
 */
const SIGHTS = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
/** @param {string} hex @param {number[][]} sight */
function seen(hex, sight) {
  const light = rgb(hex).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const back = (/** @type {number} */ c) => 255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);
  return oklab(/** @type {[number, number, number]} */ (sight.map((row) => back(Math.min(1, Math.max(0, row.reduce((sum, m, i) => sum + m * light[i], 0)))))));
}

test('the groups and the data stand apart for every reader, and from what is pushed up', () => {
  for (const theme of themes) {
    const all = [...GROUPS[theme], THEMES[theme].data];
    for (const name of ['usual', 'protan', 'deutan']) {
      const sight = SIGHTS[name];
      for (let i = 0; i < all.length; i++) {
        for (let j = 0; j < i; j++) {
          const apart = Math.hypot(...seen(all[i], sight).map((c, k) => c - seen(all[j], sight)[k]));
          assert.ok(apart > 0.11, `${theme} ${name}: ${all[i]} and ${all[j]} are ${apart.toFixed(3)} apart`);
        }
      }
    }
    for (const color of GROUPS[theme]) {
      const apart = Math.hypot(...seen(color, SIGHTS.usual).map((c, k) => c - seen(THEMES[theme].up, SIGHTS.usual)[k]));
      assert.ok(apart > 0.13, `${theme}: ${color} is ${apart.toFixed(3)} from what is pushed up`);
      assert.ok(contrast(color, groupStyle(theme, GROUPS[theme].indexOf(color)).rim) > 3, `${theme}: ${color} and its rim`);
    }
  }
});

test('each meaning has one hue in both themes: blue low, magenta data, green push up', () => {
  const hue = (/** @type {string} */ hex) => {
    const [, a, b] = oklab(rgb(hex));
    return (Math.atan2(b, a) * 180) / Math.PI;
  };
  for (const name of /** @type {const} */ (['data', 'dataText', 'up', 'upText'])) {
    const turn = Math.abs(hue(THEMES.light[name]) - hue(THEMES.dark[name]));
    assert.ok(Math.min(turn, 360 - turn) < 15, `${name} is turned by ${turn} degrees`);
  }
  for (const theme of themes) {
    // The lower half of the map is blue to teal: OKLab's hues from 185 to 285 degrees.
    for (const stop of THEMES[theme].map.slice(0, 4)) assert.ok(hue(stop) < -75 && hue(stop) > -175, `${theme}: ${stop} has hue ${hue(stop)}`);
    // A change has the same two colours: magenta where the energy fell, green where it rose.
    const map = divergingMap(theme), last = map.length - 4;
    for (const [at, color] of /** @type {[number, string][]} */ ([[0, THEMES[theme].data], [last, THEMES[theme].up]])) {
      const [, a, b] = oklab([map[at], map[at + 1], map[at + 2]]);
      const turn = Math.abs((Math.atan2(b, a) * 180) / Math.PI - hue(color));
      assert.ok(Math.min(turn, 360 - turn) < 12 && Math.hypot(a, b) > 0.1, `${theme}: the end at ${at}`);
    }
  }
});

/** The dark colour under the arrows, which the halo makes of every map. */
const HALO = { light: '#042c1a', dark: '#03140c' };
/** The least distance in OKLab from any colour of a map: of a fill alone, for readers who see all colours, and of the fill or its rim, for every reader. */
const APART = { fill: 0.13, pair: 0.19, grey: 0.2 };

test('data and what is pushed up stand out against every colour of every map, for every reader and in grey', () => {
  for (const theme of themes) {
    const { data, dataRim, up } = THEMES[theme];
    for (const name of names) {
      const map = colormap(theme, name);
      for (const [fill, rim] of [[data, dataRim], [up, HALO[theme]]]) {
        for (let i = 0; i < 256; i++) {
          const under = '#' + [0, 1, 2].map((c) => map[4 * i + c].toString(16).padStart(2, '0')).join('');
          for (const [reader, sight] of Object.entries(SIGHTS)) {
            const [a, b] = [fill, rim].map((color) => Math.hypot(...seen(color, sight).map((c, k) => c - seen(under, sight)[k])));
            const what = `${theme} ${name} ${reader}: ${fill} on ${under}`;
            if (reader === 'usual' && name === 'depth') assert.ok(a > APART.fill, `${what} is ${a.toFixed(3)} away`);
            assert.ok(Math.max(a, b) > APART.pair, `${what}: neither it nor its rim stands out, ${Math.max(a, b).toFixed(3)}`);
          }
          const [L, fillL, rimL] = [under, fill, rim].map((color) => oklab(rgb(color))[0]);
          const grey = Math.max(Math.abs(L - fillL), Math.abs(L - rimL));
          assert.ok(grey > APART.grey, `${theme} ${name} in grey: ${fill} on ${under} differs by ${grey.toFixed(3)}`);
        }
      }
    }
  }
});

test('the page has the colours of the landscape', () => {
  const css = readFileSync(new URL('../css/theme.css', import.meta.url), 'utf8');
  const { light, dark } = THEMES;
  for (const [name, color] of /** @type {const} */ ([['paper', 'paper'], ['card', 'card'], ['ink', 'ink'], ['muted', 'muted'], ['line', 'line'], ['down', 'dataText'], ['up', 'upText'], ['down-fill', 'data'], ['up-fill', 'up']])) {
    assert.ok(css.includes(`--${name}: light-dark(${light[color]}, ${dark[color]})`), name);
  }
});

test('64 groups have 64 different styles', () => {
  const styles = Array.from({ length: 64 }, (_, i) => groupStyle('light', i)).map(({ fill, corners }) => `${fill} ${corners}`);
  assert.equal(new Set(styles).size, 64);
  assert.equal(groupStyle('light', NO_GROUP).fill, THEMES.light.data);
});
