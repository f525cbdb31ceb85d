// compare.js: runs kept beside the one in hand, at the same step of it. A pinned run is a fork: an
// equal run in a room of its own, which goes wherever in time the run in hand goes.
/** @import {Instrument, Page} from './index.js' */
import { byId, hint, make, toast, write } from '../dom.js';
import { difference } from '../landscape/change.js';
import { words } from '../strings.js';
import { ChangeView } from './change-view.js';
import { ComparePane, at } from './compare-pane.js';

/** What pinned runs are called; the run in hand is B. */
const NAMES = ['A', 'C', 'D'];
const MOST = NAMES.length;

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startCompare(page) {
  const { store, commands, socket, landscape } = page;
  const stage = byId('stage', HTMLElement);
  const button = document.querySelector('[data-action="compare"]');
  const more = make('button', { class: 'tool', 'data-action': 'pin', text: words.addPin, hidden: true });
  const differ = make('button', { class: 'tool', 'data-action': 'difference', text: words.difference, 'aria-pressed': 'false', hidden: true });
  hint(more, words.addPinTip);
  hint(differ, words.differenceTip);
  byId('tools-view', HTMLElement).append(more, differ);
  const own = make('div', { class: 'pane-title' }, make('b', { text: words.paneB }), make('span'), make('small', { text: words.paneLive }));
  const view = new ChangeView(words.lower, words.higher);
  const name = make('b', { text: words.difference });
  const apart = make('section', { class: 'pane', hidden: true }, make('div', { class: 'pane-title' }, name, make('small', { text: words.lessMean }), view.legend), make('div', { class: 'square' }, view.canvas));
  stage.append(apart);
  let values = new Float32Array(0);
  let pinning = false;

  const arrange = () => {
    const n = store.panes.length;
    for (const pane of store.panes) pane.stale = true;
    stage.toggleAttribute('data-compared', n > 0);
    stage.dataset.panes = String(n ? n + 1 + Number(!apart.hidden) : 1);
    if (n) document.querySelector('.plot')?.prepend(own);
    else own.remove();
    more.hidden = differ.hidden = n === 0;
    more.disabled = n >= MOST - Number(!apart.hidden);
    if (!n) apart.hidden = true;
    differ.setAttribute('aria-pressed', String(!apart.hidden));
    button?.setAttribute('aria-pressed', String(n > 0));
    landscape.resize();
    if (!n) page.charts?.overlay([]);
    store.note('scene');
  };

  async function pin() {
    if (pinning) return;
    pinning = true;
    try {
      const { forked } = await socket.ask({ fork: {} });
      store.panes.push(new ComparePane(page, forked, NAMES.find((n) => store.panes.every((p) => p.name !== n)) ?? '', (pane) => {
        pane.close();
        store.panes = store.panes.filter((p) => p !== pane);
        arrange();
      }));
      arrange();
    } catch (e) {
      toast(/** @type {Error} */ (e).message);
    }
    pinning = false;
  }
  button?.addEventListener('click', () => {
    if (!store.panes.length) return void pin();
    for (const pane of store.panes) pane.close();
    store.panes = [];
    arrange();
  });
  more.addEventListener('click', pin);
  differ.addEventListener('click', () => {
    apart.hidden = !apart.hidden;
    arrange();
  });
  store.on('scene', () => store.panes.forEach((p) => (p.stale = true)));
  store.on('state', () => store.panes.forEach((p) => p.match()));

  return {
    draw(now) {
      const { frame, scene } = store;
      for (const pane of store.panes) pane.draw(now);
      const other = store.panes[0]?.frame;
      if (apart.hidden || !frame || !other || other.grid.length !== frame.grid.length || other.step !== frame.step) return;
      if (view.of === frame && view.and === other && view.theme === scene.theme) return;
      if (values.length !== frame.grid.length) values = new Float32Array(frame.grid.length);
      difference(values, other.grid, frame.grid);
      view.draw(values, frame.nx, scene.theme);
      Object.assign(view, { of: frame, and: other });
    },
    numbers() {
      if (!store.panes.length || !store.frame) return;
      for (const pane of store.panes) pane.write();
      write(own.children[1], at(store.frame.step, store.scalar('auc'), store.scalar('vol95')));
      if (!apart.hidden) view.numbers();
      write(name, `B − ${store.panes[0].name}`);
      page.charts?.overlay(store.panes[0].losses.points);
    },
  };
}
