import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from '../src/banking/account.ts';
import type { Grant, Permission } from '../src/banking/connector.ts';
import { readCamt } from '../src/banking/formats/camt.ts';
import { readMt940 } from '../src/banking/formats/mt940.ts';
import { sameAmount, sumAmounts } from '../src/banking/money.ts';
import { Secret } from '../src/banking/secret.ts';
import type { Answer, Resume, Step, Turn } from '../src/banking/step.ts';
import { fints } from '../src/connectors/fints/index.ts';
import { type PretendBanks, pretendBanks } from './at-pretend-bank.ts';
import { Visit } from './visit.ts';

/** A person: what they type, and the steps they must have seen in signing in. */
type Person = { bank: string; login: string; password: string; method?: RegExp; code?: string; sees: string[] };

const PEOPLE: Record<string, Person> = {
  'who needs no code': { bank: 'de-havelstein', login: 'otto', password: 'havelstein-5', sees: ['sign_in'] },
  'who approves in the app': {
    bank: 'de-havelstein',
    login: 'ruben',
    password: 'havelstein-2',
    sees: ['sign_in', 'wait', 'wait'],
  },
  'with a photo-TAN and marks in the password': {
    bank: 'de-havelstein',
    login: 'fine',
    password: "h+2:1=?'",
    code: '314159',
    sees: ['sign_in', 'code with image'],
  },
  'with a card reader': {
    bank: 'de-havelstein',
    login: 'till',
    password: 'havelstein-4',
    code: '654321',
    sees: ['sign_in', 'code with flicker'],
  },
  'who chooses a method and a phone': {
    bank: 'de-havelstein',
    login: 'nele',
    password: 'havelstein-1',
    method: /SMS/i,
    code: '123456',
    sees: ['sign_in', 'method', 'device', 'code'],
  },
  'of an older bank': {
    bank: 'de-moorwerder',
    login: 'wanda',
    password: 'moorwerder-1',
    code: '123456',
    sees: ['sign_in', 'code'],
  },
};

describe('the FinTS connector at the pretend banks', () => {
  let banks: PretendBanks;
  before(async () => {
    banks = await pretendBanks(fints);
  });
  after(() => banks.close());

  for (const [name, person] of Object.entries(PEOPLE)) {
    test(`a person ${name} signs in and everything is read, exact to the cent`, async () => {
      const { context, steps, held } = await signIn(person);
      assert.deepEqual(steps.map(shape), person.sees);
      const accounts = await fints.accounts(context, { grant: held() });
      assert.ok(accounts.kind === 'done' && accounts.result.length > 0);
      for (const account of accounts.result) {
        const balances = await read(person, (resume) => fints.balances(context, { grant: held(), account }, resume));
        const page = await read(person, (resume) =>
          fints.transactions(context, { grant: held(), account, since: '2025-01-01' }, resume),
        );
        assert.ok(page.booked.length > 0);
        assert.deepEqual(page.rejected, []);
        const booked = balances.find(({ type }) => type === 'booked');
        assert.ok(booked);
        const closing = account.type === 'credit_card' ? undefined : closingOf(page);
        if (closing) assert.ok(sameAmount(closing, booked.amount), `${closing} and ${booked.amount}`);
      }
    });
  }

  test('a refused PIN ends it at once, and was sent once', async () => {
    const person = { ...PEOPLE['who needs no code']!, password: 'not-it' };
    const before = await counted('otto');
    await assert.rejects(signIn(person), { kind: 'wrong_credentials' });
    assert.equal((await counted('otto')).wrong_pins, before.wrong_pins + 1);
    await signIn(PEOPLE['who needs no code']!);
  });

  test('who comes back with the same login is known: no method is asked, no code', async () => {
    const person = PEOPLE['who chooses a method and a phone']!;
    const first = await signIn(person);
    const again = await signIn(person, { ...permission(), renews: first.held() });
    assert.deepEqual(again.steps.map(shape), ['sign_in']);
  });

  test('without a kept PIN the next reading asks for it, with one it does not', async () => {
    const person = PEOPLE['who needs no code']!;
    for (const storeSecrets of [false, true]) {
      const { context, held, hold } = await signIn(person, { ...permission(), storeSecrets });
      const { visit: _, ...grant } = held();
      assert.equal(JSON.stringify(grant.secret).includes(person.password), storeSecrets);
      assert.equal(grant.attendedOnly === true, !storeSecrets);
      hold(grant);
      delete context.person;
      const accounts = await fints.accounts(context, { grant });
      assert.ok(accounts.kind === 'done');
      const turn = await fints.balances(context, { grant, account: accounts.result[0]! });
      assert.equal(turn.kind, storeSecrets ? 'done' : 'ask');
    }
  });

  // biome-ignore lint/suspicious/noExplicitAny: whatever control tells
  const counted = async (login: string): Promise<any> =>
    (
      await (banks.sandbox.control('/banks/de-havelstein/fints') as Promise<{ logins: { login: string }[] }>)
    ).logins.find((one) => one.login === login);

  async function signIn(person: Person, asked: Permission = permission()) {
    const context = banks.at(person.bank);
    const steps: Step[] = [];
    const visit = await Visit.begins(fints.authorise, context, asked);
    for (let turns = 0; !visit.isDone && turns < 30; turns++) {
      steps.push(visit.step);
      await visit.answers(await answer(person, visit.step));
    }
    let grant: Grant = visit.result;
    context.refreshGrant = async (call) => {
      grant = await call(grant);
      return grant;
    };
    return {
      context,
      steps,
      held: () => grant,
      hold: (one: Grant) => {
        grant = one;
      },
    };
  }

  async function read<R>(person: Person, go: (resume?: Resume) => Promise<Turn<R>>): Promise<R> {
    let turn = await go();
    for (let turns = 0; turn.kind === 'ask' && turns < 30; turns++) {
      const memory = JSON.parse(JSON.stringify(turn.memory)) as Resume['memory'];
      turn = await go({ memory, answer: await answer(person, turn.step) });
    }
    assert.ok(turn.kind === 'done');
    return turn.result;
  }

  async function answer(person: Person, step: Step): Promise<Answer> {
    switch (step.kind) {
      case 'choose':
        return {
          kind: 'chosen',
          ids: [(step.options.find(({ label }) => person.method?.test(label)) ?? step.options[0]!).id],
        };
      case 'form': {
        const typed: Record<string, string> = {
          user_id: person.login,
          password: person.password,
          code: person.code ?? '',
        };
        return {
          kind: 'fields',
          values: Object.fromEntries(
            step.fields.map(({ name, secret }) => [name, secret ? new Secret(typed[name]!) : typed[name]!]),
          ),
        };
      }
      case 'wait':
        await banks.sandbox.control(`/banks/${person.bank}/phone/approve`, {} as never).catch(() => undefined);
        await banks.sandbox.control('/clock', { advance: '3s' } as never);
        return { kind: 'polled' };
      default:
        return assert.fail(`not at a FinTS bank: ${step.kind}`);
    }
  }
});

function permission(): Permission {
  return {
    scopes: ['accounts', 'balances', 'transactions'],
    accountTypes: ['checking'],
    recurring: true,
    validUntil: '2027-01-01',
  };
}

function shape(step: Step): string {
  if (step.kind === 'wait') return 'wait';
  if (step.kind !== 'form' && step.kind !== 'choose') return step.kind;
  const challenge = step.kind === 'form' ? step.challenge : undefined;
  return `${step.purpose}${challenge?.image ? ' with image' : ''}${challenge?.flicker ? ' with flicker' : ''}`;
}

/** The bank's own closing balance, once it is proved that its opening balance and all entries come to it. */
function closingOf({ raw, booked }: Page): string | undefined {
  const text = Buffer.from(raw).toString('latin1');
  const parts = [...(text.includes('<?xml') ? readCamt(raw) : readMt940(text, { status: 'booked', currency: 'EUR' }))];
  const opening = parts.find(({ kind }) => kind === 'opening');
  const closing = parts.findLast(({ kind }) => kind === 'closing');
  assert.ok(opening?.kind === 'opening' && closing?.kind === 'closing');
  const sum = sumAmounts([opening.amount, ...booked.map(({ amount }) => amount)]);
  assert.ok(sameAmount(sum, closing.amount), `${sum} and ${closing.amount}`);
  return closing.amount;
}
