import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { findBank, findPerson } from '../../src/sandbox/world/banks.ts';
import { numberOf } from '../../src/sandbox/world/holdings.ts';
import { looksWithAxe } from '../visitor/axe.ts';
import type { BrowserVisitor } from '../visitor/browser.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { type World, world } from '../world.ts';
import { answersEverything, GESA, NELE, type Person, RUBEN, TILL, typesLogin, WANDA } from './own-login.ts';
import { agrees, comesHome } from './ways.ts';

describe('a person connects with their own login in Chromium', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here?.close());

  const WAYS = { 'choosing a method, with a picture': NELE, 'with a flicker code': TILL, 'in the app': RUBEN };
  for (const how of ['Chromium', 'Chromium without scripts'] as const) {
    for (const [name, who] of Object.entries(WAYS)) {
      // Waiting takes its time: without scripts only in the long run.
      if (who === RUBEN && how !== 'Chromium' && !process.env.LONG) continue;
      test(`${name}, ${how === 'Chromium' ? 'with scripts' : 'scripts blocked'}`, async () => {
        const chromium = (await here.person(how, { width: how === 'Chromium' ? 360 : 1280 })) as BrowserVisitor;
        // axe is a script: where scripts are blocked the pages are the same.
        const person = how === 'Chromium' ? looksWithAxe(chromium, here.url) : chromium;
        const consent = await begins(person, who);
        await typesLogin(person, who);
        if (who === NELE) {
          await person.sees('How would you like');
          await person.presses(NELE.method!);
          await person.sees('Enter the code', 30_000);
          assert.ok(
            await chromium.page
              .locator('.picture img')
              .evaluate((image) => (image as HTMLImageElement).naturalWidth > 50)
              .catch(() => how !== 'Chromium'),
          );
        }
        if (who === TILL) await adjustsFlicker(chromium);
        const over = here.bank.approvesEverything(who.bank, who.login);
        await answersEverything(person, who).finally(over);
        await comesHome(person);
        await readWhole(consent, who);
        await person.close();
      });
    }

    test(`a code asked for again and again in the middle of the first reading, ${how === 'Chromium' ? 'with scripts' : 'scripts blocked'}: nothing is lost or doubled`, async () => {
      // At every statement and at every further page of one.
      await here.bank.order(`/banks/${WANDA.bank}/fints`, { demands: { next_page: 'always' } });
      const person = await here.person(how);
      const consent = await begins(person, WANDA);
      await typesLogin(person, WANDA);
      const codes = await answersEverything(person, WANDA);
      assert.ok(codes > 4, `${codes} codes`);
      await comesHome(person);
      await readWhole(consent, WANDA);
      await here.bank.order(`/banks/${WANDA.bank}/fints`, { demands: { next_page: 'never' } });
      await person.close();
    });
  }

  test('a depot is listed beside account and card, without a balance and without entries', async () => {
    const person = await here.person('plain HTTP');
    const consent = await begins(person, GESA);
    await typesLogin(person, GESA);
    await answersEverything(person, GESA);
    await comesHome(person);
    const { data } = await here.app.get(`/v1/bank_accounts?consent=${consent}`);
    const byType = (type: string) => data.find((account: { account_type: string }) => account.account_type === type);
    assert.deepEqual(data.length, 3);
    const depot = byType('investment');
    assert.match(depot.identification.bban, /7006001$/);
    assert.equal(depot.stale_since, null);
    for (const what of ['balances', 'transactions'])
      assert.deepEqual((await here.app.get(`/v1/bank_accounts/${depot.id}/${what}`)).data, []);
    const card = byType('credit_card');
    const { data: turnovers } = await here.app.get(`/v1/bank_accounts/${card.id}/transactions?limit=500`);
    assert.ok(turnovers.length > 0 && (await here.app.get(`/v1/bank_accounts/${card.id}/balances`)).data.length > 0);
    assert.equal((await here.app.get(`/v1/connections/${depot.connection}`)).status, 'active');
  });

  async function begins(person: Visitor, who: Person): Promise<string> {
    const { consent, url } = await here.asksForConsent({ provider: who.bank, history_days: 85 });
    await person.opens(url);
    if (await person.canPress('Continue')) await person.presses('Continue');
    await agrees(person);
    return consent;
  }

  /** Every booked entry that the bank has of these days is there, and once. */
  async function readWhole(consent: string, who: Person): Promise<void> {
    const found = await here.app.get(`/v1/consents/${consent}`);
    await here.app.hears('sync.completed', { connection: found.connection });
    const { data: accounts } = await here.app.get(`/v1/bank_accounts?consent=${consent}`);
    const { holdings } = findPerson(findBank(who.bank)!, who.login)!;
    const since = new Date(here.clock.now().getTime() - 80 * 86_400_000).toISOString().slice(0, 10);
    for (const holding of holdings) {
      // A card is shown with its middle hidden.
      const ends = numberOf(holding).slice(-4);
      const account = accounts.find(
        ({
          identification: { iban, masked_pan },
        }: {
          identification: { iban: string | null; masked_pan: string | null };
        }) => (holding.iban ? iban === holding.iban : masked_pan?.endsWith(ends)),
      );
      assert.ok(account, `${ends} among ${accounts.length}`);
      const number = encodeURIComponent(numberOf(holding));
      const { transactions } = await here.bank.order(`/banks/${who.bank}/accounts/${number}/transactions`);
      const { data: read } = await here.app.get(
        `/v1/bank_accounts/${account.id}/transactions?status=booked&from=${since}&limit=500`,
      );
      const theirs = transactions
        .filter((one: { pending: boolean; booking_date: string }) => !one.pending && one.booking_date >= since)
        .map((one: { cents: number; booking_date: string }) => `${one.booking_date} ${one.cents}`);
      const ours = read.map(
        (one: { booked_on: string; amount: string }) => `${one.booked_on} ${Math.round(Number(one.amount) * 100)}`,
      );
      assert.deepEqual(ours.sort(), theirs.sort());
    }
  }

  /** By keyboard: it stands still until a pace is chosen, and becomes wider. */
  async function adjustsFlicker({ page }: BrowserVisitor): Promise<void> {
    await page.getByText('Enter the code').first().waitFor();
    const bars = page.locator('.bars:visible');
    assert.equal(await bars.count(), 0, 'it flickers before anybody wanted it');
    await page.locator('#pace-still').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.locator('#pace-1').isChecked(), true);
    assert.equal(await bars.count(), 1);
    const middle = (await bars.boundingBox())!.width;
    await page.locator('#width-1').focus();
    await page.keyboard.press('ArrowUp');
    assert.ok((await bars.boundingBox())!.width < middle);
    if (process.env.SHOTS)
      await page.screenshot({ path: `${process.env.SHOTS}/flicker-${page.viewportSize()!.width}.png`, fullPage: true });
  }
});
