import type { Page, Rejected, Transaction } from '../../../banking/account.ts';
import { BankError } from '../../../banking/bank-error.ts';
import type { Connector } from '../../../banking/connector.ts';
import { readCamt } from '../../../banking/formats/camt.ts';
import { decodeText } from '../../../banking/formats/charset.ts';
import { readMt940 } from '../../../banking/formats/mt940.ts';
import type { StatementPart } from '../../../banking/formats/statement.ts';
import { XmlError } from '../../../banking/formats/xml.ts';
import { type BankAccount, mayOrder, nationalOf, sepaOf } from '../accounts.ts';
import type { Facts } from '../facts.ts';
import { secretOf } from '../grant.ts';
import { type Parameters, versionOf } from '../parameters.ts';
import type { Answer, Talk } from '../talk.ts';
import { DKKKU, HICAZ, HIKAZ, HKCAZ, HKKAZ6, HKKAZ7 } from '../wire/segments.ts';
import { type Segment, textOf } from '../wire/syntax.ts';
import { findAccount } from './balances.ts';
import { beginCardTurnovers, readCardTurnovers } from './cards.ts';
import { readInDialog, type Work } from './dialog.ts';

/** A way to the entries of an account. */
type Way = 'HKCAZ' | 'HKKAZ' | 'DKKKU';

/** What came so far: contents as bytes one a character, and where the next page begins. */
type Gathered = {
  mark?: string;
  isRead: boolean;
  pages: number;
  booked: string[];
  pending: string[];
  cards: Segment[];
};

/** Days back that a bank must show without a fresh proof (RTS art. 10a), one less to be safe across midnight. */
const DAYS_WITHOUT_PROOF = 89;
const DAY_MS = 86_400_000;
const MOST_PAGES = 500;
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The entries of an account as camt.052 or MT940, all pages of them: a continuation mark is worth something only in the
 * dialog that gave it, so all pages are one exchange and one page of ours.
 */
export const readTransactions: Connector['transactions'] = (context, { grant, account, since }, resume) => {
  const facts = context.facts as unknown as Facts;
  const found = findAccount(secretOf(grant).access.accounts, account.reference);
  const isWatched = grant.visit !== undefined || resume !== undefined;
  const today = context.now().getTime();
  const earliest = (days: number) => new Date(today - days * DAY_MS).toISOString().slice(0, 10);
  const fromDay = isWatched || since > earliest(DAYS_WITHOUT_PROOF) ? since : earliest(DAYS_WITHOUT_PROOF);
  const work: Work<Gathered, Page> = {
    about: { purpose: 'transactions', account: account.reference },
    start: { isRead: false, pages: 0, booked: [], pending: [], cards: [] },
    next(talk, gathered) {
      if (gathered.isRead) return undefined;
      const way = wayTo(talk, found);
      const reach = talk.access.parameters.reach[way];
      const from = reach !== undefined && fromDay < earliest(reach) ? earliest(reach) : fromDay;
      return { name: way, orders: [orderFor(talk.access.parameters, way, found, from, gathered.mark ?? '')] };
    },
    take: (_talk, gathered, answer) => gather(gathered, answer),
    finish: (talk, gathered) => pageOf(wayTo(talk, found), gathered, found, facts),
  };
  return readInDialog(context, grant, resume, work);
};

/** The statements a bank has for an account, the preferred ones first. */
function wayTo({ access, facts }: Talk, account: BankAccount): Way {
  const { parameters } = access;
  const ways: Way[] = facts.statements === 'camt' ? ['HKCAZ', 'HKKAZ', 'DKKKU'] : ['HKKAZ', 'HKCAZ', 'DKKKU'];
  const way = ways.find((one) => {
    if (!mayOrder(account, one)) return false;
    if (one === 'HKCAZ') return account.iban !== '' && versionOf(parameters, one, [1]) !== undefined;
    return versionOf(parameters, one, one === 'DKKKU' ? [2] : account.iban ? [5, 6, 7] : [5, 6]) !== undefined;
  });
  if (!way) throw new BankError('unsupported', 'the bank has no statements for this account');
  return way;
}

const CAMT_052 = 'urn:iso:std:iso:20022:tech:xsd:camt.052.001.02';

function orderFor(parameters: Parameters, way: Way, account: BankAccount, from: string, mark: string) {
  const paging = { all: false, from, to: undefined, most: undefined, mark };
  const version = versionOf(parameters, way, way === 'HKKAZ' ? (account.iban ? [5, 6, 7] : [5, 6]) : [1, 2])!;
  return (number: number): Segment => {
    if (way === 'DKKKU') return DKKKU.write(number, beginCardTurnovers(account, from, mark));
    if (way === 'HKCAZ') {
      const formats = [
        parameters.camtFormats.filter((one) => one.includes('camt.052')).at(-1) ??
          parameters.camtFormats[0] ??
          CAMT_052,
      ];
      return HKCAZ.write(number, { account: sepaOf(account), formats, ...paging });
    }
    return version >= 7
      ? HKKAZ7.write(number, { account: sepaOf(account), ...paging })
      : { ...HKKAZ6.write(number, { account: nationalOf(account), ...paging }), version };
  };
}

function gather(gathered: Gathered, { segments, codes, first }: Answer): Gathered {
  const booked = [...gathered.booked];
  const pending = [...gathered.pending];
  const cards = [...gathered.cards];
  for (const segment of segments) {
    if (segment.name === 'HIKAZ') {
      const content = HIKAZ.read(segment);
      booked.push(textOf(content.booked));
      if (content.pending) pending.push(textOf(content.pending));
    } else if (segment.name === 'HICAZ') {
      const content = HICAZ.read(segment);
      for (const document of content.booked) addDocument(booked, textOf(document));
      if (content.pending) addDocument(pending, textOf(content.pending));
    } else if (segment.name === 'DIKKU') cards.push(segment);
  }
  const size = [...booked, ...pending].reduce((sum, one) => sum + one.length, 0);
  if (size > MOST_BYTES) throw new BankError('unexpected', 'the statements have no end');
  // 3040 belongs to our order; another segment's notice of more data is not ours to follow.
  const more = codes.find(
    ({ code, about, parameters }) => code === '3040' && parameters[0] && (about === undefined || about === first),
  );
  const mark = more?.parameters[0];
  const pages = gathered.pages + 1;
  if (mark !== undefined && mark === gathered.mark)
    throw new BankError('unexpected', 'the mark of the next page leads back');
  if (mark !== undefined && pages >= MOST_PAGES)
    throw new BankError('unexpected', 'the statements have too many pages');
  return { isRead: mark === undefined, pages, booked, pending, cards, ...(mark === undefined ? {} : { mark }) };
}

/** A page may end in the middle of a document: what does not begin one goes on with the one before. */
function addDocument(list: string[], text: string): void {
  if (text === '') return;
  const begins = /^\s*(\xef\xbb\xbf)?</.test(text) && !isOpen(list.at(-1));
  if (begins || list.length === 0) list.push(text);
  else list[list.length - 1] += text;
}

function isOpen(document: string | undefined): boolean {
  return document !== undefined && !/<\/([\w-]+:)?Document>\s*$/.test(document.slice(-200));
}

function pageOf(way: Way, gathered: Gathered, account: BankAccount, facts: Facts): Page {
  const page: Page = { raw: rawOf(gathered), booked: [], pending: [], rejected: [] };
  if (way === 'DKKKU') {
    const { entries, rejected } = readCardTurnovers(gathered.cards);
    return { ...page, booked: entries, rejected };
  }
  // A statement may be cut anywhere between two pages of MT940, so all of it is one text.
  const parts = (contents: string[], status: Transaction['status']): Iterable<StatementPart>[] =>
    way === 'HKCAZ'
      ? contents.map((content) => readCamt(Buffer.from(content, 'latin1')))
      : [
          readMt940(decodeText(Buffer.from(contents.join(''), 'latin1'), facts.statement_charset), {
            status,
            currency: account.currency,
          }),
        ];
  for (const list of parts(gathered.booked, 'booked')) take(page, list, undefined);
  for (const list of parts(gathered.pending, 'pending')) take(page, list, 'pending');
  return page;
}

function take(page: Page, parts: Iterable<StatementPart>, status: 'pending' | undefined): void {
  try {
    for (const part of parts) {
      if (part.kind === 'rejected') page.rejected.push(part.rejected);
      if (part.kind !== 'entry') continue;
      const entry = status ? { ...part.entry, status } : part.entry;
      (entry.status === 'pending' ? page.pending : page.booked).push(entry);
    }
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const rejected: Rejected = { place: 'statement', reason: error.message };
    page.rejected.push(rejected);
  }
}

function rawOf({ booked, pending, cards }: Gathered): Uint8Array {
  const rows = cards.map(({ elements }) => elements.map((element) => element.map(textOf).join(':')).join('\n'));
  return Buffer.from([...booked, ...pending, ...rows].join('\n'), 'latin1');
}
