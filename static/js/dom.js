// dom.js: functions to build and find elements, the tooltips, and short messages.
import { words } from './strings.js';

/**
 * Returns a new element with attributes and children; `text` sets its text.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string|number|boolean|undefined>} [attributes]
 * @param {...(Node|string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'text') node.textContent = String(value);
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children);
  return node;
}

/**
 * Returns a new SVG element with attributes.
 * @param {string} tag
 * @param {Record<string, string|number>} attributes
 */
export function makeSVG(tag, attributes) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
}

/**
 * Returns the element of that id, of the class asked for.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function byId(id, kind) {
  const node = document.getElementById(id);
  if (!(node instanceof kind)) throw new Error(`The page lacks its #${id}.`);
  return node;
}

/**
 * Sets the text of a node only when it differs, so that a number that stays costs no layout.
 * @param {Element} node
 * @param {string} text
 */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** The text of a button, of which a narrow page shows the first word. @param {string} text */
export function shortened(text) {
  const [first, ...rest] = text.split(' ');
  return [first, make('span', { text: ` ${rest.join(' ')}` })];
}

/** Puts the words of strings.js where index.html names them. */
export function fillWords() {
  const text = /** @type {Record<string, string>} */ (words);
  for (const node of document.querySelectorAll('[data-say]')) node.textContent = text[node.getAttribute('data-say') ?? ''];
  for (const node of document.querySelectorAll('[data-label]')) node.setAttribute('aria-label', text[node.getAttribute('data-label') ?? '']);
  for (const node of document.querySelectorAll('[data-tip]')) hint(node, text[node.getAttribute('data-tip') ?? '']);
}

/** @type {WeakMap<Element, string>} */
const hints = new WeakMap();

/**
 * Sets the text of a control's tooltip, which is its description for screen readers too.
 * @param {Element} node
 * @param {string} text
 */
export function hint(node, text) {
  const described = node.getAttribute('aria-description');
  if (described === null || described === hints.get(node)) node.setAttribute('aria-description', text); // one that index.html gives stays
  hints.set(node, text);
  node.setAttribute('data-hint', '');
}

/**
 * Shows the tooltip of a control that is hovered for half a second or focused by the keyboard; Escape hides it.
 * @param {() => string} watching  what the controls say to those who only watch
 */
export function startHints(watching) {
  const tip = byId('tip', HTMLElement);
  let timer = 0;
  /** @type {Element|null} */
  let owner = null;
  /** A control in use says nothing more until the pointer has left it. @type {Element|null} */
  let pressed = null;
  /** Where the pointer was pressed. What comes to lie there is not hovered. */
  let pressedAt = [NaN, NaN];
  const hide = () => {
    clearTimeout(timer);
    owner = null;
    tip.hidden = true;
  };
  /** @param {EventTarget|null} target @param {number} delay */
  const show = (target, delay) => {
    if (!(target instanceof Element)) return hide();
    const hinted = target.closest('[data-hint]');
    const node = hinted ?? target.closest('[data-watching] :is(.knob, .time, #methods, #datasets)');
    if (node && (node === owner || node === pressed)) return;
    hide();
    pressed = null;
    if (!node) return;
    owner = node;
    timer = window.setTimeout(() => place(tip, node, hints.get(node) ?? watching()), delay);
  };
  document.addEventListener('pointerover', (e) => {
    if (e.pointerType === 'touch') return;
    if (e.clientX === pressedAt[0] && e.clientY === pressedAt[1]) return hide();
    pressedAt = [NaN, NaN];
    show(e.target, 500);
  });
  document.addEventListener('pointerdown', (e) => {
    hide();
    pressedAt = [e.clientX, e.clientY];
    pressed = e.target instanceof Element ? e.target.closest('[data-hint]') : null;
  });
  document.addEventListener('focusin', (e) => {
    if (e.target instanceof Element && e.target.matches(':focus-visible')) show(e.target, 700);
  });
  document.addEventListener('focusout', hide);
  document.addEventListener('keydown', (e) => e.key === 'Escape' && hide());
}

/** Pixels between a control and its tooltip, and between that and the edge of the window. */
const TIP_GAP = 6, TIP_EDGE = 8;

/** @typedef {Pick<DOMRect, 'left'|'top'|'right'|'bottom'>} Box */

/**
 * Puts the tip beside a control, or beside the group that it belongs to, inside the window: where it
 * covers the fewest other controls, and little of what a class is asked.
 * @param {HTMLElement} tip
 * @param {Element} node
 * @param {string} text
 */
function place(tip, node, text) {
  tip.textContent = text;
  tip.style.left = tip.style.top = '0';
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const others = [...document.querySelectorAll('button, select, input, summary, a[href], label, .act :is(h2, .choice, .status)')]
    .filter((other) => !other.contains(node) && !node.contains(other) && other.checkVisibility({ visibilityProperty: true }))
    .map((other) => other.getBoundingClientRect());
  const at = node.getBoundingClientRect();
  const group = node.closest('.panel, .sidebar, .chips, .tools, .head, .time, .dock, .more')?.getBoundingClientRect() ?? at;
  const inside = (/** @type {Box} */ box) => box.left >= TIP_EDGE && box.top >= TIP_EDGE && box.right <= innerWidth - TIP_EDGE && box.bottom <= innerHeight - TIP_EDGE;
  const boxes = beside(at, width, height).concat(beside(group, width, height));
  // Where it would cover others, it may also stand beyond those.
  const beyond = boxes.flatMap((box) => others.filter((other) => covered(box, other) > 0).flatMap((other) => shifted(box, other)));
  let least = Infinity;
  for (const box of [...boxes, ...beyond]) {
    if (!inside(box) || covered(box, at) > 0) continue;
    const cost = others.reduce((sum, other) => sum + covered(box, other), 0);
    if (cost >= least) continue;
    least = cost;
    tip.style.left = `${box.left}px`;
    tip.style.top = `${box.top}px`;
  }
}

/** @param {number} left @param {number} top @param {number} width @param {number} height @returns {Box} */
const boxAt = (left, top, width, height) => ({ left, top, right: left + width, bottom: top + height });

/**
 * The places for a tip below, above, left and right of a box.
 * @param {Box} of @param {number} width @param {number} height  of the tip
 */
function beside(of, width, height) {
  const left = Math.max(TIP_EDGE, Math.min(of.left, innerWidth - width - TIP_EDGE));
  const top = Math.max(TIP_EDGE, Math.min(of.top, innerHeight - height - TIP_EDGE));
  return [
    boxAt(left, of.bottom + TIP_GAP, width, height), boxAt(left, of.top - height - TIP_GAP, width, height),
    boxAt(of.left - width - TIP_GAP, top, width, height), boxAt(of.right + TIP_GAP, top, width, height),
  ];
}

/** The places for a tip just beyond another box, at the same height or in the same column. @param {Box} box @param {Box} other */
function shifted({ left, top, right, bottom }, other) {
  const width = right - left, height = bottom - top;
  return [
    boxAt(left, other.bottom + TIP_GAP, width, height), boxAt(left, other.top - height - TIP_GAP, width, height),
    boxAt(other.left - width - TIP_GAP, top, width, height), boxAt(other.right + TIP_GAP, top, width, height),
  ];
}

/** The area that two boxes share. @param {Box} a @param {Box} b */
function covered(a, b) {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left), height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/**
 * Returns the head of a dialog: its title, and a button that closes it.
 * @param {HTMLDialogElement} dialog  labelled by ID-title in index.html
 * @param {string} title
 */
export function dialogHead(dialog, title) {
  const close = make('button', { class: 'button', text: words.close });
  close.addEventListener('click', () => dialog.close());
  return make('div', { class: 'top' }, make('h2', { id: `${dialog.id}-title`, text: title }), close);
}

let toastTimer = 0;

/**
 * Shows a sentence at the foot of the page for a few seconds.
 * @param {string} sentence
 */
export function toast(sentence) {
  const node = byId('toast', HTMLElement);
  node.textContent = sentence;
  node.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = window.setTimeout(() => (node.hidden = true), 3000 + 50 * sentence.length);
}
