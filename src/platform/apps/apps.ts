import { randomBytes } from 'node:crypto';
import type { Tx } from '../../base/database.ts';
import { newId } from '../../base/ids.ts';
import { hashToken } from '../../base/vault.ts';
import type { Platform, Tenant } from '../platform.ts';
import { notFound, Problem } from '../problems.ts';
import { refuseRegistration, refuseReturnUrl } from './return-url.ts';
import type { CallerRow, TenantRow } from './store.ts';
import * as store from './store.ts';
import { parseTenantSettings, type TenantSettings } from './tenant-settings.ts';

/** An app in one mode with everything it decides: who reads it must not hold it longer than a request. */
export type TenantInfo = {
  tenant: Tenant;
  app: string;
  appName: string;
  mode: 'test' | 'live';
  supportEmail: string | null;
  returnUrls: string[];
  defaultReturnUrl: string | null;
  settings: TenantSettings;
  /** The identity in whose name banks are asked; absent in test mode unless one is set. */
  identity: string | null;
  createdAt: Date;
};

/** Who a key belongs to. `revoked` keys are found too, so that their owner is told. */
export type KeyOwner = {
  tenant: Tenant;
  app: string;
  appName: string;
  mode: 'test' | 'live';
  key: string;
  revoked: boolean;
  needsReturnUrl: boolean;
};

/** The owner of the key with this SHA-256. */
export async function findCaller(
  platform: Pick<Platform, 'database' | 'clock'>,
  keyHash: Buffer,
): Promise<KeyOwner | undefined> {
  const row = await platform.database.read.first<CallerRow>(store.findCallerByHash(keyHash));
  return (
    row && {
      tenant: row.tenant,
      app: row.app,
      appName: row.app_name,
      mode: row.mode,
      key: row.key,
      revoked: row.revoked_at !== null && row.revoked_at <= platform.clock.now(),
      needsReturnUrl: row.needs_return_url,
    }
  );
}

/** The tenant with its app's settings; throws `not_found` when there is none. */
export async function getTenant(tx: Pick<Tx, 'first'>, tenant: Tenant): Promise<TenantInfo> {
  const row = await tx.first<TenantRow>(store.findTenant(tenant));
  if (!row) throw notFound('app');
  return infoOf(row);
}

/** How long an app's settings are believed before they are read again. */
const BELIEVED_MS = 1000;
const MOST_BELIEVED = 2000;
const believed = new WeakMap<object, Map<Tenant, { info: Promise<TenantInfo>; untilMs: number }>>();

/**
 * The same for what a page or a check needs many times in a moment: believed for a second, on the server that changed
 * them not even that.
 */
export function findTenantSettings(platform: Pick<Platform, 'database'>, tenant: Tenant): Promise<TenantInfo> {
  let known = believed.get(platform.database);
  if (!known || known.size > MOST_BELIEVED) {
    known = new Map();
    believed.set(platform.database, known);
  }
  const all = known;
  const recent = known.get(tenant);
  if (recent && recent.untilMs > performance.now()) return recent.info;
  const info = getTenant(platform.database.read, tenant);
  known.set(tenant, { info, untilMs: performance.now() + BELIEVED_MS });
  // A failed look-up is nothing to believe.
  info.catch(() => all.delete(tenant));
  return info;
}

/** Makes an app with its two tenants and one key for each asked-for mode. The keys are shown here and never again. */
export async function createApp(
  platform: Pick<Platform, 'database' | 'clock'>,
  request: {
    name: string;
    supportEmail?: string;
    returnUrls?: string[];
    modes?: ('test' | 'live')[];
    settings?: Partial<TenantSettings>;
  },
): Promise<{
  app: string;
  tenants: Record<'test' | 'live', Tenant>;
  keys: { mode: 'test' | 'live'; id: string; key: string }[];
}> {
  const at = platform.clock.now();
  const app = newId('app');
  const name = request.name.trim();
  if (name.length < 1 || name.length > 100)
    throw new Problem('invalid_request', 'The name of an app has 1 to 100 characters.');
  return platform.database.transaction(async (tx) => {
    await tx.run(store.insertApp({ id: app, name, supportEmail: request.supportEmail ?? null, at }));
    const test = (await tx.first<{ tenant: Tenant }>(store.insertTenant(app, 'test', request.settings ?? {}, at)))!
      .tenant;
    // Whoever starts a visit must not read what another person finished; off only where the app says so.
    const liveSettings = { claim: 'required', ...request.settings };
    const live = (await tx.first<{ tenant: Tenant }>(store.insertTenant(app, 'live', liveSettings, at)))!.tenant;
    const tenants = { test, live };
    const keys: { mode: 'test' | 'live'; id: string; key: string }[] = [];
    for (const mode of request.modes ?? ['test'])
      keys.push({ mode, ...(await addKey(tx, tenants[mode], mode, 'first key', at)) });
    for (const mode of ['test', 'live'] as const) {
      const returnUrls = (request.returnUrls ?? []).filter(
        (url) => mode === 'test' || !refuseRegistration(url, { mode }),
      );
      for (const url of returnUrls) checkRegistration(url, mode, request.settings?.httpHosts);
      if (returnUrls.length) await tx.run(store.updateTenant(tenants[mode], { returnUrls }));
    }
    return { app, tenants, keys };
  });
}

/** A further key for the tenant, shown here and never again. */
export async function createKey(
  platform: Pick<Platform, 'database' | 'clock'>,
  tenant: Tenant,
  name = '',
): Promise<{ id: string; key: string }> {
  const { mode } = await getTenant(platform.database, tenant);
  return addKey(platform.database, tenant, mode, name.slice(0, 100), platform.clock.now());
}

/** Ends a key within five seconds everywhere; with `inMs` so much later, so that an app can change over to a new one. */
export async function revokeKey(
  platform: Pick<Platform, 'database' | 'clock'>,
  tenant: Tenant,
  key: string,
  inMs = 0,
): Promise<void> {
  const now = platform.clock.now();
  const rows = await platform.database.run(
    store.revokeKeyRow(tenant, key, { now, at: new Date(now.getTime() + inMs) }),
  );
  if (rows === 0) throw notFound('valid key');
}

/** A key as lists show it: never the key itself, only its first characters. */
export type KeyInfo = { id: string; prefix: string; name: string; created_at: Date; revoked_at: Date | null };

/** Newest first. */
export function listKeys(platform: Pick<Platform, 'database'>, tenant: Tenant): Promise<KeyInfo[]> {
  return platform.database.rows<KeyInfo>(store.selectKeys(tenant));
}

/** Newest first, a thousand at most. */
export function listApps(
  platform: Pick<Platform, 'database'>,
): Promise<{ id: string; name: string; support_email: string | null; created_at: Date }[]> {
  return platform.database.rows(store.selectApps(1000));
}

/** Test and live tenant of an app. */
export async function listTenants(platform: Pick<Platform, 'database'>, app: string): Promise<TenantInfo[]> {
  const rows = await platform.database.rows<TenantRow>(store.selectTenants(app));
  if (rows.length === 0) throw notFound('app');
  return rows.map(infoOf);
}

/** True where a key of live mode is valid: the clock must not be moved then. */
export async function hasLiveKeys(platform: Pick<Platform, 'database' | 'clock'>): Promise<boolean> {
  const row = await platform.database.first<{ count: number }>(store.countLiveKeys(platform.clock.now()));
  return (row?.count ?? 0) > 0;
}

/** Whether the database answers. */
export async function isReachable(platform: Pick<Platform, 'database'>): Promise<boolean> {
  return platform.database.read.first(store.ask()).then(
    () => true,
    () => false,
  );
}

/** What an app may change about itself. `null` clears; absent leaves as it is. */
export type TenantChange = {
  name?: string;
  supportEmail?: string | null;
  returnUrls?: string[];
  defaultReturnUrl?: string | null;
  settings?: { [Name in keyof TenantSettings]?: TenantSettings[Name] | null };
  identity?: string | null;
};

/**
 * Changes a tenant, all of it or nothing. Name and support address belong to the app and so to both modes. `check` sees
 * how it stands, with nobody else able to change it, and throws where it must not be changed.
 */
export async function updateTenant(
  platform: Pick<Platform, 'database'>,
  tenant: Tenant,
  change: TenantChange,
  check: (before: TenantInfo) => void = () => {},
): Promise<TenantInfo> {
  const changed = await platform.database.transaction(async (tx) => {
    await tx.run(store.lockTenant(tenant));
    const before = await getTenant(tx, tenant);
    check(before);
    const httpHosts = change.settings?.httpHosts ?? before.settings.httpHosts;
    const returnUrls = change.returnUrls ? [...new Set(change.returnUrls)] : before.returnUrls;
    for (const url of change.returnUrls ?? []) checkRegistration(url, before.mode, httpHosts);
    const fallback = change.defaultReturnUrl === undefined ? before.defaultReturnUrl : change.defaultReturnUrl;
    const refused = fallback ? refuseReturnUrl(fallback, returnUrls, { mode: before.mode, httpHosts }) : undefined;
    if (refused)
      throw new Problem('return_url_not_allowed', refused, {
        errors: [{ pointer: '/default_return_url', detail: refused }],
      });
    if (change.settings?.claim === 'required' && returnUrls.length === 0) {
      const detail = 'A claim comes with the return: register a return URL first.';
      throw new Problem('return_url_needed', detail, { errors: [{ pointer: '/claim', detail }] });
    }
    if (change.name !== undefined || change.supportEmail !== undefined)
      await tx.run(store.updateApp(before.app, change));
    await tx.run(
      store.updateTenant(tenant, {
        ...(change.returnUrls ? { returnUrls } : {}),
        ...(change.defaultReturnUrl === undefined ? {} : { defaultReturnUrl: change.defaultReturnUrl }),
        ...(change.settings === undefined ? {} : { settings: change.settings }),
        ...(change.identity === undefined ? {} : { identity: change.identity }),
      }),
    );
    return getTenant(tx, tenant);
  });
  believed.get(platform.database)?.delete(tenant);
  return changed;
}

function checkRegistration(url: string, mode: 'test' | 'live', httpHosts?: readonly string[]): void {
  const refused = refuseRegistration(url, { mode, ...(httpHosts ? { httpHosts } : {}) });
  if (refused)
    throw new Problem('return_url_not_allowed', `${url.slice(0, 200)}: ${refused}`, {
      errors: [{ pointer: '/return_urls', detail: refused }],
    });
}

async function addKey(
  tx: Tx,
  tenant: Tenant,
  mode: 'test' | 'live',
  name: string,
  at: Date,
): Promise<{ id: string; key: string }> {
  const id = newId('key');
  const key = `dbk_${mode}_${randomBytes(32).toString('base64url')}`;
  // The prefix lets its owner recognise a key in a list; 8 of its 43 characters leave 208 bits unknown.
  await tx.run(store.insertKey({ id, tenant, hash: hashToken(key), prefix: key.slice(0, 17), name, at }));
  return { id, key };
}

function infoOf(row: TenantRow): TenantInfo {
  return {
    tenant: row.tenant,
    app: row.app,
    appName: row.app_name,
    mode: row.mode,
    supportEmail: row.support_email,
    returnUrls: row.return_urls,
    defaultReturnUrl: row.default_return_url,
    settings: parseTenantSettings(row.settings),
    identity: row.identity,
    createdAt: row.created_at,
  };
}
