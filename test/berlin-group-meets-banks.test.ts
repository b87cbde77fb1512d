import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BankError } from '../src/banking/bank-error.ts';
import type { BankContext, Grant, Permission } from '../src/banking/connector.ts';
import { Secret } from '../src/banking/secret.ts';
import { berlinGroup } from '../src/connectors/berlin-group/index.ts';
import { type PretendBanks, pretendBanks } from './at-pretend-bank.ts';
import { visit } from './bank-page.ts';
import { Visit } from './visit.ts';

let banks: PretendBanks;

describe('the Berlin Group connector at the pretend banks, without a platform between', () => {
  before(async () => {
    banks = await pretendBanks(berlinGroup);
  });
  after(() => banks.close());

  function permission(): Permission {
    const validUntil = new Date(banks.clock.now().getTime() + 80 * 86_400_000).toISOString().slice(0, 10);
    return {
      scopes: ['accounts', 'balances', 'transactions'],
      accountTypes: ['checking'],
      recurring: true,
      validUntil,
    };
  }

  const begins = (context: BankContext) => Visit.begins(berlinGroup.authorise, context, permission());
  const signIn = (user: string, password: string) => ({
    kind: 'fields' as const,
    values: { user_id: user, password: new Secret(password) },
  });
  const code = (text: string) => ({ kind: 'fields' as const, values: { code: new Secret(text) } });

  /** Walks redirects as the person would, until the conversation is done. */
  async function throughBank(walk: Visit<Grant>, user: string, password: string): Promise<Grant> {
    for (let turn = 0; turn < 4 && !walk.isDone; turn++) {
      const { step } = walk;
      if (step.kind === 'wait') {
        await walk.answers({ kind: 'polled' });
        continue;
      }
      assert.ok(step.kind === 'redirect', JSON.stringify(step));
      const page = await visit(step.url);
      let left = await page.logIn(user, password);
      if (left === undefined) {
        const boxes = [...page.text.matchAll(/<input[^>]*name="account"[^>]*value="([^"]+)"/g)].map(
          ([, value]) => value ?? '',
        );
        left = await page.press('approve', boxes);
      }
      assert.ok(left, page.text);
      const params = [...new URL(left).searchParams].filter(([name]) => name !== 'state');
      await walk.answers({ kind: 'returned', params });
    }
    return walk.result;
  }

  type Read = { accounts: number; entries: number; rejected: number };

  async function reads(context: BankContext, grant: Grant): Promise<Read> {
    const accounts = await berlinGroup.accounts(context, { grant });
    assert.ok(accounts.kind === 'done' && accounts.result.length > 0);
    let [entries, rejected] = [0, 0];
    for (const account of accounts.result) {
      const balances = await berlinGroup.balances(context, { grant, account });
      assert.ok(balances.kind === 'done' && balances.result.some(({ type }) => type === 'booked'));
      let cursor: string | undefined;
      do {
        const since = '2024-01-01';
        const page = await berlinGroup.transactions(context, { grant, account, since, ...(cursor && { cursor }) });
        assert.ok(page.kind === 'done');
        rejected += page.result.rejected.length;
        entries += page.result.booked.length + page.result.pending.length;
        cursor = page.result.next;
      } while (cursor !== undefined);
    }
    return { accounts: accounts.result.length, entries, rejected };
  }

  for (const [bank, way, user, password] of [
    ['de-nordwind', 'giro', 'mara', 'nordwind-1'],
    ['at-alpenhof', undefined, 'lena', 'alpenhof-1'],
    ['gb-harrowby', undefined, 'alice', 'harrowby-1'],
    ['de-kobold', undefined, 'kuno', 'kobold-1'],
  ] as const) {
    test(`${bank}: redirected, read, and ended`, async () => {
      const context = banks.at(bank, way);
      await readsAndEnds(context, await throughBank(await begins(context), user, password));
    });
  }

  test('at-enzian: the IBAN is asked for, because the bank refuses everything wider', async () => {
    const context = banks.at('at-enzian');
    const walk = await begins(context);
    assert.equal(walk.step.kind === 'form' && walk.step.fields[0]?.kind, 'iban');
    await walk.answers({ kind: 'fields', values: { iban: 'AT58 9997 0000 0000 8001' } });
    await readsAndEnds(context, await throughBank(walk, 'vera', 'enzian-1'));
  });

  test('de-lindental: a wrong password, several methods, a wrong code, twice because it lists accounts first', async () => {
    const context = banks.at('de-lindental');
    const walk = await begins(context);
    await walk.answers(signIn('clara', 'wrong'));
    assert.equal(walk.step.kind === 'form' && walk.step.notice?.kind, 'wrong_credentials');
    for (let round = 0; round < 2; round++) {
      await walk.answers(signIn('clara', 'lindental-1'));
      const choice = walk.step;
      assert.ok(choice.kind === 'choose' && choice.options.length === 3, JSON.stringify(choice));
      const photo = choice.options.find(({ label }) => /photo/i.test(label));
      await walk.answers({ kind: 'chosen', ids: [photo?.id ?? ''] });
      const asked = walk.step;
      assert.ok(asked.kind === 'form' && asked.challenge?.image?.mediaType === 'image/png');
      await walk.answers(code('000000'));
      const again = walk.step;
      assert.equal(again.kind === 'form' && again.notice?.kind, 'wrong_code', JSON.stringify(again));
      await walk.answers(code('314159'));
    }
    await readsAndEnds(context, walk.result);
  });

  test('de-lindental: one method is not a question, none is no step', async () => {
    const one = await begins(banks.at('de-lindental'));
    await one.answers(signIn('emil', 'lindental-2'));
    assert.equal(one.step.kind === 'form' && one.step.purpose, 'code');
    const context = banks.at('de-lindental');
    const none = await begins(context);
    await none.answers(signIn('ida', 'lindental-3'));
    await none.answers(signIn('ida', 'lindental-3'));
    await readsAndEnds(context, none.result);
  });

  test('de-nordwind: the credit cards are behind another interface, and another way of proving oneself', async () => {
    const context = banks.at('de-nordwind', 'cards');
    const walk = await begins(context);
    await answerForms(walk, 'mara', 'nordwind-1', '123456');
    const accounts = await berlinGroup.accounts(context, { grant: walk.result });
    assert.deepEqual(accounts.kind === 'done' && [...new Set(accounts.result.map(({ type }) => type))], [
      'credit_card',
    ]);
    await readsAndEnds(context, walk.result);
  });

  test('nl-polderbank: approved on the phone, or refused there', async () => {
    const context = banks.at('nl-polderbank');
    const walk = await begins(context);
    await walk.answers({ kind: 'fields', values: { user_id: 'sanne' } });
    for (let round = 0; round < 2; round++) {
      assert.equal(walk.step.kind, 'wait');
      await walk.answers({ kind: 'polled' });
      assert.equal(walk.step.kind, 'wait');
      await banks.sandbox.control('/banks/nl-polderbank/phone/approve', {});
      await walk.answers({ kind: 'polled' });
    }
    await readsAndEnds(context, walk.result);
    const refused = await begins(banks.at('nl-polderbank'));
    await refused.answers({ kind: 'fields', values: { user_id: 'sanne' } });
    await banks.sandbox.control('/banks/nl-polderbank/phone/refuse', {});
    await assert.rejects(refused.answers({ kind: 'polled' }), { kind: 'declined' });
  });

  for (const user of ['tilda', 'oskar'] as const) {
    test(`de-sonnborn: ${user} begins on our page and approves in the app`, async () => {
      const context = banks.at('de-sonnborn');
      const walk = await begins(context);
      await answerForms(walk, user, user === 'tilda' ? 'sonnborn-1' : 'sonnborn-2', '123456', /app/i);
      assert.equal(walk.step.kind, 'wait');
      await banks.sandbox.control('/banks/de-sonnborn/phone/approve', {});
      await walk.answers({ kind: 'polled' });
      await readsAndEnds(context, walk.result);
    });
  }

  test('a person who refuses at the bank has declined, whatever address the bank sends them to', async () => {
    const walk = await begins(banks.at('de-nordwind', 'giro'));
    assert.ok(walk.step.kind === 'redirect');
    const page = await visit(walk.step.url);
    assert.ok(await page.press('refuse'));
    await assert.rejects(walk.answers({ kind: 'returned', params: [] }), { kind: 'declined' });
  });

  test('a consent that the person ends at the bank is gone', async () => {
    const context = banks.at('de-nordwind', 'giro');
    const grant = await throughBank(await begins(context), 'mara', 'nordwind-1');
    const { consentId } = grant.secret as { consentId: string };
    await banks.sandbox.control(`/banks/de-nordwind/consents/${consentId}/revoke`, {});
    assert.equal(await berlinGroup.check?.(context, grant), 'gone');
    await assert.rejects(berlinGroup.accounts(context, { grant }), { kind: 'consent_gone' });
    await berlinGroup.revoke(context, grant);
  });

  for (const kind of [
    ['html_500', 'unavailable'],
    ['html_503', 'unavailable'],
    ['reset', 'unavailable'],
    ['reset_mid_body', 'unavailable'],
    ['malformed_json', 'unexpected'],
    ['truncated', undefined],
    ['wrong_content_type', undefined],
    ['wrong_encoding', undefined],
    ['empty', 'unexpected'],
    ['deep', 'unexpected'],
    ['ok_with_error', 'unexpected'],
    ['off_standard', undefined],
    ['hostile_text', undefined],
    ['huge', undefined],
  ] as const) {
    test(`a bank that answers ${kind[0]} is read or refused, and the next answer is whole again`, async () => {
      kobold ??= await connectToKobold();
      const [context, grant] = kobold;
      whole ??= await reads(context, grant);
      for (const operation of ['accounts', 'transactions']) {
        await banks.sandbox.control('/banks/de-kobold/behaviour', { operation, kind: kind[0], times: 1 });
        const read = await reads(context, grant).catch((error: unknown) => {
          assert.ok(error instanceof BankError, String(error));
          if (kind[1]) assert.equal(error.kind, kind[1]);
          assert.notEqual(error.kind, 'consent_gone');
        });
        if (read) assert.equal(read.rejected, 0);
      }
      assert.deepEqual(await reads(context, grant), whole);
    });
  }

  let kobold: [BankContext, Grant] | undefined;
  let whole: Read | undefined;

  async function connectToKobold(): Promise<[BankContext, Grant]> {
    const context = banks.at('de-kobold');
    return [context, await throughBank(await begins(context), 'kuno', 'kobold-1')];
  }

  /** Fills in whatever is asked until something else than a form is shown. */
  async function answerForms(
    walk: Visit<Grant>,
    user: string,
    password: string,
    typed: string,
    method = /./,
  ): Promise<void> {
    for (let turn = 0; turn < 6 && !walk.isDone; turn++) {
      const { step } = walk;
      if (step.kind === 'choose')
        await walk.answers({ kind: 'chosen', ids: [step.options.find(({ label }) => method.test(label))?.id ?? ''] });
      else if (step.kind === 'form') {
        const values = { user_id: user, password: new Secret(password), code: new Secret(typed) };
        const wanted = Object.entries(values).filter(([name]) => step.fields.some((field) => field.name === name));
        await walk.answers({ kind: 'fields', values: Object.fromEntries(wanted) });
      } else return;
    }
  }

  async function readsAndEnds(context: BankContext & { hold(grant: Grant): void }, grant: Grant): Promise<void> {
    context.hold(grant);
    assert.ok(grant.validUntil);
    const read = await reads(context, grant);
    assert.ok(read.entries > 0);
    assert.equal(read.rejected, 0);
    assert.equal(await berlinGroup.check?.(context, grant), 'valid');
    await berlinGroup.revoke(context, grant);
    assert.equal(await berlinGroup.check?.(context, grant), 'gone');
    await berlinGroup.revoke(context, grant);
  }
});
