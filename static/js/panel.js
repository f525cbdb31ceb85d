// panel.js: the method in words, formulas and knobs, and what its last step did in numbers.
import { make, byId, write } from './dom.js';
import { control } from './controls.js';
import { typeset, withValues } from './formula.js';
import { format, signed } from './scale.js';
import { words, say } from './strings.js';
import { stepReport } from './report.js';

/**
 * The summary of a card with its coloured words as nodes: {down|…} and {up|…}.
 * @param {string} summary
 * @returns {(Node|string)[]}
 */
export function coloured(summary) {
  return summary.split(/(\{(?:up|down)\|[^}]*\})/).map((part) => {
    const match = /^\{(up|down)\|([^}]*)\}$/.exec(part);
    return match ? make('b', { class: match[1], text: match[2] }) : part;
  });
}

/**
 * @param {import('./store.js').Store} store
 * @param {import('./commands.js').Commands} commands
 */
export function startPanel(store, commands) {
  const formulas = byId('formulas', HTMLElement);
  const knobs = byId('model-knobs', HTMLElement);
  /** @type {Map<string, import('./controls.js').Control>} */
  let controls = new Map();
  /** @type {{node:HTMLElement, tex:string, set:string}[]} */
  let lines = [];
  let built = '';

  const build = () => {
    const { model, state } = store;
    if (!model || !state || built === model.id) return;
    built = model.id;
    write(byId('title', HTMLElement), model.title);
    byId('summary', HTMLElement).replaceChildren(...coloured(model.summary));
    lines = model.formulas.map(({ tex }) => ({ node: make('div', { class: 'tex' }), tex, set: '' }));
    formulas.replaceChildren(...model.formulas.map(({ label }, i) => make('div', {}, make('small', { text: label || words.formulaLabel }), lines[i].node)));
    formulas.hidden = lines.length === 0;
    controls = new Map(model.knobs.map((k) => [k.name, control(k, (value, time) => commands.set(k.name, value, time))]));
    knobs.replaceChildren(...[...controls.values()].map((c) => c.node));
    for (const c of controls.values()) c.typeset();
    byId('panel', HTMLElement).scrollTop = 0;
  };

  /** @param {string} name */
  const written = (name) => {
    const knob = store.knobs.find((k) => k.name === name);
    const value = commands.value(name);
    return knob && value !== undefined ? format(knob, value) : name;
  };

  const show = () => {
    build();
    for (const [name, c] of controls) {
      const value = commands.value(name);
      if (value !== undefined) c.show(value, store.driving);
    }
    for (const line of lines) {
      const tex = withValues(line.tex, written);
      if (tex === line.set) continue;
      typeset(line.node, tex, tex.replace(/\\htmlClass\{\w+\}/g, '').replace(/[{}\\]/g, ''));
      line.set = tex;
    }
    const { model, data } = store.place;
    write(byId('place', HTMLElement), store.state ? say.place(model, data) : '');
    document.title = store.state ? `${model} · ebmviz` : 'ebmviz';
  };
  store.on('state', show);
  store.on('room', show);

  const histogramTitle = byId('histogram-title', HTMLElement);
  histogramTitle.replaceChildren(
    `${words.energies} `, make('span', { class: 'swatch data' }), `${words.energiesData} `,
    make('span', { class: 'swatch' }), words.energiesPlane,
  );

  return {
    /** Sets the mathematics once KaTeX is there. */
    typeset() {
      for (const line of lines) line.set = '';
      for (const c of controls.values()) c.typeset();
      show();
    },
    /** Writes the numbers of the newest frame. */
    numbers() {
      const { frame } = store;
      if (!frame) return;
      const auc = store.scalar('auc');
      const ceiling = store.scalar('auc_ceiling');
      write(byId('auc', HTMLElement), Number.isFinite(auc) ? say.auc(auc.toFixed(3), Number.isFinite(ceiling) ? ceiling.toFixed(3) : '') : '');
      const nll = store.scalar('nll');
      write(byId('nll', HTMLElement), Number.isFinite(nll) ? say.nll(signed(nll, 2)) : '');
      const report = stepReport(frame, store.scalar('vol95'));
      byId('this-step', HTMLElement).replaceChildren(...(report.length ? report.map((p) => (typeof p === 'string' ? p : make('b', { class: p.tone, text: p.text }))) : [words.idle]));
    },
  };
}
