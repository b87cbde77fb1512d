import assert from 'node:assert/strict';
import type { BankErrorFacts, BankErrorKind } from '../../src/banking/bank-error.ts';
import { BankError } from '../../src/banking/bank-error.ts';
import { actsOf, HeadlessPerson, type Seen } from './headless.ts';
import type { Replica, Replicas } from './replicas.ts';
import { type Dice, dice, SimulatedBank } from './simulated-bank.ts';

type Row = { id: string; bank_account: string; status: string; amount: string; description: string; booked_on: string };
// biome-ignore lint/suspicious/noExplicitAny: answers are read as a client would that knows no types
type Json = any;

const MINUTE_MS = 60_000;
const DATA = ['accounts', 'balances', 'transactions'];

/** One customer of one app, their bank and their people: what they do, and what must hold after each thing done. */
export class Play {
  readonly bank: SimulatedBank;
  readonly log: string[] = [];
  chance: Dice;
  customer = '';
  /** Every consent that was made for them. */
  readonly consents: string[] = [];
  readonly #replicas: Replicas;
  readonly #key: string;
  readonly #seed: number;
  readonly #number: number;
  readonly #held = new Map<string, Row>();
  readonly #names = new Map<string, string>();
  #cursor: string | undefined;
  #typed = 0;
  #dying: { how: 'new' | 'old'; replica?: Replica } | undefined;
  /** From then on the bank must not be asked for data under these consents. */
  #over: { consent: number; call: number }[] = [];

  constructor(of: { replicas: Replicas; key: string; tenant: number; seed: number; number: number }) {
    this.#replicas = of.replicas;
    this.#key = of.key;
    this.#seed = of.seed;
    this.#number = of.number;
    this.bank = new SimulatedBank(of.seed, `person${of.number}`, () => of.replicas.now());
    this.chance = dice(of.seed * 1000);
    this.bank.whileAnswering = (name) => this.#answers(name);
  }

  get today(): string {
    return new Date(this.#replicas.now()).toISOString().slice(0, 10);
  }

  /** Each thing draws from dice of its own, so that how one went never changes what comes next. */
  steps(name: string, number: number): void {
    this.log.push(name);
    this.chance = dice(this.#seed * 1000 + number);
  }

  async begins(): Promise<void> {
    this.bank.books(this.today);
    this.customer = (await this.#post('/v1/customers', {})).id;
    await this.visits();
    assert.equal((await this.#latest())?.status, 'authorized', 'a person without trouble gets there');
  }

  passes(ms: number): Promise<void> {
    return this.#replicas.passes(ms);
  }

  bankSays(kind?: BankErrorKind, facts: BankErrorFacts = {}): void {
    this.bank.no = kind && new BankError(kind, 'as the seed says', facts);
  }

  /** Reads by hand; refused where nothing may be read. */
  async asks(body: object): Promise<void> {
    const account = await this.#account();
    if (!account) return;
    const { status } = await this.#call('POST', `/v1/bank_accounts/${account}/sync`, body);
    assert.ok([202, 409, 429].includes(status), `${status}`);
  }

  /** The same request under one key at two servers is one request (I2). */
  async asksTwice(): Promise<void> {
    const headers = { 'idempotency-key': `play-${this.#number}-${this.log.length}` };
    const body = { customer: this.customer, provider: 'de-simulated' };
    const [one, two] = this.#replicas.living;
    const answers = await Promise.all(
      [one!, two ?? one!].map(({ server }) => send(server.url, 'POST', '/v1/consents', this.#key, body, headers)),
    );
    const made = answers.filter(({ status }) => status === 201).map(({ json }) => json.id);
    assert.ok(made.length > 0, 'one of them was served');
    assert.equal(new Set(made).size, 1, 'one key is one object (I2)');
    const again = await this.#call('POST', '/v1/consents', body, headers);
    assert.equal(again.json.id, made[0], 'also later (I2)');
    this.consents.push(made[0]);
    await this.#post(`/v1/consents/${made[0]}/revoke`, {});
  }

  /** A visit to its end, whatever happens on the way: tried again where a server died, given up after some tries. */
  async visits(options: { password?: string; until?: string; act?: string } = {}): Promise<void> {
    const consent = await this.#post('/v1/consents', { customer: this.customer, provider: 'de-simulated' });
    this.consents.push(consent.id);
    const person = this.#person();
    const link = new URL(consent.redirect.consent_url).pathname;
    let seen = await person.opens(link);
    for (let steps = 0; steps < 25; steps += 1) {
      await this.#isCleared();
      if (!seen || seen.screen === 'working') {
        await this.passes(MINUTE_MS + 1000);
        seen = await person.opens(seen?.action ?? link);
        continue;
      }
      const acts = actsOf(seen);
      if (seen.screen === 'ended' || acts.length === 0) break;
      if (acts.includes(options.until ?? '')) {
        if (options.act) seen = await person.presses(seen, options.act);
        break;
      }
      const act = ['fields', 'grant', 'continue', 'agree', 'retry'].find((one) => acts.includes(one)) ?? 'leave';
      if (act === 'retry' && steps > 12) break;
      seen = await this.#does(person, seen, act, options.password);
    }
    await this.#isCleared();
    await this.#replicas.rests();
  }

  leavesInTheMiddle(): Promise<void> {
    return this.visits({ until: this.chance.pick(['agree', 'fields']) });
  }

  async refuses(): Promise<void> {
    await this.visits({ until: this.chance.pick(['agree', 'fields']), act: 'refuse' });
    assert.equal((await this.#consent(this.consents.at(-1)!)).status, 'canceled');
  }

  mistypes(): Promise<void> {
    return this.visits({ password: 'canary-mistyped' });
  }

  /** Somebody with the link, and another browser, once the person has begun to sign in (I11). */
  async isTriedByAStranger(): Promise<void> {
    const consent = await this.#post('/v1/consents', { customer: this.customer, provider: 'de-simulated' });
    this.consents.push(consent.id);
    const link = new URL(consent.redirect.consent_url).pathname;
    const [person, stranger] = [this.#person(), this.#person()];
    let seen = await person.opens(link);
    for (let steps = 0; seen && !actsOf(seen).includes('fields') && steps < 5; steps += 1) {
      const act = ['continue', 'agree'].find((one) => actsOf(seen!).includes(one));
      if (!act) break;
      seen = await person.presses(seen, act);
    }
    const before = this.bank.logins;
    const theirs = await stranger.opens(link);
    assert.notEqual(theirs?.screen, 'step', 'a stranger sees nothing of it');
    if (seen && actsOf(seen).includes('fields')) {
      const typed = { 'values[user]': this.bank.login, 'values[pin]': this.bank.password };
      await stranger.presses(seen, 'fields', typed).catch(() => undefined);
    }
    assert.equal(this.bank.logins, before, 'what a stranger sends never reaches the bank (I11)');
    assert.equal((await this.#consent(consent.id)).status, 'pending');
    await this.#post(`/v1/consents/${consent.id}/revoke`, {});
  }

  async revokes(): Promise<void> {
    const latest = await this.#latest();
    if (latest?.status !== 'authorized') return;
    const { status } = await this.#call('POST', `/v1/consents/${latest.id}/revoke`, {});
    assert.equal(status, 200);
    this.#over.push({ consent: this.bank.consents, call: this.bank.calls.length });
  }

  /** The next server that a bank answers is dead before the answer arrives. */
  async diesAtTheNextAnswer(how: 'new' | 'old'): Promise<void> {
    if (this.#replicas.living.length < 2) return;
    this.#dying = { how };
    await this.asks({ psu: { ip_address: '203.0.113.7' } });
    await this.#replicas.rests();
    await this.#isCleared();
  }

  /** The next server that a bank answers is dead before the answer arrives, whoever asks and whenever that is. */
  diesWheneverAnswered(how: 'new' | 'old'): void {
    if (this.#replicas.living.length > 1) this.#dying ??= { how };
  }

  /** After each thing done, wherever one looks. */
  async checks(): Promise<void> {
    await this.#isCleared();
    await this.#follows();
    const rows = await this.#rows();
    const byId = (list: Row[]) => list.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    assert.deepEqual(byId([...this.#held.values()]), byId(rows), 'the changes equal the list (I4)');
    for (const [word, [row, twin]] of Map.groupBy(rows, ({ description }) => description)) {
      if (twin) continue;
      assert.equal(row!.id, this.#names.get(word) ?? row!.id, `${word} kept its id (I3)`);
      this.#names.set(word, row!.id);
    }
    assert.equal(this.bank.reused, 0, 'one chain of tokens (I6)');
    assert.ok(this.bank.logins <= this.#typed, `${this.bank.logins} logins, ${this.#typed} typed (I12)`);
    for (const { consent, call } of this.#over) {
      const late = this.bank.calls.slice(call).filter((one) => one.consent <= consent && DATA.includes(one.what));
      assert.deepEqual(late, [], 'no call after the end (I7)');
    }
    for (const what of ['balances', 'transactions']) {
      const reads = this.bank.calls.filter((one) => one.what === what && !one.attended && one.first);
      for (const { at } of reads) {
        const count = reads.filter((one) => one.at > at - 24 * 60 * MINUTE_MS && one.at <= at).length;
        assert.ok(count <= 4, `${count} reads of ${what} without the person in 24 hours (I8)`);
      }
    }
  }

  /** All is well again at last: what the bank has is what we have. */
  async ends(): Promise<void> {
    this.bankSays();
    this.steps('the end', 999);
    const latest = await this.#latest();
    const connection = latest?.connection && (await this.#get(`/v1/connections/${latest.connection}`));
    if (latest?.status !== 'authorized' || connection.status !== 'active') await this.visits();
    const account = await this.#account();
    await this.#post(`/v1/bank_accounts/${account}/sync`, { psu: { ip_address: '203.0.113.7' } });
    await this.#replicas.rests();
    await this.checks();
    const said = ({ status, amount, description }: Row) => `${description} ${status} ${amount}`;
    const rows = (await this.#rows()).map(said).sort();
    const real = this.bank.entries.map(
      ({ word, pending, amount }) => `${word} ${pending ? 'pending' : 'booked'} ${amount}`,
    );
    assert.deepEqual(rows, real.sort(), 'each real entry once (I3)');
    this.log.push(...rows);
  }

  /** Nothing is left of them, and nobody asks the bank any more. */
  async isErased(): Promise<void> {
    const { status } = await this.#call('DELETE', `/v1/customers/${this.customer}`);
    assert.ok(status === 200 || status === 202, `${status}`);
    await this.#replicas.rests();
    const calls = this.bank.calls.length;
    await this.passes(9 * 60 * MINUTE_MS);
    assert.equal(this.bank.calls.length, calls, 'no call after erasing (I7)');
    assert.equal((await this.#call('GET', `/v1/customers/${this.customer}`)).status, 404);
  }

  async #does(person: HeadlessPerson, seen: Seen, act: string, password?: string): Promise<Seen | undefined> {
    if (act !== 'fields') return person.presses(seen, act);
    this.#typed += 1;
    return person.presses(seen, act, {
      'values[user]': this.bank.login,
      'values[pin]': password ?? this.bank.password,
    });
  }

  #person(): HeadlessPerson {
    const { chance } = this;
    const address = `198.51.${this.#number % 250}.${1 + chance.below(250)}`;
    return new HeadlessPerson(address, () => chance.pick(this.#replicas.living).server.url);
  }

  async #answers(name: string): Promise<void> {
    const dying = this.#dying;
    if (!dying || dying.replica) return;
    dying.replica = this.#replicas.all.find((one) => one.name === name)!;
    await this.#replicas.kills(dying.replica);
  }

  /** Whoever died is back, and the others have done its work. */
  async #isCleared(): Promise<void> {
    const dying = this.#dying;
    this.#dying = undefined;
    if (!dying?.replica) return;
    await this.#replicas.rests();
    await this.#replicas.returns(dying.replica, dying.how);
    await this.#replicas.rests();
  }

  async #follows(): Promise<void> {
    for (;;) {
      const cursor = this.#cursor === undefined ? '' : `&cursor=${encodeURIComponent(this.#cursor)}`;
      const page = await this.#get(`/v1/transactions/sync?customer=${this.customer}&limit=3${cursor}`);
      for (const { id } of page.removed) assert.ok(this.#held.delete(id), 'removed what the reader had');
      for (const row of [...page.added, ...page.modified]) this.#held.set(row.id, row);
      this.#cursor = page.next_cursor;
      if (!page.has_more) return;
    }
  }

  async #rows(): Promise<Row[]> {
    const accounts = (await this.#get(`/v1/bank_accounts?customer=${this.customer}`)).data as { id: string }[];
    const lists = await Promise.all(
      accounts.map(({ id }) => this.#get(`/v1/bank_accounts/${id}/transactions?limit=500`)),
    );
    return lists.flatMap(({ data }) => data);
  }

  async #account(): Promise<string | undefined> {
    return (await this.#get(`/v1/bank_accounts?customer=${this.customer}`)).data[0]?.id;
  }

  #consent(id: string): Promise<Json> {
    return this.#get(`/v1/consents/${id}`);
  }

  /** The consent their account is read under, or was read under last. */
  async #latest(): Promise<Json> {
    const account = (await this.#get(`/v1/bank_accounts?customer=${this.customer}`)).data[0];
    return account && this.#consent(account.consent);
  }

  async #get(path: string): Promise<Json> {
    const { status, json } = await this.#call('GET', path);
    assert.equal(status, 200, `${path}: ${JSON.stringify(json)}`);
    return json;
  }

  async #post(path: string, body: object): Promise<Json> {
    const { status, json } = await this.#call('POST', path, body);
    assert.ok(status < 300, `${path}: ${status} ${JSON.stringify(json)}`);
    return json;
  }

  #call(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
    const { server } = this.chance.pick(this.#replicas.living);
    return send(server.url, method, path, this.#key, body, headers);
  }
}

async function send(
  base: string,
  method: string,
  path: string,
  key: string,
  body: object | undefined,
  headers: Record<string, string> = {},
): Promise<{ status: number; json: Json }> {
  const type: Record<string, string> = body ? { 'content-type': 'application/json' } : {};
  const reply = await fetch(new URL(path, base), {
    method,
    headers: { authorization: `Bearer ${key}`, ...type, ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await reply.text();
  return { status: reply.status, json: text ? JSON.parse(text) : undefined };
}
