// ledger-story.js: the stages of a step in words, for every method its own where it has some.

/** @import {StageName, Step} from './ledger-stages.js' */

/** @typedef {{down:number, up:number}} Change  how far the energy went at most, both positive */
/** @typedef {(step:Step, change:Change) => string} Telling */

/** @param {number} n @param {boolean} [more] */
const points = (n, more) => (more ? `more than ${n} points` : n === 1 ? 'one point' : `${n} points`);
/** @param {number} n */
const steps = (n) => (n === 1 ? 'one step' : `${n} steps`);
/** @param {Step} step */
const walked = ({ ways, thrown }) => Math.max(0, ...ways.map((w) => w.length / 2)) - 1 - thrown;

/** What all methods say that have nothing better. @type {Record<StageName, Telling>} */
const USUAL = {
  points: ({ downs, more, ringed }) => `Take ${points(downs, more.down)} of the data${ringed.length / 2 < downs ? `; ${ringed.length / 2} of them are followed here` : ''}.`,
  start: () => 'Each chain stands where the last step left it.',
  kick: () => 'Throw each of them off its place, in a random direction.',
  walk: (step) => `Each walks over the landscape, ${steps(walked(step))}${step.refused.length ? '. A cross: its last proposal was refused' : ''}.`,
  mend: () => 'The model says where each came from: along the orange arrow.',
  guess: () => 'The model offers other places for each.',
  scatter: ({ ups, more }) => `Scatter ${points(ups, more.up)} over the plane.`,
  near: () => 'Find what the model has to offer for each point.',
  up: () => '{up|Push up} where they have come to. The larger the mark, the harder.',
  down: () => '{down|Push down} at the points themselves.',
  pull: () => 'Pull the answer towards the point: {down|the energy sinks there}. Nothing is pushed up.',
  change: (_, { down, up }) => `What the step did: {down|down by up to ${down.toPrecision(2)}}, {up|up by up to ${up.toPrecision(2)}}. Along the thick line nothing changed.`,
  rest: () => 'This step pushed nothing.',
};

/** @type {Telling} */
const rebuilt = () => 'Make the network’s answer come closer to the point: {down|the energy sinks there}. Nothing is pushed up.';
/** @type {Telling} */
const uphill = () => '{up|Push up} where the walks have ended: what is low and no data should not be low.';

/** What a method says in its own words. @type {Record<string, Partial<Record<StageName, Telling>>>} */
const OWN = {
  cd: {
    walk: (step) => (step.refused.length || !step.thrown ? USUAL.walk(step, { down: 0, up: 0 }) : `From there each runs downhill, ${steps(walked(step))}, into low ground nearby.`),
    up: uphill,
  },
  hmc: { walk: (step) => `Each is pushed in a random direction and rolls like a ball without friction${step.refused.length ? '. A cross: the way was refused' : ''}.`, up: () => '{up|Push up} where the balls are stopped.' },
  pcd: { start: () => 'The chains never return to the data: each stands where the last step left it.', up: () => '{up|Push up} wherever the chains have got to.' },
  mcmc: { start: () => 'Start chains anywhere on the plane.', up: uphill },
  maxlik: { guess: () => 'Look everywhere above and below each point.', scatter: ({ ups }) => `Look everywhere at once. Each dot stands for 1/${ups} of all probability: many where the energy is low.`, up: () => '{up|Push up} there: everywhere, as hard as the model finds the place probable.' },
  mc: { guess: () => 'Scatter points, half of them near the data.', up: () => '{up|Push up} each as hard as the model finds it probable: a few count, most hardly.' },
  nce: { guess: () => 'Noise keeps y1 of each point and draws y2 anew.', scatter: ({ ups, more }) => `Scatter noise over the plane: ${points(ups, more.up)}.`, up: () => '{up|Push up} where noise is taken for data. The surer the mistake, the larger the mark.', down: () => '{down|Push down} where data is taken for noise.' },
  hinge: {
    points: ({ downs }) => `Pair points with other places. ${downs === 1 ? 'One pair is' : `${downs} pairs are`} not yet a margin apart; the others rest.`,
    scatter: () => 'The partner of each is a place anywhere on the plane.',
    guess: () => 'The partner of each: where it ends when it is thrown and runs downhill.',
    up: () => '{up|Push up} at the partners.',
    rest: () => 'Every pair is a margin apart: all rest.',
  },
  dae: { kick: () => 'Throw each off its place by noise.', mend: () => 'The network brings each back, along the orange arrow. It should end in the ring.', up: () => '{up|Push up} where they were thrown: from there the way back is long.', down: () => '{down|Push down} at the points: from there there is nowhere to go.' },
  dsm: { kick: () => 'Throw each off its place by noise.', mend: () => 'The slope says where each came from: along the orange arrow. It should end in the ring.', up: () => '{up|Push up} on the side away from the ring.', down: () => '{down|Push down} on the side of the ring: the ground tilts towards it.' },
  masked: { guess: () => 'Hide one coordinate of each, and guess it from the other.', up: () => '{up|Push up} at the wrong guesses, as hard as they were likely.' },
  scorematching: { up: () => '{up|Push up} close around each point, on all sides: a hollow.', down: () => '{down|Push down} at the point itself: the floor of the hollow.' },
  kmeans: { near: () => 'Find the prototype that is nearest to each.', pull: () => 'The nearest prototype moves towards its points: {down|the energy sinks there}. Nothing is pushed up.' },
  softkmeans: { near: () => 'Each looks at all prototypes, most at the nearest one.', pull: () => 'All prototypes move, the near ones most: {down|the energy sinks there}. Nothing is pushed up.' },
  gmm: { near: () => 'Ask which component is likely to have made each point.', pull: () => 'The components move, change size and weight: {down|the energy sinks there}. Nothing is pushed up.' },
  pca: { near: () => 'Drop each point onto the line.', pull: () => 'Turn the line towards the points: {down|the energy sinks there}. Nothing is pushed up.' },
  ae: { near: () => 'Squeeze each point through the code, and build it up again.', pull: rebuilt },
  cae: { near: () => 'Let the network rebuild each point.', pull: rebuilt },
  vae: { near: () => 'Rebuild each point from its code, to which noise is added.', pull: rebuilt },
  glo: { near: () => 'Find the point of the curve that is nearest to each.', pull: () => 'Bend the curve towards the points: {down|the energy sinks there}. Nothing is pushed up.' },
  latent: { near: () => 'Find the curve that is nearest above or below each.', pull: () => 'Bend that curve towards the point: {down|the energy sinks there}. Nothing is pushed up.' },
  leastsquares: { near: () => 'See what the curve says above or below each.', pull: () => 'Bend the curve towards the points: {down|the energy sinks there}. Nothing is pushed up.' },
  lcc: { near: () => 'Mix each point from the anchors near it, three at most.', pull: () => 'Pull those anchors towards the point: {down|the energy sinks there}. Nothing is pushed up.' },
  sparse: { near: () => 'Rebuild each point from few atoms.', pull: () => 'Pull those atoms towards the point: {down|the energy sinks there}. Nothing is pushed up.' },
  lista: { near: () => 'Let the network guess a code, and rebuild the point from it.', pull: () => 'Pull the anchors and the guess towards the point: {down|the energy sinks there}. Nothing is pushed up.' },
};

/**
 * The sentence of a stage, with {down|…} and {up|…} around the coloured words.
 * @param {string} model
 * @param {StageName} stage
 * @param {Step} step
 * @param {Change} change
 */
export function tell(model, stage, step, change) {
  if (stage === 'change' && !(change.down > 0 || change.up > 0)) return 'The energy is as it was.';
  return (OWN[model]?.[stage] ?? USUAL[stage])(step, change);
}
