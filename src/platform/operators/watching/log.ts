import type { Platform, Tenant } from '../../platform.ts';
import * as store from './log-store.ts';

export type { CallRow, RequestRow, Slice, VisitRow } from './log-store.ts';

/** What a line of the log caused at banks. */
export type Caused = { calls: number; failed: number };

/** A page of something, newest first. */
export type Page<Row> = { rows: Row[]; hasMore: boolean };

/** Requests of an app, each with the calls it caused. */
export async function listRequests(
  platform: Pick<Platform, 'database'>,
  tenant: Tenant,
  slice: store.Slice,
): Promise<Page<store.RequestRow & Caused>> {
  const rows = await platform.database.read.rows<store.RequestRow>(store.selectRequests(tenant, slice));
  return withCalls(platform, tenant, 'request', cut(rows, slice));
}

/** Visits to the hosted page, each with the calls it caused. */
export async function listVisits(
  platform: Pick<Platform, 'database'>,
  tenant: Tenant,
  slice: store.Slice,
): Promise<Page<store.VisitRow & Caused>> {
  const rows = await platform.database.read.rows<store.VisitRow>(store.selectVisits(tenant, slice));
  return withCalls(platform, tenant, 'session', cut(rows, slice));
}

/** Calls to banks: all, or those of one visit, request or connection. */
export async function listCalls(
  platform: Pick<Platform, 'database'>,
  tenant: Tenant,
  slice: store.Slice & { session?: string; request?: string; connection?: string },
): Promise<Page<store.CallRow>> {
  return cut(await platform.database.read.rows<store.CallRow>(store.selectCalls(tenant, slice)), slice);
}

/** One request, or undefined: lines are kept for fourteen days. */
export function findRequest(platform: Pick<Platform, 'database'>, tenant: Tenant, id: string) {
  return platform.database.read.first<store.RequestRow>(store.findRequest(tenant, id));
}

/** One visit, or undefined. */
export function findVisit(platform: Pick<Platform, 'database'>, tenant: Tenant, id: string) {
  return platform.database.read.first<store.VisitRow>(store.findVisit(tenant, id));
}

/** The visits of a consent, latest first. */
export function listVisitsOf(platform: Pick<Platform, 'database'>, tenant: Tenant, consent: string) {
  return platform.database.read.rows<store.VisitRow>(store.selectVisitsOf(tenant, consent));
}

/** A person as a list shows them; names are for whoever may see them. */
export type PersonRow = {
  id: string;
  type: string;
  reference: string | null;
  name: string | null;
  email: string | null;
  createdAt: Date;
  erasingSince: Date | null;
};

/** People of an app, newest first, or those whose reference begins so. */
export async function listPeople(
  platform: Pick<Platform, 'database'>,
  tenant: Tenant,
  slice: store.Slice & { reference?: string | undefined },
): Promise<Page<PersonRow>> {
  return cut(await platform.database.read.rows<PersonRow>(store.selectPeople(tenant, slice)), slice);
}

/** Where an id, or a person's reference, is found: in which app and mode. */
export type Found = { app: string; mode: 'test' | 'live'; kind: string; id: string };

const TABLES = {
  cus: 'customers',
  cst: 'consents',
  ses: 'sessions',
  con: 'connections',
  acc: 'bank_accounts',
  req: 'requests',
  evt: 'events',
  whe: 'webhook_endpoints',
} as const;

/** Looks an id up over all apps, or those somebody may see; what is no id of ours is taken for a person's reference. */
export async function findAnything(
  platform: Pick<Platform, 'database'>,
  text: string,
  apps: readonly string[] | null,
): Promise<Found | undefined> {
  const { read } = platform.database;
  type TenantOf = { tenant: Tenant; app: string; mode: 'test' | 'live' };
  const tenants = await read.rows<TenantOf>(store.selectTenantsOf(apps));
  const kind = /^([a-z]{3})_[0-9A-Za-z]{22}$/.exec(text)?.[1] ?? '';
  const table = Object.hasOwn(TABLES, kind) ? TABLES[kind as keyof typeof TABLES] : 'references';
  const numbers = tenants.map(({ tenant }) => tenant);
  const row = await read.first<{ tenant: Tenant; id: string | null }>(store.findTenantOf(table, text, numbers));
  const owner = row && tenants.find(({ tenant }) => tenant === row.tenant);
  return row?.id && owner ? { app: owner.app, mode: owner.mode, kind: table, id: row.id } : undefined;
}

async function withCalls<Row extends { id: string }>(
  platform: Pick<Platform, 'database'>,
  tenant: Tenant,
  by: 'request' | 'session',
  page: Page<Row>,
): Promise<Page<Row & Caused>> {
  const ids = page.rows.map(({ id }) => id);
  const counted = await platform.database.read.rows<Caused & { id: string }>(store.countCalls(tenant, by, ids));
  const byId = new Map(counted.map((one) => [one.id, one]));
  return {
    ...page,
    rows: page.rows.map((row) => ({
      ...row,
      calls: byId.get(row.id)?.calls ?? 0,
      failed: byId.get(row.id)?.failed ?? 0,
    })),
  };
}

function cut<Row>(rows: Row[], { limit }: { limit: number }): Page<Row> {
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit };
}
