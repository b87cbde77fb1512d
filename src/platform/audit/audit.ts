import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Tx } from '../../base/database.ts';
import type { Platform } from '../platform.ts';
import * as store from './store.ts';

const AT_ONCE = 1000;
/** Rows a link covers at most. */
const MOST_COVERED = 5000;
const BEGINNING = Buffer.alloc(32);
/** How often, and how many milliseconds apart, others' transactions are asked after before it is left to the next run. */
const [TRIES, PAUSE_MS] = [50, 20];

/** Where the chain ends: written elsewhere, it proves later that nothing before it was changed or cut off. */
export type ChainHead = { place: number; hash: string };

/** What is wrong with the chain, in the rows from which place on; undefined when it holds. */
export type ChainCheck = { head: ChainHead; unchained: number; broken?: { place: number; why: string } };

/**
 * Covers every new row of the audit by a link: the SHA-256 of the link before it and the hash of the rows. Run by a job;
 * one server at a time. The head is logged, so that the log of another machine holds it too.
 */
export async function chainAudit(platform: Pick<Platform, 'database' | 'log'>): Promise<void> {
  for (let full = true; full; ) {
    full = await platform.database.transaction(async (tx) => {
      const until = (await store.lockChain(tx)) ? await findSettled(tx) : undefined;
      if (until === undefined) return false;
      const last = await findLast(tx);
      const rows = await tx.first<{ count: number; lastId: number | null; digest: Buffer }>(
        store.digestRows(last.lastId, until, MOST_COVERED),
      );
      if (!rows || rows.lastId === null) return false;
      const next = { place: last.place + rows.count, lastId: rows.lastId, hash: link(last.hash, rows.digest) };
      await tx.run(store.addLink(next));
      platform.log.info('audit.chained', { count: rows.count, version: `${next.place}:${next.hash.toString('hex')}` });
      return rows.count === MOST_COVERED;
    });
  }
}

/**
 * The id up to which every row there will ever be is there. Rows become visible in another order than they were numbered
 * in; but who is numbered below the newest row was writing before it could be seen, and is waited for.
 */
async function findSettled(tx: Tx): Promise<number | undefined> {
  const newest = await tx.first<{ id: number }>(store.newestRow());
  let writers = await tx.rows<{ writer: string }>(store.listWriters());
  for (let tries = 0; writers.length > 0; tries += 1) {
    if (tries === TRIES) return undefined;
    await wait(PAUSE_MS);
    writers = await tx.rows(store.listLeft(writers.map(({ writer }) => writer)));
  }
  return newest!.id;
}

async function findLast(tx: Tx): Promise<store.Link> {
  const last = await tx.first<store.Link>(store.lastLink());
  if (last) return last;
  const placed = await tx.first<{ place: number; hash: Buffer }>(store.lastPlaced());
  return { place: 0, hash: BEGINNING, ...placed, lastId: 0 };
}

/**
 * Computes the whole chain again. With a head that was written down earlier, a chain that was cut off or computed anew by
 * whoever owns the database shows too.
 */
export async function verifyAudit(platform: Pick<Platform, 'database'>, known?: ChainHead): Promise<ChainCheck> {
  const { database } = platform;
  let end: store.Link = { place: 0, lastId: 0, hash: BEGINNING };
  let wasKnown = known === undefined || known.place === 0;
  const head = () => ({ place: end.place, hash: end.hash.toString('hex') });
  const broken = (why: string): ChainCheck => ({ head: head(), unchained: 0, broken: { place: end.place + 1, why } });
  const isOther = () => {
    if (known?.place !== end.place) return false;
    wasKnown = true;
    return known.hash !== head().hash;
  };
  for (let full = true; full; ) {
    const rows = await database.rows<store.PlacedRow>(store.selectPlaced(end.place, AT_ONCE));
    for (const row of rows) {
      if (row.place !== end.place + 1) return broken('a row is missing');
      const hash = link(end.hash, row.text);
      if (!row.hash.equals(hash)) return broken('the row or its hash was changed');
      end = { ...end, place: row.place, hash };
      if (isOther()) return broken('it is not the chain that was known');
    }
    full = rows.length === AT_ONCE;
  }
  for (let full = true; full; ) {
    const links = await database.rows<store.Link>(store.selectLinks(end.place, AT_ONCE));
    for (const next of links) {
      const rows = await database.rows<{ id: number; text: string }>(store.selectCovered(end.lastId, next.lastId));
      if (rows.length !== next.place - end.place) return broken('a row is missing, or there is one too many');
      const digest = createHash('sha256');
      for (const { text } of rows) digest.update(`${text}\n`);
      if (!next.hash.equals(link(end.hash, digest.digest()))) return broken('a row or the link was changed');
      end = next;
      if (isOther()) return broken('it is not the chain that was known');
    }
    full = links.length === AT_ONCE;
  }
  if (known && known.place > end.place) return broken('the chain was cut off: it has ended further on');
  if (!wasKnown) return broken('it has no link where the known one ended');
  const waiting = await database.first<{ count: number }>(store.countUncovered(end.lastId));
  return { head: head(), unchained: waiting!.count };
}

/** The audit as objects, oldest first, `take` called with each. Ids are random; nothing about a person is in it. */
export async function exportAudit(platform: Pick<Platform, 'database'>, take: (row: object) => void): Promise<void> {
  for (let after = 0; ; ) {
    const rows = await platform.database.rows<{ id: number }>(store.selectForExport(after, AT_ONCE));
    for (const row of rows) take(row);
    if (rows.length < AT_ONCE) return;
    after = rows.at(-1)!.id;
  }
}

function link(before: Buffer, what: Buffer | string): Buffer {
  return createHash('sha256').update(before).update(what).digest();
}
