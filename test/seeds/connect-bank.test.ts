import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startDemoApp } from '../../examples/demo-app/app.ts';
import { createApp } from '../../src/platform/apps/apps.ts';
import { createIdentity } from '../../src/platform/apps/identities.ts';
import { agrees, begins, comesHome, connects, findsBank, goesToBank, logsInAtBank, WAYS } from '../journeys/ways.ts';
import { type World, world } from '../world.ts';

const PHONE = 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36';

/** Every sentence of the guide "Connect Bank", in its order, each with what makes it true here. */
describe('Connect Bank', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  let references = 0;
  const newCustomer = async () => (await here.app.post('/v1/customers', { reference: `client-${++references}` })).id;
  const connected = async () => {
    const asked = await here.asksForConsent({ provider: WAYS.none.bank });
    const person = await here.person('plain HTTP');
    await connects(person, asked.url, WAYS.none, here.bank);
    await comesHome(person);
    return { ...asked, returned: new URL(person.url()) };
  };

  test('"To access a bank account of your client requires your client to give a permission to do so."', async () => {
    const { consent } = await here.asksForConsent({ provider: WAYS.none.bank });
    assert.deepEqual((await here.app.get(`/v1/bank_accounts?consent=${consent}`)).data, []);
  });

  test('"Before you continue you need to set up the app in your app settings."', async () => {
    const app = await createApp(here.server.platform, { name: 'Not set up' });
    const { key } = app.keys[0]!;
    const asks = () =>
      here.app.call(
        'POST',
        '/v1/consents',
        { return_url: 'https://setup.example/callback' },
        { authorization: `Bearer ${key}` },
      );
    assert.equal((await asks()).body.code, 'return_url_not_allowed');
    await here.app.call(
      'POST',
      '/v1/account',
      { return_urls: ['https://setup.example/callback'] },
      { authorization: `Bearer ${key}` },
    );
    assert.equal((await asks()).status, 201);
  });

  test('"For more information on type of accounts, coverage and status please go to our Provider Status page."', async () => {
    const { data } = await here.app.get('/v1/providers?limit=100');
    assert.ok(data.length >= 8);
    for (const { account_types, country, health } of data) {
      assert.ok(account_types.length > 0 && country.length === 2);
      assert.equal(health, 'good');
    }
  });

  test('"… need to have a license and be regulated … If you need to show data on your end then we can offer you to be an authorized agent …"', async () => {
    const { platform } = here.server;
    const own = await createIdentity(platform, { legalName: 'Ledger Ltd', role: 'own_licence' });
    const agent = await createIdentity(platform, { legalName: 'Leafbook Ltd', role: 'agent', agentOf: 'Ledger Ltd' });
    assert.deepEqual([own.role, agent.role, agent.agent_of], ['own_licence', 'agent', 'Ledger Ltd']);
  });

  test('"Starting on your site, the user clicks a link or button that takes them to the … consent page."', async () => {
    const { keys } = await createApp(here.server.platform, { name: 'A site' });
    const { key } = keys[0]!;
    const demo = await startDemoApp({ port: 0, baseUrl: here.url, testKey: key });
    try {
      await here.app.call(
        'POST',
        '/v1/account',
        { return_urls: [`${demo.url}/callback`] },
        { authorization: `Bearer ${key}` },
      );
      const person = await here.person('plain HTTP');
      await person.opens(demo.url);
      await person.presses('Connect your bank');
      await person.sees('A site would like to read your bank accounts');
      await connects(person, person.url(), WAYS.none, here.bank);
      await person.sees('Your bank is connected.');
      await person.sees('Your accounts');
    } finally {
      await demo.close();
    }
  });

  test('"… the user selects a bank to connect (unless you\'ve done this through the API) and is redirected to the bank consent page to authenticate themselves."', async () => {
    const { url } = await here.asksForConsent({});
    const person = await here.person('plain HTTP');
    await person.opens(url);
    await person.presses('Continue');
    await findsBank(person, 'Harrowby');
    await agrees(person);
    await goesToBank(person, 'Harrowby Mutual');
    await person.sees('asks to see your accounts');
    const preselected = await here.asksForConsent({ provider: 'gb-harrowby' });
    await person.opens(preselected.url);
    await person.presses('Continue');
    await person.doesNotSee('Which bank is it?');
  });

  test('"The user is then redirected seamlessly back to your site, passing along either a consent identifier, or an error in case the user denied the access request."', async () => {
    const { consent, returned } = await connected();
    assert.equal(returned.searchParams.get('fx_consent'), consent);
    assert.equal(returned.searchParams.get('error'), null);
    const denied = await denies();
    assert.equal(denied.returned.searchParams.get('error'), 'access_denied');
  });

  test('"After all above steps have been completed, your platform can make API requests and access the user\'s data."', async () => {
    const { consent } = await connected();
    const { data } = await here.app.get(`/v1/bank_accounts?consent=${consent}`);
    assert.equal(data.length, 1);
  });

  test('"To get started with your integration, you need to create a consent object with optional parameters listed below."', async () => {
    const { status, body } = await here.app.call('POST', '/v1/consents', {});
    assert.equal(status, 201);
    assert.equal(body.object, 'consent');
  });

  test('"If you leave this [provider] empty, the user will be given a choice of supported banks to connect at the consent page."', async () => {
    const { url } = await here.asksForConsent({});
    const person = await here.person('plain HTTP');
    await person.opens(url);
    await person.presses('Continue');
    await person.sees('Which bank is it?');
    await person.sees('Lindental Bank');
  });

  test('"If passed in the authorization URL or during creation of a consent object, the user will only need to confirm your access request with a pre-selected bank."', async () => {
    for (const inUrl of [true, false]) {
      const { url } = await here.asksForConsent(inUrl ? {} : { provider: 'de-lindental' });
      const person = await here.person('plain HTTP');
      await person.opens(inUrl ? `${url}?provider=de-lindental` : url);
      await person.presses('Continue');
      await person.sees('Allow Leafbook to read your accounts at Lindental Bank?');
    }
    const { url } = await here.asksForConsent({ provider: 'de-lindental' });
    const person = await here.person('plain HTTP');
    await person.opens(`${url}?provider=gb-harrowby`);
    await person.presses('Continue');
    await person.sees('Lindental Bank');
  });

  test('"You need to create first the customer object to associate it with your client and use this object in the future."', async () => {
    const customer = await newCustomer();
    for (const _ of [1, 2]) assert.equal((await here.app.post('/v1/consents', { customer })).customer, customer);
  });

  test('"If you leave this [customer] empty, the consent object will be created with the status new."', async () => {
    const consent = await here.app.post('/v1/consents');
    assert.equal(consent.status, 'new');
  });

  test('"However to send your client to the consent page, the consent object should have pending status. You can use update method to set a customer identifier."', async () => {
    const consent = await here.app.post('/v1/consents', { provider: 'de-lindental' });
    const link = consent.redirect?.consent_url;
    if (link) {
      const person = await here.person('plain HTTP');
      await person.opens(link);
      assert.ok(person.status() >= 400);
      assert.equal(await person.canPress('Continue'), false);
    }
    const updated = await here.app.post(`/v1/consents/${consent.id}`, { customer: await newCustomer() });
    assert.equal(updated.status, 'pending');
    const person = await here.person('plain HTTP');
    await person.opens(updated.redirect.consent_url);
    await person.presses('Continue');
    const other = await here.app.call('POST', `/v1/consents/${consent.id}`, { customer: await newCustomer() });
    assert.equal(other.body.code, 'customer_cannot_change');
  });

  test('"Parameter return_url, a page on your website to which the user is redirected after confirming your access."', async () => {
    const { returned } = await connected();
    assert.equal(`${returned.origin}${returned.pathname}`, here.app.returnUrl);
  });

  test('"If you leave this empty, we\'ll use one of your redirect URLs saved in the app. However if the app has no defined URLs, we\'ll take the user to our own confirmation page."', async () => {
    const leaves = async () => {
      const consent = await here.app.post('/v1/consents', { customer: await newCustomer(), provider: 'de-lindental' });
      const person = await here.person('plain HTTP');
      await person.opens(consent.redirect.consent_url);
      await person.presses('No, cancel');
      return person;
    };
    const ours = await leaves();
    await ours.sees('Canceled');
    assert.ok(ours.url().startsWith(here.url));
    await here.app.post('/v1/account', { default_return_url: here.app.returnUrl });
    await comesHome(await leaves());
  });

  test('"It\'s recommended if you append state parameter with a unique token to the return url … We retain all your other parameters passed in the return url."', async () => {
    const { url } = await here.asksForConsent({
      provider: 'de-lindental',
      return_url: `${here.app.returnUrl}?state=abc&lang=de&list=1&list=2`,
    });
    const person = await here.person('plain HTTP');
    await person.opens(url);
    await person.presses('No, cancel');
    await comesHome(person);
    assert.match(new URL(person.url()).search, /^\?state=abc&lang=de&list=1&list=2&/);
  });

  test('"Once a consent object with pending status is created, redirect the user to URL supplied in redirect.consent_url attribute on the consent object"', async () => {
    await here.app.post('/v1/account', { return_urls: [here.app.returnUrl, `${here.app.returnUrl}/{session}`] });
    const return_url = `${here.app.returnUrl}/{SESSION_ID}`;
    const consent = await here.app.post('/v1/consents', {
      customer: await newCustomer(),
      provider: 'de-lindental',
      return_url,
    });
    assert.equal(consent.status, 'pending');
    assert.equal(consent.redirect.return_url, return_url);
    const person = await here.person('plain HTTP');
    await person.opens(consent.redirect.consent_url);
    await person.presses('No, cancel');
    await comesHome(person);
    assert.match(new URL(person.url()).pathname, /^\/callback\/ses_\w{22}$/);
  });

  test('"skip_info (true, false by default) - when passed true, the first screen … will be skipped only for mobile users."', async () => {
    for (const [userAgent, skipped] of [
      [PHONE, true],
      [undefined, false],
    ] as const) {
      const { url } = await here.asksForConsent({ provider: 'de-lindental' });
      const person = await here.person('plain HTTP', userAgent ? { userAgent } : {});
      await person.opens(`${url}?skip_info=true`);
      assert.equal(await person.canPress(/^Agree/), skipped);
    }
  });

  test('"skip_qr (true, false by default) - when passed true, the screen with QR code to open a mobile app will be skipped only for desktop users."', async () => {
    const { url } = await here.asksForConsent({ provider: 'nl-polderbank' });
    const person = await here.person('plain HTTP');
    await person.opens(`${url}?skip_qr=true`);
    await person.presses('Continue');
    await person.sees('Allow Leafbook to read your accounts at Polderbank?');
  });

  test('"template an identifier of an existing white-label template": one that does not exist is a clear page', async () => {
    const { url } = await here.asksForConsent({ provider: 'de-lindental' });
    const person = await here.person('plain HTTP');
    await person.opens(`${url}?template=tpl_nothing`);
    assert.equal(person.status(), 400);
    await person.sees('template');
  });

  test('"Note the user can deny the access request at the consent page … as well as at the consent page at a bank. When user denies access, the status changes to canceled on the consent object."', async () => {
    assert.equal((await here.app.get(`/v1/consents/${(await denies()).consent}`)).status, 'canceled');
    const { consent, url } = await here.asksForConsent({ provider: 'gb-harrowby' });
    const person = await here.person('plain HTTP');
    await begins(person, url, WAYS.explicit);
    await agrees(person);
    await goesToBank(person, 'Harrowby Mutual');
    await logsInAtBank(person, 'alice', 'harrowby-1');
    await person.presses('Refuse');
    await comesHome(person);
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'canceled');
  });

  test('"… we\'ll pass along in the url: fx_consent, the value of which is the ID of the consent object and other parameters that were provided in Step 1 (e.g. state)."', async () => {
    const { consent, state, returned } = await connected();
    assert.equal(returned.searchParams.get('fx_consent'), consent);
    assert.equal(returned.searchParams.get('state'), state);
  });

  test('"At this stage, the consent object has the status authorized. To access the user\'s data you can only pass the consent ID to the API endpoints to retrieve data associated with this consent."', async () => {
    const { consent } = await connected();
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
    assert.equal((await here.app.get(`/v1/bank_accounts?consent=${consent}`)).data.length, 1);
    await here.app.get(`/v1/transactions/sync?consent=${consent}`);
  });

  test('"To retrieve accounts for a customer, you can provide the customer ID … including those from both past and recent consent authorizations."', async () => {
    const first = await connected();
    await here.app.post(`/v1/consents/${first.consent}/revoke`);
    const second = await here.asksForConsent({ provider: WAYS.told.bank, customer: first.customer });
    const person = await here.person('plain HTTP');
    await connects(person, second.url, WAYS.told, here.bank);
    await comesHome(person);
    const { data } = await here.app.get(`/v1/bank_accounts?customer=${first.customer}`);
    assert.deepEqual(data.map(({ provider }: { provider: string }) => provider).sort(), ['at-enzian', 'de-lindental']);
  });

  test('"curl -X POST … bank_accounts -d consent=… -u API_KEY"', async () => {
    const { consent } = await connected();
    const basic = `Basic ${Buffer.from(`${here.key}:`).toString('base64')}`;
    const { status, body } = await here.app.call('POST', '/v1/bank_accounts', `consent=${consent}`, {
      authorization: basic,
    });
    assert.equal(status, 200);
    assert.equal(body.data.length, 1);
  });

  test('"If the user denies the access request, we\'ll pass instead an error in the url including a consent ID: … error=access_denied&error_c…"', async () => {
    const { consent, returned } = await denies();
    assert.equal(returned.searchParams.get('fx_consent'), consent);
    assert.equal(returned.searchParams.get('error'), 'access_denied');
    assert.equal(returned.searchParams.get('error_code'), 'refused_on_page');
  });

  test('"In cases when you or your client wish to revoke previously created consent, this can be done anytime in your dashboard or by hitting the revoke consent endpoint."', async () => {
    const { consent, customer } = await connected();
    const revoked = await here.app.post(`/v1/consents/${consent}/revoke`);
    assert.deepEqual([revoked.status, revoked.ended_by], ['canceled', 'app']);
    const { data } = await here.app.get(`/v1/bank_accounts?consent=${consent}`);
    assert.ok(data[0].stale_since, 'stored data stays readable, and says since when it is stale');
    const again = await here.asksForConsent({ provider: WAYS.none.bank, customer });
    const person = await here.person('plain HTTP');
    await connects(person, again.url, WAYS.none, here.bank);
    await comesHome(person);
    const managed = await here.app.post('/v1/management_sessions', { customer });
    await person.opens(managed.url);
    await person.presses('Continue');
    await person.presses(/^End: Lindental Bank/);
    await person.presses('Yes, end it');
    const ended = await here.app.get(`/v1/consents/${again.consent}`);
    assert.deepEqual([ended.status, ended.ended_by], ['canceled', 'person']);
  });

  test('"Need help getting started …? Contact our team at the Support Center"', async () => {
    const { url } = await here.asksForConsent({ provider: 'de-lindental' });
    const person = await here.person('plain HTTP');
    await person.opens(url);
    await person.sees('help@leafbook.example');
  });

  async function denies(): Promise<{ consent: string; returned: URL }> {
    const { consent, url } = await here.asksForConsent({ provider: 'de-lindental' });
    const person = await here.person('plain HTTP');
    await person.opens(url);
    await person.presses('No, cancel');
    await comesHome(person);
    return { consent, returned: new URL(person.url()) };
  }
});
