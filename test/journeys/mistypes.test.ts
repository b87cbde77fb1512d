import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { MOST_HOWS } from '../visitor/visitor.ts';
import { type World, world } from '../world.ts';
import { comesHome, agrees, begins, goesToBank, grants, logsInAtBank, signsIn, typesCode, WAYS } from './ways.ts';

describe('a person mistypes', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  for (const how of MOST_HOWS) {
    test(`the code, then types the right one, with ${how}`, async () => {
      const person = await here.person(how);
      const { consent, url } = await here.asksForConsent({ provider: 'de-lindental' });
      await begins(person, url, WAYS.one);
      await agrees(person);
      await signsIn(person, 'emil', 'lindental-2');
      await typesCode(person, '000000');
      await person.sees('That code was not right');
      await WAYS.one.signIn(person);
      await grants(person);
      await comesHome(person);
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
      await person.close();
    });

    test(`the password, then types the right one, with ${how}`, async () => {
      const person = await here.person(how);
      const { consent, url } = await here.asksForConsent({ provider: 'de-lindental' });
      await begins(person, url, WAYS.none);
      await agrees(person);
      await signsIn(person, 'ida', 'not-it');
      await person.sees('The bank did not accept');
      if (await person.canPress('Try again')) await person.presses('Try again');
      await WAYS.none.signIn(person);
      await grants(person);
      await comesHome(person);
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
      await person.close();
    });
  }

  test('the password at the bank’s own page, where the bank asks again', async () => {
    const person = await here.person('plain HTTP');
    const { consent, url } = await here.asksForConsent({ provider: 'gb-harrowby' });
    await begins(person, url, WAYS.explicit);
    await agrees(person);
    await goesToBank(person, 'Harrowby Mutual');
    await logsInAtBank(person, 'alice', 'nothing');
    await person.sees('The username or the password is wrong.');
    await logsInAtBank(person, 'alice', 'harrowby-1');
    await person.presses('Approve');
    await comesHome(person);
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
  });

  test('every code, and the bank is asked no more often than a person typed (T11)', async () => {
    const person = await here.person('plain HTTP');
    const { consent, url } = await here.asksForConsent({ provider: 'de-lindental' });
    await begins(person, url, WAYS.one);
    await agrees(person);
    await signsIn(person, 'emil', 'lindental-2');
    let typed = 0;
    while (await person.canPress('Confirm')) {
      assert.ok(typed < 10, 'codes are taken without end');
      await typesCode(person, '000000');
      typed += 1;
    }
    assert.ok(typed <= 3, `${typed} codes were taken for one challenge`);
    await person.sees(/code/i);
    assert.notEqual((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
  });

  test('what was typed is nowhere on a page, in the log or in the database (T8)', async () => {
    const person = await here.person('plain HTTP');
    const canaries = ['canary-pass-71c4', '906117'];
    const { url } = await here.asksForConsent({ provider: 'de-lindental' });
    await begins(person, url, WAYS.one);
    await agrees(person);
    await signsIn(person, 'emil', canaries[0]!);
    for (const canary of canaries) await person.doesNotSee(canary);
    if (await person.canPress('Try again')) await person.presses('Try again');
    await signsIn(person, 'emil', 'lindental-2');
    await typesCode(person, canaries[1]!);
    const kept = await here.everythingKept();
    // Six digits stand in a few megabytes of sealed bytes by chance: there they are amid other hexadecimal ones.
    for (const canary of canaries)
      assert.ok(!new RegExp(`(?<![0-9a-f])${canary}(?![0-9a-f])`, 'i').test(kept), 'a secret was kept');
    assert.ok(!kept.includes('lindental-2'), 'the password was kept');
  });
});
