// editor-form.js: the form of a step: its texts, its question, when its run stops, what there is to
// try, and what it claims.
/** @import {Page} from '../instruments/index.js' */
/** @import {LessonStep, Question} from '../types.js' */
import { byId, make } from '../dom.js';
import { Resources } from '../resources.js';
import { say, words } from '../strings.js';
import { boundRows, button, numberField, selectField, textField } from './editor-fields.js';
import { placeFields } from './editor-places.js';
import { textsOf } from './editor-steps.js';
import { broken, changesSince, numbersNow } from './editor-view.js';
import { Place } from './place.js';

/** The most choices of a question. */
const CHOICES = 6;

/**
 * @param {Page} page
 * @param {LessonStep} step
 * @param {{changed:() => void, again:() => void, show:() => void}} acts
 *   what to do when the step has changed, to take its view again, and to show it
 * @returns {{parts:Node[], release:() => void}}
 */
export function stepForm(page, step, { changed, again, show }) {
  const { store, landscape } = page;
  const resources = new Resources();
  const place = new Place((e) => landscape.pointUnder(e), resources);
  const numbers = () => numbersNow(store);
  /** @param {'title'|'say'|'seen'} part @param {'editStepTitle'|'editSay'|'editSeen'} name @param {number} [rows] */
  const text = (part, name, rows) => textField(name, step[part], (value) => {
    step[part] = value;
    changed();
  }, { rows });

  const model = store.catalog.models.find((m) => m.id === step.open.model);
  const data = store.catalog.datasets.find((d) => d.id === (step.open.data ?? model?.data));
  const run = make('section', {}, make('h3', { text: words.editRun }),
    make('p', { text: say.stepRun(model?.title ?? step.open.model, data?.title ?? '', step.open.seed ?? 1, step.log?.length ?? 0) }),
    ...stopFields(),
    make('div', { class: 'group' }, button('editShow', show, { disabled: !store.driving }), button('editAgain', again)));

  /** When the run stops: a step, or numbers. */
  function stopFields() {
    const node = make('div', { class: 'stop' });
    const build = () => {
      const kind = typeof step.stop === 'object' ? 'numbers' : 'step';
      const choose = selectField(words.editStop, [['step', words.editStopStep], ['numbers', words.editStopNumbers]], kind, (chosen) => {
        if (chosen === 'step') step.stop = store.frame?.step || undefined;
        else step.stop = {};
        changed();
        build();
        node.querySelector('select')?.focus();
      }, 'editStop');
      const { stop } = step;
      node.replaceChildren(make('label', {}, words.editStop, ' ', choose), typeof stop === 'object'
        ? boundRows(stop, numbers, (bounds) => {
          step.stop = bounds;
          changed();
        }, false)
        : numberField(words.editStopStep, stop, (value) => {
          step.stop = value;
          changed();
        }, { min: 1, step: 1, placeholder: model?.steps ?? '', 'data-edit': 'editStopStep' }));
    };
    build();
    return [node];
  }

  const question = make('section');
  const kinds = /** @type {[string, string][]} */ ([['choices', words.editChoices], ['place', words.editPlace], ['none', words.editNoQuestion]]);
  const askAs = (/** @type {string} */ kind) => {
    const { ask = '', why } = step.question ?? {};
    if (kind === 'none') delete step.question;
    else step.question = kind === 'place' ? { ask, place: [], why } : { ask, choices: [{ text: '', right: true }, { text: '' }] };
    changed();
    buildQuestion();
    question.querySelector('select')?.focus();
  };
  const buildQuestion = () => {
    const q = step.question;
    const kind = !q ? 'none' : q.place ? 'place' : 'choices';
    question.replaceChildren(make('h3', { text: words.editQuestion }), selectField(words.editQuestion, kinds, kind, askAs, 'editQuestion'), ...(q ? questionFields(q) : []));
  };
  /** @param {Question} q @returns {Node[]} */
  function questionFields(q) {
    const ask = textField('editAsk', q.ask, (value) => {
      q.ask = value;
      changed();
    });
    if (q.place) return [ask, ...placeFields(page, place, step, q, changed)];
    return [ask, choiceRows(q)];
  }
  /** @param {Question} q */
  function choiceRows(q) {
    const choices = (q.choices ??= []);
    const rows = choices.map((choice, k) => {
      const right = make('input', { type: 'radio', name: 'right', 'aria-label': say.rightChoice(k + 1), 'data-edit': 'editRight' });
      right.checked = choice.right === true;
      right.addEventListener('change', () => {
        for (const c of choices) delete c.right;
        choice.right = true;
        changed();
      });
      /** @param {'text'|'why'} part @param {'editChoice'|'editWhy'} name */
      const input = (part, name) => {
        const node = make('input', { 'data-edit': name, 'aria-label': `${words[name]} ${k + 1}`, placeholder: words[name] });
        node.value = choice[part] ?? '';
        node.addEventListener('input', () => {
          choice[part] = node.value;
          changed();
        });
        return node;
      };
      return make('div', { class: 'choice-row' }, right, input('text', 'editChoice'), button('editRemove', () => {
        choices.splice(k, 1);
        if (choice.right && choices[0]) choices[0].right = true;
        changed();
        buildQuestion();
        question.querySelector('select')?.focus();
      }, { class: 'opener', text: '×', 'aria-label': `${words.editRemove}: ${words.editChoice} ${k + 1}`, disabled: choices.length < 3 }), input('why', 'editWhy'));
    });
    const add = button('editAddChoice', () => {
      choices.push({ text: '' });
      changed();
      buildQuestion();
      /** @type {HTMLElement|undefined} */ ([...question.querySelectorAll('[data-edit="editChoice"]')].at(-1))?.focus();
    }, { disabled: choices.length >= CHOICES });
    return make('div', { class: 'choices', role: 'radiogroup', 'aria-label': words.editRightHow }, make('p', { class: 'why', text: words.editRightHow }), ...rows, add);
  }
  buildQuestion();

  return { parts: [text('title', 'editStepTitle'), text('say', 'editSay', 4), make('p', { class: 'why', text: words.editMarks }), run, question, text('seen', 'editSeen', 4), tryFields(), claimFields(), pointFields()], release: () => resources.release() };

  function tryFields() {
    const tried = step.try ?? { text: '' };
    const use = () => {
      step.try = tried;
      changed();
    };
    const done = make('p', { class: 'why', role: 'status' });
    const list = () => done.replaceChildren(tried.do?.length ? say.actions(tried.do.map((a) => actionText(page, a))) : words.editNothingToDo);
    const expect = make('div');
    const buildExpect = () => expect.replaceChildren(...(tried.do?.length ? [make('p', { text: words.editExpect }), boundRows(tried.expect ?? {}, numbers, (bounds) => {
      tried.expect = bounds;
      use();
    })] : []));
    list();
    buildExpect();
    return section(words.editTry, step.try !== undefined,
      textField('editTryText', tried.text, (value) => {
        tried.text = value;
        use();
      }, { rows: 2 }),
      button('editTakeChanges', () => {
        tried.do = changesSince(step, store);
        if (!tried.do.length) delete tried.do;
        use();
        list();
        buildExpect();
      }), done, expect);
  }

  function claimFields() {
    const missing = make('p', { class: 'why', role: 'status' });
    const one = make('input', { type: 'checkbox' });
    one.checked = step.oneSeed ?? false;
    one.addEventListener('change', () => {
      if (one.checked) step.oneSeed = true;
      else delete step.oneSeed;
      changed();
    });
    const check = () => {
      const claim = step.claim ?? {};
      const said = textsOf(step);
      const unsaid = Object.values(claim).flatMap(({ says }) => (says && !said.includes(says) ? [says] : []));
      const off = store.frame?.step === step.stop ? broken(claim, store) : [];
      missing.textContent = [...unsaid.map((s) => say.notSaid(s)), ...off.map((name) => say.notNow(name))].join(' ');
    };
    check();
    return section(words.editClaim, Object.keys(step.claim ?? {}).length > 0, make('p', { class: 'why', text: words.editClaimHow }),
      boundRows(step.claim ?? {}, numbers, (bounds) => {
        step.claim = bounds;
        changed();
        check();
      }), make('label', {}, one, words.editOneSeed), missing);
  }

  function pointFields() {
    const parts = /** @type {[string, string][]} */ ([
      ['', words.editWatchNothing], ['landscape', words.editWatchLandscape], ['up', words.up], ['bar', words.editWatchBar], ['loss', words.editWatchLoss], ['auc', words.editWatchAUC],
      ['histogram', words.energies], ['step', words.thisStep], ['slice', words.toolSlice], ...(model?.knobs ?? []).map((k) => /** @type {[string, string]} */ ([`knob:${k.name}`, say.knob(k.label ?? k.name)])),
    ]);
    return section(words.editPoint, Boolean(step.watch || step.notes?.length),
      make('label', {}, words.editWatch, ' ', selectField(words.editWatch, parts, step.watch ?? '', (value) => {
        step.watch = value;
        changed();
      }, 'editWatch')),
      ...noteFields());
  }

  function noteFields() {
    const node = make('div', { class: 'notes' });
    const shown = store.scene.notes;
    const redraw = () => {
      store.scene.notes = step.notes ?? [];
      store.markChanged('scene');
    };
    resources.defer(() => {
      if (store.scene.notes === step.notes || !step.notes?.length) store.scene.notes = shown ?? [];
      store.markChanged('scene');
    });
    redraw();
    const build = () => {
      const notes = step.notes ?? [];
      const edited = () => {
        redraw();
        changed();
      };
      const rows = notes.map((note, k) => {
        const input = make('input', { 'aria-label': say.label(k + 1), placeholder: words.editLabel });
        input.value = note.text;
        input.addEventListener('input', () => {
          note.text = input.value;
          edited();
        });
        return make('div', { class: 'note-row' }, input,
          selectField(words.editTone, [['', words.editPlain], ['down', words.down], ['up', words.up]], note.tone ?? '', (tone) => {
            if (tone) note.tone = /** @type {'down'|'up'} */ (tone);
            else delete note.tone;
            edited();
          }),
          make('label', {}, words.editRing, numberField(words.editRing, note.ring, (ring) => {
            if (ring) note.ring = ring;
            else delete note.ring;
            edited();
          }, { min: 0, step: 0.05 })),
          button('editRemove', () => {
            step.notes = notes.filter((other) => other !== note);
            edited();
            build();
          }, { class: 'opener', text: '×', 'aria-label': `${words.editRemove}: ${say.label(k + 1)}` }));
      });
      const status = make('span', { class: 'why', role: 'status' });
      const add = button('editAddLabel', () => {
        status.textContent = words.lessonPlace;
        byId('landscape', HTMLElement).focus({ preventScroll: true }); // for the arrow keys
        place.ask((at) => {
          place.clear();
          step.notes = [...notes, { at: short(at), text: '' }];
          edited();
          build();
          const row = [...node.querySelectorAll('.note-row')].at(-1);
          row?.scrollIntoView({ block: 'nearest' });
          row?.querySelector('input')?.focus({ preventScroll: true });
        });
      });
      node.replaceChildren(...rows, add, status);
    };
    build();
    return [node];
  }
}

/** A point with the digits that a picture needs. @param {[number, number]} y @returns {[number, number]} */
const short = ([y1, y2]) => [Number(y1.toFixed(3)), Number(y2.toFixed(3))];

/** A part of the form that is folded until it has something. @param {string} title @param {boolean} open @param {...Node} parts */
const section = (title, open, ...parts) => make('details', { open }, make('summary', { text: title }), ...parts);

/** An action of a Try in words. @param {Page} page @param {Record<string, any>} action */
function actionText({ store }, { set, seek, open, show, do: act }) {
  if (set) return `${store.knobs.find((k) => k.name === set.knob)?.label ?? set.knob} = ${set.value}`;
  if (seek) return say.toStep(seek.step);
  if (open) return say.title(open.model, open.data ?? '');
  if (show) return Object.entries(show).map(([name, value]) => (value ? `${name} ${value}` : say.without(name))).join(', ');
  return String(act);
}
