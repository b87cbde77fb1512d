import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dayAt, mayRead, nextRead, type Reads, readsLeft, startOfDay } from './budget.ts';

const oldest = new Date('2026-03-10T06:00:00Z');
const so = (count: number, calls = count, planned = 0): Reads[] => [
  { bankAccount: 'a', resource: 'transactions', count, calls, planned, oldest },
];

describe('the budget of reads without the person', () => {
  test('four in a day, the fifth never', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5].map((count) => readsLeft(count ? so(count) : [], 'a', 'transactions')),
      [4, 3, 2, 1, 0, 0],
    );
    assert.equal(mayRead(so(4), 'a', 'transactions', false), false);
  });

  test('the fourth is left for those who ask by hand', () => {
    assert.equal(mayRead(so(3, 3, 3), 'a', 'transactions', true), false);
    assert.equal(mayRead(so(3, 3, 3), 'a', 'transactions', false), true);
    assert.equal(mayRead(so(3, 3, 2), 'a', 'transactions', true), true);
  });

  test('where one read takes two calls, two reads are all', () => {
    assert.deepEqual(
      [1, 2].map((count) => readsLeft(so(count, 2 * count), 'a', 'transactions')),
      [1, 0],
    );
    assert.equal(readsLeft(so(1, 7), 'a', 'transactions'), 0);
  });

  test('each account and resource counts for itself', () => {
    assert.equal(readsLeft(so(4), 'b', 'transactions'), 4);
    assert.equal(readsLeft(so(4), 'a', 'balances'), 4);
  });

  test('the next becomes possible a day after the oldest', () => {
    assert.equal(nextRead(so(4), 'a', 'transactions')?.toISOString(), '2026-03-11T06:00:00.000Z');
    assert.equal(nextRead(so(3), 'a', 'transactions'), undefined);
  });

  test("a bank's day begins where the bank is, also when clocks are changed", () => {
    const starts = (moment: string, zone: string) => startOfDay(new Date(moment), zone).toISOString();
    assert.equal(starts('2026-03-29T12:00:00Z', 'Europe/Berlin'), '2026-03-28T23:00:00.000Z');
    assert.equal(starts('2026-03-30T12:00:00Z', 'Europe/Berlin'), '2026-03-29T22:00:00.000Z');
    assert.equal(starts('2026-10-25T22:30:00Z', 'Europe/London'), '2026-10-24T23:00:00.000Z');
    assert.equal(starts('2026-03-30T12:00:00Z', 'Asia/Kolkata'), '2026-03-29T18:30:00.000Z');
    assert.equal(dayAt(new Date('2026-03-29T22:30:00Z'), 'Europe/Berlin'), '2026-03-30');
  });
});
