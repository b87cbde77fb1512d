import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { parseCamt053 } from 'camt-parser';
import { parse as readCsv } from 'csv-parse/sync';
import { parseSync as readOfx } from 'ofx-js';
import { type Linked, linkedCustomer } from './linked.ts';
import { type ApiWorld, apiWorld } from './world.ts';

const COUNT = 1203;

type Row = { id: string; amount: string; booked_on: string; description: string };

describe('transactions as files', () => {
  let world: ApiWorld;
  let mine: Linked;
  before(async () => {
    world = await apiWorld();
    mine = await linkedCustomer(world, world.app, 'takes it away', COUNT);
  });
  after(() => world.close());

  const get = (query: string) => world.call('GET', `/v1/bank_accounts/${mine.bankAccount}/export?${query}`);

  test('JSON Lines and CSV hold every row, as the list shows it', async () => {
    const lines = (await get('format=jsonl')).text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(lines.length, COUNT);
    assert.equal(new Set(lines.map(({ id }) => id)).size, COUNT);
    const page = await world.call('GET', `/v1/bank_accounts/${mine.bankAccount}/transactions?limit=500`);
    assert.deepEqual(lines.slice(0, 500), page.json.data);
    const csv = await get('format=csv');
    assert.equal(csv.headers.get('content-type'), 'text/csv; charset=utf-8');
    assert.match(csv.headers.get('content-disposition')!, /^attachment; filename="acc_\w+\.csv"$/);
    assert.equal(csv.text.trimEnd().split('\r\n').length, COUNT + 1);
  });

  test('OFX and camt.053 are well-formed and hold every booked row; a customer’s file holds all accounts', async () => {
    const all = `/v1/customers/${mine.customer}/export?format=camt053`;
    for (const [text, tag] of [
      [(await get('format=ofx')).text, 'STMTTRN'],
      [(await get('format=camt053&from=2020-01-01')).text, 'Ntry'],
      [(await world.call('GET', all)).text, 'Ntry'],
    ] as const) {
      assert.equal(text.split(`<${tag}>`).length - 1, COUNT);
      const open: string[] = [];
      for (const [, slash, name] of text.matchAll(/<(\/?)([A-Za-z0-9]+)(?: [^<>]*)?>/g)) {
        if (slash) assert.equal(open.pop(), name);
        else open.push(name!);
      }
      assert.deepEqual(open, []);
      assert.doesNotMatch(text, /&(?!(amp|lt|gt|quot);)/);
    }
  });

  test('open in readers that others wrote, with every row in its place', async () => {
    const lines = (await get('format=jsonl')).text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
    const byId = new Map(lines.map((row) => [row.id, row]));
    const csv = readCsv((await get('format=csv')).text, { columns: true, bom: true }) as Row[];
    assert.deepEqual(
      csv.map(({ id, amount, booked_on, description }) => ({ id, amount, booked_on, description })),
      lines.map(({ id, amount, booked_on, description }) => ({ id, amount, booked_on, description })),
    );

    const { OFX } = readOfx((await get('format=ofx')).text);
    const statement = OFX.BANKMSGSRSV1.STMTTRNRS.STMTRS;
    assert.equal(statement.BANKACCTFROM.ACCTID, 'DE02100100100006820101');
    assert.equal(statement.LEDGERBAL.BALAMT, '12.50');
    const entries = statement.BANKTRANLIST.STMTTRN as { FITID: string; TRNAMT: string; DTPOSTED: string }[];
    assert.equal(entries.length, COUNT);
    for (const { FITID, TRNAMT, DTPOSTED } of entries) {
      const row = byId.get(FITID)!;
      assert.deepEqual([TRNAMT, DTPOSTED], [row.amount, row.booked_on.replaceAll('-', '')]);
    }

    const { statements } = await parseCamt053((await get('format=camt053')).text);
    const [camt] = statements;
    assert.deepEqual([statements.length, camt!.account.iban], [1, 'DE02100100100006820101']);
    assert.equal(camt!.transactions.length, COUNT);
    for (const { reference, amount, creditDebitIndicator, bookingDate } of camt!.transactions) {
      const row = byId.get(reference!)!;
      assert.deepEqual([`-${amount.value}`, creditDebitIndicator, bookingDate], [row.amount, 'DBIT', row.booked_on]);
    }
  });

  test('only the days asked for, and nobody else’s', async () => {
    const rows = (await get('format=jsonl&from=2026-01-05&to=2026-01-05')).text.trimEnd().split('\n');
    assert.deepEqual(new Set(rows.map((row) => JSON.parse(row).booked_on)), new Set(['2026-01-05']));
    assert.equal((await world.call('GET', '/v1/bank_accounts/acc_0000000000000000000000/export')).status, 404);
    assert.equal((await get('format=pdf')).status, 422);
  });
});
