import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startDemoApp } from '../../../examples/demo-app/app.ts';
import { hashToken } from '../../base/vault.ts';
import { createApp, findCaller, getTenant, updateTenant } from '../../platform/apps/apps.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import type { Settings } from '../../settings.ts';

/** The demo app and what a newcomer needs to try the API by hand. */
export type Demo = { appUrl: string; testKey: string; file: string; close(): Promise<void> };

/** Where a newcomer's own first app is likely to listen. */
const OWN_APP = ['http://localhost:3000/callback', 'http://127.0.0.1:3000/callback/{SESSION_ID}'];

/** Makes the demo app's key on the first start, keeps it in `demo.json` (readable by its owner only) and starts the app. */
export async function startDemo(platform: Platform, sandbox: Sandbox, settings: Settings, url: string): Promise<Demo> {
  const file = join(settings.dataDir, 'demo.json');
  const kept = await readKept(file);
  const owner = kept && (await findCaller(platform, hashToken(kept)));
  const { tenant, key } = owner && !owner.revoked ? { tenant: owner.tenant, key: kept } : await makeDemoApp(platform);
  const demoApp = await startDemoApp({
    port: settings.port === 0 ? 0 : settings.port + 4,
    baseUrl: url,
    testKey: key,
  });
  const { returnUrls } = await getTenant(platform.database, tenant);
  await updateTenant(platform, tenant, { returnUrls: [...returnUrls, `${demoApp.url}/callback`, ...OWN_APP] });
  const written = {
    base_url: url,
    test_key: key,
    sandbox_control_url: sandbox.controlUrl,
    sandbox_control_token: sandbox.controlToken,
    demo_app_url: demoApp.url,
  };
  await writeFile(file, `${JSON.stringify(written, null, 2)}\n`, { mode: 0o600 });
  return { appUrl: demoApp.url, testKey: key, file, close: () => demoApp.close() };
}

async function makeDemoApp(platform: Platform): Promise<{ tenant: number; key: string }> {
  // Headless is on, so that `npm run connect` can walk the page in a terminal; only in this app's test mode.
  const app = await createApp(platform, {
    name: 'Demo Books',
    supportEmail: 'help@demo.example',
    settings: { headless: true },
  });
  return { tenant: app.tenants.test, key: app.keys[0]!.key };
}

async function readKept(file: string): Promise<string | undefined> {
  try {
    const kept = JSON.parse(await readFile(file, 'utf8')) as { test_key?: unknown };
    return typeof kept.test_key === 'string' ? kept.test_key : undefined;
  } catch (error) {
    // The first start, or a file somebody spoiled: a new key is made, the old one stays revocable by the command.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
