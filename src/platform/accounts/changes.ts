import { type Holder, keysOf } from '../keys/data-keys.ts';
import type { Caller, Platform, Tenant } from '../platform.ts';
import { Problem } from '../problems.ts';
import { checkScope, type Scope } from './accounts.ts';
import { isConcealed, revealIn } from './concealed/concealing.ts';
import { idOf, sharedMembers } from './shown.ts';
import { type ChangeRow, selectChanges, selectHeads, selectRings } from './store.ts';

/**
 * What changed. Apply `removed` first; `added` and `modified` both mean: keep this under its id. Then you hold exactly what
 * the lists say. `added` and `modified` are JSON ready to stand between the brackets of a list. `next` is where to go on,
 * also when nothing changed.
 */
export type Changes = {
  added: string;
  modified: string;
  removed: { id: string; bankAccount: string }[];
  next: string;
  hasMore: boolean;
};

/**
 * How far an account was read. While a reader is still catching up over several pages: from where it began (`base`), and
 * which change was the latest then (`head`). What changes in between, it may or may not have been told of already.
 */
type Progress = { position: number; base?: number; head?: number };

/**
 * The changes since `cursor` (absent: everything there is; `now`: nothing, only where to begin). A cursor says how far
 * each account was read, so it stays good for ever and never skips a change, whoever writes at the same time.
 */
export async function readChanges(
  platform: Platform,
  caller: Pick<Caller, 'tenant'>,
  request: { scope: Scope; cursor?: string; limit: number },
): Promise<Changes> {
  const { scope, cursor, limit } = request;
  const { read } = platform.database;
  await checkScope(platform, caller, scope);
  if (cursor === 'now') {
    const heads = await read.rows<{ number: number; changeSeq: number }>(selectHeads(caller.tenant, scope));
    const next = writeCursor(new Map(heads.map(({ number, changeSeq }) => [number, { position: changeSeq }])));
    return { added: '', modified: '', removed: [], next, hasMore: false };
  }
  const reached = readCursor(cursor ?? '');
  const positions = new Map([...reached].map(([number, { position }]) => [number, position]));
  const found = await read.rows<ChangeRow>(selectChanges(caller.tenant, scope, positions, limit));
  const reveal = await revealer(platform, caller.tenant, found);
  const hasMore = found.length > limit;
  const [added, modified]: [string[], string[]] = [[], []];
  const removed: Changes['removed'] = [];
  for (const row of found.slice(0, limit)) {
    const { position, base, head } = begun(reached.get(row.number), row);
    const isHeld = row.seq <= base || (row.changeSeq > head && row.seq <= position);
    if (!row.removed) (isHeld ? modified : added).push(`{${sharedMembers(row.id)}${reveal(row)}}`);
    // Added and removed since: the reader never had it.
    else if (isHeld) removed.push({ id: idOf(row.shown), bankAccount: row.id });
    reached.set(row.number, { position: row.changeSeq, base, head });
  }
  const next = hasMore ? reached : new Map([...reached].map(([number, { position }]) => [number, { position }]));
  return { added: added.join(','), modified: modified.join(','), removed, next: writeCursor(next), hasMore };
}

/** Opens what is concealed in the rows of several accounts; their keys are only asked for where something is. */
async function revealer(platform: Platform, tenant: Tenant, rows: ChangeRow[]): Promise<(row: ChangeRow) => string> {
  const accounts = [...new Set(rows.filter(({ shown }) => isConcealed(shown)).map(({ id }) => id))];
  if (accounts.length === 0) return ({ shown }) => shown;
  const rings = await platform.database.read.rows<Omit<Holder, 'tenant'> & { id: string }>(
    selectRings(tenant, accounts),
  );
  const keys = new Map(rings.map(({ id, ...ring }) => [id, keysOf(platform, { tenant, ...ring })]));
  return ({ id, shown }) => revealIn(() => keys.get(id)!, shown);
}

function begun(progress: Progress | undefined, { head }: ChangeRow): Required<Progress> {
  const position = progress?.position ?? 0;
  return { position, base: progress?.base ?? position, head: progress?.head ?? head };
}

/** Per account its number, position and, while catching up, base and head: numbers in base 36, joined by dots and dashes. */
function writeCursor(reached: Map<number, Progress>): string {
  const parts = [...reached].map(([number, { position, base, head }]) =>
    [number, position, ...(base === undefined || head === undefined ? [] : [base, head])]
      .map((value) => value.toString(36))
      .join('.'),
  );
  return `1-${parts.join('-')}`;
}

const MOST_ACCOUNTS = 1000;
const PART = /^[0-9a-z]{1,10}\.[0-9a-z]{1,10}(\.[0-9a-z]{1,10}\.[0-9a-z]{1,10})?$/;

function readCursor(cursor: string): Map<number, Progress> {
  if (cursor === '') return new Map();
  const parts = cursor.slice(2).split('-').filter(Boolean);
  if (!cursor.startsWith('1-') || parts.length > MOST_ACCOUNTS || !parts.every((part) => PART.test(part))) {
    throw new Problem('invalid_cursor', 'Use the cursor of the answer before, `now`, or none to begin.');
  }
  return new Map(
    parts.map((part) => {
      const [number = 0, position = 0, base, head] = part.split('.').map((text) => Number.parseInt(text, 36));
      return [number, { position, ...(base === undefined || head === undefined ? {} : { base, head }) }];
    }),
  );
}
