// index.js: the export dialog: the link and its code, pictures, films, numbers, and a program.
/** @import {Instrument, Page} from '../instruments/index.js' */
import { axisTexts } from '../axes.js';
import { byId, dialogHead, hint, make, toast, write } from '../dom.js';
import { Resources } from '../resources.js';
import { say, words } from '../strings.js';
import { caption, fileName } from './caption.js';
import { Film } from './film.js';
import { Gif } from './gif.js';
import { LinkPart } from './link-part.js';
import { renderPicture } from './picture.js';
import { save, saveOnClick } from './save.js';
import { shapesOver } from './shapes.js';
import { drawing } from './svg.js';

/** What the server writes of a room. */
const FILES = /** @type {const} */ ([
  ['files/model.py', 'exportScript'], ['checkpoint', 'exportCheckpoint'], ['files/landscape.npz', 'exportNPZ'], ['files/landscape.json', 'exportJSON'],
  ['files/grid.csv', 'exportGrid'], ['files/points.csv', 'exportPoints'], ['files/curves.csv', 'exportCurves'],
]);

/**
 * @param {Page} page
 * @returns {Instrument}
 */
export function startExport({ store, client, landscape, link }) {
  const resources = new Resources();
  const dialog = byId('export', HTMLDialogElement);
  /** The recording. @type {Film|Gif} */
  let film = new Film(store);
  const landscapePart = new LinkPart('exportLink', 'exportCopyTip', '');
  const roomPart = new LinkPart('exportRoom', 'exportRoomTip', 'room-');
  const files = FILES.map(([file, word]) => {
    const a = make('a', { class: 'button', 'data-export': word, download: '', text: words[word] });
    hint(a, words[`${word}Tip`]);
    saveOnClick(a, client, file);
    return a;
  });
  /** @param {'exportPNG'|'exportSVG'|'exportFilm'|'exportGIF'} word @param {() => void} act */
  const button = (word, act) => {
    const node = make('button', { class: 'button', 'data-export': word, text: words[word] });
    hint(node, words[`${word}Tip`]);
    node.addEventListener('click', act);
    return node;
  };
  const films = [button('exportFilm', () => record(new Film(store), 'webm', 'video/webm')), button('exportGIF', () => record(new Gif(store), 'gif', 'image/gif'))];
  films[0].hidden = !Film.possible;
  dialog.append(
    dialogHead(dialog, words.exportTitle),
    landscapePart.node, roomPart.node,
    make('section', {}, make('h3', { text: words.exportPicture }), make('div', { class: 'row' }, button('exportPNG', () => (due = 'png')), button('exportSVG', saveSVG), ...films)),
    make('section', {}, make('h3', { text: words.exportNumbers }), make('div', { class: 'row' }, ...files)));
  const stop = make('button', { class: 'button recording', 'data-export': 'stop', hidden: true });
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

  function saveSVG() {
    const { frame, scene } = store;
    if (!frame) return;
    const square = byId('square', HTMLElement);
    save(fileName(store, 'svg'), 'image/svg+xml', drawing({
      frame, scene, pushes: landscape.pushes, followed: landscape.followed, notes: landscape.notes, levels: landscape.levels().values, axes: axisTexts(store),
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

  /** Shows the links as they are now. */
  function showLinks() {
    landscapePart.show(link.address, { opens: link.opens, notes: [...link.differences, ...(store.classroom.me ? [words.exportMember] : [])], here: words.exportHere });
    roomPart.node.hidden = store.classroom.room !== ''; // others come in by the code of the class
    roomPart.show(link.room, { opens: words.exportRoomOpens, here: words.exportRoomHere });
  }

  document.querySelector('[data-action="share"]')?.addEventListener('click', async () => {
    for (const [k, [file]] of FILES.entries()) files[k].href = client.file(file);
    showLinks();
    dialog.showModal();
    dialog.scrollTop = 0;
    await link.update().catch(() => {}); // without its moves it still is a link
    showLinks();
    if (dialog.open) landscapePart.copy();
  }, resources);

  return {
    draw() {
      if (due || film.running) store.markChanged('scene'); // so that everything is drawn again
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
      renderPicture(store, canvas);
      const name = fileName(store, 'png');
      canvas.toBlob((png) => png && save(name, 'image/png', png), 'image/png');
    },
    numbers() {
      stop.hidden = !film.running && !film.encoding;
      stop.disabled = film.encoding;
      if (!stop.hidden) write(stop, film.encoding ? words.exportEncoding : say.filming(Math.floor(film.seconds)));
    },
    close: () => resources.release(),
  };
}
