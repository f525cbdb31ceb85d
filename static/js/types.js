// The types that the modules of the page share. Nothing runs here.

/**
 * One decoded frame: a whole instant of the room. The arrays are views into the message
 * and are never written to.
 * @typedef {object} Frame
 * @property {number} seq
 * @property {number} step
 * @property {number} generation  which training data it belongs to
 * @property {number} time        server milliseconds
 * @property {number} nx
 * @property {number} ny
 * @property {number} x0
 * @property {number} x1
 * @property {number} y0
 * @property {number} y1
 * @property {number} lo          colour range: the energy drawn as deepest
 * @property {number} hi          colour range: the energy from which all is plateau
 * @property {Float32Array} grid  row-major, lowest y2 first, values at cell centres
 * @property {Float32Array} pushes    rows of x, y, fromx, fromy, amount (> 0 up, < 0 down)
 * @property {Float32Array} paths     rows of path, x, y
 * @property {Float32Array} particles rows of x, y
 * @property {Float32Array} marks     rows of kind, group, x, y
 * @property {Float64Array} scalars   in the order of the model's `scalars`
 * @property {Float32Array} field     rows of x, y, dx, dy
 * @property {Float32Array} proposals rows of x, y, fromx, fromy, 1 if a sampler went there or 0
 * @property {Float32Array} change    as grid: the change of the energy since a step, if asked for
 * @property {number} since           that step
 * @property {SmallPicture[]} [pictures]  of other runs
 */

/**
 * A landscape in a group of several, such as the board of a class.
 * @typedef {object} SmallPicture
 * @property {number} index    which of the group it is
 * @property {number} step
 * @property {number} nx
 * @property {number} ny
 * @property {number} status   0 paused, 1 plays, 2 asleep, 3 halted, 4 waits for its turn
 * @property {number} lo       colour range
 * @property {number} hi
 * @property {number} measure  how good the run is, -1 where that is not known
 * @property {Uint8Array} cells  row-major, lowest y2 first: 0 is lo or less, 255 is hi or more
 */

/** @typedef {'light'|'dark'} Theme */
/** @typedef {'webgl2'|'canvas2d'} Renderer */
/** @typedef {'quantile'|'log'|'linear'} Spacing */
/** @typedef {'data'|'plane'|[number, number]} Range  what tells the valleys apart; the whole plane; or from one energy to another */

/**
 * What may be shown over and in the landscape, each on or off.
 * @typedef {{heat:boolean, contours:boolean, labels:boolean, data:boolean, up:boolean,
 *   down:boolean, paths:boolean, proposals:boolean, marks:boolean, field:boolean}} Layers
 */

/**
 * How a frame is to be drawn: all that the picture depends on besides the frame.
 * @typedef {object} Scene
 * @property {Theme} theme
 * @property {Layers} layers
 * @property {Spacing} spacing        of the contour levels
 * @property {'depth'|'cividis'|'grey'} [map]  colour map; depth if missing
 * @property {boolean} [relief]        in 3-D, not as a map
 * @property {boolean} [amounts]       all pushes of a step by their weight, instead of a few arrows
 * @property {boolean|null} [follow]  one point is followed from its start to its push; null for as usual: on the projector
 * @property {boolean} [perturbed]    the method perturbs its samples before it moves them
 * @property {Note[]} [notes]         texts on the landscape
 * @property {boolean} [trails]       the ways that the model's own points have come
 * @property {Range|''} range         of energies that the colours cover; '' is the card's
 * @property {'data'|'plane'} cardRange  the range of the method's card
 * @property {boolean} frozen         the colour range and levels stay as they were when it was set
 * @property {boolean} exact          show the cells of the grid instead of a smooth surface
 * @property {number} fps             frames per second that are asked for
 * @property {boolean} [dragging]        a slider is being moved: fast is better than sharp
 * @property {boolean} reducedMotion          no animation (prefers-reduced-motion)
 * @property {Float32Array} points    the data, rows of x, y
 * @property {Uint8Array|null} [groups]  the group of each point, 255 for none; null without a label
 * @property {Uint8Array|null} [held]  1 for each point that is held out from training; null if none is
 * @property {number} scale           size of lines and type: 1, or 1.5 for the projector
 * @property {{azimuth:number, elevation:number, zoom:number}|null} [camera]  of the 3-D view, degrees; null is the first position
 */

/** A text beside a point of the plane; in the colour of what is pushed down or up, with a ring of a radius round the point. @typedef {{at:[number, number], text:string, tone?:string, ring?:number}} Note */

/** From the plane to the units of the data's source: shown = y * scale + offset. @typedef {{names?:[string,string], scale:[number,number], offset:[number,number]}} Axes */
/** The label of points: a group, or 255 for none, of each. @typedef {{name:string, groups:string[], of:number[]}} Label */

/**
 * @typedef {object} Knob
 * @property {string} name
 * @property {string} [label]  its title on the page, if not its name
 * @property {string} symbol  TeX
 * @property {'float'|'int'|'choice'|'bool'} kind
 * @property {number|string|boolean} default
 * @property {number} min
 * @property {number} max
 * @property {'linear'|'log'|'log2'} [scale]
 * @property {boolean} [zero]  the lowest stop is 0
 * @property {string[]} [choices]
 * @property {string} [unit]
 * @property {string} help
 * @property {boolean} restart
 * @property {{knob:string, is:string[]}} [when]  it has an effect only while that choice is one of these
 */

/** @typedef {{label:string, tex:string}} Formula */

/**
 * @typedef {object} ModelCard
 * @property {string} id
 * @property {string} title
 * @property {'architectural'|'contrastive'} family
 * @property {string} strategy
 * @property {string} summary  with {down|…} and {up|…} around the coloured words
 * @property {Formula[]} formulas
 * @property {string} [pathology]  how to see it fail
 * @property {string} [slip]       a common misconception, and what is right
 * @property {string} source  author, title and year
 * @property {string} data
 * @property {'plane'} [range]  of the colours at first; that of the data if missing
 * @property {number} steps
 * @property {number} speed  the usual number of steps per second
 * @property {Knob[]} knobs
 * @property {string[]} scalars
 * @property {boolean} nats
 * @property {number} [lecture]  its place among those that the lecture explains at length
 * @property {'project'|'decode'|'reconstruct'} [map]  how its map from a point to the model's own is written
 * @property {Partial<Record<import('./instruments/step-stages.js').StageName, string>>} [stages]  templates of sentences
 */

/** @typedef {{id:string, title:string, knobs:Knob[], axes:Axes, icon?:string, own?:boolean}} DataCard  icon: a path on a 32 x 32 field */
/** @typedef {{id:string, title:string, text:string}} Strategy  one of the lecture's seven */

/** @typedef {{model:string, data?:string, seed?:number, knobs?:Record<string, number|string|boolean>}} Opening */
/** @typedef {{remedy:string, open:Opening}} Cure */
/** @typedef {{id:string, title:string, diagnosis:string, open:Opening, cures?:Cure[]}} Exhibit  of the museum of failures */

/** Numbers by their names, each with the range that it must lie in. @typedef {Record<string, {above?:number, below?:number, says?:string}>} Bounds */
/** @typedef {{text:string, right?:boolean, why?:string}} Choice */
/**
 * A prediction: one of the choices, or a place on the landscape, which is right within any of the
 * circles y1, y2, radius.
 * @typedef {{ask:string, choices?:Choice[], place?:[number, number, number][], why?:string}} Question
 */
/** What to do after the run: in words, and as commands of the wire or `{show: view parameters}`. @typedef {{text:string, do?:Record<string, any>[], expect?:Bounds}} Try */

/**
 * A step of a lesson (sim/content/lesson.go).
 * @typedef {object} LessonStep
 * @property {string} title
 * @property {Opening & {points?:string, axes?:Axes}} open
 * @property {{step:number, set:{knob:string, value:number|string|boolean}}[]} [log]  the knobs that were set in the course of the run
 * @property {Record<string, string>} [view]  how it is shown, as a link has it
 * @property {string} say        Markdown, as seen and try.text
 * @property {Question} [question]
 * @property {number|Bounds} [stop]  the telling moment: a step, or the first at which these numbers hold
 * @property {string} seen
 * @property {Try} [try]
 * @property {string} [watch]
 * @property {string[]} [show]   layers that are off otherwise
 * @property {'parts'|'latent'|'kmeans'} [figure]  a diagram (lessons/figure.js)
 * @property {Note[]} [notes]
 * @property {Bounds} [claim]    what must hold at the stop; only the editor has it
 * @property {boolean} [oneSeed] the text speaks of one special seed; likewise
 */

/** @typedef {{id:string, title:string, about:string, steps:LessonStep[], added?:boolean}} Lesson  added: given to the server, none of its own */

/**
 * Bounds that the server sets.
 * @typedef {object} Limits
 * @property {number} box         the plane is [-box, box]²
 * @property {number} points      of a dataset
 * @property {number} linkPoints  of a link that has the points in it
 * @property {number} gridMin
 * @property {number} gridMax
 */

/**
 * How links of earlier versions are read: the defaults that have changed since.
 * @typedef {object} Links
 * @property {number} version
 * @property {{until:number, model:string, data?:string, knobs?:Record<string, number|string|boolean>}[]} former
 */

/** @typedef {{strategies:Strategy[], models:ModelCard[], datasets:DataCard[], exhibits:Exhibit[], limits:Limits, links:Links}} Catalog */

/**
 * @typedef {object} RoomState
 * @property {string} model
 * @property {string} data
 * @property {string} [own]     the name of the user's own points
 * @property {number} seed
 * @property {number} step
 * @property {boolean} playing
 * @property {Record<string, number|string|boolean>} knobs
 * @property {number} grid
 * @property {number} fps
 * @property {number} speed    steps per second; 0 for as fast as possible
 * @property {'auto'|'max'|'set'} pace  whether the speed is the card's, as fast as possible, or set
 * @property {number} generation  grows with every change of the training data
 * @property {number} run      grows with every restart, opening and checkpoint
 * @property {number} revision  grows with every command
 * @property {boolean} [waits]  it plays, and waits for its turn: too many runs of the class are awake
 * @property {number} [goal]    the step that it is seeking
 * @property {number} [ledger]  over how many steps frames show the change of the energy
 * @property {{code:string, step:number, quantity:string, knob:string, message:string, back:number}} [halt]
 * @property {string} [notice]  a sentence about the training points and the model
 */

export {};
