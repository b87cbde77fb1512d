import { type AccountToExport, eachEntry, otherNumber, type ShownEntry, type WriteFile, xml } from './entries.ts';

/** ISO 20022 camt.053.001.08: one statement per account, its elements in the order of the schema. */
export const writeCamt053: WriteFile = async function* (accounts, period, at) {
  const made = at.toISOString();
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">';
  yield `<BkToCstmrStmt><GrpHdr><MsgId>${made.replace(/\D/g, '')}</MsgId><CreDtTm>${made}</CreDtTm></GrpHdr>\n`;
  for (const [index, one] of accounts.entries()) {
    yield `<Stmt><Id>${index + 1}</Id><CreDtTm>${made}</CreDtTm>${range(period, made)}${account(one)}${balances(one, at)}\n`;
    for await (const entry of eachEntry(one)) yield line(entry, made.slice(0, 10));
    yield '</Stmt>\n';
  }
  yield '</BkToCstmrStmt></Document>\n';
};

function range({ from, to }: { from?: string | undefined; to?: string | undefined }, made: string): string {
  if (!from) return '';
  const end = to ?? made.slice(0, 10);
  return `<FrToDt><FrDtTm>${from}T00:00:00Z</FrDtTm><ToDtTm>${end}T23:59:59Z</ToDtTm></FrToDt>`;
}

function account({ account }: AccountToExport): string {
  const { iban, accountNumber, bban, maskedPan } = account.identification;
  const other = accountNumber ?? bban ?? maskedPan ?? account.id;
  const owner = account.holderName ? `<Ownr><Nm>${xml(account.holderName, 140)}</Nm></Ownr>` : '';
  return `<Acct><Id>${number(iban, other)}</Id><Ccy>${account.currency}</Ccy>${owner}</Acct>`;
}

function number(iban: string | undefined, other: string): string {
  return iban ? `<IBAN>${xml(iban)}</IBAN>` : `<Othr><Id>${xml(other, 34)}</Id></Othr>`;
}

const CODES = { booked: 'CLBD', available: 'CLAV', expected: 'XPCD' } as const;

/** The schema wants one at least: an account without any gets a booked one of nothing. */
function balances({ account, balances }: AccountToExport, at: Date): string {
  const none = [{ type: 'booked' as const, amount: '0', currency: account.currency, at }];
  return (balances.length > 0 ? balances : none)
    .map(
      (one) =>
        `<Bal><Tp><CdOrPrtry><Cd>${CODES[one.type]}</Cd></CdOrPrtry></Tp>${amount(one.amount, one.currency)}` +
        `<Dt><Dt>${one.at.toISOString().slice(0, 10)}</Dt></Dt></Bal>`,
    )
    .join('');
}

function amount(signed: string, currency: string): string {
  const side = signed.startsWith('-') ? 'DBIT' : 'CRDT';
  return `<Amt Ccy="${currency}">${signed.replace('-', '')}</Amt><CdtDbtInd>${side}</CdtDbtInd>`;
}

function line(entry: ShownEntry, today: string): string {
  const booked = entry.booked_on ?? entry.value_on ?? today;
  const value = entry.value_on ? `<ValDt><Dt>${entry.value_on}</Dt></ValDt>` : '';
  const code = `<BkTxCd><Prtry><Cd>${xml(entry.bank_code || 'NTRF', 35)}</Cd></Prtry></BkTxCd>`;
  return `<Ntry><NtryRef>${entry.id}</NtryRef>${amount(entry.amount, entry.currency)}\
<Sts><Cd>${entry.status === 'booked' ? 'BOOK' : 'PDNG'}</Cd></Sts><BookgDt><Dt>${booked}</Dt></BookgDt>${value}${code}\
<NtryDtls><TxDtls><Refs><EndToEndId>${xml(entry.end_to_end_id || 'NOTPROVIDED', 35)}</EndToEndId></Refs>\
${amount(entry.amount, entry.currency)}${parties(entry)}${remittance(entry)}</TxDtls></NtryDtls></Ntry>\n`;
}

/** The other party: who gave where money came in, who got it where it went out. */
function parties(entry: ShownEntry): string {
  const role = entry.amount.startsWith('-') ? 'Cdtr' : 'Dbtr';
  const { name, iban } = entry.counterparty ?? {};
  const other = otherNumber(entry);
  const party = name ? `<${role}><Pty><Nm>${xml(name, 140)}</Nm></Pty></${role}>` : '';
  const held = other ? `<${role}Acct><Id>${number(iban, other)}</Id></${role}Acct>` : '';
  return party || held ? `<RltdPties>${party}${held}</RltdPties>` : '';
}

function remittance({ description }: ShownEntry): string {
  const parts = [...description]
    .map((_, at, all) => (at % 140 === 0 ? all.slice(at, at + 140).join('') : ''))
    .filter(Boolean);
  return parts.length > 0 ? `<RmtInf>${parts.map((part) => `<Ustrd>${xml(part)}</Ustrd>`).join('')}</RmtInf>` : '';
}
