import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Transaction } from '../../banking/account.ts';
import { identitiesToFind, type Known, match, type Reading } from './matching.ts';
import { parseShown, show } from './shown.ts';

type Row = Known & { name: string };

const coffee: Transaction = {
  status: 'booked',
  amount: '-3.20',
  currency: 'EUR',
  bookedOn: '2026-03-10',
  valueOn: '2026-03-10',
  description: 'Kaffeerösterei Linde',
};
const rent: Transaction = { ...coffee, amount: '-900.00', bookedOn: '2026-03-08', description: 'Miete März' };
const opening: Transaction = { ...coffee, amount: '1500', bookedOn: '2026-03-01', description: 'Gehalt' };

function reading(booked: Transaction[], more: Partial<Reading> = {}): Reading {
  return { booked, pending: [], complete: true, since: '2026-03-01', today: '2026-03-11', ...more };
}

/** Keeps rows as the database would, checking that no two live rows have one identity. */
function apply(rows: Row[], read: Reading, trustedIds = false): Row[] {
  const verdict = match(rows, read, trustedIds);
  let next = rows.filter((row) => !verdict.removed.includes(row));
  for (const { row, to } of [...verdict.changed, ...verdict.renamed]) {
    next = next.map((old) => (old === row ? keep(to, row.name) : old));
  }
  for (const to of verdict.added) next.push(keep(to, `txn_${names++}`));
  assert.equal(new Set(next.map(({ identity }) => identity)).size, next.length, 'one row per identity');
  return next;
}

let names = 0;

/** Through the very text a row keeps, so that nothing but what is stored can be used later. */
function keep(to: { text: string; identity: string; sortOn: string }, name: string): Row {
  const at = new Date('2026-03-11T10:00:00Z');
  const { entry, text } = parseShown(show({ id: name, version: 1, createdAt: at, updatedAt: at }, to.text));
  return { entry, text, identity: to.identity, sortOn: to.sortOn, name };
}

const shown = (rows: Row[]) => rows.map(({ text }) => text).sort();

describe('matching', () => {
  test('two equal coffees of one day stay two, however often they are read', () => {
    const twice = apply([], reading([opening, coffee, coffee]));
    assert.equal(twice.length, 3);
    const again = apply(twice, reading([coffee, opening, coffee]));
    assert.deepEqual(again, twice);
  });

  test('a third coffee on the same day is a third row, and the two before keep their names', () => {
    const two = apply([], reading([opening, coffee, coffee]));
    const three = apply(two, reading([opening, coffee, coffee, coffee]));
    assert.equal(three.length, 4);
    for (const row of two) assert.ok(three.some(({ name }) => name === row.name));
  });

  test('an entry sent twice under one id within a reading is one, with ids of their own they are two', () => {
    const sentTwice = { ...coffee, bankId: '77' };
    assert.equal(apply([], reading([opening, sentTwice, sentTwice])).length, 2);
    assert.equal(apply([], reading([opening, sentTwice, { ...sentTwice, bankId: '78' }])).length, 3);
  });

  test('a pending entry keeps its name when it is booked', () => {
    const pending: Transaction = {
      ...coffee,
      status: 'pending',
      bookedOn: undefined,
      description: 'LINDE Kaffeerösterei',
    };
    const before = apply([], reading([opening], { pending: [pending] }));
    const after = apply(before, reading([opening, coffee]));
    const held = before.find(({ entry }) => entry.status === 'pending');
    assert.equal(after.find(({ entry }) => entry.amount === '-3.20')?.name, held?.name);
    assert.equal(after.length, 2);
  });

  test('a pending entry is not taken for a booked one of another shop, amount or month', () => {
    const pending: Transaction = { ...coffee, status: 'pending', bookedOn: undefined };
    const before = apply([], reading([opening], { pending: [pending] }));
    const name = before.find(({ entry }) => entry.status === 'pending')?.name;
    for (const other of [
      { ...coffee, description: 'Buchhandlung am Markt' },
      { ...coffee, amount: '-3.30' },
      { ...coffee, bookedOn: '2026-05-10' },
      { ...coffee, currency: 'PLN' },
    ]) {
      assert.ok(!apply(before, reading([opening, other])).some((row) => row.name === name));
    }
  });

  test('the pending set is replaced by a complete reading, and only by a complete one', () => {
    const pending: Transaction = { ...coffee, status: 'pending' };
    const before = apply([], reading([opening], { pending: [pending] }));
    assert.equal(apply(before, reading([opening], { complete: false })).length, 2);
    assert.equal(apply(before, reading([opening])).length, 1);
  });

  test('a booked entry is removed when a complete reading shows earlier days without it', () => {
    const before = apply([], reading([opening, rent, coffee]));
    assert.deepEqual(shown(apply(before, reading([opening, rent]))), shown(apply([], reading([opening, rent]))));
    assert.equal(apply(before, reading([opening, rent], { complete: false })).length, 3);
  });

  test('a bank that cuts its history removes nothing', () => {
    const before = apply([], reading([opening, rent, coffee]));
    assert.equal(apply(before, reading([coffee])).length, 3);
    assert.equal(apply(before, reading([])).length, 3);
  });

  test('a changed text or amount is the same entry, changed', () => {
    const before = apply([], reading([opening, rent, coffee]));
    const text = apply(before, reading([opening, rent, { ...coffee, description: 'Kaffeerösterei Linde, Berlin' }]));
    assert.deepEqual(names_(text), names_(before));
    const payment = { ...rent, endToEndId: 'RENT-3' };
    const paid = apply([], reading([opening, payment, coffee]));
    assert.deepEqual(names_(apply(paid, reading([opening, { ...payment, amount: '-905.00' }, coffee]))), names_(paid));
  });

  test('an id of the bank holds an entry together only where it is trusted', () => {
    const before = (trusted: boolean) => apply([], reading([opening, { ...coffee, bankId: '1' }]), trusted);
    const later = { ...coffee, bankId: '1', amount: '-4.00', description: 'Something else', bookedOn: '2026-03-09' };
    const trusted = before(true);
    assert.deepEqual(names_(apply(trusted, reading([opening, later]), true)), names_(trusted));
    const untrusted = before(false);
    assert.notDeepEqual(names_(apply(untrusted, reading([opening, later]), false)), names_(untrusted));
  });

  test('rows from before an id was trusted are found by their content, once', () => {
    const before = apply([], reading([opening, coffee, coffee]));
    const read = reading([opening, { ...coffee, bankId: '1' }, { ...coffee, bankId: '2' }]);
    const after = apply(before, read, true);
    assert.deepEqual(names_(after), names_(before));
    assert.deepEqual(match(after, read, true), { added: [], changed: [], renamed: [], removed: [] });
  });

  test('entries without any day are looked for by their identity', () => {
    const undated: Transaction = { ...coffee, bookedOn: undefined, valueOn: undefined };
    const [row] = apply([], reading([undated]));
    assert.ok(identitiesToFind(reading([undated]), false).includes(row!.identity));
    assert.deepEqual(identitiesToFind(reading([coffee]), false), []);
  });
});

const names_ = (rows: Row[]) => rows.map(({ name }) => name).sort();

const days = ['2026-03-02', '2026-03-03', '2026-03-04'];
const bookedEntry: fc.Arbitrary<Transaction> = fc.record({
  status: fc.constant('booked' as const),
  amount: fc.constantFrom('-3.20', '-3.2', '12.00', '0.00', '-0.001'),
  currency: fc.constantFrom('EUR', 'KWD'),
  bookedOn: fc.constantFrom(...days),
  description: fc.constantFrom('Kaffee', 'kaffee', 'Linde', ''),
});
const pendingEntry: fc.Arbitrary<Transaction> = bookedEntry.map(({ bookedOn: _, ...entry }) => ({
  ...entry,
  status: 'pending' as const,
}));

describe('matching, whatever comes', () => {
  const list = fc.array(bookedEntry, { maxLength: 12 });
  const waiting = fc.array(pendingEntry, { maxLength: 4 });

  test('any order and any number of readings gives the set the bank has', () => {
    fc.assert(
      fc.property(list, waiting, fc.infiniteStream(fc.nat()), (entries, pending, random) => {
        const booked = [opening, ...entries];
        const first = apply([], reading(booked, { pending }));
        assert.deepEqual(shown(first), shown([...booked, ...pending].map((entry) => row(entry))));
        const second = apply(first, reading(shuffle(booked, random), { pending: shuffle(pending, random) }));
        assert.deepEqual(second, first);
      }),
    );
  });

  test('after any change at the bank a complete reading gives the set the bank has', () => {
    fc.assert(
      fc.property(list, waiting, list, waiting, (before, pendingBefore, after, pendingAfter) => {
        const held = apply([], reading([opening, ...before], { pending: pendingBefore }));
        const next = apply(held, reading([opening, ...after], { pending: pendingAfter }));
        assert.deepEqual(shown(next), shown([opening, ...after, ...pendingAfter].map((entry) => row(entry))));
      }),
    );
  });

  test('pages that come in pieces, over several broken readings, lose and double nothing', () => {
    fc.assert(
      fc.property(list, fc.array(fc.nat({ max: 12 }), { maxLength: 5 }), (entries, cuts) => {
        const booked = [...entries].sort((a, b) => (a.bookedOn! < b.bookedOn! ? 1 : -1)).concat(opening);
        let held: Row[] = [];
        for (const cut of cuts) held = apply(held, reading(booked.slice(0, cut), { complete: false }));
        held = apply(held, reading(booked));
        assert.deepEqual(shown(held), shown(booked.map((entry) => row(entry))));
      }),
    );
  });
});

function row(entry: Transaction): Row {
  const added = match(
    [],
    reading(entry.status === 'booked' ? [entry] : [], { pending: entry.status === 'pending' ? [entry] : [] }),
    false,
  ).added[0]!;
  return keep(added, 'txn');
}

function shuffle<Item>(items: readonly Item[], random: fc.Stream<number>): Item[] {
  const keys = [...random.take(items.length)];
  return items
    .map((item, index) => ({ item, key: keys[index]! }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
