import { createHash } from 'node:crypto';
import type { Platform } from '../platform.ts';
import {
  type AuditRow,
  chainRows,
  lastOfChain,
  lockChain,
  selectChained,
  selectForExport,
  selectUnchained,
} from './store.ts';

const AT_ONCE = 1000;
const BEGINNING = Buffer.alloc(32);

/** Where the chain ends: written elsewhere, it proves later that nothing before it was changed or cut off. */
export type ChainHead = { place: number; hash: string };

/** What is wrong with the chain, at which place; undefined when it holds. */
export type ChainCheck = { head: ChainHead; unchained: number; broken?: { place: number; why: string } };

/**
 * Gives every new row of the audit its place in the chain: the SHA-256 of the hash before it and the row. Run by a job;
 * one server at a time. The head is logged, so that the log of another machine holds it too.
 */
export async function chainAudit(platform: Pick<Platform, 'database' | 'log'>): Promise<void> {
  for (let full = true; full; ) {
    full = await platform.database.transaction(async (tx) => {
      if (!(await lockChain(tx))) return false;
      const rows = await tx.rows<AuditRow>(selectUnchained(AT_ONCE));
      if (rows.length === 0) return false;
      const last = await tx.first<{ place: number; hash: Buffer }>(lastOfChain());
      let place = last?.place ?? 0;
      let hash: Buffer = last?.hash ?? BEGINNING;
      const chained = rows.map(({ id, text }) => {
        place += 1;
        hash = link(hash, text);
        return { id, place, hash };
      });
      await tx.run(chainRows(chained));
      platform.log.info('audit.chained', { count: chained.length, version: `${place}:${hash.toString('hex')}` });
      return rows.length === AT_ONCE;
    });
  }
}

/**
 * Computes the whole chain again. With a head that was written down earlier, a chain that was cut off or computed anew by
 * whoever owns the database shows too.
 */
export async function verifyAudit(platform: Pick<Platform, 'database'>, known?: ChainHead): Promise<ChainCheck> {
  let place = 0;
  let hash: Buffer = BEGINNING;
  const head = () => ({ place, hash: hash.toString('hex') });
  const broken = (why: string, unchained = 0): ChainCheck => ({
    head: head(),
    unchained,
    broken: { place: place + 1, why },
  });
  for (;;) {
    const rows = await platform.database.rows<AuditRow>(selectChained(place, AT_ONCE));
    for (const row of rows) {
      if (row.place !== place + 1) return broken('a row is missing');
      const expected = link(hash, row.text);
      if (!row.hash?.equals(expected)) return broken('the row or its hash was changed');
      [place, hash] = [row.place, expected];
      if (known?.place === place && known.hash !== hash.toString('hex'))
        return broken('it is not the chain that was known');
    }
    if (rows.length < AT_ONCE) break;
  }
  if (known && known.place > place) return broken('the chain was cut off: it has ended further on');
  const waiting = await platform.database.rows<AuditRow>(selectUnchained(AT_ONCE));
  return { head: head(), unchained: waiting.length };
}

/** The audit as objects, oldest first, `take` called with each. Ids are random; nothing about a person is in it. */
export async function exportAudit(platform: Pick<Platform, 'database'>, take: (row: object) => void): Promise<void> {
  for (let after = 0; ; ) {
    const rows = await platform.database.rows<{ id: number }>(selectForExport(after, AT_ONCE));
    for (const row of rows) take(row);
    if (rows.length < AT_ONCE) return;
    after = rows.at(-1)!.id;
  }
}

function link(before: Buffer, text: string): Buffer {
  return createHash('sha256').update(before).update(text).digest();
}
