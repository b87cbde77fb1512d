import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Ground } from '../../src/commands/ground.ts';
import { changeAtBank, endAtBank, showAtBank } from '../../src/commands/register/managing.ts';
import { runRegister } from '../../src/commands/register.ts';
import { createIdentity } from '../../src/platform/apps/identities.ts';
import { findRegistration, SANDBOX_IDENTITY } from '../../src/platform/apps/registrations.ts';
import type { Enrolment } from '../../src/sandbox/index.ts';
import { publicJwkOf } from '../../src/sandbox/open-banking-uk/server/jwt.ts';
import type { World } from '../world.ts';
import { UK_WAYS, ukWorld } from './uk-ways.ts';
import { comesHome, connects } from './ways.ts';

const BANK = 'gb-calderwye';

describe('our registration at a bank of the United Kingdom', () => {
  let here: World;
  let folder: string;
  before(async () => {
    here = await ukWorld();
    folder = mkdtempSync(join(tmpdir(), 'uk-registered-'));
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await here?.close();
  });

  const papers = (): Enrolment =>
    JSON.parse(readFileSync(join(here.settings.dataDir, 'sandbox', 'client.json'), 'utf8')).papers;
  const provider = () => here.server.platform.providers.get(BANK);
  const tools = () => here.server.platform;
  async function registered() {
    const { certificate, privateKey, signing } = here.server.platform.sandboxIdentity!;
    const registration = (await findRegistration(here.server.platform, SANDBOX_IDENTITY, BANK))!;
    const transport = { certificate, privateKey, authority: here.server.sandbox!.ca };
    return { transport, signing: signing!, registration };
  }
  async function connected(): Promise<{ connection: string; account: string }> {
    const asked = await here.asksForConsent({ provider: BANK });
    const person = await here.person('plain HTTP');
    await connects(person, asked.url, UK_WAYS.jarm, here.bank);
    await comesHome(person);
    const { connection } = await here.app.get(`/v1/consents/${asked.consent}`);
    await here.app.hears('sync.completed', { connection });
    const { data } = await here.app.get(`/v1/bank_accounts?consent=${asked.consent}`);
    return { connection, account: data[0].id };
  }
  /** Reads with a person, and waits for how it ends. */
  async function reads({ account, connection }: { account: string; connection: string }): Promise<string> {
    const started = await here.app.post(`/v1/bank_accounts/${account}/sync`, {
      psu: { ip_address: '198.51.100.7', user_agent: 'test' },
    });
    let status = '';
    await here.eventually(async () => {
      const { recent } = await here.app.get(`/v1/bank_accounts/${account}/sync`);
      status = recent.find(({ id }: { id: string }) => id === started.id)?.status;
      assert.ok(['completed', 'failed'].includes(status), JSON.stringify(recent[0]));
    });
    return `${status}, ${(await here.app.get(`/v1/connections/${connection}`)).status}`;
  }

  test('is shown by the bank, and changed without a connection ending', async () => {
    const linked = await connected();
    const before = await registered();
    const shown = await showAtBank(tools(), provider(), before);
    assert.equal(shown.client_id, before.registration.client_id);
    const changed = await changeAtBank(tools(), provider(), { ...before, statement: papers().softwareStatement });
    assert.equal(changed, before.registration.client_id);
    await endsAccess();
    assert.equal(await reads(linked), 'completed, active');
  });

  test('outlives a new certificate and a new key: both are good for a while, and reading goes on', async () => {
    const linked = await connected();
    const { sandbox, platform } = here.server;
    const known = platform.sandboxIdentity!;
    const { certificate, privateKey } = await sandbox!.issueCertificate({
      organization: known.name,
      organizationId: known.organizationId,
      commonName: 'drawbridge.localhost',
    });
    const next = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = next.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    await here.bank.order(`/directory/software/${papers().softwareId}/keys`, { key });
    const pem = next.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    // The bank's tokens are bound to the certificate before: they are renewed, and nobody is asked for anything.
    platform.sandboxIdentity = { ...known, certificate, privateKey };
    assert.equal(await reads(linked), 'completed, active');
    // Banks keep our keys for a while; this one reads them again, and signs with a new key of its own from now on.
    await here.bank.order(`/banks/${BANK}/open-banking`, { signing_keys: 'new' });
    const signing = { privateKey: pem, keyId: publicJwkOf(pem).kid };
    platform.sandboxIdentity = { ...known, certificate, privateKey, signing };
    await endsAccess();
    assert.equal(await reads(linked), 'completed, active');
    platform.sandboxIdentity = known;
    assert.equal(await reads(linked), 'completed, active');
  });

  test('is ended at the bank and here; what was connected then is the operator’s to mend, and no person’s', async () => {
    const linked = await connected();
    await endAtBank(tools(), provider(), await registered());
    assert.equal(await findRegistration(here.server.platform, SANDBOX_IDENTITY, BANK), undefined);
    assert.equal(await reads(linked), 'failed, active');
  });

  test('is typed in, listed and forgotten by the command, which says what is wrong with what it is given', async () => {
    const { platform } = here.server;
    const ground = { ...platform, settings: here.settings, url: '' } as unknown as Ground;
    const { id } = await createIdentity(platform, { legalName: 'Example Ltd' });
    const run = (...args: string[]) => runRegister(ground, args);
    const says = async (words: RegExp, ...args: string[]) => assert.rejects(run(...args), words);
    assert.deepEqual(await run('gb-barclays', '--client-id', 'c-1'), [`${id} is c-1 at Barclays.`]);
    assert.match((await run()).join('\n'), /gb-barclays\s+c-1\s+private_key_jwt\s+by hand/);
    await says(/printable characters/, 'gb-barclays', '--client-id', 'two words');
    await says(/--auth is/, 'gb-barclays', '--client-id', 'c-1', '--auth', 'secret');
    await says(/no file to read/, 'gb-monzo', '--statement', join(folder, 'none.jwt'));
    writeFileSync(join(folder, 'statement.jwt'), papers().softwareStatement);
    await says(/two certificates/, 'gb-monzo', '--statement', join(folder, 'statement.jwt'));
    await says(/no such identity/, 'gb-monzo', '--show', '--identity', 'idn_none');
    await says(/There is no provider/, 'gb-nobody', '--show');
    assert.match((await run('gb-barclays', '--forget')).join(), /portal/);
    await says(/is not registered/, 'gb-barclays', '--forget');
  });

  async function endsAccess(): Promise<void> {
    const [consent] = await here.bank.consents(BANK, UK_WAYS.jarm.login);
    await here.bank.order(`/banks/${BANK}/consents/${consent!.id}/tokens`, { end: 'access' });
  }
});
