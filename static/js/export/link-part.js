// link-part.js: a part of the export dialog: a link with its button, what is to be said of it, and its
// QR code.
/** @import {Word} from '../strings.js' */
import { onlyHere } from '../address.js';
import { hint, make, write } from '../dom.js';
import { say, words } from '../strings.js';

/** The most characters of a QR code, as the server has it. */
const LONGEST_CODE = 1200;

export class LinkPart {
  /**
   * @param {Word} title
   * @param {Word} tip
   * @param {string} prefix  of its hooks for scripts, ''  or 'room-'
   */
  constructor(title, tip, prefix) {
    this.field = make('input', { readonly: true, 'data-export': `${prefix}link`, 'aria-label': words[title] });
    this.field.addEventListener('focus', () => this.field.select());
    const copy = make('button', { class: 'button', 'data-export': prefix ? `${prefix}copy` : 'exportCopy', text: words.exportCopy });
    hint(copy, words[tip]);
    copy.addEventListener('click', () => this.copy());
    this.status = make('p', { class: 'why', role: 'status' });
    this.opens = '';
    this.notes = make('ul', { class: 'notes', 'data-export': `${prefix}notes` });
    this.here = make('p', { class: 'why', 'data-export': `${prefix}here` });
    this.code = make('img', { alt: words.exportCode, 'data-export': `${prefix}code`, hidden: true });
    this.code.addEventListener('error', () => (this.code.hidden = true));
    this.node = make('section', {}, make('h3', { text: words[title] }), make('div', { class: 'row' }, this.field, copy), this.status, this.notes, this.here, this.code);
  }

  /**
   * Shows a link.
   * @param {string} link
   * @param {object} about
   * @param {string} about.opens    what it opens, '' where notes say it
   * @param {string} about.here     said where it works on this computer only
   * @param {string[]} [about.notes]  what differs there
   */
  show(link, { opens, here, notes = [] }) {
    this.field.value = link;
    this.notes.replaceChildren(...notes.map((text) => make('li', { text })));
    this.notes.hidden = !notes.length;
    const local = onlyHere(link), long = link.length > LONGEST_CODE;
    write(this.here, local ? here : long ? say.linkNoCode(link.length, LONGEST_CODE) : '');
    this.here.hidden = !local && !long;
    this.code.hidden = local || long; // shown before it comes, so that the dialog does not change its size then
    const source = `api/qr?text=${encodeURIComponent(link)}`;
    if (!this.code.hidden && this.code.getAttribute('src') !== source) this.code.src = source;
    this.opens = opens;
    write(this.status, opens);
  }

  async copy() {
    let done = true;
    try {
      await navigator.clipboard.writeText(this.field.value);
    } catch {
      this.field.select();
      done = false;
    }
    write(this.status, `${done ? words.shared : words.shareFailed} ${this.opens}`);
  }
}
