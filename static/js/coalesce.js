// coalesce.js: a slider speaks faster than a frame is drawn. The first value goes out at once;
// of those that follow within the interval only the newest, when the page's loop asks.

/**
 * One outlet per knob.
 * @template T
 */
export class Coalescer {
  /**
   * @param {(name:string, value:T, time:number) => void} send
   * @param {number} interval  least milliseconds between two values of one knob
   */
  constructor(send, interval) {
    this.send = send;
    this.interval = interval;
    /** @type {Map<string, number>} when each knob last spoke */
    this.last = new Map();
    /** @type {Map<string, {value:T, time:number}>} the newest unsent value of each knob */
    this.held = new Map();
  }

  /**
   * @param {string} name
   * @param {T} value
   * @param {number} time  of the event that brought it
   */
  put(name, value, time) {
    if (time - (this.last.get(name) ?? -Infinity) < this.interval) {
      this.held.set(name, { value, time });
      return;
    }
    this.held.delete(name);
    this.last.set(name, time);
    this.send(name, value, time);
  }

  /**
   * Sends what is due; called once per animation frame.
   * @param {number} now
   */
  flush(now) {
    for (const [name, { value, time }] of this.held) {
      if (now - (this.last.get(name) ?? -Infinity) < this.interval) continue;
      this.held.delete(name);
      this.last.set(name, now);
      this.send(name, value, time);
    }
  }

  /** Whether a value waits. @param {string} name */
  waits(name) {
    return this.held.has(name);
  }

  /** Forgets what waits: another model has other knobs. */
  clear() {
    this.held.clear();
  }
}
