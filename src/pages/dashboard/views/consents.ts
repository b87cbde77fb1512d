import { type BankAccount, listBankAccounts } from '../../../platform/accounts/accounts.ts';
import { type BalanceProof, listProofs } from '../../../platform/accounts/proof.ts';
import { getConnection } from '../../../platform/connections/connections.ts';
import { CONSENT_STATUSES, type Consent } from '../../../platform/consents/consent.ts';
import { getConsent, listConsents, listTimeline } from '../../../platform/consents/consents.ts';
import { endConsent } from '../../../platform/consents/ending.ts';
import { listVisitsOf } from '../../../platform/operators/watching/log.ts';
import { judgeVisit } from '../../../platform/operators/watching/verdicts.ts';
import { Problem } from '../../../platform/problems.ts';
import { getSyncState, type SyncState } from '../../../platform/syncs/syncs.ts';
import { html, type Markup } from '../../markup.ts';
import { type Answer, type AskedOfApp, baseOf, ofApp, type View } from '../asked.ts';
import {
  badge,
  button,
  choice,
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
import { stateBadge, verdictMarkup } from '../words.ts';

/** Every consent, and one with all that belongs to it. */
export const CONSENT_VIEWS: readonly View[] = [
  { method: 'GET', path: '/dashboard/apps/:app/:mode/consents', may: 'look', handle: ofApp(consents) },
  { method: 'GET', path: '/dashboard/apps/:app/:mode/consents/:consent', may: 'look', handle: ofApp(consent) },
  {
    method: 'POST',
    path: '/dashboard/apps/:app/:mode/consents/:consent/end',
    may: 'end_consents',
    handle: ofApp(end),
    again: ofApp(consent),
  },
];

const PAGE = 30;

/** Why an operator ends a consent: `ended_reason`, which the app reads too. */
const REASONS: [value: string, label: string][] = [
  ['asked_by_person', 'the person asked for it'],
  ['suspected_misuse', 'misuse is suspected'],
  ['no_longer_needed', 'it is no longer needed'],
  ['made_by_mistake', 'it was made by mistake'],
];

async function consents(asked: AskedOfApp): Promise<Answer> {
  const { platform, caller, query } = asked;
  const base = `${baseOf(asked)}/consents`;
  const status = CONSENT_STATUSES.find((one) => one === query.status);
  const reference = (query.reference ?? '').trim().slice(0, 200);
  const after = readCursor(query.cursor);
  const page = await listConsents(platform, caller, {
    limit: PAGE,
    ...(status ? { status } : {}),
    ...(reference ? { reference } : {}),
    ...(after ? { after } : {}),
  });
  const last = page.rows.at(-1);
  const main = html`${heading('Consents')}${searchForm(
    base,
    html`${choice(undefined, 'status', 'State', [['', 'all'], ...CONSENT_STATUSES.map((one) => [one, one] as [string, string])], status ?? '')}${field(undefined, 'reference', 'Reference of the person', { type: 'search', value: reference, max: 200 })}${button('Show', '')}`,
  )}${table(
    'Consents',
    ['Consent', 'State', 'Person', 'Provider', 'Made', 'Ends'],
    page.rows.map((one) => [
      link(`${base}/${one.id}`, code(one.id)),
      stateBadge(one.status),
      one.customer ? link(`${baseOf(asked)}/customers/${one.customer}`, code(one.customer)) : '–',
      theirs(one.provider ?? '–'),
      when(one.createdAt),
      when(one.endedAt ?? one.expiresAt),
    ]),
    'None. A consent is made by the API, or by a person who picks a bank on the hosted page.',
  )}${older(page.hasMore && last ? withQuery(base, { status, reference, cursor: writeCursor(last.createdAt, last.id) }) : undefined)}`;
  return { kind: 'page', title: 'Consents', main, section: '/consents' };
}

async function consent(asked: AskedOfApp): Promise<Answer> {
  const { platform, caller, params, tenant } = asked;
  const one = await getConsent(platform, caller, params.consent ?? '');
  const [timeline, visits, accounts, connection, state] = await Promise.all([
    listTimeline(platform, caller, one.id),
    listVisitsOf(platform, tenant.tenant, one.id),
    listBankAccounts(platform, caller, { consent: one.id, limit: 50, leaveOutClosed: true }),
    one.connection ? getConnection(platform, caller, one.connection) : undefined,
    one.connection ? getSyncState(platform, caller, { connection: one.connection }) : undefined,
  ]);
  const seen = asked.may('people');
  const proofs = seen
    ? await Promise.all(accounts.rows.slice(0, 20).map(({ id }) => listProofs(platform, caller, id)))
    : [];
  const base = baseOf(asked);
  const main = html`${heading('Consent', stateBadge(one.status))}<div class="pair">${panel('What it is', factsOf(one, base))}${panel(
    'How it stands',
    facts([
      ['State', stateBadge(one.status)],
      one.endedBy !== null && ['Ended by', `${one.endedBy}: ${one.endedReason?.replaceAll('_', ' ') ?? ''}`],
      one.failureCode !== null && [
        'Failure',
        html`${code(one.failureCode)} ${one.failureMessage && theirs(one.failureMessage)}`,
      ],
      one.bankRevocation !== null && ['At the bank', one.bankRevocation.replaceAll('_', ' ')],
      connection && ['Connection', html`${code(connection.id)} ${stateBadge(connection.status)}`],
      connection?.needs && [
        'Needs',
        `${connection.needs.who}: ${connection.needs.what}${connection.needs.code ? ` (${connection.needs.code})` : ''}`,
      ],
      connection && ['Last read', when(connection.lastSynchronization, 'never')],
      connection && ['Next read', when(connection.nextSyncAt, 'none planned')],
    ]),
  )}</div>${panel('Accounts', accountTable(accounts.rows, state, seen))}${seen && accounts.rows.length > 0 && panel('Do the balances add up?', proofTable(accounts.rows, proofs))}${panel(
    'Timeline',
    table(
      'Timeline',
      ['When', 'What', 'From', 'To', 'By', 'Request'],
      timeline
        .slice(-200)
        .map((entry) => [
          when(entry.at),
          entry.what.replaceAll('_', ' '),
          entry.fromStatus ?? '–',
          entry.toStatus ?? '–',
          entry.initiator,
          entry.requestId ? link(withQuery('/dashboard/find', { q: entry.requestId }), code(entry.requestId)) : '–',
        ]),
    ),
  )}${panel(
    'Visits',
    table(
      'Visits',
      ['Begun', 'Whose', 'Visit'],
      visits.map((visit) => [
        when(visit.createdAt),
        verdictMarkup(judgeVisit({ ...visit, failed: 0 })),
        link(`${base}/log/visits/${visit.id}`, code(visit.id)),
      ]),
      'Nobody has opened its link yet.',
    ),
  )}${asked.may('end_consents') && ['new', 'pending', 'authorized'].includes(one.status) && endForm(asked, one)}`;
  return { kind: 'page', title: 'Consent', main, section: '/consents' };
}

function factsOf(one: Consent, base: string): Markup {
  return facts([
    ['Id', code(one.id)],
    ['Person', one.customer ? link(`${base}/customers/${one.customer}`, code(one.customer)) : 'nobody yet'],
    ['Provider', one.provider ? html`<bdi>${one.provider}</bdi> ${one.interface ?? ''}` : 'not chosen'],
    ['Covers', one.scopes.join(', ')],
    ['Purpose', one.purpose ? theirs(one.purpose) : '–'],
    ['History', `${one.historyDays} days`],
    ['Made', when(one.createdAt)],
    ['Agreed to', one.agreedAt ? html`${when(one.agreedAt)} (${one.agreedLocale}, text ${one.agreedVersion})` : '–'],
    ['Authorized', when(one.authorizedAt)],
    ['Ends', when(one.expiresAt)],
    one.reconfirmBy !== null && ['Reconfirm by', when(one.reconfirmBy)],
    one.claim !== null && ['Claim', one.claim],
  ]);
}

/** What support needs to see: which account, how fresh, how many reads are left. Names only for whoever may see them. */
function accountTable(accounts: readonly BankAccount[], state: SyncState | undefined, seen: boolean): Markup {
  const left = new Map(state?.readsLeft.map((one) => [one.bankAccount, one]));
  return table(
    'Accounts',
    [
      'Account',
      ...(seen ? ['Name', 'Number'] : []),
      'Kind',
      'State',
      'Last complete',
      'Behind since',
      'Reads left today',
    ],
    accounts.map((one) => {
      const reads = left.get(one.id);
      return [
        code(one.id),
        ...(seen ? [theirs(one.name ?? '–'), html`<span class="number">${masked(one)}</span>`] : []),
        `${one.accountType.replaceAll('_', ' ')}, ${one.currency}`,
        html`${stateBadge(one.status)}${sameness(one)}`,
        when(one.lastCompleteAt, 'never'),
        one.staleSince
          ? html`${badge('behind', 'warning')} ${when(one.staleSince)}`
          : one.lastCompleteAt
            ? badge('up to date', 'good')
            : '–',
        reads ? `${reads.transactions} of transactions, ${reads.balances} of balances` : '–',
      ];
    }),
    'No account is shared, or the consent waits to be claimed.',
  );
}

/** What the app may still decide: whether two accounts are one. */
function sameness({ mergedInto, maybeSame }: BankAccount): Markup {
  if (mergedInto) return html` goes on as ${code(mergedInto)}`;
  return html`${(maybeSame ?? []).map(({ bankAccount, reason }) => html` perhaps ${code(bankAccount)} (${reason.replaceAll('_', ' ')})`)}`;
}

function proofTable(accounts: readonly BankAccount[], proofs: readonly BalanceProof[][]): Markup {
  const rows = proofs.flatMap((list, at) =>
    list.map((one) => [
      theirs(accounts[at]?.name ?? accounts[at]?.id ?? ''),
      one.type,
      one.gap === null
        ? badge('first read', '')
        : Number(one.gap) === 0
          ? badge('adds up', 'good')
          : html`${badge('does not', 'error')} by ${one.gap} ${one.currency}: ${(one.reason ?? 'unknown').replaceAll('_', ' ')}`,
      when(one.at),
    ]),
  );
  return table('Do the balances add up?', ['Account', 'Balance', 'Proof', 'When'], rows, 'No balance was read yet.');
}

/** Enough to tell accounts apart, too little to be one. */
function masked({ identification }: BankAccount): string {
  const { iban, accountNumber, bban, maskedPan } = identification as Record<string, string | undefined>;
  const text = iban ?? accountNumber ?? bban;
  if (maskedPan) return maskedPan.replace(/\d(?=\d{4})/g, '•');
  if (!text) return '–';
  return `${iban ? iban.slice(0, 2) : ''}•••• ${text.slice(-4)}`;
}

function endForm(asked: AskedOfApp, one: Consent): Markup {
  return panel(
    'End this consent',
    form(
      asked,
      `${baseOf(asked)}/consents/${one.id}/end`,
      html`${choice(asked, 'reason', 'Why', [['', 'choose a reason'], ...REASONS], '', 'The app reads it as ended_reason.')}${field(asked, 'ticket', 'Your own number for it', { hint: 'Of a ticket, say. Kept in the timeline. Nothing about the person, please.', max: 40 })}${button('End it', 'danger')}`,
    ),
    { note: 'Reading stops at once. The bank is told as soon as it answers.' },
  );
}

async function end(asked: AskedOfApp): Promise<Answer> {
  const { platform, caller, params, form: typed } = asked;
  const id = params.consent ?? '';
  const reason = REASONS.find(([value]) => value === typed.text('reason'))?.[0];
  if (!reason) {
    const detail = 'Choose a reason.';
    throw new Problem('invalid_request', detail, { errors: [{ pointer: '/reason', detail }] });
  }
  const ticket = typed
    .text('ticket')
    .replace(/[^\w\-#/.]/g, '')
    .slice(0, 40);
  await platform.database.transaction((tx) =>
    endConsent(platform, tx, {
      tenant: caller.tenant,
      id,
      initiator: 'operator',
      reason,
      requestId: caller.requestId,
      ...(ticket ? { detail: { ticket } } : {}),
    }),
  );
  await asked.note('consent.ended', id);
  return { kind: 'to', path: `${baseOf(asked)}/consents/${id}`, done: 'consent_ended' };
}
