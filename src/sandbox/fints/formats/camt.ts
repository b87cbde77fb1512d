import { decimal } from '../../world/data.ts';
import type { Line } from '../../world/statement.ts';
import { bookingText, type Day } from './mt940.ts';

/** Whose report it is. */
export type ReportedAccount = { iban: string; bic: string; currency: string; owner: string; bankName: string };

/** One booking day as camt.052 in the namespace that was asked for, UTF-8 as Latin-1 text of its bytes. */
export function report(namespace: string, account: ReportedAccount, day: Day, made: Date): string {
  const { before, after, lines } = day;
  const balances =
    balance('PRCD', before, lines[0]?.bookingDate ?? day.day, account) + balance('CLBD', after, day.day, account);
  return document(
    namespace,
    account,
    day.day,
    made,
    balances + lines.map((one) => entry(namespace, account, one)).join(''),
  );
}

/** Entries that are not booked yet, as camt.052. */
export function notedReport(namespace: string, account: ReportedAccount, lines: readonly Line[], made: Date): string {
  const body = lines.map((one) => entry(namespace, account, one)).join('');
  return document(namespace, account, `${made.toISOString().slice(0, 10)}-NOTED`, made, body);
}

function document(namespace: string, account: ReportedAccount, id: string, made: Date, body: string): string {
  const at = made.toISOString().slice(0, 19);
  const number = `${id.replaceAll('-', '')}-${account.iban.slice(-10)}`;
  const bic = isLater(namespace) ? 'BICFI' : 'BIC';
  const xml =
    `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="${namespace}"><BkToCstmrAcctRpt>` +
    `<GrpHdr><MsgId>${number}</MsgId><CreDtTm>${at}</CreDtTm></GrpHdr>` +
    `<Rpt><Id>${number}</Id><ElctrncSeqNb>0</ElctrncSeqNb><CreDtTm>${at}</CreDtTm>` +
    `<Acct><Id><IBAN>${account.iban}</IBAN></Id><Ccy>${account.currency}</Ccy><Ownr><Nm>${escaped(account.owner)}</Nm></Ownr>` +
    `<Svcr><FinInstnId><${bic}>${account.bic}</${bic}><Nm>${escaped(account.bankName)}</Nm></FinInstnId></Svcr></Acct>` +
    `${body}</Rpt></BkToCstmrAcctRpt></Document>`;
  return Buffer.from(xml, 'utf8').toString('latin1');
}

/** From version 06 on parties and statuses are nested one deeper. */
const isLater = (namespace: string) => Number(namespace.slice(-2)) >= 6;

function balance(type: string, cents: number, day: string, { currency }: ReportedAccount): string {
  return (
    `<Bal><Tp><CdOrPrtry><Cd>${type}</Cd></CdOrPrtry></Tp>${money(cents, currency)}` +
    `<CdtDbtInd>${side(cents)}</CdtDbtInd><Dt><Dt>${day}</Dt></Dt></Bal>`
  );
}

function entry(namespace: string, { currency }: ReportedAccount, line: Line): string {
  const later = isLater(namespace);
  const amounts = `${money(line.cents, currency)}<CdtDbtInd>${side(line.cents)}</CdtDbtInd>`;
  const status = line.pending ? 'PDNG' : 'BOOK';
  const [domain, family, subFamily] = line.code.split('-') as [string, string, string];
  const [german, booking] = bookingText(line);
  const code =
    `<BkTxCd><Domn><Cd>${domain}</Cd><Fmly><Cd>${family}</Cd><SubFmlyCd>${subFamily}</SubFmlyCd></Fmly></Domn>` +
    `<Prtry><Cd>NTRF+${german}</Cd><Issr>DK</Issr></Prtry></BkTxCd>`;
  const dates = line.pending
    ? `<ValDt><Dt>${line.valueDate}</Dt></ValDt>`
    : `<BookgDt><Dt>${line.bookingDate}</Dt></BookgDt><ValDt><Dt>${line.valueDate}</Dt></ValDt>`;
  return (
    `<Ntry>${amounts}` +
    `<Sts>${later ? `<Cd>${status}</Cd>` : status}</Sts>${dates}${code}` +
    `<NtryDtls><TxDtls>${references(line)}${later ? amounts : ''}` +
    `${code}${parties(later, line)}<RmtInf><Ustrd>${escaped(line.text.slice(0, 140))}</Ustrd></RmtInf></TxDtls></NtryDtls>` +
    `<AddtlNtryInf>${booking}</AddtlNtryInf></Ntry>`
  );
}

const references = (line: Line) =>
  `<Refs><EndToEndId>${line.id.slice(0, 35)}</EndToEndId>${line.mandateId ? `<MndtId>${line.mandateId}</MndtId>` : ''}</Refs>`;

function parties(later: boolean, line: Line): string {
  const other = line.cents < 0 ? 'Cdtr' : 'Dbtr';
  const id = line.creditorId ? `<Id><PrvtId><Othr><Id>${line.creditorId}</Id></Othr></PrvtId></Id>` : '';
  const named = line.name ? `<Nm>${escaped(line.name.slice(0, 70))}</Nm>` : '';
  if (!named && !line.iban) return '';
  const party = named ? `<${other}>${later ? `<Pty>${named}${id}</Pty>` : `${named}${id}`}</${other}>` : '';
  const account = line.iban ? `<${other}Acct><Id><IBAN>${line.iban}</IBAN></Id></${other}Acct>` : '';
  return `<RltdPties>${party}${account}</RltdPties>`;
}

const money = (cents: number, currency: string) => `<Amt Ccy="${currency}">${decimal(Math.abs(cents))}</Amt>`;
const side = (cents: number) => (cents < 0 ? 'DBIT' : 'CRDT');
const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** XML 1.0 allows no control characters but tab and line ends. */
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const escaped = (text: string) => text.replace(FORBIDDEN, '').replace(/[&<>"]/g, (sign) => SIGNS[sign]!);
