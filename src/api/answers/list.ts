import { z } from 'zod';
import type { Cursors } from '../route.ts';

/** A page of a list, as every list answers. `positionOf` is what the next page begins after. */
export function presentList<Row>(
  page: { rows: Row[]; hasMore: boolean },
  cursors: Cursors,
  present: (row: Row) => object,
  positionOf: (row: Row) => unknown,
): object {
  const last = page.rows.at(-1);
  return {
    object: 'list',
    data: page.rows.map(present),
    has_more: page.hasMore,
    next_cursor: page.hasMore && last !== undefined ? cursors.write(positionOf(last)) : null,
  };
}

/** The schema of such a page. */
export function listOf(item: z.ZodType) {
  return z.strictObject({
    object: z.literal('list'),
    data: z.array(item),
    has_more: z.boolean(),
    next_cursor: z.string().nullable().describe('Give it as `cursor` for the next page. `null` at the end.'),
  });
}

/** The position most lists are sorted by: newest first, ids among equals. */
export type CreatedPosition = [createdAt: string, id: string];

/** Where the next page begins, for the platform's lists. */
export function readCreated(cursors: Cursors): { at: Date; id: string } | undefined {
  const position = cursors.read<CreatedPosition>();
  return position && { at: new Date(position[0]), id: position[1] };
}
