import assert from 'node:assert/strict';
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { BankContext, Grant, Permission } from '../src/banking/connector.ts';
import { Secret } from '../src/banking/secret.ts';
import type { Answer, Step } from '../src/banking/step.ts';
import { berlinGroup } from '../src/connectors/berlin-group/index.ts';
import { type PretendBanks, pretendBanks } from './at-pretend-bank.ts';
import { visit } from './bank-page.ts';
import { type AtBank, PROVING, type Quirk, READING, SPREADING } from './berlin-group-quirks.ts';
import { type Factor, pairwise, type Row } from './pairs.ts';
import { Visit } from './visit.ts';

type Person = { bank: string; user: string; password: string };
/** Booked entries as day, amount in cents and currency; what the booked balances are together. */
type Read = { booked: string[]; balances: number };

const KUNO: Person = { bank: 'de-kobold', user: 'kuno', password: 'kobold-1' };
const NOOR: Person = { bank: 'be-kanaal', user: 'noor', password: 'kanaal-1' };
const DAY_MS = 86_400_000;

describe('the Berlin Group connector at every kind of bank, two deviations at a time', () => {
  let banks: PretendBanks;
  let atBank: AtBank;
  before(async () => {
    banks = await pretendBanks(berlinGroup, { judged: false });
    const request = { method: 'GET' as const, path: 'keys/passwords.json', purpose: 'keys' };
    const { keys } = JSON.parse(Buffer.from((await banks.at('de-kobold').http(request)).body).toString());
    const passwordKey = createPublicKey({ key: keys[0] as JsonWebKey, format: 'jwk' });
    atBank = {
      metadata: `${banks.sandbox.machineUrl('de-kobold')}/.well-known/oauth-authorization-server`,
      passwordKey: passwordKey.export({ type: 'spki', format: 'pem' }).toString(),
    };
  });
  after(() => banks.close());

  grid('proving oneself', PROVING, KUNO, 'anew');
  grid('reading', READING, KUNO, 'once');
  grid('several currencies, and cards', SPREADING, NOOR, 'once');
  if (process.env.LONG) grid('everything', [...PROVING, ...READING.filter(isNew)], KUNO, 'anew');

  /** Each row of values reads what the bank without any deviation is read as. `consents`: made anew for each row, or once. */
  function grid(title: string, factors: Factor<Quirk>[], person: Person, consents: 'anew' | 'once'): void {
    describe(title, () => {
      let plain: Read;
      let held: Grant | undefined;
      before(async () => {
        const [context, grant] = await connected({});
        plain = await readAll(context, grant);
        assert.ok(plain.booked.length > 20);
        if (consents === 'once') held = grant;
      });
      after(() => banks.sandbox.control(`DELETE /banks/${person.bank}/facts`));

      for (const row of pairwise(factors)) {
        test(nameOf(row, factors), async () => {
          try {
            await holds(row);
          } catch (error) {
            const blame = await whoFails(row);
            throw new Error(`${blame}. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
          }
        });
      }

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

      /** The same entries, as far back as the bank tells, and the same balances as without any deviation. */
      async function holds(row: Row): Promise<void> {
        const [context, grant] = await connected(row);
        const read = await readAll(context, grant);
        if (!held) await berlinGroup.revoke(context, grant);
        const days = Math.min(...quirksOf(row).map(({ days = Infinity }) => days));
        const since = Number.isFinite(days) ? dayAfter(1 - days) : '';
        assert.deepEqual(
          read.booked,
          plain.booked.filter((entry) => entry >= since),
        );
        assert.equal(read.balances, plain.balances);
      }

      const quirksOf = (row: Row): Quirk[] => factors.map(({ name, values }) => values[row[name] ?? ''] ?? {});

      async function connected(row: Row): Promise<[BankContext, Grant]> {
        const quirks = quirksOf(row);
        await banks.sandbox.control(`DELETE /banks/${person.bank}/facts`);
        const facts = Object.assign({}, ...quirks.map(({ bank }) => bank));
        await banks.sandbox.control(`/banks/${person.bank}/facts`, facts);
        const context = banks.at(person.bank);
        const written = quirks.map(({ file }) => (typeof file === 'function' ? file(atBank) : file));
        context.facts = berlinGroup.facts.parse(Object.assign({}, factsOf(context), ...written));
        const grant = held ?? (await connect(context, person));
        context.hold(grant);
        return [context, grant];
      }
    });
  }

  async function connect(context: BankContext, person: Person): Promise<Grant> {
    const scopes: Permission['scopes'] = ['accounts', 'balances', 'transactions'];
    const accountTypes: Permission['accountTypes'] = ['checking', 'savings', 'credit_card'];
    const permission = { scopes, accountTypes, recurring: true, validUntil: dayAfter(80) };
    const walk = await Visit.begins(berlinGroup.authorise, context, permission);
    for (let turn = 0; turn < 12 && !walk.isDone; turn += 1) await walk.answers(await answer(walk.step, person));
    return walk.result;
  }

  async function answer(step: Step, { bank, user, password }: Person): Promise<Answer> {
    switch (step.kind) {
      case 'redirect': {
        const page = await visit(step.url);
        let left = await page.logIn(user, password);
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
          user_id: user,
          password: new Secret(password),
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
        await banks.sandbox.control(`/banks/${bank}/phone/approve`, {}).catch(() => undefined);
        return { kind: 'polled' };
      default:
        return step satisfies never;
    }
  }

  async function readAll(context: BankContext, grant: Grant): Promise<Read> {
    const accounts = await berlinGroup.accounts(context, { grant });
    assert.ok(accounts.kind === 'done' && accounts.result.length > 0);
    const booked: string[] = [];
    let balances = 0;
    for (const account of accounts.result) {
      const read = await berlinGroup.balances(context, { grant, account });
      assert.ok(read.kind === 'done');
      for (const { type, amount } of read.result) if (type === 'booked') balances += cents(amount);
      let cursor: string | undefined;
      do {
        const request = { grant, account, since: '2024-01-01', ...(cursor !== undefined && { cursor }) };
        const page = await berlinGroup.transactions(context, request);
        assert.ok(page.kind === 'done');
        assert.deepEqual(page.result.rejected, []);
        for (const entry of page.result.booked) {
          booked.push(`${entry.bookedOn} ${cents(entry.amount)} ${entry.currency}`);
          assert.notEqual(entry.description, '');
        }
        cursor = page.result.next;
      } while (cursor !== undefined && booked.length < 5000);
    }
    return { booked: booked.sort(), balances };
  }

  /** A day so many days after today, at the bank's clock. */
  function dayAfter(days: number): string {
    return new Date(banks.clock.now().getTime() + days * DAY_MS).toISOString().slice(0, 10);
  }
});

const cents = (amount: string) => Math.round(Number(amount) * 100);

/** What the bank's own file says already. */
const factsOf = ({ facts }: BankContext) => facts as object;

const isNew = ({ name }: Factor<Quirk>) => PROVING.every((other) => other.name !== name);

function nameOf(row: Row, factors: Factor<Quirk>[]): string {
  const unusual = Object.entries(row).filter(([factor, value]) => {
    const [usual] = Object.keys(factors.find(({ name }) => name === factor)?.values ?? {});
    return value !== usual;
  });
  return unusual.map(([, value]) => value).join(', ') || 'nothing unusual';
}
