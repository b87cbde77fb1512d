import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ACCOUNT_TYPES, type AccountType } from '../../banking/account.ts';
import { createLimiter } from '../../base/limits.ts';
import type { Platform } from '../../platform/platform.ts';
import { CursorNotValid, type SearchResult } from '../../platform/providers/search.ts';
import { type ProviderStatus, readStatus, shownEnvironments } from '../../platform/syncs/status.ts';
import { securityHeaders } from '../headers.ts';
import { chooseLocale } from '../words/index.ts';
import { STATUS_INLINED, STATUS_PATH, type StatusFilter, statusPage } from './page.ts';

const RATE = { perMinute: 120, burst: 60, most: 50_000 };
const BANKS = 30;

/** How banks answer, for anybody: a page, and the same address as JSON. */
export function createStatusPage(platform: Platform): (app: FastifyInstance) => Promise<void> {
  const limiter = createLimiter(RATE);
  return async (app) => {
    app.get(STATUS_PATH, async (request, reply) => {
      const { allowed, retryAfterS } = limiter.take(request.ip);
      reply.headers(securityHeaders(STATUS_INLINED.sources));
      if (!allowed) return reply.code(429).header('retry-after', String(retryAfterS)).type('text/plain').send('');
      const filter = readFilter(request);
      const found = find(platform, filter, parameter(request, 'cursor'));
      const banks = await readStatus(platform, found.data);
      const asked = Object.entries({ q: filter.q, country: filter.country, account_type: filter.type });
      const same = asked.filter((pair): pair is [string, string] => Boolean(pair[1]));
      const query = new URLSearchParams([...same, ...(found.nextCursor ? [['cursor', found.nextCursor]] : [])]);
      const next = found.hasMore && found.nextCursor ? `${STATUS_PATH}?${query}` : undefined;
      if ((request.headers.accept ?? '').includes('application/json'))
        return reply.send({ object: 'list', data: banks.map(asJson), has_more: found.hasMore, next: next ?? null });
      const locale = chooseLocale(parameter(request, 'locale'), request.headers['accept-language']);
      const shown = { filter, countries: countriesOf(platform), banks, ...(next ? { next } : {}) };
      return reply.type('text/html; charset=utf-8').send(statusPage(shown, locale, platform.operator));
    });
  };
}

function find(platform: Platform, { q, country, type }: StatusFilter, cursor: string | undefined): SearchResult {
  const query = { q, country, accountType: type, environments: shownEnvironments(platform), limit: BANKS };
  try {
    return platform.providers.search({ ...query, cursor });
  } catch (error) {
    // The directory has changed meanwhile: the list begins anew.
    if (!(error instanceof CursorNotValid)) throw error;
    return platform.providers.search(query);
  }
}

function countriesOf(platform: Platform): string[] {
  const environments = shownEnvironments(platform);
  return [...new Set(platform.providers.list({ environments }).map(({ country }) => country))].sort();
}

function readFilter(request: FastifyRequest): StatusFilter {
  const country = /^[A-Z]{2}$/.exec(parameter(request, 'country') ?? '')?.[0];
  const type = ACCOUNT_TYPES.find((one): one is AccountType => one === parameter(request, 'account_type'));
  return {
    q: (parameter(request, 'q') ?? '').slice(0, 100),
    ...(country ? { country } : {}),
    ...(type ? { type } : {}),
  };
}

function parameter(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}

/** As an app or a monitor reads it. */
function asJson({ provider, interfaces }: ProviderStatus): object {
  return {
    id: provider.id,
    object: 'provider_status',
    name: provider.name,
    country: provider.country,
    interfaces: provider.interfaces.map(({ id, accountTypes, sca }, index) => {
      const { now, available, days } = interfaces[index]!;
      return { id, account_types: accountTypes, sca, health: now, available_30_days: available, days };
    }),
  };
}
