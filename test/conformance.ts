import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { inspect } from 'node:util';
import type { Account, Page } from '../src/banking/account.ts';
import { BankError } from '../src/banking/bank-error.ts';
import type { BankContext, Connector, Grant, Permission } from '../src/banking/connector.ts';
import type { Answer, Resume, Step, Turn } from '../src/banking/step.ts';
import { Visit } from './visit.ts';

/** What connectors are asked to show. A standard may lack some, with its source. */
export const ABILITIES = [
  'redirected',
  'embedded',
  'decoupled',
  'wrong code',
  'refusal',
  'revoked at the bank',
  'expired at the bank',
  'too many calls',
  'too many calls, with a time',
  'dying cursor',
  'pending becomes booked',
  'outage',
  'off the standard',
  'foreign link',
  'presence',
] as const;
/** One of them. */
export type Ability = (typeof ABILITIES)[number];

/** What a person is about to do in a visit. */
export type Intent = 'approve' | 'refuse' | 'wrong code, then approve';

/** How a bank is told to misbehave, once, in the next call that reads what is named. */
export type Mischief = { next: 'accounts' | 'transactions'; does: Ability };

/** A pretend bank as the suite plays with it, whatever its standard. */
export type BankToPlay = {
  /** Whether this pretend bank plays it. */
  can(ability: Ability): boolean;
  /** A way in for a person who proves themselves like this; `person: false` is a call with nobody there. */
  context(way: 'redirected' | 'embedded' | 'decoupled', person?: false): BankContext & { hold?(grant: Grant): void };
  permission(): Permission;
  /** What the person answers to a step. Everything secret in it is in `secrets`. */
  person(step: Step, intent: Intent): Promise<Answer>;
  secrets: string[];
  /** Ends a grant on the bank's side. */
  ends(grant: Grant, how: 'revoked' | 'expired'): Promise<void>;
  plays(mischief: Mischief): Promise<void>;
  /** Lets so many days go by at the bank. */
  passes(days: number): Promise<void>;
  /** The grant as it was refreshed meanwhile, at standards where reading changes it. */
  current?(grant: Grant): Grant;
  /** The calls so far: whether each claimed that a person was there. */
  calls(): { claimsPresence: boolean }[];
  /** Everything that was written to a log so far. */
  log(): string;
  close(): Promise<void>;
};

const MOST_TURNS = 30;
const SINCE = '2020-01-01';

/**
 * Plays the same visits and readings with any connector against the pretend bank of its standard. `lacks` names what the
 * standard does not have, with the source that says so; the pretend bank must lack it too. Between any two turns the memory
 * goes through JSON, as after a restart.
 */
export function conformance(
  connector: Connector,
  open: () => Promise<BankToPlay>,
  lacks: Partial<Record<Ability, string>> = {},
): void {
  describe(`${connector.standard} conforms`, () => {
    let bank: BankToPlay;
    before(async () => {
      bank = await open();
    });
    after(() => bank.close());

    const has = (ability: Ability, name: string, run: () => Promise<void>) =>
      test(name, { skip: lacks[ability] ? `${connector.standard} has no ${ability}: ${lacks[ability]}` : false }, run);

    /** The way that is played where the way does not matter. */
    const usual = (['redirected', 'embedded', 'decoupled'] as const).find((way) => !(way in lacks)) ?? 'embedded';

    test('what the standard lacks, its pretend bank lacks too', () => {
      for (const ability of ABILITIES) assert.equal(bank.can(ability), !(ability in lacks), ability);
    });

    for (const way of ['redirected', 'embedded', 'decoupled'] as const) {
      has(way, `${way}: from the first step to accounts, balances and transactions, and to the end`, async () => {
        const context = bank.context(way);
        const grant = await connect(context, 'approve');
        const read = await readEverything(context, grant);
        assert.ok(read.length > 0 && read.some((page) => page.booked.length > 0));
        if (connector.check) assert.equal(await connector.check(context, grant), 'valid');
        await connector.revoke(context, grant);
        await connector.revoke(context, grant);
        if (connector.check) assert.equal(await connector.check(context, grant), 'gone');
        if (!('revoked at the bank' in lacks))
          await rejectsWith(connector.accounts(context, { grant }), ['consent_gone']);
      });
      has('refusal', `${way}: a person who refuses has declined`, async () => {
        if (!bank.can(way)) return;
        await rejectsWith(connect(bank.context(way), 'refuse'), ['declined', 'wrong_credentials', 'wrong_code']);
      });
    }

    has('wrong code', 'a wrong code is asked for again, then the right one counts', async () => {
      const notices: string[] = [];
      const grant = await connect(bank.context('embedded'), 'wrong code, then approve', (step) => {
        if (step.kind === 'form' && step.notice) notices.push(step.notice.kind);
      });
      assert.ok(grant);
      assert.ok(notices.includes('wrong_code'));
    });

    for (const how of ['revoked', 'expired'] as const) {
      has(
        `${how} at the bank`,
        `a consent that is ${how} at the bank is gone, and ending it again is no error`,
        async () => {
          const context = bank.context(usual);
          const grant = await connect(context, 'approve');
          await bank.ends(grant, how);
          if (connector.check) assert.equal(await connector.check(context, grant), 'gone');
          await rejectsWith(connector.accounts(context, { grant }), ['consent_gone']);
          await connector.revoke(context, grant);
        },
      );
    }

    for (const ability of ['too many calls', 'too many calls, with a time'] as const) {
      has(ability, `${ability}: a delay, not a failure`, async () => {
        const context = bank.context(usual);
        const grant = await connect(context, 'approve');
        await bank.plays({ next: 'accounts', does: ability });
        const error = await rejectsWith(connector.accounts(context, { grant }), ['rate_limited']);
        assert.equal(error.facts.retryAfterMs !== undefined, ability === 'too many calls, with a time');
        assert.ok((await readEverything(context, grant)).length > 0);
      });
    }

    for (const [ability, kinds] of [
      ['outage', ['unavailable']],
      ['off the standard', ['unexpected']],
    ] as const) {
      has(ability, `${ability}: said as it is, and nothing is lost by it`, async () => {
        const context = bank.context(usual);
        const grant = await connect(context, 'approve');
        await bank.plays({ next: 'transactions', does: ability });
        await rejectsWith(readEverything(context, grant), [...kinds]);
        assert.ok((await readEverything(context, grant)).length > 0);
      });
    }

    has('foreign link', 'a link to another host is not followed, and the next reading is whole', async () => {
      const context = bank.context(usual);
      const grant = await connect(context, 'approve');
      const whole = await readEverything(context, grant);
      await bank.plays({ next: 'transactions', does: 'foreign link' });
      await rejectsWith(readEverything(context, grant), ['unexpected']);
      assert.equal((await readEverything(context, grant)).length, whole.length);
    });

    has('dying cursor', 'a cursor that dies is said, and reading from the start is whole', async () => {
      const context = bank.context(usual);
      const grant = await connect(context, 'approve');
      const whole = await readEverything(context, grant);
      const [account, cursor] = await findCursor(context, grant);
      await bank.plays({ next: 'transactions', does: 'dying cursor' });
      const reading = connector.transactions(context, { grant, account, since: SINCE, cursor });
      await rejectsWith(reading, ['unexpected', 'unsupported', 'consent_gone']);
      assert.equal((await readEverything(context, grant)).length, whole.length);
    });

    has('pending becomes booked', 'what is pending is booked some days later, and never both', async () => {
      const context = bank.context(usual);
      const grant = await connect(context, 'approve');
      const today = context.now().toISOString().slice(0, 10);
      const pending = (await readEverything(context, grant)).flatMap((page) => page.pending);
      assert.ok(pending.length > 0, 'the pretend bank has nothing pending');
      await bank.passes(10);
      const later = await readEverything(context, grant);
      const since = later
        .flatMap((page) => page.booked)
        .filter(({ bookedOn }) => bookedOn !== undefined && bookedOn >= today);
      for (const { amount, description } of pending) {
        assert.ok(
          since.some((entry) => entry.amount === amount),
          `${amount} was never booked`,
        );
        const both = later.flatMap((page) => page.pending).filter((entry) => entry.amount === amount);
        assert.equal(
          both.some((entry) => entry.description === description),
          false,
          `${amount} is pending and booked`,
        );
      }
    });

    has('presence', 'a person is claimed to be there exactly when they are', async () => {
      const context = bank.context(usual);
      const from = bank.calls().length;
      const grant = await connect(context, 'approve');
      await connector.accounts(context, { grant });
      const attended = bank.calls().length;
      await readEverything(bank.context(usual, false), grant);
      const claims = bank.calls().map(({ claimsPresence }) => claimsPresence);
      assert.deepEqual([...new Set(claims.slice(from, attended))], [true]);
      assert.deepEqual([...new Set(claims.slice(attended))], [false]);
    });

    test('nothing secret is remembered or logged', () => {
      assert.ok(bank.secrets.length > 0);
      for (const secret of bank.secrets) {
        // Where each turn signs in anew, a memory must hold the login: it says until when, and the platform seals it.
        assert.equal(
          !connector.keepsSecrets && memories.some((memory) => memory.includes(secret)),
          false,
          'a secret lies in a memory',
        );
        assert.equal(bank.log().includes(secret), false, 'a secret lies in a log');
      }
    });

    const memories: string[] = [];

    async function connect(
      context: BankContext,
      intent: Intent,
      sees: (step: Step) => void = () => {},
    ): Promise<Grant> {
      const visit = await Visit.begins(connector.authorise, context, bank.permission());
      for (let turn = 0; !visit.isDone; turn++) {
        assert.ok(turn < MOST_TURNS, `no end after ${turn} turns: ${inspect(visit.step)}`);
        sees(visit.step);
        const answer = await bank.person(visit.step, intent);
        try {
          await visit.answers(answer);
        } finally {
          memories.push(...visit.memories);
        }
      }
      if ('hold' in context) (context as ReturnType<BankToPlay['context']>).hold?.(visit.result);
      return visit.result;
    }

    async function findCursor(context: BankContext, grant: Grant): Promise<[Account, string]> {
      for (const account of await done(connector.accounts(context, { grant }))) {
        const { next } = await done(connector.transactions(context, { grant, account, since: SINCE }));
        if (next !== undefined) return [account, next];
      }
      return assert.fail('no account has a second page');
    }

    const now = (grant: Grant) => bank.current?.(grant) ?? grant;

    /** A reading to its end; where it may ask, the person answers. */
    async function asked<Result>(speak: (resume?: Resume) => Promise<Turn<Result>>): Promise<Result> {
      let turn = await speak();
      for (let turns = 0; turn.kind === 'ask' && connector.keepsSecrets && turns < MOST_TURNS; turns++) {
        const memory = JSON.parse(JSON.stringify(turn.memory)) as Resume['memory'];
        turn = await speak({ memory, answer: await bank.person(turn.step, 'approve') });
      }
      return done(Promise.resolve(turn));
    }

    async function readEverything(context: BankContext, grant: Grant): Promise<Page[]> {
      const accounts = await done(connector.accounts(context, { grant }));
      const pages: Page[] = [];
      for (const account of accounts) {
        await asked((resume) => connector.balances(context, { grant: now(grant), account }, resume));
        let cursor: string | undefined;
        do {
          const from = { account, since: SINCE, ...(cursor !== undefined && { cursor }) };
          const page = await asked((resume) => connector.transactions(context, { grant: now(grant), ...from }, resume));
          assert.deepEqual(page.rejected, []);
          pages.push(page);
          cursor = page.next;
        } while (cursor !== undefined && pages.length < 500);
      }
      return pages;
    }
  });
}

async function done<Result>(turn: Promise<{ kind: 'ask' } | { kind: 'done'; result: Result }>): Promise<Result> {
  const ended = await turn;
  assert.ok(ended.kind === 'done', 'a read asked for the person');
  return ended.result;
}

async function rejectsWith(work: Promise<unknown>, kinds: string[]): Promise<BankError> {
  const error = await work.then(
    () => assert.fail(`went through instead of ${kinds.join(' or ')}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof BankError, inspect(error));
  assert.ok(kinds.includes(error.kind), `${error.kind} (${error.message}) instead of ${kinds.join(' or ')}`);
  return error;
}
