// rules.js: what the members of a class may do.
import { make, toast } from '../dom.js';
import { words } from '../strings.js';

/** The switches: whether new members wait, whether members may change their names, and between which steps their own runs may be. */
export class Rules {
  /** @param {(people:Record<string, any>) => void} send */
  constructor(send) {
    this.lobby = make('input', { type: 'checkbox', 'data-class': 'lobby' });
    this.lobby.addEventListener('change', () => send({ lobby: this.lobby.checked }));
    this.names = make('input', { type: 'checkbox', 'data-class': 'may-name' });
    this.names.addEventListener('change', () => send({ names: this.names.checked }));
    this.bound = make('input', { type: 'checkbox', 'data-class': 'bound' });
    const field = (/** @type {'classFrom'|'classTo'} */ word) => make('input', { type: 'number', min: 0, step: 1, 'aria-label': words[word], 'data-class': word });
    this.from = field('classFrom');
    this.to = field('classTo');
    this.from.value = '0';
    this.to.value = '400';
    const change = () => {
      const [a, b] = [this.from, this.to].map(({ value }) => Math.max(0, Math.round(Number(value))));
      if (this.bound.checked && !(a < b)) {
        toast(words.classBetweenOrder);
        this.bound.checked = false;
        return;
      }
      send({ between: this.bound.checked ? [a, b] : null });
    };
    this.bound.addEventListener('change', change);
    for (const f of [this.from, this.to]) f.addEventListener('change', () => this.bound.checked && change());
    this.node = make('fieldset', { class: 'rules' }, make('legend', { text: words.classRules }),
      make('label', { class: 'setting' }, this.lobby, words.classWait),
      make('label', { class: 'setting' }, this.names, words.classMayName),
      make('label', { class: 'setting' }, this.bound, words.classBetween), make('p', { class: 'between' }, this.from, make('span', { text: '–' }), this.to));
  }

  /** @param {import('./class-data.js').Banner|null} banner */
  show(banner) {
    if (!banner) return;
    this.lobby.checked = banner.lobby;
    this.names.checked = banner.names;
    const { between } = banner;
    this.bound.checked = between !== null;
    if (!between || this.node.contains(document.activeElement)) return;
    [this.from.value, this.to.value] = between.map(String);
  }
}
