// ledger-story.js: the stages of a step in words, for every method its own where it has some.

/** @import {StageName, Step} from './ledger-stages.js' */
import { OWN_STAGES, USUAL_STAGES, words } from '../strings.js';

/**
 * The sentence of a stage, with {down|…} and {up|…} around the coloured words.
 * @param {string} model
 * @param {StageName} stage
 * @param {Step} step
 * @param {import('../strings.js').Change} change
 */
export function tell(model, stage, step, change) {
  if (stage === 'change' && !(change.down > 0 || change.up > 0)) return words.nothingChanged;
  return (OWN_STAGES[model]?.[stage] ?? USUAL_STAGES[stage])(step, change);
}
