import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type World, world } from '../world.ts';
import { becomesFirst, type Operator } from './operator.ts';

describe('an app set up by dashboard alone', () => {
  let here: World;
  let ada: Operator;
  let key: string;
  let base: string;
  before(async () => {
    here = await world();
    ada = await becomesFirst(here, await here.person('plain HTTP'));
  });
  after(() => here.close());
  const account = async (withKey: string) => {
    const answer = await fetch(`${here.url}/v1/account`, { headers: { authorization: `Bearer ${withKey}` } });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  test('it is made with its first key, which opens the API', async () => {
    const { visitor } = ada;
    await visitor.opens(`${here.url}/dashboard`);
    await visitor.fills('Name, as people read it', 'Leaf & <b>Ledger</b>');
    await visitor.fills('Where people return to', 'http://localhost:3000/callback');
    await visitor.presses('Make the app');
    await visitor.sees('Its first test key');
    key = /-u (dbk_test_[\w-]{43}):/.exec(await visitor.text())![1]!;
    const { status, body } = await account(key);
    assert.deepEqual(
      [status, body.name, body.return_urls],
      [200, 'Leaf & <b>Ledger</b>', ['http://localhost:3000/callback']],
    );
    await visitor.follows('To the app');
    base = visitor.url();
    await visitor.sees('Leaf & <b>Ledger</b>');
    await visitor.doesNotSee(key);
  });

  test('a wrong name or address is told beside its field, and what was typed stays', async () => {
    const { visitor } = ada;
    await visitor.opens(`${here.url}/dashboard`);
    await visitor.fills('Name, as people read it', 'Second');
    await visitor.fills('Where people return to', 'ftp://x');
    await visitor.presses('Make the app');
    await visitor.sees('https://');
    assert.equal(visitor.status(), 422);
    await visitor.doesNotSee('Its first test key');
  });

  test('a return URL is tested, and a mismatch is explained', async () => {
    const { visitor } = ada;
    for (const [url, words] of [
      ['http://localhost:3000/callback?state=1', 'People may be sent there'],
      ['http://localhost:3001/callback', 'Port: yours is 3001, registered is 3000'],
      ['http://localhost:3000/callback/', 'slash at the end'],
      ['http://localhost:3000/Callback', 'capital letters'],
      ['https://localhost:3000/callback', 'Scheme: yours is https'],
      ['http://localhost:3000/call back', 'not a plain absolute address'],
      ['http://localhost:3000/callback#x', 'no fragment'],
    ] as const) {
      await visitor.opens(`${base}/settings`);
      await visitor.fills('Address as your app sends it', url);
      await visitor.presses('Test');
      await visitor.sees(words);
    }
  });

  test('settings are saved whole, refused with what was typed, and the later of two is told', async () => {
    const { visitor } = ada;
    await visitor.opens(`${base}/settings`);
    const other = await visitor.opensSecondTab();
    await visitor.fills('Support address', 'help@leaf.example');
    await visitor.presses('Save');
    await visitor.sees('Saved.');
    assert.equal((await account(key)).body.support_email, 'help@leaf.example');
    await other.fills('Support address', 'other@leaf.example');
    await other.presses('Save');
    await other.sees('Changed by somebody else');
    assert.equal(other.status(), 409);
    await other.sees('help@leaf.example');
    assert.equal((await account(key)).body.support_email, 'help@leaf.example');
    await other.presses('Save');
    await other.sees('Saved.');
    assert.equal((await account(key)).body.support_email, 'other@leaf.example');
    await visitor.opens(`${base}/settings`);
    await visitor.fills('Default return URL', 'https://elsewhere.example/x');
    await visitor.presses('Save');
    await visitor.sees('not registered');
    assert.equal(visitor.status(), 422);
    assert.deepEqual((await account(key)).body.return_urls, ['http://localhost:3000/callback']);
  });

  test('a key is rolled with an overlap, and ended', async () => {
    const { visitor } = ada;
    await visitor.opens(`${base}/keys`);
    await visitor.fills('Name', 'rolled');
    await visitor.chooses('end in a day');
    await visitor.presses('Make the key');
    await visitor.sees('shown now and never again');
    await visitor.sees('1 other key ends in a day');
    await visitor.follows('I have kept it: go on');
    await visitor.sees('ending');
    assert.equal((await account(key)).status, 200);
    await here.clock.advance(86_400_000);
    await here.eventually(async () => assert.equal((await account(key)).status, 401));
    await visitor.reloads();
    await visitor.sees('ended');
  });

  test('an identity is made, and given certificates with their ends; what is none is told', async () => {
    const { visitor } = ada;
    const { certificate, privateKey } = await here.server.sandbox!.issueCertificate({
      organization: 'Leaf Ltd',
      organizationId: 'PSDDE-BAFIN-654321',
      commonName: 'leaf.example',
    });
    await visitor.opens(`${here.url}/dashboard/identities`);
    await visitor.fills('Legal name', 'Leaf Ltd');
    await visitor.chooses('agent of somebody who has one');
    await visitor.presses('Make it');
    await visitor.sees('An agent says of whom');
    await visitor.fills('Agent of', 'Forest AG');
    await visitor.presses('Make it');
    await visitor.sees('The identity is made');
    await visitor.fills(/^Certificate, PEM/, 'not a certificate');
    await visitor.fills(/^Its private key/, privateKey);
    await visitor.presses('Add it');
    await visitor.sees('not a certificate in PEM');
    await visitor.doesNotSee(/-----BEGIN PRIVATE/);
    await visitor.fills(/^Certificate, PEM/, certificate);
    await visitor.fills(/^Its private key/, privateKey);
    await visitor.presses('Add it');
    await visitor.sees('The certificate is kept');
    await visitor.sees('PSDDE-BAFIN-654321');
    await visitor.sees(/valid|days left/);
    await visitor.opens(`${base.replace(/test$/, 'live')}/settings`);
    await visitor.chooses('Leaf Ltd');
    await visitor.presses('Save');
    await visitor.sees('Saved.');
  });

  test('an operator’s provider file that is refused stands there with its line and reason', async () => {
    const { providersDir } = here.settings;
    mkdirSync(providersDir, { recursive: true });
    writeFileSync(join(providersDir, 'mine.yaml'), 'id: xx-mine\nname: [broken\n');
    await here.server.platform.providers.refresh();
    await ada.visitor.opens(`${here.url}/dashboard/providers`);
    await ada.visitor.sees('Files that are refused');
    await ada.visitor.sees('mine.yaml');
    rmSync(join(providersDir, 'mine.yaml'));
    await here.server.platform.providers.refresh();
    await ada.visitor.reloads();
    await ada.visitor.doesNotSee('mine.yaml');
  });
});
