// check.js: the page /check, for a pupil's phone and for the teacher's computer. For a minute it receives
// frames over the transports that the class uses, and says in plain words what it found.
import { verdict } from './check-verdict.js';
import { make } from './dom.js';
import { request, serverAnswers } from './request.js';
import { Socket } from './socket.js';
import { check, words } from './strings.js';

/** Seconds that it takes; #seconds= makes it shorter, for tests. */
const SECONDS = Number(new URLSearchParams(location.hash.slice(1)).get('seconds')) || 60;
/** Frames a second that the server sends. */
const SENT = 10;
/** Frames in a second that are few. */
const FEW = 7;

const reach = make('dd', { text: check.trying }), line = make('dd', { text: check.trying }), pictures = make('dd', { text: '–' });
const bars = Array.from({ length: SECONDS }, () => make('i'));
const seconds = make('div', { class: 'seconds', role: 'img', 'aria-label': check.bar }, ...bars);
const clock = make('span', { text: check.second(0) });
const here = make('p', { class: 'here', hidden: true });
const result = make('section', { class: 'verdict', role: 'status' });
const again = make('button', { text: check.again, hidden: true });
const open = make('a', { class: 'button', href: './', text: check.open });
again.addEventListener('click', () => location.reload());

/** @type {HTMLElement} */ (document.getElementById('check')).append(
  make('p', { class: 'brand', text: 'ebmviz' }),
  make('h1', { text: check.title }),
  make('p', { class: 'how', text: check.how }),
  here,
  make('dl', {}, make('dt', { text: check.reach }), reach, make('dt', { text: check.line }), line, make('dt', { text: check.pictures }), pictures),
  make('figure', {}, seconds, make('figcaption', {}, make('span', { text: check.bar }), clock)),
  result,
  make('div', { class: 'buttons' }, again, open),
);

let frames = 0, cuts = 0, held = 0, elapsed = 0;
/** @type {import('./socket.js').TransportName|''} */
let transport = '';
/** @type {number[]} */
const counted = [];

const socket = new Socket({
  key: async () => {
    if (!(await serverAnswers())) throw new TypeError(words.unreachable); // it tries again
    return { room: 'check', token: '' };
  },
  message: () => {},
  frame({ seq }) {
    frames++;
    socket.ack(seq);
  },
  status(status) {
    if (status.now === 'open') transport = status.transport ?? 'websocket';
    else if (status.now === 'lost' && transport) {
      cuts++;
      transport = '';
    }
  },
});

/** Shows the second that has passed. @param {number} s */
function second(s) {
  const { style, dataset } = bars[s];
  counted.push(frames);
  held = frames > 0 ? held + 1 : 0;
  style.height = `${Math.min(100, (100 * frames) / SENT)}%`;
  dataset.state = frames >= FEW ? 'good' : frames > 0 ? 'few' : 'none';
  frames = 0;
  clock.textContent = check.second(s + 1);
  line.textContent = transport ? check.lineHeld(transport, held, cuts) : check.trying;
  pictures.textContent = check.ofTen(rate());
}

/** Frames a second, without the first second, in which the line was opened. */
const rate = () => {
  const all = counted.length > 1 ? counted.slice(1) : counted;
  return all.reduce((sum, n) => sum + n, 0) / all.length;
};

async function askServer() {
  const start = performance.now();
  const answers = await serverAnswers();
  reach.textContent = answers ? check.answers(Math.max(1, Math.round(performance.now() - start))) : check.no;
  return answers;
}

/** On the computer of the class: whether another device has come through. */
async function askDevices() {
  const found = await request('api/check').catch(() => null);
  if (!found?.here) return;
  const [address] = found.addresses;
  const said = !found.open ? check.closed : found.reached >= 0 ? check.reached(found.reached) : check.nobody(address ? new URL('check', address).href : location.href);
  here.textContent = `${check.here} ${said}`;
  here.hidden = false;
}

async function finish() {
  socket.close();
  const reached = await askServer();
  const { kind, title, why, tell } = verdict({ reached, transport, cuts, fps: rate() }, new URL(document.baseURI).host);
  result.dataset.kind = kind;
  result.replaceChildren(make('h2', { text: title }), make('p', { text: why }), ...(tell ? [make('h3', { text: check.tell }), make('blockquote', { text: tell })] : []));
  again.hidden = false;
}

askServer();
askDevices();
socket.connect();
const timer = setInterval(() => {
  second(elapsed++);
  if (elapsed % 5 === 0) {
    askServer();
    askDevices();
  }
  if (elapsed < SECONDS) return;
  clearInterval(timer);
  finish();
}, 1000);
