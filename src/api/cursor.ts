import { createHash } from 'node:crypto';
import { sameBytes, type Vault } from '../base/vault.ts';
import type { Tenant } from '../platform/platform.ts';
import { Problem } from '../platform/problems.ts';
import type { Cursors, Route } from './route.ts';

const MARK_LENGTH = 22;

/** Cursors for one list: a position with a mark that only we can make, for this tenant, path and filters alone. */
export function cursorsFor(
  vault: Vault,
  tenant: Tenant,
  { path, method }: Pick<Route, 'path' | 'method'>,
  asked: { id: string; query: Record<string, unknown>; body: Record<string, unknown> },
): Cursors {
  const given = () => ({ id: asked.id, ...asked.query, ...asked.body }) as Record<string, unknown>;
  const mark = (position: string) => {
    const { cursor: _cursor, limit: _limit, ...filters } = given();
    const about = createHash('sha256').update(JSON.stringify([tenant, path, sorted(filters), position]));
    return vault.derive('cursor', about.digest('base64url')).slice(0, MARK_LENGTH);
  };
  return {
    read<Position>() {
      const { cursor } = given();
      if (typeof cursor !== 'string') return undefined;
      const position = Buffer.from(cursor.slice(MARK_LENGTH), 'base64url').toString('utf8');
      if (!sameBytes(cursor.slice(0, MARK_LENGTH), mark(position)))
        throw refuse(method === 'POST' ? '/cursor' : '?cursor');
      return JSON.parse(position) as Position;
    },
    write(position) {
      const text = JSON.stringify(position);
      return mark(text) + Buffer.from(text).toString('base64url');
    },
  };
}

function sorted(filters: Record<string, unknown>): [string, unknown][] {
  return Object.entries(filters)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function refuse(pointer: string): Problem {
  return new Problem(
    'invalid_cursor',
    'Use `next_cursor` as it was given, with the same filters and key; or begin again without a cursor.',
    {
      errors: [{ pointer, detail: 'Not a cursor of this list.' }],
    },
  );
}
