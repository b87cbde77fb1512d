import {
  type CallRow,
  findRequest,
  findVisit,
  listCalls,
  listRequests,
  listVisits,
  type Slice,
} from '../../../platform/operators/watching/log.ts';
import { judgeCall, judgeRequest, judgeVisit } from '../../../platform/operators/watching/verdicts.ts';
import { notFound } from '../../../platform/problems.ts';
import { html, type Markup, type Part } from '../../markup.ts';
import { type Answer, type AskedOfApp, baseOf, ofApp, type View } from '../asked.ts';
import {
  code,
  facts,
  heading,
  link,
  older,
  panel,
  readCursor,
  table,
  theirs,
  when,
  withQuery,
  writeCursor,
} from '../parts.ts';
import { duration, stateBadge, verdictMarkup } from '../words.ts';

/** One line per request and per visit, opened to the calls to the bank behind it. */
export const LOG_VIEWS: readonly View[] = [
  { method: 'GET', path: '/dashboard/apps/:app/:mode/log', may: 'look', handle: ofApp(requests) },
  { method: 'GET', path: '/dashboard/apps/:app/:mode/log/visits', may: 'look', handle: ofApp(visits) },
  { method: 'GET', path: '/dashboard/apps/:app/:mode/log/calls', may: 'look', handle: ofApp(calls) },
  { method: 'GET', path: '/dashboard/apps/:app/:mode/log/requests/:request', may: 'look', handle: ofApp(request) },
  { method: 'GET', path: '/dashboard/apps/:app/:mode/log/visits/:visit', may: 'look', handle: ofApp(visit) },
];

const PAGE = 30;
const MOST_CALLS = 25;

async function requests(asked: AskedOfApp): Promise<Answer> {
  const page = await listRequests(asked.platform, asked.tenant.tenant, sliceOf(asked));
  const base = baseOf(asked);
  const rows = page.rows.map((row) => [
    when(row.at),
    verdictMarkup(judgeRequest(row)),
    link(`${base}/log/requests/${row.id}`, html`${row.method} ${row.route}`),
    String(row.status),
    duration(row.durationMs),
    callsOf(row),
  ]);
  const list = table(
    'Requests',
    ['When', 'Whose', 'Request', 'Status', 'Took', 'Calls to banks'],
    rows,
    EMPTY.requests,
  );
  return logPage(
    asked,
    'requests',
    list,
    page.hasMore ? cursorOf(page.rows.at(-1)!.at, page.rows.at(-1)!.id) : undefined,
  );
}

async function visits(asked: AskedOfApp): Promise<Answer> {
  const page = await listVisits(asked.platform, asked.tenant.tenant, sliceOf(asked));
  const base = baseOf(asked);
  const rows = page.rows.map((row) => [
    when(row.createdAt),
    verdictMarkup(judgeVisit(row)),
    link(`${base}/log/visits/${row.id}`, html`${row.kind} ${row.provider && html`at <bdi>${row.provider}</bdi>`}`),
    row.finishedAt ? duration(row.finishedAt.getTime() - row.createdAt.getTime()) : '–',
    callsOf(row),
  ]);
  const list = table('Visits', ['Begun', 'Whose', 'Visit', 'Took', 'Calls to banks'], rows, EMPTY.visits);
  const last = page.rows.at(-1);
  return logPage(asked, 'visits', list, page.hasMore && last ? cursorOf(last.createdAt, last.id) : undefined);
}

async function calls(asked: AskedOfApp): Promise<Answer> {
  const page = await listCalls(asked.platform, asked.tenant.tenant, sliceOf(asked));
  const last = page.rows.at(-1);
  const list = callTable(asked, page.rows, EMPTY.calls);
  return logPage(asked, 'calls', list, page.hasMore && last ? cursorOf(last.at, last.id) : undefined);
}

async function request(asked: AskedOfApp): Promise<Answer> {
  const { platform, tenant, params } = asked;
  const id = params.request ?? '';
  const [row, behind] = await Promise.all([
    findRequest(platform, tenant.tenant, id),
    listCalls(platform, tenant.tenant, { limit: MOST_CALLS, request: id }),
  ]);
  if (!row) throw notFound('request in the last fourteen days');
  const failed = behind.rows.filter((call) => judgeCall(call).whose === 'bank').length;
  const main = html`${heading(`${row.method} ${row.route}`)}<p>${verdictMarkup(judgeRequest({ ...row, failed }))}</p>${facts(
    [
      ['Our request id', code(row.id)],
      ['When', when(row.at)],
      ['Status', String(row.status)],
      row.problem !== null && ['Problem', html`${code(row.problem)}: docs/problems explains it`],
      row.object !== null && ['About', link(withQuery('/dashboard/find', { q: row.object }), code(row.object))],
      ['Took', duration(row.durationMs)],
      ['Key', code(row.key)],
    ],
  )}${panel('Calls to banks behind it', callTable(asked, behind.rows, 'None: whatever came of it did not come from a bank.', behind.hasMore))}`;
  return { kind: 'page', title: 'Request', main, section: '/log' };
}

async function visit(asked: AskedOfApp): Promise<Answer> {
  const { platform, tenant, params } = asked;
  const id = params.visit ?? '';
  const [row, behind] = await Promise.all([
    findVisit(platform, tenant.tenant, id),
    listCalls(platform, tenant.tenant, { limit: MOST_CALLS, session: id }),
  ]);
  if (!row) throw notFound('visit');
  const base = baseOf(asked);
  const failed = behind.rows.filter((call) => judgeCall(call).whose === 'bank').length;
  const main = html`${heading(`A ${row.kind} visit`, stateBadge(row.status))}<p>${verdictMarkup(judgeVisit({ ...row, failed }))}</p>${facts(
    [
      ['Visit', code(row.id)],
      ['Begun', when(row.createdAt)],
      ['Ended', when(row.finishedAt)],
      ['Provider', row.provider ? theirs(row.provider) : 'none chosen'],
      row.customer !== null && ['Person', link(`${base}/customers/${row.customer}`, code(row.customer))],
      row.consent !== null && ['Consent', link(`${base}/consents/${row.consent}`, code(row.consent))],
      row.errorCode !== null && ['Error code', code(row.errorCode)],
    ],
  )}${panel(
    'Steps',
    table(
      'Steps',
      ['When', 'Step', 'After'],
      row.phases
        .slice(0, 60)
        .map(({ at, phase }, index) => [
          when(new Date(at)),
          phase.replaceAll('_', ' '),
          index === 0 ? '–' : duration(new Date(at).getTime() - new Date(row.phases[index - 1]!.at).getTime()),
        ]),
      'Nobody has opened the link yet.',
    ),
  )}${panel('Calls to banks behind it', callTable(asked, behind.rows, 'None yet.', behind.hasMore))}`;
  return { kind: 'page', title: 'Visit', main, section: '/log' };
}

const EMPTY = {
  requests: 'No request yet, or none that failed. Lines are kept for fourteen days.',
  visits: 'No visit yet, or none that failed.',
  calls: 'No call to a bank yet, or none that failed.',
};

const TABS = [
  ['requests', '', 'Requests'],
  ['visits', '/visits', 'Visits'],
  ['calls', '/calls', 'Calls to banks'],
] as const;

function logPage(asked: AskedOfApp, tab: (typeof TABS)[number][0], list: Markup, cursor: string | undefined): Answer {
  const base = `${baseOf(asked)}/log`;
  const [, path] = TABS.find(([name]) => name === tab)!;
  const failed = asked.query.failed === 'yes' ? 'yes' : undefined;
  const tabs = TABS.map(([name, to, label]) =>
    name === tab
      ? html`<a href="#main" aria-current="page">${label}</a>`
      : link(withQuery(`${base}${to}`, { failed }), label),
  );
  const filter = link(
    withQuery(`${base}${path}`, { failed: failed ? undefined : 'yes' }),
    failed ? 'Show all' : 'Show only what failed',
    'button',
  );
  const main = html`${heading('Log', undefined, 'Is it us, them or the bank? Each line says whose it was; open it for the calls behind it.')}<nav class="tabs" aria-label="Kind of line">${tabs}</nav><p>${filter}</p>${list}${older(cursor && withQuery(`${base}${path}`, { failed, cursor }))}`;
  return { kind: 'page', title: 'Log', main, section: '/log' };
}

/** Calls to banks: when, whose, what for, how long, with our request id and the bank's. Never what they said. */
export function callTable(asked: AskedOfApp, rows: readonly CallRow[], empty: string, more = false): Markup {
  const base = baseOf(asked);
  const cause = (row: CallRow): Part => {
    if (row.session) return link(`${base}/log/visits/${row.session}`, code(row.requestId ?? 'visit'));
    if (row.requestId) return link(`${base}/log/requests/${row.requestId}`, code(row.requestId));
    return row.sync ? 'a reading of ours' : '–';
  };
  return html`${table(
    'Calls to banks',
    ['When', 'Whose', 'Bank', 'For', 'Person there', 'Took', 'Our request', 'The bank’s request id'],
    rows.map((row) => [
      when(row.at),
      verdictMarkup(judgeCall(row)),
      html`<span class="whole"><bdi>${row.provider}</bdi> ${row.interface}</span>`,
      `${row.method} ${row.purpose.replaceAll('_', ' ')}`,
      row.attended ? 'yes' : 'no',
      html`<span class="whole">${duration(row.durationMs)}</span>`,
      cause(row),
      row.bankRequestId ? code(row.bankRequestId) : '–',
    ]),
    empty,
  )}${more && html`<p class="quiet">There are more: only the latest are shown.</p>`}`;
}

function callsOf({ calls: count, failed }: { calls: number; failed: number }): string {
  return failed > 0 ? `${count}, ${failed} failed` : String(count);
}

function sliceOf({ query }: AskedOfApp): Slice {
  return { limit: PAGE, after: readCursor(query.cursor), failed: query.failed === 'yes' };
}

const cursorOf = (at: Date, id: string) => writeCursor(at, id);
