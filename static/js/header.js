// header.js: projector, panels, theme, help; the tabs of the narrow page; and the keys.
import { make, byId, dialogHead, write } from './dom.js';
import { follows } from './landscape/followed-point.js';
import { ignored, letterKeys, setLetterKeys } from './letter-keys.js';
import { startMuseum } from './museum.js';
import { sign } from './icons.js';
import { nextTheme, onTheme, themeWord, toggleProjector, scale } from './theme.js';
import { keys, legend, transports, words } from './strings.js';

/**
 * @param {import('./store.js').Store} store
 * @param {import('./commands.js').Commands} commands
 */
export function startHeader(store, commands) {
  const help = byId('help', HTMLDialogElement);
  const list = make('dl', {}, ...keys.flatMap(([key, text]) => [make('dt', {}, make('kbd', { text: key })), make('dd', { text })]));
  const picture = make('dl', {}, ...legend.flatMap(([tone, what, text]) => [make('dt', { class: tone, text: what }), make('dd', { text })]));
  help.append(dialogHead(help, words.helpTitle), make('p', { text: words.helpText }), picture, make('h2', { text: words.helpKeys }), list, letterKeysSwitch(), connectionLine(store));

  /** @type {Record<string, (button:Element) => void>} */
  const actions = {
    theme: nextTheme,
    projector: toggleProjector,
    panels: (button) => button.setAttribute('aria-pressed', String(document.querySelector('.app')?.toggleAttribute('data-panels') ?? false)),
    help: () => openHelp(help),
  };
  for (const [action, act] of Object.entries(actions)) {
    const button = document.querySelector(`[data-action="${action}"]`);
    button?.addEventListener('click', () => act(button));
  }
  const show = () => {
    const theme = document.querySelector('[data-action="theme"]');
    theme?.setAttribute('aria-label', themeWord());
    document.querySelector('[data-action="projector"]')?.setAttribute('aria-pressed', String(scale() > 1));
  };
  document.querySelector('[data-action="theme"]')?.append(sign('theme'));
  onTheme(show);
  show();
  store.on('room', () => {
    document.querySelector('.app')?.toggleAttribute('data-watching', !store.driving);
    document.querySelector('[data-action="class"]')?.toggleAttribute('hidden', !store.owns);
  });
  startMuseum(store, commands);
  tabs();
  document.addEventListener('keydown', (e) => key(e, store, commands, help));
  // Some browsers press a button or open a list only here.
  for (const event of /** @type {const} */ (['keypress', 'keyup'])) {
    document.addEventListener(event, (e) => e.key === ' ' && !usedBy(e.target, ' ') && e.preventDefault());
  }
  for (const menu of document.querySelectorAll('.more')) {
    menu.addEventListener('click', (e) => e.target instanceof Element && e.target.closest('button') && menu instanceof HTMLElement && menu.hidePopover());
  }
  byId('skip', HTMLAnchorElement).addEventListener('click', (e) => {
    e.preventDefault(); // the fragment is the page's address
    byId('landscape', HTMLCanvasElement).focus();
  });
}

/** Opens the help at its top. @param {HTMLDialogElement} help */
function openHelp(help) {
  help.showModal();
  help.scrollTop = 0;
}

/** The switch for keys that are single letters. */
function letterKeysSwitch() {
  const box = make('input', { type: 'checkbox', 'data-setting': 'letter-keys' });
  box.checked = letterKeys();
  box.addEventListener('change', () => setLetterKeys(box.checked));
  return make('label', { class: 'setting' }, box, words.letterKeys);
}

/** Says what carries the connection. @param {import('./store.js').Store} store */
function connectionLine(store) {
  const line = make('p', { 'data-connection': '' });
  store.on('connection', () => {
    const { transport } = store.connection;
    if (transport) write(line, transports[transport]);
  });
  return line;
}

/** The tabs that choose the sheet of the narrow page. */
function tabs() {
  const app = document.querySelector('.app');
  const bar = byId('tabs', HTMLElement);
  const all = /** @type {const} */ ([['panel', words.tabPanel], ['sidebar', words.tabSidebar], ['layers', words.tabLayers]]);
  const buttons = all.map(([sheet, text]) => {
    const button = make('button', { text, 'data-tab': sheet });
    button.addEventListener('click', () => app?.setAttribute('data-sheet', sheet));
    return button;
  });
  bar.append(...buttons);
  const show = () => {
    for (const b of buttons) b.setAttribute('aria-pressed', String(b.dataset.tab === app?.getAttribute('data-sheet')));
  };
  if (app) new MutationObserver(show).observe(app, { attributeFilter: ['data-sheet'] }); // a lesson or a tool changes it too
  show();
}

/**
 * Whether the element that has the focus uses the key itself. The space bar plays and pauses, whatever
 * was clicked last: a button has the Enter key.
 * @param {EventTarget|null} target @param {string} name
 */
function usedBy(target, name) {
  if (!(target instanceof Element) || !target.checkVisibility()) return false; // a dialog just closed may still have the focus
  if (target.closest('dialog, textarea, input:not([type="range"], [type="number"], [type="checkbox"], [type="radio"])')) return true;
  if (name === ' ') return target.matches('input:is([type="checkbox"], [type="radio"]):focus-visible');
  return target.closest('input, select') !== null || (name === 'Enter' && target.closest('button, summary') !== null);
}

/**
 * @param {KeyboardEvent} e
 * @param {import('./store.js').Store} store
 * @param {import('./commands.js').Commands} commands
 * @param {HTMLDialogElement} help
 */
function key(e, store, commands, help) {
  if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || usedBy(e.target, e.key) || ignored(e.key)) return;
  if (e.key === '?') openHelp(help);
  else if (e.key === 'p' || e.key === 'P') toggleProjector();
  else if (e.key === 'f' || e.key === 'F') {
    store.scene.follow = !follows(store.scene);
    store.markChanged('scene');
  } else if (!store.driving) return;
  else if (e.key === ' ') e.repeat || commands.act(store.state?.playing ? 'pause' : 'play');
  else if (e.key === 'ArrowRight') commands.act('step');
  else if (e.key === 'ArrowLeft') commands.back();
  else if (e.key === 'r' || e.key === 'R') commands.act('reset');
  else return;
  e.preventDefault();
}
