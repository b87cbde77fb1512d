import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { firstOperatorLink, invite, makeWayBack } from '../../src/platform/operators/links.ts';
import type { PlainVisitor } from '../visitor/plain.ts';
import { type World, world } from '../world.ts';
import { becomesFirst, codeOf, joinsAs, type Operator, PASSWORD, setsUpApp, typesPassword } from './operator.ts';

describe('getting in', () => {
  let here: World;
  let ada: Operator;
  before(async () => {
    here = await world();
    ada = await becomesFirst(here, await here.person('plain HTTP'));
  });
  after(() => here.close());
  const person = async () => (await here.person('plain HTTP')) as PlainVisitor;

  test('the first operator comes in by a link that works once', async () => {
    await ada.visitor.sees('Apps');
    assert.equal(ada.codes.length, 10);
    assert.equal(await firstOperatorLink(here.server.platform), undefined);
  });

  test('an invitation makes somebody an operator with that role; used, taken back and unknown links say so', async () => {
    const { url } = await invite(here.server.platform, {
      email: 'bob@example.com',
      role: 'support',
      apps: null,
      by: ada.id,
      requestId: null,
    });
    const bob = await person();
    await bob.opens(url);
    await bob.reloads();
    await bob.sees('bob@example.com');
    await bob.fills('Your name', 'Bob');
    await bob.fills('Password', 'short');
    await bob.fills('The same password again', 'short');
    await bob.presses('Go on');
    await bob.sees('at least 12 characters');
    await bob.fills('Password', PASSWORD);
    await bob.fills('The same password again', `${PASSWORD}!`);
    await bob.presses('Go on');
    await bob.sees('not the same as above');
    await bob.fills('Password', PASSWORD);
    await bob.fills('The same password again', PASSWORD);
    await bob.presses('Go on');
    await setsUpApp(bob);
    await bob.follows('I have kept them: go on');
    await bob.sees('Bob');
    const late = await person();
    await late.opens(url);
    await late.sees('This link was used');
    assert.equal(late.status(), 410);
    await late.opens(`${here.url}/dashboard/join/nobody-knows-this`);
    await late.sees('not one of ours');
    const { url: back } = await invite(here.server.platform, {
      email: 'late@example.com',
      role: 'owner',
      apps: null,
      by: ada.id,
      requestId: null,
    });
    await ada.visitor.opens(`${here.url}/dashboard/team`);
    await ada.visitor.sees('late@example.com');
    await ada.visitor.presses('Take back');
    await late.opens(back);
    await late.sees('too old');
  });

  test('a link used twice at once makes one operator', async () => {
    const { url } = await invite(here.server.platform, {
      email: 'twin@example.com',
      role: 'owner',
      apps: null,
      by: ada.id,
      requestId: null,
    });
    const twin = await person();
    await twin.opens(url);
    await twin.fills('Your name', 'Twin');
    await twin.fills('Password', PASSWORD);
    await twin.fills('The same password again', PASSWORD);
    const statuses = await twin.pressesAtOnce('Go on', 3);
    assert.equal(statuses.filter((status) => status < 400).length, 1, statuses.join(' '));
  });

  test('password and second factor, and neither without the other', async () => {
    const visitor = await person();
    await visitor.opens(`${here.url}/dashboard/team`);
    await visitor.sees('Sign in');
    await visitor.fills('E-mail address', ' ADA@example.com ');
    await visitor.fills('Password', PASSWORD);
    await visitor.presses('Sign in');
    await visitor.sees('The second factor');
    const asked = visitor.url();
    await visitor.opens(`${here.url}/dashboard/team`);
    await visitor.sees('The second factor');
    await visitor.opens(asked);
    await visitor.fills(/^Code of your/, '000000');
    await visitor.presses('Go on');
    await visitor.sees('not right');
    await visitor.fills(/^Code of your/, codeOf(ada.secret, 1));
    await visitor.presses('Go on');
    await visitor.sees('Invite somebody');
    await visitor.presses('Sign out');
    await visitor.sees('You are signed out');
    // A code counts once.
    await typesPassword(here, visitor, ada.email);
    await visitor.fills(/^Code of your/, codeOf(ada.secret, 1));
    await visitor.presses('Go on');
    await visitor.sees('not right');
  });

  test('a recovery code lets in once', async () => {
    const carol = await joinsAs(here, await person(), 'developer', null, 'carol@example.com');
    const visitor = await person();
    for (const time of [1, 2]) {
      await typesPassword(here, visitor, carol.email);
      await visitor.fills(/^Code of your/, carol.codes[0]!.toUpperCase());
      await visitor.presses('Go on');
      await visitor.sees(time === 1 ? '9 are left' : 'not right');
      if (time === 1) await visitor.presses('Sign out');
    }
  });

  test('who lost everything comes back by a link of an owner’s', async () => {
    const dora = await joinsAs(here, await person(), 'developer', null, 'dora@example.com');
    const url = await makeWayBack(here.server.platform, dora.id, { operator: ada.id, requestId: null });
    const visitor = await person();
    await visitor.opens(url);
    await visitor.sees('Your second factor is dropped');
    await visitor.fills('Password', `${PASSWORD} again`);
    await visitor.fills('The same password again', `${PASSWORD} again`);
    await visitor.presses('Go on');
    await setsUpApp(visitor);
    await visitor.follows('I have kept them: go on');
    await visitor.sees('Apps');
    await dora.visitor.opens(`${here.url}/dashboard`);
    await dora.visitor.sees('Sign in');
  });

  test('an owner changes a role; whoever changes it a moment later is told; the last owner stays', async () => {
    const eve = await joinsAs(here, await person(), 'read_only', null, 'eve@example.com');
    const page = `${here.url}/dashboard/team/${eve.id}`;
    await ada.visitor.opens(page);
    const other = await ada.visitor.opensSecondTab();
    await ada.visitor.chooses('support');
    await ada.visitor.fills('Your password now', 'not it at all');
    await ada.visitor.presses('Save');
    await ada.visitor.sees('This is not your password');
    await ada.visitor.fills('Your password now', PASSWORD);
    await ada.visitor.presses('Save');
    await ada.visitor.sees('They have to sign in again');
    await other.chooses('developer');
    await other.fills('Your password now', PASSWORD);
    await other.presses('Save');
    await other.sees('Somebody changed this person');
    await ada.visitor.opens(`${here.url}/dashboard/audit`);
    await ada.visitor.sees('operator.made support');
    await eve.visitor.opens(`${here.url}/dashboard`);
    await eve.visitor.sees('Sign in');
  });

  test('one’s own password, codes and sessions', async () => {
    const frank = await joinsAs(here, await person(), 'support', null, 'frank@example.com');
    const { visitor } = frank;
    await visitor.opens(`${here.url}/dashboard/me`);
    await visitor.fills('Your password now', 'wrong wrong wrong');
    await visitor.fills('New password', 'another violet anchor');
    await visitor.presses('Change it');
    await visitor.sees('This is not your password');
    await visitor.opens(`${here.url}/dashboard/me`);
    await visitor.fills('Your password now', PASSWORD);
    await visitor.fills('New password', 'another violet anchor');
    await visitor.presses('Change it');
    await visitor.sees('Your password is changed');
    const again = await person();
    await typesPassword(here, again, frank.email);
    await again.sees('do not belong together');
    await typesPassword(here, again, frank.email, 'another violet anchor');
    await again.sees('The second factor');
  });
});
