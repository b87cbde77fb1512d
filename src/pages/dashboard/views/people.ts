import { eraseCustomer, getCustomer } from '../../../platform/customers/customers.ts';
import { exportPerson } from '../../../platform/customers/export.ts';
import { listConnections } from '../../../platform/connections/connections.ts';
import { listConsents } from '../../../platform/consents/consents.ts';
import { listPeople } from '../../../platform/operators/watching/log.ts';
import { Problem } from '../../../platform/problems.ts';
import { html, type Markup, type Part } from '../../markup.ts';
import { type Answer, type AskedOfApp, baseOf, ofApp, type View } from '../asked.ts';
import {
  badge,
  button,
  code,
  facts,
  field,
  form,
  heading,
  link,
  older,
  panel,
  readCursor,
  searchForm,
  table,
  theirs,
  when,
  withQuery,
  writeCursor,
} from '../parts.ts';
import { stateBadge } from '../words.ts';

/** The people whose accounts are read. */
export const PEOPLE_VIEWS: readonly View[] = [
  { method: 'GET', path: '/dashboard/apps/:app/:mode/customers', may: 'look', handle: ofApp(people) },
  { method: 'GET', path: '/dashboard/apps/:app/:mode/customers/:customer', may: 'look', handle: ofApp(person) },
  { method: 'POST', path: '/dashboard/apps/:app/:mode/customers/:customer/export', may: 'erase', handle: ofApp(take) },
  {
    method: 'POST',
    path: '/dashboard/apps/:app/:mode/customers/:customer/erase',
    may: 'erase',
    handle: ofApp(erase),
    again: ofApp(person),
  },
];

const PAGE = 40;

async function people(asked: AskedOfApp): Promise<Answer> {
  const { platform, tenant, query } = asked;
  const base = `${baseOf(asked)}/customers`;
  const reference = (query.reference ?? '').trim().slice(0, 200);
  const page = await listPeople(platform, tenant.tenant, {
    limit: PAGE,
    after: readCursor(query.cursor),
    reference: reference || undefined,
  });
  const named = asked.may('people');
  const last = page.rows.at(-1);
  const main = html`${heading('People', undefined, 'Found by your own reference for them, or its beginning.')}${searchForm(
    base,
    html`${field(undefined, 'reference', 'Reference', { type: 'search', value: reference, max: 200 })}${button('Search', '')}`,
  )}${table(
    'People',
    ['Reference', ...(named ? ['Name'] : []), 'Since', 'Id'],
    page.rows.map((row): Part[] => [
      link(`${base}/${row.id}`, theirs(row.reference ?? 'none')),
      ...(named ? [theirs(row.name ?? '–')] : []),
      when(row.createdAt),
      code(row.id),
    ]),
    reference
      ? 'Nobody’s reference begins so in this mode of this app.'
      : 'Nobody yet: a person is made with the first session or consent.',
  )}${reference && page.hasMore ? html`<p class="quiet">There are more: write more of the reference.</p>` : older(page.hasMore && last ? withQuery(base, { cursor: writeCursor(last.createdAt, last.id) }) : undefined)}`;
  return { kind: 'page', title: 'People', main, section: '/customers' };
}

async function person(asked: AskedOfApp): Promise<Answer> {
  const { platform, caller, params } = asked;
  const id = params.customer ?? '';
  const base = baseOf(asked);
  const [row, consents, connections] = await Promise.all([
    getCustomer(platform, caller, id),
    listConsents(platform, caller, { customer: id, limit: 50 }),
    listConnections(platform, caller, { customer: id, limit: 50 }),
  ]);
  const main = html`${heading(row.reference ?? 'A person', row.erasing_since ? badge('being erased', 'error') : undefined)}${facts(
    [
      ['Id', code(row.id)],
      ['Type', row.type],
      asked.may('people') && ['Name', row.name ? theirs(row.name) : '–'],
      asked.may('people') && ['E-mail address', row.email ? theirs(row.email) : '–'],
      ['Language', row.locale ?? '–'],
      ['Since', when(row.created_at)],
      row.expires_at !== null && ['Erased by itself', when(row.expires_at)],
    ],
  )}${panel(
    'Consents',
    table(
      'Consents',
      ['Consent', 'State', 'Provider', 'Made', 'Ends'],
      consents.rows.map((one) => [
        link(`${base}/consents/${one.id}`, code(one.id)),
        stateBadge(one.status),
        theirs(one.provider ?? '–'),
        when(one.createdAt),
        when(one.endedAt ?? one.expiresAt),
      ]),
      'None.',
    ),
  )}${panel(
    'Connections',
    table(
      'Connections',
      ['Connection', 'State', 'Provider', 'Last read', 'Next', 'Needs'],
      connections.rows.map((one) => [
        one.consent ? link(`${base}/consents/${one.consent}`, code(one.id)) : code(one.id),
        stateBadge(one.status),
        theirs(one.provider),
        when(one.lastSynchronization),
        when(one.nextSyncAt),
        one.needs ? `${one.needs.who}: ${one.needs.what}` : '–',
      ]),
      'None.',
    ),
  )}${asked.may('erase') && erasing(asked, row.id, row.reference)}`;
  return { kind: 'page', title: row.reference ?? 'A person', main, section: '/customers' };
}

function erasing(asked: AskedOfApp, id: string, reference: string | null): Markup {
  const path = `${baseOf(asked)}/customers/${id}`;
  const word = reference ?? id;
  return html`${panel('Export', form(asked, `${path}/export`, button('Download what is kept', '')), {
    note: 'Everything kept of this person as JSON: for them, when they ask what you have.',
  })}${panel(
    'Erase',
    form(
      asked,
      `${path}/erase`,
      html`${field(asked, 'confirm', `To be sure, type ${word}`, { required: true, autocomplete: 'off', max: 200 })}${button('Erase this person', 'danger')}`,
    ),
    { note: 'Reading stops, the banks are told, every row of the person is destroyed. It cannot be undone.' },
  )}`;
}

async function take(asked: AskedOfApp): Promise<Answer> {
  const { platform, caller, params } = asked;
  const id = params.customer ?? '';
  const row = await getCustomer(platform, caller, id);
  await asked.note('customer.exported', id);
  return {
    kind: 'file',
    name: `${row.id}.json`,
    type: 'application/json; charset=utf-8',
    body: exportPerson(platform, caller, row),
  };
}

async function erase(asked: AskedOfApp): Promise<Answer> {
  const { platform, caller, params, endEverything, requestId } = asked;
  const id = params.customer ?? '';
  const row = await getCustomer(platform, caller, id);
  if (asked.form.text('confirm') !== (row.reference ?? row.id)) {
    const detail = 'This is not the reference. Nothing was erased.';
    throw new Problem('invalid_request', detail, { errors: [{ pointer: '/confirm', detail }] });
  }
  await eraseCustomer(platform, caller.tenant, id, { endEverything, requestId });
  await asked.note('customer.erased', id);
  return { kind: 'to', path: `${baseOf(asked)}/customers`, done: 'person_erased' };
}
