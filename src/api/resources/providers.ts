import { z } from 'zod';
import { listMet } from '../../platform/connections/transport.ts';
import { unavailability, WAYS_OUT } from '../../platform/providers/availability.ts';
import {
  ABSENCES,
  type Environment,
  NEEDS,
  type Need,
  type Provider,
  type ProviderInterface,
} from '../../platform/providers/provider.ts';
import { CursorNotValid, type SearchResult } from '../../platform/providers/search.ts';
import { notFound, Problem } from '../../platform/problems.ts';
import type { Caller, Platform } from '../../platform/platform.ts';
import { healthOf } from '../../platform/syncs/health.ts';
import { readStatus } from '../../platform/syncs/status.ts';
import { listOf } from '../answers/list.ts';
import { accountType, paging, scaApproach } from '../input/fields.ts';
import { type Route, route } from '../route.ts';

const way = z
  .strictObject({
    id: z.string(),
    standard: z.string(),
    account_types: z.array(accountType()),
    sca: z
      .array(scaApproach())
      .describe('How the person may have to prove who they are. The bank decides, and may change its mind.'),
    longest_consent_days: z.int().nullable(),
    history_days: z.int().nullable(),
    needs: z.enum(NEEDS).nullable().describe('What the operator must own before the bank answers.'),
  })
  .meta({
    id: 'ProviderInterface',
    description: 'One way into a bank. Two ways into one bank can differ in everything.',
  });

const provider = z
  .strictObject({
    id: z.string().meta({ example: 'de-nordwind' }),
    object: z.literal('provider'),
    name: z.string(),
    brand: z.string().nullable(),
    country: z.string(),
    environment: z.enum(['sandbox', 'bank_test', 'live']),
    logo: z.strictObject({ monogram: z.string(), hue: z.int().describe('Degrees on the colour wheel.') }),
    bics: z.array(z.string()),
    bank_codes: z.array(z.string()),
    sort_codes: z.array(z.string()),
    cities: z.array(z.string()),
    account_types: z.array(accountType()),
    interfaces: z.array(way),
    health: z.enum(['good', 'troubled', 'down']).describe('That of its worst interface.'),
    unavailable: z
      .strictObject({
        reason: z.enum([...NEEDS, ...ABSENCES]),
        detail: z.string().describe('What the operator does about it.'),
      })
      .nullable()
      .describe('Why nobody can connect it here; null where people can.'),
    test_logins: z
      .array(z.strictObject({ user: z.string(), password: z.string(), note: z.string().nullable() }))
      .optional()
      .describe('Pretend banks only: logins that work there.'),
  })
  .meta({ id: 'Provider', description: 'A bank a person can pick.' });

const health = z.enum(['good', 'troubled', 'down']);
const share = () => z.number().min(0).max(1);
const status = z
  .strictObject({
    id: z.string(),
    object: z.literal('provider_status'),
    health,
    interfaces: z.array(
      z.strictObject({
        id: z.string(),
        health,
        available_30_days: share().describe('Share of the thirty days without an outage that was seen.'),
        days: z
          .array(z.strictObject({ day: z.string(), away: share(), called: z.boolean() }))
          .describe(
            'UTC days, the oldest first, each with the share in which it did not answer. Where nobody called, nothing is known.',
          ),
      }),
    ),
  })
  .meta({ id: 'ProviderStatus', description: 'How a bank answers.' });

/** The operations on banks. */
export const PROVIDER_ROUTES: Route[] = [
  route({
    method: 'GET',
    path: '/v1/providers',
    operation: 'list_providers',
    group: 'Providers',
    summary: 'Find banks',
    description: 'Best match first; without `q` by name. Typos and missing accents are forgiven.',
    query: z.strictObject({
      q: z
        .string()
        .max(200)
        .optional()
        .describe('Name, IBAN, BIC, bank code, sort code or city, or the beginning of one.')
        .meta({ example: 'nordw' }),
      country: z
        .string()
        .regex(/^[A-Z]{2}$/, 'Two capital letters, ISO 3166-1.')
        .optional()
        .meta({ example: 'DE' }),
      account_type: accountType().optional(),
      sca: scaApproach().optional(),
      ...paging(),
    }),
    answer: listOf(provider),
    problems: [],
    handle: async ({ platform, caller, query, cursors }) => {
      const { q, country, account_type, sca, limit } = query;
      const cursor = cursors.read<string>();
      const found = search(() =>
        platform.providers.search({
          q,
          country,
          accountType: account_type,
          sca,
          environments: environmentsOf(caller),
          limit,
          cursor,
        }),
      );
      const met = await listMet(platform, caller.tenant, caller.mode);
      return {
        object: 'list',
        data: found.data.map((one) => present(platform, one, met)),
        has_more: found.hasMore,
        next_cursor: found.nextCursor === undefined ? null : cursors.write(found.nextCursor),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/providers/{id}',
    operation: 'get_provider',
    group: 'Providers',
    summary: 'Get a bank',
    id: 'provider',
    answer: provider,
    problems: [],
    handle: async ({ platform, caller, id }) => {
      const found = platform.providers.find(id);
      if (!found || !environmentsOf(caller).includes(found.environment)) throw notFound('provider');
      return present(platform, found, await listMet(platform, caller.tenant, caller.mode));
    },
  }),
  route({
    method: 'GET',
    path: '/v1/providers/{id}/status',
    operation: 'get_provider_status',
    group: 'Providers',
    summary: 'How a bank answers, now and over thirty days',
    description: 'By the calls of everybody on this server. The same as the public page `/status`.',
    id: 'provider',
    answer: status,
    problems: [],
    handle: async ({ platform, caller, id }) => {
      const found = platform.providers.find(id);
      if (!found || !environmentsOf(caller).includes(found.environment)) throw notFound('provider');
      const [one] = await readStatus(platform, [found]);
      const interfaces = one!.interfaces.map(({ interface: way, now, available, days }) => ({
        id: way,
        health: now,
        available_30_days: available,
        days,
      }));
      return { id, object: 'provider_status', health: healthOf(platform, id), interfaces };
    },
  }),
];

/** Test keys see pretend banks and banks' test systems, live keys live banks. */
function environmentsOf(caller: Caller): readonly Environment[] {
  return caller.mode === 'live' ? ['live'] : ['sandbox', 'bank_test'];
}

/** The directory can change between two pages; its own no is ours. */
function search(run: () => SearchResult): SearchResult {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof CursorNotValid)) throw error;
    throw new Problem('invalid_cursor', 'The list has changed. Begin again without a cursor.', {
      errors: [{ pointer: '?cursor', detail: 'Not a cursor of this list any more.' }],
    });
  }
}

function present(platform: Platform, one: Provider, met: ReadonlySet<Need>): object {
  const reason = unavailability(platform, one, met);
  return {
    id: one.id,
    object: 'provider',
    name: one.name,
    brand: one.brand ?? null,
    country: one.country,
    environment: one.environment,
    logo: { monogram: one.monogram.text, hue: one.monogram.hue },
    bics: one.bics,
    bank_codes: one.bankCodes,
    sort_codes: one.sortCodes,
    cities: one.cities,
    account_types: one.accountTypes,
    interfaces: one.interfaces.map(presentInterface),
    health: healthOf(platform, one.id),
    unavailable: reason === undefined ? null : { reason, detail: WAYS_OUT[reason] },
    ...(one.environment === 'sandbox'
      ? { test_logins: one.testLogins.map(({ user, password, note }) => ({ user, password, note: note ?? null })) }
      : {}),
  };
}

function presentInterface(one: ProviderInterface): object {
  return {
    id: one.id,
    standard: one.standard,
    account_types: one.accountTypes,
    sca: one.sca,
    longest_consent_days: one.longestConsentDays ?? null,
    history_days: one.historyDays ?? null,
    needs: one.needs ?? null,
  };
}
