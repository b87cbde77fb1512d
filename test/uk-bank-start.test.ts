import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { registerAtPretendBanks } from '../src/commands/trying/registrations.ts';
import { listRegistrations, SANDBOX_IDENTITY } from '../src/platform/apps/registrations.ts';
import { type World, world } from './world.ts';

describe('the sandbox’s own identity at the pretend banks of the United Kingdom', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here?.close());

  test('is registered once, and anew when its papers are lost', async () => {
    const { platform, sandbox } = here.server;
    const register = async () => {
      await registerAtPretendBanks(platform, sandbox!, here.settings.dataDir);
      const rows = await listRegistrations(platform, SANDBOX_IDENTITY);
      return Object.fromEntries(rows.map(({ provider, client_id }) => [provider, client_id]));
    };
    const first = await register();
    assert.deepEqual(Object.keys(first).sort(), ['gb-calderwye', 'gb-thornfield']);
    assert.deepEqual(await register(), first);
    const { signing } = platform.sandboxIdentity!;
    assert.ok(signing?.keyId);
    rmSync(join(here.settings.dataDir, 'sandbox', 'client.json'));
    const second = await register();
    for (const bank of Object.keys(first)) assert.notEqual(second[bank], first[bank]);
    assert.notEqual(platform.sandboxIdentity!.signing!.keyId, signing.keyId);
  });
});
