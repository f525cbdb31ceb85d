// The texts of the page, its colours, and its list of preloaded modules.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { words } from '../js/strings.js';
import { withValues } from '../js/formula.js';
import { THEMES } from '../js/landscape/palette.js';

/** @param {string} path */
const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const html = read('index.html');
const own = readdirSync(new URL('../js/', import.meta.url), { recursive: true }).map(String).filter((f) => f.endsWith('.js') && f !== 'strings.js');
const source = own.map((f) => read(`js/${f}`)).join('\n');

test('every word that index.html names exists', () => {
  const named = [...html.matchAll(/data-(?:say|label|tip)="(\w+)"/g)].map((m) => m[1]);
  assert.ok(named.length > 30);
  for (const word of named) assert.ok(word in words, word);
});

test('every text is used', () => {
  const built = /** @type {RegExp[]} */ ([/Tip$/]); // a layer's tip is named by its word
  for (const word of Object.keys(words)) {
    const said = html.includes(`"${word}"`) || new RegExp(`words\\.${word}\\b|'${word}'`).test(source) || built.some((b) => b.test(word));
    assert.ok(said, `${word} is not used`);
  }
});

test('every word that the modules name exists', () => {
  for (const [, word] of source.matchAll(/\bwords\.(\w+)/g)) assert.ok(word in words, word);
});

test('no other module has sentences, except errors about a broken page', () => {
  for (const file of own) {
    for (const line of read(`js/${file}`).split('\n').filter((l) => !/^\s*(\/\/|\*|\/\*)/.test(l))) {
      for (const [, text] of line.matchAll(/(?<=['"`])([A-Z][a-z’]+ [a-z’]+ [^'"`]*)(?=['"`])/g)) assert.match(text, /^The page lacks /, file);
    }
  }
});

test('the page has no inline script or style', () => {
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
});

test('the style sheet has the colours of the landscape', () => {
  const css = read('css/theme.css');
  const names = { paper: 'paper', card: 'card', ink: 'ink', muted: 'muted', line: 'line', down: 'dataText', up: 'upText', 'down-fill': 'data', 'up-fill': 'up', path: 'path' };
  for (const [variable, colour] of Object.entries(names)) {
    const found = new RegExp(`--${variable}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(css);
    assert.ok(found, variable);
    for (const [i, theme] of /** @type {const} */ (['light', 'dark']).entries()) {
      assert.equal(found[i + 1], THEMES[theme][/** @type {'ink'} */ (colour)], `${variable}, ${theme}`);
    }
  }
});

test('formulas show the values of knobs', () => {
  /** @param {string} name */
  const written = (name) => ({ kick: '0.30', variant: 'k_means{', tiny: '1.0e−5' })[name] ?? '?';
  assert.equal(withValues('y + \\knob{kick} n', written), 'y + \\htmlClass{live}{0.30} n');
  assert.equal(withValues('\\knob{variant}', written), '\\htmlClass{live}{\\text{kmeans}}');
  assert.equal(withValues('\\knob{tiny}', written), '\\htmlClass{live}{1.0{\\times}10^{-5}}');
});

test('the modules of the first landscape are all preloaded, and no others', () => {
  /** @type {Set<string>} */
  const needed = new Set();
  /** @param {string} file */
  const walk = (file) => {
    if (needed.has(file)) return;
    needed.add(file);
    for (const [, from] of read(file).matchAll(/^(?:import|export)\b[^;]*?from '(\.[^']+)'/gm)) walk(new URL(from, `file:///${file}`).pathname.slice(1));
  };
  walk('js/main.js');
  for (const own of ['js/main.js', 'js/theme.js']) needed.delete(own); // they have tags of their own
  if (process.env.UPDATE) {
    const links = [...needed].sort().map((file) => `<link rel="modulepreload" href="${file}">\n`).join('');
    const rest = html.replace(/<link rel="modulepreload"[^>]*>\n/g, '').replace('</head>', () => `${links}</head>`);
    writeFileSync(new URL('../index.html', import.meta.url), rest);
    return;
  }
  const preloaded = [...html.matchAll(/rel="modulepreload" href="([^"]+)"/g)].map((m) => m[1]);
  assert.deepEqual(preloaded.sort(), [...needed].sort(), 'UPDATE=1 node --test static/test/words.test.js writes the list anew');
});
