import { sql, type Tx } from '../../base/database.ts';
import type { Demands } from './face.ts';
import type { Segment } from './wire.ts';

/** What waits for a code or for the app: the opening of the dialog, or orders. Moments in milliseconds. */
export type Pending = {
  reference: string;
  opening: boolean;
  orders: Segment[];
  method: string;
  medium?: string;
  askedAt: number;
  /** SHA-1 or RIPEMD-160 of the order, hex: process variant 1. */
  hash?: string;
  /** True while the person is asked on the phone. */
  waiting: boolean;
  verdict?: 'approved' | 'refused';
  statusRequests: number;
  /** Status requests that came before the bank's time. */
  early: number;
  lastRequestAt?: number;
};

/** A dialog as the bank keeps it. */
export type Dialog = {
  id: string;
  bank: string;
  login: string;
  systemId: string;
  securityFunction: string;
  /** Number of the last message from the customer. */
  messages: number;
  state: 'opening' | 'open' | 'limited' | 'devices_only';
  /** What the customer said of its parameters when it began. */
  knows: { bank: number; user: number };
  /** A system id was asked for. */
  wantsSystem: boolean;
  touchedAt: number;
  pending?: Pending;
};

/** What a bank counts of a login. `systems` are the system ids, with the moment of the last code on each. */
export type Login = {
  wrongPins: number;
  wrongCodes: number;
  /** Messages that carried the PIN, and dialogs opened with it. */
  messages: number;
  dialogs: number;
  /** Challenges sent to the person, and codes and approvals received. */
  asked: number;
  systems: Record<string, { since: number; provedAt?: number }>;
};

/**
 * What control has set for a bank. `products` are the only ones it knows, when given; `versions` are those of its
 * parameters, so that customers have to renew what they keep.
 */
export type Settings = {
  demands?: Partial<Demands>;
  products?: string[];
  versions?: { bank?: number; user?: number };
};

const NEW_LOGIN: Login = { wrongPins: 0, wrongCodes: 0, messages: 0, dialogs: 0, asked: 0, systems: {} };

type Kept<T> = { detail: T };

/** What is counted of a login, locked until the transaction ends; all of the person's dialogs wait for it. */
export async function lockLogin(tx: Tx, bank: string, login: string): Promise<Login> {
  await tx.run(sql`insert into sandbox.fints (bank, kind, id, detail)
    values (${bank}, 'login', ${login}, ${JSON.stringify(NEW_LOGIN)}) on conflict do nothing`);
  const row = await tx.first<Kept<Login>>(
    sql`select detail from sandbox.fints where bank = ${bank} and kind = 'login' and id = ${login} for update`,
  );
  return row!.detail;
}

export async function listLogins(tx: Tx, bank: string): Promise<(Login & { login: string })[]> {
  const rows = await tx.rows<Kept<Login> & { id: string }>(
    sql`select id, detail from sandbox.fints where bank = ${bank} and kind = 'login' order by id`,
  );
  return rows.map(({ id, detail }) => ({ login: id, ...detail }));
}

export const storeLogin = (tx: Tx, bank: string, login: string, detail: Login) =>
  store(tx, bank, 'login', login, detail);

export async function findDialog(tx: Tx, bank: string, id: string): Promise<Dialog | undefined> {
  const row = await tx.first<Kept<Dialog>>(
    sql`select detail from sandbox.fints where bank = ${bank} and kind = 'dialog' and id = ${id}`,
  );
  return row?.detail;
}

export const storeDialog = (tx: Tx, dialog: Dialog) => store(tx, dialog.bank, 'dialog', dialog.id, dialog);

export async function removeDialog(tx: Tx, bank: string, id: string): Promise<void> {
  await tx.run(sql`delete from sandbox.fints where bank = ${bank} and kind = 'dialog' and id = ${id}`);
}

/** Forgets the dialogs of a login in which nobody has spoken since that moment. */
export async function removeSilentDialogs(tx: Tx, bank: string, login: string, since: number): Promise<void> {
  await tx.run(sql`delete from sandbox.fints where bank = ${bank} and kind = 'dialog'
    and detail ->> 'login' = ${login} and (detail ->> 'touchedAt')::numeric < ${since}`);
}

/** Dialogs whose person is asked on the phone, oldest first, asked after that moment; of one person when given. */
export async function listWaitingDialogs(tx: Tx, bank: string, since: number, login?: string): Promise<Dialog[]> {
  const rows = await tx.rows<Kept<Dialog>>(sql`select detail from sandbox.fints
    where bank = ${bank} and kind = 'dialog' and detail -> 'pending' ->> 'waiting' = 'true'
      and (detail -> 'pending' ->> 'askedAt')::numeric > ${since}
      and (${login ?? null}::text is null or detail ->> 'login' = ${login ?? null})
    order by (detail ->> 'touchedAt')::numeric limit 100`);
  return rows.map((row) => row.detail);
}

export async function findSettings(tx: Tx, bank: string): Promise<Settings> {
  const row = await tx.first<Kept<Settings>>(
    sql`select detail from sandbox.fints where bank = ${bank} and kind = 'settings' and id = ''`,
  );
  return row?.detail ?? {};
}

export const storeSettings = (tx: Tx, bank: string, detail: Settings) => store(tx, bank, 'settings', '', detail);

async function store(tx: Tx, bank: string, kind: string, id: string, detail: object): Promise<void> {
  await tx.run(sql`insert into sandbox.fints (bank, kind, id, detail)
    values (${bank}, ${kind}, ${id}, ${JSON.stringify(detail)})
    on conflict (bank, kind, id) do update set detail = excluded.detail`);
}
