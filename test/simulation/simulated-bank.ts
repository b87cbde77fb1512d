import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Account, Page, Transaction } from '../../src/banking/account.ts';
import { BankError } from '../../src/banking/bank-error.ts';
import type { BankContext, Connector, Grant } from '../../src/banking/connector.ts';
import { sumAmounts } from '../../src/banking/money.ts';
import type { Secret } from '../../src/banking/secret.ts';

/** Numbers that a seed decides: the same seed draws the same. */
export type Dice = { below(most: number): number; pick<Item>(items: readonly Item[]): Item };

/** Dice of this seed. */
export function dice(seed: number): Dice {
  let drawn = 0;
  const below = (most: number) => createHash('sha256').update(`${seed} ${drawn++}`).digest().readUInt32BE(0) % most;
  return { below, pick: (items) => items[below(items.length)]! };
}

/** What really happened at the bank. `word` names the entry as nothing else does, twins apart. */
export type RealEntry = { word: string; day: string; amount: string; pending: boolean };

/** One call as the bank saw it. `consent` counts the consents it was given. */
export type SeenCall = { at: number; what: string; attended: boolean; consent: number; first: boolean };

const AMOUNTS = ['-3.20', '-3.20', '-12', '25.5', '-0.001', '1000', '0.00'];
const HOUR_MS = 3_600_000;

/** A bank that books as the dice say, shows it in any order and page split, and remembers how it was treated. */
export class SimulatedBank {
  readonly login: string;
  readonly password: string;
  readonly entries: RealEntry[] = [];
  readonly calls: SeenCall[] = [];
  /** Passwords that were sent to it. */
  logins = 0;
  consents = 0;
  /** A refresh token came that was not the latest, nor the one before it: a second chain lives somewhere. */
  reused = 0;
  /** What it says instead of an answer. */
  no?: BankError | undefined;
  /** Called while it answers, with who asked: they may be dead when this returns. */
  whileAnswering?: ((replica: string) => Promise<void>) | undefined;
  readonly #dice: Dice;
  /** Of its own: how often it is read must not change what it books. */
  readonly #split: Dice;
  readonly #refresh = new Map<number, number>();
  readonly #now: () => number;
  #count = 0;
  #goneConsent = 0;

  constructor(seed: number, name: string, now: () => number) {
    this.#dice = dice(seed * 2 + 1);
    this.#split = dice(seed * 2 + 2);
    this.#now = now;
    this.login = name;
    this.password = `canary-password-${name}`;
  }
  /** One to three new entries, some of them equal twins, some pending. */
  books(day: string): void {
    for (let number = this.#dice.below(3); number >= 0; number -= 1) {
      this.#count += 1;
      const pending = this.#dice.below(3) === 0;
      const entry = { word: `entry${this.#count}x`, day, amount: this.#dice.pick(AMOUNTS), pending };
      this.entries.push(entry);
      if (!pending && this.#dice.below(4) === 0) this.entries.push({ ...entry });
    }
  }
  /** A pending entry is booked, on that day. */
  settles(day: string): void {
    const entry = this.entries.find(({ pending }) => pending);
    if (entry) Object.assign(entry, { pending: false, day });
  }
  /** A pending entry never was. */
  drops(): void {
    const index = this.entries.findLastIndex(({ pending }) => pending);
    if (index >= 0) this.entries.splice(index, 1);
  }
  /** The person ends at the bank what they have allowed. */
  revokes(): void {
    this.#goneConsent = this.consents;
  }
  /** The booked balance. */
  balance(): string {
    return sumAmounts(['100.00', ...this.entries.filter(({ pending }) => !pending).map(({ amount }) => amount)]);
  }
  /** A new consent, and the first of its tokens. */
  signIn(user: string, password: string): Grant {
    this.logins += 1;
    if (this.no) throw this.no;
    if (user !== this.login || password !== this.password)
      throw new BankError('wrong_credentials', 'not the password of this login');
    this.consents += 1;
    const secret = { login: this.login, consent: this.consents, ...this.#tokens(this.consents, 1) };
    return { secret, validUntil: new Date(this.#now() + 180 * 24 * HOUR_MS), chosenAtBank: true };
  }
  /** Rotates; the token before the latest is taken once more, because an answer can be lost. */
  renew(secret: Held): Grant['secret'] {
    this.#sees('token', true, secret, true);
    const latest = this.#refresh.get(secret.consent) ?? 0;
    if (secret.refresh < latest - 1) {
      this.reused += 1;
      throw new BankError('consent_gone', 'this token was used before');
    }
    return { ...secret, ...this.#tokens(secret.consent, secret.refresh === latest ? latest + 1 : latest) };
  }
  /** Answers a call for data, or says no. */
  async answer<Result>(
    what: string,
    attended: boolean,
    secret: Held,
    first: boolean,
    replica: string,
    result: () => Result,
  ): Promise<Result> {
    this.#sees(what, attended, secret, first);
    await this.whileAnswering?.(replica);
    if (this.no) throw this.no;
    if (secret.consent <= this.#goneConsent) throw new BankError('consent_gone', 'the person has ended it');
    return result();
  }
  /** All of it as pages, the order of a day and the split as the dice say. */
  pages(): Page[] {
    const shuffled = this.entries
      .map((entry) => ({ entry, order: this.#split.below(1000) }))
      .sort((a, b) => (a.entry.day < b.entry.day ? 1 : a.entry.day > b.entry.day ? -1 : a.order - b.order))
      .map(({ entry }) => shown(entry));
    const size = Math.max(1, Math.ceil(shuffled.length / (1 + this.#split.below(3))));
    const groups: Transaction[][] = [];
    for (let at = 0; at < shuffled.length; at += size) groups.push(shuffled.slice(at, at + size));
    if (groups.length === 0) groups.push([]);
    return groups.map((group, index) => ({
      raw: Buffer.from(JSON.stringify({ page: index, group })),
      booked: group.filter(({ status }) => status === 'booked'),
      pending: group.filter(({ status }) => status === 'pending'),
      rejected: [],
      ...(index + 1 < groups.length ? { next: String(index + 1) } : {}),
    }));
  }
  #tokens(consent: number, refresh: number) {
    this.#refresh.set(consent, refresh);
    return { refresh, token: `canary-token-${this.login}`, until: this.#now() + HOUR_MS };
  }
  #sees(what: string, attended: boolean, { consent }: Held, first: boolean): void {
    this.calls.push({ at: this.#now(), what, attended, consent, first });
  }
}

/** What the bank gave at sign-in, as its connector remembers it. */
export type Held = { login: string; consent: number; refresh: number; token: string; until: number };

function shown({ word, day, amount, pending }: RealEntry): Transaction {
  const status = pending ? 'pending' : 'booked';
  return { status, amount, currency: 'EUR', bookedOn: day, description: word };
}

/** A replica's connector to the simulated banks, found by login. `pagesOf` are those a bank shows at the moment. */
export function simulatedConnector(
  replica: string,
  find: (login: string) => SimulatedBank,
  pagesOf: Map<string, Page[]>,
): Connector {
  /** A call through the ledgered way out, with a token that is renewed when its hour is over. */
  async function call<Result>(
    context: BankContext,
    grant: Grant,
    purpose: string,
    result: (bank: SimulatedBank) => Result,
    account?: string,
    first = true,
  ): Promise<Result> {
    let secret = grant.secret as Held;
    const bank = find(secret.login);
    if (secret.until <= context.now().getTime()) {
      const fresh = await context.refreshGrant(async (latest) => {
        await context.http({ method: 'POST', path: 'token', purpose: 'authorisation_server' });
        return { ...latest, secret: bank.renew(latest.secret as Held) };
      });
      secret = fresh.secret as Held;
    }
    await context.http({ method: 'GET', path: purpose, purpose, ...(account ? { account } : {}) });
    return bank.answer(purpose, context.person !== undefined, secret, first, replica, () => result(bank));
  }
  return {
    standard: 'simulated',
    facts: z.strictObject({}),
    async authorise(context, _permission, resume) {
      if (!resume) return { kind: 'ask', step: { kind: 'form', purpose: 'sign_in', fields: FIELDS }, memory: {} };
      const { answer } = resume;
      if (answer.kind !== 'fields') throw new BankError('unexpected', 'a form was asked for');
      const { user, pin } = answer.values as { user: string | Secret; pin: Secret };
      const login = typeof user === 'string' ? user : user.reveal();
      await context.http({ method: 'POST', path: 'login', purpose: 'authorisation' });
      return { kind: 'done', result: find(login).signIn(login, pin.reveal()) };
    },
    accounts: async (context, { grant }) => ({
      kind: 'done',
      result: await call(context, grant, 'accounts', (): Account[] => [accountOf(grant.secret as Held)]),
    }),
    balances: async (context, { grant, account }) => ({
      kind: 'done',
      result: await call(
        context,
        grant,
        'balances',
        (bank) => [{ type: 'booked', amount: bank.balance(), currency: 'EUR', bankType: 'ITBD' }] as const,
        account.reference,
      ).then((balances) => [...balances]),
    }),
    transactions: async (context, { grant, account, cursor }) => {
      const first = cursor === undefined;
      const show = (bank: SimulatedBank) => {
        if (first || !pagesOf.has(bank.login)) pagesOf.set(bank.login, bank.pages());
        return pagesOf.get(bank.login)![Number(cursor ?? 0)]!;
      };
      return { kind: 'done', result: await call(context, grant, 'transactions', show, account.reference, first) };
    },
    revoke: async (context, grant) => {
      await context.http({ method: 'DELETE', path: 'consent', purpose: 'revocation' });
      find((grant.secret as Held).login).revokes();
    },
  };
}

const FIELDS = [
  { name: 'user', kind: 'user_id', secret: false },
  { name: 'pin', kind: 'password', secret: true },
] as const satisfies object[] as never;

function accountOf({ login }: Held): Account {
  return {
    reference: `r-${login}`,
    name: 'Giro',
    type: 'checking',
    usage: 'personal',
    currency: 'EUR',
    identification: { bban: `000${createHash('sha256').update(login).digest('hex').slice(0, 12)}` },
    status: 'enabled',
  };
}
