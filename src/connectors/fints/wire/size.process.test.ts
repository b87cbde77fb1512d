import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { decodeSegments, WireError } from './syntax.ts';

test('no input of ten megabytes takes long, or fifty more', () => {
  const size = 10_000_000;
  const inputs = [
    '+'.repeat(size),
    ':'.repeat(size),
    '?'.repeat(size),
    '@'.repeat(size),
    "HNHBK:1:3'".repeat(size / 10),
    `HNHBK:1:3+${'?'.repeat(size)}'`,
    `HNHBK:1:3+@${size}@${'x'.repeat(size)}'`,
    `HNHBK:1:3+${'+@1@x'.repeat(size / 5)}`,
  ];
  for (const input of inputs) {
    collect();
    const before = process.memoryUsage();
    let read: unknown;
    const started = performance.now();
    try {
      read = decodeSegments(input);
    } catch (error) {
      assert.ok(error instanceof WireError);
    }
    const tookMs = performance.now() - started;
    collect();
    const after = process.memoryUsage();
    assert.ok(read === undefined || Array.isArray(read));
    const more = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    assert.ok(more < 50_000_000, `${input.slice(0, 20)}: ${more} bytes`);
    assert.ok(tookMs < 3000, input.slice(0, 20));
  }
});

/** What is left when garbage is gone: only what is held counts. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  const gc: () => void = runInNewContext('gc');
  gc();
}
