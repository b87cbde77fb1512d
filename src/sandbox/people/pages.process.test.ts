import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { type Caller, startTrial, type Trial } from '../../../test/caller.ts';
import { type BrowserVisitor, browserVisitor } from '../../../test/visitor/browser.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('the pretend banks’ pages in a browser', () => {
  let trial: Trial;
  let caller: Caller;
  let visitor: BrowserVisitor;
  before(async () => {
    trial = await startTrial();
    caller = await trial.caller();
    visitor = await browserVisitor({ scripts: true });
  });
  after(async () => {
    await visitor?.close();
    await trial?.close();
  });

  const create = async (bank: string, access: object, headers: Record<string, string>) => {
    const body = {
      access,
      recurringIndicator: true,
      validUntil: '9999-12-31',
      frequencyPerDay: 4,
      combinedServiceIndicator: false,
    };
    return (await caller.call(trial.sandbox.machineUrl(bank), 'POST', '/v1/consents', { headers, body })).body;
  };
  const noComplaints = async (page: string) => {
    assert.deepEqual(await axe(visitor), [], page);
    assert.deepEqual(visitor.complaints, [], page);
  };

  test('log in, choose and approve, and come back to the address given', async () => {
    const front = `${trial.sandbox.peopleUrl('de-nordwind')}/`;
    const created = await create(
      'de-kobold',
      { accounts: [], balances: [], transactions: [] },
      { 'tpp-redirect-uri': front },
    );
    await visitor.opens(created._links.scaRedirect.href);
    await noComplaints('login');
    await visitor.fills('Username', 'kuno');
    await visitor.fills('Password', 'wrong');
    await visitor.presses('Log in');
    await visitor.sees('The username or the password is wrong.');
    await noComplaints('login, wrong');
    await visitor.fills('Username', 'kuno');
    await visitor.fills('Password', 'kobold-1');
    await visitor.presses('Log in');
    await visitor.sees('Which accounts?');
    await noComplaints('choice');
    await visitor.unticks('DE05999808000000009002');
    await visitor.presses('Approve');
    await visitor.sees('Welcome to Nordwind Bank');
    assert.equal(visitor.url(), front);
    await noComplaints('front page');
  });

  test('approve on the phone and revoke under my consents', async () => {
    await create('nl-polderbank', { allPsd2: 'allAccounts' }, { 'psu-id': 'sanne' });
    const bank = trial.sandbox.peopleUrl('nl-polderbank');
    await visitor.opens(`${bank}/phone`);
    await noComplaints('phones');
    await visitor.follows(/Sanne/);
    await noComplaints('phone');
    await visitor.presses('Approve');
    await visitor.sees('Nothing waits for your approval.');
    await visitor.opens(`${bank}/consents`);
    await visitor.fills('Username', 'sanne');
    await visitor.fills('Password', 'polder-1');
    await visitor.presses('Log in');
    await visitor.sees('active');
    await noComplaints('consents');
    await visitor.presses('Revoke');
    await visitor.sees('revoked by you');
  });

  test('the control page takes the token once and moves the clock', async () => {
    await visitor.opens(`${trial.sandbox.controlUrl}/?token=${trial.sandbox.controlToken}`);
    assert.equal(visitor.url(), `${trial.sandbox.controlUrl}/`);
    await noComplaints('control');
    await visitor.fills('Move the clock forward by', '2d');
    await visitor.presses('Move');
    await visitor.sees('Done');
    assert.ok(trial.clock.aheadMs >= 2 * 86_400_000);
    await visitor.opens(`${trial.sandbox.controlUrl}/`);
    await visitor.presses('Misbehave until cleared');
    await visitor.sees('until cleared');
    await noComplaints('control, misbehaving');
    await visitor.presses('Clear');
    await visitor.sees('No bank.');
  });
});

/** What axe-core finds. Evaluated by the debugger, so the page's policy stays as it is. */
async function axe(visitor: BrowserVisitor): Promise<string[]> {
  await visitor.page.evaluate(AXE);
  return visitor.page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
  });
}
