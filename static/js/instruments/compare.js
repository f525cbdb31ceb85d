// compare.js: copies of the run beside it, at the same step. A copy is a fork in a room of its
// own; it seeks whatever step the run is at.
/** @import {Instrument, Page} from './index.js' */
import { makeAxes, writeAxes } from '../axes.js';
import { byId, hint, make, toast, write } from '../dom.js';
import { difference } from '../landscape/change.js';
import { Resources } from '../resources.js';
import { openRoom } from '../rooms.js';
import { decodeLog } from '../run-log.js';
import { words } from '../strings.js';
import { ChangeView } from './change-view.js';
import { ComparePane, at } from './compare-pane.js';

/** What copies are called; the run itself is B. */
const NAMES = ['A', 'C', 'D'];
const MOST = NAMES.length;
/** How an address writes that the difference is shown. */
const DIFFERENCE = 'difference';

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startCompare(page) {
  const { store, client, landscape } = page;
  const { panes } = store;
  const resources = new Resources();
  const { signal } = resources;
  const stage = byId('stage', HTMLElement);
  const button = document.querySelector('[data-action="compare"]');
  const more = make('button', { class: 'tool', 'data-action': 'pin', text: words.addPane, hidden: true });
  const differ = make('button', { class: 'tool', 'data-action': 'difference', text: words.difference, 'aria-pressed': 'false', hidden: true });
  hint(more, words.addPaneTip);
  hint(differ, words.differenceTip);
  const methods = make('button', { class: 'tool', 'data-action': 'methods', text: words.methodsShown, 'aria-pressed': 'false', hidden: true });
  hint(methods, words.methodsShownTip);
  methods.addEventListener('click', () => methods.setAttribute('aria-pressed', String(document.querySelector('.app')?.toggleAttribute('data-methods') ?? false)));
  byId('tools-view', HTMLElement).append(more, differ, methods);
  const title = make('div', { class: 'pane-title' }, make('b', { text: words.paneB }), make('span'), make('small', { text: words.paneLive }));
  const view = new ChangeView(words.lower, words.higher);
  const name = make('b', { text: words.difference });
  const differencePane = make('section', { class: 'pane', hidden: true }, make('div', { class: 'plot' },
    make('div', { class: 'pane-title' }, name, make('small', { text: words.meansRemoved }), view.legend), ...makeAxes(), make('div', { class: 'square' }, view.canvas)));
  stage.append(differencePane);
  resources.nodes(more, differ, methods, title, differencePane);
  writeAxes(store);
  let values = new Float32Array(0);
  let forking = false;

  const arrange = () => {
    const n = panes.size;
    for (const pane of panes) pane.stale = true;
    stage.toggleAttribute('data-compared', n > 0);
    stage.dataset.panes = String(n ? n + 1 + Number(!differencePane.hidden) : 1);
    if (n) document.querySelector('.plot')?.prepend(title);
    else title.remove();
    more.hidden = differ.hidden = methods.hidden = n === 0;
    if (!n) differencePane.hidden = true;
    // There is space for three panes besides the run.
    more.disabled = n >= MOST - Number(!differencePane.hidden);
    differ.disabled = n >= MOST && Boolean(differencePane.hidden);
    differ.setAttribute('aria-pressed', String(!differencePane.hidden));
    store.view.difference = !differencePane.hidden;
    button?.setAttribute('aria-pressed', String(n > 0));
    landscape.resize();
    if (!n) page.charts?.overlay([]);
    store.markChanged('scene');
  };
  /** @param {ComparePane} pane */
  const remove = (pane) => {
    panes.delete(pane);
    pane.close();
  };
  const removeAll = () => {
    for (const pane of panes) remove(pane);
    arrange();
  };

  /** Adds a copy of the run, or the one that an address has. @param {string} [text] */
  async function add(text = '1') {
    if (forking) return;
    forking = true;
    try {
      const copy = text === '1' ? null : await decodeLog(text);
      const key = copy ? await roomOf(copy, text) : (await client.command({ fork: {} })).forked;
      const pane = new ComparePane(page, key, NAMES.find((n) => [...panes].every((p) => p.name !== n)) ?? '', (closed) => {
        remove(closed);
        arrange();
      }, copy ? store.frame?.step : 0);
      if (signal.aborted) return pane.close();
      panes.add(pane);
      arrange();
    } catch (e) {
      toast(/** @type {Error} */ (e).message);
    } finally {
      forking = false;
    }
  }
  /** Opens the room of a copy: it has the data of the run, and a method and moves of its own. @param {import('../run-log.js').RunLog} copy @param {string} log  the same as text */
  function roomOf({ model, knobs }, log) {
    const { data, own, seed } = store.state ?? {};
    return openRoom({ model, data, points: own, axes: store.ownAxes, seed, knobs, log });
  }
  /** Opens the copies that the address has. */
  async function restore() {
    if (panes.size) removeAll();
    const parts = store.view.compare.split('.').filter(Boolean);
    for (const text of parts.filter((p) => p !== DIFFERENCE).slice(0, MOST)) await add(text);
    if (parts.includes(DIFFERENCE) && differencePane.hidden && panes.size) differ.click();
  }
  store.on('compare', restore, signal);
  button?.addEventListener('click', () => {
    if (panes.size) return removeAll();
    if (store.owner || store.role === 'chalk') toast(words.compareAlone);
    add();
  }, { signal });
  more.addEventListener('click', () => add());
  differ.addEventListener('click', () => {
    differencePane.hidden = !differencePane.hidden;
    arrange();
  });
  store.on('scene', () => panes.forEach((p) => (p.stale = true)), signal);
  store.on('state', () => panes.forEach((p) => p.match()), signal);

  return {
    draw(now) {
      const { frame, scene } = store;
      for (const pane of panes) pane.draw(now);
      const [first] = panes;
      const other = first?.data.frame;
      if (differencePane.hidden || !frame || !other || other.grid.length !== frame.grid.length || other.step !== frame.step) return;
      if (view.of === frame && view.and === other && view.theme === scene.theme) return;
      if (values.length !== frame.grid.length) values = new Float32Array(frame.grid.length);
      difference(values, other.grid, frame.grid, view.near(frame, scene.points));
      view.draw(values, frame, scene.points, scene.theme);
      Object.assign(view, { of: frame, and: other });
    },
    numbers() {
      const [first] = panes;
      if (!first || !store.frame) return;
      for (const pane of panes) pane.write();
      write(title.children[1], at(store));
      if (!differencePane.hidden) view.numbers();
      write(name, `B − ${first.name}`);
      page.charts?.overlay(first.losses.points);
    },
    close() {
      removeAll();
      resources.release();
    },
  };
}
