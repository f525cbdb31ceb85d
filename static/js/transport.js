// transport.js: play, pause, step, back, reset, the speed, and the slider of the steps over the
// curve of the loss.
import { make, byId, toast, write } from './dom.js';
import { sign } from './icons.js';
import { plain } from './scale.js';
import { words, say } from './strings.js';

/** Speeds to choose from, as multiples of the usual one; 0 is as fast as possible. */
const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 0];

/**
 * @param {import('./store.js').Store} store
 * @param {import('./commands.js').Commands} commands
 */
export function startTransport(store, commands) {
  const scrubber = byId('scrubber', HTMLInputElement);
  const speed = byId('speed', HTMLSelectElement);
  const count = byId('step-count', HTMLInputElement);
  const rate = byId('step-rate', HTMLElement);
  /** @param {string} action */
  const button = (action) => {
    const node = document.querySelector(`[data-action="${action}"]`);
    if (!(node instanceof HTMLButtonElement)) throw new Error(`The page lacks its button ${action}.`);
    return node;
  };
  const play = button('play');
  const pause = button('pause');
  for (const action of ['play', 'pause', 'step', 'reset', 'back']) button(action).append(sign(action));

  const back = () => store.state && store.state.step > 0 && commands.back();
  for (const action of /** @type {const} */ (['play', 'pause', 'step', 'reset'])) button(action).addEventListener('click', () => commands.act(action));
  button('back').addEventListener('click', back);

  let dragging = false;
  let resume = false;
  scrubber.addEventListener('pointerdown', () => (dragging = true));
  scrubber.addEventListener('input', () => {
    if (store.state?.playing) {
      resume = dragging;
      commands.act('pause');
    }
    commands.seek(scrubber.valueAsNumber).then(goOn);
  });
  /** Plays on after a drag. */
  const goOn = () => {
    if (dragging || !resume) return;
    resume = false;
    commands.act('play');
  };
  for (const end of ['pointerup', 'pointercancel']) {
    scrubber.addEventListener(end, () => {
      dragging = false;
      if (!commands.seeking) goOn();
    });
  }

  const writeStep = () => store.frame && (count.value = String(store.frame.step));
  count.addEventListener('change', async () => {
    if (count.value === '' || !count.validity.valid) {
      writeStep();
      return toast(words.badStep);
    }
    if (store.state?.playing) commands.act('pause');
    if (!(await commands.seek(count.valueAsNumber))) writeStep();
  });

  speed.append(...SPEEDS.map((s) => make('option', { value: s, text: s ? `${s}×` : words.speedMax })));
  speed.addEventListener('change', () => commands.view({ speed: speed.value === '1' ? 'auto' : Number(speed.value) * store.usualSpeed() }));

  const show = () => {
    const { state, driving } = store;
    if (!state) return;
    const focused = document.activeElement;
    play.hidden = state.playing;
    pause.hidden = !state.playing;
    if (focused === play && play.hidden) pause.focus();
    if (focused === pause && pause.hidden) play.focus();
    for (const action of ['play', 'pause', 'step', 'reset']) button(action).disabled = !driving;
    button('back').disabled = !driving || (!state.playing && state.step === 0);
    scrubber.disabled = speed.disabled = count.disabled = !driving;
    const multiple = state.pace === 'auto' ? 1 : state.speed / store.usualSpeed();
    const nearest = state.pace === 'max' ? 0 : SPEEDS.find((s) => s && Math.abs(s - multiple) < 0.02 * s);
    const value = String(nearest ?? multiple);
    if (![...speed.options].some((o) => o.value === value)) speed.append(make('option', { value, text: multiple < SPEEDS[0] ? words.speedSlow : `${Number(multiple.toPrecision(multiple < 1 ? 1 : 2))}×` }));
    speed.value = value;
  };
  store.on('state', show);
  store.on('room', show);

  /** The step at which the step of a lesson stops. */
  const mark = make('div', { class: 'telling', title: words.lessonStop, hidden: true });
  scrubber.before(mark);
  let marked = ''; // the share of the time line before it

  /** Steps per second as they come, over the last seconds. @type {{step:number, time:number}[]} */
  let seen = [];
  return {
    /**
     * Writes the numbers of the newest frame.
     * @param {number} horizon  the last step of the scrubber
     */
    numbers(horizon) {
      const { frame, state, model } = store;
      if (!frame || !state || !model) return;
      const last = seen.at(-1);
      if (last && frame.step < last.step) seen = [];
      seen.push({ step: frame.step, time: frame.time });
      if (seen.length > 20) seen.shift();
      const span = (frame.time - seen[0].time) / 1000;
      const speedNow = state.playing && span > 0 ? (frame.step - seen[0].step) / span : 0;
      if (document.activeElement !== count) count.value = String(frame.step);
      const { lessonStop } = store.view;
      const beyond = lessonStop > 0 && frame.step > lessonStop;
      write(rate, beyond ? say.lessonSteps(lessonStop) : say.rate(frame.step, lessonStop || model.steps, !state.playing ? '' : speedNow >= 9.5 || speedNow === 0 ? String(Math.round(speedNow)) : speedNow.toFixed(1)));
      if (scrubber.max !== String(horizon)) scrubber.max = String(horizon);
      const at = lessonStop ? String(lessonStop / horizon) : '';
      if (at !== marked) mark.style.setProperty('--at', (marked = at));
      mark.hidden = !at;
      if (!dragging && !commands.seeking) scrubber.value = String(frame.step);
      const loss = store.scalar('loss');
      scrubber.setAttribute('aria-valuetext', say.time(frame.step, horizon, Number.isFinite(loss) ? plain(loss) : ''));
    },
    back,
  };
}
