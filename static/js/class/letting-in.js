// letting-in.js: how a class is joined: the address, the code of six letters and digits, and both as a QR code. A part
// of the class's panel has them, and a view that fills the screen, for the last row of the room.
/** @import {Resources} from '../resources.js' */
/** @import {Store} from '../store.js' */
import { byId, hint, make, write } from '../dom.js';
import { say, words } from '../strings.js';

/** @typedef {{url:string, join:string}} Address  of the page, and the link that joins the class */
/** @typedef {{code:string, screen:string, addresses:Address[]}} Invitation  as the server answers it */

/**
 * An address as it is typed: without what browsers add.
 * @param {string} url
 */
export function typed(url) {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol === 'https:' ? 'https://' : ''}${host}${pathname.replace(/\/$/, '')}`;
}

/** A code in two groups, which are easier to read and to type. @param {string} code */
export const grouped = (code) => [code.slice(0, 3), code.slice(3)];

/** A code as an element: in two groups, and spelt for screen readers. */
function codeNode() {
  const halves = [make('span'), make('span')];
  const node = make('strong', { class: 'code', role: 'text' }, ...halves);
  /** @param {string} code */
  const show = (code) => {
    if (node.dataset.code === code) return;
    node.dataset.code = code;
    grouped(code).forEach((half, i) => write(halves[i], half));
    node.setAttribute('aria-label', [...code].join(' '));
  };
  return { node, show };
}

export class LettingIn {
  /** @type {Invitation|null} */
  invitation = null;
  /** The address of the network that was chosen here. */
  #chosen = '';

  /**
   * @param {Store} store
   * @param {Resources} resources
   */
  constructor(store, resources) {
    this.store = store;
    const large = make('button', { class: 'button', 'data-class': 'large', text: words.classLarge });
    hint(large, words.classLargeTip);
    large.addEventListener('click', () => this.#open());
    this.small = { code: codeNode(), address: make('span', { class: 'address' }), image: this.#image(), others: make('ul', { class: 'networks' }) };
    const { code, address, image, others } = this.small;
    this.others = make('details', { class: 'others' }, make('summary', { text: words.classNetworks }), make('p', { class: 'why', text: words.classNetworksHow }), others);
    this.node = make('section', { class: 'join' },
      make('p', {}, make('span', { class: 'label', text: words.classAddress }), address, make('span', { class: 'label', text: words.classCode }), code.node), image,
      make('div', { class: 'row' }, large), this.others);
    this.row = this.node.querySelector('.row') ?? this.node;

    this.dialog = byId('letting-in', HTMLDialogElement);
    this.large = { code: codeNode(), address: make('span', { class: 'address' }), image: this.#image(), here: make('p', { class: 'here', role: 'status' }), locked: make('p', { class: 'locked' }) };
    const close = make('button', { class: 'button', text: words.close });
    close.addEventListener('click', () => this.dialog.close());
    this.dialog.append(
      make('div', { class: 'top' }, make('h2', { id: 'letting-in-title', text: words.classJoin }), this.large.here, close),
      make('div', { class: 'ways' }, this.large.image,
        make('div', {}, make('span', { class: 'label', text: words.classScan }), this.large.address, make('span', { class: 'label', text: words.classThenCode }), this.large.code.node, this.large.locked)));
    resources.defer(() => {
      this.dialog.close();
      this.dialog.replaceChildren();
    });
    store.on('class', () => this.show(), resources.signal);
  }

  #image() {
    const image = make('img', { alt: words.classQR, width: 200, height: 200 });
    image.addEventListener('error', () => (image.hidden = true));
    return image;
  }

  #open() {
    this.dialog.showModal();
    this.show();
  }

  /** The address that is shown: the chosen one, else the likeliest. */
  get address() {
    const all = this.invitation?.addresses ?? [];
    return all.find(({ url }) => url === this.#chosen) ?? all[0];
  }

  /** @param {Invitation} invitation */
  set(invitation) {
    this.invitation = invitation;
    const { addresses } = invitation;
    this.others.hidden = addresses.length < 2;
    this.small.others.replaceChildren(...addresses.map(({ url }) => {
      const button = make('button', { class: 'chip', 'data-network': url, text: typed(url) });
      button.addEventListener('click', () => {
        this.#chosen = url;
        this.show();
      });
      return make('li', {}, button);
    }));
    this.show();
  }

  /** Writes what has changed. */
  show() {
    const { invitation, address, store: { classroom: { banner } } } = this;
    if (!invitation || !address) return;
    for (const { code, address: where, image } of [this.small, this.large]) {
      code.show(invitation.code);
      write(where, typed(address.url));
      const source = `api/qr?text=${encodeURIComponent(address.join)}`;
      if (image.getAttribute('src') !== source) Object.assign(image, { src: source, hidden: false });
    }
    for (const button of this.small.others.querySelectorAll('button')) button.setAttribute('aria-pressed', String(button.dataset.network === address.url));
    this.large.address.style.setProperty('--letters', String(Math.max(14, typed(address.url).length)));
    write(this.large.here, say.classHere(banner?.here ?? 0));
    write(this.large.locked, banner?.locked ? words.classLockedNow : '');
  }
}
