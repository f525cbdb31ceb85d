// people.js: who is in the class and where: a count for each place, and a list with what the owner may do
// with each member. On the projector the list shows when it is asked for.
/** @import {Resources} from '../resources.js' */
/** @import {Page} from '../instruments/index.js' */
/** @import {Person} from './class-data.js' */
import { hint, make, toast, write } from '../dom.js';
import { words, say } from '../strings.js';
import { onTheme, scale } from '../theme.js';

/** Where a member can be, in the order of the counts, and the word for it. */
const PLACES = /** @type {const} */ ({ lobby: 'classLobby', following: 'classFollowing', detached: 'classDetached', forked: 'classForked', away: 'classAway' });
/** From so many on there is a field to find a name. */
const SEARCHED = 9;

/** Otter 9 is before Otter 10. */
export const byName = new Intl.Collator(undefined, { numeric: true });

/** How many are at each place. @param {Person[]} people */
export function counts(people) {
  const all = { lobby: 0, following: 0, detached: 0, forked: 0, away: 0 };
  for (const { where } of people) all[where]++;
  return all;
}

/** Whether somebody has left what the driver shows. @param {Person[]} people */
export const canGather = (people) => people.some(({ where }) => where === 'detached' || where === 'forked');

/**
 * Those that are listed: who waits to be let in first, then who has the chalk, then by name; who is away is last.
 * @param {Person[]} people
 * @param {{text?:string, where?:string}} [which]  a part of the name, and a place; '' for all
 */
export function listed(people, { text = '', where = '' } = {}) {
  const part = text.trim().toLocaleLowerCase();
  const rank = (/** @type {Person} */ p) => (p.where === 'lobby' ? 0 : p.chalk ? 1 : p.where === 'away' ? 3 : 2);
  return people
    .filter((p) => (!where || p.where === where) && p.name.toLocaleLowerCase().includes(part))
    .sort((a, b) => rank(a) - rank(b) || byName.compare(a.name, b.name));
}

/**
 * A member in the list.
 * @typedef {object} Row
 * @property {HTMLLIElement} node
 * @property {(person:Person) => void} show
 */

export class People {
  /** @type {Map<string, Row>} */
  #rows = new Map();
  /** The place that is listed; '' for all. */
  #where = '';
  #namesAsked = false;

  /**
   * @param {Page} page
   * @param {Resources} resources
   */
  constructor({ store, commands }, resources) {
    this.store = store;
    /** @param {Record<string, any>} people */
    this.send = (people) => commands.send({ people });
    this.places = Object.entries(PLACES).map(([where, word]) => {
      const number = make('b');
      const node = make('button', { class: 'chip', 'data-where': where, 'aria-pressed': 'false' }, number, ` ${words[word]}`);
      hint(node, words[`${word}Tip`]);
      node.addEventListener('click', () => {
        this.#where = this.#where === where ? '' : where;
        this.show();
      });
      return { where, node, number };
    });
    this.search = make('input', { type: 'search', 'data-class': 'search', placeholder: words.classSearch, 'aria-label': words.classSearch });
    this.search.addEventListener('input', () => this.show());
    this.all = make('button', { class: 'button', 'data-class': 'approve-all', text: words.classApproveAll });
    this.all.addEventListener('click', () => this.send({ approve: 'all' }));
    this.names = make('button', { class: 'button', 'data-class': 'names', text: words.classNames });
    hint(this.names, words.classNamesTip);
    this.names.addEventListener('click', () => {
      this.#namesAsked = true;
      this.show();
      this.search.focus();
    });
    this.list = make('ul', { class: 'people', 'aria-label': words.classPeople });
    this.nobody = make('p', { class: 'why' });
    this.node = make('section', { class: 'who', 'aria-label': words.classPeople }, make('div', { class: 'chips' }, ...this.places.map(({ node }) => node)), this.search, this.all, this.names, this.nobody, this.list);
    onTheme(() => {
      this.#namesAsked = false;
      this.show();
    });
    store.on('class', () => this.show(), resources.signal);
  }

  /** Writes what has changed. */
  show() {
    const { people } = this.store.classroom;
    const number = counts(people);
    if (this.#where && !number[/** @type {keyof typeof PLACES} */ (this.#where)]) this.#where = '';
    for (const { where, node, number: b } of this.places) {
      const n = number[/** @type {keyof typeof PLACES} */ (where)];
      write(b, String(n));
      node.hidden = n === 0;
      node.setAttribute('aria-pressed', String(this.#where === where));
    }
    const secret = scale() > 1 && !this.#namesAsked;
    this.names.hidden = !secret || !people.length;
    this.search.hidden = secret || people.length < SEARCHED;
    this.all.hidden = number.lobby < 2;
    const shown = secret ? [] : listed(people, { text: this.search.hidden ? '' : this.search.value, where: this.#where });
    write(this.nobody, !people.length ? words.classNobody : !secret && !shown.length ? say.classNoName(this.search.value) : '');
    this.nobody.hidden = !this.nobody.textContent;
    this.#list(shown);
  }

  /** @param {Person[]} shown */
  #list(shown) {
    const known = new Set(shown.map(({ id }) => id));
    for (const [id, { node }] of this.#rows) {
      if (known.has(id)) continue;
      node.remove();
      this.#rows.delete(id);
    }
    for (const [i, person] of shown.entries()) {
      const row = this.#rows.get(person.id) ?? this.#row(person.id);
      row.show(person);
      if (this.list.children[i] !== row.node) this.list.insertBefore(row.node, this.list.children[i] ?? null); // a row that stays keeps the focus
    }
  }

  /** @param {string} id @returns {Row} */
  #row(id) {
    const name = make('span', { class: 'name' }), where = make('small');
    /** @param {'classApprove'|'classHand'|'classTakeBack'|'classRemove'|'classRemoveYes'|'classRemoveNo'} word @param {() => void} act */
    const button = (word, act) => {
      const node = make('button', { class: 'opener', text: words[word] });
      node.addEventListener('click', act);
      return node;
    };
    const approve = button('classApprove', () => this.send({ approve: id }));
    const hand = button('classHand', () => this.send({ hand: id }));
    const back = button('classTakeBack', () => this.send({ back: true }));
    const remove = button('classRemove', () => sure(true));
    const yes = button('classRemoveYes', async () => {
      sure(false);
      const told = this.store.classroom.banner?.lobby || !last ? '' : say.classRemoved(last.name);
      if (await this.send({ remove: id }) && told) toast(told);
    });
    const no = button('classRemoveNo', () => sure(false));
    hint(hand, words.classHandTip);
    hint(remove, words.classRemoveTip);
    remove.textContent = '×';
    const usual = [approve, hand, back, remove], asked = [yes, no];
    const node = make('li', {}, name, where, ...usual, ...asked);
    let asking = false;
    /** @type {Person|null} */
    let last = null;
    /** Asks whether the member is to be removed. @param {boolean} on */
    const sure = (on) => {
      asking = on;
      if (last) show(last);
      (on ? yes : remove).focus();
    };
    /** @param {Person} person */
    const show = (person) => {
      last = person;
      write(name, person.name);
      write(where, asking ? '' : person.chalk ? words.classLeads : person.answered ? words.classAnswered : words[PLACES[person.where]]);
      node.toggleAttribute('data-chalk', person.chalk === true);
      node.dataset.where = person.where;
      for (const [b, text] of /** @type {const} */ ([[approve, words.classApprove], [hand, words.classHand], [back, words.classTakeBack], [remove, words.classRemove]])) b.setAttribute('aria-label', `${text}: ${person.name}`);
      approve.hidden = asking || person.where !== 'lobby';
      hand.hidden = asking || person.chalk === true || person.where === 'lobby' || person.where === 'away';
      back.hidden = asking || !person.chalk;
      remove.hidden = asking;
      yes.hidden = no.hidden = !asking;
    };
    const row = { node, show };
    node.dataset.person = id;
    this.#rows.set(id, row);
    return row;
  }
}
