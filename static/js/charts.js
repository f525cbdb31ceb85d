// charts.js: loss, histogram and quality by ECharts. The server sends complete options with the
// history so far; the page adds the theme's colours and appends to the series by their ids.
import { byId } from './dom.js';
import { between, styled } from './chart-style.js';
import { Curve } from './curve.js';
import { load } from './formula.js';
import { histogram } from './landscape/index.js';

/** @typedef {import('./store.js').Store} Store */
/** @typedef {'loss'|'histogram'|'quality'} Name */

const NAMES = /** @type {const} */ (['loss', 'histogram', 'quality']);

/** The series over the steps; the id of each is the scalar that it shows. */
const CURVES = /** @type {const} */ (['loss', 'auc', 'auc_ceiling', 'nll', 'nll_true']);
const BINS = 36;
/** A curve of so many points is as good as one of all steps. */
const ENOUGH = 400;
/** Milliseconds after which a run that pauses is taken to rest, and within which the pages of a class then ask. */
const RESTS = 300, SPREAD = 2000;

export class Charts {
  /** @param {Store} store @param {import('./commands.js').Commands} commands */
  constructor(store, commands) {
    this.store = store;
    this.commands = commands;
    /** @type {Map<Name, EChart>} */
    this.charts = new Map();
    /** @type {Map<Name, any>} the server's options */
    this.options = new Map();
    this.curves = new Map(CURVES.map((id) => [/** @type {string} */ (id), new Curve()]));
    /** The loss of a run that this one is compared with. @type {[number, number][]} */
    this.other = [];
    /** Grows with every request for the options: only the last one's answer counts. */
    this.request = 0;
    this.ready = false;
    /** Whether the options could not be fetched: they are fetched when the room is back. */
    this.failed = false;
    /** Whether some charts still show an older frame. */
    this.behind = false;
    /** The run and the knobs whose curves these are, and how many changes had been made here. */
    this.shown = { run: '', knobs: '', playing: false, rewrites: commands.rewrites };
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.resting = undefined;
    store.on('room', () => this.failed && this.restart());
    store.on('state', () => this.follow());
  }

  /** Loads the library and draws what the room has so far. */
  async start() {
    await load('script', 'vendor/echarts/echarts.common.min.js');
    const resized = new ResizeObserver(() => this.charts.forEach((c) => c.resize()));
    for (const name of NAMES) {
      const node = byId(name, HTMLElement);
      const chart = window.echarts?.init(node, null, { renderer: 'canvas' });
      if (!chart) continue;
      this.charts.set(name, chart);
      resized.observe(node);
    }
    this.follow();
  }

  /** Fetches the history of another run. */
  async restart() {
    const request = ++this.request;
    for (const curve of this.curves.values()) curve.cut(-1);
    if (!this.charts.size) return;
    this.fill(); // those of the old run are not those of this
    if ((this.failed = await this.fetch(request).then(() => false, () => true)) || request !== this.request) return;
    this.ready = true;
    this.restyle();
  }

  /** Fetches the charts as the room has them. @param {number} request  an answer counts while it is the last one */
  fetch(request) {
    return Promise.all(NAMES.map(async (name) => {
      const option = await this.commands.client.query({ chart: name }).catch((e) => {
        if (!e.status) throw e; // a chart that the server refuses stays empty
      });
      if (!option || request !== this.request) return;
      this.options.set(name, option);
      for (const series of option.series) this.curves.get(series.id)?.begin(series.data ?? []);
    }));
  }

  /** Fetches the steps that this page has had no frames of, where these are most: then the curve would be another on each page. */
  complete() {
    const loss = this.curves.get('loss');
    if (!this.ready || !loss || loss.points.length >= Math.min(loss.last, ENOUGH) / 2) return;
    this.fetch(++this.request).then(() => this.restyle(), () => {}); // the next pause asks again
  }

  /** Fetches the history where the run was replaced; forgets what came after a step where a knob was moved. */
  follow() {
    const { state, room, driving } = this.store;
    if (!state || !this.charts.size) return; // start follows the room once the library is there
    // A restart, an opening and a checkpoint each begin a run.
    const run = `${room} ${state.run}`;
    const knobs = JSON.stringify(state.knobs);
    const { shown, commands } = this;
    if (run !== shown.run) this.restart();
    else if ((knobs !== shown.knobs || state.step === 0) && (shown.rewrites !== commands.rewrites || !driving)) {
      this.cut(state.step); // going back in time alone keeps the curve: it will come again
      shown.rewrites = commands.rewrites;
    }
    if (state.playing) clearTimeout(this.resting);
    else if (shown.playing) this.resting = setTimeout(() => this.complete(), RESTS + (driving ? 0 : SPREAD * Math.random()));
    Object.assign(shown, { run, knobs, playing: state.playing });
  }

  /** Draws all charts in the colours of the theme. */
  restyle() {
    for (const [name, chart] of this.charts) {
      const option = this.options.get(name);
      if (option) chart.setOption(styled(option, this.store.scene), { notMerge: true });
    }
    this.fill();
  }

  /** Appends the scalars of the newest frame to the curves. */
  append() {
    const { frame } = this.store;
    if (!frame) return;
    for (const [id, curve] of this.curves) curve.add(frame.step, this.store.scalar(id));
  }

  /** Forgets what came after a step. @param {number} step */
  cut(step) {
    for (const curve of this.curves.values()) curve.cut(step);
  }

  /** Draws the loss of another run behind this one's; none with no points. @param {[number, number][]} points */
  overlay(points) {
    this.other = points;
    this.fill();
  }

  /** The last step that time can be dragged to. */
  get horizon() {
    const { model, frame } = this.store;
    return Math.max(model?.steps ?? 1, this.curves.get('loss')?.last ?? 0, frame?.step ?? 0);
  }

  /** Fills the charts with what is known now. */
  fill() {
    if (!this.ready) return;
    const loss = this.curves.get('loss')?.points ?? [];
    const [min, max] = bounds(this.other.length ? [...loss, ...this.other] : loss);
    this.charts.get('loss')?.setOption({ xAxis: { min: 0, max: this.horizon }, yAxis: { min, max }, series: [{ id: 'loss', data: loss }, { id: 'mean', data: runningMean(loss) }, { id: 'other', data: runningMean(this.other) }] });
    if ((this.behind = !this.behind)) return; // the other charts are drawn every second time: the loss matters most
    if (byId('quality', HTMLElement).clientWidth === 0) return this.fillHistogram();
    const series = CURVES.slice(1).map((id) => ({ id, data: this.curves.get(id)?.points ?? [] }));
    this.charts.get('quality')?.setOption({ series, xAxis: { min: 0, max: this.horizon } });
  }

  /** The energies of data and plane in the newest frame. */
  fillHistogram() {
    const { frame } = this.store;
    if (!frame) return;
    const { edges, data, plane } = histogram(frame, this.store.pointsOf(frame), BINS);
    /** @param {number[]} shares */
    const steps = (shares) => [...shares.map((s, i) => [edges[i], s]), [edges[edges.length - 1], shares[shares.length - 1]]];
    const top = Math.max(...data, 1.2 * Math.max(...plane.slice(0, -1)));
    this.charts.get('histogram')?.setOption({
      xAxis: { min: edges[0], max: edges[edges.length - 1], axisLabel: { formatter: between(edges[0], edges[edges.length - 1]) } }, yAxis: { max: top },
      series: [{ id: 'uniform', data: steps(plane) }, { id: 'data', data: steps(data) }],
    });
  }
}

/**
 * The range of a curve: its 2 % and 98 % quantiles with a margin, so that one outlier does not
 * flatten the rest.
 * @param {[number, number][]} points
 */
export function bounds(points) {
  const values = points.map((p) => p[1]).filter(Number.isFinite).sort((a, b) => a - b);
  if (!values.length) return [0, 1];
  const lo = values[Math.floor(0.02 * (values.length - 1))];
  const hi = values[Math.ceil(0.98 * (values.length - 1))];
  const margin = 0.12 * (hi - lo) || Math.abs(hi) * 0.1 || 1;
  return [lo - margin, hi + margin];
}

/**
 * The curve without the noise of its batches: each point the mean of those before it, with a
 * memory of a fortieth of the curve.
 * @param {[number, number][]} points
 * @returns {[number, number][]}
 */
export function runningMean(points) {
  const memory = Math.max(1, points.length / 40);
  let mean = points.length ? points[0][1] : 0;
  return points.map(([step, value], i) => {
    mean += (value - mean) / Math.min(i + 1, memory);
    return [step, mean];
  });
}
