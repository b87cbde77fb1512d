import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connectors } from '../../../connectors/index.ts';
import type { Platform } from '../../platform.ts';
import type { Need, ProviderInterface } from '../../providers/provider.ts';
import { usable } from '../../providers/availability.ts';

describe('a bank can be used', () => {
  const platform = { connectors } as unknown as Platform;
  const way = (standard: string, needs?: Need) => ({ standard, ...(needs ? { needs } : {}) }) as ProviderInterface;
  const met = new Set<Need>(['product_id']);

  test('when its standard is spoken and the identity has what it needs', () => {
    assert.equal(usable(platform, way('fints'), new Set()), true);
    assert.equal(usable(platform, way('fints', 'product_id'), new Set()), false);
    assert.equal(usable(platform, way('fints', 'product_id'), met), true);
    assert.equal(usable(platform, way('berlin-group', 'certificate'), met), false);
    assert.equal(usable(platform, way('unheard-of'), met), false);
  });
});
