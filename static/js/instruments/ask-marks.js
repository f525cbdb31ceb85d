// ask-marks.js: the answer drawn on the landscape: the point, the slope there, the path downhill,
// and on the line of a given y1 the minima and the mean.
import { make, makeSVG } from '../dom.js';
import { words } from '../strings.js';
import { innerMinima } from './profile.js';

export class AskMarks {
  /**
   * @param {HTMLElement} square
   * @param {{toPixel:(y1:number, y2:number) => [number, number]}} plane
   */
  constructor(square, plane) {
    this.square = square;
    this.plane = plane;
    /** Whether the line of a given y1 is shown. */
    this.slice = false;
    /** Called when a key moves the line. @type {(direction:number, large:boolean) => void} */
    this.moved = () => {};
    this.svg = makeSVG('svg', { class: 'ask-marks', 'aria-hidden': 'true' });
    this.line = make('div', { class: 'slice-line', role: 'slider', tabindex: 0, 'aria-label': words.sliceLine, hidden: true });
    this.line.addEventListener('keydown', (e) => {
      const direction = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
      if (!direction) return;
      this.moved(direction, e.shiftKey);
      e.preventDefault();
      e.stopPropagation();
    });
    square.append(this.svg, this.line);
  }

  clear() {
    this.svg.replaceChildren();
    this.line.hidden = true;
  }

  /**
   * @param {any} answer
   * @param {import('../types.js').Frame|null} frame
   * @param {import('../units.js').Units} units
   */
  draw(answer, frame, units) {
    const { plane } = this;
    const at = answer.y;
    const [x, y] = plane.toPixel(at[0], at[1]);
    /** @type {Element[]} */
    const parts = [];
    if (this.slice) {
      const { y2, F, minima = [] } = answer.slice;
      const { inner, ends } = innerMinima(y2, F, minima);
      for (const m of inner) {
        const [mx, my] = plane.toPixel(at[0], m);
        parts.push(makeSVG('circle', { cx: mx, cy: my, r: 5.5 }));
      }
      for (const m of ends) {
        const [mx, my] = plane.toPixel(at[0], m), inwards = m > 0 ? 8 : -8; // pixels count downwards
        parts.push(makeSVG('path', { class: 'end', d: `M${mx} ${my}l-5 ${inwards}h10z` }));
      }
      const { mean } = answer.slice;
      if (mean !== undefined) {
        const [mx, my] = plane.toPixel(at[0], mean);
        parts.push(makeSVG('circle', { class: 'hollow', cx: mx, cy: my, r: 5.5 }));
      }
    } else {
      const points = (answer.path ?? []).map((/** @type {[number, number]} */ p) => plane.toPixel(p[0], p[1]));
      if (points.length > 1) {
        const d = points.map((/** @type {number[]} */ [px, py], /** @type {number} */ i) => `${i ? 'L' : 'M'}${px.toFixed(1)} ${py.toFixed(1)}`).join('');
        parts.push(makeSVG('path', { class: 'halo', d }), makeSVG('path', { class: 'path', d }));
        const [ex, ey] = points[points.length - 1];
        parts.push(makeSVG('circle', { cx: ex, cy: ey, r: 4.5 }));
      }
      const slope = Math.hypot(answer.grad?.[0] ?? 0, answer.grad?.[1] ?? 0);
      if (slope > 0) {
        const dx = -answer.grad[0] / slope, dy = answer.grad[1] / slope; // downhill; pixels count downwards
        const tip = [x + 30 * dx, y + 30 * dy];
        const side = (/** @type {number} */ s) => `L${tip[0] - 8 * dx + 5 * s * dy} ${tip[1] - 8 * dy - 5 * s * dx}`;
        const d = `M${x} ${y}L${tip[0]} ${tip[1]}${side(1)}M${tip[0]} ${tip[1]}${side(-1)}`;
        parts.push(makeSVG('path', { class: 'halo', d }), makeSVG('path', { class: 'slope', d }));
      }
      parts.push(makeSVG('circle', { class: 'hollow', cx: x, cy: y, r: 6 }));
    }
    this.svg.replaceChildren(...parts);
    this.line.hidden = !this.slice;
    this.line.style.transform = `translateX(${x}px)`;
    if (frame) {
      this.line.setAttribute('aria-valuemin', frame.x0.toFixed(2));
      this.line.setAttribute('aria-valuemax', frame.x1.toFixed(2));
    }
    this.line.setAttribute('aria-valuenow', at[0].toFixed(2));
    this.line.setAttribute('aria-valuetext', `${units.names[0]} = ${units.text(at[0], 0)}`);
  }
}
