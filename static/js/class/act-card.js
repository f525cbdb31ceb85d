// act-card.js: what the class is asked, in a card: the question, the answers, one's own, the result. The
// owner's buttons are at its foot (act-owner.js).
/** @import {Act, Mine, Point} from './class-data.js' */
/** @import {Who} from './act-state.js' */
import { hint, make, write } from '../dom.js';
import { richLine } from '../rich-text.js';
import { say, words } from '../strings.js';
import { MOST_DRAWN, answered, hits, limitOf, tally } from './act-state.js';

/**
 * What the card shows.
 * @typedef {object} Shown
 * @property {Act} act
 * @property {Who} who
 * @property {Mine} mine
 * @property {boolean} sent       whether the server has all of it
 * @property {boolean} connected
 * @property {boolean} lesson     it is a question of the lesson that is open
 * @property {boolean} away       this page shows another landscape than the class's
 */

/** A question of more characters is written smaller. */
const LONG = 90;
/** What the answers are called. */
export const LETTERS = 'ABCDEFGH';

/** @type {Record<Act['kind'], string>} */
export const KINDS = { question: words.actQuestion, pins: words.actPins, drawing: words.actDrawing, marbles: words.actMarbles };

export class ActCard {
  /** @param {{choose:(k:number) => void, removePin:(i:number) => void, undo:() => void, point:(y:Point) => string}} on */
  constructor(on) {
    this.on = on;
    this.kind = make('small', { class: 'kind' });
    this.count = make('output', { class: 'count', 'aria-live': 'off' });
    this.ask = make('h2');
    this.choices = make('div', { class: 'choices', role: 'group' });
    this.key = make('p', { class: 'key', hidden: true }, make('i'), ` ${words.actThisVote} `, make('i', { class: 'before' }), ` ${words.actFirstVote}`);
    this.own = make('div', { class: 'own' });
    this.status = make('p', { class: 'status', role: 'status' });
    this.extra = make('div', { class: 'extra' });
    this.names = make('details', { class: 'names', hidden: true }, make('summary', { text: words.actNames }), make('ul'));
    this.foot = make('div', { class: 'foot', hidden: true });
    this.undo = make('button', { class: 'button', 'data-act': 'undo', text: words.actUndo });
    hint(this.undo, words.actUndoTip);
    this.undo.addEventListener('click', on.undo);
    this.quota = make('output', { class: 'quota' });
    this.node = make('section', { class: 'act', 'aria-label': words.act, tabindex: 0, hidden: true },
      make('header', {}, this.kind, this.count), this.ask, this.choices, this.key, this.own, this.status, this.extra, this.names, this.foot);
  }

  #built = '';
  #pins = '';
  #listed = '';

  hide() {
    this.node.hidden = true;
    this.#built = '';
  }

  /** @param {Shown} shown */
  show(shown) {
    const { act, who, mine } = shown;
    const { node } = this;
    node.hidden = false;
    Object.assign(node.dataset, { kind: act.kind, phase: act.phase, who });
    const phase = act.phase === 'closed' && act.kind === 'drawing' ? words.actFrozen : { open: words.actOpen, closed: words.actClosed, revealed: words.actRevealed }[act.phase];
    write(this.kind, `${KINDS[act.kind]} · ${phase}`);
    write(this.count, countOf(act));
    const built = JSON.stringify([act.id, who, act.text, act.choices]);
    if (built !== this.#built) this.#build(act, who);
    this.#built = built;
    this.#choices(shown);
    this.#own(shown);
    write(this.status, statusOf(shown));
    this.#why(act, mine, who);
    this.#listNames(act);
  }

  /** @param {Act} act @param {Who} who */
  #build({ text, choices = [] }, who) {
    this.ask.replaceChildren(...richLine(text));
    this.node.toggleAttribute('data-long', text.length > LONG);
    this.choices.replaceChildren(...choices.map((choice, k) => {
      const parts = [
        make('span', { class: 'letter', 'aria-hidden': 'true', text: LETTERS[k] }), make('span', { class: 'text' }, ...richLine(choice)),
        make('span', { class: 'marks' }), make('output', { class: 'share', 'aria-live': 'off' }), make('i', { class: 'bar', 'aria-hidden': 'true' }), make('i', { class: 'bar before', 'aria-hidden': 'true' }),
      ];
      if (who !== 'member') return make('div', { class: 'choice', 'data-act-choice': k }, ...parts);
      const button = make('button', { class: 'choice', 'data-act-choice': k, 'aria-pressed': 'false' }, ...parts);
      button.addEventListener('click', () => button.ariaDisabled !== 'true' && this.on.choose(k));
      return button;
    }));
  }

  /** @param {Shown} shown */
  #choices({ act, mine, who }) {
    const rows = tally(act);
    this.choices.hidden = !act.choices?.length;
    this.key.hidden = !rows || !act.earlier;
    [...this.choices.children].forEach((node, k) => {
      if (!(node instanceof HTMLElement)) return;
      const own = mine.choice === k, right = act.right?.includes(k) === true;
      if (who === 'member') {
        node.ariaPressed = String(own);
        node.ariaDisabled = String(act.phase !== 'open');
      }
      node.toggleAttribute('data-own', own);
      node.toggleAttribute('data-right', right);
      const [, , marks, share, bar, before] = node.children;
      write(marks, [right && `✓ ${words.actRight}`, own && act.phase !== 'open' && words.actYours].filter(Boolean).join(' · '));
      const row = rows?.[k];
      write(share, row ? say.actShare(row.share, row.n, row.before?.share) : '');
      node.toggleAttribute('data-counted', Boolean(row));
      for (const [part, of] of /** @type {[Element, {share:number}|null|undefined][]} */ ([[bar, row], [before, row?.before]])) {
        if (!(part instanceof HTMLElement)) continue;
        part.hidden = !of;
        part.style.setProperty('--share', String(of?.share ?? 0));
      }
    });
  }

  /** One's own pins, strokes or marbles. @param {Shown} shown */
  #own({ act, who, mine }) {
    const points = mine.points ?? [], limit = limitOf(act);
    const pins = act.kind === 'pins' && act.phase === 'open' && who === 'member' ? points.map(this.on.point) : [];
    const draws = (act.kind === 'drawing' || act.kind === 'marbles') && who !== 'watcher' && act.phase === 'open';
    const key = JSON.stringify([pins, draws, act.kind]);
    if (key !== this.#pins) {
      this.#pins = key;
      const at = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.actPin : undefined;
      this.own.replaceChildren(...pins.map((where, i) => {
        const button = make('button', { class: 'button pin', 'data-act-pin': i, 'aria-label': say.actRemovePin(i + 1, where) }, make('b', { text: String(i + 1) }), make('span', { text: where }), make('span', { 'aria-hidden': 'true', text: '×' }));
        button.addEventListener('click', () => this.on.removePin(i));
        return button;
      }), ...(draws ? [this.quota, ...(act.kind === 'drawing' ? [this.undo] : [])] : []));
      const buttons = this.own.querySelectorAll('button');
      if (at !== undefined) buttons[Math.min(Number(at), buttons.length - 1)]?.focus(); // the pins after a removed one have moved up
    }
    this.own.hidden = !this.own.hasChildNodes();
    write(this.quota, say.actQuota(points.length, limit));
    this.undo.disabled = points.length === 0;
  }

  /** What is said of the answers once they are shown. @param {Act} act @param {Mine} mine @param {Who} who */
  #why({ phase, kind, why = [], right, choices = [], circles }, { choice }, who) {
    const parts = [];
    if (phase === 'revealed' && kind === 'question') {
      const all = why.map((text, k) => ({ text, k })).filter(({ text }) => text);
      const about = (/** @type {number} */ k) => !choices.length || right?.includes(k) || (who === 'member' && k === choice);
      const line = (/** @type {{text:string, k:number}} */ { text, k }, /** @type {'p'|'li'} */ tag) => make(tag, {}, ...(choices.length ? [make('b', { text: LETTERS[k] }), ' '] : []), ...richLine(text));
      parts.push(...all.filter(({ k }) => about(k)).map((one) => line(one, 'p')));
      const others = all.filter(({ k }) => !about(k));
      if (others.length) parts.push(make('details', { class: 'others' }, make('summary', { text: words.lessonOthers }), make('ul', {}, ...others.map((one) => line(one, 'li')))));
      if (circles?.length) parts.push(make('p', { text: words.actCircles }));
    }
    const key = parts.map((p) => p.textContent).join('\n');
    if (this.extra.dataset.key === key) return;
    this.extra.dataset.key = key;
    this.extra.replaceChildren(...parts);
  }

  /** An answer in short: the letter of a choice, or places. @param {number|Point[]} answer */
  #worded(answer) {
    return typeof answer === 'number' ? LETTERS[answer] : answer.map(this.on.point).join('; ');
  }

  /** @param {Act} act */
  #listNames({ names }) {
    this.names.hidden = !names?.length;
    const key = JSON.stringify(names ?? []);
    if (key === this.#listed) return;
    this.#listed = key;
    this.names.querySelector('ul')?.replaceChildren(...(names ?? []).map(([name, answer]) => make('li', {}, make('b', { text: name }), ` ${this.#worded(answer)}`)));
  }
}

/** @param {Act} act */
function countOf({ kind, points = [], answered, here }) {
  if (kind === 'drawing') return say.actDrawn(points.length, MOST_DRAWN);
  if (kind === 'marbles') return say.actMarbles(points.length);
  return say.actAnswered(answered, here);
}

/** The sentence under the answers. @param {Shown} shown */
function statusOf({ act, who, mine, sent, connected, away, lesson }) {
  const { kind, phase, right, share, from = 0, to = 0 } = act;
  if (phase === 'open') {
    if (who === 'watcher' || (who === 'owner' && (kind === 'question' || kind === 'pins'))) return '';
    if (away && (kind !== 'question' || act.place)) return words.actElsewhere;
    const some = answered(mine), n = mine.points?.length ?? 0, limit = limitOf(act);
    if (!sent) return connected ? words.actSending : words.actUnsent;
    if (kind === 'drawing') return n >= limit ? say.actFull(limit) : words.actDrawingHow;
    if (kind === 'marbles') return n >= limit ? say.actDropped(limit) : words.actMarblesHow;
    if (kind === 'pins') return some ? say.actPinsSent(n, limit) : say.actPinsHow(limit);
    return some ? words.actSent : act.place ? words.actPlace : words.actChoose;
  }
  if (kind === 'drawing') return words.actFrozenHow;
  if (kind === 'marbles') return words.actMarblesClosed;
  if (phase === 'closed') {
    if (who === 'owner') return kind === 'pins' ? words.actPinsKey : act.place && !lesson ? words.actMarkRight : '';
    return kind === 'pins' ? words.actWaitPins : words.actWait;
  }
  if (kind === 'pins') {
    const own = hits(mine);
    const texts = own ? [say.actOwnPins(own.hit, own.of), share !== undefined && say.actClassPins(share)] : [share !== undefined && say.actPinsResult(share, from, to)];
    return texts.filter(Boolean).join(' ');
  }
  if (who !== 'member') return share === undefined ? '' : say.actPlaces(share);
  if (!answered(mine)) return words.actNoAnswer;
  if (mine.choice === undefined) return isInside(mine.points?.[0], act.circles);
  return right?.length ? (right.includes(mine.choice) ? words.actVerdictRight : words.actVerdictWrong) : '';
}

/** @param {Point|undefined} y @param {[number, number, number][]|undefined} circles */
function isInside(y, circles) {
  if (!y || !circles?.length) return '';
  return circles.some(([y1, y2, radius]) => Math.hypot(y[0] - y1, y[1] - y2) <= radius) ? words.actVerdictRight : words.actVerdictWrong;
}
