// step-stages.js: the stages of one step of learning, from its frame, in the order in which they
// happened: points are chosen, perturbed, moved by the sampler and pushed; then the energy changes.

/** @import {Frame, ModelCard} from '../types.js' */
/** @import {Values} from '../room-data.js' */
import { spread } from '../landscape/push-animation.js';
import { connects, pathsByNumber } from '../landscape/sample-paths.js';
import { inForce } from '../room-data.js';

/** @typedef {'points'|'start'|'perturb'|'walk'|'denoise'|'guess'|'scatter'|'near'|'limit'|'up'|'down'|'pull'|'change'|'rest'} StageName */

/**
 * The path of a point that is followed: stop after stop, as y1, y2, y1, y2, …
 * @typedef {number[]} Path
 */

/**
 * What there is to show of a step.
 * @typedef {object} Step
 * @property {StageName[]} stages
 * @property {number[]} ringed   the points of the data that are followed, y1, y2, …
 * @property {Path[]} paths      from where each started; of a pull, from the point to what the model offers
 * @property {Path[]} variants   of the stage limit (ebm/stages.go): three stops, or four
 * @property {number} perturbed  how many pieces of each path are a perturbation, not a walk: 0 or 1
 * @property {number[]} rejected  proposals that were rejected: rows of to1, to2, from1, from2
 * @property {number} ups        points that are pushed up
 * @property {number} downs      points that are pushed down
 * @property {{up:boolean, down:boolean}} more  whether there are more than the frame has
 */

/** How many points can be followed at once, and how many stops of theirs for each point. */
export const MANY = 14;
const STOPS = 11;
/** The weights of all pushes in one direction add up to 1: where they do not, the frame has a part of them. */
const ALL = 0.99;

/**
 * The stages of a frame's step.
 * @param {Frame} frame
 * @param {ModelCard} card
 * @param {Values} values  of the knobs
 * @param {number} [many]  how many points are followed
 * @returns {Step}
 */
export function stepOf(frame, card, values, many = MANY) {
  const { pushes } = frame;
  const rows = Array.from({ length: pushes.length / 5 }, (_, r) => pushes.subarray(5 * r, 5 * r + 5));
  const ups = rows.filter((r) => r[4] > 0);
  const downs = rows.filter((r) => r[4] < 0);
  const weight = (/** @type {Float32Array[]} */ of) => of.reduce((sum, r) => sum + Math.abs(r[4]), 0);
  const count = { ups: ups.length, downs: downs.length, more: { up: weight(ups) < ALL, down: weight(downs) < ALL } };
  if (!rows.length) return { stages: ['rest', 'change'], ringed: [], paths: [], variants: [], perturbed: 0, rejected: [], ...count };
  const known = pathsByNumber(frame.paths);
  if (!ups.length) {
    const limited = card.stages?.limit !== undefined && known.size > 0;
    const chosen = spread(frame, limited ? downs.slice(0, known.size) : downs, many);
    const few = chosen.map((i) => downs[i]);
    return {
      stages: ['points', 'near', ...(limited ? /** @type {const} */ (['limit']) : []), 'pull', 'change'],
      ringed: few.flatMap(([x, y]) => [x, y]), paths: few.map((r) => [...r.subarray(0, 4)]), perturbed: 0, rejected: [],
      variants: limited ? chosen.map((i) => known.get(i) ?? []) : [], ...count,
    };
  }
  const stops = Math.max(1, ...[...known.values()].map((p) => p.length / 2));
  const few = spread(frame, known.size ? ups.slice(0, known.size) : ups, Math.max(3, Math.min(many, Math.round((many * STOPS) / stops))));
  const paths = few.map((i) => pathOf(frame, ups[i], known.get(i)));
  const away = few.some((i) => ups[i][0] !== ups[i][2] || ups[i][1] !== ups[i][3]);
  const denoises = known.size > 0 && few.some((i) => !connects(frame, known.get(i) ?? [], ups[i]));
  const perturbed = denoises || (known.size > 0 && inForce(card, values, 'kick') !== undefined) ? 1 : 0;
  const from = new Set(downs.map(([x, y]) => `${x} ${y}`));
  const starts = paths.map((p) => p.slice(0, 2));
  const free = known.size > 0 && !denoises && starts.every(([x, y]) => !from.has(`${x} ${y}`)); // chains that do not start at the data
  /** @type {StageName[]} */
  const stages = ['points'];
  if (free) stages.push('start');
  if (perturbed) stages.push('perturb');
  if (denoises) stages.push('denoise');
  else if (known.size > 0) {
    if (paths.some((p) => p.length / 2 > 2 || !perturbed)) stages.push('walk');
  } else if (away && near(frame, ups) > 0.05) stages.push('guess');
  else if (!away) stages.push('scatter');
  stages.push('up', 'down', 'change');
  const followed = free || !away ? spread(frame, downs, many).flatMap((i) => [downs[i][0], downs[i][1]]) : starts.flat();
  return { stages, ringed: followed, paths, variants: [], perturbed, rejected: rejectedOn(frame, paths), ...count };
}

/** The mean distance of a push from where it came from, as a share of the plane's width. @param {Frame} frame @param {Float32Array[]} rows */
function near(frame, rows) {
  return rows.reduce((sum, [x, y, fromX, fromY]) => sum + Math.hypot(x - fromX, y - fromY), 0) / rows.length / (frame.x1 - frame.x0);
}

/** @param {Frame} frame @param {Float32Array} push @param {number[]} [path] @returns {Path} */
function pathOf(frame, push, path) {
  const [x, y, fromX, fromY] = push;
  if (!path) return [fromX, fromY, x, y];
  return connects(frame, path, push) ? path : [fromX, fromY, ...path]; // it was perturbed, and then denoised
}

/** The rejected proposals on these paths. @param {Frame} frame @param {Path[]} paths */
function rejectedOn({ proposals }, paths) {
  const stops = new Set(paths.flatMap((w) => w.flatMap((c, i) => (i % 2 ? [] : [`${c} ${w[i + 1]}`]))));
  const out = [];
  for (let p = 0; p < proposals.length; p += 5) {
    const [x, y, fromX, fromY, went] = proposals.subarray(p, p + 5);
    if (!went && stops.has(`${fromX} ${fromY}`)) out.push(x, y, fromX, fromY);
  }
  return out;
}

/**
 * The marks of a frame as they were when a share of the step was over: a mark at the end of a path
 * with two stops has moved along it.
 * @param {Frame} frame
 * @param {number} share  0 before the step, 1 after it
 */
export function marksAt(frame, share) {
  const { marks, paths } = frame;
  if (share >= 1 || marks.length === 0 || paths.length === 0) return marks;
  const out = marks.slice();
  const close = 1e-4 * (frame.x1 - frame.x0);
  for (const path of pathsByNumber(frame.paths).values()) {
    if (path.length !== 4) continue;
    const [x, y, toX, toY] = path;
    for (let m = 0; m < out.length; m += 4) {
      if (Math.hypot(marks[m + 2] - toX, marks[m + 3] - toY) > close) continue;
      out[m + 2] = x + share * (toX - x);
      out[m + 3] = y + share * (toY - y);
    }
  }
  return out;
}
