// The class room: its parts are fetched as the role of this page needs them, and closed when it does
// not any more. What they share is store.classroom (class-data.js).
/** @import {Instrument, Page} from '../instruments/index.js' */
/** @import {Store} from '../store.js' */
import { toast } from '../dom.js';
import { Resources } from '../resources.js';
import { safely } from '../safely.js';

/**
 * A part: who needs it, also where the button of the class was pressed, and how it is fetched.
 * @typedef {{needed:(store:Store, pressed:boolean) => boolean, load:() => Promise<(page:Page) => Instrument>}} Part
 */

/** @type {Record<string, Part>} */
const PARTS = {
  panel: { needed: ({ owns, classroom }, pressed) => owns && (pressed || classroom.room !== ''), load: async () => (await import('./panel.js')).startClassPanel },
  present: { needed: (store) => store.owner || store.role === 'chalk', load: async () => (await import('./present.js')).startPresent },
  follow: { needed: followsOthers, load: async () => (await import('./follow.js')).startFollowDriver },
  member: { needed: ({ classroom }) => classroom.me !== null, load: async () => (await import('./member-bar.js')).startMemberBar },
  screen: { needed: ({ role }) => role === 'screen', load: async () => (await import('./screen.js')).startScreen },
  acts: { needed: ({ classroom }) => classroom.room !== '', load: async () => (await import('./act-index.js')).startActs },
};

/** Whether this page shows what another shows, or may: a member, a screen, and the owner while a member has the chalk. @param {Store} store */
function followsOthers({ role, classroom: { me, banner } }) {
  return me !== null || role === 'screen' || (role === 'driver' && Boolean(banner?.lead));
}

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startClass(page) {
  const { store } = page;
  const resources = new Resources();
  /** The parts that are open; null while one is being fetched. @type {Map<string, Instrument|null>} */
  const open = new Map();

  let pressed = false;
  /** Whether the panel is to be told of that press once it is there. */
  let waiting = false;
  const door = /** @type {HTMLElement|null} */ (document.querySelector('[data-action="class"]'));
  door?.addEventListener('click', () => {
    pressed = true;
    waiting = !open.get('panel');
    if (waiting) choose();
  }, resources);

  /** Opens what is needed now, and closes the rest. */
  function choose() {
    for (const [name, part] of Object.entries(PARTS)) {
      const needed = !resources.signal.aborted && part.needed(store, pressed);
      if (needed && !open.has(name)) start(name, part);
      if (needed || !open.get(name)) continue;
      safely(/** @type {Instrument} */ (open.get(name)).close);
      open.delete(name);
    }
  }

  /** @param {string} name @param {Part} part */
  async function start(name, part) {
    open.set(name, null);
    try {
      const begin = await part.load();
      if (!resources.signal.aborted && part.needed(store, pressed)) {
        open.set(name, begin(page));
        if (name === 'panel' && waiting) door?.click();
        return;
      }
    } catch (e) {
      toast(/** @type {Error} */ (e).message);
    }
    open.delete(name);
  }

  for (const when of /** @type {const} */ (['room', 'class'])) store.on(when, choose, resources.signal);
  choose();

  /** @param {'draw'|'drawn'|'numbers'} what @param {number} now */
  const each = (what, now) => {
    for (const part of open.values()) {
      const f = part?.[what];
      if (f) safely(f, now);
    }
  };
  return {
    draw: (now) => each('draw', now),
    drawn: () => each('drawn', 0),
    numbers: (now) => each('numbers', now),
    close() {
      resources.release();
      choose();
    },
  };
}
