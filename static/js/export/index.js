// index.js: the export dialog: the link and its code, pictures, films, numbers, and a program.
/** @import {Instrument, Page} from '../instruments/index.js' */
import { byId, hint, make, toast, write } from '../dom.js';
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
export function startExport({ store, client, landscape, link }) {
  const resources = new Resources();
  const dialog = byId('take', HTMLDialogElement);
  /** The recording. @type {Film|Gif} */
  let film = new Film(store);
  const close = make('button', { class: 'button', text: words.close });
  close.addEventListener('click', () => dialog.close());
  const address = make('input', { readonly: true, 'data-take': 'link', 'aria-label': words.takeLink });
  address.addEventListener('focus', () => address.select());
  const status = make('p', { class: 'why', role: 'status' });
  const code = make('img', { alt: words.takeCode, 'data-take': 'code', hidden: true });
  code.addEventListener('error', () => (code.hidden = true)); // the link is too long for a code
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
  const films = [button('takeFilm', () => record(new Film(store), 'webm', 'video/webm')), button('takeGIF', () => record(new Gif(store), 'gif', 'image/gif'))];
  films[0].hidden = !Film.possible;
  dialog.append(
    make('div', { class: 'top' }, make('h2', { id: 'take-title', text: words.takeTitle }), close),
    make('section', {}, make('h3', { text: words.takeLink }), make('div', { class: 'row' }, address, button('takeCopy', copy)), status, code),
    make('section', {}, make('h3', { text: words.takePicture }), make('div', { class: 'row' }, button('takePNG', () => (due = 'png')), button('takeSVG', saveSVG), ...films)),
    make('section', {}, make('h3', { text: words.takeNumbers }), make('div', { class: 'row' }, ...files)));
  const stop = make('button', { class: 'button recording', 'data-take': 'stop', hidden: true });
  stop.addEventListener('click', () => film.end());
  byId('stage', HTMLElement).append(stop);
  resources.nodes(stop);
  resources.defer(() => {
    if (film.running) film.end();
    dialog.close();
    dialog.replaceChildren();
  });

  /** What the next picture is wanted for. @type {''|'png'} */
  let due = '';

  async function copy() {
    try {
      await navigator.clipboard.writeText(address.value);
      write(status, words.shared);
    } catch {
      address.select();
      write(status, words.shareFailed);
    }
  }

  function saveSVG() {
    const { frame, scene } = store;
    if (!frame) return;
    const square = byId('square', HTMLElement);
    const ends = (/** @type {string} */ axis) => ['low', 'high'].map((end) => byId(`${axis}-${end}`, HTMLElement).textContent ?? '');
    save(fileName(store, 'svg'), 'image/svg+xml', drawing({
      frame, scene, pushes: landscape.pushes, levels: landscape.levels().values, axes: [ends('y1'), ends('y2')],
      marbles: store.marblePositions, shapes: shapesOver(square), side: square.clientWidth, ...caption(store),
    }));
  }

  /** @param {Film|Gif} next @param {string} extension @param {string} type */
  function record(next, extension, type) {
    dialog.close();
    if (film.running) film.end();
    const name = fileName(store, extension);
    film = next;
    film.begin((recorded) => save(name, type, recorded));
  }

  document.querySelector('[data-action="share"]')?.addEventListener('click', () => {
    address.value = link();
    for (const [k, [file]] of FILES.entries()) files[k].href = client.file(file);
    code.hidden = false; // so that the dialog does not change its size when the code comes
    code.src = `api/qr?text=${encodeURIComponent(address.value)}`;
    write(status, '');
    dialog.showModal();
    copy();
  }, resources);

  return {
    draw() {
      if (due || film.running) store.note('scene'); // so that everything is drawn again
    },
    drawn() {
      try {
        film.capture();
      } catch (e) {
        film.end(); // a recording that fails must not stop the page's loop
        toast(/** @type {Error} */ (e).message);
      }
      if (!due) return;
      due = '';
      const canvas = document.createElement('canvas');
      paint(store, canvas);
      const name = fileName(store, 'png');
      canvas.toBlob((png) => png && save(name, 'image/png', png), 'image/png');
    },
    numbers() {
      stop.hidden = !film.running && !film.encoding;
      stop.disabled = film.encoding;
      if (!stop.hidden) write(stop, film.encoding ? words.takeEncoding : say.filming(Math.floor(film.seconds)));
    },
    close: () => resources.release(),
  };
}
