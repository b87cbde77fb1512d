import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Transaction } from '../../src/banking/account.ts';
import { newId } from '../../src/base/ids.ts';
import { listTransactions } from '../../src/platform/accounts/accounts.ts';
import { storeAccounts, storeTransactions } from '../../src/platform/accounts/storing.ts';
import { ACCOUNT } from '../scripted-syncs.ts';
import { makeLink, openStoredData, type StoredData } from '../stored-data.ts';

type Row = { id: string; status: string; amount: string; description: string; booked_on?: string; version: number };
/** One reading of an account: what it shows as booked and as pending; in how many pages makes no difference. */
type Shown = { booked?: Transaction[]; pending?: Transaction[]; broken?: true };
/** `stays`: that many of the rows at the end have the id that a row had after the first reading. */
type Fault = { name: string; reads: Shown[]; trusted?: true; leaves: string[]; stays?: number };

const entry = (
  bookedOn: string,
  amount: string,
  description: string,
  more: Partial<Transaction> = {},
): Transaction => ({
  status: 'booked',
  amount,
  currency: 'EUR',
  bookedOn,
  description,
  ...more,
});
const pending = (...of: Parameters<typeof entry>): Transaction => ({ ...entry(...of), status: 'pending' });

const first = entry('2026-03-01', '-1.00', 'rent');
const coffee = entry('2026-03-02', '-3.20', 'coffee');
const last = entry('2026-03-09', '5', 'salary');

const FAULTS: Fault[] = [
  {
    name: 'two identical coffees on one day stay two',
    reads: [{ booked: [coffee, coffee, first] }, { booked: [coffee, first, coffee] }],
    leaves: ['-1.00 rent', '-3.20 coffee', '-3.20 coffee'],
    stays: 3,
  },
  {
    name: 'an entry twice, in one page or in two',
    reads: [{ booked: [{ ...coffee, bankId: 'a' }, { ...coffee, bankId: 'a' }, first] }],
    leaves: ['-1.00 rent', '-3.20 coffee'],
  },
  {
    name: 'in another order each time',
    reads: [{ booked: [last, coffee, first] }, { booked: [coffee, first, last] }, { booked: [first, last, coffee] }],
    leaves: ['-1.00 rent', '-3.20 coffee', '5 salary'],
    stays: 3,
  },
  {
    name: 'the same id for two rows, at a bank whose ids mean nothing',
    reads: [
      {
        booked: [
          { ...coffee, bankId: '1' },
          { ...first, bankId: '1' },
        ],
      },
    ],
    leaves: ['-1.00 rent', '-3.20 coffee'],
  },
  {
    name: 'another id when it is booked',
    reads: [
      { booked: [first], pending: [pending('2026-03-02', '-3.20', 'coffee', { bankId: 'p1' })] },
      { booked: [entry('2026-03-03', '-3.20', 'coffee', { bankId: 'b7' }), first] },
    ],
    trusted: true,
    leaves: ['-1.00 rent', '-3.20 coffee'],
    stays: 2,
  },
  {
    name: 'no id where there was one',
    reads: [{ booked: [{ ...coffee, bankId: 'a' }, first] }, { booked: [coffee, first] }],
    leaves: ['-1.00 rent', '-3.20 coffee'],
    stays: 2,
  },
  {
    name: 'the text changed later',
    reads: [{ booked: [last, coffee, first] }, { booked: [last, { ...coffee, description: 'coffee house' }, first] }],
    leaves: ['-1.00 rent', '-3.20 coffee house', '5 salary'],
    stays: 3,
  },
  {
    name: 'the amount changed later',
    reads: [
      { booked: [last, { ...coffee, reference: 'R1' }, first] },
      { booked: [last, { ...coffee, reference: 'R1', amount: '-3.50' }, first] },
    ],
    leaves: ['-1.00 rent', '-3.50 coffee', '5 salary'],
    stays: 3,
  },
  {
    name: 'removed by the bank',
    reads: [{ booked: [last, coffee, first] }, { booked: [last, first] }],
    leaves: ['-1.00 rent', '5 salary'],
    stays: 2,
  },
  {
    name: 'missing from a reading that broke off',
    reads: [{ booked: [last, coffee, first] }, { booked: [last], broken: true }],
    leaves: ['-1.00 rent', '-3.20 coffee', '5 salary'],
    stays: 3,
  },
  {
    name: 'booked ninety days back',
    reads: [{ booked: [last, first] }, { booked: [last, first, entry('2025-12-09', '-7', 'late')] }],
    leaves: ['-1.00 rent', '-7 late', '5 salary'],
    stays: 2,
  },
  {
    name: 'dated in the future',
    reads: [
      { booked: [entry('2026-12-24', '-9', 'gift'), first] },
      { booked: [entry('2026-12-24', '-9', 'gift'), first] },
    ],
    leaves: ['-1.00 rent', '-9 gift'],
    stays: 2,
  },
  {
    name: 'nothing, three decimals, five, and more than a double can hold',
    reads: [
      {
        booked: [
          entry('2026-03-01', '0.00', 'fee'),
          entry('2026-03-01', '-1.234', 'dinar', { currency: 'KWD' }),
          entry('2026-03-01', '0.00001', 'interest'),
          entry('2026-03-01', '-123456789012345678901.23', 'all'),
        ],
      },
    ],
    leaves: ['-1.234 dinar', '-123456789012345678901.23 all', '0.00 fee', '0.00001 interest'],
  },
  {
    name: 'pending and never booked',
    reads: [{ booked: [first], pending: [pending('2026-03-02', '-3.20', 'coffee')] }, { booked: [first] }],
    leaves: ['-1.00 rent'],
    stays: 1,
  },
  {
    name: 'a currency nobody knows, and no day at all',
    reads: [
      { booked: [entry('2026-03-01', '-2', 'token', { currency: 'ZZZ' }), undated('-4', 'undated')] },
      { booked: [undated('-4', 'undated'), entry('2026-03-01', '-2', 'token', { currency: 'ZZZ' })] },
    ],
    leaves: ['-2 token', '-4 undated'],
    stays: 2,
  },
];

function undated(amount: string, description: string): Transaction {
  return { status: 'booked', amount, currency: 'EUR', description };
}

describe('entries as banks spoil them', () => {
  let data: StoredData;
  before(async () => {
    data = await openStoredData();
  });
  after(() => data.close());

  for (const { name, reads, trusted, leaves, stays } of FAULTS) {
    test(name, async () => {
      const { platform, database, clock } = data;
      const { caller, link } = await makeLink(data);
      const [account] = await database.transaction((tx) =>
        storeAccounts(platform, tx, { ...link, accounts: [ACCOUNT] }),
      );
      let ids: string[] | undefined;
      for (const { booked = [], pending: waiting = [], broken } of reads) {
        const { tenant } = link;
        const where = {
          tenant,
          account: account!.id,
          sync: newId('sync'),
          at: clock.now(),
          trustedIds: trusted ?? false,
        };
        const reading = { booked, pending: waiting, complete: !broken, since: '2025-01-01', today: '2026-03-10' };
        await database.transaction((tx) =>
          storeTransactions(platform, tx, where, { ...reading, pages: [], everyPage: !broken }),
        );
        ids ??= (await rowsOf(account!.id)).map(({ id }) => id);
      }
      const rows = await rowsOf(account!.id);
      assert.deepEqual(rows.map(({ amount, description }) => `${amount} ${description}`).sort(), leaves);
      assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
      if (stays !== undefined) assert.equal(rows.filter(({ id }) => ids!.includes(id)).length, stays, 'ids kept');

      async function rowsOf(id: string): Promise<Row[]> {
        const page = await listTransactions(platform, caller, id, { limit: 500 });
        return JSON.parse(`[${page.elements.join('')}]`) as Row[];
      }
    });
  }
});
