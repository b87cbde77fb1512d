import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Database, raw, sql, type Tx } from '../base/database.ts';
import type { Access } from './xs2a/access.ts';

/** A consent as the bank keeps it. `granted` are the numbers (IBAN, masked card number) that the person gave access to. */
export type Consent = {
  bank: string;
  id: string;
  /** Path of the interface at which it was made. */
  face: string;
  /** Authorisation number of whoever asked. */
  client: string;
  /** Their name, as their certificate says it. */
  clientName: string;
  person?: string;
  status: 'received' | 'partiallyAuthorised' | 'rejected' | 'valid' | 'revokedByPsu' | 'expired' | 'terminatedByTpp';
  access: Access;
  granted?: string[];
  recurring: boolean;
  validUntil: string;
  frequencyPerDay: number;
  lastActionDate: string;
  createdAt: string;
  authorisedAt?: string;
  redirectUri?: string;
  nokRedirectUri?: string;
  /** Where the caller wants to be told of changes. */
  notificationUri?: string;
  /** Id of the newer consent that has ended this one. */
  replacedBy?: string;
  /** `entryReference` of the newest entry that each account's last delta answered. */
  deltas?: Record<string, string>;
};

/** One attempt of a person to approve a consent. */
export type Authorisation = {
  bank: string;
  id: string;
  consentId: string;
  approach: 'redirect' | 'oauth' | 'embedded' | 'decoupled';
  status:
    | 'received'
    | 'psuIdentified'
    | 'psuAuthenticated'
    | 'scaMethodSelected'
    | 'started'
    | 'unconfirmed'
    | 'finalised'
    | 'exempted'
    | 'failed';
  person?: string;
  method?: string;
  /** True while the person is asked on the phone. */
  waiting: boolean;
  wrongCodes: number;
  createdAt: string;
  /** True once the first of two passwords was right. */
  halfway?: boolean;
  /** What the caller must send to confirm, and the accounts that the person chose. */
  confirmation?: { code: string; chosen: readonly string[] };
  /** When its status was last asked for, milliseconds. */
  polledAt?: number;
  /** Hash of the cookie of the browser in which the person logged in. */
  visit?: string;
  /** What the authorization request said (OAuth). */
  oauth?: { redirectUri: string; state?: string; codeChallenge: string };
};

/** A code or token as the bank keeps it; the text itself is not kept. */
export type Token = {
  hash: string;
  bank: string;
  consentId: string;
  kind: 'code' | 'access' | 'refresh';
  expiresAt: Date;
  spent: boolean;
  /** `person` where it is a sign-in and no consent yet. */
  detail: { client: string; thumbprint?: string; redirectUri?: string; codeChallenge?: string; person?: string };
};

/** SHA-256 of a secret text, hex: how codes, tokens and cookies are looked up. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Makes the schema where it is missing. Safe from many processes at once. */
export async function prepareStore(database: Database): Promise<void> {
  const schema = await readFile(new URL('./schema.sql', import.meta.url), 'utf8');
  await database.transaction(async (tx) => {
    await tx.run(sql`select pg_advisory_xact_lock(hashtext('sandbox.schema'))`);
    await tx.script(schema);
  });
}

type Kept<T> = { detail: T };

/** The consent, locked until the transaction ends when `lock` is said. */
export async function findConsent(tx: Tx, bank: string, id: string, lock?: 'lock'): Promise<Consent | undefined> {
  const row = lock
    ? await tx.first<Kept<Consent>>(
        sql`select detail from sandbox.consents where bank = ${bank} and id = ${id} for update`,
      )
    : await tx.first<Kept<Consent>>(sql`select detail from sandbox.consents where bank = ${bank} and id = ${id}`);
  return row?.detail;
}

/** Writes the consent as it is now. */
export async function storeConsent(tx: Tx, consent: Consent): Promise<void> {
  await tx.run(sql`insert into sandbox.consents (bank, id, client, person, status, created_at, detail)
    values (${consent.bank}, ${consent.id}, ${consent.client}, ${consent.person ?? null}, ${consent.status},
      ${consent.createdAt}, ${JSON.stringify(consent)})
    on conflict (bank, id) do update set person = excluded.person, status = excluded.status, detail = excluded.detail`);
}

/** A bank's consents, newest first; of one person when given. */
export async function listConsents(tx: Tx, bank: string, person?: string): Promise<Consent[]> {
  const rows = await tx.rows<Kept<Consent>>(sql`select detail from sandbox.consents
    where bank = ${bank} and (${person ?? null}::text is null or person = ${person ?? null})
    order by created_at desc, id limit 500`);
  return rows.map((row) => row.detail);
}

/** The authorisation of that id at whichever bank, locked when said; ids are unguessable and unique among all banks. */
export async function findAuthorisation(tx: Tx, id: string, lock?: 'lock'): Promise<Authorisation | undefined> {
  const row = lock
    ? await tx.first<Kept<Authorisation>>(sql`select detail from sandbox.authorisations where id = ${id} for update`)
    : await tx.first<Kept<Authorisation>>(sql`select detail from sandbox.authorisations where id = ${id}`);
  return row?.detail;
}

/** Writes the authorisation as it is now. */
export async function storeAuthorisation(tx: Tx, authorisation: Authorisation): Promise<void> {
  const { bank, id, consentId, person, waiting, createdAt } = authorisation;
  await tx.run(sql`insert into sandbox.authorisations (bank, id, consent_id, person, waiting, created_at, detail)
    values (${bank}, ${id}, ${consentId}, ${person ?? null}, ${waiting}, ${createdAt}, ${JSON.stringify(authorisation)})
    on conflict (id) do update set person = excluded.person, waiting = excluded.waiting, detail = excluded.detail`);
}

/** The authorisations of a consent, oldest first. */
export async function listAuthorisations(tx: Tx, bank: string, consentId: string): Promise<Authorisation[]> {
  const rows = await tx.rows<Kept<Authorisation>>(sql`select detail from sandbox.authorisations
    where bank = ${bank} and consent_id = ${consentId} order by created_at, id limit 100`);
  return rows.map((row) => row.detail);
}

/** The approvals that wait on phones, oldest first; of one person when given. */
export async function listWaiting(tx: Tx, bank: string, person?: string): Promise<Authorisation[]> {
  const rows = await tx.rows<Kept<Authorisation>>(sql`select detail from sandbox.authorisations
    where bank = ${bank} and waiting and (${person ?? null}::text is null or person = ${person ?? null})
    order by created_at, id limit 100`);
  return rows.map((row) => row.detail);
}

/** Keeps a code or token. */
export async function storeToken(tx: Tx, token: Omit<Token, 'spent'>): Promise<void> {
  await tx.run(sql`insert into sandbox.tokens (hash, bank, consent_id, kind, expires_at, detail)
    values (${token.hash}, ${token.bank}, ${token.consentId}, ${token.kind}, ${token.expiresAt}, ${JSON.stringify(token.detail)})`);
}

/** The code or token of that hash, locked when said. */
export async function findToken(tx: Tx, bank: string, hash: string, lock?: 'lock'): Promise<Token | undefined> {
  const columns = raw('hash, bank, consent_id as "consentId", kind, expires_at as "expiresAt", spent, detail');
  return lock
    ? tx.first<Token>(sql`select ${columns} from sandbox.tokens where hash = ${hash} and bank = ${bank} for update`)
    : tx.first<Token>(sql`select ${columns} from sandbox.tokens where hash = ${hash} and bank = ${bank}`);
}

/** Marks a code or refresh token as used. */
export async function spendToken(tx: Tx, hash: string): Promise<void> {
  await tx.run(sql`update sandbox.tokens set spent = true where hash = ${hash}`);
}

/** Ends every code and token of a consent. */
export async function endTokens(tx: Tx, bank: string, consentId: string): Promise<void> {
  await tx.run(sql`delete from sandbox.tokens where bank = ${bank} and consent_id = ${consentId}`);
}

/** Counts one read without a person and returns how many there were on that day of the bank, this one included. */
export async function countRead(
  tx: Tx,
  bank: string,
  consentId: string,
  resource: string,
  day: string,
): Promise<number> {
  const row = await tx.first<{ count: number }>(sql`insert into sandbox.reads (bank, consent_id, resource, day, count)
    values (${bank}, ${consentId}, ${resource}, ${day}, 1)
    on conflict (bank, consent_id, resource, day) do update set count = sandbox.reads.count + 1 returning count`);
  return row!.count;
}

/** True while control has blocked the login. */
export async function isBlocked(tx: Tx, bank: string, login: string): Promise<boolean> {
  return !!(await tx.first(sql`select 1 from sandbox.blocked where bank = ${bank} and login = ${login}`));
}

/** Blocks a login or lets it in again. */
export async function storeBlocked(tx: Tx, bank: string, login: string, blocked: boolean): Promise<void> {
  if (blocked)
    await tx.run(sql`insert into sandbox.blocked (bank, login) values (${bank}, ${login}) on conflict do nothing`);
  else await tx.run(sql`delete from sandbox.blocked where bank = ${bank} and login = ${login}`);
}

/** What control wrote over an account's generated transactions, by id. */
export async function listOverlay<Overlay>(
  tx: Tx,
  bank: string,
  account: string,
): Promise<{ id: string; detail: Overlay }[]> {
  return tx.rows(
    sql`select id, detail from sandbox.transactions where bank = ${bank} and account = ${account} order by id`,
  );
}

/** Adds a transaction, or changes the one of that id. */
export async function storeOverlay(tx: Tx, bank: string, account: string, id: string, detail: object): Promise<void> {
  await tx.run(sql`insert into sandbox.transactions (bank, account, id, detail)
    values (${bank}, ${account}, ${id}, ${JSON.stringify(detail)})
    on conflict (bank, account, id) do update set detail = sandbox.transactions.detail || excluded.detail`);
}

/** What control changed of interfaces, by bank and path. */
export async function listFacts<Detail>(tx: Tx): Promise<{ bank: string; face: string; detail: Detail }[]> {
  return tx.rows(sql`select bank, face, detail from sandbox.facts`);
}

/** Keeps what control changed of one interface. */
export async function storeFacts(tx: Tx, bank: string, face: string, detail: object): Promise<void> {
  await tx.run(sql`insert into sandbox.facts (bank, face, detail) values (${bank}, ${face}, ${JSON.stringify(detail)})
    on conflict (bank, face) do update set detail = excluded.detail`);
}

/** Forgets what control changed of a bank's interfaces. */
export async function clearFacts(tx: Tx, bank: string): Promise<void> {
  await tx.run(sql`delete from sandbox.facts where bank = ${bank}`);
}

/** Someone signing in before there is a consent: who asked for it, and where the browser goes afterwards. */
export type SignIn = {
  client: string;
  clientName: string;
  redirectUri: string;
  state?: string;
  codeChallenge: string;
  tries: number;
};

/** Keeps a sign-in. */
export async function storeSignIn(tx: Tx, bank: string, id: string, detail: SignIn): Promise<void> {
  await tx.run(sql`insert into sandbox.sign_ins (id, bank, detail) values (${id}, ${bank}, ${JSON.stringify(detail)})
    on conflict (id) do update set detail = excluded.detail`);
}

/** The sign-in of that id. */
export async function findSignIn(tx: Tx, bank: string, id: string): Promise<SignIn | undefined> {
  const row = await tx.first<Kept<SignIn>>(
    sql`select detail from sandbox.sign_ins where id = ${id} and bank = ${bank}`,
  );
  return row?.detail;
}

/** Ends a sign-in. */
export async function endSignIn(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`delete from sandbox.sign_ins where id = ${id}`);
}

/** A misbehaviour that was ordered. Null `times` means until it is cleared. */
export type StoredBehaviour<Detail> = {
  id: number;
  bank: string;
  operation: string;
  times: number | null;
  detail: Detail;
};

/** Every ordered misbehaviour, oldest first. */
export async function listBehaviours<Detail>(tx: Tx): Promise<StoredBehaviour<Detail>[]> {
  return tx.rows(sql`select id, bank, operation, times, detail from sandbox.behaviours order by id`);
}

/** Orders a misbehaviour and returns its id. */
export async function storeBehaviour(
  tx: Tx,
  behaviour: { bank: string; operation: string; times: number | null; detail: object },
): Promise<number> {
  const row = await tx.first<{ id: number }>(sql`insert into sandbox.behaviours (bank, operation, times, detail)
    values (${behaviour.bank}, ${behaviour.operation}, ${behaviour.times}, ${JSON.stringify(behaviour.detail)}) returning id`);
  return row!.id;
}

/** Takes one of a misbehaviour's times; false when none was left. */
export async function spendBehaviour(tx: Tx, id: number): Promise<boolean> {
  const changed = await tx.run(sql`update sandbox.behaviours set times = times - 1 where id = ${id} and times > 0`);
  return changed > 0;
}

/** Clears a bank's misbehaviours, all or those of one operation. */
export async function clearBehaviours(tx: Tx, bank: string, operation?: string): Promise<void> {
  await tx.run(sql`delete from sandbox.behaviours
    where bank = ${bank} and (${operation ?? null}::text is null or operation = ${operation ?? null})`);
}

/** Remembers a browser in which a person is logged in. */
export async function storeVisit(tx: Tx, hash: string, bank: string, person: string, expiresAt: Date): Promise<void> {
  await tx.run(
    sql`insert into sandbox.visits (hash, bank, person, expires_at) values (${hash}, ${bank}, ${person}, ${expiresAt})`,
  );
}

/** Who is logged in at the bank in the browser of that cookie. */
export async function findVisit(tx: Tx, hash: string, bank: string, now: Date): Promise<string | undefined> {
  const row = await tx.first<{ person: string }>(sql`select person from sandbox.visits
    where hash = ${hash} and bank = ${bank} and expires_at > ${now}`);
  return row?.person;
}

/** One line of a bank's own log of requests; nothing secret is in it. */
export type LoggedCall = {
  at: string;
  operation: string;
  method: string;
  path: string;
  query: string;
  status: number;
  consent_id?: string;
  client?: string;
  /** FinTS: who signed, and in which dialog (`0` begins one). */
  login?: string;
  dialog?: string;
  /** UK Open Banking: the id of the interaction, and the address of the person who was there. */
  interaction_id?: string;
  customer_ip?: string;
  person_present: boolean;
  misbehaviour?: string;
  own_ms: number;
};

/** Writes a line to the bank's log. */
export async function storeCall(tx: Tx, bank: string, at: Date, call: LoggedCall): Promise<void> {
  await tx.run(sql`insert into sandbox.calls (bank, at, detail) values (${bank}, ${at}, ${JSON.stringify(call)})`);
}

/** The bank's log, oldest first, at most the last so many lines. */
export async function listCalls(tx: Tx, bank: string, most: number): Promise<LoggedCall[]> {
  const rows = await tx.rows<Kept<LoggedCall>>(sql`select detail from
    (select id, detail from sandbox.calls where bank = ${bank} order by id desc limit ${most}) last order by id`);
  return rows.map((row) => row.detail);
}

/** Empties the bank's log. */
export async function clearCalls(tx: Tx, bank: string): Promise<void> {
  await tx.run(sql`delete from sandbox.calls where bank = ${bank}`);
}
