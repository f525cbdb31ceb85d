// formula.js: mathematics by KaTeX, which is loaded after the first landscape. Formulas have
// three macros of their own: \down{…} and \up{…} in the colour of that push, and \knob{name},
// the present value of a knob.
import { say } from './strings.js';

/** Loads KaTeX. */
export const loadMath = () => Promise.all([load('script', 'vendor/katex/katex.min.js'), load('link', 'vendor/katex/katex.min.css')]);

/** @type {Map<string, Promise<void>>} */
const loaded = new Map();

/**
 * Adds a script or a style sheet to the page, once, and waits for it.
 * @param {'script'|'link'} tag
 * @param {string} url
 */
export function load(tag, url) {
  const coming = loaded.get(url) ?? fetched(tag, new URL(`../${url}`, import.meta.url).href);
  loaded.set(url, coming);
  coming.catch(() => loaded.delete(url));
  return coming;
}

/**
 * Where loading fails it is tried again every two seconds.
 * @param {'script'|'link'} tag
 * @param {string} url
 * @param {number} [tries]
 * @returns {Promise<void>}
 */
function fetched(tag, url, tries = 60) {
  return new Promise((resolve, reject) => {
    const node = document.createElement(tag);
    if (node instanceof HTMLScriptElement) node.src = url;
    else {
      node.rel = 'stylesheet';
      node.href = url;
    }
    node.onload = () => resolve();
    node.onerror = () => {
      node.remove();
      if (tries > 1) setTimeout(() => resolve(fetched(tag, url, tries - 1)), 2000);
      else reject(new Error(say.notFetched(url)));
    };
    document.head.append(node);
  });
}

/** The classes that a formula may have: those of the macros, and of a knob's value. */
const CLASSES = ['down', 'up', 'live'];

const MACROS = { '\\down': '\\htmlClass{down}{#1}', '\\up': '\\htmlClass{up}{#1}' };

/**
 * Replaces \knob{name} by the value of that knob. After an operator a negative value is in
 * parentheses, so that two signs never meet.
 * @param {string} tex
 * @param {(name:string) => string} written
 */
export function withValues(tex, written) {
  return tex.replace(/\\knob\{([^{}]*)\}/g, (_, name, /** @type {number} */ at) => {
    const value = inTeX(written(name));
    return `\\htmlClass{live}{${value.startsWith('-') && OPERATOR.test(tex.slice(0, at)) ? `(${value})` : value}}`;
  });
}

/** The end of a formula up to and with an operator, and perhaps a space. */
const OPERATOR = /(?:[-+*/]|\\(?:cdot|times|pm|mp|div))(?:\s|\\[,;:! ])*$/;

/** A value as TeX: words upright, a true minus, 1.5e−4 as a power of ten. @param {string} text */
function inTeX(text) {
  const power = /^([−-]?[\d.]+)e([−-]?\d+)$/.exec(text);
  if (power) return `${power[1].replace('−', '-')}{\\times}10^{${power[2].replace('−', '-')}}`;
  if (/^[−-]?[\d.]+$/.test(text)) return text.replace('−', '-');
  return `\\text{${text.replace(/[^\p{L}\p{N} .,+-]/gu, '')}}`;
}

/**
 * The clauses of a formula, as \quad parts them: each is set on a line of its own rather than
 * broken at its equals sign.
 * @param {string} tex
 */
export function clauses(tex) {
  const parts = [''];
  let depth = 0;
  for (const [token] of tex.matchAll(/\\(?:[a-zA-Z]+|.)|[^\\]/gs)) {
    if (token === '{' || token === '\\left' || token === '\\begin') depth++;
    if (token === '}' || token === '\\right' || token === '\\end') depth--;
    if (depth === 0 && (token === '\\quad' || token === '\\qquad')) parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts.map((part) => part.trim()).filter(Boolean);
}

/**
 * Typesets TeX into a node; what is no TeX stays as it was written. Until KaTeX is loaded the node has a plain text, which is shown only if
 * that takes long.
 * @param {HTMLElement} node
 * @param {string} tex
 * @param {string} plain
 */
export function typeset(node, tex, plain) {
  const katex = window.katex;
  if (!katex) {
    node.textContent = plain;
    node.dataset.plain = '';
    return;
  }
  delete node.dataset.plain;
  try {
    katex.render(tex, node, {
      macros: { ...MACROS },
      strict: 'ignore',
      maxSize: 10, // of what a lesson's author sizes, in em
      trust: (/** @type {{command:string, class?:string}} */ { command, class: of = '' }) => command === '\\htmlClass' && CLASSES.includes(of),
    });
  } catch { // the formula is not finished, or wrong
    node.textContent = tex;
  }
}
