import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Transaction } from '../account.ts';
import { sameAmount, sumAmounts } from '../money.ts';
import { readCamt } from './camt.ts';
import type { StatementPart } from './statement.ts';
import { XmlError } from './xml.ts';

const balance = (code: string, amount: string, mark = 'CRDT') =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${mark}</CdtDbtInd><Dt><Dt>2026-11-02</Dt></Dt></Bal>`;
const report = (entries: string, { opening = '100.00', closing = '87.66', version = '052.001.02' } = {}) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.${version}"><BkToCstmrAcctRpt><GrpHdr/><Rpt><Id>1</Id>${balance('PRCD', opening)}${entries}${balance('CLBD', closing)}</Rpt></BkToCstmrAcctRpt></Document>`;
const entry = (inside: string, amount = '12.34', mark = 'DBIT') =>
  `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${mark}</CdtDbtInd>${inside}</Ntry>`;
const DAYS = '<BookgDt><Dt>2026-11-02</Dt></BookgDt><ValDt><DtTm>2026-11-03T23:30:00+01:00</DtTm></ValDt>';

const entriesOf = (parts: StatementPart[]) => parts.flatMap((part) => (part.kind === 'entry' ? [part.entry] : []));

const STYLES: Record<string, [document: string | Uint8Array, expected: Partial<Transaction>]> = {
  'version 2, with everything': [
    report(
      entry(
        `<Sts>BOOK</Sts>${DAYS}<AcctSvcrRef>2026110200001</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RDDT</Cd><SubFmlyCd>ESDD</SubFmlyCd></Fmly></Domn><Prtry><Cd>NDDT+105</Cd></Prtry></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>E-1</EndToEndId><MndtId>M</MndtId></Refs><RltdPties><Cdtr><Nm>Stadtwerke &amp; S&#246;hne</Nm></Cdtr><CdtrAcct><Id><IBAN>DE02120300000000202051</IBAN></Id></CdtrAcct></RltdPties><RmtInf><Ustrd>Strom</Ustrd><Ustrd>November</Ustrd></RmtInf></TxDtls></NtryDtls>`,
      ),
    ),
    {
      status: 'booked',
      amount: '-12.34',
      currency: 'EUR',
      bookedOn: '2026-11-02',
      valueOn: '2026-11-03',
      description: 'Strom November',
      reference: '2026110200001',
      counterparty: { name: 'Stadtwerke & Söhne', iban: 'DE02120300000000202051' },
      bankCode: 'PMNT-RDDT-ESDD',
      endToEndId: 'E-1',
    },
  ],
  'version 8: status and parties one level deeper, another prefix': [
    report(
      entry(
        `<Sts><Cd>BOOK</Cd></Sts>${DAYS}<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RltdPties><Cdtr><Pty><Nm>Laden</Nm></Pty></Cdtr></RltdPties><RmtInf><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls>`,
      ),
      { version: '052.001.08' },
    ).replace(/<(\/?)(?=[A-Za-z])/g, '<$1ns2:'),
    { amount: '-12.34', description: 'RF18539007547034', counterparty: { name: 'Laden' } },
  ],
  'ISO-8859-1, as it says itself': [
    Buffer.from(report(entry(`${DAYS}<AddtlNtryInf>Bäckerei</AddtlNtryInf>`)).replace('UTF-8', 'ISO-8859-1'), 'latin1'),
    { description: 'Bäckerei' },
  ],
  'character data, comments, empty elements, blanks': [
    report(
      entry(
        `\n  <!-- <Ntry> --><Sts> BOOK </Sts><NtryDtls><TxDtls><RmtInf><Ustrd><![CDATA[a < b & c]]></Ustrd><Ustrd/></RmtInf></TxDtls></NtryDtls>\n`,
      ),
    ),
    { description: 'a < b & c' },
  ],
  'a batch is one entry': [
    report(
      entry(
        `<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch><TxDtls><RltdPties><Cdtr><Nm>A</Nm></Cdtr></RltdPties><RmtInf><Ustrd>one</Ustrd></RmtInf></TxDtls><TxDtls><RmtInf><Ustrd>two</Ustrd></RmtInf></TxDtls></NtryDtls>`,
      ),
    ),
    { amount: '-12.34', description: 'one; two' },
  ],
  'another currency beside': [
    report(
      entry(
        `<AmtDtls><InstdAmt><Amt Ccy="USD">13.50</Amt></InstdAmt><TxAmt><Amt Ccy="EUR">12.34</Amt><CcyXchg><XchgRate>1.094</XchgRate></CcyXchg></TxAmt></AmtDtls>`,
      ),
    ),
    { original: { amount: '13.50', currency: 'USD', rate: '1.094' } },
  ],
  'a return: its indicator is already that of the return': [
    report(
      entry(
        '<RvslInd>true</RvslInd><NtryDtls><TxDtls><RltdPties><Cdtr><Nm>Shop</Nm></Cdtr></RltdPties></TxDtls></NtryDtls>',
        '5.00',
        'CRDT',
      ),
      {
        closing: '105.00',
      },
    ),
    { amount: '5.00', counterparty: { name: 'Shop' } },
  ],
};

describe('camt', () => {
  for (const [style, [document, expected]] of Object.entries(STYLES)) {
    test(style, () => {
      const parts = [...readCamt(document)];
      const [found] = entriesOf(parts);
      assert.ok(found);
      assert.deepEqual(
        Object.fromEntries(Object.keys(expected).map((key) => [key, found[key as keyof Transaction]])),
        expected,
      );
      assert.ok(adds(parts));
    });
  }

  test('what is only announced is no entry, and what is pending is not booked', () => {
    const parts = [
      ...readCamt(report(['INFO', 'PDNG', 'FUTR'].map((status) => entry(`<Sts>${status}</Sts>`)).join(''))),
    ];
    assert.deepEqual(
      entriesOf(parts).map(({ status }) => status),
      ['pending'],
    );
  });

  test('an entry without amount or sign is told, and the rest is read', () => {
    const parts = [...readCamt(report(`<Ntry><Amt Ccy="EUR">1</Amt></Ntry>${entry('', 'viel')}${entry('')}`))];
    assert.deepEqual(
      parts.flatMap((part) => (part.kind === 'rejected' ? [part.rejected.place] : [])),
      ['entry 1', 'entry 2'],
    );
    assert.equal(entriesOf(parts).length, 1);
  });

  test('what is no document, or made to hurt, is refused', () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "${'b'.repeat(1000)}">]>${report(entry('&a;'))}`;
    for (const wrong of [
      bomb,
      '',
      'nothing',
      '{"a":1}',
      report(entry('')).slice(0, -30),
      '<a></b>',
      '<a>'.repeat(100_000),
      '<',
      '<a',
      '<a b="',
    ])
      assert.throws(() => [...readCamt(wrong)], XmlError, wrong.slice(0, 40));
  });

  test('no input throws anything but its own error, or hangs', () => {
    const piece = fc.constantFrom(
      '<Ntry>',
      '</Ntry>',
      '<Amt Ccy="EUR">',
      '</Amt>',
      '1.0',
      '<CdtDbtInd>CRDT</CdtDbtInd>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '&amp;',
      '&#x1F600;',
      '&#0;',
      '<a/>',
      '/>',
      '"',
      "'",
      '<?x',
      '?>',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 6 }))), (pieces) => {
        try {
          for (const _ of readCamt(pieces.join(''))) void _;
        } catch (error) {
          assert.ok(error instanceof XmlError, String(error));
        }
      }),
    );
  });

  test('whatever is booked, entries add up to the closing balance', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -9_999_999, max: 9_999_999 }), fc.string({ maxLength: 20 }))),
        (rows) => {
          const text = (raw: string) => raw.replace(/[\0-\x1f<&>]/g, ' ').toWellFormed();
          const rowsText = rows.map(([cents, words]) =>
            entry(`<AddtlNtryInf>${text(words)}</AddtlNtryInf>`, plain(Math.abs(cents)), cents < 0 ? 'DBIT' : 'CRDT'),
          );
          const end = 10_000_000_000 + rows.reduce((sum, [cents]) => sum + cents, 0);
          const parts = [
            ...readCamt(report(rowsText.join('\n'), { opening: plain(10_000_000_000), closing: plain(end) })),
          ];
          assert.equal(entriesOf(parts).length, rows.length);
          assert.ok(adds(parts));
        },
      ),
    );
  });
});

function adds(parts: StatementPart[]): boolean {
  const opening = parts.find(({ kind }) => kind === 'opening');
  const closing = parts.findLast(({ kind }) => kind === 'closing');
  assert.ok(opening?.kind === 'opening' && closing?.kind === 'closing');
  return sameAmount(sumAmounts([opening.amount, ...entriesOf(parts).map(({ amount }) => amount)]), closing.amount);
}

function plain(cents: number): string {
  const digits = String(cents).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
