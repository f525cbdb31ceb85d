// save.js: saves a file where the browser keeps its downloads.
import { toast } from '../dom.js';

/** @param {string} name @param {string} type @param {BlobPart} content */
export function save(name, type, content) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // the download may begin later
}

/**
 * Has a link to a file of the room save it. The browser alone could not: it does not show the server who asks.
 * @param {HTMLAnchorElement} link
 * @param {import('../room-client.js').RoomClient} client
 * @param {string} file
 */
export function saveOnClick(link, client, file) {
  link.addEventListener('click', (e) => {
    e.preventDefault();
    client.fetchFile(file).then(({ name, content }) => save(name, content.type, content), (error) => toast(error.message));
  });
}
