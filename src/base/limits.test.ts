import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLimiter } from './limits.ts';

describe('A limiter', () => {
  const open = (most = 100) => {
    let now = 0;
    const limiter = createLimiter({ perMinute: 60, burst: 3, most }, () => now);
    const pass = (ms: number) => {
      now += ms;
    };
    return { take: (key = 'a') => limiter.take(key), pass };
  };

  it('lets a burst pass and then one for each refill', () => {
    const { take, pass } = open();
    assert.deepEqual(
      [take(), take(), take(), take()].map(({ allowed }) => allowed),
      [true, true, true, false],
    );
    pass(999);
    assert.equal(take().allowed, false);
    pass(1);
    assert.equal(take().allowed, true);
    pass(3_600_000);
    assert.deepEqual(
      [take(), take(), take(), take()].map(({ allowed }) => allowed),
      [true, true, true, false],
    );
  });

  it('says how long to wait and what is left', () => {
    const { take, pass } = open();
    assert.deepEqual(take(), { allowed: true, retryAfterS: 0, remaining: 2, limit: 3, resetS: 1 });
    take();
    take();
    assert.deepEqual(take(), { allowed: false, retryAfterS: 1, remaining: 0, limit: 3, resetS: 3 });
    pass(1000);
    assert.equal(take().allowed, true);
  });

  it('counts each key on its own and forgets those unused for longest', () => {
    const { take } = open(2);
    for (let i = 0; i < 4; i += 1) take('a');
    assert.equal(take('b').allowed, true);
    assert.equal(take('a').allowed, false);
    take('c');
    assert.equal(take('b').remaining, 2);
  });
});
