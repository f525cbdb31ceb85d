// curve-form.js: the form for a curve by the formulas of its two coordinates; the server
// evaluates them.
import { make, toast, write } from '../dom.js';
import { say, words } from '../strings.js';
import { rounded } from './link-code.js';

/** A first example: a spiral of two turns. */
const EXAMPLE = { y1: '1.2*t*cos(4*pi*t)', y2: '1.2*t*sin(4*pi*t)', n: 400, noise: 0.03 };

/**
 * The parts of the form.
 * @param {import('./user-points.js').UserPoints} userPoints
 * @param {() => void} done  called when the room has the points
 */
export function curveForm(userPoints, done) {
  /** @param {'y1'|'y2'|'n'|'noise'} name @param {Record<string, string|number>} [attributes] */
  const input = (name, attributes = {}) => make('input', { 'data-curve': name, value: EXAMPLE[name], spellcheck: 'false', autocomplete: 'off', ...attributes });
  const [y1, y2] = [input('y1'), input('y2')];
  const n = input('n', { type: 'number', min: 2, step: 1 });
  const noise = input('noise', { type: 'number', min: 0, max: 1, step: 0.01 });
  const error = make('p', { class: 'wrong', role: 'alert' });
  const result = make('p', { class: 'why', 'data-curve': 'result' });
  const draw = make('button', { class: 'button', 'data-curve': 'draw', text: words.curveDraw });
  const form = make('form', {},
    make('label', {}, 'y₁(t) =', y1), make('label', {}, 'y₂(t) =', y2),
    make('div', { class: 'picks' }, make('label', {}, words.curveN, n), make('label', {}, words.curveNoise, noise)),
    error, result, draw);
  /** Says a sentence after the dialog was closed, and in it when it is opened again. @param {string} sentence */
  const report = (sentence) => {
    toast(sentence);
    write(result, sentence);
  };
  form.addEventListener('submit', async (e) => {
    e.preventDefault();
    write(error, '');
    write(result, '');
    try {
      const curve = { y1: y1.value, y2: y2.value, n: n.valueAsNumber, noise: noise.valueAsNumber };
      const { box } = userPoints.store.catalog.limits;
      const { points, left } = await userPoints.commands.client.query({ curve });
      if (!(await userPoints.send({ y: points.map((/** @type {import('./link-code.js').Point} */ y) => rounded(y, box)) }))) return;
      done();
      if (left) report(say.curveLeft(left, curve.n, box));
    } catch (wrong) {
      write(error, /** @type {Error} */ (wrong).message);
    }
  });
  /** Allows as many points as the server does. @param {number} points */
  const limit = (points) => (n.max = String(points));
  return { parts: [make('p', { class: 'why', text: words.curveHow }), form], limit };
}
