import { sql, type Tx } from '../../base/database.ts';

type Kept<T> = { detail: T };

/** One thing that a bank or the directory keeps, by kind and id; locked until the transaction ends when said. */
export async function findState<T>(
  tx: Tx,
  bank: string,
  kind: string,
  id: string,
  lock?: 'lock',
): Promise<T | undefined> {
  const row = lock
    ? await tx.first<Kept<T>>(sql`select detail from sandbox.open_banking_uk
        where bank = ${bank} and kind = ${kind} and id = ${id} for update`)
    : await tx.first<Kept<T>>(sql`select detail from sandbox.open_banking_uk
        where bank = ${bank} and kind = ${kind} and id = ${id}`);
  return row?.detail;
}

/** Writes it as it is now. */
export async function storeState(tx: Tx, bank: string, kind: string, id: string, detail: object): Promise<void> {
  await tx.run(sql`insert into sandbox.open_banking_uk (bank, kind, id, detail)
    values (${bank}, ${kind}, ${id}, ${JSON.stringify(detail)})
    on conflict (bank, kind, id) do update set detail = excluded.detail`);
}

/** Writes it unless it is there already, and answers what is there: the first of several processes wins. */
export async function keepFirst<T extends object>(
  tx: Tx,
  bank: string,
  kind: string,
  id: string,
  detail: T,
): Promise<T> {
  await tx.run(sql`insert into sandbox.open_banking_uk (bank, kind, id, detail)
    values (${bank}, ${kind}, ${id}, ${JSON.stringify(detail)}) on conflict do nothing`);
  return (await findState<T>(tx, bank, kind, id))!;
}

/** Takes it away. */
export async function dropState(tx: Tx, bank: string, kind: string, id: string): Promise<void> {
  await tx.run(sql`delete from sandbox.open_banking_uk where bank = ${bank} and kind = ${kind} and id = ${id}`);
}

/** All of a kind, newest first; at most 500. */
export async function listState<T>(tx: Tx, bank: string, kind: string): Promise<T[]> {
  const rows = await tx.rows<Kept<T>>(sql`select detail from sandbox.open_banking_uk
    where bank = ${bank} and kind = ${kind} order by detail->>'createdAt' desc, id limit 500`);
  return rows.map((row) => row.detail);
}

/** A payload that the authorization server keeps: a session, a code, a token, a client. */
export type Payload = Record<string, unknown>;

type PayloadRow = { payload: Payload; consumed: boolean };

/** The payload of that model and id, unless it has ended by then. */
export async function findPayload(
  tx: Tx,
  bank: string,
  model: string,
  id: string,
  now: Date,
): Promise<Payload | undefined> {
  const row = await tx.first<PayloadRow>(sql`select payload, consumed from sandbox.oidc
    where bank = ${bank} and model = ${model} and id = ${id} and (expires_at is null or expires_at > ${now})`);
  return row && { ...row.payload, ...(row.consumed ? { consumed: true } : {}) };
}

/** The same by the id that a browser session is known under elsewhere. */
export async function findPayloadByUid(tx: Tx, bank: string, model: string, uid: string): Promise<Payload | undefined> {
  const row = await tx.first<PayloadRow>(sql`select payload, consumed from sandbox.oidc
    where bank = ${bank} and model = ${model} and uid = ${uid}`);
  return row?.payload;
}

/** Writes a payload; `expiresAt` is the machine's time. */
export async function storePayload(
  tx: Tx,
  bank: string,
  model: string,
  id: string,
  payload: Payload,
  expiresAt: Date | undefined,
): Promise<void> {
  const { grantId = null, uid = null } = payload as { grantId?: string | null; uid?: string | null };
  await tx.run(sql`insert into sandbox.oidc (bank, model, id, payload, grant_id, uid, expires_at)
    values (${bank}, ${model}, ${id}, ${JSON.stringify(payload)}, ${grantId}, ${uid}, ${expiresAt ?? null})
    on conflict (bank, model, id) do update set payload = excluded.payload, grant_id = excluded.grant_id,
      uid = excluded.uid, expires_at = excluded.expires_at`);
}

/** Marks a code or refresh token as used. */
export async function consumePayload(tx: Tx, bank: string, model: string, id: string): Promise<void> {
  await tx.run(sql`update sandbox.oidc set consumed = true where bank = ${bank} and model = ${model} and id = ${id}`);
}

/** Takes a payload away. */
export async function dropPayload(tx: Tx, bank: string, model: string, id: string): Promise<void> {
  await tx.run(sql`delete from sandbox.oidc where bank = ${bank} and model = ${model} and id = ${id}`);
}

/** Takes away what came of a grant: everything, or one model; returns how many there were. */
export async function dropGranted(tx: Tx, bank: string, grantId: string, model?: string): Promise<number> {
  const rows = await tx.rows(sql`delete from sandbox.oidc
    where bank = ${bank} and grant_id = ${grantId} and (${model ?? null}::text is null or model = ${model ?? null})
    returning id`);
  return rows.length;
}

/** Takes away what has ended. */
export async function dropEnded(tx: Tx, bank: string, now: Date): Promise<void> {
  await tx.run(sql`delete from sandbox.oidc where bank = ${bank} and expires_at <= ${now}`);
}
