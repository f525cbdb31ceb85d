// resources.js: what an instrument has added to the page. Released, it leaves nothing behind:
// no listener, node, observer, timer or socket.

export class Resources {
  #controller = new AbortController();

  /** For addEventListener and Store.on: the listener is removed with the rest. */
  get signal() {
    return this.#controller.signal;
  }

  /** Calls a function on release. @param {() => void} f */
  defer(f) {
    this.signal.addEventListener('abort', f, { once: true });
  }

  /** Removes nodes from the page on release. @param {...Element} nodes */
  nodes(...nodes) {
    this.defer(() => nodes.forEach((node) => node.remove()));
  }

  /** Calls back when a node changes its size. @param {Element} node @param {() => void} f */
  resized(node, f) {
    const observer = new ResizeObserver(f);
    observer.observe(node);
    this.defer(() => observer.disconnect());
  }

  release() {
    this.#controller.abort();
  }
}
