import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PlainVisitor } from '../visitor/plain.ts';
import { readQr } from '../visitor/qr.ts';
import { type World, world } from '../world.ts';
import { agrees, begins, comesHome, grants, WAYS, type Way } from './ways.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

describe('one visit on two screens', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  const plain = async () => (await here.person('plain HTTP')) as PlainVisitor;

  /** A visit that has agreed on the desktop, and the address its code holds. */
  async function offers(way: Way) {
    const desktop = await plain();
    const { consent, url } = await here.asksForConsent({ provider: way.bank });
    await begins(desktop, url, way);
    await agrees(desktop);
    return { desktop, consent, url, code: readQr(desktop.page().html) };
  }
  async function takesOver(code: string) {
    const phone = await plain();
    await phone.opens(code);
    await phone.sees('Go on here for Leafbook?');
    await phone.presses('Yes, go on here');
    return phone;
  }
  const digitsOn = async (phone: PlainVisitor) => /\b(\d{6})\b/.exec(await phone.text())?.[1] ?? '';
  const types = async (desktop: PlainVisitor, digits: string) => {
    await desktop.fills('Six digits', digits);
    await desktop.presses('Go on');
  };
  const other = (digits: string) => String((Number(digits) + 1) % 1_000_000).padStart(6, '0');

  const ways = [WAYS.redirected, WAYS.oauth, WAYS.many, WAYS.decoupled, ...(process.env.LONG ? [WAYS.turned] : [])];
  for (const way of ways as Way[]) {
    test(`${way.name}: the phone answers the bank, its digits bring the visit back`, async () => {
      const { desktop, consent, code } = await offers(way);
      const phone = await takesOver(code);
      await desktop.reloads();
      await desktop.sees('Now on your phone');
      const over = here.bank.approvesEverything(way.bank, way.login);
      try {
        await way.signIn(phone, { approvesEverything: () => async () => undefined });
        await phone.sees('Type these digits on the other screen', 30_000);
      } finally {
        await over();
      }
      const digits = await digitsOn(phone);
      assert.match(digits, /^\d{6}$/);
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'pending', 'nothing is shared yet');
      await desktop.reloads();
      await desktop.sees('Your phone shows six digits');
      await types(desktop, other(digits));
      await desktop.sees('2 tries are left');
      await types(desktop, digits);
      await phone.reloads();
      await phone.sees('Back to the other screen');
      if (way.grants) await grants(desktop);
      await comesHome(desktop);
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
      await phone.reloads();
      await phone.doesNotSee(/Back to Leafbook|fx_/);
    });
  }

  test('a code is good for a minute and one phone; opening it takes nothing', async () => {
    const { desktop, code } = await offers(WAYS.one);
    const preview = await plain();
    await preview.opens(code);
    await desktop.reloads();
    await desktop.sees('Sign in to');
    await here.clock.advance(81 * SECOND);
    const late = await plain();
    await late.opens(code);
    await late.sees('This code is no longer good');
    await desktop.reloads();
    const fresh = readQr(desktop.page().html);
    assert.notEqual(fresh, code);
    await takesOver(fresh);
    await late.opens(fresh);
    await late.sees('This code is no longer good');
    await preview.presses('Yes, go on here');
    await preview.sees('This code is no longer good');
    await late.opens(`${fresh.slice(0, -1)}${fresh.endsWith('A') ? 'B' : 'A'}`);
    assert.equal(late.status(), 410);
  });

  test('the phone says for whom it was begun, but not their name; whoever did not begin it says so', async () => {
    const customer = (await here.app.post('/v1/customers', { reference: 'c-77', name: 'Astrid Moreau' })).id;
    const desktop = await plain();
    const { url } = await here.asksForConsent({ provider: WAYS.one.bank, customer });
    await begins(desktop, url, WAYS.one);
    await agrees(desktop);
    const phone = await plain();
    await phone.opens(readQr(desktop.page().html));
    await phone.sees('A••• M•••');
    await phone.doesNotSee('Astrid');
    await phone.presses('This is not me');
    await phone.sees('Thank you for being careful');
    await desktop.reloads();
    await desktop.sees('Sign in to');
  });

  test('taking it back forgets what the phone has begun', async () => {
    const { desktop, consent, code } = await offers(WAYS.many);
    const phone = await takesOver(code);
    await phone.fills(/^User name/, WAYS.many.login);
    await phone.fills(/^Password/, WAYS.many.password);
    await phone.presses('Sign in');
    await phone.sees('How would you like');
    await desktop.reloads();
    await desktop.presses('Take it back to this device');
    await desktop.sees('Agree and go on');
    await phone.reloads();
    await phone.sees('Back to the other screen');
    await phone.doesNotSee('How would you like');
    await desktop.presses(/^Agree/);
    await desktop.sees('Sign in to');
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'pending');
  });

  test('three wrong digits end it, and what the bank gave is given back', async () => {
    const { desktop, consent, code } = await offers(WAYS.none);
    const phone = await takesOver(code);
    await (WAYS.none as Way).signIn(phone, here.bank);
    const digits = await digitsOn(phone);
    await desktop.reloads();
    for (let guess = 0; guess < 3; guess++) await types(desktop, other(digits));
    await desktop.sees(/Too many tries|did not work|stop here/);
    const gone = await here.app.get(`/v1/consents/${consent}`);
    assert.deepEqual([gone.status, gone.failure?.code], ['failed', 'too_many_tries']);
  });

  test('digits of more than five minutes ago are worth nothing, newer ones are', async () => {
    const { desktop, code } = await offers(WAYS.none);
    const phone = await takesOver(code);
    await (WAYS.none as Way).signIn(phone, here.bank);
    const old = await digitsOn(phone);
    await here.clock.advance(5 * MINUTE + SECOND);
    await desktop.reloads();
    await types(desktop, old);
    await desktop.sees('2 tries are left');
    await phone.reloads();
    await types(desktop, await digitsOn(phone));
    await grants(desktop);
    await comesHome(desktop);
  });

  test('skip_qr offers nothing, nor does a phone', async () => {
    for (const [query, userAgent] of [
      ['?skip_qr=true', undefined],
      ['', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148'],
    ] as const) {
      const person = (await here.person('plain HTTP', { ...(userAgent ? { userAgent } : {}) })) as PlainVisitor;
      const { url } = await here.asksForConsent({ provider: WAYS.one.bank });
      await begins(person, `${url}${query}`, WAYS.one);
      await agrees(person);
      await person.sees('Sign in to');
      await person.doesNotSee('Continue on your phone');
    }
  });

  test('both screens go on by themselves, told by the server', async () => {
    const desktop = await here.person('Chromium');
    const { url } = await here.asksForConsent({ provider: WAYS.decoupled.bank });
    await begins(desktop, url, WAYS.decoupled);
    await agrees(desktop);
    const html = await (desktop as unknown as { page: { content(): Promise<string> } }).page.content();
    const phone = await here.person('Chromium', { width: 390 });
    await phone.opens(readQr(html));
    await phone.presses('Yes, go on here');
    await desktop.sees('Now on your phone');
    const over = here.bank.approvesEverything(WAYS.decoupled.bank, WAYS.decoupled.login);
    try {
      await phone.fills(/^User name/, WAYS.decoupled.login);
      await phone.presses('Sign in');
      await phone.sees('Type these digits on the other screen', 30_000);
    } finally {
      await over();
    }
    await desktop.sees('Your phone shows six digits');
    await desktop.fills('Six digits', /\b(\d{6})\b/.exec(await phone.text())?.[1] ?? '');
    await desktop.presses('Go on');
    await phone.sees('Back to the other screen');
    await grants(desktop);
    await comesHome(desktop);
  });
});
