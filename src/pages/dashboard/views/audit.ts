import { listActs } from '../../../platform/operators/acts.ts';
import { listOperators } from '../../../platform/operators/operators.ts';
import { html } from '../../markup.ts';
import type { Answer, Asked, View } from '../asked.ts';
import { button, code, field, heading, older, searchForm, table, theirs, tick, when, withQuery } from '../parts.ts';

/** Who did what. */
export const AUDIT_VIEWS: readonly View[] = [{ method: 'GET', path: '/dashboard/audit', may: 'audit', handle: audit }];

const PAGE = 40;

async function audit(asked: Asked): Promise<Answer> {
  const { platform, query } = asked;
  const before = Number(query.before);
  const object = /^[\w-]{1,64}$/.exec(query.object ?? '')?.[0];
  const operators = query.all !== 'yes';
  const page = await listActs(platform, {
    ...(Number.isSafeInteger(before) && before > 0 ? { before } : {}),
    ...(object ? { object } : {}),
    operators,
    limit: PAGE,
  });
  const names = new Map((await listOperators(platform)).map(({ id, name }) => [`operator:${id}`, name]));
  const main = html`${heading('Audit', undefined, 'Rows are only ever added, and chained by their hashes: npm run audit:verify proves it.')}${searchForm(
    '/dashboard/audit',
    html`${field(undefined, 'object', 'About this id', { value: object ?? '', max: 64 })}${tick('all', 'Also what people, apps and banks did', !operators)}${button('Show', '')}`,
  )}${table(
    'Audit',
    ['When', 'Who', 'What', 'About', 'Request'],
    page.rows.map((row) => [
      when(row.at),
      theirs(names.get(row.initiator) ?? row.initiator),
      row.what.replaceAll('_', ' '),
      row.object ? code(row.object) : '–',
      row.requestId ? code(row.requestId) : '–',
    ]),
    'Nothing yet.',
  )}${older(
    page.hasMore
      ? withQuery('/dashboard/audit', {
          before: String(page.rows.at(-1)!.id),
          object,
          all: operators ? undefined : 'yes',
        })
      : undefined,
  )}`;
  return { kind: 'page', title: 'Audit', main };
}
