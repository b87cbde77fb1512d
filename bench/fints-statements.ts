import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readCamt } from '../src/banking/formats/camt.ts';
import { decodeText } from '../src/banking/formats/charset.ts';
import { readMt940 } from '../src/banking/formats/mt940.ts';
import type { StatementPart } from '../src/banking/formats/statement.ts';
import { type Bench, type Measurement, median, short } from './measure.ts';

const ENTRIES = 50_000;
const ROUNDS = 7;

/** F1: statements of FinTS banks, parsed and normalised to the cent on one core. */
export const fintsStatements: Bench = {
  name: 'fints-statements',
  goals: ['F1'],
  async run() {
    return [
      measureReading(
        'F1',
        'MT940',
        makeMt940,
        (bytes) => readMt940(decodeText(bytes), { status: 'booked', currency: 'EUR' }),
        50_000,
      ),
      measureReading('F1', 'camt.052', makeCamt, readCamt, 30_000),
    ];
  },
};

/** Reads a report, part by part. */
export type Read = (bytes: Uint8Array) => Iterable<StatementPart>;

/** Entries read a second of CPU on one core, and whether what is held beside the text grows with their number. */
export function measureReading(
  goal: string,
  what: string,
  make: (entries: number) => Uint8Array,
  read: Read,
  gate: number,
): Measurement {
  const bytes = make(ENTRIES);
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    // CPU time, not the wall's: what else the machine does is not the parser's.
    const before = process.cpuUsage();
    const count = drain(read(bytes));
    const { user, system } = process.cpuUsage(before);
    const rate = ENTRIES / ((user + system) / 1e6);
    if (count !== ENTRIES) throw new Error(`${what}: ${count} entries of ${ENTRIES}`);
    if (round > 0) rates.push(rate);
  }
  const small = growth(read, make(ENTRIES / 10));
  const large = growth(read, bytes);
  const rate = median(rates);
  const isFlat = large < small + 2_000_000;
  return {
    goal,
    what: `${what}, entries parsed and normalised a second of CPU`,
    subject: short(rate),
    anchor: '–',
    ratio: '–',
    gate: `≥ ${gate.toLocaleString('en-GB')}`,
    outcome: rate >= gate && isFlat ? 'held' : 'missed',
    note: `${short(bytes.length / ENTRIES)} bytes an entry; held beside the text after ${ENTRIES / 10} entries ${short(small / 1e6)} MB, after ${ENTRIES} ${short(large / 1e6)} MB`,
  };
}

function drain(parts: Iterable<StatementPart>): number {
  let entries = 0;
  for (const part of parts) if (part.kind === 'entry') entries += 1;
  return entries;
}

/** What is still held when the last entry is handed out, beyond the text itself. */
function growth(read: Read, bytes: Uint8Array): number {
  const iterator = read(bytes)[Symbol.iterator]();
  iterator.next();
  const before = heapUsed();
  let last: StatementPart | undefined;
  for (let next = iterator.next(); !next.done; next = iterator.next()) {
    last = next.value;
    if (last.kind === 'closing') break;
  }
  return heapUsed() - before;
}

function makeMt940(entries: number): Uint8Array {
  const rows: string[] = [':20:BENCH', ':25:12345678/0001234567', ':28C:1/1', ':60F:C261101EUR100000,00'];
  for (let at = 0; at < entries; at += 1) {
    const cents = String(at % 100).padStart(2, '0');
    rows.push(
      `:61:2611021102${at % 3 === 0 ? 'C' : 'D'}R${at % 977},${cents}N105KREF+//${at}`,
      `:86:105?00FOLGELASTSCHRIFT?109248?20EREF+RG-2026-${String(at).padStart(13, '0')}?21MREF+M-${at}?22CRED+DE98ZZZ00000012345?23SVWZ+Strom November Kunde ${at}?24Vielen Dank für Ihre Treue?30TESTDEFFXXX`,
      '?31DE02120300000000202051?32STADTWERKE MUSTERSTADT GMBH?33 UND CO?34992',
    );
  }
  return Buffer.from(`${rows.join('\r\n')}\r\n:62F:C261102EUR100000,00\r\n-\r\n`, 'latin1');
}

/** A camt.052 report with so many entries, as German banks write them. */
export function makeCamt(entries: number): Uint8Array {
  const rows: string[] = [];
  for (let at = 0; at < entries; at += 1) {
    const [side, mark] = at % 3 === 0 ? ['Dbtr', 'CRDT'] : ['Cdtr', 'DBIT'];
    rows.push(
      `<Ntry><Amt Ccy="EUR">${at % 977}.${String(at % 100).padStart(2, '0')}</Amt><CdtDbtInd>${mark}</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-02</Dt></BookgDt><ValDt><Dt>2026-11-02</Dt></ValDt><AcctSvcrRef>20261102${at}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RDDT</Cd><SubFmlyCd>ESDD</SubFmlyCd></Fmly></Domn><Prtry><Cd>NDDT+105+9248+992</Cd><Issr>DK</Issr></Prtry></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>RG-2026-${at}</EndToEndId><MndtId>M-${at}</MndtId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">1.00</Amt></TxAmt></AmtDtls><RltdPties><${side}><Nm>Stadtwerke Musterstadt GmbH</Nm></${side}><${side}Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></${side}Acct></RltdPties><RmtInf><Ustrd>Strom November Kunde ${at} Vielen Dank für Ihre Treue</Ustrd></RmtInf></TxDtls></NtryDtls><AddtlNtryInf>FOLGELASTSCHRIFT</AddtlNtryInf></Ntry>`,
    );
  }
  const balance = (code: string) =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>`;
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><Document><BkToCstmrAcctRpt><Rpt>${balance('PRCD')}${rows.join('')}${balance('CLBD')}</Rpt></BkToCstmrAcctRpt></Document>`,
  );
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  for (let pass = 0; pass < 3; pass += 1) collect();
  const memory = process.memoryUsage();
  return memory.heapUsed + memory.arrayBuffers;
}
