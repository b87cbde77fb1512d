import {
  type AccountToExport,
  eachEntry,
  numberOf,
  type Period,
  type ShownEntry,
  type WriteFile,
  xml,
} from './entries.ts';

const KINDS: Record<string, string> = { savings: 'SAVINGS', loan: 'CREDITLINE' };

/** OFX 2.2: booked entries; bank accounts first, credit cards after them, as its schema wants. */
export const writeOfx: WriteFile = async function* (accounts, period, at) {
  yield '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n';
  yield '<?OFX OFXHEADER="200" VERSION="220" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n<OFX>\n';
  yield `<SIGNONMSGSRSV1><SONRS>${OK}<DTSERVER>${moment(at)}</DTSERVER><LANGUAGE>ENG</LANGUAGE></SONRS></SIGNONMSGSRSV1>\n`;
  const isCard = ({ account }: AccountToExport) => account.accountType === 'credit_card';
  yield* messages(
    'BANKMSGSRSV1',
    accounts.filter((one) => !isCard(one)),
    period,
    at,
  );
  yield* messages('CREDITCARDMSGSRSV1', accounts.filter(isCard), period, at);
  yield '</OFX>\n';
};

const OK = '<STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>';

async function* messages(set: string, accounts: readonly AccountToExport[], period: Period, at: Date) {
  if (accounts.length === 0) return;
  const card = set.startsWith('CREDIT');
  const [response, statement] = card ? ['CCSTMTTRNRS', 'CCSTMTRS'] : ['STMTTRNRS', 'STMTRS'];
  yield `<${set}>\n`;
  for (const one of accounts) {
    const { account } = one;
    yield `<${response}><TRNUID>0</TRNUID>${OK}<${statement}><CURDEF>${account.currency}</CURDEF>${identity(one, card)}\n`;
    const { from = '1970-01-01', to = at.toISOString().slice(0, 10) } = period;
    yield `<BANKTRANLIST><DTSTART>${day(from)}</DTSTART><DTEND>${day(to)}</DTEND>\n`;
    for await (const entry of eachEntry(one)) if (entry.status === 'booked') yield line(entry, at);
    yield `</BANKTRANLIST>\n${balance(one, at)}</${statement}></${response}>\n`;
  }
  yield `</${set}>\n`;
}

function identity({ account }: AccountToExport, card: boolean): string {
  const number = `<ACCTID>${xml(numberOf(account), 34)}</ACCTID>`;
  if (card) return `<CCACCTFROM>${number}</CCACCTFROM>`;
  const bank = xml(account.identification.sortCode ?? account.provider, 9);
  const kind = KINDS[account.accountType] ?? 'CHECKING';
  return `<BANKACCTFROM><BANKID>${bank}</BANKID>${number}<ACCTTYPE>${kind}</ACCTTYPE></BANKACCTFROM>`;
}

function line(entry: ShownEntry, at: Date): string {
  const posted = day(entry.booked_on ?? entry.value_on ?? at.toISOString().slice(0, 10));
  const name = entry.counterparty?.name ?? entry.description;
  return `<STMTTRN><TRNTYPE>${entry.amount.startsWith('-') ? 'DEBIT' : 'CREDIT'}</TRNTYPE><DTPOSTED>${posted}</DTPOSTED>\
<TRNAMT>${entry.amount}</TRNAMT><FITID>${entry.id}</FITID><NAME>${xml(name || '-', 32)}</NAME>\
<MEMO>${xml(entry.description || '-', 255)}</MEMO></STMTTRN>\n`;
}

/** OFX wants one; where the bank gave no booked balance the next best stands for it, and 0 for none at all. */
function balance({ balances }: AccountToExport, at: Date): string {
  const best = balances.find(({ type }) => type === 'booked') ?? balances[0];
  return `<LEDGERBAL><BALAMT>${best?.amount ?? '0'}</BALAMT><DTASOF>${moment(best?.at ?? at)}</DTASOF></LEDGERBAL>`;
}

function day(text: string): string {
  return text.replaceAll('-', '');
}

function moment(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace(/[-:T]/g, '')}[0:GMT]`;
}
