// museum.js: the dialog that lists the museum of failures.
import { byId, dialogHead, make } from './dom.js';
import { opener } from './card.js';
import { words } from './strings.js';
import { thumbnail } from './thumbnails.js';

/**
 * @param {import('./store.js').Store} store
 * @param {import('./commands.js').Commands} commands
 */
export function startMuseum(store, commands) {
  const dialog = byId('museum', HTMLDialogElement);
  const list = make('ul', { class: 'exhibits' });
  dialog.append(dialogHead(dialog, words.museumTitle), make('p', { text: words.museumText }), list);
  document.querySelector('[data-action="museum"]')?.addEventListener('click', () => {
    if (!list.childElementCount) {
      for (const e of store.catalog.exhibits) {
        const open = opener(e.title, e.open, e.id, commands);
        open.addEventListener('click', () => dialog.close());
        open.setAttribute('data-exhibit', e.id);
        const method = store.catalog.models.find((m) => m.id === e.open.model)?.title ?? e.open.model;
        list.append(make('li', {}, thumbnail(e.id), open, make('small', { text: method }), make('p', { text: e.diagnosis })));
      }
    }
    for (const button of list.querySelectorAll('button')) button.disabled = !store.driving;
    dialog.showModal();
  });
}
