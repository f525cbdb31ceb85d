// panel.js: the method in words, formulas and knobs, and its last step in numbers.
import { make, byId, hint, write } from './dom.js';
import { museumNote, notes, writeStrategy } from './card.js';
import { control } from './controls.js';
import { clauses, typeset, withValues } from './formula.js';
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
  const exhibit = byId('exhibit', HTMLElement);
  const thisStep = byId('this-step', HTMLElement);
  /** @type {Map<string, import('./controls.js').Control>} */
  let controls = new Map();
  /** @type {{node:HTMLElement, tex:string, set:string}[]} */
  let lines = [];
  const below = startBelow(knobs);
  let built = '';
  let tallest = 0; // the most lines that the report of a step has had

  const build = () => {
    const { model, state } = store;
    if (!model || !state || built === model.id) return;
    if (built) for (const part of [byId('panel', HTMLElement), knobs.parentElement]) part?.scrollTo(0, 0);
    built = model.id;
    tallest = 0;
    thisStep.style.removeProperty('--lines');
    write(byId('title', HTMLElement), model.title);
    byId('summary', HTMLElement).replaceChildren(...coloured(model.summary));
    lines = model.formulas.map(({ tex }) => ({ node: make('div', { class: 'tex' }), tex, set: '' }));
    const rows = model.formulas.map(({ label }, i) => make('div', {}, make('small', { text: label || words.formulaLabel }), lines[i].node));
    const rest = rows.splice(1);
    formulas.replaceChildren(...rows);
    if (rest.length) formulas.append(make('details', {}, make('summary', { text: words.moreFormulas }), ...rest));
    formulas.append(...notes(store, commands));
    writeStrategy(store, byId('strategy', HTMLElement));
    formulas.hidden = lines.length === 0;
    controls = new Map(model.knobs.map((k) => [k.name, control(k, (value, time) => commands.set(k.name, value, time))]));
    knobs.replaceChildren(...[...controls.values()].map((c) => c.node));
    for (const c of controls.values()) c.typeset();
    below.watch([...controls.values()].map((c) => c.node));
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
      c.fit((choice) => commands.value(choice));
    }
    for (const line of lines) {
      const tex = withValues(line.tex, written);
      if (tex === line.set) continue;
      line.node.replaceChildren(...clauses(tex).map((clause) => {
        const node = make('span', { class: 'clause' });
        typeset(node, clause, clause.replace(/\\htmlClass\{\w+\}/g, '').replace(/[{}\\]/g, ''));
        return node;
      }));
      line.set = tex;
    }
    const note = museumNote(store, commands);
    exhibit.hidden = note.length === 0;
    byId('summary', HTMLElement).hidden = note.length > 0; // the diagnosis replaces it
    const text = note.map((n) => n.textContent).join('');
    if (text !== exhibit.textContent) exhibit.replaceChildren(...note);
    for (const part of [exhibit, formulas]) for (const button of part.querySelectorAll('button')) button.disabled = !store.driving;
    const { model, data } = store.title;
    write(byId('run-title', HTMLElement), store.state ? say.title(model, data, store.driving ? '' : words.watching) : '');
    document.title = store.state ? `${model} · ebmviz` : 'ebmviz';
  };
  store.on('state', show);
  store.on('room', show);

  const tabs = startTabs(() => figure());
  const figure = () => {
    if (store.frame) write(byId('figure', HTMLElement), tabs.open() === 'histogram' ? aucFigure(store) : nllFigure(store));
  };

  const focusWhereItScrolls = () => {
    const tabIndex = thisStep.scrollHeight > thisStep.clientHeight + 1 ? 0 : -1;
    if (thisStep.tabIndex !== tabIndex) thisStep.tabIndex = tabIndex; // the keyboard can scroll it
  };
  new ResizeObserver(focusWhereItScrolls).observe(thisStep); // its height changes without a frame too

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
      figure();
      const names = store.model?.scalars ?? []; // the loss, those of the method, then those of all methods
      const others = names.slice(1, names.indexOf('auc')).map((name) => /** @type {[string, number]} */ ([name, store.scalar(name)]));
      const report = stepReport(frame, store.scalar('vol95'), others);
      thisStep.replaceChildren(...(report.length ? report.map((p) => (typeof p === 'string' ? p : make('b', { class: p.tone, text: p.text }))) : [words.idle]));
      if (store.state?.notice) thisStep.prepend(`${store.state.notice} `);
      const lines = Math.round(thisStep.scrollHeight / parseFloat(getComputedStyle(thisStep).lineHeight));
      if (lines > tallest) thisStep.style.setProperty('--lines', String((tallest = lines))); // a number that grows moves nothing
      focusWhereItScrolls();
    },
  };
}

/**
 * The line at the foot of the panel that says how many knobs are below the fold, and scrolls to them.
 * @param {HTMLElement} knobs
 */
function startBelow(knobs) {
  const line = make('button', { class: 'below', 'data-action': 'knobs-below', hidden: true });
  hint(line, words.knobsBelowTip);
  knobs.after(line);
  /** The knobs that are out of sight, above, below or not shown. @type {Set<Element>} */
  const out = new Set();
  const below = () => {
    const { top, height } = byId('panel', HTMLElement).getBoundingClientRect();
    return [...knobs.children].filter((knob) => out.has(knob) && knob.clientHeight > 0 && knob.getBoundingClientRect().top > top + height / 3);
  };
  const observer = new IntersectionObserver((entries) => {
    for (const { target, intersectionRatio } of entries) {
      if (intersectionRatio < 0.5) out.add(target);
      else out.delete(target);
    }
    const n = below().length;
    line.hidden = n === 0;
    write(line, say.knobsBelow(n));
  }, { threshold: 0.5 });
  line.addEventListener('click', () => below().at(-1)?.scrollIntoView({ block: 'nearest' }));
  return {
    /** @param {HTMLElement[]} nodes */
    watch(nodes) {
      observer.disconnect();
      out.clear();
      for (const node of nodes) observer.observe(node);
    },
  };
}

/** The tabs of the two charts; arrow keys move between them. @param {() => void} chosen  called when the reader has chosen one */
function startTabs(chosen) {
  const names = /** @type {const} */ (['histogram', 'quality']);
  /** @type {typeof names[number]} */
  let now = 'histogram';
  byId('legend', HTMLElement).append(
    make('span', { class: 'swatch data' }), words.energiesData, make('span', { class: 'swatch' }), words.energiesPlane,
  );
  byId('legend-quality', HTMLElement).append(
    make('span', { class: 'swatch ink' }), words.auc, make('span', { class: 'swatch muted' }), words.nll,
  );
  /** @param {typeof names[number]} name */
  const open = (name) => {
    now = name;
    for (const n of names) {
      const tab = byId(`tab-${n}`, HTMLElement);
      tab.setAttribute('aria-selected', String(n === name));
      tab.tabIndex = n === name ? 0 : -1;
      byId(n, HTMLElement).parentElement?.toggleAttribute('hidden', n !== name);
    }
  };
  for (const [i, name] of names.entries()) {
    const tab = byId(`tab-${name}`, HTMLElement);
    tab.addEventListener('click', () => {
      open(name);
      chosen();
    });
    tab.addEventListener('keydown', (e) => {
      if (e.key !== 'ArrowRight' && e.key !== 'ArrowLeft') return;
      open(names[1 - i]);
      chosen();
      byId(`tab-${names[1 - i]}`, HTMLElement).focus();
      e.preventDefault();
    });
  }
  open(now);
  return { open: () => now };
}

/** @param {import('./store.js').Store} store */
function aucFigure(store) {
  const auc = store.scalar('auc');
  const ceiling = store.scalar('auc_ceiling');
  return Number.isFinite(auc) ? say.auc(auc.toFixed(3), Number.isFinite(ceiling) ? ceiling.toFixed(3) : '', store.measuredOn) : '';
}

/** @param {import('./store.js').Store} store */
function nllFigure(store) {
  const nll = store.scalar('nll');
  const best = store.scalar('nll_true');
  return Number.isFinite(nll) ? say.nll(signed(nll, 2), Number.isFinite(best) ? signed(best, 2) : '', store.measuredOn) : '';
}
