// member-bar.js: the member's line in the head of the page: who leads, where one is, and the one word
// that brings back.
/** @import {Instrument, Page} from '../instruments/index.js' */
import { byId, hint, make, shortened, toast, write } from '../dom.js';
import { Resources } from '../resources.js';
import { store as save, stored, tab } from '../settings.js';
import { say, words } from '../strings.js';
import { Membership } from './membership.js';

/** @typedef {import('./membership.js').Place} Place */

/** The buttons of each place. @type {Record<Place, string[]>} */
const BUTTONS = { following: ['detach', 'fork', 'my-copy'], detached: ['return', 'fork', 'my-copy'], forked: ['return'], leading: ['give-back'] };

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startMemberBar(page) {
  const { store } = page;
  const { classroom } = store;
  const resources = new Resources();
  const member = new Membership(page, toast);

  const text = make('b');
  const more = make('span');
  const name = make('button', { class: 'opener name', 'data-action': 'rename' });
  hint(name, words.renameTip);
  /** The same on a narrow page, in the menu. */
  const menuName = make('button', { class: 'button', 'data-action': 'rename-menu' });
  byId('more', HTMLElement).prepend(menuName);
  const field = make('input', { type: 'text', maxlength: 24, autocomplete: 'off', 'aria-label': words.rename, hidden: true });
  /** @type {Record<string, HTMLButtonElement>} */
  const buttons = {};
  /** @param {string} action @param {string} label @param {string} tip @param {() => void} act */
  const add = (action, label, tip, act) => {
    const button = make('button', { class: 'button', 'data-action': action }, ...(action === 'detach' ? shortened(label) : [label]));
    hint(button, tip);
    button.addEventListener('click', act);
    buttons[action] = button;
  };
  add('return', words.returnBack, words.returnTip, () => member.back());
  add('give-back', words.giveBack, words.giveBackTip, () => member.giveBack());
  add('detach', words.detach, words.detachTip, () => member.detach());
  add('fork', words.fork, words.forkTip, async () => {
    buttons.fork.disabled = true;
    await member.fork();
    buttons.fork.disabled = false;
  });
  add('my-copy', words.myCopy, words.myCopyTip, () => member.copy && member.enter(member.copy));
  const line = make('p', { role: 'status' }, make('i', { 'aria-hidden': 'true' }), text, more);
  const bar = make('section', { class: 'member-bar', id: 'member-bar', 'aria-label': words.classBar }, line, name, field, ...Object.values(buttons));
  document.querySelector('.head .brand')?.after(bar);
  const app = document.querySelector('.app');
  resources.nodes(bar, menuName);
  resources.defer(() => app?.removeAttribute('data-class'));

  const edit = () => {
    if (!classroom.banner?.names) return;
    field.value = classroom.me?.name ?? '';
    field.hidden = false;
    name.hidden = true;
    field.focus();
    field.select();
  };
  for (const button of [name, menuName]) button.addEventListener('click', edit);
  const done = async (/** @type {boolean} */ take) => {
    if (field.hidden) return;
    const wanted = field.value.trim();
    field.hidden = true;
    name.hidden = false;
    if (take && wanted && wanted !== classroom.me?.name) await member.rename(wanted);
  };
  field.addEventListener('blur', () => done(true));
  field.addEventListener('keydown', (e) => {
    if (e.key === 'Enter') done(true);
    if (e.key === 'Escape') done(false);
    if (e.key === 'Enter' || e.key === 'Escape') name.focus();
    e.stopPropagation();
  });

  /** The state of the member's own copy, in words. */
  const copyState = () => {
    const { banner } = classroom;
    if (banner?.paused) return words.forkPaused;
    if (store.state?.waits) return words.forkWaits;
    return banner?.between ? say.forkBetween(...banner.between) : '';
  };

  function show() {
    member.update();
    const { place, copy } = member;
    const { banner, me } = classroom;
    const leads = banner?.lead ? say.leads(banner.lead) : words.teacherLeads;
    if (place === 'following' && bar.dataset.place !== place) app?.setAttribute('data-sheet', 'panel'); // the tabs are hidden
    app?.setAttribute('data-class', place);
    bar.dataset.place = place;
    const over = classroom.refusal !== null;
    write(text, over ? words.classEnded : { following: leads, detached: words.lookAround, forked: words.yourCopy, leading: words.youLead }[place]);
    write(more, place === 'forked' && !over ? copyState() : '');
    write(name, me?.name ?? '');
    write(menuName, say.youAre(me?.name ?? ''));
    name.disabled = menuName.disabled = !banner?.names;
    for (const [action, button] of Object.entries(buttons)) button.hidden = over || !BUTTONS[place].includes(action) || (action === 'my-copy' && !copy);
  }
  for (const part of /** @type {const} */ (['class', 'room', 'state'])) store.on(part, show, resources.signal);
  show();
  const greeted = `greeted.${classroom.room}`;
  if (!stored(greeted, tab)) toast(say.youAre(classroom.me?.name ?? ''));
  save(greeted, 'yes', tab);
  return { close: () => resources.release() };
}
