// compare-pane.js: a copy of the run, beside it. It seeks the step that the run is at, and follows
// its data; its method and its knobs stay.
import { makeAxes, writeAxes } from '../axes.js';
import { Curve } from '../curve.js';
import { byId, hint, make, shortened, write } from '../dom.js';
import { format } from '../scale.js';
import { say, words } from '../strings.js';
import { Pane } from './pane.js';

export class ComparePane extends Pane {
  losses = new Curve();
  #seeking = false;
  #opening = false;
  #where = make('span');
  #differs = make('small');

  /**
   * @param {import('./index.js').Page} page
   * @param {import('../rooms.js').Key} key
   * @param {string} name
   * @param {(pane:ComparePane) => void} remove
   * @param {number} [step]  which it seeks before it is matched with the run
   */
  constructor({ store, commands, landscape }, key, name, remove, step = 0) {
    super(store, key);
    this.name = name;
    const removeButton = make('button', { class: 'opener', 'data-action': 'unpin', 'aria-label': words.removePane, text: '×' });
    hint(removeButton, words.removePaneTip);
    removeButton.addEventListener('click', () => remove(this));
    const use = make('button', { class: 'opener', 'data-action': 'take' }, ...shortened(words.useInB));
    hint(use, words.useInBTip);
    use.addEventListener('click', () => {
      const { state } = this.data;
      if (!state || !store.driving) return;
      const { model, data, own, seed, knobs } = state;
      commands.open({ model, data, points: own, seed, knobs, step: store.state?.playing ? undefined : store.frame?.step });
    });
    const ends = make('span', { class: 'ends' }, use, removeButton);
    const title = make('div', { class: 'pane-title' }, make('b', { text: name }), this.#where, this.#differs, ends);
    byId('stage', HTMLElement).append(make('section', { class: 'pane', 'data-pane': key.room }, make('div', { class: 'plot' }, title, ...makeAxes(), this.square)));
    writeAxes(store);
    this.open(landscape.renderer);
    this.entered = async () => {
      const seeks = step;
      step = 0;
      this.#opening = seeks > 0;
      if (seeks) await this.send({ seek: { step: seeks } });
      this.#opening = false;
      this.#loadLosses();
    };
    this.changed = () => this.match();
    this.drawn = (/** @type {import('../types.js').Frame} */ frame) => this.losses.add(frame.step, this.data.scalar('loss'));
  }

  /** Loads the losses of its room, also of steps beyond the present one. */
  async #loadLosses() {
    try {
      const { series } = await this.client.query({ chart: 'loss' });
      this.losses.begin(series?.find((/** @type {{id:string}} */ s) => s.id === 'loss')?.data ?? []);
    } catch {
      // The curve then begins at the present step.
    }
  }

  /** Seeks the step of the run, one seek at a time. */
  async #follow() {
    const step = this.store.frame?.step;
    const { frame } = this.data;
    if (this.#seeking || this.#opening || this.trouble || step === undefined || !frame || frame.step === step) return;
    this.#seeking = true;
    await this.send({ seek: { step } });
    this.#seeking = false;
  }

  /** Sets the data and the grid to those of the run. */
  async match() {
    const { data: { state }, store: { state: now, ownAxes: axes } } = this;
    if (!state || !now || state.goal || this.#opening) return;
    const data = Object.entries(now.knobs).filter(([name]) => name.startsWith('data.'));
    if (state.grid !== now.grid) this.send({ view: { grid: now.grid } });
    if (state.data === now.data && state.own === now.own && state.seed === now.seed) {
      for (const [knob, value] of data) if (state.knobs[knob] !== value) this.send({ set: { knob, value } });
      return;
    }
    const knobs = Object.fromEntries([...Object.entries(state.knobs).filter(([name]) => !name.startsWith('data.')), ...data]);
    this.losses.cut(-1);
    this.#opening = true;
    await this.send({ open: { model: state.model, data: now.data, points: now.own, axes, seed: now.seed, knobs } });
    this.#opening = false;
  }

  /** @param {number} now */
  draw(now) {
    this.#follow();
    super.draw(now);
  }

  /** Writes its title: its step, its quality, and how it differs from the run. */
  write() {
    const { data } = this;
    write(this.#where, at(data));
    const differs = this.trouble || differing(this.store, data);
    write(this.#differs, differs);
    if (this.#differs.title !== differs) this.#differs.title = differs; // where it is cut
  }
}

/** The step of a run, its AUC, and the share of the plane that is low. @param {import('../room-data.js').RoomData} run */
export function at(run) {
  const auc = run.scalar('auc'), low = run.scalar('vol95');
  return ` ${say.pane(run.frame?.step ?? 0, Number.isFinite(auc) ? auc.toFixed(3) : '', Number.isFinite(low) ? (100 * low).toFixed(0) : '', run.measuredOn)}`;
}

/**
 * How a copy differs from the run: its method, or its knobs.
 * @param {Pick<import('../room-data.js').RoomData, 'state'>} run
 * @param {Pick<import('../room-data.js').RoomData, 'state'|'model'>} copy
 */
export function differing({ state: now }, { state, model }) {
  if (!now || !state || !model) return '';
  if (state.model !== now.model) return model.title;
  const knobs = model.knobs.filter((k) => state.knobs[k.name] !== now.knobs[k.name]);
  /** @param {import('../types.js').Knob} k @param {import('../address.js').Value} v */
  const text = (k, v) => (typeof v === 'number' ? format(k, v) : String(v));
  return knobs.map((k) => `${k.label ?? k.name} ${text(k, state.knobs[k.name])} → ${text(k, now.knobs[k.name])}`).join(' · ') || words.paneSame;
}
