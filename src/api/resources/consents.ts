import { z } from 'zod';
import { CONSENT_STATUSES, type Consent, type TimelineEntry } from '../../platform/consents/consent.ts';
import {
  CONSENT_DEFAULTS,
  type ConsentInput,
  consentUrl,
  createConsent,
  getConsent,
  listConsents,
  listTimeline,
  updateConsent,
} from '../../platform/consents/consents.ts';
import { claimConsent } from '../../platform/consents/claim.ts';
import { revokeConsent } from '../../platform/consents/ending.ts';
import { makeReceipt } from '../../platform/consents/receipt.ts';
import { reconfirmConsent } from '../../platform/consents/reconfirming.ts';
import type { Platform } from '../../platform/platform.ts';
import { eventsToken } from '../../platform/sessions/progress.ts';
import { listOf, presentList, readCreated } from '../answers/list.ts';
import { accountType, id, metadata, moment, paging, returnUrl, scopes, text } from '../input/fields.ts';
import { type Route, route } from '../route.ts';
import { presentReceipt, receipt } from './receipt.ts';

/** Ten years of history, five of consent: banks shorten both. */
const LONGEST_HISTORY_DAYS = 3660;
const LONGEST_VALID_DAYS = 1830;

/** What an app may ask for, wherever it asks: consents and sessions. */
export const askedFields = {
  scopes: scopes().optional().describe('What to read; all three unless said. `accounts` is always included.'),
  history_days: z
    .int()
    .min(1)
    .max(LONGEST_HISTORY_DAYS)
    .optional()
    .describe(`How far back, in days; ${CONSENT_DEFAULTS.historyDays} unless said. The bank may give less.`),
  valid_days: z
    .int()
    .min(1)
    .max(LONGEST_VALID_DAYS)
    .optional()
    .describe(`How long, in days; ${CONSENT_DEFAULTS.validDays} unless said. The bank may give less.`),
  purpose: text(300).optional().describe('Why you want to read, in words the person understands. Shown to them.'),
};

const initiator = z.enum(['person', 'app', 'operator', 'bank', 'system']);

const consent = z
  .strictObject({
    id: z.string(),
    object: z.literal('consent'),
    status: z.enum(CONSENT_STATUSES),
    customer: z.string().nullable().describe('Without one the consent is `new`. It cannot change once it is set.'),
    provider: z.string().nullable(),
    interface: z.string().nullable(),
    account_types: z.array(accountType()).nullable(),
    connection: z.string().nullable(),
    scopes: z.array(z.enum(['accounts', 'balances', 'transactions'])),
    history_days: z.int(),
    valid_days: z.int(),
    recurring: z.boolean(),
    store_secrets: z.boolean().describe('You permit it and the person ticked it.'),
    purpose: z.string().nullable(),
    redirect: z.strictObject({
      return_url: z.string().nullable(),
      consent_url: z
        .string()
        .nullable()
        .describe('Send the person here. Works while the consent is `new` or `pending`.'),
      events_token: z
        .string()
        .nullable()
        .describe('Reads how far the visit has come, and nothing else: give it to `connect.js` in the browser.'),
    }),
    metadata: z.record(z.string(), z.string()),
    renews: z.string().nullable().describe('The connection it renews.'),
    waiting_for: z.literal('signers').nullable(),
    created_at: moment(),
    updated_at: moment(),
    agreed_at: moment().nullable(),
    authorized_at: moment().nullable(),
    expires_at: moment().nullable().describe('The end the bank set.'),
    reconfirm_by: moment().nullable(),
    claim: z
      .enum(['needed', 'claimed'])
      .nullable()
      .describe('`needed`: closed until your server redeems `fx_claim`. `null`: no claim is asked for.'),
    ended_at: moment().nullable(),
    ended_by: initiator.nullable(),
    ended_reason: z.string().nullable(),
    replaced_by: z.string().nullable(),
    failure: z.strictObject({ code: z.string(), message: z.string().nullable() }).nullable(),
    bank_revocation: z.enum(['pending', 'done', 'failed', 'not_applicable']).nullable(),
  })
  .meta({ id: 'Consent', description: 'What a person allowed, or is asked to allow.' });

const timelineEntry = z
  .strictObject({
    object: z.literal('timeline_entry'),
    at: moment(),
    what: z.string(),
    from: z.enum(CONSENT_STATUSES).nullable(),
    to: z.enum(CONSENT_STATUSES).nullable(),
    initiator,
    request_id: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'TimelineEntry', description: 'One change of a consent, and who caused it. Entries are never changed.' });

const fields = z.strictObject({
  customer: id().optional().describe('Without one the status is `new`; with one `pending`.'),
  provider: id().optional().describe('The bank, if it is settled already.'),
  return_url: returnUrl().optional(),
  ...askedFields,
  recurring: z.boolean().optional().describe('`false`: one read only. `true` unless said.'),
  metadata: metadata().optional(),
});

const EXAMPLE = {
  customer: 'cus_7hQ2mZ0aXk4VtYc9RbLpWe',
  return_url: 'https://app.example.com/callback?state=x7f2',
  scopes: ['accounts', 'balances', 'transactions'],
  history_days: 365,
  purpose: 'To match incoming payments with your invoices',
  metadata: { order: '4711' },
};

/** The operations on consents. */
export const CONSENT_ROUTES: Route[] = [
  route({
    method: 'POST',
    path: '/v1/consents',
    operation: 'create_consent',
    group: 'Consents',
    summary: 'Create a consent',
    description: 'Send the person to `redirect.consent_url` of the answer. Everything is optional.',
    body: fields,
    example: EXAMPLE,
    answer: consent,
    status: 201,
    creates: true,
    problems: ['not_found', 'return_url_needed', 'return_url_not_allowed', 'provider_not_available'],
    handle: ({ platform, caller, body, commit }) =>
      createConsent(platform, caller, inputOf(body), commit(presenter(platform))),
  }),
  route({
    method: 'GET',
    path: '/v1/consents',
    operation: 'list_consents',
    group: 'Consents',
    summary: 'List consents, newest first',
    query: z.strictObject({
      customer: id().optional(),
      status: z.enum(CONSENT_STATUSES).optional(),
      reference: text(200).optional().describe("The customer's reference."),
      connection: id().optional(),
      provider: id().optional(),
      ...paging(),
    }),
    answer: listOf(consent),
    problems: [],
    handle: async ({ platform, caller, query, cursors }) => {
      const { cursor: _cursor, ...filter } = query;
      const page = await listConsents(platform, caller, { ...filter, after: readCreated(cursors) });
      return presentList(page, cursors, presenter(platform), (row) => [row.createdAt, row.id]);
    },
  }),
  route({
    method: 'GET',
    path: '/v1/consents/{id}',
    operation: 'get_consent',
    group: 'Consents',
    summary: 'Get a consent',
    id: 'consent',
    answer: consent,
    problems: [],
    handle: async ({ platform, caller, id: consent }) =>
      presenter(platform)(await getConsent(platform, caller, consent)),
  }),
  route({
    method: 'POST',
    path: '/v1/consents/{id}',
    operation: 'update_consent',
    group: 'Consents',
    summary: 'Change a consent',
    description:
      'Naming the `customer` makes a `new` consent `pending`. Once the person has agreed only `metadata` can change.',
    id: 'consent',
    body: fields,
    example: { customer: EXAMPLE.customer },
    answer: consent,
    problems: ['customer_cannot_change', 'consent_not_pending', 'return_url_not_allowed', 'provider_not_available'],
    handle: async ({ platform, caller, id: consent, body }) =>
      presenter(platform)(await updateConsent(platform, caller, consent, inputOf(body))),
  }),
  route({
    method: 'POST',
    path: '/v1/consents/{id}/revoke',
    operation: 'revoke_consent',
    group: 'Consents',
    summary: 'Revoke a consent',
    description:
      'Reading ends at once. The bank is told as soon as it answers: `bank_revocation` says how that stands.',
    id: 'consent',
    answer: consent,
    problems: ['consent_not_active'],
    handle: async ({ platform, caller, id: consent }) =>
      presenter(platform)(await revokeConsent(platform, caller, consent)),
  }),
  route({
    method: 'POST',
    path: '/v1/consents/{id}/reconfirm',
    operation: 'reconfirm_consent',
    group: 'Consents',
    summary: 'The person confirms that reading may go on',
    description:
      'United Kingdom, every 90 days: see `reconfirm_by`. Say it only if the person did so, and when. Saying it twice is saying it once.',
    id: 'consent',
    body: z.strictObject({
      person_confirmed: z
        .boolean()
        .refine((confirmed) => confirmed, 'Only the person can confirm: send `true` when they have.')
        .meta({ example: true }),
      confirmed_at: z.iso.datetime({ offset: true }).meta({ example: '2026-03-02T09:14:07Z' }),
    }),
    example: { person_confirmed: true, confirmed_at: '2026-03-02T09:14:07Z' },
    answer: consent,
    problems: ['consent_not_active'],
    handle: async ({ platform, caller, id: consent, body }) =>
      presenter(platform)(
        await reconfirmConsent(platform, {
          tenant: caller.tenant,
          id: consent,
          confirmedAt: new Date(body.confirmed_at),
          initiator: 'app',
          requestId: caller.requestId,
        }),
      ),
  }),
  route({
    method: 'POST',
    path: '/v1/consents/{id}/claim',
    operation: 'claim_consent',
    group: 'Consents',
    summary: 'Claim a finished consent',
    description:
      'From your server, with the `fx_claim` that came with the return. It works once. Make sure first that the browser that returned is that of the user you sent.',
    id: 'consent',
    body: z.strictObject({ code: z.string().min(1).max(100).describe('`fx_claim` of the return.') }),
    example: { code: 'R0kq3vZx1mN8yLw5TfHs2jCbPd7uGeQaYi4XoVnKt9E' },
    answer: consent,
    problems: ['consent_not_active', 'claim_refused'],
    handle: async ({ platform, caller, id: consent, body }) =>
      presenter(platform)(await claimConsent(platform, caller, consent, body.code)),
  }),
  route({
    method: 'GET',
    path: '/v1/consents/{id}/timeline',
    operation: 'list_timeline',
    group: 'Consents',
    summary: 'Every change of a consent, oldest first',
    id: 'consent',
    answer: listOf(timelineEntry),
    problems: [],
    handle: async ({ platform, caller, id: consent }) => ({
      object: 'list',
      data: (await listTimeline(platform, caller, consent)).map(presentEntry),
      has_more: false,
      next_cursor: null,
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/consents/{id}/receipt',
    operation: 'get_receipt',
    group: 'Consents',
    summary: 'The very text the person agreed to',
    id: 'consent',
    answer: receipt,
    problems: ['consent_not_active'],
    handle: async ({ platform, caller, id: consent }) => presentReceipt(await makeReceipt(platform, caller, consent)),
  }),
];

function inputOf(body: z.output<typeof fields>): ConsentInput {
  const { return_url, history_days, valid_days, ...same } = body;
  return { ...same, returnUrl: return_url, historyDays: history_days, validDays: valid_days };
}

/** Consents as the API shows them; the link is made from the id, and shown while it can be opened. */
/** Whether its link still leads somewhere. */
const isOpen = ({ status }: Consent) => status === 'new' || status === 'pending';

function presenter(platform: Platform): (one: Consent) => object {
  return (one) => ({
    id: one.id,
    object: 'consent',
    status: one.status,
    customer: one.customer,
    provider: one.provider,
    interface: one.interface,
    account_types: one.accountTypes,
    connection: one.connection,
    scopes: one.scopes,
    history_days: one.historyDays,
    valid_days: one.validDays,
    recurring: one.recurring,
    store_secrets: one.storeSecrets,
    purpose: one.purpose,
    redirect: {
      return_url: one.returnUrl,
      consent_url: isOpen(one) ? consentUrl(platform, one.id) : null,
      events_token: isOpen(one) ? eventsToken(platform, one.tenant, one.id) : null,
    },
    metadata: one.metadata,
    renews: one.renews,
    waiting_for: one.waitingFor,
    created_at: one.createdAt,
    updated_at: one.updatedAt,
    agreed_at: one.agreedAt,
    authorized_at: one.authorizedAt,
    expires_at: one.expiresAt,
    reconfirm_by: one.reconfirmBy,
    claim: one.claim,
    ended_at: one.endedAt,
    ended_by: one.endedBy,
    ended_reason: one.endedReason,
    replaced_by: one.replacedBy,
    failure: one.failureCode === null ? null : { code: one.failureCode, message: one.failureMessage },
    bank_revocation: one.bankRevocation,
  });
}

function presentEntry(entry: TimelineEntry): object {
  return {
    object: 'timeline_entry',
    at: entry.at,
    what: entry.what,
    from: entry.fromStatus,
    to: entry.toStatus,
    initiator: entry.initiator,
    request_id: entry.requestId,
    detail: entry.detail,
  };
}
