import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { EVENT_TYPES } from './event-types.ts';

test('every type of event is explained in the reference, and the reference explains no other', () => {
  const reference = readFileSync(new URL('../../../docs/reference/events.md', import.meta.url), 'utf8');
  const explained = [...reference.matchAll(/^## `(.+)`$/gm)].map((match) => match[1]);
  assert.deepEqual(explained, Object.keys(EVENT_TYPES));
});
