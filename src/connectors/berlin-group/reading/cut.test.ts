import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { zipOf } from '../../../../test/archive.ts';
import { CAMT, EARLIER, ENTRY, MT940 } from '../../../../test/played-bank.ts';
import { readJson } from '../../../banking/formats/values.ts';
import { facts } from '../facts.ts';
import type { Reply } from '../wire.ts';
import { readReport } from './report.ts';

const JSON_TEXT = JSON.stringify({ transactions: { booked: [ENTRY, EARLIER], pending: [] } });

const reply = (raw: Buffer): Reply => ({
  status: 200,
  headers: {},
  json: readJson(raw) ?? {},
  raw,
  url: 'https://bank.example/psd2/v1/accounts/r1/transactions',
  purpose: 'transactions',
});

/** The amounts that were read, and where something was wrong. */
async function read(raw: Buffer): Promise<{ amounts: string[]; places: string[] }> {
  const report = await readReport(reply(raw), 'booked', facts.parse({}), 'EUR');
  assert.ok(report, 'no report');
  const { booked, rejected } = report;
  return { amounts: booked.map(({ amount }) => amount), places: rejected.map(({ place }) => place) };
}

const zip = (...texts: string[]) =>
  zipOf(texts.map((text, index) => ({ name: `${index}.xml`, data: Buffer.from(text), method: 8 })));

const WHOLE: [format: string, raw: Buffer, amounts: string[]][] = [
  ['camt.052', Buffer.from(CAMT), ['-24.50', '100']],
  ['MT940', Buffer.from(MT940), ['100.00', '-24.50']],
  ['a ZIP archive', zip(CAMT, CAMT), ['-24.50', '100', '-24.50', '100']],
];

describe('a report that breaks off, wherever that is', () => {
  for (const [format, raw, amounts] of WHOLE) {
    test(`${format}: what came stays as it is, and the report says that it is not all`, async () => {
      assert.deepEqual(await read(raw), { amounts, places: [] });
      const kept = new Set<number>();
      for (let length = 0; length < raw.length; length += 1) {
        const part = await read(raw.subarray(0, length)).catch(() => undefined);
        if (part === undefined || (part.amounts.length === amounts.length && part.places.length === 0)) continue;
        assert.deepEqual(part.amounts, amounts.slice(0, part.amounts.length), `${length}`);
        assert.equal(part.places.length, 1, `${length}`);
        assert.match(part.places[0]!, /^(report|file \d+)/);
        kept.add(part.amounts.length);
      }
      assert.ok(kept.has(1) || kept.has(2), 'nothing was ever kept');
    });
  }

  test('JSON: no part of it is taken, and it is read again', async () => {
    const raw = Buffer.from(JSON_TEXT);
    assert.deepEqual(await read(raw), { amounts: ['-24.50', '100'], places: [] });
    for (let length = 0; length < raw.length; length += 1)
      await assert.rejects(read(raw.subarray(0, length)), /no report/);
  });

  test('nothing is told as whole before its last entry came', async () => {
    for (const [format, raw, amounts] of WHOLE) {
      const half = await read(raw.subarray(0, Math.floor(raw.length / 2))).catch(() => undefined);
      if (half) assert.ok(half.amounts.length < amounts.length && half.places.length === 1, format);
    }
  });
});
