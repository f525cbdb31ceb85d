// panel.js: the owner's panel of the class: how one joins, what the class is asked, who is there, and what
// members may do. The button in the head opens the class and the panel, and then shows the code and how
// many are there; on the projector a line at the foot of the landscape shows them.
/** @import {Instrument, Page} from '../instruments/index.js' */
import { byId, hint, make, shortened, toast, write } from '../dom.js';
import { Resources } from '../resources.js';
import { store as save, tab } from '../settings.js';
import { say, words } from '../strings.js';
import { startBoard } from './board.js';
import { LettingIn, grouped, typed } from './letting-in.js';
import { People } from './people.js';

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
  const acts = make('section', { id: 'class-acts' });
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
  const ways = make('div', { class: 'row' }, boardButton, gather, pause);
  const rules = new Rules(send);

  const screen = linkRow('classScreen', 'classScreenTip');
  const own = linkRow('classOwnLink', 'classOwnLinkTip');
  const rest = make('details', { class: 'rest' }, make('summary', { text: words.classRest }), rules.node, make('div', { class: 'links' }, screen.node, own.node), ending(() => leave()));
  rest.addEventListener('toggle', () => rest.open && rest.scrollIntoView({ block: 'nearest' }));
  const opened = make('div', { class: 'opened' }, joining.node, acts, people.node, ways, rest);

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
  const tabs = new MutationObserver(() => open(false)); // another sheet of the narrow page was chosen
  if (app) tabs.observe(app, { attributeFilter: ['data-sheet'] });
  resources.defer(() => tabs.disconnect());

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
    line.hidden = !invitation || !joining.address;
    if (invitation && joining.address) line.replaceChildren(typed(joining.address.url), make('b', { text: code }), say.classHere(here));
    const lead = banner?.lead ?? '';
    leads.hidden = !invitation || !(lead || inFork());
    write(leader, inFork() ? words.classOthers : say.classLeads(lead));
    write(takeBack, inFork() ? words.classHome : words.classTakeBack);
    lock.setAttribute('aria-pressed', String(banner?.locked === true));
    write(lock, banner?.locked ? words.classUnlock : words.classLock);
    pause.setAttribute('aria-pressed', String(banner?.paused === true));
    write(pause, banner?.paused ? words.classResume : words.classPause);
    const forks = classroom.people.filter((p) => p.room).length;
    write(boardButton, say.classBoard(forks));
    rules.show(banner);
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

  /**
   * A link to copy.
   * @param {'classScreen'|'classOwnLink'} word @param {'classScreenTip'|'classOwnLinkTip'} tip
   */
  function linkRow(word, tip) {
    let address = '';
    const copyButton = make('button', { class: 'button', 'data-class': word, text: words.exportCopy, 'aria-label': `${words.exportCopy}: ${words[word]}` });
    copyButton.addEventListener('click', () => copy(address, copyButton));
    const openLink = make('a', { class: 'button', target: '_blank', rel: 'noopener', text: words.classOpen, hidden: true });
    const node = make('div', { class: 'link' }, make('b', { text: words[word] }), copyButton, openLink, make('p', { class: 'why', text: words[tip] }));
    return {
      node,
      /** @param {string} link @param {string} [here]  for a tab of this browser */
      set(link, here = '') {
        address = link;
        openLink.hidden = !here;
        openLink.href = here;
      },
    };
  }
}

/** Copies a text, and says so on the button. @param {string} text @param {HTMLElement} button */
async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    write(button, words.classCopied);
    setTimeout(() => write(button, words.exportCopy), 2000);
  } catch {
    toast(say.classCopyFailed(text));
  }
}

/** The button that ends the class, which asks once more. @param {() => void} end */
function ending(end) {
  const ask = make('button', { class: 'button', 'data-class': 'end', text: words.classEnd });
  const yes = make('button', { class: 'button', 'data-class': 'end-yes', text: words.classEndYes });
  const no = make('button', { class: 'button', text: words.classEndNo });
  const sure = make('div', { class: 'sure', hidden: true }, make('p', { text: words.classEndSure }), yes, no);
  const ask2 = (/** @type {boolean} */ on) => {
    sure.hidden = !on;
    ask.hidden = on;
    (on ? no : ask).focus();
  };
  ask.addEventListener('click', () => ask2(true));
  no.addEventListener('click', () => ask2(false));
  yes.addEventListener('click', () => {
    ask2(false);
    end();
  });
  return make('div', { class: 'end' }, ask, sure);
}

/** What members may do in runs of their own. */
class Rules {
  /** @param {(people:Record<string, any>) => void} send */
  constructor(send) {
    this.names = make('input', { type: 'checkbox', 'data-class': 'may-name' });
    this.names.addEventListener('change', () => send({ names: this.names.checked }));
    this.bound = make('input', { type: 'checkbox', 'data-class': 'bound' });
    const field = (/** @type {'classFrom'|'classTo'} */ word) => make('input', { type: 'number', min: 0, step: 1, 'aria-label': words[word], 'data-class': word });
    this.from = field('classFrom');
    this.to = field('classTo');
    this.from.value = '0';
    this.to.value = '400';
    const change = () => {
      const [a, b] = [this.from, this.to].map(({ value }) => Math.max(0, Math.round(Number(value))));
      if (this.bound.checked && !(a < b)) {
        toast(words.classBetweenOrder);
        this.bound.checked = false;
        return;
      }
      send({ between: this.bound.checked ? [a, b] : null });
    };
    this.bound.addEventListener('change', change);
    for (const f of [this.from, this.to]) f.addEventListener('change', () => this.bound.checked && change());
    this.node = make('fieldset', { class: 'rules' }, make('legend', { text: words.classRules }),
      make('label', { class: 'setting' }, this.names, words.classMayName),
      make('label', { class: 'setting' }, this.bound, words.classBetween), make('p', { class: 'between' }, this.from, make('span', { text: '–' }), this.to));
  }

  /** @param {import('./class-data.js').Banner|null} banner */
  show(banner) {
    if (!banner) return;
    this.names.checked = banner.names;
    const { between } = banner;
    this.bound.checked = between !== null;
    if (!between || this.node.contains(document.activeElement)) return;
    [this.from.value, this.to.value] = between.map(String);
  }
}
