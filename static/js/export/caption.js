// caption.js: the caption of a picture and the name of its file.
/** @import {Store} from '../store.js' */
import { say } from '../strings.js';

/** @param {Store} store */
export function caption(store) {
  const { model, data } = store.title;
  const auc = store.scalar('auc');
  const changed = store.knobs.filter((k) => store.state && store.state.knobs[k.name] !== k.default && k.name !== 'data.n');
  const knobs = changed.map((k) => `${k.label ?? k.name} ${store.state?.knobs[k.name]}`);
  const detail = [say.runDetail(data, store.frame?.step ?? 0, store.state?.seed ?? 1), Number.isFinite(auc) ? say.auc(auc.toFixed(3), '', store.measuredOn) : '', ...knobs].filter(Boolean).join(' · ');
  return { title: model, detail };
}

/** The name of a file. @param {Store} store @param {string} extension */
export const fileName = ({ state, frame }, extension) => `ebmviz-${state?.model}-${state?.data}-${frame?.step ?? 0}.${extension}`;
