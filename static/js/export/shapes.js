// shapes.js: what lies over the landscape as shapes, not on its canvases: the path of a probed point,
// and the line of a slice.

/** In pixels of the square. @typedef {{d:string, fill:string, stroke:string, width:number, opacity:number}} Shape */

/** @param {HTMLElement} square @returns {Shape[]} */
export function shapesOver(square) {
  const line = square.querySelector('.slice-line');
  const over = [...square.querySelectorAll('.ask-marks path, .ask-marks circle')].map((node) => {
    const { fill, stroke, strokeWidth, opacity } = getComputedStyle(node);
    const at = (/** @type {string} */ name) => Number(node.getAttribute(name));
    const [x, y, r] = [at('cx'), at('cy'), at('r')];
    const d = node.getAttribute('d') ?? `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
    return { d, fill, stroke, width: parseFloat(strokeWidth), opacity: Number(opacity) };
  });
  if (!(line instanceof HTMLElement) || !line.clientWidth) return over;
  const box = line.getBoundingClientRect();
  const x = box.left + box.width / 2 - square.getBoundingClientRect().left - square.clientLeft;
  const { backgroundColor } = getComputedStyle(line, '::before');
  return [{ d: `M${x} 0V${square.clientHeight}`, fill: 'none', stroke: backgroundColor, width: 3, opacity: 1 }, ...over];
}
