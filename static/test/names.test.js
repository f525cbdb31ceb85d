// The page builds itself from the catalogue: it knows no method and no dataset by name.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';
import { catalog } from './catalog.js';

/** What may stand there. */
const allowed = new Set([
  'lessons/figure.js kmeans', // figures of the lecture
  'lessons/figure.js latent',
  'types.js kmeans',
  'types.js latent',
  'data/draw.js custom', // the dataset of drawn points
]);
/** Names that have another meaning: elements of SVG, and the method that only Go's tests know. */
const others = new Set(['circle', 'ellipse', 'mean']);

test('no module names a method or a dataset', () => {
  const ids = [...catalog.models, ...catalog.datasets].map((c) => c.id).filter((id) => !others.has(id));
  const root = new URL('../js/', import.meta.url);
  const named = new RegExp(`['"\`](${ids.join('|')})['"\`]|^ *(${ids.join('|')}): `, 'gm');
  const files = readdirSync(root, { recursive: true }).map(String).filter((name) => name.endsWith('.js'));
  assert.ok(files.length > 50 && ids.length > 30, `${files.length} modules, ${ids.length} ids`);
  const found = files.flatMap((name) => {
    const file = name.replaceAll('\\', '/');
    return [...readFileSync(new URL(file, root), 'utf8').matchAll(named)].map((m) => `${file} ${m[1] ?? m[2]}`);
  });
  assert.deepEqual(found.filter((f) => !allowed.has(f)), []);
});
