// coalesce.js: a slider makes values faster than a frame is drawn. The first goes out at once; of
// those that follow within the interval only the newest, when the page's loop asks.

/**
 * Limits the rate of values, for each knob by itself.
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
    /** When the last value of each knob was sent. @type {Map<string, number>} */
    this.last = new Map();
    /** The newest unsent value of each knob. @type {Map<string, {value:T, time:number}>} */
    this.pending = new Map();
  }

  /**
   * @param {string} name
   * @param {T} value
   * @param {number} time  of the event that brought it
   */
  put(name, value, time) {
    if (time - (this.last.get(name) ?? -Infinity) < this.interval) {
      this.pending.set(name, { value, time });
      return;
    }
    this.pending.delete(name);
    this.last.set(name, time);
    this.send(name, value, time);
  }

  /**
   * Sends what is due; called once per animation frame.
   * @param {number} now
   */
  flush(now) {
    for (const [name, { value, time }] of this.pending) {
      if (now - (this.last.get(name) ?? -Infinity) < this.interval) continue;
      this.pending.delete(name);
      this.last.set(name, now);
      this.send(name, value, time);
    }
  }

  /** Whether a value waits. @param {string} name */
  waits(name) {
    return this.pending.has(name);
  }

  /** Discards what waits: another model has other knobs. */
  clear() {
    this.pending.clear();
  }
}
