// groups.js: the legend of labelled points. A click has the room learn from one group alone.
/** @import {Resources} from '../resources.js' */
/** @import {Store} from '../store.js' */
/** @import {UserPoints} from './user-points.js' */
import { byId, hint, make, makeSVG } from '../dom.js';
import { groupStyle } from '../landscape/groups.js';
import { say, words } from '../strings.js';

/**
 * @param {Store} store
 * @param {UserPoints} userPoints
 * @param {Resources} resources
 */
export function startGroups(store, userPoints, resources) {
  const { scene } = store;
  const node = make('div', { class: 'groups', role: 'group', hidden: true });
  byId('square', HTMLElement).after(node);
  resources.nodes(node);
  let shown = '';

  /** @param {number} group @param {string} name @param {string} tip */
  const button = (group, name, tip) => {
    const text = make('span', { text: name });
    const node = make('button', { class: 'chip', 'data-group': group }, ...(group < 0 ? [] : [picture(group)]), text);
    hint(node, tip);
    node.addEventListener('click', () => userPoints.choose(group));
    return node;
  };
  /** @param {number} group */
  const picture = (group) => {
    const { fill, rim, corners } = groupStyle(scene.theme, group);
    const shape = corners
      ? makeSVG('path', { d: `M${corners.map(([x, y]) => `${(4 * x).toFixed(2)} ${(4 * y).toFixed(2)}`).join('L')}Z` })
      : makeSVG('circle', { r: 4 });
    for (const [name, value] of Object.entries({ fill, stroke: rim, 'stroke-width': 1 })) shape.setAttribute(name, String(value));
    const svg = makeSVG('svg', { viewBox: '-7 -7 14 14', 'aria-hidden': 'true' });
    svg.append(shape);
    return svg;
  };

  const show = () => {
    const groups = userPoints.groups;
    node.hidden = !groups || !scene.layers.data;
    if (!groups) return;
    const { name, names, counts, only } = groups;
    const key = `${scene.theme} ${JSON.stringify([name, names, counts])}`;
    if (key !== shown) {
      shown = key;
      node.setAttribute('aria-label', name || words.groupsLabel);
      node.replaceChildren(
        button(-1, words.groupAll, words.groupAllTip),
        ...names.flatMap((group, i) => (counts[i] ? [button(i, group, say.groupTip(group, counts[i]))] : [])));
    }
    for (const chip of node.querySelectorAll('button')) {
      chip.setAttribute('aria-pressed', String(Number(chip.dataset.group) === only));
      chip.disabled = !store.driving;
    }
  };
  for (const part of /** @type {const} */ (['state', 'points', 'scene', 'room'])) store.on(part, show, resources.signal);
  show();
}
