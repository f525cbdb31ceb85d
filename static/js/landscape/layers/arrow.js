// An arrow along a path of many points, drawn up to a share of its length.

/**
 * @typedef {object} Pen
 * @property {string} color
 * @property {string} halo
 * @property {number} width
 * @property {boolean} ring  a ring where it starts
 */

/**
 * Draws an arrow.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number[]} path  x, y, x, y, … in CSS pixels
 * @param {number} share  of its length that is drawn, 0 to 1
 * @param {Pen} pen
 */
export function arrow(ctx, path, share, pen) {
  const long = length(path) * share;
  const { shaft, tip, angle } = cut(path, long, pen.width * 4);
  const head = Math.min(3.2 * pen.width + 4, 0.8 * long + 2);
  const line = new Path2D();
  // The shaft ends within the head, so that the tip stays sharp.
  const n = shaft.length;
  shaft[n - 2] -= Math.min(long, 0.6 * head) * Math.cos(angle);
  shaft[n - 1] -= Math.min(long, 0.6 * head) * Math.sin(angle);
  for (let i = 0; i < n; i += 2) line.lineTo(shaft[i], shaft[i + 1]);
  if (pen.ring) {
    const r = pen.width + 2.3;
    line.moveTo(path[0] + r, path[1]);
    line.arc(path[0], path[1], r, 0, 2 * Math.PI);
  }
  const point = new Path2D();
  if (long >= 2) {
    point.moveTo(tip[0], tip[1]);
    for (const side of [-1, 1]) point.lineTo(tip[0] - head * Math.cos(angle + side * 0.44), tip[1] - head * Math.sin(angle + side * 0.44));
    point.closePath();
  }
  const both = new Path2D(line);
  both.addPath(point);
  ctx.lineJoin = 'round';
  ctx.lineCap = 'round';
  ctx.strokeStyle = pen.halo;
  ctx.lineWidth = pen.width + 2.2;
  ctx.stroke(both);
  ctx.strokeStyle = pen.color;
  ctx.fillStyle = pen.color;
  ctx.lineWidth = pen.width;
  ctx.stroke(line);
  ctx.fill(point);
}

/** @param {number[]} path */
export function length(path) {
  let sum = 0;
  for (let i = 2; i < path.length; i += 2) sum += Math.hypot(path[i] - path[i - 2], path[i + 1] - path[i - 1]);
  return sum;
}

/**
 * The first part of a path: its points, its end, and its direction there over the last few pixels
 * (the last piece alone may be a tiny step in any direction).
 * @param {number[]} path
 * @param {number} upTo   pixels along the path
 * @param {number} back   pixels over which the direction is measured
 */
export function cut(path, upTo, back) {
  const shaft = [path[0], path[1]];
  let length = 0;
  for (let i = 2; i < path.length && length < upTo; i += 2) {
    const dx = path[i] - path[i - 2], dy = path[i + 1] - path[i - 1];
    const piece = Math.hypot(dx, dy);
    const f = piece > 0 ? Math.min(1, (upTo - length) / piece) : 1;
    shaft.push(path[i - 2] + f * dx, path[i - 1] + f * dy);
    length += piece;
  }
  const tip = shaft.slice(-2);
  let i = shaft.length - 4;
  while (i > 0 && Math.hypot(tip[0] - shaft[i], tip[1] - shaft[i + 1]) < back) i -= 2;
  const from = Math.max(0, i);
  return { shaft, tip, angle: Math.atan2(tip[1] - shaft[from + 1], tip[0] - shaft[from]) };
}
