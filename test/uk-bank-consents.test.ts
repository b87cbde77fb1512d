import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as openid from 'openid-client';
import { startTrial, type Trial } from './caller.ts';
import { UK_RETURN, type UkAnswer, type UkClient, ukClient, ukPerson } from './uk-caller.ts';

const BASIC = ['ReadAccountsBasic', 'ReadBalances'];
const WAYS = {
  'gb-thornfield': { response: 'hybrid', auth: 'private_key_jwt', algorithm: 'ES256' },
  'gb-calderwye': { response: 'jarm', auth: 'private_key_jwt', algorithm: 'ES256' },
} as const;
const LOGINS = {
  'gb-thornfield': ['edith', 'thornfield-1'],
  'gb-calderwye': ['maud', 'calderwye-1'],
} as const;
const WORDS = {
  'gb-thornfield': {
    waiting: 'AwaitingAuthorisation',
    open: 'Authorised',
    refused: 'Rejected',
    withdrawn: 'Revoked',
    expired: 'Authorised',
  },
  'gb-calderwye': { waiting: 'AWAU', open: 'AUTH', refused: 'RJCT', withdrawn: 'CANC', expired: 'EXPD' },
} as const;

for (const bank of ['gb-thornfield', 'gb-calderwye'] as const) {
  describe(`consents and tokens at ${bank}`, () => {
    const [login, password] = LOGINS[bank];
    const words = WORDS[bank];
    let trial: Trial;
    let client: UkClient;
    before(async () => {
      trial = await startTrial();
      client = await ukClient(trial.sandbox, bank, WAYS[bank]);
    });
    after(async () => {
      await client?.close();
      await trial?.close();
    });
    const base = () => trial.sandbox.banks.find(({ slug }) => slug === bank)!.openBanking!.url;
    const accounts = async (token: string): Promise<number> =>
      (await client.call('GET', `${base()}/accounts`, { token })).status;
    const looked = async (id: string): Promise<UkAnswer> =>
      client.call('GET', `${base()}/account-access-consents/${id}`, { token: await client.ownToken() });
    const statusOf = async (id: string): Promise<string> => (await looked(id)).body.Data.Status;
    const refreshed = (token: string) => openid.refreshTokenGrant(client.config, token);
    const grantError = { name: 'ResponseBodyError', error: 'invalid_grant' };
    const control = (path: string, body?: object) => trial.sandbox.control(`/banks/${bank}${path}`, body);
    async function starts() {
      const consentId = await client.consent(BASIC);
      const { url, checks } = await client.begin(consentId);
      return { consentId, checks, page: await ukPerson(url) };
    }

    test('a person refuses: access_denied, and the consent is refused', async () => {
      const { consentId, checks, page } = await starts();
      assert.equal(await statusOf(consentId), words.waiting);
      await page.press('log-in', { username: login, password });
      const back = await page.press('refuse');
      assert.ok(back!.startsWith(UK_RETURN));
      await assert.rejects(client.finish(back!, checks), {
        name: 'AuthorizationResponseError',
        error: 'access_denied',
      });
      assert.equal(await statusOf(consentId), words.refused);
    });

    test('a person mistypes the password, then logs in; three times wrong is a refusal', async () => {
      const first = await starts();
      await first.page.press('log-in', { username: login, password: 'no' });
      assert.match(first.page.text, /username or the password is wrong/);
      await first.page.press('log-in', { username: login, password });
      assert.match(first.page.text, /Which accounts\?/);
      await first.page.press('approve', {});
      assert.match(first.page.text, /choose at least one account/);
      const second = await starts();
      for (const wrong of ['a', 'b']) await second.page.press('log-in', { username: login, password: wrong });
      const back = await second.page.press('log-in', { username: login, password: 'c' });
      assert.ok(back!.startsWith(UK_RETURN));
      assert.equal(await statusOf(second.consentId), words.refused);
    });

    test('a person walks away, and another browser cannot take over', async () => {
      const { consentId, page } = await starts();
      const [, id] = /action="\/approve\/([\w-]+)\/login"/.exec(page.text)!;
      const stranger = await ukPerson(`${trial.sandbox.peopleUrl(bank)}/approve/${id}`);
      assert.equal(stranger.status, 404);
      assert.equal(await statusOf(consentId), words.waiting);
    });

    test('a person picks some accounts: the others are not there', async () => {
      const { checks, page } = await starts();
      await page.press('log-in', { username: login, password });
      const [, number] = /name="account" value="([^"]+)"/.exec(page.text)!;
      const tokens = await client.finish((await page.press('approve', { account: number! }))!, checks);
      const { body } = await client.call('GET', `${base()}/accounts`, { token: tokens.access_token });
      assert.equal(body.Data.Account.length, 1);
    });

    test('a consent of somebody else, or of nobody, cannot be approved', async () => {
      const other = await ukClient(trial.sandbox, bank, WAYS[bank]);
      for (const id of [await other.consent(BASIC), 'aac-none']) {
        const { url, checks } = await client.begin(id);
        const back = await ukPerson(url).then(
          () => assert.fail('the bank shows a page'),
          (error: Error & { actual?: string }) => error.actual,
        );
        await assert.rejects(client.finish(back!, checks), { error: 'invalid_request' });
      }
      await other.close();
    });

    test('withdrawn at the bank by the person: tokens end, and the consent says so', async () => {
      const { consentId, accessToken, refreshToken } = await client.approved(login);
      assert.equal(await accounts(accessToken), 200);
      const page = await ukPerson(`${trial.sandbox.peopleUrl(bank)}/consents`);
      await page.press('log-in', { username: login, password });
      assert.ok(page.text.includes(`consent-${consentId}`));
      const [, action] = new RegExp(`action="(/consents/${consentId}/revoke)"`).exec(page.text)!;
      await page.send(action!);
      assert.equal(await statusOf(consentId), words.withdrawn);
      assert.equal(await accounts(accessToken), 401);
      await assert.rejects(refreshed(refreshToken), grantError);
    });

    test('deleted by the client: gone', async () => {
      const { consentId, accessToken, refreshToken } = await client.approved(login);
      const token = await client.ownToken();
      const gone = await client.call('DELETE', `${base()}/account-access-consents/${consentId}`, { token });
      assert.deepEqual([gone.status, gone.text], [204, '']);
      assert.equal((await looked(consentId)).status, 400);
      assert.equal(await accounts(accessToken), 401);
      await assert.rejects(refreshed(refreshToken), grantError);
    });

    test('past its date: expired by the sandbox’s clock, while tokens live by the machine’s', async () => {
      const ends = (days: number) => new Date(trial.clock.now().getTime() + days * 86_400_000).toISOString();
      const ExpirationDateTime = ends(30);
      const ending = await client.approved(login, BASIC, { ExpirationDateTime });
      const lasting = await client.approved(login);
      assert.equal((await looked(ending.consentId)).body.Data.ExpirationDateTime, ExpirationDateTime);
      await trial.clock.advance(31 * 86_400_000);
      assert.equal(await accounts(ending.accessToken), 401);
      assert.equal(await statusOf(ending.consentId), words.expired);
      await assert.rejects(refreshed(ending.refreshToken), grantError);
      assert.equal(await accounts(lasting.accessToken), 200);
    });

    test('approved again: the same consent with new tokens, and the old ones have ended', async () => {
      const { consentId, accessToken, refreshToken } = await client.approved(login);
      const { url, checks } = await client.begin(consentId);
      const page = await ukPerson(url);
      await page.press('log-in', { username: login, password });
      const numbers = [...page.text.matchAll(/name="account" value="([^"]+)"/g)].map(([, number]) => number!);
      const tokens = await client.finish((await page.press('approve', { account: numbers }))!, checks);
      assert.equal(await accounts(tokens.access_token), 200);
      assert.equal(await accounts(accessToken), 401);
      await assert.rejects(refreshed(refreshToken), grantError);
      assert.equal(await statusOf(consentId), words.open);
    });

    test('refresh tokens stay or are good for one use, as the bank is and control says', async () => {
      const usually = bank === 'gb-calderwye';
      for (const rotate of [usually, !usually]) {
        await control('/open-banking', { rotate });
        const { accessToken, refreshToken } = await client.approved(login);
        const renewed = await refreshed(refreshToken);
        assert.equal(await accounts(renewed.access_token), 200);
        assert.equal(renewed.refresh_token !== refreshToken, rotate);
        if (!rotate) assert.equal((await refreshed(refreshToken)).token_type, 'bearer');
        else {
          await assert.rejects(refreshed(refreshToken), grantError);
          assert.equal(await accounts(accessToken), 401, 'used twice means stolen: everything ends');
        }
      }
      await control('/open-banking', { rotate: usually });
    });

    test('control ends tokens and consents', async () => {
      const { consentId, accessToken, refreshToken } = await client.approved(login);
      assert.deepEqual(await control(`/consents/${consentId}/tokens`, { end: 'access' }), { ended: 1 });
      assert.equal(await accounts(accessToken), 401);
      const renewed = await refreshed(refreshToken);
      await control(`/consents/${consentId}/tokens`, { end: 'refresh' });
      assert.equal(await accounts(renewed.access_token), 200);
      await assert.rejects(refreshed(renewed.refresh_token ?? refreshToken), grantError);
      await control(`/consents/${consentId}/tokens`, { end: 'all' });
      assert.equal(await accounts(renewed.access_token), 401);
      await assert.rejects(async () => control(`/consents/${consentId}/tokens`, { end: 'some' }));
      await control(`/consents/${consentId}/revoke`, {});
      assert.equal(await statusOf(consentId), words.withdrawn);
      await assert.rejects(async () => control(`/consents/${consentId}/expire`, {}), 'it has ended already');
      const { consents } = (await control('/consents')) as { consents: { id: string; status: string }[] };
      assert.equal(consents.find(({ id }) => id === consentId)!.status, 'cancelled');
    });

    test('control has the next approval refused', async () => {
      await control('/refuse-next', {});
      const { consentId, page } = await starts();
      await page.press('log-in', { username: login, password });
      const [, number] = /name="account" value="([^"]+)"/.exec(page.text)!;
      await page.press('approve', { account: number! });
      assert.equal(await statusOf(consentId), words.refused);
    });

    test('everything outlasts a restart', async () => {
      const { consentId, accessToken } = await client.approved(login);
      await trial.restart();
      assert.equal(await accounts(accessToken), 200);
      const { consents } = (await control('/consents')) as { consents: { id: string }[] };
      assert.ok(consents.some(({ id }) => id === consentId));
    });
  });
}
