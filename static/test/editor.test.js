// The lessons of a user: how they are stored, what of them goes into a file, and what of a run a step takes.
import assert from 'node:assert/strict';
import test from 'node:test';

/** Storage with room for so many letters. */
class Store {
  /** @type {Record<string, string>} */
  all = {};
  most = 1e6;
}
const kept = new Store();
let forbidden = false;
Object.defineProperty(globalThis, 'localStorage', {
  configurable: true,
  get() {
    if (forbidden) throw new DOMException('no', 'SecurityError');
    return new Proxy(kept.all, {
      get: (all, name) => ({
        getItem: (/** @type {string} */ key) => all[key] ?? null,
        removeItem: (/** @type {string} */ key) => delete all[key],
        setItem(/** @type {string} */ key, /** @type {string} */ text) {
          if (text.length > kept.most) throw new DOMException('full', 'QuotaExceededError');
          all[key] = text;
        },
      })[String(name)] ?? all[String(name)],
    });
  },
});
const { file, fileName, forget, isMine, keep, myLesson, myLessons, newId } = await import('../js/lessons/mine.js');
const { clean, newLesson, newStep, textsOf } = await import('../js/lessons/editor-steps.js');
const { TabView } = await import('../js/tab-view.js');
const { boundBelow, broken, changesSince } = await import('../js/lessons/editor-view.js');

test('lessons are stored, listed and forgotten', () => {
  const first = newLesson(newId(), 'One');
  assert.ok(isMine(first.id) && !isMine('collapse'));
  assert.equal(keep(first), '');
  const second = newLesson(newId(), 'Two');
  assert.notEqual(second.id, first.id);
  assert.equal(keep(second), '');
  assert.deepEqual(myLessons().map((l) => l.title), ['One', 'Two']);
  assert.deepEqual(Object.keys(JSON.parse(kept.all[`ebmviz.lesson.${first.id}`])), ['format', 'title', 'about', 'steps'], 'as a file has it');
  forget(first.id);
  assert.equal(myLesson(first.id), undefined);
  assert.deepEqual(myLessons().map((l) => l.title), ['Two']);
  forget(second.id);
});

test('a browser without room says so, and has the lesson as long as the page', () => {
  for (const [full, none] of [[true, false], [false, true]]) {
    kept.most = full ? 10 : 1e6;
    forbidden = none;
    const lesson = newLesson('my:x', 'Long');
    assert.match(keep(lesson), /no room .* save it as a file/);
    assert.deepEqual(myLessons(), [lesson]);
    forget('my:x');
    assert.deepEqual(myLessons(), []);
  }
  kept.most = 1e6;
  forbidden = false;
});

test('what something else has written is no lesson', () => {
  for (const text of ['', '{', 'null', '7', '[]', '{"steps":1}', '{"steps":[],"title":7}', '{"title":"a"}']) {
    kept.all['ebmviz.lesson.my:bad'] = text;
    assert.deepEqual(myLessons(), [], text);
  }
  delete kept.all['ebmviz.lesson.my:bad'];
});

test('the name of a file is plain', () => {
  for (const [title, want] of [['Wells <img src=x> on a spiral!', 'wells-img-src-x-on-a-spiral.json'], ['../../etc/passwd', 'etc-passwd.json'], ['Énergie', 'e-nergie.json'], ['能量', 'lesson.json'], ['a'.repeat(99), `${'a'.repeat(60)}.json`]]) {
    assert.equal(fileName(newLesson('my:a', title)), want);
  }
});

test('a file has no empty parts', () => {
  const lesson = newLesson('my:a', ' T ');
  const step = newStep('One', { open: { model: 'm' }, stop: 3 });
  lesson.steps.push(step);
  assert.deepEqual(file(clean(lesson)), { format: 1, title: 'T', about: '', steps: [{ title: 'One', open: { model: 'm' }, stop: 3, say: '', seen: '' }] });
  Object.assign(step, { log: [], view: {}, notes: [], claim: {}, watch: '', try: { text: ' ', do: [] } });
  step.question = { ask: 'Why?', choices: [{ text: 'a', right: true, why: '' }, { text: ' ' }, { text: 'c', why: 'no' }] };
  assert.deepEqual(clean(lesson).steps[0], {
    title: 'One', open: { model: 'm' }, stop: 3, say: '', seen: '', question: { ask: 'Why?', choices: [{ text: 'a', right: true }, { text: 'c', why: 'no' }] },
  });
  assert.equal(step.question.choices?.length, 3, 'what is written stays');
  step.try = { text: 'Turn it.', do: [{ set: { knob: 'k', value: 1 } }], expect: {} };
  assert.deepEqual(clean(lesson).steps[0].try, { text: 'Turn it.', do: [{ set: { knob: 'k', value: 1 } }] });
  assert.ok(textsOf(step).includes('Turn it.') && textsOf(step).includes('Why?') && textsOf(step).includes('no'));
});

/** A page that stands at a step with these knobs, and shows those layers besides the usual ones. */
function page({ step = 10, knobs = {}, model = 'm', seed = 1, layers = {} } = {}) {
  const scalars = { auc: 0.9, gap: -2, nll: NaN };
  const view = new TabView();
  Object.assign(view.scene.layers, layers);
  return /** @type {any} */ ({
    state: { model, data: 'd', seed, step, knobs: { k: 1, rate: 0.5, ...knobs }, grid: 128, fps: 30, pace: 'auto' },
    frame: { step }, view, scene: view.scene,
    catalog: { limits: { box: 1.5, linkPoints: 9 }, models: [], datasets: [], exhibits: [] }, userPoints: { id: '', y: [] },
    knobs: [], knobsOf: () => [{ name: 'k', default: 1 }, { name: 'rate', default: 0.5 }], usualSpeed: () => 1, model: { scalars: Object.keys(scalars) },
    scalar: (/** @type {'auc'} */ name) => scalars[name] ?? NaN,
  });
}

test('what has changed since a step was taken', () => {
  Object.assign(globalThis, { document: { querySelectorAll: () => [] } });
  const step = { ...newStep('One', { open: { model: 'm', data: 'd', knobs: { k: 2 } }, log: [{ step: 5, set: { knob: 'k', value: 3 } }], stop: 10, view: { show: 'down' } }) };
  const same = { layers: { down: true }, knobs: { k: 3 } };
  assert.deepEqual(changesSince(step, page(same)), []);
  assert.deepEqual(changesSince(step, page({ ...same, step: 40 })), [{ seek: { step: 40 } }]);
  assert.deepEqual(changesSince(step, page({ ...same, knobs: { k: 1, rate: 0.1 }, step: 20 })), [{ set: { knob: 'k', value: 1 } }, { set: { knob: 'rate', value: 0.1 } }, { seek: { step: 20 } }]);
  assert.deepEqual(changesSince(step, page({ ...same, seed: 7, knobs: { rate: 0.1 } })), [{ open: { model: 'm', data: 'd', seed: 7, knobs: { rate: 0.1 } } }]);
  assert.deepEqual(changesSince(step, page({ ...same, layers: { paths: true, data: false } })), [{ show: { show: 'paths', hide: 'data,down' } }]);
});

test('a bound leaves a tenth to spare', () => {
  for (const [value, want] of [[0.9, 0.81], [-2, -2.2], [0, 0], [1234, 1100]]) {
    assert.equal(boundBelow(value), want);
    assert.ok(boundBelow(value) <= value);
  }
  assert.deepEqual(broken({ auc: { above: 0.95 }, gap: { above: -3, below: 0 }, nll: { above: 0 }, other: { below: 1 } }, page()), ['auc'], 'what is not known now is not judged');
});
