import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { BankContext, Grant, Permission } from '../src/banking/connector.ts';
import { Secret } from '../src/banking/secret.ts';
import type { Answer, Step } from '../src/banking/step.ts';
import { berlinGroup } from '../src/connectors/berlin-group/index.ts';
import { type PretendBanks, pretendBanks } from './at-pretend-bank.ts';
import { visit } from './bank-page.ts';
import { type Factor, pairwise, type Row } from './pairs.ts';
import { Visit } from './visit.ts';

/** What makes the pretend bank so, and what its provider file would say of it. */
type Quirk = { bank?: object; file?: object };

const USUAL: Quirk = {};
const switches = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { bank: { [name]: true } }]));

const FACTORS: Factor<Quirk>[] = [
  {
    name: 'approach',
    values: {
      redirect: USUAL,
      oauth: { bank: { approach: 'oauth' } },
      embedded: { bank: { approach: 'embedded' } },
      decoupled: { bank: { approach: 'decoupled' }, file: { psu_id: 'required' } },
    },
  },
  { name: 'start', values: { implicit: USUAL, explicit: { bank: { start: 'explicit' } } } },
  {
    name: 'links',
    values: {
      usual: USUAL,
      ...switches(
        'relative_links',
        'doubled_scheme_links',
        'plain_string_links',
        'unknown_links',
        'links_list',
        'no_links',
      ),
    },
  },
  {
    name: 'types',
    values: {
      usual: USUAL,
      ...switches(
        'loose_types',
        'structured_object',
        'odd_statuses',
        'problem_json',
        'location_json',
        'structured_string',
      ),
    },
  },
  {
    name: 'reports',
    values: {
      json: USUAL,
      camt: { bank: { report_formats: ['camt'] } },
      mt940: { bank: { report_formats: ['mt940'] } },
      download: { bank: { report_formats: ['download'] } },
    },
  },
  {
    name: 'signs',
    values: {
      usual: USUAL,
      inverted: { bank: { amount_sign: 'inverted' }, file: { amount_sign: 'inverted' } },
      unsigned: { bank: { amount_sign: 'unsigned' }, file: { amount_sign: 'unsigned' } },
      ...switches('decimal_comma', 'three_decimals'),
    },
  },
  {
    name: 'ids',
    values: {
      usual: USUAL,
      ...switches('ids_changing', 'ids_missing', 'ids_reused', 'ids_constant'),
      entry_reference: { bank: { transaction_id: 'entry_reference' }, file: { transaction_id: 'entry_reference' } },
    },
  },
  {
    name: 'texts',
    values: {
      usual: USUAL,
      text_cut_at: { bank: { text_cut_at: 35 }, file: { text_cut_at: 35 } },
      text_tags: { bank: { text_tags: true }, file: { text_tags: true } },
      text_escapes: { bank: { text_escapes: true } },
      additional: { bank: { description_from: 'additional' } },
    },
  },
  {
    name: 'lists',
    values: {
      both: USUAL,
      separate: { bank: { booking_status: ['booked', 'pending'] } },
      booked: { bank: { booking_status: ['booked'] } },
      pending_in_future: { bank: { pending_in_future: true } },
      pending_without_date: { bank: { pending_without_date: true } },
    },
  },
  {
    name: 'wire',
    values: {
      usual: USUAL,
      signature: { bank: { signature: 'required' }, file: { signature: 'required' } },
      date_header: { bank: { date_header: true }, file: { date_header: true } },
      user_agent: { bank: { user_agent: true }, file: { user_agent: 'Drawbridge' } },
      notifications: { bank: { notifications: true }, file: { notifications: true } },
      ...switches('chunked', 'charset_refused', 'joined_next_link'),
    },
  },
  {
    name: 'consent',
    values: {
      usual: USUAL,
      recurring_only: { bank: { recurring_only: true }, file: { recurring_only: true } },
      longest: { bank: { valid_until: 'refused', longest_consent_days: 30 }, file: { longest_consent_days: 30 } },
      global: { bank: { consent_models: ['global'] } },
    },
  },
  {
    name: 'balances',
    values: {
      usual: USUAL,
      ...switches('balance_information', 'currency_xxx', 'masked_pan_as_iban'),
      expected: { bank: { only_expected: true }, file: { balance_types: { expected: 'booked' } } },
    },
  },
];

const KUNO = { user: 'kuno', password: 'kobold-1' };

describe('the Berlin Group connector at every kind of bank, two deviations at a time', () => {
  let banks: PretendBanks;
  let plain: { booked: string[]; balances: number };
  before(async () => {
    banks = await pretendBanks(berlinGroup, { judged: false });
    plain = await play({});
    assert.ok(plain.booked.length > 20);
  });
  after(() => banks.close());

  for (const row of pairwise(FACTORS)) {
    test(nameOf(row), async () => {
      try {
        await holds(row);
      } catch (error) {
        const blame = await whoFails(row);
        throw new Error(`${blame}. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
    });
  }

  test('gzip', async () => {
    // By itself: the pretend bank cannot pack an answer that another switch has rewritten.
    const read = await play({}, { gzip: true });
    assert.deepEqual(read, plain);
  });

  /** The facts that fail alone, else the first two that fail together. */
  async function whoFails(row: Row): Promise<string> {
    const fails = (part: [string, string][]) =>
      holds(Object.fromEntries(part)).then(
        () => false,
        () => true,
      );
    const parts = Object.entries(row);
    const alone: string[] = [];
    for (const part of parts) if (await fails([part])) alone.push(part.join(': '));
    if (alone.length > 0) return `fails alone: ${alone.join(', ')}`;
    for (const [index, one] of parts.entries())
      for (const other of parts.slice(index + 1))
        if (await fails([one, other])) return `fails together: ${one.join(': ')} and ${other.join(': ')}`;
    return 'fails only with everything together';
  }

  /** The same entries and the same balances as without any deviation. */
  async function holds(row: Row): Promise<void> {
    const read = await play(row);
    assert.deepEqual(read.booked, plain.booked);
    assert.equal(read.balances, plain.balances);
  }

  async function play(row: Row, more: object = {}): Promise<typeof plain> {
    const quirks = FACTORS.map(({ name, values }) => values[row[name] ?? ''] ?? USUAL);
    await banks.sandbox.control('DELETE /banks/de-kobold/facts');
    await banks.sandbox.control(
      '/banks/de-kobold/facts',
      Object.assign({ ...more }, ...quirks.map(({ bank }) => bank)),
    );
    const context = banks.at('de-kobold');
    context.facts = berlinGroup.facts.parse(Object.assign({}, ...quirks.map(({ file }) => file)));
    const grant = await connect(context);
    context.hold(grant);
    const read = await readAll(context, grant);
    await berlinGroup.revoke(context, grant);
    return read;
  }

  async function connect(context: BankContext): Promise<Grant> {
    const until = new Date(banks.clock.now().getTime() + 80 * 86_400_000).toISOString().slice(0, 10);
    const scopes: Permission['scopes'] = ['accounts', 'balances', 'transactions'];
    const permission = { scopes, accountTypes: ['checking' as const], recurring: true, validUntil: until };
    const walk = await Visit.begins(berlinGroup.authorise, context, permission);
    for (let turn = 0; turn < 12 && !walk.isDone; turn += 1) await walk.answers(await answer(walk.step));
    return walk.result;
  }

  async function answer(step: Step): Promise<Answer> {
    switch (step.kind) {
      case 'redirect': {
        const page = await visit(step.url);
        let left = await page.logIn(KUNO.user, KUNO.password);
        if (left === undefined) {
          const boxes = [...page.text.matchAll(/<input[^>]*name="account"[^>]*value="([^"]+)"/g)];
          left = await page.press(
            'approve',
            boxes.map(([, value]) => value ?? ''),
          );
        }
        assert.ok(left, page.text);
        return { kind: 'returned', params: [...new URL(left).searchParams].filter(([name]) => name !== 'state') };
      }
      case 'form': {
        const known: Record<string, Secret | string> = {
          user_id: KUNO.user,
          password: new Secret(KUNO.password),
          code: new Secret('123456'),
        };
        const values = step.fields.flatMap(({ name }) =>
          known[name] === undefined ? [] : [[name, known[name]] as const],
        );
        return { kind: 'fields', values: Object.fromEntries(values) };
      }
      case 'choose':
        return {
          kind: 'chosen',
          ids: [step.options.find(({ label }) => /sms/i.test(label))?.id ?? step.options[0]?.id ?? ''],
        };
      case 'wait':
        await banks.sandbox.control('/banks/de-kobold/phone/approve', {}).catch(() => undefined);
        return { kind: 'polled' };
      default:
        return step satisfies never;
    }
  }

  async function readAll(context: BankContext, grant: Grant): Promise<typeof plain> {
    const accounts = await berlinGroup.accounts(context, { grant });
    assert.ok(accounts.kind === 'done' && accounts.result.length > 0);
    const booked: string[] = [];
    let balances = 0;
    for (const [index, account] of accounts.result.entries()) {
      const read = await berlinGroup.balances(context, { grant, account });
      assert.ok(read.kind === 'done');
      const best = read.result.find(({ type }) => type === 'booked');
      balances += Math.round(Number(best?.amount) * 100);
      let cursor: string | undefined;
      do {
        const request = { grant, account, since: '2024-01-01', ...(cursor !== undefined && { cursor }) };
        const page = await berlinGroup.transactions(context, request);
        assert.ok(page.kind === 'done');
        assert.deepEqual(page.result.rejected, []);
        for (const entry of page.result.booked) {
          booked.push(`${index} ${entry.bookedOn} ${Math.round(Number(entry.amount) * 100)} ${entry.currency}`);
          assert.notEqual(entry.description, '');
        }
        cursor = page.result.next;
      } while (cursor !== undefined && booked.length < 5000);
    }
    return { booked: booked.sort(), balances };
  }
});

function nameOf(row: Row): string {
  const unusual = Object.entries(row).filter(([factor, value]) => {
    const [usual] = Object.keys(FACTORS.find(({ name }) => name === factor)?.values ?? {});
    return value !== usual;
  });
  return unusual.map(([, value]) => value).join(', ') || 'nothing unusual';
}
