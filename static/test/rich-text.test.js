// The texts of lessons: what is understood becomes nodes, and everything else is text.
import test from 'node:test';
import assert from 'node:assert/strict';

class FakeNode {
  /** @param {string} tag */
  constructor(tag) {
    this.tag = tag;
    this.attributes = new Map();
    this.children = /** @type {(FakeNode|string)[]} */ ([]);
    this.dataset = {};
  }
  /** @param {string} name @param {string} value */
  setAttribute(name, value) { this.attributes.set(name, value); }
  /** @param {...(FakeNode|string)} nodes */
  append(...nodes) { this.children.push(...nodes); }
  set textContent(/** @type {string} */ text) { this.children = [text]; }
  set innerHTML(/** @type {string} */ _) { throw new Error('text must not be read as HTML'); }
  /** @returns {string} as markup whose text is not escaped: only what is between ‹ and › is an element */
  toString() { return `‹${[this.tag, ...[...this.attributes].map(([k, v]) => `${k}=${v}`)].join(' ')}›${this.children.join('')}‹/›`; }
}
const katex = { render: (/** @type {string} */ tex, /** @type {FakeNode} */ node) => { node.textContent = `TeX(${tex})`; } };
Object.assign(globalThis, {
  window: { katex },
  document: { createElement: (/** @type {string} */ tag) => new FakeNode(tag), createTextNode: (/** @type {string} */ text) => text },
});
const { richLine, richText } = await import('../js/rich-text.js');

/** @param {string} text */
const line = (text) => richLine(text).join('');

test('what is understood', () => {
  for (const [text, want] of [
    ['a *b* **c** _d_ __e__ `f*g*`', 'a ‹em›b‹/› ‹strong›c‹/› ‹em›d‹/› ‹strong›e‹/› ‹code›f*g*‹/›'],
    ['***a*** *b **c*** **d *e***', '‹strong›‹em›a‹/›‹/› ‹em›b ‹strong›c‹/›‹/› ‹strong›d ‹em›e‹/›‹/›'],
    ['{down|down *at* $y$} and {up|up}', '‹b class=down›down ‹em›at‹/› ‹span class=tex›TeX(y)‹/›‹/› and ‹b class=up›up‹/›'],
    ['$y_1$ * $y_2$, $\\{a\\}$', '‹span class=tex›TeX(y_1)‹/› * ‹span class=tex›TeX(y_2)‹/›, ‹span class=tex›TeX(\\{a\\})‹/›'],
    ['$$E(y)$$', '‹span class=tex display›TeX(E(y))‹/›'],
    ['[the *first*](#view.lesson=k-means.1)', '‹a href=#view.lesson=k-means.1›the ‹em›first‹/›‹/›'],
    ['\\*a\\* \\$1 \\{up|b} \\\\', '*a* $1 {up|b} \\'],
    ['it costs $5 or $6; 2 * 3 * 4; snake_case_name; 3**', 'it costs $5 or $6; 2 * 3 * 4; snake_case_name; 3**'],
    ['**a *b** c', '‹strong›a *b‹/› c'],
    ['a\nb', 'a b'],
    ['😀 *😀*', '😀 ‹em›😀‹/›'],
  ]) assert.equal(line(text), want);
});

test('paragraphs and lists', () => {
  assert.equal(richText('a\nb\n\n \n- c\n  d\n* e\n1. f\n\nname: g\n\n2. h').join('|'), '‹p›a b‹/›|‹ul›‹li›c d‹/›‹li›e‹/›‹/›|‹ol›‹li›f‹/›‹/›|‹p›name: g‹/›|‹ol›‹li›h‹/›‹/›');
  assert.deepEqual(richText(' \n \n'), []);
});

test('all else is shown as it was written', () => {
  for (const text of [
    '<img src=x onerror=alert(1)> <script>alert(1)</script> &lt;',
    '[x](javascript:alert(1)) [y](https://example.org) [z](//example.org) [w](data:text/html,x) [v]( #a ) [u](#a b)',
    '![x](https://example.org/a.png)',
    '<https://example.org> https://example.org',
    '# title', '> quoted', '| a | b |', '*', '**', '$', '`', '[', '{up|', '{up| *a', 'a\u0000b', '{left|a}', '\\',
  ]) assert.equal(line(text), text);
});

test('long texts that end nothing take no longer than others', () => {
  for (const text of ['*a ', '**a ', '_a ', '{up|', '[', '[a](', '[a](#', '`', '$', '$a ', '$\\', '***', '\\']) {
    const start = performance.now();
    richText(text.repeat(20_000));
    const took = performance.now() - start;
    assert.ok(took < 3000, `${text}: ${took} ms`);
  }
});

test('a formula is its source until KaTeX is there', () => {
  const page = /** @type {any} */ (globalThis);
  page.window.katex = undefined;
  page.document.head = { append() {} };
  assert.equal(line('$\\down{y}$'), '‹span class=tex›\\down{y}‹/›');
  page.window.katex = katex;
});
