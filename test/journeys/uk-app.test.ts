import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { registerAtBank } from '../../src/commands/register/registering.ts';
import { SANDBOX_IDENTITY } from '../../src/platform/apps/registrations.ts';
import { root } from '../sources.ts';
import { HOWS, type Visitor } from '../visitor/visitor.ts';
import type { World } from '../world.ts';
import { ukWorld } from './uk-ways.ts';
import { agrees, begins, comesHome, namesThemselves, type Way } from './ways.ts';

const BANK = 'gb-calderwye';
const WAY: Way = {
  name: 'approved in the bank’s app',
  bank: 'gb-calderwye-app',
  bankName: 'Calderwye by app',
  login: 'maud',
  password: '',
  signIn: (person) => namesThemselves(person, 'maud'),
  grants: false,
};

describe('a person of the United Kingdom is asked in their bank’s app (CIBA)', () => {
  let here: World;
  const folder = mkdtempSync(join(tmpdir(), 'uk-app-'));
  before(async () => {
    writeFileSync(join(folder, `${WAY.bank}.yaml`), droppedIn());
    here = await ukWorld({ providersDir: folder });
    const { platform, sandbox } = here.server;
    const { certificate, privateKey, organizationId, name, signing } = platform.sandboxIdentity!;
    const papers = await sandbox!.enrol({
      organization: name,
      organizationId,
      redirectUris: [`${here.url}/back/${WAY.bank}`],
      transport: { certificate, privateKey },
      signingKey: signing!.privateKey,
    });
    await registerAtBank(platform, platform.providers.get(WAY.bank), {
      identity: SANDBOX_IDENTITY,
      transport: { certificate, privateKey, authority: sandbox!.ca },
      signing: signing!,
      statement: papers.softwareStatement,
      madeBy: 'sandbox',
    });
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await here?.close();
  });

  for (const how of process.env.LONG ? HOWS : HOWS.slice(0, 1))
    test(`and approves, with ${how}: shown the same letters here and there, and connected`, async () => {
      const { person, consent } = await waits(how);
      const phone = await here.person('plain HTTP');
      await phone.opens(`${here.server.sandbox!.peopleUrl(BANK)}/phone/${WAY.login}`);
      const [, letters] = /\(([0-9A-Z]{6})\) asked/.exec(await phone.text())!;
      await person.sees(letters!);
      await here.bank.approvesOnPhone(BANK, WAY.login);
      // Found by a job instead of the page, the approval waits for the person to say that they are still there.
      await person.sees(/accounts will be shared|Welcome back|Back to Leafbook/, 30_000);
      if (await person.canPress('Share and finish')) await person.presses('Share and finish');
      await comesHome(person);
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
      const { data: accounts } = await here.app.get(`/v1/bank_accounts?consent=${consent}`);
      assert.equal(accounts.length, 3);
      await person.close();
    });

  test('and refuses: nothing is shared', async () => {
    const { person, consent } = await waits('plain HTTP');
    await here.bank.refusesOnPhone(BANK, WAY.login);
    await person.sees(/Welcome back|Back to Leafbook/, 30_000);
    await comesHome(person);
    assert.equal(new URL(person.url()).searchParams.get('error_code'), 'refused_at_bank');
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'canceled');
  });

  test('under a name that the bank does not know: asked once more', async () => {
    const { person } = await asked('plain HTTP');
    await namesThemselves(person, 'nobody');
    await person.sees('Sign in to');
    await namesThemselves(person, 'maud');
    await person.sees(`Approve it in the app of ${WAY.bankName}`);
  });

  async function asked(how: (typeof HOWS)[number]): Promise<{ person: Visitor; consent: string }> {
    const person = await here.person(how);
    const { consent, url } = await here.asksForConsent({ provider: WAY.bank });
    await begins(person, url, WAY);
    await agrees(person);
    return { person, consent };
  }

  async function waits(how: (typeof HOWS)[number]): Promise<{ person: Visitor; consent: string }> {
    const begun = await asked(how);
    await WAY.signIn(begun.person, here.bank);
    await begun.person.sees(`Approve it in the app of ${WAY.bankName}`);
    return begun;
  }
});

/** The pretend bank's own file, as an operator would change it for the way by the app. */
function droppedIn(): string {
  const ours = readFileSync(join(root, 'providers', `${BANK}.yaml`), 'utf8');
  return ours
    .replace(/^name: .*$/m, `name: ${WAY.bankName}`)
    .replace('sca: [redirected]', 'sca: [decoupled]')
    .replace(/^(\s+)version: '4.0'$/m, "$1version: '4.0'\n$1authentication: decoupled");
}
