// stage-pictures.js: the stages of a step as pictures. Each is drawn at a share of its duration, 0 to
// 1; what earlier stages have shown stays visible, fainter.

/** @import {Frame, Scene} from '../types.js' */
/** @import {View} from '../landscape/view.js' */
/** @import {StageName, Step} from './step-stages.js' */
import { cellsNear, colorRange, divergingMap, writeColors } from '../landscape/change.js';
import { weights } from '../landscape/layers/amounts.js';
import { arrow } from '../landscape/layers/arrow.js';
import { changeLines } from '../landscape/layers/change.js';
import { marks } from '../landscape/layers/marks.js';
import { dots } from '../landscape/layers/paths.js';
import { across, along } from '../landscape/view.js';
import { marksAt } from './step-stages.js';

/**
 * What the stages are drawn from.
 * @typedef {object} Playback
 * @property {Frame} frame
 * @property {Scene} scene
 * @property {Step} step
 * @property {HTMLCanvasElement} change  the map of the change, a pixel for each cell
 * @property {number} range              the change that has the full colour
 */

/**
 * The map of a frame's change as a picture.
 * @param {Frame} frame
 * @param {Pick<Scene, 'theme'|'points'>} scene
 * @param {HTMLCanvasElement} canvas
 * @returns {number} the change that has the full colour
 */
export function renderChange(frame, { theme, points }, canvas) {
  const { change, nx, ny } = frame;
  if (!change.length) return 1;
  const image = new ImageData(nx, ny);
  const range = colorRange(change, cellsNear(frame, points), frame);
  writeColors(image.data, change, nx, range, divergingMap(theme));
  Object.assign(canvas, { width: nx, height: ny });
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return range;
}

/**
 * Draws a stage.
 * @param {CanvasRenderingContext2D} ctx  in CSS pixels, empty
 * @param {Playback} playback
 * @param {View} view
 * @param {StageName} stage
 * @param {number} share
 */
export function drawStage(ctx, playback, view, stage, share) {
  const { frame, scene, step } = playback;
  const { stages, perturbed } = step;
  const now = stages.indexOf(stage);
  /** The share of a stage that is over: 0 before it, 1 after it. @param {StageName} name */
  const shareOf = (name) => {
    const at = stages.indexOf(name);
    return at < 0 || at > now ? 0 : at === now ? share : 1;
  };
  const last = stage === 'change';
  if (last) {
    ctx.globalAlpha = 0.92 * share;
    if (frame.change.length) ctx.drawImage(playback.change, 0, 0, view.width, view.height);
    if (frame.change.length && share === 1) changeLines(ctx, frame.change, frame.nx, playback.range, view);
    ctx.globalAlpha = 1;
  } else if (scene.layers.data) trainingPoints(ctx, playback, view, stage === 'points' ? 0.9 : 0.5);
  if (stages.includes('pull')) marks(ctx, { ...frame, marks: marksAt(frame, shareOf('pull')) }, scene, view);
  if (last) return pushes(0.6);

  if (shareOf('scatter')) scatter(ctx, frame, view, shareOf('scatter') * (stage === 'scatter' ? 1 : 0.6));
  const away = shareOf('walk') || shareOf('denoise') || shareOf('guess');
  const faint = stage === 'up' || stage === 'down' ? 0.55 : 1;
  if (perturbed) paths(ctx, playback, view, 0, 1, shareOf('perturb'), true, faint * (away ? 0.7 : 1));
  if (!stages.includes('pull')) paths(ctx, playback, view, perturbed, Infinity, away, false, faint);
  if (shareOf('start')) chainStarts(ctx, playback, view, shareOf('start') * faint);
  if (shareOf('walk') === 1) rejected(ctx, playback, view, faint);
  if (shareOf('pull')) pushes(1);
  if (shareOf('near')) paths(ctx, playback, view, 0, 1, shareOf('near'), true, stage === 'pull' ? 0.7 : 1);
  if (shareOf('pull')) pulls(ctx, playback, view, shareOf('pull'));
  if (shareOf('points')) rings(ctx, playback, view, shareOf('points'), stage === 'points' ? 1 : 0.85);
  if (shareOf('limit')) variants(ctx, playback, view, shareOf('limit'), stage === 'pull' ? 0.5 : 1);
  if (!shareOf('pull')) pushes(1);

  /** @param {number} alpha */
  function pushes(alpha) {
    ctx.globalAlpha = alpha * (stage === 'down' ? 0.45 : 1);
    if (shareOf('up')) weights(ctx, frame, view, 1, shareOf('up'));
    ctx.globalAlpha = alpha;
    if (shareOf('down') || shareOf('pull')) weights(ctx, frame, view, -1, shareOf('down') || shareOf('pull'));
    ctx.globalAlpha = 1;
  }
}

/** From the plane to the canvas. @param {Playback} playback @param {View} view @param {number[]} rows */
const toPixels = ({ frame }, view, rows) => rows.map((c, i) => (i % 2 ? along(frame, view, c) : across(frame, view, c)));

/** The training points, small, so that the few that are followed stand out. @param {CanvasRenderingContext2D} ctx @param {Playback} playback @param {View} view @param {number} alpha */
function trainingPoints(ctx, playback, view, alpha) {
  ctx.globalAlpha = alpha;
  dots(ctx, toPixels(playback, view, [...playback.scene.points]), view.unit, view.colors.data);
  ctx.globalAlpha = 1;
}

/**
 * The rings of the points that are followed.
 * @param {CanvasRenderingContext2D} ctx @param {Playback} playback @param {View} view @param {number} share @param {number} alpha
 */
function rings(ctx, playback, view, share, alpha) {
  const { unit, colors } = view;
  const at = toPixels(playback, view, playback.step.ringed);
  const r = (7 + 9 * (1 - share)) * unit; // they close in on their points
  ctx.globalAlpha = alpha * share;
  for (const under of [true, false]) {
    ctx.beginPath();
    for (let i = 0; i < at.length; i += 2) {
      ctx.moveTo(at[i] + r, at[i + 1]);
      ctx.arc(at[i], at[i + 1], r, 0, 2 * Math.PI);
    }
    ctx.strokeStyle = under ? colors.dataRim : colors.data;
    ctx.lineWidth = (under ? 5 : 2.6) * unit;
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

/**
 * A part of the paths, from one stop to another, as arrows drawn up to a share of their length; a
 * perturbation is a dashed line with a dot at its end.
 * @param {CanvasRenderingContext2D} ctx @param {Playback} playback @param {View} view
 * @param {number} first @param {number} last @param {number} share @param {boolean} dashed @param {number} alpha
 */
function paths(ctx, playback, view, first, last, share, dashed, alpha) {
  if (share === 0) return;
  const { unit, colors } = view;
  const pen = { color: colors.path, halo: colors.halo, width: 1.8 * unit, ring: false };
  ctx.globalAlpha = alpha;
  for (const path of playback.step.paths) {
    const line = toPixels(playback, view, path.slice(2 * first, last === Infinity ? undefined : 2 * last + 2));
    if (line.length < 4) continue;
    if (!dashed) {
      arrow(ctx, line, share, pen);
      if (line.length > 6) dots(ctx, line.slice(0, -2), 1.9 * unit, pen.color);
      continue;
    }
    const [x, y, toX, toY] = line;
    const tip = [x + share * (toX - x), y + share * (toY - y)];
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(tip[0], tip[1]);
    ctx.setLineDash([]);
    ctx.strokeStyle = colors.halo;
    ctx.lineWidth = 3.6 * unit;
    ctx.stroke();
    ctx.setLineDash([4 * unit, 3 * unit]);
    ctx.strokeStyle = colors.path;
    ctx.lineWidth = 1.8 * unit;
    ctx.stroke();
    ctx.setLineDash([]);
    disc(ctx, tip[0], tip[1], 3.6 * unit, colors.halo);
    disc(ctx, tip[0], tip[1], 2.6 * unit, colors.path);
  }
  ctx.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} r @param {string} color */
function disc(ctx, x, y, r, color) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 2 * Math.PI);
  ctx.fillStyle = color;
  ctx.fill();
}

/** Where chains start. @param {CanvasRenderingContext2D} ctx @param {Playback} playback @param {View} view @param {number} alpha */
function chainStarts(ctx, playback, view, alpha) {
  ctx.globalAlpha = alpha;
  for (const path of playback.step.paths) {
    const [x, y] = toPixels(playback, view, path.slice(0, 2));
    disc(ctx, x, y, 5 * view.unit, view.colors.halo);
    disc(ctx, x, y, 3.8 * view.unit, view.colors.path);
  }
  ctx.globalAlpha = 1;
}

/** All points that will be pushed up, without their weights. @param {CanvasRenderingContext2D} ctx @param {Frame} frame @param {View} view @param {number} share */
function scatter(ctx, frame, view, share) {
  const { pushes } = frame;
  const at = [];
  for (let p = 0; p < pushes.length; p += 5) if (pushes[p + 4] > 0) at.push(across(frame, view, pushes[p]), along(frame, view, pushes[p + 1]));
  const shown = at.slice(0, 2 * Math.ceil((share * at.length) / 2)); // one after the other
  dots(ctx, shown, 3 * view.unit, view.colors.halo);
  dots(ctx, shown, 2 * view.unit, view.colors.path);
}

/** Crosses where a proposal was rejected. @param {CanvasRenderingContext2D} ctx @param {Playback} playback @param {View} view @param {number} alpha */
function rejected(ctx, playback, view, alpha) {
  const { unit, colors } = view;
  const at = toPixels(playback, view, playback.step.rejected);
  const r = 3.6 * unit;
  ctx.globalAlpha = alpha;
  for (const under of [true, false]) {
    ctx.beginPath();
    for (let i = 0; i < at.length; i += 4) {
      ctx.moveTo(at[i + 2], at[i + 3]);
      ctx.lineTo(at[i], at[i + 1]);
    }
    ctx.setLineDash(under ? [] : [2 * unit, 3 * unit]);
    ctx.strokeStyle = under ? colors.halo : colors.path;
    ctx.lineWidth = (under ? 3.4 : 1.5) * unit;
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.beginPath();
    for (let i = 0; i < at.length; i += 4) {
      ctx.moveTo(at[i] - r, at[i + 1] - r);
      ctx.lineTo(at[i] + r, at[i + 1] + r);
      ctx.moveTo(at[i] - r, at[i + 1] + r);
      ctx.lineTo(at[i] + r, at[i + 1] - r);
    }
    ctx.lineWidth = (under ? 4.4 : 2) * unit;
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

/**
 * Another answer to each followed point: an arrow to it from the point that it answers, or from where
 * the answer would be without noise; and a line that joins two answers that a penalty pulls together.
 * @param {CanvasRenderingContext2D} ctx @param {Playback} playback @param {View} view @param {number} share @param {number} alpha
 */
function variants(ctx, playback, view, share, alpha) {
  const { unit, colors } = view;
  const thin = { color: colors.path, halo: colors.halo, width: 1.2 * unit, ring: false };
  const strong = { ...thin, width: 2.2 * unit };
  ctx.globalAlpha = alpha;
  for (const path of playback.step.variants) {
    const [x, y, ax, ay, bx, by, toX, toY] = toPixels(playback, view, path);
    if (toX === undefined) {
      disc(ctx, ax, ay, 3.6 * unit, colors.halo);
      disc(ctx, ax, ay, 2.6 * unit, colors.path);
      arrow(ctx, [ax, ay, bx, by], share, strong);
      continue;
    }
    for (const [fromX, fromY, endX, endY] of [[x, y, ax, ay], [toX, toY, bx, by]]) {
      dots(ctx, [fromX, fromY], 1.9 * unit, colors.path);
      arrow(ctx, [fromX, fromY, endX, endY], Math.min(1, 2 * share), thin);
    }
    const [middleX, middleY] = [(ax + bx) / 2, (ay + by) / 2];
    if (share > 0.5) for (const [fromX, fromY] of [[ax, ay], [bx, by]]) arrow(ctx, [fromX, fromY, middleX, middleY], 2 * share - 1, strong);
  }
  ctx.globalAlpha = 1;
}

/** The pull of each followed point on what the model offers for it. @param {CanvasRenderingContext2D} ctx @param {Playback} playback @param {View} view @param {number} share */
function pulls(ctx, playback, view, share) {
  const { unit, colors } = view;
  const pen = { color: colors.data, halo: colors.dataRim, width: 2.2 * unit, ring: false };
  for (const path of playback.step.paths) {
    const [x, y, toX, toY] = toPixels(playback, view, path);
    const far = Math.hypot(toX - x, toY - y);
    if (far > 10 * unit) arrow(ctx, [toX, toY, toX + (x - toX) * (1 - (9 * unit) / far), toY + (y - toY) * (1 - (9 * unit) / far)], share, pen);
  }
}
