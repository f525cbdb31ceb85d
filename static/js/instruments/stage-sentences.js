// stage-sentences.js: the stages of a step in sentences. They come from the method's card, or else from
// strings.js, as templates (ebm/stages.go describes their form).

/** @import {StageName, Step} from './step-stages.js' */
import { stageSentences, words } from '../strings.js';

/** @typedef {{down:number, up:number}} Change  how far the energy went at most, both positive */

/**
 * The sentence of a stage, with {down|…} and {up|…} around the coloured words.
 * @param {{stages?:Partial<Record<StageName, string>>}} card
 * @param {StageName} stage
 * @param {Step} step
 * @param {Change} change
 */
export function sentenceOf(card, stage, step, change) {
  if (stage === 'change' && !(change.down > 0 || change.up > 0)) return words.nothingChanged;
  return fill(card.stages?.[stage] ?? stageSentences[stage], step, change);
}

/**
 * @param {string} template
 * @param {Step} step
 * @param {Change} change
 */
function fill(template, step, change) {
  const { downs, ups, more, ringed, paths, variants, perturbed, rejected } = step;
  const followed = ringed.length / 2;
  /** @type {Record<string, boolean>} */
  const holds = { part: followed < downs, perturbed: perturbed > 0, rejected: rejected.length > 0 };
  /** @type {Record<string, [number|string, boolean]>}  a value, and whether there is more than that */
  const values = {
    downs: [downs, more.down],
    ups: [ups, more.up],
    followed: [followed, false],
    steps: [Math.max(0, ...paths.map((p) => p.length / 2)) - 1 - perturbed, false],
    varies: [(variants.reduce((sum, [, , x, y, toX, toY]) => sum + Math.hypot(toX - x, toY - y), 0) / Math.max(1, variants.length)).toPrecision(2), false],
    lowered: [change.down.toPrecision(2), false],
    raised: [change.up.toPrecision(2), false],
  };
  return template
    .replace(/\[(!?)(\w+)\|([^\]]*)\]/g, (_, not, condition, text) => (holds[condition] === !not ? text : ''))
    .replace(/\{(\w+)(?: (\w+))?\}/g, (_, name, noun) => {
      const [value, open] = values[name];
      const one = value === 1 && !open;
      return `${open && noun ? 'more than ' : ''}${value}${noun ? ` ${noun}${one ? '' : 's'}` : ''}`;
    });
}
