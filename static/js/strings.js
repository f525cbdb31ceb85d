// strings.js: all texts of the page, in one file for translators. Names, summaries and help texts of
// methods and data come from the catalogue.

/** @import {StageName} from './instruments/step-stages.js' */

/** Texts without values; index.html names them in data-say, data-label and data-tip. */
export const words = {
  compare: 'Compare', compareTip: 'Keeps a copy of this run, A, beside it. Change a knob of B and see both at the same step.',
  paneB: 'B',
  paneLive: 'the sliders change this one', paneSame: 'same settings as B',
  removePane: 'Remove', removePaneTip: 'Closes this copy.',
  addPane: 'Keep a copy', addPaneTip: 'Keeps another copy of the run beside it, up to three.',
  difference: 'B − A', differenceTip: 'Shows where the energy of B is higher (green) or lower than that of A, both with mean zero near the data.',
  lower: 'lower', higher: 'higher',
  meansRemoved: 'mean zero near the data', sameEverywhere: '0 everywhere',
  useInB: 'Use these settings in B', useInBTip: 'B gets the method and the knobs of this copy.',
  wallAll: 'all methods', wallAllTip: 'A small landscape for every method.',
  wallSeven: 'seven strategies', wallSevenTip: 'One method of each strategy, larger.',
  wall: 'Wall', wallTip: 'Every method on these data, side by side, all learning at once.',
  toolsLabel: 'Instruments',
  explore: 'Explore', exploreTip: 'Runs side by side: a copy of this one, or all methods.',
  knobsBelowTip: 'Scrolls to the last knob of the method.',
  methodsShown: 'Methods, data', methodsShownTip: 'Shows the methods and the data beside the runs.',
  lectureMethods: 'The lecture’s three',
  skip: 'Skip to the landscape',
  firstWatch: 'Watch it learn', firstDrag: 'drag', firstLesson: 'start lesson 1',
  dockLabel: 'Answers and controls of the tools',
  more: 'More', moreTip: 'Failures, projector, theme and help.',
  share: 'Share',
  shareTip: 'Copies a link that opens this landscape, and exports it as a picture, a film, numbers or a program.',
  shared: 'Link copied.',
  shareFailed: 'The browser does not allow copying here: select the link and copy it.',
  exportTitle: 'Share and export',
  exportLink: 'Link to this landscape', exportCopy: 'Copy', exportCopyTip: 'Copies the link.',
  exportRoom: 'Link to this run, live', exportRoomTip: 'Copies the link of this run.',
  exportRoomOpens: 'Whoever opens it watches this run as it goes on. Only this page has the controls.',
  exportRoomHere: 'It works in other tabs and windows on this computer.',
  exportCode: 'The link as a QR code',
  linkRounded: 'A link rounds the coordinates of your points to 0.001, so its landscape differs a little. Export a checkpoint to keep them exactly.',
  linkWithoutCopy: 'A compared run is not in the link: it opens as a copy of this run.',
  exportMember: 'This server lets in only who has the code of a class. To open the link later, start ebmviz on a computer of your own, and put its address before the “#”.',
  exportHere: 'This link works on this computer only, so there is no QR code. To let other devices in, see “In class” in the README.',
  exportPicture: 'What is on the screen',
  exportPNG: 'Picture (PNG)', exportPNGTip: 'The landscape as it is drawn now, with its axes and colours.',
  exportSVG: 'Drawing (SVG)', exportSVGTip: 'Contours, points and arrows as lines, for print.',
  exportFilm: 'Film (WebM)', exportFilmTip: 'Records the landscape while the model learns, until you stop it; two minutes at most.',
  exportGIF: 'Film (GIF)', exportGIFTip: 'A smaller film for slides, ten pictures a second; ten seconds at most.',
  exportEncoding: 'The film is being encoded…', exportFailed: 'The film could not be encoded.',
  exportNoPicture: 'The film was stopped before its first picture; nothing is saved.',
  exportNumbers: 'Numbers',
  exportScript: 'Python script', exportScriptTip: 'A short program that computes this energy with numpy; the parameters are in it.',
  exportCheckpoint: 'Checkpoint', exportCheckpointTip: 'To continue this run later: drop it on the page, or pass it to ebmviz eval.',
  exportNPZ: 'Arrays (NPZ)', exportNPZTip: 'Energies, points and curves for numpy.load.',
  exportJSON: 'All (JSON)', exportJSONTip: 'Energies, points and curves in one file.',
  exportGrid: 'Energies (CSV)', exportGridTip: 'Lines y1,y2,F: the centre of every cell.',
  exportPoints: 'Points (CSV)', exportPointsTip: 'Lines y1,y2, one for each point; of your own points also which are held out from training.',
  exportCurves: 'Curves (CSV)', exportCurvesTip: 'Loss, AUC and the others, one line per step.',
  projector: 'Projector',
  projectorTip: 'Larger type and lines, and only the landscape. Key: P.',
  panels: 'Panels', panelsTip: 'Shows methods, data and knobs beside the landscape.',
  themeTip: 'Light, dark, or as the computer is set.',
  themeAuto: 'Theme: as the computer is set',
  themeLight: 'Theme: light',
  themeDark: 'Theme: dark',
  help: 'Help',
  helpTip: 'What the picture shows, and the keys.',

  sidebarLabel: 'Methods and data',
  contrastive: 'Contrastive',
  architectural: 'Architectural',
  data: 'Data',
  modelSeed: 'model seed',
  modelSeedHelp: 'Another seed starts from other random weights and draws other batches. What looks the same with every seed is not chance.',

  layersLabel: 'What is shown in the landscape',
  heat: 'energy', heatTip: 'Colours the plane by its energy.',
  contours: 'contours', contoursTip: 'Lines of equal energy, every fourth one bold.',
  labels: 'labels', labelsTip: 'The energy written along the bold contours.',
  dots: 'data', dotsTip: 'The training points, where the energy is pushed down. Hollow points are held out: the model does not learn from them, it is tested on them.',
  up: '↑ push up', upTip: 'Green: a ring where a sample starts, dashes where it is perturbed, dots for its steps, a triangle where the energy is pushed up.',
  down: '↓ push down', downTip: 'Marks the points where this step pushed the energy down.',
  paths: 'paths', pathsTip: 'The paths of many more samples of this step, thin, below the green ones.',
  follow: 'follow a point', followTip: 'Follows one point, large and slowly, from where it starts to where the energy is pushed up; the others fade.',
  proposals: 'proposals', proposalsTip: 'What the sampler proposed: a line with a dot was accepted, a dashed line with a cross was rejected.',
  marks: 'marks', marksTip: 'Parts of the model: prototypes, a curve, atoms, and where its chains are.',
  field: 'field', fieldTip: 'Small arrows downhill, or towards the reconstruction of an autoencoder.',
  view: 'View',
  spacing: 'contour spacing', spacingTip: 'Between two contours lies the same area, the same ratio of energies, or the same difference.',
  quantile: 'equal areas', log: 'equal ratios', linear: 'equal differences',
  map: 'colours', mapTip: 'Depth is the default, cividis is safe for colour-blind readers, grey is for print.',
  depth: 'depth', cividis: 'cividis', grey: 'grey',
  grid: 'grid', gridTip: 'How many cells the energy is computed on: a finer grid shows sharper valleys and takes longer.',
  fps: 'frames per second', fpsTip: 'How often the landscape is drawn. More is smoother, and more work for the computer.',
  range: 'Which energies the colours cover',
  rangeData: 'data', rangeDataTip: 'Colours tell the valleys apart. What is far above the data has one colour.',
  rangePlane: 'plane', rangePlaneTip: 'Colours cover the whole plane: ridges, and how the energy grows far from the data.',
  rangeHigh: 'Upper end of the colours', rangeLow: 'Lower end of the colours',
  rangeTip: 'Drag, or press arrow keys, to change which energies the colours cover. Double-click: back to the preset.',
  rangeTypeTip: 'Click to type the energy at this end of the colours.',
  rangeOrder: 'The lower end must be below the upper end.', rangeMost: 'An end of the range is at most 1,000,000 and at least −1,000,000.',
  barChange: 'Colour bar of the change of the energy: lowered at the bottom, raised at the top',
  frozen: 'freeze the colours', frozenTip: 'Keeps the colours and contour levels as they are now, even when energies leave their range.',
  connectionLost: 'The connection was lost.', noConnection: 'There is no connection.', unreachable: 'The server did not answer.',
  slowerLine: 'This network blocks websockets: the page uses ordinary requests, and frames may come more slowly.',
  noLine: 'The server answers, but no connection lasts: a proxy or a filter in between cuts it. See “Behind a proxy” in the README.',
  sound: 'sound', soundTip: 'Plays the energy under the pointer, or under the arrow keys, as pitch: higher energy, higher tone.',
  exact: 'exact cells', exactTip: 'Shows the cells as computed instead of a smooth surface.',

  canvasLabel: 'Energy landscape over the plane. Arrow keys move a cursor over it, Enter shows the path downhill from there.',
  barLabel: 'Colour bar: energies of the contour levels, low energy at the bottom',

  energyChange: 'ΔF', energyChangeTip: 'How the last steps changed the energy: where it fell, and where it rose.',
  energyChangeSpan: 'Steps of ΔF', energyChangeSpanTip: 'Over how many steps the change is shown.',
  pushedDown: 'down', pushedUp: 'up',
  nothingChanged: 'The energy did not change.',
  slow: 'slow motion', slowTip: 'Makes one step and shows it stage by stage: which points it takes, where they move, where the energy is pushed.',
  slowLabel: 'One step in slow motion',
  slowBack: 'Back', slowBackTip: 'The previous stage. Key: left arrow.',
  slowNext: 'Next', slowNextTip: 'The next stage. Key: right arrow.',
  slowAgain: 'Again', slowAgainTip: 'The same step from its first stage.',
  slowClose: 'Close', slowCloseTip: 'Back to the landscape. Key: Escape.',
  exactPhase: 'exact push up', exactPhaseTip: 'Hatches where the exact gradient of maximum likelihood would push up: wherever the model finds points likely. The arrows show where its samples push.',
  toolAsk: 'Ask', toolAskTip: 'Click the landscape to see the energy there and the path downhill.',
  toolSlice: 'Slice', toolSliceTip: 'Drag the line, or type y₁, to see what the model predicts for y₂.',
  toolMarble: 'Marbles', toolMarbleTip: 'Throw marbles onto the landscape: they roll down the energy. With a temperature they explore where it is low.',
  marblesRain: 'Rain', marblesRainTip: 'Drops 50 marbles all over the plane.',
  marblesClear: 'Clear', marblesClearTip: 'Removes all marbles.',
  marblesHeat: 'Temperature T', marblesHeatTip: 'At 0 a marble rolls until friction stops it. Above 0 it is also pushed at random: in the long run the density of the marbles is e^(−F/T).',
  marblesHow: 'Press and release, or throw.',
  lessonPrint: 'print', lessonPrintTip: 'The lesson on paper: questions on one page, answers on the next.',
  figureParts: 'Three rows of four cells. In each, one cell is hidden (the last, one in the middle, the first) and inferred from the others.',
  figureRest: 'what comes next', figureHole: 'what is missing', figureStart: 'what came before',
  figureLatent: 'A code z goes through g; E compares the result with y. F(y) is the least E over all z.',
  figureMin: 'F(y) = min E over z',
  figureKMeans: 'The code z has a single 1, which chooses a column of W; E is its squared distance from y.',
  newerLink: 'A newer version of ebmviz wrote this link. Settings that this version does not know are ignored.',
  toolDraw: 'Draw', toolDrawTip: 'Draw the training points yourself; the model learns from them at once.',
  brush: 'Brush', brushTip: 'Adds points along the path of the pointer.',
  spray: 'Spray', sprayTip: 'Adds points around the pointer for as long as you press.',
  eraser: 'Eraser', eraserTip: 'Removes points.',
  drawSize: 'Size', drawSizeTip: 'The radius of brush, spray and eraser.',
  outliers: 'Outliers', outliersTip: 'Adds points all over the plane: one for every twenty.',
  drawClear: 'Clear', drawClearTip: 'Removes all points.',
  drawCleared: 'Draw where the data should be. Learning is paused until then.',
  importPoints: 'import', importPointsTip: 'Your own points from a table or a formula, and saving them as a file.',
  pointsTitle: 'Your own points',
  pointsUnsent: 'The server did not answer. Your points are still here: try again.',
  pointsSaveTitle: 'Save', pointsSave: 'Save as CSV', pointsSaveTip: 'The points of the plane as a file: lines y1,y2.',
  tableTitle: 'From a table',
  tableHow: 'Paste numbers here, choose a file, or drop one anywhere on the page: CSV, a spreadsheet’s cells, JSON, a printed array, NPY, and more; or a checkpoint of ebmviz.',
  tableText: 'Table of numbers', tablePlaceholder: 'y1,y2\n0.5,0.8\n…', tableFile: 'Choose a file', tableOther: 'Another table', tableYours: 'the table',
  tablePreview: 'First rows of the table', tableClick: 'Click two columns: the first becomes y₁, the second y₂.',
  tableFirst: 'y₁ is', tableSecond: 'y₂ is', tableLabel: 'coloured by', tableGroup: 'only', tableFit: 'scaled',
  roleX: 'y₁', roleY: 'y₂', roleLabel: 'colour', roleNone: ' ',
  labelNone: 'nothing', groupAll: 'all groups', groupAllTip: 'The model learns from the points of all groups.', groupsLabel: 'Groups of the points',
  formatDelimited: 'Text table', formatArray: 'Printed array',
  tableSeparator: 'Separator of the columns', separatorComma: 'commas separate', separatorSemicolon: 'semicolons separate', separatorTab: 'tabs separate', separatorBar: 'bars separate', separatorBlank: 'blanks separate',
  tableDecimal: 'Decimal sign', decimalPoint: 'decimal point', decimalComma: 'decimal comma',
  tableHeader: 'First row', headerYes: 'first row: names', headerNo: 'first row: numbers',
  fitNone: 'not at all', fitSame: 'to fit, both alike', fitEach: 'to fit, each by itself',
  tableUse: 'Learn from these', tableRefit: 'Scale them to fit',
  tableFew: 'Only one row has a number in both columns; a model needs at least two points.',
  resumed: 'The run continues from the checkpoint.',
  curveTitle: 'From a formula',
  curveHow: 't goes from 0 to 1. You can use + − * / ^, pi, e, sin, cos, exp, log, sqrt, abs, min, max and others.',
  curveDraw: 'Learn from this curve', curveN: 'points', curveNoise: 'noise',
  askTitle: 'What is F here?', askClose: 'Back',
  askHere: 'energy F', askGradient: 'gradient', askPath: 'path', askEnd: 'leads to', askNone: 'the point itself',
  pathDescent: 'descent along −∇F', pathReconstruct: 'r(y), repeated', pathProject: 'W z*, repeated', pathDecode: 'g(z*), repeated',
  askPathTip: 'How the point moves to low energy: by gradient descent, or by applying the model’s own map again and again.',
  askCodes: 'E(y, z) over the codes z', askCodesLabel: 'Energy of each code z, the best one marked',
  sliceLine: 'Slice: the given y₁',
  sliceMinima: 'minima of F', sliceMean: 'mean of the density', sliceRegression: 'least squares', sliceEdge: 'falls to the edge',
  sliceBeta: 'inverse temperature β', sliceBetaTip: 'The density e^(−βF) of y₂. A small β spreads it out; a large β concentrates it in the deepest minimum.',
  sliceWhy: 'Each minimum is a prediction. The mean of several may lie where there are no data.',
  clickForPath: 'click: path downhill',

  panelLabel: 'The method',
  thisStep: 'This step',
  quality: 'Quality',
  energies: 'Energy',
  energiesData: 'data',
  energiesPlane: 'plane',
  auc: 'AUC',
  nll: 'NLL',
  energiesTip: 'The distribution of the energies of the data and of the whole plane. Learning separates the two.',
  qualityTip: 'AUC: how well the energy separates data from the plane; the best possible is dashed. NLL: how well it predicts data; lower is better. Both are measured on fresh samples, of your own points on those held out.',
  measuresLabel: 'Measures',
  idle: 'No step has been made yet.', lowRegion: 'Low region:',
  formulaLabel: 'Formula',
  moreFormulas: 'One step, in formulas',
  howItFails: 'How it fails',
  misconception: 'Common misconception', misconceptionTip: 'What is often said of this method, and what is true.',
  howItFailsTip: 'Which knob makes it fail, and which failures of the museum show it.',
  source: 'Source', sourceTip: 'Who described the method, and when.',
  baseline: 'No strategy: the baseline to compare with.',

  museum: 'Failures', museumTip: 'Runs that went wrong, each with its diagnosis and its cure.',
  museumTitle: 'Museum of failures',
  museumText: 'Each of these fails in a different way. Open one, watch it, then apply the cure.',
  exhibit: 'Failure', cured: 'Cured by', cure: 'Cure:', failure: 'See it fail again',

  play: 'Play', playTip: 'The model learns. Key: space.',
  pause: 'Pause', pauseTip: 'The model stops learning. Key: space.',
  step: 'One step', stepTip: 'Makes one update and shows what it pushed. Key: right arrow.',
  back: 'One step back', backTip: 'Goes back to the landscape before the last update. Key: left arrow.',
  reset: 'Start again', resetTip: 'Back to step 0 with the same seed. Key: R.',
  backwards: 'Play backwards', backwardsTip: 'Goes back step by step, to the landscape before learning. Key: B.',
  stepCount: 'Step', stepCountTip: 'The step the model is at. Type another to go there.',
  undoChange: 'Undo', undoChangeTip: 'Undoes the last change of a knob, the method, the data or the seed. Keys: Ctrl Z.',
  redoChange: 'Redo', redoChangeTip: 'Makes the undone change again. Keys: Ctrl Shift Z.',
  newSeed: 'new seed', newSeedTip: 'Starts again from other random weights and batches. What looks the same with every seed is not chance.',
  scrubber: 'Steps, along the curve of the loss',
  scrubberTip: 'The loss so far. Drag along it to go back to earlier steps.',
  speed: 'Speed', speedTip: 'How fast the model learns: at 1× a run takes about eight seconds.',
  speedMax: 'max', speedSlow: 'slow',

  tabsLabel: 'What is shown below the landscape',
  tabPanel: 'This method', tabSidebar: 'Methods, data', tabLayers: 'Layers',

  undo: 'Back to the default',
  badStep: 'A step is a whole number, 0 or more.',
  badNumber: 'That is not a number.',

  lesson: 'Lesson', lessons: 'Lessons', lessonsTip: 'Short lessons that follow the lecture, with predictions to make.',
  lessonsTitle: 'Lessons', lessonsText: 'Each takes a few minutes: a prediction, a run, and what you should have seen. All controls work during a lesson.',
  lessonsLost: 'The lessons could not be loaded.',
  lessonBack: 'Back', lessonBackTip: 'The previous step.',
  lessonAgain: 'Again', lessonAgainTip: 'This step from its beginning.',
  lessonNext: 'Next', lessonNextTip: 'The next step.', lessonEnd: 'Done',
  lessonClose: 'Leave', lessonCloseTip: 'Ends the lesson; the landscape stays.',
  lessonPredict: 'Make a prediction, and the model begins to learn.', lessonRunning: 'The model learns …',
  lessonRight: 'Right.', lessonWrong: 'Not quite.', lessonTry: 'Try:',
  lessonPerform: 'Do it for me', lessonPerformTip: 'Carries out what there is to try, from the moment at which the run stopped.',
  lessonStart: 'Start', lessonStartTip: 'The model begins to learn.',
  lessonPlace: 'Click the place on the landscape, or move the cursor there with the arrow keys and press Enter.',
  lessonOthers: 'The other answers',
  lessonCircles: 'Right is inside a dashed circle; the cross is your answer.',
  lessonStop: 'Here the lesson stops',
  lessonDone: 'Done', lessonsAdded: 'Lessons of this server', myLessons: 'My lessons',
  myLessonsText: 'Kept in this browser. Save a lesson as a file to pass it on; drop a file anywhere on the page to open it.',
  lessonWrite: 'Write a lesson', lessonWriteTip: 'Makes a lesson of what the page shows, step by step.',
  lessonOpenFile: 'Open a lesson', lessonOpenFileTip: 'Opens a lesson that was saved as a file.',
  lessonCopy: 'copy and edit', lessonCopyTip: 'Makes a copy among my lessons, to change as you like.',
  lessonEdit: 'edit', lessonEditTip: 'Opens the lesson for writing.',
  lessonSave: 'save as a file', lessonSaveTip: 'Saves the lesson where the browser keeps its downloads.',
  lessonDelete: 'delete', lessonDeleteTip: 'Removes the lesson from this browser.',
  lessonNotStored: 'This browser has no room for the lesson: save it as a file before you leave the page.',
  lessonElsewhere: 'This link names a lesson that is kept in another browser. Ask for its file, and drop it here.',
  editor: 'Write a lesson', editPreview: 'Preview of the step', editNewTitle: 'My lesson', editUntitled: 'Untitled',
  editTitle: 'Title of the lesson', editAbout: 'What it shows', editAboutHow: 'in one sentence',
  editHow: 'Set up the landscape: method, data, knobs, tools. Play to the moment that tells something. Then add it as the first step.',
  editAdd: 'Add this view as a step', editAddTip: 'Takes the run from its beginning, the step where it stands, and how it is shown.',
  editPlay: 'Play', editPlayTip: 'Plays the lesson as its readers will see it.', editPlayStep: 'Play this step',
  editSave: 'Save as a file', editSaveTip: 'Saves the lesson where the browser keeps its downloads; any other page of ebmviz opens it.',
  editClose: 'Close', editCloseTip: 'The lesson stays under My lessons.', editDone: 'Done',
  editStored: 'Stored in this browser.', editTaken: 'The step has this view now.',
  editStep: 'Edit', editUp: '↑', editUpTip: 'Move up', editDown: '↓', editDownTip: 'Move down',
  editCopy: 'copy', editCopyTip: 'Copy', editDelete: 'delete', editDeleteTip: 'Delete', editUndo: 'Undo',
  editSteps: '‹ All steps', editBefore: '‹', editAfter: '›',
  editStepTitle: 'Title', editSay: 'Text before the run', editSeen: 'Text after the run: what could be seen, and why',
  editMarks: '*emphasis*, **strong**, lines with - for a list, $y_1^2$ for a formula, {down|pushed down} and {up|pushed up}. An empty line ends a paragraph.',
  editRun: 'Run and view', editStop: 'Stops', editStopStep: 'at step', editStopNumbers: 'when numbers hold',
  editShow: 'Show this view', editShowTip: 'Opens the run where it stops.',
  editAgain: 'Take this view again', editAgainTip: 'Replaces the run and the view of this step by those on the screen; its texts stay.',
  editQuestion: 'Question before the run', editChoices: 'with choices', editPlace: 'a place on the landscape', editNoQuestion: 'none',
  editAsk: 'Question', editRightHow: 'Mark the right answer. The page shuffles them.', editChoice: 'Answer', editWhy: 'Why it is right or wrong',
  editAddChoice: 'Add an answer', editRemove: 'Remove', editPick: 'Pick on the landscape', editPickTip: 'The next click on the landscape is the middle of a circle; an answer inside it is right.',
  editRadius: 'radius', editPlaceWhy: 'Why it is there', editPlaceShown: 'Readers choose a place on the landscape.',
  editTry: 'Something to try', editTryText: 'What to do', editTakeChanges: 'Take what has changed',
  editTakeChangesTip: 'Do on the page what readers are to try: turn a knob, play on, choose a tool. A button does the same for them.',
  editNothingToDo: 'Nothing is done for the readers yet.', editExpect: 'What must hold then:',
  editClaim: 'Numbers that must hold', editClaimHow: 'A bound with some room, and the words that rest on it. “ebmviz lesson check” plays the lesson and tests them with six seeds.',
  editNumber: 'Number', editAbove: 'above', editBelow: 'below', editSays: 'Words of this step that rest on it', editAddNumber: 'Add a number',
  editOneSeed: 'The text speaks of this seed only.',
  editPoint: 'What to look at', editWatch: 'Mark', editWatchNothing: 'nothing', editWatchLandscape: 'the landscape', editWatchBar: 'the colour bar', editWatchLoss: 'the curve of the loss', editWatchAUC: 'the AUC',
  editLabel: 'Label', editTone: 'Colour', editPlain: 'plain', editRing: 'ring', editAddLabel: 'Add a label', editAddLabelTip: 'The next click on the landscape is its place.',
  printPlace: 'Mark the place in the picture.', printCircles: 'The circle marks the right place.',
  pointsRounded: 'A step keeps the points to four digits: its numbers can differ a little from these.',
  relief: '3-D', reliefTip: 'Shows the energy as mountains and valleys that you can turn.',
  reliefMap: 'Map', reliefMapTip: 'Shows the energy from above, as colours and contour lines.',
  reliefLabel: 'Energy landscape in 3-D. Drag or arrow keys turn it, plus and minus zoom, 0 resets the view.',
  reliefHeight: 'How energy becomes height', reliefHeightTip: 'Height is the energy itself, its logarithm (which separates deep valleys), or its contour level.',
  reliefLinear: 'height: linear', reliefLog: 'height: log', reliefLevel: 'height: levels',
  reliefPolar: 'polar', reliefPolarTip: 'Polar coordinates: angle across, radius in depth. A spiral becomes straight valleys.',
  reliefAngle: 'angle θ', reliefRadius: 'radius r',

  loading: 'The landscape is loading.', reload: 'Load again',
  tryNow: 'Try now',
  connectAgain: 'Connect again',
  newRoom: 'The room had ended. This is a new one with the same settings, which has learnt again from step 0.',
  empty: 'There are no training points to learn from.', emptyBack: 'Use the spiral',
  viewer: 'You are watching. Another page has the controls.',
  watching: 'watching',
  close: 'Close',

  joinTitle: 'Join the class', joinHow: 'Type the code that is on the screen: six letters and digits.', join: 'Join', joining: 'Joining …',
  joinWrong: 'No class has this code. Compare it with the screen.',
  joinLocked: 'The class is locked: nobody new can join now. Ask your teacher to unlock it.',
  joinFull: 'The class is full: nobody else can join now.',
  lobbyTitle: 'Waiting to be let in', lobbyHow: 'Your teacher has to let you in. Keep this page open: the landscape appears by itself.',
  classEnded: 'The class has ended.', classRemoved: 'You were removed from the class.', classBack: 'Ask to come back',
  keepCopy: 'Keep this landscape', classOver: 'The last landscape stays here until you close the page.',
  classBar: 'The class',
  detach: 'Look around', detachTip: 'Your own view and tools, on the same run. What the class sees does not change.',
  memberWatches: 'Whoever leads has these controls. “Try it” gives you a copy of the run, with controls of your own.',
  fork: 'Try it', forkTip: 'A copy of this run for you alone, from this step on. You can change all its knobs.',
  returnBack: 'Return', returnTip: 'Back to what the class sees.',
  giveBack: 'Give back', giveBackTip: 'The teacher leads again.',
  myCopy: 'My copy', myCopyTip: 'Back to your copy of the run, where you left it.',
  teacherLeads: 'The teacher leads', youLead: 'You lead the class', lookAround: 'Looking around', yourCopy: 'Your copy',
  forkWaits: 'waits for its turn', forkPaused: 'paused by the teacher',
  gathered: 'The teacher has called everyone back.', ledBack: 'The teacher leads again.', chalkGiven: 'You lead the class now: everyone sees what you do.',
  copyEnded: 'Your copy of the run has ended. This is the class again.', shownEnded: 'The member’s copy has ended. This is the class again.',
  serverRestarted: 'The server has been restarted, and the class has ended. Open the link that the server printed in its terminal.',
  rename: 'Your name in this class', renameTip: 'The name that the teacher sees. Click to change it.',
  helpTitle: 'What you see',
  helpKeys: 'Keys',
  letterKeys: 'Keys that are single characters (R, B, P, ?)',
  helpText: 'Every point of the plane has an energy: low where the model finds the point plausible, high where it does not. Learning pushes the energy down at the data. Elsewhere it pushes it up, or it limits how much of the plane can be low.',
  classroom: 'Class', classTip: 'Lets others join with their phones: they follow this landscape, answer questions, and try it for themselves.',
  classHide: 'Hide the class’s panel',
  classOpening: 'The class is being opened.',
  classNotOpen: 'This server can be reached from this computer only.',
  classStart: 'To let a class in, stop it in the terminal and start it with',
  classThen: 'It prints a link: open it, and press Class again. Share copies a link of the present landscape, if you want to keep it.',
  classJoin: 'Join the class', classAddress: 'Address', classCode: 'Code', classScan: 'Scan, or open', classThenCode: 'and type the code', classQR: 'QR code of the link that joins the class',
  classLarge: 'Show large', classLargeTip: 'Address, code and QR code on the whole screen, for the last row.',
  classLock: 'Lock', classUnlock: 'Unlock', classLockTip: 'Nobody new can join. Those who are in stay.', classLockedNow: 'The class is locked: nobody new can join.',
  classNetworks: 'Other networks', classNetworksHow: 'This computer is in several networks. Choose the one that the phones are in.',
  classPeople: 'People', classAsk: 'Ask the class', classNobody: 'Nobody has joined yet. They scan the QR code, or open the address and type the code.', classSearch: 'Find a name',
  classNames: 'Show names', classNamesTip: 'On the projector names show only when you ask for them.',
  classLobby: 'waiting', classLobbyTip: 'They wait for you to let them in.',
  classFollowing: 'following', classFollowingTip: 'They see what you show.',
  classDetached: 'looking around', classDetachedTip: 'They watch this run with a view of their own.',
  classForked: 'own copy', classForkedTip: 'They try a copy of the run by themselves.',
  classAway: 'away', classAwayTip: 'Their page is closed or not connected.',
  classApprove: 'Let in', classApproveAll: 'Let all in',
  classHand: 'Let lead', classHandTip: 'They lead until you take it back: everyone sees what they do, and all controls of this run are theirs too.', classTakeBack: 'Take back',
  classRemove: 'Remove', classRemoveTip: 'Removes them from the class. From then on, new members wait until you let them in.', classRemoveYes: 'Remove', classRemoveNo: 'Keep',
  classLeads: 'leads', classAnswered: 'answered',
  classGather: 'Call all back', classGatherTip: 'Everyone follows again what you show. Their copies are kept.',
  classPause: 'Pause copies', classResume: 'Unpause', classPauseTip: 'Pauses the members’ copies of the run. They can play again when you allow it.',
  classBoardTip: 'The members’ copies of the run, live and side by side.',
  classRules: 'Rules for members', classWait: 'New ones wait until you let them in', classMayName: 'They may change their names', classBetween: 'Their copies stay between two steps', classFrom: 'first step', classTo: 'last step',
  classBetweenOrder: 'The first step must be below the last.',
  classRest: 'Rules, links, end of the class', classScreen: 'Second screen', classScreenTip: 'For a projector on another computer: shows what you show, without controls.',
  classOwnLink: 'My link', classOwnLinkTip: 'Brings you back to this class with all its controls, in another browser too. Keep it to yourself.',
  classOpen: 'Open', classCopied: 'Copied', classCopyFailed: 'The browser does not allow copying here.',
  classEnd: 'End the class', classEndSure: 'Everyone has to leave, and their copies end. You continue in a new run with the same settings.', classEndYes: 'End the class', classEndNo: 'Keep it open',
  classOthers: 'A member’s copy', classHome: 'Back to the class',
  boardOrder: 'Order', boardByName: 'by name', boardByMeasure: 'by measure', boardByStep: 'by step', boardByStatus: 'playing first',
  boardBesideTip: 'Shows two to six copies larger, live. Mark them with the box at their corner.', boardBack: 'All copies', boardEmpty: 'Nobody has a copy of the run yet. Members make one with “Try it”.',
  boardProject: 'Show', boardProjectTip: 'Shows this copy to everyone who follows, without a name.', boardPick: 'Mark for side by side', boardAnonymous: 'a member',
  boardPaused: 'paused', boardPlays: 'playing', boardAsleep: 'asleep', boardHalted: 'stopped: diverged', boardWaits: 'waits for its turn',
  paneEnded: 'This copy has ended.',
  act: 'What the class is asked',
  actQuestion: 'Question', actPins: 'Pins', actDrawing: 'Draw together', actMarbles: 'Marbles',
  actOpen: 'open', actClosed: 'closed', actRevealed: 'result', actFrozen: 'frozen',
  actChoose: 'Choose an answer. You can change it until the question is closed.',
  actPlace: 'Tap the place on the landscape, or move the cursor there with the arrow keys and press Enter.',
  actMarblesHow: 'Tap the landscape to drop a marble, or move the cursor there with the arrow keys and press Enter.',
  actDrawingHow: 'Draw on the landscape. Everyone’s points are one set of data.',
  actSending: 'Sending …', actSent: 'Sent. You can change it until the question is closed.', actUnsent: 'Not sent yet: it is sent when the connection is back.',
  actWait: 'Closed. The result is shown in a moment.', actWaitPins: 'Closed. These are everyone’s pins. Next, the run plays on.',
  actFrozenHow: 'Frozen. The points stay as they are.', actMarblesClosed: 'Closed. No more marbles.',
  actElsewhere: 'This is asked about the landscape of the class. Return to the class to answer.',
  actMarkRight: 'Tap the landscape where the right place is, or show the result without one.',
  actPinsKey: 'Now play on. A pin is right where the energy then rises more than on average over the plane.',
  actYours: 'your answer', actRight: 'right', actVerdictRight: 'Right.', actVerdictWrong: 'Not quite.', actNoAnswer: 'You did not answer.',
  actCircles: 'Right is inside a dashed circle.', actPinsLegend: '▲ the energy rose there; ○ it did not.', actPinsChange: 'ΔF less its mean:',
  actFirstVote: 'first vote', actThisVote: 'this vote',
  actUndo: 'Undo', actUndoTip: 'Removes your last stroke.',
  actShowNames: 'Show names', actShowNamesTip: 'Shows the class who answered what.', actNames: 'Who answered what',
  actClose: 'Close question', actCloseTip: 'Nobody can answer any more, and the counts are shown on this page.', actClosePins: 'Close and show pins', actClosePinsTip: 'Nobody can set pins any more, and everyone sees all pins.',
  actFreeze: 'Freeze', actFreezeTip: 'Nobody can draw until you unfreeze it.', actThaw: 'Unfreeze', actThawTip: 'Everyone can draw again.',
  actReopen: 'Open again', actReopenTip: 'Everyone can answer again.',
  actPlayOn: 'Play on', actPlayOnTip: 'Trains the model for this many steps.', actSteps: 'Steps to play on', actStepsUnit: 'steps',
  actAgain: 'Vote again', actAgainTip: 'Asks the same question once more, for instance after a discussion. Both votes are shown.',
  actReveal: 'Show the result', actRevealTip: 'Everyone sees the counts, and which answer is right.', actRevealPins: 'Show who was right', actRevealPinsTip: 'Everyone sees where the energy rose since the pins were closed, and which of their own pins are right.',
  actClear: 'Clear', actClearTip: 'Removes what everyone has drawn or dropped.', actTrain: 'Train on these', actTrainTip: 'The points become the data of this run, and the model learns from them.',
  actEnd: 'End', actEndTip: 'Takes it off all screens.',
  actAsk: 'Ask the class', actStart: 'Start', actText: 'Question', actAnswers: 'Answers',
  actStartQuestion: 'A question with answers to choose from, or with a place on the landscape as its answer.',
  actStartPins: 'Everyone sets up to three pins. Then play on: where the energy rises shows which pins were right.',
  actStartDrawing: 'Everyone adds points to one set of data. The model can then learn it.',
  actStartMarbles: 'Everyone drops marbles on one landscape.',
  actPinsText: 'Where will the energy go up?', actDrawingText: 'Draw our data together', actMarblesText: 'Drop marbles: where do they come to rest?',
  actByChoice: 'choices', actByPlace: 'a place on the landscape', actTickRight: 'Tick what is right; the class sees it with the result.',
  actAddChoice: 'Add an answer', actLessonAsks: 'While a lesson is open, its questions are asked automatically.',
  actNow: 'Something is being asked now. Starting another ends it.', actFewWords: 'Write the question and at least two answers.', actWrite: 'Write the question.',
};

/** @typedef {keyof typeof words} Word */

/** What is drawn and what it means, in its colour, for the help. */
export const legend = [
  ['', 'Colour, lines', 'the energy, and lines of equal energy; the bar beside the picture has the numbers'],
  ['down', '● Points', 'the training data, where the energy is pushed down; hollow ones are held out from training, a fifth of your own points if they are 100 or more'],
  ['up', '▲ Green', 'one sample: a ring where it starts, dashes where it is perturbed, dots for its steps, a triangle where the energy is pushed up'],
  ['', '○ White', 'parts of the model: prototypes, a curve, atoms'],
  ['', '▪ Orange', 'the sampler: its chains, their paths, its proposals; a cross where one was rejected'],
  ['', 'AUC', 'how well the energy separates data from the plane: 0.5 is a guess; the second number is the best possible'],
  ['', 'NLL', 'how well the density e^(−βF)/Z predicts data: lower is better, and the true density is best. β is the model’s own; where its energy gives no density, it is the β that fits best'],
  ['', 'AUC, NLL on …', 'they are measured on fresh samples of the data; of your own points, on those held out. If they are too few for that, on the training points, which a model may have memorised'],
  ['', 'Gradient cosine', 'whether a method that samples moves the weights in the right direction: 1 is the direction of the exact gradient, 0 is unrelated, below 0 points away from it. When the model has nearly learnt, it is noisy'],
];

/** What carries the connection, for the help. */
export const transports = {
  websocket: 'Connection: a websocket, the fastest.',
  stream: 'Connection: one long HTTP download, because this network blocks websockets. The page tries a websocket again from time to time.',
  poll: 'Connection: many short HTTP requests, because this network blocks websockets and long downloads. The page tries better ways from time to time.',
};

/** The keys and what they do, for the help. */
export const keys = [
  ['Space', 'play or pause, whatever was clicked last; Enter presses a button'],
  ['→', 'one step forward'],
  ['←', 'one step back'],
  ['R', 'start again'],
  ['B', 'play backwards'],
  ['F', 'follow one point'],
  ['P', 'projector: large type, the landscape alone'],
  ['Ctrl Z', 'undo; with Shift, redo'],
  ['?', 'this help'],
  ['Tab, arrows', 'on the landscape: move the cursor; Enter asks there, or drops a marble'],
  ['Arrows, + −, 0', 'in 3-D: turn the landscape, zoom, reset the view'],
  ['← →, Home, End', 'on the instruments: move between them'],
];

/** @param {number} n */
const points = (n) => (n === 1 ? '1 point' : `${n} points`);

/** What the measures are taken on. @typedef {import('./room-data.js').RoomData['measuredOn']} MeasuredOn */
/** @type {Record<MeasuredOn, string>} */
const measuredOn = { '': '', held: ' on held-out points', training: ' on the training points' };

/** A sentence with its end. @param {string} text */
const ended = (text) => (/[.?!]$/.test(text) ? text : `${text}.`);
/** How a number of this step is called, where its name in the catalogue is no word. @type {Record<string, string>} */
export const numberNames = {
  step: 'step size', removed: 'share of the noise removed', ess: 'effective samples', logz: 'log Z', explained: 'share of the variance explained',
  acceptance: 'share of proposals accepted', stuck: 'share of chains that did not move', turned: 'turned by (degrees)',
};

/** What a number of this step means; '' where its name says it. @param {string} name @param {number} value */
export function numberMeaning(name, value) {
  if (name === 'gradient_ratio') return 'times the length of the exact gradient';
  if (name !== 'gradient_cosine') return '';
  if (value >= 0.9) return 'nearly the direction of the exact gradient';
  if (value >= 0.5) return 'roughly the direction of the exact gradient';
  if (value >= 0.1) return 'only partly the direction of the exact gradient';
  return value > -0.1 ? 'unrelated to the exact gradient' : 'points away from the exact gradient';
}

/** Texts with values. */
export const say = {
  /** @param {string} text */
  rangeNoNumber: (text) => `“${text}” is not a number.`,
  /** @param {number} n */
  pushedDown: (n) => `${points(n)} pushed down`,
  /** @param {number} n */
  pushedUp: (n) => `${points(n)} pushed up`,
  /** @param {number} n */
  knobsBelow: (n) => `${n} more ↓`,
  /** @param {string} distance */
  meanDistance: (distance) => `on average ${distance} from their data points`,
  /** @param {number} percent */
  shareOfPlane: (percent) => `${percent}\u202f% of the plane`,
  /** @param {number} step @param {number} moves */
  linkOpens: (step, moves) => `Opens this landscape at step ${step}${moves ? `, with the ${moves === 1 ? 'knob move' : `${moves} knob moves`} that led to it` : ''}, in the same view.`,
  /** @param {string} reason  an independent clause, as the server has it */
  linkWithoutHistory: (reason) => `The link opens with the present settings and learns from step 0, so its landscape will differ: ${reason}. Export a checkpoint to keep this one.`,
  /** @param {number} moves */
  linkTooLong: (moves) => `The ${moves} knob moves of this run are too many for a link. It opens with the present settings and learns from step 0, so its landscape will differ. Export a checkpoint to keep this one.`,
  /** @param {number} n @param {number} most */
  linkManyPoints: (n, most) => `The link has the name of your ${n} points, not the points, which would be too many (more than ${most}). It works on this server only.`,
  /** @param {number} length @param {number} most */
  linkNoCode: (length, most) => `No QR code: the link has ${length} characters, and a code that a camera can read has at most ${most}.`,
  /** @param {string} title @param {number} n @param {number} of */
  lesson: (title, n, of) => `${title} · ${n}\u00a0of\u00a0${of}`,
  /** @param {number} status */
  serverAnswered: (status) => `The server answered ${status}.`,
  /** @param {string} url */
  notFetched: (url) => `The page could not load ${url}: load it again.`,
  /** @param {number} n */
  steps: (n) => `${n} ${n === 1 ? 'step' : 'steps'}`,
  /** @param {number} minutes @param {number} steps @param {number} seen */
  lessonLength: (minutes, steps, seen) => `${minutes} min · ${seen && seen < steps ? `${seen} of ${steps} steps` : say.steps(steps)}`,
  /** @param {number} n */
  lessonGoOn: (n) => `go on at step ${n}`,
  /** @param {number} done @param {number} of */
  lessonsDone: (done, of) => `${done} of ${of} lessons done`,
  /** @param {string} link */
  noLesson: (link) => `There is no lesson step “${link}”; Lessons lists all of them.`,
  /** @param {number} n @param {string} mean */
  marbles: (n, mean) => `${n} ${n === 1 ? 'marble' : 'marbles'}, mean F ${mean}`,
  /** @param {string} data @param {boolean} few */
  wall: (data, few) => `${few ? 'Seven strategies' : 'Every method'} on ${data}`,
  /** @param {number} step @param {string} auc @param {string} low @param {MeasuredOn} on */
  tile: (step, auc, low, on) => `step ${step}\n${[auc && `AUC ${auc}${on === 'training' ? ' (training)' : ''}`, low && `${low}\u202f% low`].filter(Boolean).join(' · ')}`,
  /** @param {number} steps */
  span: (steps) => (steps === 1 ? 'last step' : `last ${steps}`),
  /** @param {string} sign @param {string} direction @param {number} n @param {number} weight */
  sum: (sign, direction, n, weight) => `${sign} pushed ${direction} at ${points(n)}, weight ${weight.toFixed(2)}`,
  /** @param {string} data @param {number} step @param {number} seed */
  runDetail: (data, step, seed) => `${data} · step ${step}${seed === 1 ? '' : ` · seed ${seed}`}`,
  /** @param {number} seconds */
  filming: (seconds) => `● ${seconds} s · stop`,
  /** @param {string} title */
  printLesson: (title) => `Print: ${title}`,
  /** @param {string} title */
  copyLesson: (title) => `Copy and edit: ${title}`,
  /** @param {string} title */
  copyOf: (title) => `${title} (copy)`,
  /** @param {string} title */
  lessonDeleted: (title) => `“${title}” was deleted.`,
  /** @param {string} title */
  lessonOpened: (title) => `“${title}” is among my lessons now.`,
  /** @param {string} name @param {string} message */
  lessonWrong: (name, message) => ended(`${name} cannot be opened: ${message}`),
  /** @param {string} name @param {number} size @param {number} most */
  lessonLarge: (name, size, most) => `${name} has ${Math.ceil(size / 2 ** 20)} MB; a lesson has at most ${most / 2 ** 20} MB.`,
  /** @param {string} name */
  lessonSaved: (name) => `Saved as ${name}.`,
  /** @param {string} message */
  lessonUnfinished: (message) => ended(`Not saved yet: ${message}`),
  /** @param {string} title */
  stepDeleted: (title) => `“${title}” was deleted.`,
  /** @param {string} model @param {string} data */
  stepTitle: (model, data) => [model, data].filter(Boolean).join(', '),
  /** @param {number} n @param {number} of */
  stepOf: (n, of) => `Step ${n} of ${of}`,
  /** @param {string} act @param {number} n */
  stepAct: (act, n) => `${act} step ${n}`,
  /** @param {string} model @param {string} data @param {number} seed @param {number} moves */
  stepRun: (model, data, seed, moves) => [model, data, `seed ${seed}`, moves && `${moves} knob ${moves === 1 ? 'move' : 'moves'}`].filter(Boolean).join(' · '),
  /** @param {string} reason */
  runNotTaken: (reason) => ended(`The step begins with the present settings at step 0, so its landscape can differ: ${reason}`),
  /** @param {string} where */
  preview: (where) => `Preview: ${where}`,
  /** @param {number} n */
  rightChoice: (n) => `Answer ${n} is right`,
  /** @param {string[]} all */
  actions: (all) => `The button does this: ${all.join('; ')}.`,
  /** @param {number} step */
  toStep: (step) => `to step ${step}`,
  /** @param {string} name */
  without: (name) => `without ${name}`,
  /** @param {string} text */
  notSaid: (text) => `The step does not say “${text}”.`,
  /** @param {string} name */
  notNow: (name) => `${name} is out of its bounds now.`,
  /** @param {string} name */
  knob: (name) => `knob ${name}`,
  /** @param {number} n */
  label: (n) => `Label ${n}`,
  /** @param {string} title @param {number} step */
  pictureOf: (title, step) => `${title}: the landscape at step ${step}`,
  /** @param {number} step */
  stepCaption: (step) => (step ? `after ${step} ${step === 1 ? 'step' : 'steps'}` : 'before the run'),
  /** @param {number} n @param {number} of */
  drawingStep: (n, of) => `Drawing the worksheet: step ${n} of ${of} …`,
  /** @param {string} title */
  answers: (title) => `Answers: ${title}`,
  /** @param {string} title @param {number} own  the number of the user's own points; 0 if the data are others */
  dataTitle: (title, own) => (own ? `${own} own` : title),
  /** @param {number} most */
  mostPoints: (most) => `There are ${most} points, the most allowed: erase some first.`,
  /** @param {string} data  that the model learns */
  drawHow: (data) => `Draw where your data should be. Until then the model learns ${data}.`,
  /** @param {number} n */
  column: (n) => `column ${n}`,
  /** @param {number} n */
  tableSame: (n) => `All ${n} points lie in the same place; a model needs at least two different points.`,
  /** @param {string} name @param {string} low @param {string} high */
  columnRange: (name, low, high) => (low === high ? `${name}: ${low}` : `${name}: ${low} to ${high}`),
  /** @param {string} name @param {number} n */
  group: (name, n) => `${name} (${n})`,
  /** @param {string} name @param {number} n */
  groupTip: (name, n) => `The model learns from “${name}” alone: ${points(n)}.`,
  /** @param {number} n  of outliers */
  outliers: (n) => `leave out outliers (${n})`,
  /** @param {string} value @param {number} n @param {string[]} columns */
  leaveOut: (value, n, columns) => `Leave out ${value} (${n === 1 ? 'once' : `${n} times`} in ${columns.join(', ')})`,
  /** @param {string} value */
  keep: (value) => `Keep ${value}, which is left out`,
  /** @param {number} n @param {number} rows @param {{line:number, reason:string}[]} first */
  leftOut: (n, rows, first) => `${n} of ${rows} rows left out: ${first.map(({ line, reason }) => `line ${line}, ${reason}`).join('; ')}${n > first.length ? '; …' : '.'}`,
  /** @param {number} n @param {...[name:string, range:string]} axes */
  understood: (n, ...axes) => `${points(n)}: ${axes.map(([name, range]) => `${name} from ${range}`).join(', ')}.`,
  /** @param {number} outside @param {number} n @param {number} box */
  outside: (outside, n, box) => `${outside} of ${points(n)} ${outside === 1 ? 'lies' : 'lie'} outside the plane, which goes from −${box} to ${box}.`,
  /** @param {string} name */
  reading: (name) => `Reading ${name} …`,
  /** @param {string} name @param {number} size  bytes */
  file: (name, size) => `${name}, ${size < 1000 ? `${size} bytes` : size < 1e6 ? `${Math.round(size / 1000)} kB` : `${(size / 1e6).toFixed(1)} MB`}`,
  /** @param {number} left @param {number} n @param {number} box */
  curveLeft: (left, n, box) => `${left} of ${n} points of the curve ${left === 1 ? 'lies' : 'lie'} outside the plane, which goes from −${box} to ${box}, or ${left === 1 ? 'has' : 'have'} no value; ${left === 1 ? 'it is' : 'they are'} left out.`,
  /** @param {string} name @param {number} size @param {number} most  bytes */
  fileLarge: (name, size, most) => `${name} has ${Math.ceil(size / 2 ** 20)} MB; the page reads at most ${most / 2 ** 20} MB. The command “ebmviz points” reads a table of any size.`,
  /** @param {string} name @param {number} size @param {number} most  bytes */
  checkpointLarge: (name, size, most) => `${name} has ${Math.ceil(size / 2 ** 20)} MB; a checkpoint has at most ${most / 2 ** 20} MB.`,
  /** @param {string} name */
  fileUnreadable: (name) => `The browser could not read ${name}.`,
  /** @param {number} beta @param {number} cosine  NaN where it is not known */
  density: (beta, cosine) => `▒ exact push up, as e^(−${beta === 1 ? '' : `${Number(beta.toPrecision(3))}\u202f`}F)${Number.isFinite(cosine) ? `; gradient cosine ${cosine.toFixed(2).replace('-', '−')}: ${numberMeaning('gradient_cosine', cosine)}` : ''}`,
  /** @param {number} k @param {number} n */
  stage: (k, n) => `${k}/${n}`,
  /** @param {number} first @param {number} last */
  energyChange: (first, last) => (first === last ? `ΔF of step ${last}` : `ΔF of steps ${first}–${last}`),
  /** @param {number} step @param {string} auc @param {string} low @param {MeasuredOn} on */
  pane: (step, auc, low, on) => `step ${step}${auc && ` · AUC ${auc}${on === 'training' ? ' (training)' : ''}`}${low && ` · ${low}\u202f%\u00a0low`}`,
  /** @param {number} seconds */
  lost: (seconds) => `Connection lost; trying again ${seconds > 0 ? `in ${seconds} s` : 'now'}.`,
  /** @param {number} seconds @param {import('./silence.js').Found} found */
  silent: (seconds, found) => ({
    asked: `The server has sent nothing for ${seconds} s. The page is asking whether it is there.`,
    answers: `The server answers, but this run has sent nothing for ${seconds} s: one of its steps may take long.`,
    gone: `The server has not answered for ${seconds} s. The page asks it again every 3 s.`,
  })[found],
  /** @param {number} step */
  backTo: (step) => `Back to step ${step}`,
  /** @param {number} step @param {number} steps  usual ones @param {string} rate  '' while paused */
  rate: (step, steps, rate) => `${step > steps ? 'usually' : 'of'} ${steps} · ${rate ? `${rate} /s` : 'paused'}`,
  /** @param {number} steps */
  lessonSteps: (steps) => `(this lesson: ${steps})`,
  /** @param {string} auc @param {string} ceiling @param {MeasuredOn} on */
  auc: (auc, ceiling, on) => (ceiling ? `AUC ${auc} of ${ceiling}` : `AUC ${auc}`) + measuredOn[on],
  /** @param {string} nll @param {string} best @param {MeasuredOn} on */
  nll: (nll, best, on) => (best ? `NLL ${nll}, best ${best}` : `NLL ${nll}`) + measuredOn[on],
  /** @param {string} symbol @param {string} value */
  knobUndo: (symbol, value) => `Put ${symbol} back to ${value}`,
  /** @param {string} title @param {string} data @param {string} [role] */
  title: (title, data, role) => [title, data, role].filter(Boolean).join(' · '),
  /** @param {string} name @param {string} value */
  slice: (name, value) => `Slice at ${name} = ${value}`,
  /** @param {string} predicted @param {string} given */
  sliceTitle: (predicted, given) => `${predicted} given ${given} =`,
  /** @param {string} predicted @param {string} given */
  sliceLabel: (predicted, given) => `Energy over ${predicted} where ${given} is given, with its minima, the density and its mean`,
  /** @param {string} across @param {string} given */
  acrossTitle: (across, given) => `and over ${across}, where ${given} is given`,
  /** @param {string} across @param {string} given */
  acrossLabel: (across, given) => `Energy over ${across} where ${given} is given`,
  /** @param {number} step @param {number} steps @param {string} loss */
  time: (step, steps, loss) => `step ${step} of ${steps}${loss ? `, loss ${loss}` : ''}`,
  /** @param {string} sign @param {boolean} alike  it looks like another */
  joinSign: (sign, alike) => (alike ? `No code has ${sign}: O and 0, I and 1 look alike, so codes have none of them.` : `No code has “${sign}”: codes have letters and digits only.`),
  /** @param {number} n */
  joinLength: (n) => `A code has ${n} letters and digits.`,
  /** A sentence of the server. @param {string} text */
  sentence: (text) => ended(text[0].toUpperCase() + text.slice(1)),
  /** @param {string} name */
  youAre: (name) => `You are ${name} in this class.`,
  /** @param {string} name */
  leads: (name) => `${name} leads`,
  /** @param {number} from @param {number} to */
  forkBetween: (from, to) => `steps ${from}–${to}`,
  /** @param {string} title @param {string} data @param {number} step @param {string} on @param {string} off @param {string} low */
  landscape: (title, data, step, on, off, low) =>
    `${title} on ${data}: after ${step} ${step === 1 ? 'step' : 'steps'} the energy is typically ${on} on the data and ${off} elsewhere.${low ? ` ${low}\u202f% of the plane is low.` : ''}`,
  /** @param {number} n */
  classHere: (n) => `${n} here`,
  /** @param {number} n  who wait to be let in */
  classPeople: (n) => (n ? `People · ${n} waiting` : 'People'),
  /** @param {string} name */
  classLeads: (name) => `${name} leads`,
  /** @param {string} name */
  classRemoved: (name) => `${name} was removed. From now on, new members wait until you let them in; the rules for members can change that.`,
  /** @param {string} text */
  classNoName: (text) => (text.trim() ? `Nobody is called “${text.trim()}”.` : 'Nobody is there.'),
  /** @param {number} n */
  classBoard: (n) => `Board${n ? ` · ${n}` : ''}`,
  /** @param {number} n */
  board: (n) => `Board · ${n === 1 ? '1 copy' : `${n} copies`}`,
  /** @param {number} n */
  boardBeside: (n) => `Side by side${n ? ` (${n})` : ''}`,
  /** @param {number} step @param {string} value @param {string} status */
  boardFork: (step, value, status) => `step ${step}${value && ` · AUC ${value}`}\n${status}`,
  /** @param {number} n @param {number} here */
  actAnswered: (n, here) => `${n} of ${here} answered`,
  /** @param {number} n */
  actMarbles: (n) => (n === 1 ? '1 marble' : `${n} marbles`),
  /** @param {number} n @param {number} most */
  actDrawn: (n, most) => `${n.toLocaleString('en')} of ${most.toLocaleString('en')} points`,
  /** @param {number} n @param {number} limit */
  actQuota: (n, limit) => `${n} of ${limit}`,
  /** @param {number} limit */
  actPinsHow: (limit) => `Set ${limit === 1 ? 'a pin' : `up to ${limit} pins`} where you expect it: tap the landscape, or move the cursor there with the arrow keys and press Enter. A tap on a pin removes it.`,
  /** @param {number} n @param {number} limit */
  actPinsSent: (n, limit) => `${n} of ${limit} ${limit === 1 ? 'pin' : 'pins'} set and sent. You can change them until the question is closed.`,
  /** @param {number} limit */
  actDropped: (limit) => `All ${limit} dropped.`,
  /** @param {number} limit */
  actFull: (limit) => `All your ${limit} points are used. Undo a stroke to draw another.`,
  /** @param {number} hit @param {number} of */
  actOwnPins: (hit, of) => (of === 1 ? (hit ? 'Your pin lies where the energy went up.' : 'Your pin does not lie where the energy went up.') : `${hit} of your ${of} pins ${hit === 1 ? 'lies' : 'lie'} where the energy went up.`),
  /** @param {number} share */
  actClassPins: (share) => `Of the class’s pins ${Math.round(100 * share)}\u202f% do.`,
  /** @param {number} share @param {number} from @param {number} to */
  actPinsResult: (share, from, to) => `${Math.round(100 * share)}\u202f% of the pins lie where the energy went up from step ${from} to step ${to}.`,
  /** @param {number} share */
  actPlaces: (share) => `${Math.round(100 * share)}\u202f% of the answers are right.`,
  /** @param {number} share @param {number} n @param {number} [before]  the share in the first vote */
  actShare: (share, n, before) => `${before === undefined ? '' : `${Math.round(100 * before)} → `}${Math.round(100 * share)}\u202f% (${n})`,
  /** @param {number} n @param {string} where */
  actPin: (n, where) => `Pin ${n}: ${where}`,
  /** @param {number} n @param {string} where */
  actRemovePin: (n, where) => `Remove pin ${n} at ${where}`,
  /** @param {number} n */
  actChoice: (n) => `Answer ${n}`,
  /** @param {string} kind @param {string} text */
  actSpoken: (kind, text) => `${kind}: ${text}`,
};

/** The page /check. */
export const check = {
  title: 'Does the class reach you?',
  how: 'For one minute this page receives a small picture ten times a second, as in class.',
  reach: 'Server reached', line: 'Connection', pictures: 'Pictures a second',
  yes: 'yes', no: 'no', trying: 'trying…',
  /** @param {number} ms */
  answers: (ms) => `yes, in ${ms}\u00a0ms`,
  /** @type {Record<string, string>} */
  transports: { websocket: 'a websocket', stream: 'a long download', poll: 'many small requests' },
  /** @param {string} transport @param {number} held @param {number} cuts */
  lineHeld: (transport, held, cuts) => `${check.transports[transport]}, for ${held}\u00a0s${cuts ? `; cut ${cuts === 1 ? 'once' : `${cuts} times`}` : ''}`,
  /** @param {number} s */
  second: (s) => `${s} of 60 s`,
  /** @param {number} fps */
  ofTen: (fps) => `${fps.toFixed(1)} of 10`,
  bar: 'Pictures in each second of the minute',
  again: 'Check again', open: 'Open the class',
  good: 'Everything works.',
  goodWhy: 'The connection held for a minute, and the pictures came in time. Nothing has to be changed.',
  slow: 'It works, slowly.',
  slowWhy: 'The connection held, but fewer pictures came than were sent. Go nearer to the Wi-Fi’s access point, or try another network.',
  otherWay: 'It works without websockets.',
  otherWayWhy: 'This network blocks websockets or cuts them. The class works all the same.',
  pollWhy: 'This network blocks websockets and holds long downloads back. The class works all the same, with a little delay.',
  unsteady: 'The connection does not hold.',
  unsteadyWhy: 'It was cut and made again. In class the picture stops for a moment each time.',
  lost: 'The server cannot be reached.',
  lostWhy: 'Either the server was stopped, or this network keeps devices from reaching each other (client isolation). If so, use the hotspot of a phone, to which everyone connects, or a server outside the school.',
  tell: 'What to tell the school’s IT',
  /** @param {string} host */
  tellSockets: (host) => `“A filter cuts websockets. Please let requests with ‘Upgrade: websocket’ to ${host} through, and leave them open for an hour.”`,
  /** @param {string} host */
  tellStreams: (host) => `“A proxy holds back what the server sends little by little. Please do not buffer answers of ${host}, and do not scan them.”`,
  /** @param {string} host */
  tellIsolation: (host) => `“Devices in this Wi-Fi cannot reach each other (client isolation, also called AP isolation). Please allow TCP connections to ${host}, or give us a network without isolation.”`,
  here: 'The server runs on this computer. What counts is whether phones reach it.',
  closed: 'The server listens on this computer only. Start it with: ebmviz serve --class',
  /** @param {string} address */
  nobody: (address) => `No other device has reached this computer yet. Open ${address} on a phone in the same Wi-Fi. If the page does not open there, the network keeps devices apart (client isolation), or a firewall on this computer refuses them.`,
  /** @param {number} s */
  reached: (s) => `Another device reached this computer ${s < 60 ? `${s} s` : `${Math.round(s / 60)} min`} ago. So the network lets phones through.`,
};

/**
 * A general sentence for each stage of a step in slow motion, in the template form that
 * instruments/stage-sentences.js fills in. A method's card may have its own.
 * @type {Record<StageName, string>}
 */
export const stageSentences = {
  points: 'Take {downs point} of the data[part|; {followed} of them are followed here].',
  start: 'Each chain starts where the last step left it.',
  perturb: 'Perturb each point by random noise.',
  walk: 'Each chain moves over the landscape, {steps step}[rejected|. A cross marks a rejected proposal].',
  denoise: 'The model estimates where each point came from: follow the orange arrow.',
  guess: 'The model proposes other places for each point.',
  scatter: 'Scatter {ups point} over the plane.',
  near: 'Find the model’s answer to each point.',
  limit: 'Another answer to each point is {varies} away on average. A penalty limits how far.',
  up: '{up|Push up} at the places reached. The larger the mark, the harder the push.',
  down: '{down|Push down} at the data points.',
  pull: 'Move the answer towards the point: {down|the energy falls there}. Nothing is pushed up.',
  change: 'The effect of the step: {down|down by up to {lowered}}, {up|up by up to {raised}}. Along the thick line nothing changed.',
  rest: 'This step pushed nothing.',
};
