// charts.js: loss, histogram and quality by ECharts. The options come from the server; the
// page gives every series the colour of its meaning and goes on filling it by its id.
import { byId } from './dom.js';
import { load } from './formula.js';
import { Curve } from './curve.js';
import { between, dress } from './chart-style.js';
import { histogram } from './landscape/index.js';

/** @typedef {import('./store.js').Store} Store */
/** @typedef {import('./chart-style.js').Name} Name */

const NAMES = /** @type {const} */ (['loss', 'histogram', 'quality']);

/** The curves over the steps: the series and the scalar it shows. */
const CURVES = /** @type {const} */ (['loss', 'auc', 'auc_ceiling', 'nll', 'nll_true']);
const BINS = 36;

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
    this.run = 0;
    this.ready = false;
    /** Whether the line was cut before the charts had come: the room's coming back asks again. */
    this.failed = false;
    /** Whether some charts still show an older frame. */
    this.behind = false;
    /** The run and the knobs whose curves these are, and how often a hand had changed them. */
    this.of = { run: '', knobs: '', rewrites: commands.rewrites };
    store.on('room', () => this.failed && this.restart());
    store.on('state', () => this.follow());
  }

  /** Loads the library and draws what the room has so far. */
  async start() {
    await load('script', 'vendor/echarts/echarts.common.min.js');
    const watch = new ResizeObserver(() => this.charts.forEach((c) => c.resize()));
    for (const name of NAMES) {
      const node = byId(name, HTMLElement);
      const chart = window.echarts?.init(node, null, { renderer: 'canvas' });
      if (!chart) continue;
      this.charts.set(name, chart);
      watch.observe(node);
    }
    this.follow();
  }

  /** Begins anew: another room, model or data. */
  async restart() {
    const run = ++this.run;
    for (const curve of this.curves.values()) curve.cut(-1);
    if (!this.charts.size) return;
    const asked = Promise.all(NAMES.map(async (name) => {
      const answer = await fetch(`api/rooms/${encodeURIComponent(this.store.room)}/charts/${name}.json`);
      if (!answer.ok || run !== this.run) return;
      const option = await answer.json();
      if (run !== this.run) return;
      this.options.set(name, option);
      for (const series of option.series ?? []) this.curves.get(series.id)?.begin(series.data ?? []);
    }));
    if ((this.failed = await asked.then(() => false, () => true))) return;
    this.ready = true;
    this.dressAll();
  }

  /** Begins anew with another run; forgets what came after a step where a knob was moved. */
  follow() {
    const { state, room, driving } = this.store;
    if (!state) return;
    const run = `${room} ${state.model} ${state.data} ${state.seed}`;
    const knobs = JSON.stringify(state.knobs);
    const { of, commands } = this;
    if (run !== of.run) this.restart();
    else if ((knobs !== of.knobs || state.step === 0) && (of.rewrites !== commands.rewrites || !driving)) {
      this.cut(state.step); // going back in time alone keeps the curve: it will come again
      of.rewrites = commands.rewrites;
    }
    Object.assign(of, { run, knobs });
  }

  /** Draws all charts in the colours of the theme. */
  dressAll() {
    for (const [name, chart] of this.charts) {
      const option = this.options.get(name);
      if (option) chart.setOption(dress(name, option, this.store.scene), { notMerge: true });
    }
    this.fill();
  }

  /** Takes the scalars of the newest frame into the curves. */
  note() {
    const { frame } = this.store;
    if (!frame) return;
    for (const [id, curve] of this.curves) curve.add(frame.step, this.store.scalar(id));
  }

  /** Forgets what came after a step: a knob was moved there. @param {number} step */
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
    if ((this.behind = !this.behind)) return; // the loss leads the eye; the others follow at half its pace
    if (byId('quality', HTMLElement).clientWidth === 0) return this.fillHistogram();
    const series = CURVES.slice(1).map((id) => ({ id, data: this.curves.get(id)?.points ?? [] })).filter((s) => this.has('quality', s.id));
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

  /** @param {Name} name @param {string} id */
  has(name, id) {
    return this.options.get(name)?.series?.some((/** @type {{id:string}} */ s) => s.id === id);
  }
}

/**
 * Where a curve lies: its 2 % and 98 % quantiles with some air, so that one wild value does
 * not flatten the rest.
 * @param {[number, number][]} points
 */
export function bounds(points) {
  const values = points.map((p) => p[1]).filter(Number.isFinite).sort((a, b) => a - b);
  if (!values.length) return [0, 1];
  const lo = values[Math.floor(0.02 * (values.length - 1))];
  const hi = values[Math.ceil(0.98 * (values.length - 1))];
  const air = 0.12 * (hi - lo) || Math.abs(hi) * 0.1 || 1;
  return [lo - air, hi + air];
}

/**
 * The curve without the chance of its batches: each point the mean of those before it, with
 * a memory of a fortieth of the curve.
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
