import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PlainVisitor } from '../visitor/plain.ts';
import { type World, world } from '../world.ts';
import { agrees, approvesAtBank, begins, comesHome, goesToBank, grants, logsInAtBank, WAYS, type Way } from './ways.ts';

const MINUTE = 60_000;

describe('a bank that brings people back in another browser', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  /** A visit sent to the bank, approved there, and come back in another browser, which shows six digits. */
  async function cameBackElsewhere(way: Way) {
    const owner = (await here.person('plain HTTP')) as PlainVisitor;
    const { consent, url } = await here.asksForConsent({ provider: way.bank });
    await begins(owner, url, way);
    await agrees(owner);
    await goesToBank(owner, way.bankName);
    await logsInAtBank(owner, way.login, way.password);
    const back = await here.stopsBefore(owner, `${here.url}/back/`, () => approvesAtBank(owner));
    const other = await here.person('plain HTTP');
    await other.opens(back);
    return { owner, other, consent, url, back, digits: await digitsShown(other) };
  }
  const digitsShown = async (person: { text(): Promise<string> }) => /\b(\d{6})\b/.exec(await person.text())?.[1] ?? '';
  const types = async (person: PlainVisitor, digits: string) => {
    await person.fills('Six digits', digits);
    await person.presses('Go on');
  };
  const anotherThan = (digits: string, by: number) => String((Number(digits) + by) % 1_000_000).padStart(6, '0');

  for (const way of [WAYS.redirected, WAYS.oauth] as Way[]) {
    test(`${way.name}: goes on where they began, with the digits the other one shows`, async () => {
      const { owner, other, consent, url, digits } = await cameBackElsewhere(way);
      assert.match(digits, /^\d{6}$/);
      await other.reloads();
      assert.equal(await digitsShown(other), digits, 'a reload shows the same');
      await owner.opens(url);
      await owner.sees('Type the six digits');
      await types(owner, anotherThan(digits, 1));
      await owner.sees('2 tries are left');
      await types(owner, `${digits.slice(0, 3)} ${digits.slice(3)}`);
      if (way.grants) await grants(owner);
      await comesHome(owner);
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
    });
  }

  test('ends after three wrong ones, also twenty at once, and asks the bank nothing', async () => {
    const { owner, consent, url, digits } = await cameBackElsewhere(WAYS.oauth);
    const tokens = async () => (await here.bank.calls(WAYS.oauth.bank)).filter(({ path }) => /token/.test(path)).length;
    const before = await tokens();
    const windows = Array.from({ length: 20 }, () => here.sameBrowser(owner));
    await Promise.all(windows.map((window) => window.opens(url)));
    await Promise.all(
      windows.map((window, index) => types(window, anotherThan(digits, index + 1)).catch(() => undefined)),
    );
    await owner.opens(url);
    await owner.sees('2 tries are left');
    for (const by of [60, 61]) {
      await owner.sees('Type the six digits');
      await types(owner, anotherThan(digits, by));
    }
    const gone = await here.app.get(`/v1/consents/${consent}`);
    assert.deepEqual([gone.status, gone.failure?.code], ['failed', 'too_many_tries']);
    assert.equal(await tokens(), before);
  });

  test('are good for five minutes; another return has others, and the old ones are worth nothing', async () => {
    await here.server.platform.jobs.idle();
    const told = async () =>
      (await here.bank.calls(WAYS.oauth.bank)).filter(({ method }) => method === 'DELETE').length;
    const before = await told();
    const { owner, other, consent, url, back, digits } = await cameBackElsewhere(WAYS.oauth);
    await other.opens(`${back}&x=1`);
    const fresh = await digitsShown(other);
    assert.notEqual(fresh, digits);
    await owner.opens(url);
    await types(owner, digits);
    await owner.sees('2 tries are left');
    await here.clock.advance(6 * MINUTE);
    await other.reloads();
    assert.equal(await digitsShown(other), '');
    await owner.opens(url);
    await owner.doesNotSee('Type the six digits');
    // The state in the owner's own browser proves nothing any more: it begins anew.
    await owner.opens(back);
    await owner.sees('Try again');
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'pending');
    // What was approved in the other browser is nobody's: the bank is told, and another try is another consent there.
    await here.eventually(async () => assert.equal(await told(), before + 1));
    await owner.presses('Try again');
    await goesToBank(owner, WAYS.oauth.bankName);
    await logsInAtBank(owner, WAYS.oauth.login, WAYS.oauth.password);
    await approvesAtBank(owner);
    if (WAYS.oauth.grants) await grants(owner);
    await comesHome(owner);
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
    assert.equal(await told(), before + 1);
  });
});
