// Taking it home: the link and its code, pictures, a film, numbers, and a program.
/** @import {Instrument, Page} from '../instruments/index.js' */
import { byId, hint, make, toast, write } from '../dom.js';
import { load } from '../formula.js';
import { Resources } from '../resources.js';
import { say, words } from '../strings.js';
import { caption, fileName } from './caption.js';
import { Film } from './film.js';
import { Gif } from './gif.js';
import { paint } from './picture.js';
import { save } from './save.js';
import { shapesOver } from './shapes.js';
import { drawing } from './svg.js';

/** What the server writes of a room. */
const FILES = /** @type {const} */ ([
  ['files/model.py', 'takeScript'], ['checkpoint', 'takeCheckpoint'], ['files/landscape.npz', 'takeNPZ'], ['files/landscape.json', 'takeJSON'],
  ['files/grid.csv', 'takeGrid'], ['files/points.csv', 'takePoints'], ['files/curves.csv', 'takeCurves'],
]);

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startTake({ store, client, landscape, link }) {
  const dialog = byId('take', HTMLDialogElement);
  /** What films the landscape. @type {Film|Gif} */
  let film = new Film(store);
  const close = make('button', { class: 'button', text: words.close });
  close.addEventListener('click', () => dialog.close());
  const address = make('input', { readonly: true, 'data-take': 'link', 'aria-label': words.takeLink });
  address.addEventListener('focus', () => address.select());
  const told = make('p', { class: 'why', role: 'status' });
  const code = make('img', { alt: words.takeCode, 'data-take': 'code', hidden: true });
  code.addEventListener('error', () => (code.hidden = true)); // too long for a code
  const files = FILES.map(([, word]) => {
    const a = make('a', { class: 'button', 'data-take': word, download: '', text: words[word] });
    hint(a, words[`${word}Tip`]);
    return a;
  });
  /** @param {'takePNG'|'takeSVG'|'takeFilm'|'takeGIF'|'takeCopy'} word @param {() => void} act */
  const button = (word, act) => {
    const node = make('button', { class: 'button', 'data-take': word, text: words[word] });
    hint(node, words[`${word}Tip`]);
    node.addEventListener('click', act);
    return node;
  };
  const reels = [button('takeFilm', () => roll(new Film(store), 'webm', 'video/webm')), button('takeGIF', () => roll(new Gif(store), 'gif', 'image/gif'))];
  reels[0].hidden = !Film.possible;
  const resources = new Resources();
  const parts = [
    make('div', { class: 'top' }, make('h2', { id: 'take-title', text: words.takeTitle }), close),
    make('section', {}, make('h3', { text: words.takeLink }), make('div', { class: 'row' }, address, button('takeCopy', copy)), told, code),
    make('section', {}, make('h3', { text: words.takePicture }), make('div', { class: 'row' }, button('takePNG', () => (due = 'png')), button('takeSVG', vector), ...reels)),
    make('section', {}, make('h3', { text: words.takeNumbers }), make('div', { class: 'row' }, ...files))];
  dialog.append(...parts);
  const light = make('button', { class: 'button filming', 'data-take': 'stop', hidden: true });
  light.addEventListener('click', () => film.end());
  byId('stage', HTMLElement).append(light);
  resources.nodes(...parts, light);

  /** What the next picture is wanted for. @type {''|'png'} */
  let due = '';

  async function copy() {
    try {
      await navigator.clipboard.writeText(address.value);
      write(told, words.shared);
    } catch {
      address.select();
      write(told, words.shareFailed);
    }
  }

  async function vector() {
    const { frame, scene } = store;
    if (!frame) return;
    try {
      await load('script', 'vendor/d3-array/d3-array.min.js');
      await load('script', 'vendor/d3-contour/d3-contour.min.js');
      if (!window.d3) return;
      const square = byId('square', HTMLElement);
      const ends = (/** @type {string} */ y) => ['low', 'high'].map((end) => byId(`${y}-${end}`, HTMLElement).textContent ?? '');
      save(fileName(store, 'svg'), 'image/svg+xml', drawing({ frame, scene, wave: landscape.wave, levels: landscape.levels().values, axes: [ends('y1'), ends('y2')], balls: store.marblePositions, over: shapesOver(square), side: square.clientWidth, ...caption(store), d3: window.d3 }));
    } catch (e) {
      toast(/** @type {Error} */ (e).message);
    }
  }

  /** @param {Film|Gif} next @param {string} ending @param {string} type */
  function roll(next, ending, type) {
    dialog.close();
    if (film.running) film.end();
    const name = fileName(store, ending);
    film = next;
    film.begin((taken) => save(name, type, taken));
  }

  document.querySelector('[data-action="share"]')?.addEventListener('click', () => {
    address.value = link();
    for (const [k, [file]] of FILES.entries()) files[k].href = client.file(file);
    code.hidden = false; // its place is kept while it comes
    code.src = `api/qr?text=${encodeURIComponent(address.value)}`;
    write(told, '');
    dialog.showModal();
    copy();
  }, { signal: resources.signal });

  return {
    draw() {
      if (due || film.running) store.note('scene'); // so that the picture is drawn again, and whole
    },
    drawn() {
      film.shoot();
      if (!due) return;
      due = '';
      const canvas = document.createElement('canvas');
      paint(store, canvas);
      const name = fileName(store, 'png');
      canvas.toBlob((png) => png && save(name, 'image/png', png), 'image/png');
    },
    numbers() {
      light.hidden = !film.running && !film.encoding;
      light.disabled = film.encoding;
      if (!light.hidden) write(light, film.encoding ? words.takeEncoding : say.filming(Math.floor(film.seconds)));
    },
    close() {
      if (film.running) film.end();
      dialog.close();
      resources.release();
    },
  };
}
