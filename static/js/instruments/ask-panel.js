// ask-panel.js: the answer in numbers and charts, in the dock below the landscape.
import { byId, hint, make, toast, write } from '../dom.js';
import { THEMES } from '../landscape/palette.js';
import { signed } from '../scale.js';
import { say, words } from '../strings.js';
import { short } from '../units.js';
import { drawProfile, innerMinima, range } from './profile.js';

/** How a method's own map is written, by the kind that its card names. */
const maps = { project: words.pathProject, decode: words.pathDecode, reconstruct: words.pathReconstruct };

export class AskPanel {
  /**
   * @param {object} on
   * @param {import('../store.js').Store} on.store
   * @param {() => void} on.path         another kind of path was chosen
   * @param {() => void} on.beta         another β was chosen
   * @param {(y1:number) => void} on.y1  another y1 was typed
   * @param {() => void} on.close
   */
  constructor({ store, path, beta, y1, close }) {
    this.store = store;
    this.node = byId('ask', HTMLElement);
    const done = make('button', { class: 'opener', 'data-action': 'ask-close', text: words.askClose });
    done.addEventListener('click', close);
    this.title = make('h1', { text: words.askTitle });
    this.where = make('p', { class: 'where' });
    this.numbers = make('dl', {});
    this.path = make('select', { 'data-ask': 'way' }, make('option', { value: 'reconstruct' }), make('option', { value: 'descent', text: words.pathDescent }));
    this.path.addEventListener('change', path);
    this.pathRow = make('label', { class: 'pick' }, words.askPath, this.path);
    hint(this.pathRow, words.askPathTip);
    this.codes = make('canvas', { role: 'img', 'aria-label': words.askCodesLabel });
    this.codesRange = energies();
    this.codesPart = make('section', { class: 'codes' }, make('h2', { text: words.askCodes }), chart(this.codes, this.codesRange));
    this.y1 = make('input', { type: 'number', step: 'any', 'data-ask': 'y1' });
    this.given = ''; // the number that was answered
    this.y1.addEventListener('input', () => (this.y1.dataset.typing = ''));
    for (const end of ['change', 'blur']) this.y1.addEventListener(end, () => delete this.y1.dataset.typing);
    this.y1.addEventListener('change', () => {
      if (this.y1.value !== '' && this.y1.validity.valid) return y1(store.units.plane(this.y1.valueAsNumber, 0));
      this.y1.value = this.given;
      toast(words.badNumber);
    });
    this.sliceTitle = make('span');
    this.slice = make('canvas', { role: 'img' });
    this.sliceEnds = ends();
    this.sliceRange = energies();
    this.answers = make('dl', {});
    this.beta = make('input', { type: 'range', min: -1, max: 2, step: 0.05, value: 0, 'data-ask': 'beta', 'aria-label': words.sliceBeta });
    this.betaValue = make('output', {});
    this.beta.addEventListener('input', beta);
    const betaRow = make('label', { class: 'pick' }, make('span', { class: 'key density' }), words.sliceBeta, this.beta, this.betaValue);
    hint(betaRow, words.sliceBetaTip);
    this.acrossTitle = make('h2', {});
    this.across = make('canvas', { role: 'img' });
    this.acrossEnds = ends();
    this.acrossRange = energies();
    this.node.append(
      make('header', {}, this.title, done),
      make('section', { class: 'point' }, this.where, this.numbers, this.pathRow),
      this.codesPart,
      make('section', { class: 'chosen' }, make('h2', {}, this.sliceTitle, ' ', this.y1), chart(this.slice, this.sliceRange), this.sliceEnds),
      make('section', { class: 'given' }, betaRow, this.answers, make('p', { class: 'why', text: words.sliceWhy })),
      make('section', { class: 'across' }, this.acrossTitle, chart(this.across, this.acrossRange), this.acrossEnds),
    );
  }

  /** How the next answer is asked for. */
  get how() {
    const way = this.path.value === 'descent' ? /** @type {const} */ ('descent') : /** @type {const} */ ('reconstruct');
    return { way, beta: 10 ** this.beta.valueAsNumber };
  }

  /** Removes the panel's content. */
  remove() {
    this.hide();
    this.node.replaceChildren();
  }

  hide() {
    this.node.hidden = true;
  }

  /** @param {any} p  the answer */
  show(p) {
    const { store } = this;
    const { units } = store;
    const [name1, name2] = units.names.map(short);
    const slicing = store.view.tool === 'slice';
    write(this.title, slicing ? say.slice(name1, units.text(p.y[0], 0)) : words.askTitle);
    this.node.hidden = false;
    this.node.toggleAttribute('data-slice', slicing);
    write(this.where, units.point(p.y));
    const end = p.path?.length > 1 ? units.pair(p.path[p.path.length - 1]) : words.askNone;
    rows(this.numbers, [[words.askHere, signed(p.F, 3)], [words.askGradient, `(${units.slope(p.grad[0], 0)}, ${units.slope(p.grad[1], 1)})`], [words.askEnd, end]]);
    const map = this.path.options[0];
    map.textContent = maps[store.model?.map ?? 'reconstruct'];
    map.hidden = map.disabled = !p.reconstruct;
    if (!p.reconstruct) this.path.value = 'descent';
    const colors = THEMES[store.scene.theme], unit = store.scene.scale;
    const many = (p.latents?.length ?? 0) > 1;
    this.codesPart.hidden = !many;
    if (many) {
      const E = p.latents.map((/** @type {{E:number}} */ l) => l.E);
      drawProfile(this.codes, { x: p.latents.map((/** @type {{z:number}} */ l) => l.z), F: E, stems: p.latents.every((/** @type {{z:number}} */ l) => Number.isInteger(l.z)), mark: p.latents[p.best ?? 0].z }, colors, unit);
      writeEnergies(this.codesRange, E);
    }
    const { slice, across } = p;
    this.given = units.number(slice.y1, 0);
    if (this.y1.dataset.typing === undefined) this.y1.value = this.given;
    for (const [node, text] of /** @type {const} */ ([[this.sliceTitle, say.sliceTitle(name2, name1)], [this.acrossTitle, say.acrossTitle(name1, name2)]])) write(node, text);
    for (const [node, text] of /** @type {const} */ ([[this.y1, units.names[0]], [this.slice, say.sliceLabel(name2, name1)], [this.across, say.acrossLabel(name1, name2)]])) node.setAttribute('aria-label', text);
    const { x0, x1, y0, y1 } = store.frame ?? { x0: 0, x1: 0, y0: 0, y1: 0 };
    writeEnds(this.sliceEnds, units.ends(y0, y1, 1), name2);
    writeEnds(this.acrossEnds, units.ends(x0, x1, 0), name1);
    write(this.betaValue, this.how.beta.toPrecision(2));
    const only = slicing ? {} : { density: undefined, mean: undefined, regression: undefined };
    drawProfile(this.slice, { x: slice.y2, ...slice, ...only, mark: slicing ? undefined : p.y[1] }, colors, unit);
    writeEnergies(this.sliceRange, slice.F);
    const { inner, ends: edges } = innerMinima(slice.y2, slice.F, slice.minima);
    const [answers, falls] = [inner, edges].map((at) => at.map((m) => units.text(m, 1)).join(', '));
    const mean = slice.mean === undefined ? '–' : units.text(slice.mean, 1);
    const regression = slice.regression === undefined ? '–' : units.text(slice.regression, 1);
    rows(this.answers, [[words.sliceMinima, answers || '–'], [words.sliceMean, mean], [words.sliceRegression, regression], ...(falls ? [[words.sliceEdge, falls]] : [])]);
    drawProfile(this.across, { x: across.y1, F: across.F, minima: across.minima, mark: p.y[0] }, colors, unit);
    writeEnergies(this.acrossRange, across.F);
  }
}

/** The energies beside a chart, the higher one above. */
const energies = () => make('p', { class: 'energies', 'aria-hidden': 'true' }, make('span'), make('i', { text: 'F' }), make('span'));

/** A canvas with the energies at its left. @param {HTMLCanvasElement} canvas @param {HTMLElement} beside */
const chart = (canvas, beside) => make('div', { class: 'profile' }, beside, canvas);

/** @param {HTMLElement} beside @param {number[]} F  of the curve */
function writeEnergies(beside, F) {
  const [lo, hi] = range(F);
  write(beside.children[0], signed(hi, 1));
  write(beside.children[2], signed(lo, 1));
}

/** The line below a chart: its low end, what is across, its high end. */
const ends = () => make('p', { class: 'ends', 'aria-hidden': 'true' }, make('span'), make('span'), make('span'));

/** @param {HTMLElement} line @param {[string, string]} numbers @param {string} name */
function writeEnds(line, [low, high], name) {
  [low, name, high].forEach((text, i) => write(line.children[i], text));
}

/**
 * Writes a list of names and values; what is the same is not touched.
 * @param {HTMLElement} list
 * @param {string[][]} lines
 */
function rows(list, lines) {
  while (list.children.length < 2 * lines.length) list.append(make('dt'), make('dd'));
  while (list.children.length > 2 * lines.length) list.lastElementChild?.remove();
  lines.flat().forEach((text, i) => write(list.children[i], text));
}
