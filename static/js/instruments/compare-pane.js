// pinned.js: a run kept beside the one in hand. It goes wherever in time that goes, and takes over
// its data; its method and its knobs stay.
import { Curve } from '../curve.js';
import { byId, hint, make, write } from '../dom.js';
import { format } from '../scale.js';
import { say, words } from '../strings.js';
import { Pane } from './pane.js';

export class ComparePane extends Pane {
  /**
   * @param {import('./index.js').Page} page
   * @param {import('../socket.js').Key} key
   * @param {string} name  by which it is called
   * @param {(pane:ComparePane) => void} letGo
   */
  constructor({ store, commands, landscape }, key, name, letGo) {
    super(store, key, landscape.renderer);
    this.name = name;
    this.losses = new Curve();
    this.seeking = false;
    this.matching = false;
    this.where = make('span');
    this.differs = make('small');
    const end = make('button', { class: 'opener', 'data-action': 'unpin', 'aria-label': words.unpin, text: '×' });
    hint(end, words.unpinTip);
    end.addEventListener('click', () => letGo(this));
    const take = make('button', { class: 'opener', 'data-action': 'take', 'aria-label': words.takeOver, text: '→ B' });
    hint(take, words.takeOverTip);
    take.addEventListener('click', () => {
      const { state } = this;
      if (!state || !store.driving) return;
      const { model, data, own, seed, knobs } = state;
      commands.open({ model, data, points: own, seed, knobs, step: store.state?.playing ? undefined : store.frame?.step });
    });
    const ends = make('span', { class: 'ends' }, take, end);
    const title = make('div', { class: 'pane-title' }, make('b', { text: name }), this.where, this.differs, ends);
    byId('stage', HTMLElement).append(make('section', { class: 'pane', 'data-pane': key.room }, title, this.square));
    this.open();
    this.changed = () => this.match();
    this.drawn = (/** @type {import('../types.js').Frame} */ frame) => this.losses.add(frame.step, this.scalar('loss'));
    this.remember();
  }

  /** Takes in the loss of its past, and of the future that it was pinned with. */
  async remember() {
    const answer = await fetch(`api/rooms/${encodeURIComponent(this.room)}/charts/loss.json`);
    if (!answer.ok) return;
    const { series } = await answer.json();
    this.losses.begin(series?.find((/** @type {{id:string}} */ s) => s.id === 'loss')?.data ?? []);
  }

  /** Asks for the step at which the run in hand is, one at a time. */
  follow() {
    const step = this.store.frame?.step;
    if (this.seeking || this.matching || step === undefined || !this.frame || this.frame.step === step) return;
    this.seeking = this.socket.send({ seek: { step } }, () => (this.seeking = false));
  }

  /** Takes over the data and the grid of the run in hand. */
  match() {
    const { state, store: { state: now } } = this;
    if (!state || !now || this.matching) return;
    const data = Object.entries(now.knobs).filter(([name]) => name.startsWith('data.'));
    if (state.grid !== now.grid) this.socket.send({ view: { grid: now.grid } });
    if (state.data === now.data && state.own === now.own && state.seed === now.seed) {
      for (const [knob, value] of data) if (state.knobs[knob] !== value) this.socket.send({ set: { knob, value } });
      return;
    }
    const knobs = Object.fromEntries([...Object.entries(state.knobs).filter(([name]) => !name.startsWith('data.')), ...data]);
    this.losses.cut(-1);
    const open = { model: state.model, data: now.data, points: now.own, seed: now.seed, knobs };
    this.matching = this.socket.send({ open }, () => (this.matching = false));
  }

  /** @param {number} now */
  draw(now) {
    this.follow();
    super.draw(now);
  }

  /** Writes its title: at which step it is, how good, and in what it differs. */
  write() {
    write(this.where, at(this.frame?.step ?? 0, this.scalar('auc'), this.scalar('vol95')));
    const differs = differing(this.store, this);
    write(this.differs, differs);
    if (this.differs.title !== differs) this.differs.title = differs; // where it is cut
  }
}

/** @param {number} step @param {number} auc @param {number} low  the share of the plane that is low */
export function at(step, auc, low) {
  return ` ${say.pane(step, Number.isFinite(auc) ? auc.toFixed(3) : '', Number.isFinite(low) ? (100 * low).toFixed(0) : '')}`;
}

/**
 * In what a pinned run differs from the one in hand: its method, or the knobs.
 * @param {import('../store.js').Store} store
 * @param {Pane} pane
 */
export function differing(store, { state, card }) {
  const now = store.state;
  if (!now || !state || !card) return '';
  if (state.model !== now.model) return card.title;
  const knobs = card.knobs.filter((k) => state.knobs[k.name] !== now.knobs[k.name]);
  /** @param {import('../types.js').Knob} k @param {import('../address.js').Value} v */
  const text = (k, v) => (typeof v === 'number' ? format(k, v) : String(v));
  return knobs.map((k) => `${k.label ?? k.name} ${text(k, state.knobs[k.name])} → ${text(k, now.knobs[k.name])}`).join(' · ') || words.paneSame;
}
