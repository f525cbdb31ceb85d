// back-closes.js: the browser's back button closes an open dialog. While one is open there is an entry
// of the history above the page's own; the address stays that of the page.

/**
 * @param {() => string} address  the present fragment
 */
export function startBackCloses(address) {
  const opened = new MutationObserver((changes) => {
    const shown = changes.some(({ target }) => target instanceof HTMLDialogElement && target.open);
    if (!shown || history.state?.dialog === 'open') return;
    history.replaceState({ dialog: 'below' }, '');
    history.pushState({ dialog: 'open' }, '');
  });
  for (const dialog of document.querySelectorAll('dialog')) opened.observe(dialog, { attributeFilter: ['open'] });
  addEventListener('popstate', (e) => {
    if (!e.state?.dialog) return; // an address that was typed or followed
    history.replaceState(e.state, '', address());
    if (e.state.dialog === 'open') return;
    const dialog = document.querySelector('dialog[open]');
    if (dialog instanceof HTMLDialogElement) dialog.close();
    else history.back(); // the dialog was closed before: leave the page
  });
}
