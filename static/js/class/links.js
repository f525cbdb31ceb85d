// links.js: what the owner copies: links, and the command that starts a server for a class.
import { make, toast, write } from '../dom.js';
import { words } from '../strings.js';

/** Copies a text, and says so on the button. @param {string} text @param {HTMLElement} button */
export async function copy(text, button) {
  const done = await navigator.clipboard?.writeText(text).then(() => true, () => false) ?? copySelected(text, button);
  if (!done) return toast(words.classCopyFailed);
  write(button, words.classCopied);
  setTimeout(() => write(button, words.exportCopy), 2000);
}

/** Copies where the page has no clipboard: browsers give one only to https and to this computer. @param {string} text @param {HTMLElement} button */
function copySelected(text, button) {
  const area = make('textarea', { class: 'sr' });
  area.value = text;
  button.after(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  button.focus();
  return done;
}

/**
 * A link to copy.
 * @param {'classScreen'|'classOwnLink'} word @param {'classScreenTip'|'classOwnLinkTip'} tip
 */
export function linkRow(word, tip) {
  let address = '';
  const copyButton = make('button', { class: 'button', 'data-class': word, text: words.exportCopy, 'aria-label': `${words.exportCopy}: ${words[word]}` });
  copyButton.addEventListener('click', () => copy(address, copyButton));
  const openLink = make('a', { class: 'button', target: '_blank', rel: 'noopener', text: words.classOpen, hidden: true });
  const node = make('div', { class: 'link' }, make('b', { text: words[word] }), copyButton, openLink, make('p', { class: 'why', text: words[tip] }));
  return {
    node,
    /** @param {string} link @param {string} [here]  for a tab of this browser */
    set(link, here = '') {
      address = link;
      openLink.hidden = !here;
      openLink.href = here;
    },
  };
}
