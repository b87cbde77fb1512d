import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { BankContext, Grant } from '../src/banking/connector.ts';
import { sumAmounts } from '../src/banking/money.ts';
import { berlinGroup } from '../src/connectors/berlin-group/index.ts';
import { type PretendBanks, pretendBanks } from './at-pretend-bank.ts';
import { visit } from './bank-page.ts';
import { Visit } from './visit.ts';

/** What the person's accounts began with, as the pretend bank tells it in its statements. */
const BEGAN: Record<string, string> = { checking: '1842.30', savings: '5120.00' };

const FORMATS: [name: string, facts: object][] = [
  ['JSON in one page', { page_size: 500 }],
  ['JSON in pages', { page_size: 9 }],
  ['JSON, packed', { gzip: true }],
  ['JSON in strange types', { loose_types: true }],
  ['JSON, booked and pending apart', { booking_status: ['booked', 'pending'] }],
  ['camt.052', { report_formats: ['camt'] }],
  ['camt.052, packed and in pieces', { report_formats: ['camt'], gzip: true, chunked: true }],
  ['MT940', { report_formats: ['mt940'] }],
  ['camt.052 in a ZIP archive behind a link', { report_formats: ['download'] }],
];

describe('sums of a bank’s reports, in every format', () => {
  let banks: PretendBanks;
  let context: BankContext;
  let grant: Grant;
  before(async () => {
    banks = await pretendBanks(berlinGroup, { judged: false });
    context = banks.at('de-kobold');
    const until = new Date(banks.clock.now().getTime() + 80 * 86_400_000).toISOString().slice(0, 10);
    const walk = await Visit.begins(berlinGroup.authorise, context, {
      scopes: ['accounts', 'balances', 'transactions'],
      accountTypes: ['checking', 'savings'],
      recurring: true,
      validUntil: until,
    });
    assert.ok(walk.step.kind === 'redirect');
    const page = await visit(walk.step.url);
    await page.logIn('kuno', 'kobold-1');
    assert.ok(await page.press('approve'));
    await walk.answers({ kind: 'returned', params: [] });
    grant = walk.result;
  });
  after(() => banks.close());

  for (const [name, facts] of FORMATS) {
    test(`${name}: what the account began with and all that was booked are its balance`, async () => {
      await banks.sandbox.control('DELETE /banks/de-kobold/facts');
      await banks.sandbox.control('/banks/de-kobold/facts', facts);
      const accounts = await berlinGroup.accounts(context, { grant });
      assert.ok(accounts.kind === 'done');
      assert.equal(accounts.result.length, 2);
      for (const account of accounts.result) {
        const balances = await berlinGroup.balances(context, { grant, account });
        assert.ok(balances.kind === 'done');
        const balance = balances.result.find(({ type }) => type === 'booked');
        const began = BEGAN[account.type];
        assert.ok(balance && began, account.type);
        const amounts: string[] = [];
        let cursor: string | undefined;
        do {
          const request = { grant, account, since: '2000-01-01', ...(cursor !== undefined && { cursor }) };
          const read = await berlinGroup.transactions(context, request);
          assert.ok(read.kind === 'done');
          assert.deepEqual(read.result.rejected, []);
          for (const { amount, currency } of read.result.booked) {
            assert.equal(currency, balance.currency);
            amounts.push(amount);
          }
          cursor = read.result.next;
        } while (cursor !== undefined);
        assert.ok(amounts.length > 10);
        assert.equal(Number(sumAmounts([began, ...amounts])), Number(balance.amount));
      }
    });
  }
});
