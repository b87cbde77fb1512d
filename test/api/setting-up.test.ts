import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from '../../src/base/database.ts';
import { runAppCommand } from '../../src/commands/app.ts';
import type { Ground } from '../../src/commands/ground.ts';
import { findCredentials } from '../../src/platform/apps/identities.ts';
import { openAuthority } from '../../src/sandbox/authority.ts';
import { type ApiWorld, apiWorld } from './world.ts';

describe('setting up from the terminal', () => {
  let world: ApiWorld;
  let folder: string;
  before(async () => {
    world = await apiWorld();
    folder = mkdtempSync(join(tmpdir(), 'drawbridge-app-'));
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await world.close();
  });

  const run = (...words: string[]) => runAppCommand(world.platform as unknown as Ground, words);
  const keyIn = (lines: string[], mode: string) =>
    lines.find((line) => line.startsWith(`${mode} key: `))!.slice(mode.length + 6);

  test('an app is created, its keys are shown once and kept hashed only', async () => {
    const lines = await run(
      'create',
      'Ledger',
      'Leaf',
      '--live',
      '--url',
      'https://ledger.example/cb/{user}',
      '--support-email',
      'help@ledger.example',
    );
    const [app] = lines;
    const key = keyIn(lines, 'test');
    assert.match(keyIn(lines, 'live'), /^dbk_live_[A-Za-z0-9_-]{43}$/);
    const account = await world.call('GET', '/v1/account', { key });
    assert.deepEqual(
      [account.json.id, account.json.name, account.json.mode, account.json.return_urls, account.json.support_email],
      [app, 'Ledger Leaf', 'test', ['https://ledger.example/cb/{user}'], 'help@ledger.example'],
    );
    const rows = await world.platform.database.rows<{ text: string }>(sql`select k::text as text from api_keys k`);
    assert.equal(
      rows.some(({ text }) => text.includes(key) || text.includes(key.slice(18))),
      false,
    );
    assert.ok((await run('list')).some((line) => line.includes(app!)));
  });

  test('a key is added and revoked, and stops working within five seconds', async () => {
    const [app] = await run('create', 'Keys');
    const added = await run('keys', app!, '--add', 'second');
    const key = keyIn(added, 'test');
    const id = added.find((line) => line.includes('second'))!.split(' ')[0]!;
    assert.equal((await world.call('GET', '/v1/account', { key })).status, 200);
    const after = await run('keys', app!, '--revoke', id);
    assert.match(after.find((line) => line.startsWith(id))!, /revoked/);
    await assert.rejects(run('keys', app!, '--revoke', id), /no valid key/);
    // No wait here: another server, which has not seen the key yet, refuses it at once; this one believes it a moment longer.
    await assert.rejects(run('keys', 'app_nothing'), /no app/);
  });

  test('return URLs are added, removed and made the default, by the rules', async () => {
    const [app] = await run('create', 'Urls');
    await run('urls', app!, '--add', 'https://u.example/a', '--add', 'https://u.example/b/{x}');
    const lines = await run(
      'urls',
      app!,
      '--remove',
      'https://u.example/a',
      '--default',
      'https://u.example/b/c?from=bank',
    );
    assert.deepEqual(lines.slice(1), ['  https://u.example/b/{x}', 'default: https://u.example/b/c?from=bank']);
    await assert.rejects(run('urls', app!, '--add', 'https://u.example/../x'), { code: 'return_url_not_allowed' });
    await assert.rejects(run('urls', app!, '--live', '--add', 'http://127.0.0.1/x'), {
      code: 'return_url_not_allowed',
    });
    await assert.rejects(run('urls', app!, '--remove', 'https://u.example/nothing'), { code: 'not_found' });
    await assert.rejects(run('urls', app!, '--remove', 'https://u.example/b/{x}'), { code: 'return_url_not_allowed' });
  });

  test('settings are set by name, and unknown ones are refused', async () => {
    const [app] = await run('create', 'Settings');
    const lines = await run('set', app!, 'skip_info=true', 'http_hosts=intranet:8080', 'name=Renamed', 'locale=de');
    for (const line of [
      'skip_info=true',
      'http_hosts=intranet:8080',
      'name=Renamed',
      'locale=de',
      'store_secrets=true',
    ])
      assert.ok(lines.includes(line), line);
    await run('urls', app!, '--live', '--add', 'https://x.example/cb');
    assert.ok((await run('set', app!, 'locale=')).includes('locale='));
    await assert.rejects(run('set', app!, 'nonsense=1'), /nonsense/);
    await assert.rejects(run('set', app!, 'skip_info=maybe'), /true or false/);
  });

  test('an identity keeps its certificate, and its key sealed', async () => {
    const authority = await openAuthority(folder, world.platform.clock.now());
    const make = async (file: string) => {
      const subject = {
        organization: 'Example Finance',
        organizationId: 'PSDDE-BAFIN-123456',
        commonName: 'example.com',
      };
      const issued = await authority.issue(subject);
      writeFileSync(`${file}.pem`, issued.certificate);
      writeFileSync(`${file}.key`, issued.privateKey);
      return new X509Certificate(issued.certificate).validToDate;
    };
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    await make(first);
    const end = await make(second);
    const [identity] = await run('identity', 'create', 'Example', 'Finance', 'GmbH', '--authority', 'BaFin');
    await assert.rejects(
      run('identity', 'add', identity!, '--certificate', `${first}.pem`, '--key', `${second}.key`),
      /does not belong/,
    );
    const [line] = await run('identity', 'add', identity!, '--certificate', `${first}.pem`, '--key', `${first}.key`);
    assert.match(line!, /^crt_\w+ {2}valid .* PSDDE-BAFIN-123456$/);
    assert.ok((await run('identity')).some((one) => one.includes('PSDDE-BAFIN-123456')));

    const credentials = await findCredentials(world.platform, identity!, 'transport');
    assert.equal(credentials?.certificate, readFileSync(`${first}.pem`, 'utf8'));
    assert.match(credentials!.privateKey, /^-----BEGIN PRIVATE KEY-----/);
    assert.equal(await findCredentials(world.platform, identity!, 'signature'), undefined);
    const rows = await world.platform.database.rows<{ private_key: Buffer }>(
      sql`select private_key from identity_certificates`,
    );
    assert.equal(
      rows.some((row) => row.private_key.includes('PRIVATE KEY')),
      false,
    );

    const [app] = await run('create', 'With identity');
    assert.ok((await run('set', app!, '--live', `identity=${identity}`)).includes(`identity=${identity}`));
    await world.platform.clock.advance(end.getTime() - world.platform.clock.now().getTime() + 86_400_000);
    assert.equal(await findCredentials(world.platform, identity!, 'transport'), undefined);
    await assert.rejects(
      run('identity', 'add', identity!, '--certificate', `${second}.pem`, '--key', `${second}.key`),
      /ended on/,
    );
  });

  test('anything else says how it is used', async () => {
    for (const words of [[], ['nonsense'], ['create', '--help']])
      assert.match((await run(...words)).join('\n'), /npm run app -- create/);
    await assert.rejects(run('create'), /name/);
    await assert.rejects(run('keys', 'app_x', '--bogus'));
  });
});
