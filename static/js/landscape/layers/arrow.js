// An arrow along a way of many points, drawn up to a share of its length.

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
 * @param {number[]} way  x, y, x, y, … in CSS pixels
 * @param {number} share  of its length that is drawn, 0 to 1
 * @param {Pen} pen
 */
export function arrow(ctx, way, share, pen) {
  const whole = length(way);
  const { shaft, tip, angle } = cut(way, whole * share, pen.width * 3.4);
  const head = Math.min(3.6 * pen.width + 3, 0.75 * whole * share + 2);
  ctx.lineJoin = 'round';
  ctx.lineCap = 'round';
  for (const under of [true, false]) {
    ctx.strokeStyle = under ? pen.halo : pen.color;
    ctx.fillStyle = pen.color;
    ctx.lineWidth = pen.width + (under ? 2.4 : 0);
    ctx.beginPath();
    for (let i = 0; i < shaft.length; i += 2) {
      if (i === 0) ctx.moveTo(shaft[0], shaft[1]);
      else ctx.lineTo(shaft[i], shaft[i + 1]);
    }
    if (pen.ring) {
      const r = 1.2 * pen.width + 1.4;
      ctx.moveTo(way[0] + r, way[1]);
      ctx.arc(way[0], way[1], r, 0, 2 * Math.PI);
    }
    ctx.stroke();
    if (whole * share < 2) continue;
    ctx.beginPath();
    ctx.moveTo(tip[0], tip[1]);
    for (const side of [-1, 1]) {
      ctx.lineTo(tip[0] - head * Math.cos(angle + side * 0.46), tip[1] - head * Math.sin(angle + side * 0.46));
    }
    ctx.closePath();
    if (under) {
      ctx.lineWidth = 2.4;
      ctx.stroke();
    } else ctx.fill();
  }
}

/** @param {number[]} way */
function length(way) {
  let sum = 0;
  for (let i = 2; i < way.length; i += 2) sum += Math.hypot(way[i] - way[i - 2], way[i + 1] - way[i - 1]);
  return sum;
}

/**
 * The first part of a way: its points, where it ends, and the direction in which it gets there
 * over its last few pixels (the last piece alone may be a tiny step in any direction).
 * @param {number[]} way
 * @param {number} upTo   pixels along the way
 * @param {number} look   pixels over which the direction is taken
 */
function cut(way, upTo, look) {
  const shaft = [way[0], way[1]];
  let gone = 0;
  for (let i = 2; i < way.length && gone < upTo; i += 2) {
    const dx = way[i] - way[i - 2], dy = way[i + 1] - way[i - 1];
    const piece = Math.hypot(dx, dy);
    const f = piece > 0 ? Math.min(1, (upTo - gone) / piece) : 1;
    shaft.push(way[i - 2] + f * dx, way[i - 1] + f * dy);
    gone += piece;
  }
  const tip = shaft.slice(-2);
  let i = shaft.length - 4;
  while (i > 0 && Math.hypot(tip[0] - shaft[i], tip[1] - shaft[i + 1]) < look) i -= 2;
  const back = Math.max(0, i);
  return { shaft, tip, angle: Math.atan2(tip[1] - shaft[back + 1], tip[0] - shaft[back]) };
}
