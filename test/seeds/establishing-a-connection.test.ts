import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  agrees,
  begins,
  comesHome,
  connects,
  findsBank,
  goesToBank,
  grants,
  logsInAtBank,
  WAYS,
} from '../journeys/ways.ts';
import { type World, world } from '../world.ts';

/** Every sentence of the guide "Establishing a Connection", in its order, each with what makes it true here. */
describe('Establishing a Connection', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  const session = (body: object) =>
    here.app.post('/v1/connect_user_sessions', { return_url: `${here.app.returnUrl}?state=s`, ...body });

  test('"Initiate the connection process by creating a connect user session using the Create Connect User Session endpoint."', async () => {
    const { status, body } = await here.app.call('POST', '/v1/connect_user_sessions', { user: 'initiate' });
    assert.equal(status, 201);
    assert.equal(body.object, 'connect_user_session');
    assert.equal(body.status, 'open');
  });

  test('"This session will provide you with a redirect URL to our Universal Bank Access platform."', async () => {
    const { url } = await session({ user: 'redirect-url' });
    const person = await here.person('plain HTTP');
    await person.opens(url);
    await person.sees('Leafbook would like to read your bank accounts');
  });

  test('"Also, this flow automatically creates a new user for the provided ID."', async () => {
    const first = await session({ user: 'created-1' });
    assert.equal(first.customer_created, true);
    assert.equal((await here.app.get(`/v1/customers/${first.customer}`)).reference, 'created-1');
    const again = await session({ user: 'created-1' });
    assert.deepEqual([again.customer, again.customer_created], [first.customer, false]);
  });

  test('"If you intend to connect multiple bank accounts for the same user, please use the Create Management Session endpoint instead."', async () => {
    const first = await session({ user: 'several', provider: WAYS.none.bank, recurring: true });
    const person = await here.person('plain HTTP');
    await connects(person, first.url, WAYS.none, here.bank);
    await comesHome(person);
    const managed = await here.app.post('/v1/management_sessions', {
      customer: first.customer,
      return_url: here.app.returnUrl,
    });
    assert.equal(managed.object, 'management_session');
    await person.opens(managed.url);
    await person.presses('Continue');
    await person.sees('Your bank connections');
    await person.sees('Lindental Bank');
    await person.presses('Add a bank');
    await findsBank(person, 'Enzian');
    await agrees(person);
    await WAYS.told.signIn(person);
    await grants(person);
    await person.sees(/Enzian Sparverein/);
    const { data } = await here.app.get(`/v1/connections?customer=${first.customer}`);
    assert.equal(data.length, 2);
  });

  test('"Upon entering our Universal Bank Access platform, the user may search their respective bank they intend to connect to."', async () => {
    const { url } = await session({ user: 'searches' });
    const person = await here.person('plain HTTP');
    await person.opens(url);
    await person.presses('Continue');
    for (const query of ['Nordwind', 'nordwnd', 'NRWDDE99XXX', '99910100', 'Husum', 'DE86 9991 0100 0000 0010 01']) {
      await person.fills('Find your bank', query);
      await person.presses('Search');
      await person.sees('Nordwind Bank');
    }
  });

  test('"After selecting their bank, the user may need to select what type of account to connect … depending on the bank\'s configuration."', async () => {
    const { url } = await session({ user: 'selects-type' });
    const person = await here.person('plain HTTP');
    await person.opens(url);
    await person.presses('Continue');
    await findsBank(person, 'Nordwind');
    await person.sees('Which kind of account?');
    await person.sees('Credit cards');
  });

  test('"This is typically required for banks that support multiple account types."', async () => {
    const { data } = await here.app.get('/v1/providers?limit=100');
    for (const provider of data) {
      const { url } = await session({ user: `types-${provider.id}`, provider: provider.id });
      const person = await here.person('plain HTTP');
      await person.opens(url);
      await person.presses('Continue');
      if (provider.interfaces.length > 1) await person.sees('Which kind of account?');
      else await person.doesNotSee('Which kind of account?');
    }
  });

  test('"Please make sure, that the user selects the correct account type to ensure proper data retrieval."', async () => {
    const { url } = await session({ user: 'correct-type', provider: 'de-nordwind' });
    const person = await here.person('plain HTTP');
    await person.opens(url);
    await person.presses('Continue');
    await person.sees(/Current accounts and Savings accounts.*Not included: Credit cards/);
  });

  test('"The user will be guided through the bank\'s authentication process, which may include entering their credentials and completing any required Strong Customer Authentication (SCA) steps."', async () => {
    const { url } = await session({ user: 'guided', provider: WAYS.many.bank });
    const person = await here.person('plain HTTP');
    await begins(person, url, WAYS.many);
    await agrees(person);
    await person.sees('Sign in to Lindental Bank');
    await WAYS.many.signIn(person);
    await person.sees('Which accounts may be shared?');
  });

  test('"After successful authentication, the user will be prompted to grant consent for data access."', async () => {
    const { url, customer } = await session({ user: 'prompted', provider: WAYS.none.bank });
    const person = await here.person('plain HTTP');
    await begins(person, url, WAYS.none);
    await agrees(person);
    await WAYS.none.signIn(person);
    await person.sees('Which accounts may be shared?');
    const { data } = await here.app.get(`/v1/bank_accounts?customer=${customer}`);
    assert.deepEqual(data, [], 'something was read before the grant');
  });

  test('"Once consent is granted, the connection is established, and the user is redirected back to your application."', async () => {
    const { url, id, customer } = await session({ user: 'granted', provider: WAYS.none.bank, recurring: true });
    const person = await here.person('plain HTTP');
    await connects(person, url, WAYS.none, here.bank);
    await comesHome(person);
    assert.equal(new URL(person.url()).searchParams.get('fx_session'), id);
    const { data } = await here.app.get(`/v1/connections?customer=${customer}`);
    assert.deepEqual(
      data.map(({ status }: { status: string }) => status),
      ['active'],
    );
  });

  test('"Embedded: The authentication process occurs within our Universal Bank Access platform, providing a seamless user experience."', async () => {
    const { url } = await session({ user: 'embedded', provider: WAYS.one.bank });
    const person = await here.person('plain HTTP');
    await begins(person, url, WAYS.one);
    await agrees(person);
    await WAYS.one.signIn(person);
    assert.ok(person.url().startsWith(here.url));
    await person.sees('Which accounts may be shared?');
  });

  test('"Decoupled: The authentication process is handled through a separate device or application, such as a mobile banking app."', async () => {
    const { url } = await session({ user: 'decoupled', provider: WAYS.decoupled.bank });
    const person = await here.person('plain HTTP');
    await connects(person, url, WAYS.decoupled, here.bank);
    await comesHome(person);
  });

  test('"Redirected: The user is redirected to the bank\'s website to complete the authentication process."', async () => {
    const { url } = await session({ user: 'redirected', provider: WAYS.oauth.bank });
    const person = await here.person('plain HTTP');
    await begins(person, url, WAYS.oauth);
    await agrees(person);
    await goesToBank(person, 'Alpenhof Bank');
    assert.equal(new URL(person.url()).hostname, 'at-alpenhof.localhost');
    await logsInAtBank(person, 'lena', 'alpenhof-1');
    await person.presses('Approve');
    await comesHome(person);
  });

  test('"The required mechanism is determined by every bank and the selected account types, so the exact flow may differ between banks and even account types within the same bank."', async () => {
    const shown = [];
    for (const way of [WAYS.redirected, WAYS.cards]) {
      const { url } = await session({ user: 'differs', provider: 'de-nordwind' });
      const person = await here.person('plain HTTP');
      await begins(person, url, way);
      await agrees(person);
      shown.push((await person.canFill(/^User name/i)) ? 'embedded' : 'redirected');
    }
    assert.deepEqual(shown, ['redirected', 'embedded']);
  });

  test('"In any case, our Universal Bank Access platform will guide the user through the appropriate steps to ensure compliance with SCA requirements."', async () => {
    const { data } = await here.app.get('/v1/providers?limit=100');
    const approaches = new Set(
      data.flatMap(({ interfaces }: { interfaces: { sca: string[] }[] }) => interfaces.flatMap(({ sca }) => sca)),
    );
    assert.deepEqual([...approaches].sort(), ['decoupled', 'embedded', 'redirected']);
  });

  test('"Should you encounter any issues during the connection process, please refer to our Troubleshooting Guide for assistance or feel free to contact our support team for further help."', async () => {
    const { url } = await session({ user: 'issues' });
    const person = await here.person('plain HTTP');
    await person.opens(url);
    await person.sees('help@leafbook.example');
    await person.follows(/^Step-by-step help/);
    await person.sees(/code|bank/i);
    assert.equal(person.status(), 200);
  });
});
