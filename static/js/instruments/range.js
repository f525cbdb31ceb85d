// range.js: the hands on the colour bar. Its two ends are dragged, moved by arrow keys, or typed; the
// switch below it chooses between the range of the data and that of the whole plane.
/** @import {Instrument, Page} from './index.js' */
/** @import {Range} from '../types.js' */
import { hint, make, toast, write } from '../dom.js';
import { MARGIN, STRIP, barChange, energyAt } from '../landscape/bar.js';
import { BANDS } from '../landscape/levels.js';
import { MOST, rounded } from '../range.js';
import { Resources } from '../resources.js';
import { decimalsFor, signed } from '../scale.js';
import { say, words } from '../strings.js';

/** No range is narrower than this share of the present one after one move. */
const NARROWEST = 1e-3;
/** The shares of the bar that arrow keys and page keys move an end by. */
const KEYS = /** @type {Record<string, number>} */ ({ ArrowUp: 1 / 48, ArrowRight: 1 / 48, ArrowDown: -1 / 48, ArrowLeft: -1 / 48, PageUp: 1 / 6, PageDown: -1 / 6 });

/** Where the bar and its numbers are narrower than this, in CSS pixels, the switch shows the chosen preset alone. */
const WIDE = 60;

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startRange({ store, landscape }) {
  const resources = new Resources();
  const { signal } = resources;
  const { scene } = store;
  const canvas = document.getElementById('bar');
  const ends = [end('low'), end('high')];
  /** The energy of an end while it is dragged. */
  const value = make('span', { class: 'bar-value', 'aria-hidden': 'true', hidden: true });
  const box = make('div', { class: 'bar-range' }, value, ...ends.flatMap(({ handle, number }) => [handle, number]));
  const presets = /** @type {const} */ (['data', 'plane']).map((name, i, names) => {
    const button = make('button', { 'data-range': name, 'aria-pressed': 'false', text: words[name === 'data' ? 'rangeData' : 'rangePlane'] });
    hint(button, words[name === 'data' ? 'rangeDataTip' : 'rangePlaneTip']);
    button.addEventListener('click', () => {
      const other = button.getAttribute('aria-pressed') === 'true';
      set(other ? names[1 - i] : name);
      show();
      if (other) presets[1 - i].focus(); // where only the chosen one is shown, the other has taken its place
    });
    return button;
  });
  const choice = make('div', { class: 'bar-foot', role: 'group', 'aria-label': words.range }, ...presets);
  const title = make('b', { class: 'bar-foot', text: words.energyChange, hidden: true });
  canvas?.after(box, choice, title);
  resources.nodes(box, choice, title);
  if (canvas) {
    resources.resized(canvas, () => {
      const { marginLeft } = getComputedStyle(canvas);
      for (const node of [box, choice, title]) node.style.marginLeft = marginLeft;
      box.style.setProperty('--unit', String(scene.scale));
      choice.toggleAttribute('data-narrow', canvas.clientWidth < WIDE * scene.scale);
    });
  }

  /** The method and data for which the ends were set. */
  let heldFor = '';
  /** The range that was set here last. @type {Range|''} */
  let own = '';
  const subject = () => `${store.state?.model} ${store.state?.data}`;

  /** Sets the range; that of the card is not written into the address. @param {Range} range */
  function set(range) {
    own = scene.range = range === scene.cardRange ? '' : range;
    heldFor = subject();
    store.markChanged('scene');
    landscape.redrawBar();
  }

  /** The range as it is drawn. */
  const drawn = () => {
    const { values } = landscape.levelTable;
    return { lo: values[0], hi: values[BANDS] };
  };

  /**
   * Moves an end to an energy, as far as the other end allows.
   * @param {'low'|'high'} which
   * @param {number} energy
   */
  function move(which, energy) {
    const { lo, hi } = drawn();
    const least = NARROWEST * (hi - lo);
    const [a, b] = which === 'low' ? [Math.min(energy, hi - least), hi] : [lo, Math.max(energy, lo + least)];
    set([rounded(a, b - a), rounded(b, b - a)]);
  }

  /** @param {'low'|'high'} which */
  function end(which) {
    const name = words[which === 'low' ? 'rangeLow' : 'rangeHigh'];
    const handle = make('div', { class: 'bar-end', 'data-end': which, role: 'slider', tabindex: 0, 'aria-orientation': 'vertical', 'aria-label': name });
    const number = make('div', { class: 'bar-number', 'data-end': which });
    hint(handle, words.rangeTip);
    hint(number, words.rangeTypeTip);
    handle.addEventListener('pointerdown', (e) => {
      if (e.button !== 0 || !canvas) return;
      e.preventDefault();
      handle.focus({ preventScroll: true });
      handle.setPointerCapture(e.pointerId);
      const { top, height } = canvas.getBoundingClientRect();
      const margin = MARGIN * scene.scale, tall = height - 2 * margin;
      const axis = landscape.bar.axis = landscape.levelTable.values.slice();
      const shareAt = (/** @type {PointerEvent} */ at) => 1 - (at.clientY - top - margin) / tall;
      const grip = shareAt(e) - (which === 'low' ? 0 : 1);
      const follow = (/** @type {PointerEvent} */ at) => {
        const share = shareAt(at) - grip;
        box.style.setProperty(`--${which}`, String(Math.min(1, Math.max(0, share))));
        value.style.setProperty('--at', String(Math.min(1, Math.max(0, share))));
        move(which, energyAt(axis, share));
        const { range } = scene;
        if (typeof range !== 'string') write(value, signed(range[which === 'low' ? 0 : 1], decimalsFor(range[0], range[1])));
        value.hidden = typeof range === 'string';
      };
      const release = () => {
        handle.removeEventListener('pointermove', follow);
        landscape.bar.axis = null;
        value.hidden = true;
        box.style.removeProperty(`--${which}`);
        landscape.redrawBar();
        store.markChanged('scene');
      };
      handle.addEventListener('pointermove', follow);
      handle.addEventListener('lostpointercapture', release, { once: true });
    });
    handle.addEventListener('keydown', (e) => {
      if (e.ctrlKey || e.metaKey || e.altKey) return;
      const by = KEYS[e.key];
      if (by !== undefined) move(which, energyAt(landscape.levelTable.values, (which === 'low' ? 0 : 1) + by));
      else if (e.key === 'Enter') type();
      else if (e.key === 'Delete' || e.key === 'Backspace') set(scene.cardRange);
      else return;
      e.preventDefault();
    });
    handle.addEventListener('dblclick', () => set(scene.cardRange));
    number.addEventListener('click', type);

    /** Lets the number be typed where it stands. */
    function type() {
      const { lo, hi } = drawn();
      const field = make('input', { class: 'bar-type', 'data-end': which, inputmode: 'decimal', 'aria-label': name, autocomplete: 'off', value: String(rounded(which === 'low' ? lo : hi, hi - lo)) });
      let open = true;
      const close = (/** @type {boolean} */ apply) => {
        if (!open) return;
        open = false;
        const back = document.activeElement === field;
        if (apply && field.value !== field.defaultValue) read(field.value);
        field.remove();
        if (back) handle.focus({ preventScroll: true });
      };
      field.addEventListener('keydown', (e) => {
        e.stopPropagation();
        if (e.key === 'Enter' || e.key === 'Escape') close(e.key === 'Enter');
      });
      field.addEventListener('blur', () => close(true));
      box.append(field);
      field.focus({ preventScroll: true });
      field.select();
    }

    /** @param {string} text */
    function read(text) {
      const value = Number(text.trim().replaceAll('−', '-').replace(',', '.'));
      const { lo, hi } = drawn();
      if (!text.trim() || !Number.isFinite(value)) toast(say.rangeNoNumber(text.trim()));
      else if (Math.abs(value) > MOST) toast(words.rangeMost);
      else if (which === 'low' ? value >= hi : value <= lo) toast(words.rangeOrder);
      else set(which === 'low' ? [value, hi] : [lo, value]);
    }
    return { which, handle, number };
  }

  const show = () => {
    if (scene.range !== own) { // an address has set it
      own = scene.range;
      heldFor = '';
    }
    const range = scene.range || scene.cardRange;
    choice.toggleAttribute('data-held', typeof range !== 'string');
    for (const button of presets) button.setAttribute('aria-pressed', String(button.dataset.range === range));
  };
  store.on('scene', show, signal);
  store.on('state', () => {
    if (!store.state) return;
    // Ends that were set belong to one landscape: another method or other data have other energies.
    if (typeof scene.range !== 'string' && heldFor && heldFor !== subject()) {
      own = scene.range = '';
      store.markChanged('scene');
    }
    heldFor = subject();
    show();
  }, signal);
  show();

  return {
    numbers() {
      const change = barChange(landscape.bar) !== null;
      if (title.hidden === change) {
        title.hidden = !change;
        box.hidden = choice.hidden = change;
        canvas?.setAttribute('aria-label', change ? words.barChange : words.barLabel);
      }
      const { lo, hi } = drawn();
      const text = decimalsFor(lo, hi);
      for (const { which, handle } of ends) {
        const energy = which === 'low' ? lo : hi;
        const now = String(rounded(energy, hi - lo || 1));
        if (handle.getAttribute('aria-valuenow') === now) continue;
        handle.setAttribute('aria-valuenow', now);
        handle.setAttribute('aria-valuetext', `F = ${signed(energy, text)}`);
      }
    },
    close: () => resources.release(),
  };
}
