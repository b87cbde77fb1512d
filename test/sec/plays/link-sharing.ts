import { randomBytes } from 'node:crypto';
import { createApp } from '../../../src/platform/apps/apps.ts';
import {
  agrees,
  approvesAtBank,
  begins,
  comesHome,
  connects,
  grants,
  logsInAtBank,
  signsIn,
  WAYS,
  type Way,
} from '../../journeys/ways.ts';
import { readQr } from '../../visitor/qr.ts';
import type { World } from '../../world.ts';
import { dataOf, somebody, statusOf, untilBank, untilReturn } from '../at-bank.ts';
import type { Play, Stage } from '../play.ts';

/**
 * T2: A begins a session in his own app account and lets V finish it. V's accounts must not end up with A. Three ways: our
 * link, the bank's address out of A's tab, and the picture that leads a desktop's visit to a phone.
 */
export const linkSharing: Play = {
  id: 'T2',
  threat: 'Link sharing: the attacker begins, the victim approves, the attacker’s app account reads',
  quick: true,
  async play(stage) {
    const here = await stage.world();
    await byOurLink(stage, here);
    for (const way of [WAYS.oauth, WAYS.redirected, WAYS.told]) await byBanksAddress(stage, here, way);
    for (const way of [WAYS.oauth, WAYS.none]) await byPicture(stage, here, way);
    await byClosedBrowser(stage, here);
    await bySigningIn(stage, here);
    await unclaimed(stage);
  },
};

/** A has begun to sign in; V is sent A's link. */
async function byOurLink({ attack, control }: Stage, here: World): Promise<void> {
  const [a, v] = [await somebody(here), await somebody(here)];
  const asked = await here.asksForConsent({ provider: WAYS.one.bank });
  await begins(a, asked.url, WAYS.one);
  await agrees(a);
  await attack(
    'our link: V opens the link of a visit in which A is signing in, and is asked for her password',
    async () => {
      await v.opens(asked.url);
      return (await v.canPress('Continue')) || (await v.canFill(/Password/));
    },
  );
  await attack('our link: V opens the clean address of A’s visit', async () => {
    await v.opens(a.url());
    return (await v.canPress(/./)) && (await v.canFill(/Password/));
  });
  await attack('our link: V sends A’s form from her own browser', async () => {
    const before = JSON.stringify(await here.app.get(`/v1/consents/${asked.consent}`));
    const cookie = v.jar.all.map(({ name, value }) => `${name}=${value}`).join('; ');
    const form = new URLSearchParams({ do: 'fields', turn: '4', password: 'lindental-2', csrf: 'x' });
    await here.app.call('POST', new URL(a.url()).pathname, form.toString(), { authorization: '', cookie });
    return JSON.stringify(await here.app.get(`/v1/consents/${asked.consent}`)) !== before;
  });
  await attack('our link: what A’s app account reads', () => dataOf(here, asked.customer));
  // Taking over before signing in is allowed: then it is V's visit, and A's browser is out.
  const early = await here.asksForConsent({ provider: WAYS.none.bank });
  await begins(a, early.url, WAYS.none);
  await begins(v, early.url, WAYS.none);
  await attack('our link: A goes on in a visit that V has taken over', async () => {
    await a.reloads();
    if (!(await a.canPress(/^Agree/))) return false;
    await agrees(a);
    return a.canFill(/Password/);
  });
  await v.reloads();
  control('V, who took over before signing in began, may go on', await v.canPress(/^Agree|^Continue/));
}

/** A shows V the picture on his desktop that leads to a phone; V scans it, goes on and satisfies her bank. */
async function byPicture({ attack, control }: Stage, here: World, way: Way): Promise<void> {
  const [a, v, w] = [await somebody(here), await somebody(here), await somebody(here)];
  const asked = await here.asksForConsent({ provider: way.bank });
  await begins(a, asked.url, way);
  await agrees(a);
  const code = readQr(a.page().html);
  await v.opens(code);
  control(
    `the picture, ${way.name}: V is told to go on only at a screen of her own`,
    (await v.text()).includes('is your own'),
  );
  await attack(`the picture, ${way.name}: somebody else goes on as well`, async () => {
    await v.presses('Yes, go on here');
    await w.opens(code);
    return w.canPress('Yes, go on here');
  });
  await way.signIn(v, here.bank);
  control(`the picture, ${way.name}: V’s phone shows digits`, /\b\d{6}\b/.test(await v.text()));
  await attack(`the picture, ${way.name}: A’s desktop goes on without the digits`, async () => {
    await a.reloads();
    return (await a.canPress('Share and finish')) || (await a.canPress('Take it back to this device'));
  });
  await attack(`the picture, ${way.name}: A opens the address V’s phone shows`, async () => {
    await w.opens(v.url());
    return /\b\d{6}\b/.test(await w.text());
  });
  await attack(`the picture, ${way.name}: A guesses three times`, async () => {
    for (const guess of ['000000', '123456', '999999']) {
      if (!(await a.canFill('Six digits'))) return true;
      await a.fills('Six digits', guess);
      await a.presses('Go on');
    }
    return statusOf(here, asked.consent).then((status) => status !== 'failed');
  });
  await attack(`the picture, ${way.name}: what A’s app account reads`, () => dataOf(here, asked.customer));
}

/** A copies the address of the bank's page out of his tab; V logs in there and approves. */
async function byBanksAddress({ attack, control, note }: Stage, here: World, way: Way): Promise<void> {
  const [a, v] = [await somebody(here), await somebody(here)];
  const asked = await (way === WAYS.told ? untilEnzian(here, a) : untilBank(here, a, way));
  const copied = a.url();
  const name = `the bank’s address (${way.bankName})`;
  await v.opens(copied);
  await logsInAtBank(v, way.login, way.password);
  await approvesAtBank(v);
  const landed = v.url();
  note(`V lands at ${new URL(landed).pathname} with ${v.status()}`);
  await attack(
    `${name}: V’s approval, in V’s browser, finishes A’s visit`,
    async () => (await statusOf(here, asked.consent)) === 'authorized',
  );
  const visit = new URL(asked.url);
  await attack(
    `${name}: A reloads, waits and polls`,
    async () => {
      let won = 0;
      for (let times = 0; times < 10; times += 1) {
        await a.opens(visit.href);
        won += Number(
          (await statusOf(here, asked.consent)) === 'authorized' || /may be shared|will be shared/.test(await a.text()),
        );
      }
      return won;
    },
    10,
  );
  await attack(`${name}: A comes back without state and code`, async () => {
    for (const query of ['', '?code=stolen', '?state=', `?state=${'A'.repeat(43)}&code=x`])
      await a.opens(`${here.url}/back/${way.bank}${query}`);
    return (await statusOf(here, asked.consent)) === 'authorized';
  });
  const inAddress = new URL(copied).searchParams.get('state');
  if (inAddress)
    await attack(`${name}: A comes back with the state of his own tab and a made-up code`, async () => {
      await a.opens(
        `${here.url}/back/${way.bank}?state=${inAddress}&code=made-up&iss=${encodeURIComponent(here.server.sandbox!.machineUrl(way.bank))}`,
      );
      return (await statusOf(here, asked.consent)) === 'authorized';
    });
  const reads = async () =>
    (await statusOf(here, asked.consent)) === 'authorized' || /may be shared|will be shared/.test(await a.text());
  await attack(`${name}: A opens the bank’s page again to be sent back`, async () => {
    await a.opens(copied);
    return reads();
  });
  if (!inAddress)
    await attack(`${name}: A has the state from elsewhere, after V came back with it`, async () => {
      await a.opens(landed);
      return reads();
    });
  await attack(`${name}: what A’s app account reads`, () => dataOf(here, asked.customer));
  await here.app.post(`/v1/consents/${asked.consent}/revoke`);
  control(`${name}: the app can end it, and it is canceled`, (await statusOf(here, asked.consent)) === 'canceled');
}

/** V approves and closes her browser before she is sent back; A, who has the bank's address, tries to be sent instead. */
async function byClosedBrowser({ attack }: Stage, here: World): Promise<void> {
  const way = WAYS.redirected;
  const [a, v] = [await somebody(here), await somebody(here)];
  const asked = await untilBank(here, a, way);
  const copied = a.url();
  await v.opens(copied);
  await untilReturn(here, v, way);
  const name = 'the bank’s address, V never returns';
  await attack(`${name}: A opens the bank’s page again to be sent back`, async () => {
    await a.opens(copied);
    return (
      (await statusOf(here, asked.consent)) === 'authorized' || /may be shared|will be shared/.test(await a.text())
    );
  });
  await attack(`${name}: A cancels at the bank to learn the way back`, async () => {
    if (await a.canPress(/Cancel/)) await a.presses(/Cancel/);
    return (
      (await statusOf(here, asked.consent)) === 'authorized' || /may be shared|will be shared/.test(await a.text())
    );
  });
  await attack(`${name}: what A’s app account reads`, () => dataOf(here, asked.customer));
}

async function untilEnzian(here: World, a: Awaited<ReturnType<typeof somebody>>) {
  const asked = await here.asksForConsent({ provider: WAYS.told.bank });
  await begins(a, asked.url, WAYS.told);
  await agrees(a);
  await a.fills(/IBAN/, 'AT589997000000008001');
  await a.presses(/^(Sign in|Continue|Confirm)$/);
  await a.sees('Now to Enzian');
  await a.follows(/^Go to Enzian/);
  return asked;
}

/** V looks on while A signs in on our page. */
async function bySigningIn({ attack }: Stage, here: World): Promise<void> {
  const [a, v] = [await somebody(here), await somebody(here)];
  const asked = await here.asksForConsent({ provider: WAYS.many.bank });
  await begins(a, asked.url, WAYS.many);
  await agrees(a);
  await signsIn(a, 'clara', 'lindental-1');
  await attack('our link: V is shown the methods or the code field of A’s visit', async () => {
    await v.opens(asked.url);
    return (await v.canFill(/^Code/)) || (await v.canPress(/SMS/));
  });
  await WAYS.many.signIn(a);
  await attack('our link: V grants what A has signed in to', async () => {
    await v.opens(asked.url);
    return v.canPress('Share and finish');
  });
  await grants(a);
  await attack('our link: V opens the link of a visit that is done', async () => {
    await v.opens(asked.url);
    return /accounts/.test(await v.text()) && (await v.canPress(/./));
  });
}

/** V opens A's link first and does everything herself: what came of it is closed until A's app claims it with V's code. */
async function unclaimed({ ownWorld, attack, control }: Stage): Promise<void> {
  const here = await ownWorld();
  await here.app.post('/v1/account', { claim: 'required' });
  const way = WAYS.redirected;
  const v = await somebody(here);
  const asked = await here.asksForConsent({ provider: way.bank });
  await connects(v, asked.url, way, here.bank);
  await comesHome(v);
  const code = new URL(v.url()).searchParams.get('fx_claim') ?? '';
  control('only the browser that finished got the code of the claim', /^[\w-]{43}$/.test(code));
  const other = (await createApp(here.server.platform, { name: 'Other' })).keys[0]!.key;
  const redeems = async (one: string, key = here.key) =>
    (
      await here.app.call(
        'POST',
        `/v1/consents/${asked.consent}/claim`,
        { code: one },
        { authorization: `Bearer ${key}` },
      )
    ).status < 300;
  await attack('the claim: account data before it', () => dataOf(here, asked.customer));
  await attack(
    'the claim: random codes',
    async () => {
      let won = 0;
      for (let times = 0; times < 50; times += 1) won += Number(await redeems(randomBytes(32).toString('base64url')));
      return won;
    },
    50,
  );
  await attack('the claim: V’s code with another tenant’s key', () => redeems(code, other));
  await here.clock.advance(25 * 3_600_000);
  await here.server.platform.jobs.idle();
  await here.eventually(async () => {
    const deleted = (await here.bank.calls(way.bank)).some(({ operation }) => operation === 'delete_consent');
    if (!deleted) throw new Error('the bank was not told');
  });
  control('unclaimed for 24 hours, it is revoked at the bank', true);
  await attack('the claim: V’s code after that', () => redeems(code));
  await attack('the claim: account data after that', () => dataOf(here, asked.customer));
}
