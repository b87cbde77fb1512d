import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { crc32, inflateRawSync } from 'node:zlib';
import type { Answer } from './caller.ts';
import { type PretendBank, pretendBank } from './pretend-bank.ts';

type Entry = Record<string, string> & { transactionAmount: { amount: string; currency: string } };

/** What a pretend bank tells of its accounts, in every format and with every habit, asked by a plain client. */
describe('reports of a pretend Berlin Group bank', () => {
  let bank: PretendBank;
  let consentId: string;
  let account: string;
  before(async () => {
    bank = await pretendBank('de-kobold', ['kuno', 'kobold-1']);
    consentId = await bank.approved();
    const { body } = await bank.reads(consentId, '/v1/accounts');
    account = `/v1/accounts/${body.accounts[0].resourceId}`;
  });
  after(() => bank?.trial.close());
  beforeEach(() => bank.is({ page_size: 500 }));

  const ALL = 'bookingStatus=booked&dateFrom=2024-01-01';
  const read = (query: string, headers = {}): Promise<Answer> =>
    bank.reads(consentId, `${account}/transactions?${query}`, headers);
  const booked = async (query = ALL): Promise<Entry[]> => {
    const entries: Entry[] = [];
    let answer = await read(query);
    for (;;) {
      assert.equal(answer.status, 200, answer.text);
      entries.push(...(answer.body.transactions.booked ?? []));
      const next = answer.body.transactions._links.next?.href;
      if (!next) return entries;
      answer = await bank.reads(consentId, next);
    }
  };
  const cents = (amount: string) => Math.round(Number(amount) * 100);
  const sum = (entries: Entry[]) =>
    entries.reduce((total, { transactionAmount }) => total + cents(transactionAmount.amount), 0);
  const balance = async () => {
    const { body } = await bank.reads(consentId, `${account}/balances`);
    const found = body.balances.find((one: { balanceType: string }) => one.balanceType === 'interimBooked');
    return cents(found.balanceAmount.amount);
  };
  const OPENING = 184_230;

  test('the sums of JSON, camt.052, MT940 and the ZIP are the account’s balance', async () => {
    const entries = await booked();
    assert.equal(OPENING + sum(entries), await balance());
    await bank.is({ report_formats: ['camt', 'mt940'] });
    const refused = await read(ALL, { accept: 'application/json' });
    assert.deepEqual([refused.status, refused.body.tppMessages[0].code], [406, 'REQUESTED_FORMATS_INVALID']);
    const camt = await read(ALL, { accept: 'application/xml' });
    assert.match(camt.headers['content-type']!, /^application\/xml/);
    assert.deepEqual(ofCamt(camt.text), {
      count: entries.length,
      before: OPENING,
      sum: sum(entries),
      after: await balance(),
    });
    const mt940 = await read(ALL, { accept: 'text/plain' });
    assert.match(mt940.headers['content-type']!, /^text\/plain/);
    assert.deepEqual(ofMt940(mt940.text), {
      count: entries.length,
      before: OPENING,
      sum: sum(entries),
      after: await balance(),
    });
    assert.ok(mt940.text.includes('Kontor Hansen GmbH') && mt940.text.includes('Café'));
    await bank.is({ report_formats: ['download'] });
    const link = (await read(ALL)).body._links.download.href;
    const zip = await rawly(link);
    const [file] = unzipped(zip);
    assert.match(file!.name, /\.xml$/);
    assert.equal(ofCamt(file!.text).after, await balance());
  });

  test('a report of some days begins with what was there before them; pending entries are marked', async () => {
    await bank.is({ report_formats: ['json', 'camt', 'mt940'], page_size: 500 });
    const entries = await booked();
    const from = entries[20]!.bookingDate!;
    const some = await read(`bookingStatus=both&dateFrom=${from}`, { accept: 'application/xml' });
    const { before, after } = ofCamt(some.text);
    const earlier = entries.filter((entry) => entry.bookingDate! < from);
    assert.deepEqual([before, after], [OPENING + sum(earlier), await balance()]);
    const pending = (await read(`bookingStatus=pending`)).body.transactions.pending.length;
    assert.equal(some.text.match(/<Sts>PDNG<\/Sts>/g)?.length ?? 0, pending);
  });

  test('deltas: after an entry, and since the last call', async () => {
    await bank.is({ delta: 'both', page_size: 500 });
    const entries = await booked();
    const later = await read(`bookingStatus=booked&entryReferenceFrom=${entries[7]!.entryReference}`);
    assert.deepEqual(
      later.body.transactions.booked.map((one: Entry) => one.transactionId),
      entries.slice(0, 7).map((one) => one.transactionId),
    );
    assert.equal((await read('bookingStatus=booked&entryReferenceFrom=nobody')).status, 400);
    assert.equal((await read('bookingStatus=booked&deltaList=true')).body.transactions.booked.length, entries.length);
    assert.equal((await read('bookingStatus=booked&deltaList=true')).body.transactions.booked.length, 0);
    await bank.trial.sandbox.control('/banks/de-kobold/accounts/DE32999808000000009001/transactions', {
      amount: '-1.00',
    });
    assert.equal((await read('bookingStatus=booked&deltaList=true')).body.transactions.booked.length, 1);
    await bank.is({});
    for (const query of ['entryReferenceFrom=x', 'deltaList=true']) {
      assert.equal((await read(`bookingStatus=booked&${query}`)).body.tppMessages[0].code, 'PARAMETER_NOT_SUPPORTED');
    }
  });

  test('booking statuses that a bank does not have are refused; standing orders are information', async () => {
    await bank.is({ booking_status: 'separate' });
    assert.equal((await read('bookingStatus=both&dateFrom=2026-01-01')).status, 400);
    await bank.is({ booking_status: ['booked', 'information', 'all'] });
    for (const status of ['pending', 'both']) {
      const refused = await read(`bookingStatus=${status}&dateFrom=2026-01-01`);
      assert.deepEqual([refused.status, refused.body.tppMessages[0].code], [400, 'PARAMETER_NOT_SUPPORTED']);
    }
    const { information } = (await read('bookingStatus=information')).body.transactions;
    assert.deepEqual(
      information.map((one: Entry) => one.creditorName),
      ['Hausverwaltung Birkenallee', 'Eigenes Sparkonto'],
    );
    const { standingOrderDetails } = information[0].additionalInformationStructured;
    assert.deepEqual([standingOrderDetails.frequency, standingOrderDetails.dayOfExecution], ['Monthly', '1']);
    const all = (await read('bookingStatus=all&dateFrom=2026-01-01')).body.transactions;
    assert.ok(all.booked.length > 0 && Array.isArray(all.pending) && all.information.length === 2);
  });

  test('history: older days are cut or refused, with the code of the bank', async () => {
    await bank.trial.sandbox.control('/clock', { advance: '2h' });
    await bank.is({ history_days_later: 30, page_size: 500 });
    assert.ok((await booked()).every((entry) => entry.bookingDate! > '2026-01-01'));
    for (const [code, status] of [
      ['PERIOD_INVALID', 400],
      ['CONSENT_INVALID', 401],
      ['SERVICE_INVALID', 403],
    ] as const) {
      await bank.is({ history_after: 'refuse', history_refusal: code });
      const refused = await read(ALL);
      assert.deepEqual([refused.status, refused.body.tppMessages[0].code], [status, code]);
    }
    await bank.is({ with_balance: 'refused' });
    assert.equal((await bank.reads(consentId, '/v1/accounts?withBalance=true')).status, 400);
    await bank.is({ with_balance: 'ignored' });
    const { accounts } = (await bank.reads(consentId, '/v1/accounts?withBalance=true')).body;
    assert.ok(accounts.every((one: object) => !('balances' in one)));
  });

  test('signs, names of entries, days and texts, each as the fact says', async () => {
    await bank.is({ history_minutes: 100_000, page_size: 500 });
    const query = 'bookingStatus=both&dateFrom=2026-09-01';
    const right = await booked(query);
    const as = async (facts: object) => {
      await bank.is({ history_minutes: 100_000, page_size: 500, ...facts });
      return booked(query);
    };
    assert.equal(sum(await as({ amount_sign: 'inverted' })), -sum(right));
    const unsigned = await as({ amount_sign: 'unsigned' });
    assert.ok(unsigned.every(({ transactionAmount }) => !transactionAmount.amount.startsWith('-')));
    assert.ok(unsigned.every((one) => one.creditorName ?? one.debtorName ?? one.creditDebitIndicator));
    const named = Object.keys((await as({ transaction_id: 'entry_reference' }))[0]!);
    assert.ok(named.includes('entryReference') && !named.includes('transactionId'));
    const without = Object.keys((await as({ transaction_id: 'none' }))[0]!);
    assert.ok(!without.includes('entryReference') && !without.includes('transactionId'));
    const [byValue] = await as({ booked_on_from: 'valueDate' });
    assert.deepEqual([byValue!.bookingDate, byValue!.valueDate], [undefined, right[0]!.bookingDate]);
    assert.equal((await as({ booked_on_from: 'transactionDate' }))[0]!.transactionDate, right[0]!.bookingDate);
    assert.ok((await as({ value_date: 'ignored' })).every((one) => one.valueDate! > one.bookingDate!));

    const at = right.findIndex((one) => one.remittanceInformationUnstructured && one.creditorName);
    const { remittanceInformationUnstructured: text, creditorName: name } = right[at]!;
    const first = async (facts: object) => (await as(facts))[at]!;
    assert.deepEqual((await first({ description_from: 'structured' })).remittanceInformationStructured, {
      reference: text,
    });
    assert.equal((await first({ description_from: 'additional' })).additionalInformation, text);
    const list = await first({ description_from: 'unstructured_list', text_cut_at: 5 });
    assert.equal((list.remittanceInformationUnstructuredArray as never as string[]).join(''), text);
    const inText = await first({ payee_from: 'text', payee_between: ['Payee: ', ';'] });
    assert.equal(inText.remittanceInformationUnstructured, `Payee: ${name}; ${text}`);
    assert.equal(inText.creditorName ?? inText.debtorName, undefined);
    assert.equal((await first({ payee_from: 'additional' })).additionalInformation, name);
    assert.match(
      (await first({ text_tags: true })).remittanceInformationUnstructured!,
      /^EREF\+B\d{8}-\w+ (MREF\+.*)?SVWZ\+/,
    );
    const escaped = await as({ text_escapes: true, payee_from: 'text' });
    assert.ok(escaped.some((one) => one.remittanceInformationUnstructured!.includes('Caf\\U00e9')));
    const foreign = (await as({ home_amount_after: 'billingAmount:' })).find(
      (one) => one.transactionAmount.currency === 'SEK',
    )!;
    const home = /billingAmount: (-[\d.]+) EUR$/.exec(foreign.remittanceInformationUnstructured!)![1]!;
    const same = right.find((one) => one.transactionId === foreign.transactionId)!;
    assert.equal(home, same.transactionAmount.amount);
    await bank.is({ pending_sign: 'debit' });
    const { pending } = (await read('bookingStatus=pending')).body.transactions;
    assert.ok(pending.every((one: Entry) => !one.transactionAmount.amount.startsWith('-')));
  });

  test('accounts that are closed, blocked, or have a new number', async () => {
    const list = async () => (await bank.reads(consentId, '/v1/accounts')).body.accounts;
    const [first, second] = await list();
    await bank.is({ accounts_gone: [second.iban] });
    assert.deepEqual(
      (await list()).map((one: Entry) => one.iban),
      [first.iban],
    );
    await bank.is({ accounts_blocked: [first.iban], accounts_renumbered: [`${second.iban}=DE75512108001245126199`] });
    const changed = await list();
    assert.deepEqual(
      changed.map((one: Entry) => one.status),
      ['blocked', 'enabled'],
    );
    assert.deepEqual([changed[1].iban, changed[1].resourceId], ['DE75512108001245126199', second.resourceId]);
  });

  test('every answer is as the official file has it', () => bank.keptToTheFile());

  async function rawly(url: string): Promise<Buffer> {
    const { request } = await import('node:https');
    const who = { organization: 'Trial GmbH', organizationId: bank.caller.organizationId, commonName: 'trial.example' };
    const { certificate, privateKey } = await bank.trial.sandbox.issueCertificate(who);
    const headers = {
      'x-request-id': crypto.randomUUID(),
      'consent-id': consentId,
      'psu-ip-address': '203.0.113.9',
    };
    return new Promise((resolve, reject) => {
      const asked = request(url, {
        ca: bank.trial.sandbox.ca,
        cert: certificate,
        key: privateKey,
        headers,
        agent: false,
      });
      asked.once('error', reject);
      asked.once('response', (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.once('end', () => resolve(Buffer.concat(chunks)));
      });
      asked.end();
    });
  }
});

describe('cards at a pretend Berlin Group bank', () => {
  test('below /v1/card-accounts too, only there, or not at all', async () => {
    const bank = await pretendBank('de-nordwind', ['mara', 'nordwind-1']);
    try {
      const facts = (more: object) =>
        bank.trial.sandbox.control('/banks/de-nordwind/facts', {
          interface: 'cards',
          approach: 'redirect',
          start: 'implicit',
          ...more,
        });
      await facts({});
      bank.base = `${bank.base}/cards`;
      const answer = await bank.caller.call(bank.base, 'POST', '/v1/consents', {
        headers: { 'tpp-redirect-uri': 'http://127.0.0.1:1/back' },
        body: {
          access: { allPsd2: 'allAccounts' },
          recurringIndicator: true,
          validUntil: '9999-12-31',
          frequencyPerDay: 4,
          combinedServiceIndicator: false,
        },
      });
      const { visit } = await import('./bank-page.ts');
      const page = await visit(answer.body._links.scaRedirect.href);
      await page.logIn('mara', 'nordwind-1');
      await page.press('approve');
      const read = (path: string) =>
        bank.caller.call(bank.base, 'GET', path, { headers: { 'consent-id': answer.body.consentId } });
      const counts = async () => {
        const [accounts, cards] = [await read('/v1/accounts'), await read('/v1/card-accounts')];
        return [accounts.body.accounts.length, cards.body.cardAccounts?.length ?? cards.status];
      };
      assert.deepEqual(await counts(), [2, 2]);
      await facts({ card_accounts: 'only' });
      assert.deepEqual(await counts(), [0, 2]);
      const [card] = (await read('/v1/card-accounts')).body.cardAccounts;
      const report = await read(
        `/v1/card-accounts/${card.resourceId}/transactions?bookingStatus=both&dateFrom=2024-01-01`,
      );
      const { booked } = report.body.cardTransactions;
      assert.ok(booked.length > 10 && booked.every((one: { cardTransactionId: string }) => one.cardTransactionId));
      assert.equal((await read(`/v1/card-accounts/${card.resourceId}/balances`)).body.debitAccounting, false);
      await facts({ masked_pan_as_iban: true });
      assert.match((await read('/v1/card-accounts')).body.cardAccounts[0].iban, /^\d{6}\*+\d{4}$/);
      await facts({ masked_pan_as_iban: false, card_accounts: 'none' });
      assert.deepEqual(await counts(), [2, 404]);
      bank.keptToTheFile();
    } finally {
      await bank.trial.close();
    }
  });
});

type Sums = { count: number; before: number; sum: number; after: number };

/** Balances and sum of a camt.052 message, in cents. */
function ofCamt(xml: string): Sums {
  const signed = (amount: string, mark: string) => Math.round(Number(amount) * 100) * (mark === 'DBIT' ? -1 : 1);
  const balance = (code: string) => {
    const form = new RegExp(`<Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">([\\d.]+)</Amt><CdtDbtInd>(\\w+)<`);
    const [, amount, mark] = form.exec(xml)!;
    return signed(amount!, mark!);
  };
  const entries = [...xml.matchAll(/<Ntry><Amt Ccy="EUR">([\d.]+)<\/Amt><CdtDbtInd>(\w+)<\/CdtDbtInd><Sts>BOOK/g)];
  const sum = entries.reduce((total, [, amount, mark]) => total + signed(amount!, mark!), 0);
  return { count: entries.length, before: balance('PRCD'), sum, after: balance('CLBD') };
}

/** First and last balance and sum of MT940 statements, in cents. */
function ofMt940(text: string): Sums {
  const value = (mark: string, amount: string) =>
    Math.round(Number(amount.replace(',', '.')) * 100) * (mark === 'D' ? -1 : 1);
  const balances = (tag: string) =>
    [...text.matchAll(new RegExp(`:${tag}:([CD])\\d{6}EUR([\\d,]+)`, 'g'))].map(([, mark, amount]) =>
      value(mark!, amount!),
    );
  const entries = [...text.matchAll(/:61:\d{10}([CD])R([\d,]+)N/g)];
  const sum = entries.reduce((total, [, mark, amount]) => total + value(mark!, amount!), 0);
  return { count: entries.length, before: balances('60F')[0]!, sum, after: balances('62F').at(-1)! };
}

/** The files of a ZIP, by its central directory. */
function unzipped(zip: Buffer): { name: string; text: string }[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    assert.equal(zip.toString('latin1', at, at + 4), 'PK\x01\x02');
    const [packed, name] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28)];
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = inflateRawSync(zip.subarray(start, start + packed));
    assert.equal(crc32(content), zip.readUInt32LE(at + 16));
    const file = { name: zip.toString('utf8', at + 46, at + 46 + name), text: content.toString('utf8') };
    at += 46 + name;
    return file;
  });
}
