// strings.js holds every word the page says by itself; long because a translator finds all of them here.
// Names, summaries and help texts of methods and data come from the catalogue.

/** @import {StageName, Step} from './instruments/ledger-stages.js' */

/** Words that stand as they are; index.html names them in data-say, data-label and data-tip. */
export const words = {
  compare: 'Compare', compareTip: 'Keeps this run beside you as A, and lets you change a knob of B: both at the same step.',
  paneB: 'B',
  paneLive: 'yours to change', paneSame: 'as B',
  unpin: 'Let go', unpinTip: 'Lets this run go.',
  addPin: '+ pin', addPinTip: 'Keeps the present run beside you once more: up to three.',
  difference: 'B − A', differenceTip: 'Shows where the landscape of B lies higher (green) or lower than that of A, each from its mean over the plane.',
  lower: 'lower', higher: 'higher',
  lessMean: 'each from its mean',
  takeOver: 'Make it B', takeOverTip: 'Gives B the method and the knobs of this run.',
  wallAll: 'all methods', wallAllTip: 'A small landscape for every method there is.',
  wallSeven: 'seven strategies', wallSevenTip: 'One method of each strategy, larger.',
  wall: 'Wall', wallTip: 'All methods on these data, side by side, learning live.',
  toolsLabel: 'Instruments',
  more: 'More', moreTip: 'Failures, the link, the theme and the help.',
  share: 'Share',
  shareTip: 'Copies a link that opens this very landscape, and offers it as a picture, a film, numbers or a program.',
  shared: 'Link copied.',
  shareFailed: 'The browser would not copy the link: take it from here.',
  takeTitle: 'Take it home',
  takeLink: 'The link', takeCopy: 'Copy', takeCopyTip: 'Copies the link: whoever opens it sees this very landscape.',
  takeCode: 'The link as a code for a camera',
  takePicture: 'What is on the screen',
  takePNG: 'Picture (PNG)', takePNGTip: 'The landscape as it is drawn now, with its axes and colours.',
  takeSVG: 'Drawing (SVG)', takeSVGTip: 'Contours, points and arrows as lines, for print.',
  takeFilm: 'Film (WebM)', takeFilmTip: 'Films the landscape while it learns, until you stop it; two minutes at most.',
  takeGIF: 'Film (GIF)', takeGIFTip: 'A smaller film for slides, ten pictures a second; ten seconds at most.',
  takeEncoding: 'The film is being made…', takeLost: 'The film could not be made: its encoder did not load or failed.',
  exportNoPicture: 'The film was stopped before its first picture; nothing is saved.',
  takeNumbers: 'Its numbers',
  takeScript: 'Python script', takeScriptTip: 'A short program with the parameters in it that computes this energy by numpy.',
  takeCheckpoint: 'Checkpoint', takeCheckpointTip: 'All that going on needs: drop it on the page, or give it to ebmviz eval.',
  takeNPZ: 'Arrays (NPZ)', takeNPZTip: 'Energies, points and curves for numpy.load.',
  takeJSON: 'All (JSON)', takeJSONTip: 'Energies, points and curves in one file.',
  takeGrid: 'Energies (CSV)', takeGridTip: 'Lines y1,y2,F: the middle of every cell.',
  takePoints: 'Points (CSV)', takePointsTip: 'Lines y1,y2: what the model learns from.',
  takeCurves: 'Curves (CSV)', takeCurvesTip: 'Loss, AUC and the others, a line a step.',
  projector: 'Projector',
  projectorTip: 'Larger type and lines, and the landscape alone, for the last row of the room. Key: P.',
  panels: 'Panels', panelsTip: 'Shows methods, data and knobs beside the landscape.',
  themeTip: 'Light paper, dark night, or as the computer is set.',
  themeAuto: 'Theme: as the computer is set',
  themeLight: 'Theme: light',
  themeDark: 'Theme: dark',
  help: 'Help',
  helpTip: 'What the picture shows, and the keys.',

  railLabel: 'Methods and data',
  contrastive: 'Contrastive',
  architectural: 'Architectural',
  data: 'Data',
  modelSeed: 'model seed',
  modelSeedHelp: 'Another seed starts from other weights and draws other batches: see what was luck.',

  layersLabel: 'What is shown in the landscape',
  heat: 'energy', heatTip: 'Colours the plane by its energy: deep is low, paper is high.',
  contours: 'contours', contoursTip: 'Lines of equal energy, every fourth one strong.',
  labels: 'labels', labelsTip: 'The energy written along the strong contours.',
  dots: 'data', dotsTip: 'The training points, where the energy is pushed down.',
  up: '↑ push up', upTip: 'Green arrows: from where a point set out to where the energy is pushed up.',
  down: '↓ push down', downTip: 'Marks the points whose energy this step pushed down.',
  paths: 'paths', pathsTip: 'The way of each sample of this step, stop by stop.',
  proposals: 'proposals', proposalsTip: 'Where the sampler proposed to go: a line with a dot where it went, a broken one with a cross where it was refused.',
  marks: 'marks', marksTip: 'What the model owns in the plane: prototypes, a curve, atoms, the places where its chains stand.',
  field: 'field', fieldTip: 'Small arrows that point downhill, or to the point the model offers instead.',
  view: 'View',
  spacing: 'contour spacing', spacingTip: 'Equal shares of the plane between lines, equal ratios, or equal energies.',
  quantile: 'equal areas', log: 'logarithmic', linear: 'equal steps',
  map: 'colours', mapTip: 'Depth is the page’s own; cividis and grey read well for colour-blind eyes and in print.',
  depth: 'depth', cividis: 'cividis', grey: 'grey',
  grid: 'grid', gridTip: 'How many cells the energy is computed on: finer shows sharper valleys and costs time.',
  fps: 'frames per second', fpsTip: 'How often the landscape is shown: more is smoother and costs time.',
  frozen: 'freeze the colours', frozenTip: 'Keeps range and levels as they are now, so that one sees energies grow past them.',
  connectionLost: 'The connection was lost.', noConnection: 'There is no connection.', noRoom: 'The server opens no room.',
  sound: 'sound', soundTip: 'Sings the energy under the pointer, or under the arrow keys: the higher the landscape there, the higher the tone.',
  exact: 'exact cells', exactTip: 'Shows the cells as computed instead of a smooth surface.',

  canvasLabel: 'Energy landscape over the plane. Arrow keys move a reader over it, Enter lets a point roll down.',
  barLabel: 'Colour bar: energies of the contour levels, low energy at the bottom',

  ledger: 'ΔF', ledgerTip: 'What the last steps did to the energy: where they pushed it down, and where up.',
  ledgerSpan: 'Steps of ΔF', ledgerSpanTip: 'Of how many steps the change is shown.',
  pushedDown: 'down', pushedUp: 'up',
  nothingChanged: 'The energy is as it was.',
  slow: 'slow motion', slowTip: 'Makes one step and shows it stage by stage: which points it takes, where they go, what is pushed.',
  slowLabel: 'One step in slow motion',
  slowBack: 'Back', slowBackTip: 'The stage before. Key: left arrow.',
  slowNext: 'Next', slowNextTip: 'The stage after. Key: right arrow.',
  slowAgain: 'Again', slowAgainTip: 'The same step from its first stage.',
  slowClose: 'Close', slowCloseTip: 'Back to the landscape. Key: Escape.',
  exactPhase: 'exact push up', exactPhaseTip: 'Shades where the exact gradient of maximum likelihood would push up: wherever the model finds points likely. The arrows are where its samples do.',
  toolAsk: 'Ask', toolAskTip: 'Click the landscape: what the energy is there, and the way from there to the valley.',
  toolSlice: 'Slice', toolSliceTip: 'Drag the line, or type y1: what the model says of y2 where y1 is given.',
  toolMarble: 'Marbles', toolMarbleTip: 'Throw marbles onto the landscape: they roll down the energy. Heat them, and they find where it is low.',
  marblesRain: 'Rain', marblesRainTip: 'Lets 50 marbles fall all over the plane.',
  marblesClear: 'Clear', marblesClearTip: 'Takes all marbles away.',
  marblesHeat: 'Temperature T', marblesHeatTip: 'At 0 a marble rolls on by its momentum until friction stops it. Heated, it is kicked about at random: in the long run marbles are as dense as e^(−F/T).',
  marblesHow: 'Press and let go, or throw.',
  lessonSheet: 'print', lessonSheetTip: 'The lesson on paper: questions on one page, answers on the next.',
  figureParts: 'Three rows of four cells, one hidden in each: the last, one in the middle, the first. It is asked for from the others.',
  figureRest: 'what comes next', figureHole: 'what is missing', figureStart: 'what came before',
  figureLatent: 'A code z goes through g; E compares the result with y. F(y) is the least E over all z.',
  figureMin: 'F(y) = min E over z',
  figureKMeans: 'The code z has a single 1, which chooses a column of W; E is its squared distance from y.',
  newerLink: 'This link was written by a newer ebmviz: what this one does not know is left out.',
  toolDraw: 'Draw', toolDrawTip: 'Draw the data yourself: the model learns from what is there as soon as you let go.',
  brush: 'Brush', brushTip: 'Lays points along the way of the pointer.',
  spray: 'Spray', sprayTip: 'Throws points around the pointer for as long as you hold it.',
  eraser: 'Eraser', eraserTip: 'Takes points away.',
  drawSize: 'Size', drawSizeTip: 'How far brush, spray and eraser reach.',
  outliers: 'Outliers', outliersTip: 'Throws a few more points all over the plane: one for every twenty.',
  drawClear: 'Clear', drawClearTip: 'Begins on an empty plane.',
  drawHow: 'Draw where the data should be.',
  bring: 'import', bringTip: 'Your own points from a table or a formula, or as a file to keep.',
  ownTitle: 'Your own points',
  ownLost: 'The server could not be reached: your points are still here, try again.',
  ownSaveTitle: 'Take them along', ownSave: 'Save as CSV', ownSaveTip: 'The points of the plane as a file: lines y1,y2.',
  tableTitle: 'From a table',
  tableHow: 'Paste numbers here, choose a file, or drop one anywhere on the page: CSV, TSV, JSON, or a checkpoint of ebmviz.',
  tableText: 'Table of numbers', tablePlaceholder: 'y1,y2\n0.5,0.8\n…', tableFile: 'A file with a table or a checkpoint',
  tableFirst: 'y₁ is', tableSecond: 'y₂ is', tableFit: 'placed',
  fitAsIs: 'as they are', fitSame: 'to fit, one scale', fitEach: 'to fit, each its scale',
  tableUse: 'Learn from these', tableEmpty: 'There is no number in this table.',
  tableJSON: 'This begins like JSON, but cannot be read as such: it should be [[1, 2], [3, 4]] or [{"a": 1, "b": 2}].',
  resumed: 'The checkpoint goes on from where it was saved.',
  curveTitle: 'From a formula',
  curveHow: 't goes from 0 to 1. There are + − * / ^, pi, e, sin, cos, exp, log, sqrt, abs, min, max and others.',
  curveDraw: 'Learn from this curve', curveN: 'points', curveNoise: 'noise',
  askTitle: 'What is F here?', askClose: 'Back',
  askHere: 'energy F', askGradient: 'gradient', askWay: 'way down', askEnd: 'leads to', askNone: 'it stays where it is',
  wayDescent: 'descent along −∇F', wayReconstruct: 'r(y), again and again', wayProject: 'W z*, again and again', wayDecode: 'g(z*), again and again',
  askWayTip: 'How a point finds the manifold: down the slope, or by the point that the model offers in its place.',
  askCodes: 'E(y, z) over the codes z', askCodesLabel: 'Energy of each code z, the best one marked',
  sliceTitle: 'y₂ given y₁ =', sliceLine: 'Slice: where y1 is given', sliceField: 'y1',
  sliceLabel: 'Energy over y2 where y1 is given, with its minima, the density and its mean',
  sliceMinima: 'minima of F', sliceMean: 'mean of the density', sliceRegression: 'least squares',
  sliceBeta: 'density at β', sliceBetaTip: 'How cold the density e^(−βF) of y2 is: small spreads it out, large puts it into the deepest minimum.',
  sliceWhy: 'The minima are the answers; a mean of several may lie where nothing is.',
  acrossLabel: 'Energy over y1 where y2 is given', acrossTitle: 'and across, over y₁',
  roll: 'click: let a point roll down',

  panelLabel: 'The method',
  thisStep: 'This step',
  quality: 'Quality',
  energies: 'Energy',
  energiesData: 'data',
  energiesPlane: 'plane',
  auc: 'AUC',
  nll: 'NLL',
  energiesTip: 'How the energies of the data and of the whole plane are spread. Learning pulls the two apart.',
  qualityTip: 'AUC: how surely the energy tells data from the plane, with the best that is possible dashed. NLL: how well it predicts fresh data; lower is better.',
  measuresLabel: 'Measures',
  idle: 'Nothing has been pushed yet.',
  formulaLabel: 'Formula',
  moreFormulas: 'How it goes',
  howItFails: 'How it fails',
  slip: 'Said wrongly', slipTip: 'What is often said of this method, and what is so.',
  howItFailsTip: 'Which knob to turn to see it fail, and the pieces of the museum on it.',
  baseline: 'No strategy: the baseline to compare with.',

  museum: 'Failures', museumTip: 'A museum of landscapes gone wrong, each with its diagnosis and its cure.',
  museumTitle: 'Museum of failures',
  museumText: 'Each of these goes wrong in its own way. Open one, watch it, then apply the cure.',
  exhibit: 'Failure', cured: 'Cured by', cure: 'Cure:', failure: 'See it fail again',

  play: 'Play', playTip: 'Lets the model learn. Key: space.',
  pause: 'Pause', pauseTip: 'Holds time still. Key: space.',
  step: 'One step', stepTip: 'Makes one update and shows what it pushed. Key: right arrow.',
  back: 'One step back', backTip: 'Goes back to the landscape before the last update. Key: left arrow.',
  reset: 'Start afresh', resetTip: 'Back to step 0 with the same seed. Key: R.',
  backwards: 'Play backwards', backwardsTip: 'Lets time run back: the landscape unlearns what it learnt.',
  stepCount: 'Step', stepCountTip: 'The step the model is at. Type another to go there.',
  undoChange: 'Undo', undoChangeTip: 'Takes back the last change of a knob, the method, the data or the seed. Keys: Ctrl Z.',
  redoChange: 'Redo', redoChangeTip: 'Makes the change again that was taken back. Keys: Ctrl Shift Z.',
  newSeed: 'new seed', newSeedTip: 'Starts afresh from other weights and other batches: see what was luck. Until then every run keeps its seed.',
  scrubber: 'Time, along the curve of the loss',
  scrubberTip: 'The loss so far. Drag along it to go back in time.',
  speed: 'Speed', speedTip: 'How fast the model learns: 1× takes eight seconds to its landscape.',
  speedMax: 'max',

  tabsLabel: 'What is shown below the landscape',
  tabPanel: 'This method', tabRail: 'Methods, data', tabLayers: 'Layers',

  undo: 'Back to the default',
  badStep: 'A step is a whole number, 0 or more.',
  badNumber: 'That is not a number.',

  lesson: 'Lesson', lessons: 'Lessons', lessonsTip: 'A guided way through the lecture, step by step, with predictions to make.',
  lessonsTitle: 'Lessons', lessonsText: 'Each takes a few minutes: a prediction, a run, and what was to be seen. Everything on the page can be turned meanwhile.',
  lessonsLost: 'The lessons could not be fetched.',
  lessonBack: 'Back', lessonBackTip: 'The step before.',
  lessonAgain: 'Again', lessonAgainTip: 'This step from its beginning.',
  lessonNext: 'Next', lessonNextTip: 'The next step.', lessonEnd: 'Done',
  lessonClose: 'Leave', lessonCloseTip: 'Ends the lesson; the landscape stays.',
  lessonPredict: 'Make a prediction, and the model begins to learn.', lessonRunning: 'It learns …',
  lessonRight: 'As you said.', lessonWrong: 'Not so.', lessonTry: 'Try:',
  relief: '3-D', reliefTip: 'Shows the energy as mountains and valleys that you can turn.',
  reliefMap: 'Map', reliefMapTip: 'Shows the energy from straight above, as colours and contour lines.',
  reliefLabel: 'Energy landscape as a body. Drag or arrow keys turn it, plus and minus zoom, 0 puts it back.',
  reliefHeight: 'How energy becomes height', reliefHeightTip: 'Height as the energy itself, as its logarithm (deep valleys apart), or by the contour levels.',
  reliefLinear: 'height: linear', reliefLog: 'height: log', reliefLevel: 'height: levels',
  reliefPolar: 'polar', reliefPolarTip: 'Unrolls the plane: angle across, radius in depth. A spiral becomes straight valleys.',
  reliefAngle: 'angle θ', reliefRadius: 'radius r',

  loading: 'The landscape is on its way.', reload: 'Load again',
  tryNow: 'Try now',
  newRoom: 'The room had ended: this is a new one with the same settings.',
  asleep: 'The room sleeps: nothing moves until it is woken.', wake: 'Wake it',
  empty: 'There are no training points to learn from.', emptyBack: 'Take the spiral',
  viewer: 'You are watching: the teacher has the controls.',
  watching: 'watching',
  close: 'Close',
  helpTitle: 'What you see',
  helpKeys: 'Keys',
  helpText: 'An energy for every point of the plane: deep where the model finds a point plausible, high where it does not. Learning pushes the energy down at the data and up elsewhere, or leaves little room for it to be low.',
};

/** @typedef {keyof typeof words} Word */

/** What is drawn and what it means, in the colour of its meaning, for the help. */
export const legend = [
  ['', 'Colour, lines', 'the energy and where it is equal; the bar beside the picture has the numbers'],
  ['down', '● Points', 'the training data, where the energy is pushed down'],
  ['up', '↑ Arrows', 'from where a point set out to where the energy is pushed up'],
  ['', '○ White', 'what the model owns in the plane: prototypes, a curve, atoms'],
  ['', '▪ Orange', 'where a sampler has been: its chains, its ways, what it proposed; a cross where it was refused'],
  ['', 'AUC', 'how surely the energy tells data from the plane: 0.5 is a guess; the second number is the best possible'],
  ['', 'NLL', 'how well the model predicts fresh data: lower is better, and the truth itself scores best'],
  ['', 'Gradient cosine', 'how well the direction in which a sampling method learns agrees with the exact one: 1 is the same; near the end chance blurs it'],
];

/** The keys and what they do, for the help. */
export const keys = [
  ['Space', 'play or pause'],
  ['→', 'one step on'],
  ['←', 'one step back'],
  ['R', 'start afresh'],
  ['B', 'play backwards'],
  ['P', 'projector: large type, the landscape alone'],
  ['Ctrl Z', 'take a change back; with Shift, make it again'],
  ['?', 'this help'],
  ['Tab, arrows', 'on the landscape: move the reader; Enter asks there, or drops a marble'],
  ['Arrows, + −, 0', 'in 3-D: turn the landscape, zoom, put it back'],
];

/** Sentences with something in them. */
export const say = {
  /** @param {string} title @param {number} n @param {number} of */
  lesson: (title, n, of) => `${title} · ${n} of ${of}`,
  /** @param {number} status */
  serverSaid: (status) => `The server answered ${status}.`,
  /** @param {string} url */
  notFetched: (url) => `The page could not fetch ${url}: load it again.`,
  /** @param {number} n */
  steps: (n) => `${n} ${n === 1 ? 'step' : 'steps'}`,
  /** @param {string} link */
  noLesson: (link) => `There is no lesson step “${link}”; Lessons lists those there are.`,
  /** @param {number} n @param {string} mean */
  marbles: (n, mean) => `${n} ${n === 1 ? 'marble' : 'marbles'}, mean F ${mean}`,
  /** @param {string} data @param {boolean} few */
  wall: (data, few) => `${few ? 'Seven strategies' : 'Every method'} on ${data}`,
  /** @param {number} step @param {string} auc @param {string} low */
  tile: (step, auc, low) => `step ${step}\n${[auc && `AUC ${auc}`, low && `${low}\u202f% low`].filter(Boolean).join(' · ')}`,
  /** @param {number} steps */
  span: (steps) => (steps === 1 ? 'last step' : `last ${steps}`),
  /** @param {string} sign @param {string} way @param {number} points @param {number} weight */
  sum: (sign, way, points, weight) => `${sign} pushed ${way} at ${points === 1 ? '1 point' : `${points} points`}, weight ${weight.toFixed(2)}`,
  /** @param {string} data @param {number} step @param {number} seed */
  taken: (data, step, seed) => `${data} · step ${step}${seed === 1 ? '' : ` · seed ${seed}`}`,
  /** @param {number} seconds */
  filming: (seconds) => `● ${seconds} s · stop`,
  /** @param {string} title */
  sheet: (title) => `Print: ${title}`,
  /** @param {string} title */
  answers: (title) => `Answers: ${title}`,
  /** @param {string} title @param {number} own  how many points somebody has brought */
  dataTitle: (title, own) => (own ? `${own} own` : title),
  /** @param {number} most */
  mostPoints: (most) => `There can be ${most} points, and there are: erase some first.`,
  /** @param {number} n */
  column: (n) => `column ${n}`,
  /** @param {number} rows @param {number} most */
  tableLong: (rows, most) => `This table has ${rows > most + 1 ? 'more than ' : ''}${Math.min(rows, most)} rows; ${most} points are allowed. Take a part of it.`,
  /** @param {number} columns */
  tableText: (columns) => `A point needs two columns of numbers; this table has ${columns === 1 ? 'one' : 'none'}.`,
  /** @param {number} rows */
  tableFew: (rows) => `${rows === 1 ? 'Only one row has' : 'No row has'} a number in both columns; a model needs at least two points.`,
  /** @param {number} rows */
  tableSame: (rows) => `All ${rows} points lie in the same place; a model needs at least two different ones.`,
  /** @param {number} n @param {number} left @param {[string, number, number][]} axes  name, middle, scale */
  laidOut: (n, left, axes) => `${n} points${left ? `; ${left} row${left === 1 ? '' : 's'} without two numbers left out` : ''}. ${
    axes.map(([name, middle, scale], k) => `y${'₁₂'[k]} = (${name} − ${Number(middle.toPrecision(4))}) / ${Number(scale.toPrecision(4))}`).join(', ')}`,
  /** @param {string} name @param {number} size @param {number} most  bytes */
  fileLarge: (name, size, most) => `${name} has ${Math.ceil(size / 2 ** 20)} MB; at most ${most / 2 ** 20} MB are read.`,
  /** @param {string} name */
  fileBinary: (name) => `${name} is no text: a table is CSV, TSV or JSON.`,
  /** @param {number} beta @param {number} cosine  NaN where it is not known */
  density: (beta, cosine) => `▒ exact push up, as e^(−${beta === 1 ? '' : `${Number(beta.toPrecision(3))}\u202f`}F)${Number.isFinite(cosine) ? `; gradient cosine ${cosine.toFixed(2).replace('-', '−')}` : ''}`,
  /** @param {number} k @param {number} n */
  stage: (k, n) => `${k}/${n}`,
  /** @param {number} first @param {number} last */
  ledger: (first, last) => (first === last ? `ΔF of step ${last}` : `ΔF of steps ${first}–${last}`),
  /** @param {number} step @param {string} auc @param {string} low */
  pane: (step, auc, low) => `step ${step}${auc && ` · AUC ${auc}`}${low && ` · ${low}\u202f%\u00a0low`}`,
  /** @param {number} seconds */
  lost: (seconds) => `Connection lost; trying again ${seconds > 0 ? `in ${seconds} s` : 'now'}.`,
  /** @param {number} step */
  backTo: (step) => `Back to step ${step}`,
  /** @param {number} steps @param {string} rate  '' while time stands still */
  rate: (steps, rate) => `of ${steps} · ${rate ? `${rate} /s` : 'paused'}`,
  /** @param {string} auc @param {string} ceiling */
  auc: (auc, ceiling) => (ceiling ? `AUC ${auc} of ${ceiling}` : `AUC ${auc}`),
  /** @param {string} nll @param {string} truth */
  nll: (nll, truth) => (truth ? `NLL ${nll}, truth ${truth}` : `NLL ${nll}`),
  /** @param {string} symbol @param {string} value */
  knobUndo: (symbol, value) => `Put ${symbol} back to ${value}`,
  /** @param {string} title @param {string} data @param {string} [role] */
  place: (title, data, role) => [title, data, role].filter(Boolean).join(' · '),
  /** @param {number} step @param {number} steps @param {string} loss */
  time: (step, steps, loss) => `step ${step} of ${steps}${loss ? `, loss ${loss}` : ''}`,
  /** @param {string} title @param {string} data @param {number} step @param {string} on @param {string} off @param {string} low */
  reading: (title, data, step, on, off, low) =>
    `${title} on ${data}: after ${step} ${step === 1 ? 'step' : 'steps'} the energy is typically ${on} on the data and ${off} elsewhere.${low ? ` ${low}\u202f% of the plane is low.` : ''}`,
};

/** @typedef {{down:number, up:number}} Change  how far the energy went at most, both positive */
/** @typedef {(step:Step, change:Change) => string} Telling */

/** @param {number} n @param {boolean} [more] */
const points = (n, more) => (more ? `more than ${n} points` : n === 1 ? 'one point' : `${n} points`);
/** @param {number} n */
const steps = (n) => (n === 1 ? 'one step' : `${n} steps`);
/** @param {Step} step */
const walked = ({ ways, thrown }) => Math.max(0, ...ways.map((w) => w.length / 2)) - 1 - thrown;

/** The stages of a step in slow motion, as all methods tell them that have nothing better. @type {Record<StageName, Telling>} */
export const USUAL_STAGES = {
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

/** A method's own words for them. @type {Record<string, Partial<Record<StageName, Telling>>>} */
export const OWN_STAGES = {
  cd: {
    walk: (step) => (step.refused.length || !step.thrown ? USUAL_STAGES.walk(step, { down: 0, up: 0 }) : `From there each runs downhill, ${steps(walked(step))}, into low ground nearby.`),
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
