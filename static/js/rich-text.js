// rich-text.js: the texts of lessons: a small part of Markdown, with $TeX$ and the page's two
// colours, {down|…} and {up|…}. A text is parsed into a tree of plain values, and the tree becomes
// nodes: no part of it is read as HTML. What is not understood is shown as it was written.
//
//   paragraphs, - and 1. lists, *emphasis*, **strong**, `code`, [link](#model=cd), \* for a *
//
// A library of Markdown would be ten times as long, and nearly all of it would have to be taken out
// again: HTML, images, links to other hosts, headings, tables.
import { make } from './dom.js';
import { loadMath, typeset } from './formula.js';

/**
 * A part of a line.
 * @typedef {{kind:'text'|'code'|'tex'|'display', text:string}
 *   |{kind:'em'|'strong'|'down'|'up', parts:Part[]}
 *   |{kind:'link', to:string, parts:Part[]}} Part
 */
/** @typedef {{kind:'p', parts:Part[]}|{kind:'ul'|'ol', items:Part[][]}} Block */

/** How deep parts may lie in one another; what is deeper is shown as it was written. */
const DEEPEST = 8;

/** What stands for itself, and what begins a part: the first of these that matches at a place. */
const TOKENS = new RegExp([
  /\\(?<escaped>[!-/:-@[-`{-~])/u,
  /`(?<code>[^`]+)`/u,
  /\$\$(?<display>(?:\\[^]|[^\\$])+)\$\$/u,
  /\$(?=\S)(?<tex>(?:\\[^]|[^\\$])*(?:\\[^]|[^\\$\s]))\$(?!\d)/u,
  /(?<opens>\{(?:down|up)\||\*\*(?=\S)|(?<![\p{L}\p{N}_])__(?=\S)|\*(?=[^\s*])|(?<![\p{L}\p{N}_])_(?=[^\s_])|\[)/u,
].map((r) => r.source).join('|'), 'yu');

/** What ends the part that begins so. Inside a word an _ is only an _. @type {Record<string, RegExp>} */
const ENDS = {
  '**': /(?<=\S)\*\*/yu, '*': /(?<=\S)\*(?!\*(?!\*))/yu,
  __: /(?<=\S)__(?![\p{L}\p{N}_])/yu, _: /(?<=[^\s_])_(?![\p{L}\p{N}_])/yu,
  '{down|': /\}/yu, '{up|': /\}/yu, '[': /\]\((?<to>#[^\s()]*)\)/yu,
};

/** @param {string} opened @param {RegExpExecArray} end @param {Part[]} parts @returns {Part} */
function closed(opened, end, parts) {
  if (opened === '[') return { kind: 'link', to: end.groups?.to ?? '#', parts };
  if (opened[0] === '{') return { kind: opened === '{up|' ? 'up' : 'down', parts };
  return { kind: opened.length > 1 ? 'strong' : 'em', parts };
}

/**
 * The parts of one line, in one pass: a part ends where the innermost of the open ones that can end
 * there does; what was opened inside it, and never ended, is text.
 * @param {string} line
 * @returns {Part[]}
 */
export function parseLine(line) {
  const text = line.replace(/\s+/g, ' ').trim();
  /** @type {{opened:string, parts:Part[]}[]} */
  const open = [{ opened: '', parts: [] }];
  /** @param {Part} part */
  const add = (part) => {
    const { parts } = open[open.length - 1];
    const last = parts.at(-1);
    if (part.kind === 'text' && last?.kind === 'text') last.text += part.text;
    else parts.push(part);
  };
  /** Makes text of what is open above a depth. @param {number} depth */
  const flatten = (depth) => {
    for (const { opened, parts } of open.splice(depth)) for (const part of [/** @type {Part} */ ({ kind: 'text', text: opened }), ...parts]) add(part);
  };
  let at = 0;
  /** @param {RegExp} r  sticky */
  const match = (r) => {
    r.lastIndex = at;
    const found = r.exec(text);
    if (found) at += found[0].length;
    return found;
  };
  /** Ends a part here, if one can end. */
  const end = () => {
    for (let depth = open.length - 1; depth > 0; depth--) {
      const { opened, parts } = open[depth];
      const found = match(ENDS[opened]);
      if (!found) continue;
      flatten(depth + 1);
      open.pop();
      add(closed(opened, found, parts));
      return true;
    }
    return false;
  };
  while (at < text.length) {
    if (end()) continue;
    const { escaped, code, display, tex, opens } = match(TOKENS)?.groups ?? {};
    if (escaped) add({ kind: 'text', text: escaped });
    else if (code) add({ kind: 'code', text: code.trim() || code });
    else if (display) add({ kind: 'display', text: display.trim() });
    else if (tex) add({ kind: 'tex', text: tex });
    else if (opens && open.length <= DEEPEST) open.push({ opened: opens, parts: [] });
    else add({ kind: 'text', text: opens ?? text[at++] });
  }
  flatten(1);
  return open[0].parts;
}

/** An item of a list, with its text. */
const ITEM = /^\s*(?:([-*+])|\d{1,9}[.)])\s+(.*)$/;

/** The paragraphs and lists of a text. @param {string} text @returns {Block[]} */
export function parse(text) {
  /** @type {Block[]} */
  const blocks = [];
  for (const paragraph of text.replace(/\r\n?/g, '\n').split(/\n[ \t]*(?:\n[ \t]*)+/)) {
    /** Lines that belong together: a paragraph, or an item of a list. @type {{kind:'p'|'ul'|'ol', text:string}[]} */
    const runs = [];
    for (const line of paragraph.split('\n')) {
      const item = ITEM.exec(line);
      const last = runs.at(-1);
      if (item) runs.push({ kind: item[1] ? 'ul' : 'ol', text: item[2] });
      else if (last) last.text += `\n${line}`;
      else if (line.trim()) runs.push({ kind: 'p', text: line });
    }
    for (const { kind, text: of } of runs) {
      const last = blocks.at(-1);
      if (kind === 'p') blocks.push({ kind, parts: parseLine(of) });
      else if (last?.kind === kind) last.items.push(parseLine(of));
      else blocks.push({ kind, items: [parseLine(of)] });
    }
  }
  return blocks;
}

/** @param {Part} part @returns {Node} */
function node(part) {
  switch (part.kind) {
    case 'text': return document.createTextNode(part.text);
    case 'code': return make('code', { text: part.text });
    case 'tex':
    case 'display': return formula(part.text, part.kind === 'display');
    case 'down':
    case 'up': return make('b', { class: part.kind }, ...part.parts.map(node));
    case 'link': return make('a', { href: part.to }, ...part.parts.map(node));
    default: return make(part.kind, {}, ...part.parts.map(node));
  }
}

/** A formula: its source until KaTeX is loaded, and where KaTeX cannot read it. @param {string} tex @param {boolean} display */
function formula(tex, display) {
  const span = make('span', { class: display ? 'tex display' : 'tex' });
  typeset(span, tex, tex);
  if (!window.katex) loadMath().then(() => typeset(span, tex, tex), () => {}); // the page says why
  return span;
}

/** One line as nodes: a title, a choice of a question. @param {string} text @returns {Node[]} */
export const richLine = (text) => parseLine(text).map(node);

/** A text as nodes: paragraphs and lists. @param {string} text @returns {HTMLElement[]} */
export const richText = (text) => parse(text).map((block) => (block.kind === 'p'
  ? make('p', {}, ...block.parts.map(node))
  : make(block.kind, {}, ...block.items.map((parts) => make('li', {}, ...parts.map(node))))));
