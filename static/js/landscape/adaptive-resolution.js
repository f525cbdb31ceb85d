// How finely the surface is drawn: at all of the screen's pixels where the machine holds the
// frames asked for, at fewer where it does not, and at all of them again when the picture rests.
// Nothing here draws or looks at a clock.

/** The shares of the screen's pixels, per side, that there are to choose from. */
export const SHARES = [1, 3 / 4, 1 / 2, 3 / 8, 1 / 4];
/** Pixels per CSS pixel, and side, below which lines cannot be followed: they come out as dots. */
const LEAST = 1 / 2;

/** The part of a frame's time that drawing the surface may take; the rest is the page's, and the hand's. */
const PART = 0.45;
/** Milliseconds that it may take while a hand is on a slider: the picture answers soon. */
const SOON = 2.5;
/** A finer picture is drawn only if it would take no more than this part of what it may: so that it stays. */
const SURE = 0.7;
/** Drawing that takes a smaller part of a frame's time than this is not what makes frames late. */
const LITTLE = 0.12;
/** Frames are late when, on average, they take so many times what they should. */
const LATE = 1.3;
/** Frames between two decisions, as many as it takes to know what the last one did; or milliseconds, where frames are slow. */
const FRAMES = 6;
const WAIT = 500;
/** The weight of the newest frame in what is known. */
const NEWS = 0.15;
/** Milliseconds, and animation frames, without a fresh frame after which the picture rests; a page that is slow has few of these. */
const REST = 300;
const IDLE = 6;
/** Milliseconds before a finer picture is tried; they double, up to the second, with every try that made frames late. */
const PATIENCE = [1000, 64000];
/** A try made frames late if they are so within so many times that patience. */
const TRIED = 4;

/**
 * What is drawn and what it took.
 * @typedef {object} Drawing
 * @property {boolean} fresh   a frame that was not drawn before
 * @property {number} period   milliseconds from frame to frame, as asked for
 * @property {number} ratio    the screen's pixels per CSS pixel and side
 * @property {number} pixels   of the screen under the surface
 * @property {number} price    milliseconds that a pixel took of late; NaN if nobody can tell
 * @property {boolean} hasty   a hand is on a slider
 * @property {boolean} moving  the picture changes without a fresh frame, too
 */

/** Chooses the share. It is told of every animation frame, by `tick`, and of every one that draws, by `choose`. */
export class Governor {
  /** Of SHARES, the last that may be chosen. */
  #last = 0;
  /** The one that holds the frames asked for. */
  #step = 0;
  /** The one while a hand is on a slider. */
  #haste = 0;
  #price = NaN;
  /** The time that frames take in units of the time that they should, where one follows the other without a pause. */
  #strain = 1;
  /** Whether frames come so seldom that the picture rests between them. */
  #seldom = true;
  /** The shortest time between two animation frames: the screen's. */
  #beat = Infinity;
  #now = -Infinity;
  #freshAt = -Infinity;
  /** Animation frames since the last fresh frame. */
  #pause = 0;

  /** Fresh frames since the share was changed, and when that was. */
  #frames = 0;
  #changedAt = NaN;
  #raised = false;
  #patience = PATIENCE[0];

  /** An animation frame begins. @param {number} now milliseconds */
  tick(now) {
    if (now > this.#now) this.#beat = Math.min(this.#beat, Math.max(4, now - this.#now));
    this.#now = now;
    this.#pause++;
  }

  /**
   * The share to draw at in this animation frame.
   * @param {Drawing} drawing
   */
  choose({ fresh, period, ratio, pixels, price, hasty, moving }) {
    this.#last = SHARES.findLastIndex((share) => share === 1 || share * ratio >= LEAST);
    if (fresh) {
      if (price > 0) this.#price = this.#price > 0 ? this.#price + NEWS * (Math.min(price, 2 * this.#price) - this.#price) : price;
      this.#follow(period);
      this.#decide(period, pixels);
    }
    if (!hasty) this.#haste = 0;
    else while (this.#haste < this.#last && this.#cost(this.#haste, pixels) > SOON) this.#haste++;
    const rests = this.#seldom || (!moving && this.#idle);
    return rests && !hasty ? 1 : SHARES[Math.min(this.#last, Math.max(this.#step, this.#haste))];
  }

  /** Whether no fresh frame has come for a while. */
  get #idle() { return this.#pause > IDLE && this.#now - this.#freshAt >= REST; }

  /** Milliseconds that a drawing takes at a share. @param {number} step @param {number} pixels */
  #cost(step, pixels) { return this.#price * pixels * SHARES[step] ** 2; }

  /** Takes the time of a fresh frame into what is known. @param {number} period */
  #follow(period) {
    const gap = this.#now - this.#freshAt;
    // With a pause before it a frame came when it did because the server sent it then.
    const strain = this.#pause > 1 ? 1 : gap / Math.max(period, this.#beat);
    this.#strain += NEWS * (Math.min(2, Math.max(1, strain)) - this.#strain);
    this.#seldom = this.#idle;
    this.#freshAt = this.#now;
    this.#pause = 0;
    if (Number.isNaN(this.#changedAt)) this.#changedAt = this.#now;
    this.#frames++;
  }

  /** Goes down or up, if that is due. @param {number} period @param {number} pixels */
  #decide(period, pixels) {
    const calm = this.#now - this.#changedAt;
    if (this.#frames < FRAMES && calm < WAIT) return;
    const may = PART * period;
    let step = this.#step;
    if (this.#strain > LATE && !(this.#cost(step, pixels) < LITTLE * period)) step++;
    while (this.#cost(step, pixels) > may) step++;
    if (step > this.#step) {
      this.#patience = this.#raised && calm < TRIED * this.#patience ? Math.min(2 * this.#patience, PATIENCE[1]) : PATIENCE[0];
    } else if (step > 0 && this.#strain < (1 + LATE) / 2 && calm > this.#patience && !(this.#cost(step - 1, pixels) > SURE * may)) step--;
    this.#go(Math.min(step, this.#last));
  }

  /** @param {number} step */
  #go(step) {
    if (step === this.#step) return;
    this.#raised = step < this.#step;
    this.#step = step;
    this.#frames = 0;
    this.#strain = 1;
    this.#changedAt = this.#now;
  }
}
