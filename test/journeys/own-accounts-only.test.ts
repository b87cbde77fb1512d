import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { hashToken } from '../../src/base/vault.ts';
import { runAppCommand } from '../../src/commands/app.ts';
import type { Ground } from '../../src/commands/ground.ts';
import { findCallerByHash } from '../../src/platform/apps/store.ts';
import { findBank, findPerson } from '../../src/sandbox/world/banks.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { type World, world } from '../world.ts';
import { answersEverything, FINE, OTTO, type Person, typesLogin } from './own-login.ts';
import { agrees, comesHome, WAYS } from './ways.ts';

describe('an identity for own accounts only', () => {
  let here: World;
  let identity: string;
  const run = (...args: string[]) => {
    const { database, clock, vault, log } = here.server.platform;
    return runAppCommand({ database, clock, vault, log, settings: here.settings } as unknown as Ground, args);
  };
  before(async () => {
    here = await world();
    [identity] = (await run('identity', 'create', 'Otto Example', '--role', 'own_accounts_only')) as [string];
    const caller = await here.server.platform.database.first<{ app: string }>(findCallerByHash(hashToken(here.key)));
    await run('set', caller!.app, `identity=${identity}`);
  });
  after(() => here?.close());

  test('signs in with a login that was linked in advance, however it is written', async () => {
    const said = await run('identity', 'link', identity, '--provider', OTTO.bank, '--login', ' OTTO ');
    assert.match(said.join('\n'), /de-havelstein {2}O… {2}linked/);
    assert.deepEqual(await run('identity', 'link', identity, '--provider', OTTO.bank, '--login', 'otto'), said);
    const person = await begins(OTTO);
    await answersEverything(person, OTTO);
    await comesHome(person);
    assert.equal((await here.everythingKept()).includes('otto'), false);
  });

  test('sends nothing of any other login to the bank', async () => {
    const before = await dialogs(FINE);
    const person = await begins(FINE);
    await typesLogin(person, FINE);
    await person.sees('This login is not linked');
    assert.equal(await dialogs(FINE), before);
    const { data: consents } = await here.app.get('/v1/consents?limit=1');
    assert.equal(consents[0].status, 'pending');
    const { data: sessions } = await here.app.get('/v1/sessions?limit=1');
    assert.equal(JSON.stringify(sessions[0].phases).includes('login_not_linked'), true);
  });

  test('at a bank with a page of its own, keeps the accounts whose IBAN was linked and no other', async () => {
    const way = WAYS.redirected;
    const connects = async () => {
      const person = await here.person('plain HTTP');
      const { consent, url } = await here.asksForConsent({ provider: way.bank });
      await person.opens(url);
      if (await person.canPress('Continue')) await person.presses('Continue');
      if (await person.canPress(way.accountType)) await person.presses(way.accountType);
      await agrees(person);
      await way.signIn(person);
      return { person, consent };
    };
    const refused = await connects();
    await refused.person.sees('This login is not linked');
    const mara = findPerson(findBank(way.bank)!, way.login)!;
    const iban = mara.holdings.find((holding) => holding.iban)!.iban!;
    await run('identity', 'link', identity, '--provider', way.bank, '--login', iban.replace(/(.{4})/g, '$1 '));
    const { person, consent } = await connects();
    await person.ticksAll();
    await person.presses('Share and finish');
    await comesHome(person);
    const { data } = await here.app.get(`/v1/bank_accounts?consent=${consent}`);
    assert.deepEqual(
      data.map((account: { identification: { iban: string } }) => account.identification.iban),
      [iban],
    );
  });

  test('stops at once where the link is taken away, and only such an identity has links', async () => {
    await run('identity', 'unlink', identity, '--provider', OTTO.bank, '--login', 'otto');
    const person = await begins(OTTO);
    await typesLogin(person, OTTO);
    await person.sees('This login is not linked');
    await assert.rejects(run('identity', 'unlink', identity, '--provider', OTTO.bank, '--login', 'otto'));
    const [licensed] = await run('identity', 'create', 'Example Ltd');
    await assert.rejects(
      run('identity', 'link', licensed!, '--provider', OTTO.bank, '--login', 'otto'),
      /own_accounts_only/,
    );
  });

  async function begins(who: Person): Promise<Visitor> {
    const person = await here.person('plain HTTP');
    const { url } = await here.asksForConsent({ provider: who.bank, history_days: 90 });
    await person.opens(url);
    if (await person.canPress('Continue')) await person.presses('Continue');
    await agrees(person);
    return person;
  }

  async function dialogs(who: Person): Promise<number> {
    const { logins } = await here.bank.order(`/banks/${who.bank}/fints`);
    return logins.find(({ login }: { login: string }) => login === who.login)?.dialogs ?? 0;
  }
});
