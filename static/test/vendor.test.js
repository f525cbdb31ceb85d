// That the vendored libraries are, to the byte, what static/vendor/update fetched.
import test from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';

const folder = new URL('../vendor/', import.meta.url);

test('every file has its checksum, and every checksum its file', () => {
  const listed = new Map(readFileSync(new URL('SHA256SUMS', folder), 'utf8').trim().split('\n').map((line) => {
    const [sum, name] = line.split(/\s+/);
    return [name.replace(/^\.\//, ''), sum];
  }));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((f) => f.isFile() && !['SHA256SUMS', 'update'].includes(f.name));
  assert.equal(files.length, listed.size);
  for (const { parentPath, path, name } of files) {
    const file = `${parentPath ?? path}/${name}`;
    const short = file.slice(file.lastIndexOf('/vendor/') + 8).replace(/^\/+/, '').replaceAll('//', '/');
    assert.equal(createHash('sha256').update(readFileSync(file)).digest('hex'), listed.get(short), short);
  }
});

test('each library brings its licence', () => {
  for (const library of ['echarts', 'katex', 'modern-gif', 'fflate']) assert.ok(readFileSync(new URL(`${library}/LICENSE`, folder), 'utf8').length > 500);
});
