// How finely the surface is drawn: at all of the screen's pixels where the machine keeps up with the
// frames asked for, at fewer where it does not, and at all of them again when the picture rests.
// Nothing here draws or reads a clock.

/** The shares of the screen's pixels, per side, that there are to choose from. */
export const SHARES = [1, 3 / 4, 1 / 2, 3 / 8, 1 / 4];
/** Pixels per CSS pixel, and side, below which lines cannot be followed: they come out as dots. */
const MIN_RATIO = 1 / 2;

/** The part of a frame's time that drawing the surface may take; the rest is for the page and its input. */
const BUDGET = 0.45;
/** Milliseconds that it may take while a slider is dragged, so that the picture follows at once. */
const DRAG_BUDGET = 2.5;
/** A finer picture is drawn only if it is expected to take no more than this part of the budget, so that it can stay. */
const MARGIN = 0.7;
/** Drawing that takes a smaller part of a frame's time than this is not what makes frames late. */
const NEGLIGIBLE = 0.12;
/** Frames are late when, on average, they take so many times what they should. */
const LATE = 1.3;
/** Frames between two decisions, as many as it takes to see the effect of the last one; or milliseconds, where frames are slow. */
const FRAMES = 6;
const WAIT = 500;
/** The weight of the newest frame in the running averages. */
const WEIGHT = 0.15;
/** Milliseconds, and animation frames, without a fresh frame after which the picture rests; a slow page has few animation frames. */
const REST = 300;
const REST_FRAMES = 6;
/** Milliseconds before a finer picture is tried; they double, up to the second, with every try that made frames late. */
const RETRY = [1000, 64000];
/** A try made frames late if they are so within so many times that delay. */
const RETRY_WINDOW = 4;

/**
 * What is drawn and how long it took.
 * @typedef {object} Drawing
 * @property {boolean} fresh   a frame that was not drawn before
 * @property {number} period   milliseconds from frame to frame, as asked for
 * @property {number} ratio    the screen's pixels per CSS pixel and side
 * @property {number} pixels   of the screen under the surface
 * @property {number} msPerPixel  milliseconds that a pixel took recently; NaN if unknown
 * @property {boolean} dragging   a slider is being dragged
 * @property {boolean} moving  the picture changes without a fresh frame, too
 */

/** Chooses the share. `tick` is called at every animation frame, `choose` at every one that draws. */
export class AdaptiveResolution {
  /** Of SHARES, the last that may be chosen. */
  #last = 0;
  /** The one that keeps up with the frames asked for. */
  #step = 0;
  /** The one while a slider is dragged. */
  #dragStep = 0;
  #msPerPixel = NaN;
  /** The time that frames take over the time that they should, where one follows the other without a pause. */
  #delay = 1;
  /** Whether frames come so seldom that the picture rests between them. */
  #seldom = true;
  /** The shortest time between two animation frames: the screen's. */
  #screenPeriod = Infinity;
  #now = -Infinity;
  #freshAt = -Infinity;
  /** Animation frames since the last fresh frame. */
  #pause = 0;

  /** Fresh frames since the share was changed, and when that was. */
  #frames = 0;
  #changedAt = NaN;
  #raised = false;
  #retryDelay = RETRY[0];

  /** An animation frame begins. @param {number} now milliseconds */
  tick(now) {
    if (now > this.#now) this.#screenPeriod = Math.min(this.#screenPeriod, Math.max(4, now - this.#now));
    this.#now = now;
    this.#pause++;
  }

  /**
   * The share to draw at in this animation frame.
   * @param {Drawing} drawing
   */
  choose({ fresh, period, ratio, pixels, msPerPixel, dragging, moving }) {
    this.#last = SHARES.findLastIndex((share) => share === 1 || share * ratio >= MIN_RATIO);
    if (fresh) {
      if (msPerPixel > 0) this.#msPerPixel = this.#msPerPixel > 0 ? this.#msPerPixel + WEIGHT * (Math.min(msPerPixel, 2 * this.#msPerPixel) - this.#msPerPixel) : msPerPixel;
      this.#measure(period);
      this.#decide(period, pixels);
    }
    if (!dragging) this.#dragStep = 0;
    else while (this.#dragStep < this.#last && this.#cost(this.#dragStep, pixels) > DRAG_BUDGET) this.#dragStep++;
    const rests = this.#seldom || (!moving && this.#idle);
    return rests && !dragging ? 1 : SHARES[Math.min(this.#last, Math.max(this.#step, this.#dragStep))];
  }

  /** Whether no fresh frame has come for a while. */
  get #idle() { return this.#pause > REST_FRAMES && this.#now - this.#freshAt >= REST; }

  /** Milliseconds that a drawing takes at a share. @param {number} step @param {number} pixels */
  #cost(step, pixels) { return this.#msPerPixel * pixels * SHARES[step] ** 2; }

  /** Adds the time of a fresh frame to the averages. @param {number} period */
  #measure(period) {
    const gap = this.#now - this.#freshAt;
    // A frame after a pause came when the server sent it: its delay does not depend on this machine.
    const delay = this.#pause > 1 ? 1 : gap / Math.max(period, this.#screenPeriod);
    this.#delay += WEIGHT * (Math.min(2, Math.max(1, delay)) - this.#delay);
    this.#seldom = this.#idle;
    this.#freshAt = this.#now;
    this.#pause = 0;
    if (Number.isNaN(this.#changedAt)) this.#changedAt = this.#now;
    this.#frames++;
  }

  /** Goes down or up, if that is due. @param {number} period @param {number} pixels */
  #decide(period, pixels) {
    const since = this.#now - this.#changedAt;
    if (this.#frames < FRAMES && since < WAIT) return;
    const budget = BUDGET * period;
    let step = this.#step;
    if (this.#delay > LATE && !(this.#cost(step, pixels) < NEGLIGIBLE * period)) step++;
    while (this.#cost(step, pixels) > budget) step++;
    if (step > this.#step) {
      this.#retryDelay = this.#raised && since < RETRY_WINDOW * this.#retryDelay ? Math.min(2 * this.#retryDelay, RETRY[1]) : RETRY[0];
    } else if (step > 0 && this.#delay < (1 + LATE) / 2 && since > this.#retryDelay && !(this.#cost(step - 1, pixels) > MARGIN * budget)) step--;
    this.#go(Math.min(step, this.#last));
  }

  /** @param {number} step */
  #go(step) {
    if (step === this.#step) return;
    this.#raised = step < this.#step;
    this.#step = step;
    this.#frames = 0;
    this.#delay = 1;
    this.#changedAt = this.#now;
  }
}
