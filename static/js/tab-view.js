// tab-view.js: what this tab shows of its room, and which tool its pointer has. None of it is
// sent to the room.

/** @typedef {import('./types.js').Layers} Layers */

/** The layers in the order of their chips: the word, the tone, and whether shown at first. */
export const LAYERS = /** @type {const} */ ([
  { id: 'heat', word: 'heat', tone: '', on: true },
  { id: 'contours', word: 'contours', tone: '', on: true },
  { id: 'labels', word: 'labels', tone: '', on: false },
  { id: 'data', word: 'dots', tone: '', on: true },
  { id: 'up', word: 'up', tone: 'up', on: true },
  { id: 'paths', word: 'paths', tone: '', on: false },
  { id: 'down', word: 'down', tone: 'down', on: false },
  { id: 'proposals', word: 'proposals', tone: '', on: false },
  { id: 'marks', word: 'marks', tone: '', on: true },
  { id: 'field', word: 'field', tone: '', on: false },
]);

export class TabView {
  /** @type {import('./types.js').Scene} */
  scene = {
    theme: 'light',
    layers: /** @type {Layers} */ (/** @type {unknown} */ (Object.fromEntries(LAYERS.map(({ id, on }) => [id, on])))),
    spacing: 'quantile',
    map: 'depth',
    trails: true,
    range: '',
    cardRange: 'data',
    frozen: false,
    exact: false,
    fps: 30,
    reducedMotion: false,
    points: new Float32Array(0),
    scale: 1,
  };
  /** What a pointer does on the landscape. */
  tool = 'ask';
  /** The point that is asked about, or where the slice is; null for none. @type {[number, number]|null} */
  at = null;
  /** What the energy answered there, as the ask panel shows it; null while nothing is asked. @type {any} */
  answer = null;
  /** The point that the page reads out: under the pointer, or where arrow keys put it. @type {[number, number]|null} */
  cursor = null;
  /** Where the driver points, on a page that follows; null for nowhere. @type {[number, number]|null} */
  light = null;
  /** Whether the energy there is played as a tone. */
  sound = false;
  /** The points while they are being drawn, rows of y1, y2; null otherwise. @type {Float32Array|null} */
  drawn = null;
  /** The groups of those; null where the points have no label. @type {Uint8Array|null} */
  drawnGroups = null;
  /** Whether the training points are not shown: the class draws others. */
  withoutData = false;
  /** Whether what the step did is not shown: the result of the pins has marks that look like it. */
  withoutStep = false;
  /** Whether a stroke is being drawn or its points are still being sent. */
  drawing = false;
  /** The marbles that a link or a lesson drops, and their temperature in units of the energy; null for none. @type {{count:number, temperature:number}|null} */
  marbles = null;
  /** The step of a lesson that is shown, as an address has it: collapse.2; '' for none. */
  lesson = '';
  /** The step at which that step of the lesson stops; 0 where that is not known. */
  lessonStop = 0;
  /** The copies to compare with, as the address that was opened has them; '' for none. */
  compare = '';
  /** Whether the difference of compared runs is shown. */
  difference = false;
  /** The exhibit that was opened last; '' for none. */
  exhibit = '';
}
