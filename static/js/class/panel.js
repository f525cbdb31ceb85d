// panel.js: the owner's panel of the class: how one joins, what the class is asked, who is there, and what
// members may do. The button in the head opens the class and the panel, and then shows the code and how
// many are there; on the projector a line at the foot of the landscape shows them.
/** @import {Instrument, Page} from '../instruments/index.js' */
import { byId, hint, make, shortened, write } from '../dom.js';
import { Resources } from '../resources.js';
import { store as save, tab } from '../settings.js';
import { say, words } from '../strings.js';
import { startBoard } from './board.js';
import { ending } from './ending.js';
import { LettingIn, grouped, typed } from './letting-in.js';
import { copy, linkRow } from './links.js';
import { People, canGather, counts } from './people.js';
import { Rules } from './rules.js';
import { tabs } from './tabs.js';

/** How a server is started for a class. */
const COMMAND = 'ebmviz serve --class';

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startClassPanel(page) {
  const { store, client, commands, link } = page;
  const { classroom } = store;
  const resources = new Resources();
  const { signal } = resources;
  const sheet = byId('class', HTMLElement);
  const app = document.querySelector('.app');
  const door = /** @type {HTMLElement} */ (document.querySelector('[data-action="class"]'));
  /** @param {Record<string, any>} people */
  const send = (people) => commands.send({ people });

  const close = make('button', { class: 'button', 'data-class': 'close', 'aria-label': words.classHide, text: '×' });
  const title = make('h2', { text: words.classroom });
  const status = make('p', { class: 'why', role: 'status', hidden: true });
  const joining = new LettingIn(store, resources);
  const people = new People(page, resources);
  const acts = make('div', { id: 'class-acts' });
  const board = startBoard(page, resources);

  /** A button that is on or off. @param {'classLock'|'classPause'} word @param {() => void} act */
  const button = (word, act) => {
    const node = make('button', { class: 'button', 'data-class': word === 'classLock' ? 'lock' : 'pause', 'aria-pressed': 'false', text: words[word] });
    hint(node, words[`${word}Tip`]);
    node.addEventListener('click', act);
    return node;
  };
  const lock = button('classLock', () => send({ lock: !classroom.banner?.locked }));
  joining.row.append(lock);

  const pause = button('classPause', () => send({ pause: !classroom.banner?.paused }));
  const gather = make('button', { class: 'button', 'data-class': 'gather', text: words.classGather });
  hint(gather, words.classGatherTip);
  gather.addEventListener('click', () => send({ gather: true }));
  const boardButton = make('button', { class: 'button', 'data-class': 'board', text: say.classBoard(0) });
  hint(boardButton, words.classBoardTip);
  boardButton.addEventListener('click', () => board.open());
  const ways = make('div', { class: 'row calls' }, boardButton, gather, pause);
  const rules = new Rules(send);

  const screen = linkRow('classScreen', 'classScreenTip');
  const own = linkRow('classOwnLink', 'classOwnLinkTip');
  const rest = make('details', { class: 'rest' }, make('summary', { text: words.classRest }), rules.node, make('div', { class: 'links' }, screen.node, own.node), ending(() => leave()));
  rest.addEventListener('toggle', () => rest.open && rest.scrollIntoView({ block: 'nearest' }));
  const parts = tabs(words.classroom, [
    { name: 'people', text: words.classPeople, panel: make('div', { class: 'of-people' }, people.node, rest) },
    { name: 'acts', text: words.classAsk, panel: make('div', { class: 'of-acts' }, acts) },
  ]);
  const opened = make('div', { class: 'opened' }, joining.node, ways, parts.node, ...parts.panels);

  const command = make('code', { text: COMMAND });
  const copyCommand = make('button', { class: 'button', text: words.exportCopy });
  copyCommand.addEventListener('click', () => copy(COMMAND, copyCommand));
  const closed = make('div', { class: 'closed', hidden: true }, make('p', { text: words.classNotOpen }), make('p', { text: words.classStart }), make('p', { class: 'command' }, command, copyCommand), make('p', { class: 'why', text: words.classThen }));
  const head = make('div', { class: 'top' }, title, close);
  sheet.append(head, status, opened, closed);
  resources.nodes(head, status, opened, closed);

  const line = make('p', { class: 'class-line', hidden: true });
  const leads = make('p', { class: 'class-leads', hidden: true });
  const leader = make('span');
  const takeBack = make('button', { class: 'button', 'data-class': 'back' });
  takeBack.addEventListener('click', () => (inFork() ? home() : send({ back: true })));
  leads.append(leader, takeBack);
  byId('stage', HTMLElement).append(line);
  door.before(leads);
  resources.nodes(line, leads);

  /** Whether the run of a member is on the screen. */
  const inFork = () => classroom.room !== '' && store.room !== classroom.room;
  /** Goes back to the class's own run. */
  const home = () => client.enter({ room: classroom.room, token: client.key.token });

  const isOpen = () => !sheet.hasAttribute('hidden');
  /** @param {boolean} on */
  const open = (on) => {
    if (on === isOpen()) return;
    sheet.hidden = !on;
    app?.toggleAttribute('data-class-open', on);
    door.setAttribute('aria-expanded', String(on));
    if (on) close.focus({ preventScroll: true });
    else door.focus({ preventScroll: true });
  };
  door.addEventListener('click', () => {
    open(!isOpen());
    if (isOpen() && !joining.invitation) begin();
  }, { signal });
  close.addEventListener('click', () => open(false));
  sheet.addEventListener('keydown', (e) => {
    if (e.key !== 'Escape') return;
    open(false);
    e.preventDefault();
  }, { signal });
  store.on('lesson', () => store.view.lesson && open(false), signal); // its card has that place
  const sheets = new MutationObserver(() => open(false)); // another sheet of the narrow page was chosen
  if (app) sheets.observe(app, { attributeFilter: ['data-sheet'] });
  resources.defer(() => sheets.disconnect());

  /** The room whose class was asked for. */
  let asked = '';

  /** Opens the class of this room, or asks for the one that it has. */
  async function begin() {
    const { token } = client.key;
    const room = (asked = classroom.room || store.room);
    write(status, words.classOpening);
    status.hidden = false;
    opened.hidden = closed.hidden = true;
    try {
      const invitation = /** @type {import('./letting-in.js').Invitation} */ (await client.command({ class: room }));
      if (signal.aborted) return;
      classroom.room = room;
      joining.set(invitation);
      if (!classroom.banner) client.enter({ room, token }); // as the owner of the class
      link.opened.room = room; // the address names the room, so that it is entered again
      if (token) save(`token.${room}`, token, tab);
      screen.set(new URL(`#room=${room}&token=${invitation.screen}`, joining.address?.url ?? location.href).href, new URL(`#room=${room}&token=${invitation.screen}`, location.href).href);
      own.set(new URL(`#room=${room}&token=${token}`, joining.address?.url ?? location.href).href);
      status.hidden = true;
      opened.hidden = false;
      for (const part of /** @type {const} */ (['class', 'scene'])) store.markChanged(part);
    } catch (e) {
      const { code, message } = /** @type {import('../request.js').RequestError} */ (e);
      closed.hidden = code !== 'class';
      status.hidden = code === 'class';
      write(status, message);
    }
  }

  /** Ends the class for all. */
  async function leave() {
    await commands.send({ people: { end: true } });
    open(false);
  }

  /** Forgets a class that has ended, and asks for one that this page has come back to. */
  const follow = () => {
    if (!classroom.room) {
      if (joining.invitation) {
        joining.invitation = null;
        joining.dialog.close();
        board.close();
      }
      asked = '';
    } else if (asked !== classroom.room) begin();
  };

  const show = () => {
    follow();
    const { banner } = classroom;
    const { invitation } = joining;
    const code = invitation ? grouped(invitation.code).join('\u2009') : '';
    const here = banner?.here ?? 0;
    door.replaceChildren(...(invitation ? [make('b', { text: words.classroom }), make('span', {}, ...shortened(say.classHere(here))), make('span', { text: code })] : [words.classroom]));
    door.toggleAttribute('data-open', invitation !== null);
    const lead = banner?.lead ?? '';
    line.hidden = !invitation || !joining.address;
    if (invitation && joining.address) line.replaceChildren(...[typed(joining.address.url), code, say.classHere(here), lead && say.classLeads(lead)].filter(Boolean).map((text, i) => make(i === 1 ? 'b' : 'span', { text })));
    leads.hidden = !invitation || !(lead || inFork());
    write(leader, inFork() ? words.classOthers : say.classLeads(lead));
    write(takeBack, inFork() ? words.classHome : words.classTakeBack);
    lock.setAttribute('aria-pressed', String(banner?.locked === true));
    write(lock, banner?.locked ? words.classUnlock : words.classLock);
    pause.setAttribute('aria-pressed', String(banner?.paused === true));
    write(pause, banner?.paused ? words.classResume : words.classPause);
    gather.disabled = !canGather(classroom.people);
    const forks = classroom.people.filter((p) => p.room).length;
    write(boardButton, say.classBoard(forks));
    rules.show(banner);
    write(parts.buttons.people, say.classPeople(counts(classroom.people).lobby));
  };
  for (const part of /** @type {const} */ (['class', 'room'])) store.on(part, show, signal);
  show();

  return {
    draw: (now) => board.draw(now),
    close() {
      open(false);
      door.replaceChildren(words.classroom);
      door.removeAttribute('data-open');
      resources.release();
    },
  };
}
