// follow.js: shows what the driver shows, on the pages of members who follow and on screens: the room,
// the view, what is asked, and the driver's pointer as a light. Theme, colours and size of type stay
// this page's own.
/** @import {Instrument, Page} from '../instruments/index.js' */
import { byId, make } from '../dom.js';
import { Resources } from '../resources.js';
import { followView } from '../view.js';

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startFollowDriver({ store, client, landscape, room }) {
  const resources = new Resources();
  const { classroom } = store;
  const square = byId('square', HTMLElement);
  const light = make('div', { class: 'light', 'aria-hidden': 'true', hidden: true });
  square.append(light);
  resources.nodes(light);

  const bars = ['tools', 'layers', 'ask'].map((id) => byId(id, HTMLElement)); // they show what the driver does
  resources.defer(() => bars.forEach((bar) => (bar.inert = false)));
  /** The view that is shown, as text; '' for one's own. */
  let applied = '';
  /** The room that was entered last. */
  let entering = '';

  function follow() {
    const { shown } = classroom;
    for (const bar of bars) bar.inert = store.led;
    if (!store.led) {
      applied = entering = '';
      place();
      return;
    }
    if (!shown) return;
    const wanted = classroom.screen;
    if (wanted === store.room) entering = '';
    else if (wanted !== entering && store.connection.now === 'open') client.enter(room.keyOf((entering = wanted)));
    const { view, hide } = shown;
    const text = JSON.stringify([view, hide]);
    if (text !== applied) followView(store, { view, hide });
    applied = text;
    place();
  }

  /** Moves the light to where the driver points. */
  function place() {
    const pointer = (store.view.light = (store.led && classroom.shown?.pointer) || null);
    if (pointer) {
      const [x, y] = landscape.toPixel(pointer[0], pointer[1]);
      light.style.transform = `translate(${x}px, ${y}px)`;
    }
    light.hidden = !pointer || store.scene.relief === true; // the 3-D view draws it itself
  }

  for (const part of /** @type {const} */ (['class', 'room'])) store.on(part, follow, resources.signal);
  store.on('scene', place, resources.signal);
  resources.resized(square, place);
  follow();
  return { close: () => resources.release() };
}
