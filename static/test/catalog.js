// catalog.js: the catalogue of the program, as the page gets it.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** @type {import('../js/types.js').Catalog} */
export const catalog = JSON.parse(execFileSync('go', ['run', './cmd/ebmviz', 'models', '--json'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 }));
