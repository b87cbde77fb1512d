import { currencyOf } from '../world/data.ts';
import { numberOf } from '../world/holdings.ts';
import { permits, referenceOf } from './access.ts';
import { findSeen, openForReading, PRODUCTS, presentBalances, type Seen, seenAccounts } from './accounts.ts';
import { type Call, links } from './call.ts';
import { Refused, type Reply } from './errors.ts';
import { rowsOf } from './report.ts';
import { amountOf, idOf, type Row } from './reports/entry.ts';
import { openSince, pageLinks, pageOf, parseQuestion, pendingOf } from './reports/question.ts';

/** `GET /v1/card-accounts`. */
export async function getCardAccounts(call: Call): Promise<Reply> {
  const consent = await openForReading(call, 'card-accounts');
  const cards = seenAccounts(call, consent).filter((seen) => seen.holding.type === 'CARD');
  return { status: 200, body: { cardAccounts: cards.map((seen) => presentCard(call, seen)) } };
}

/** `GET /v1/card-accounts/{account-id}`. */
export async function getCardAccount(call: Call): Promise<Reply> {
  const consent = await openForReading(call, `card-account/${call.part.accountId}`);
  return { status: 200, body: { cardAccount: presentCard(call, mustBeCard(findSeen(call, consent, 'accounts'))) } };
}

/** `GET /v1/card-accounts/{account-id}/balances`. */
export async function getCardBalances(call: Call): Promise<Reply> {
  const consent = await openForReading(call, `card-balances/${call.part.accountId}`);
  const { holding, parts } = mustBeCard(findSeen(call, consent, 'balances'));
  const cardAccount = referenceOf(call.bank, numberOf(holding));
  return { status: 200, body: { cardAccount, debitAccounting: false, balances: await presentBalances(call, parts) } };
}

/** `GET /v1/card-accounts/{account-id}/transactions`. */
export async function getCardTransactions(call: Call): Promise<Reply> {
  const asked = parseQuestion(call, ['json']);
  const consent = await openForReading(call, asked.page === 0 ? `card-transactions/${call.part.accountId}` : undefined);
  const seen = mustBeCard(findSeen(call, consent, 'transactions'));
  const { holding, resourceId } = seen;
  const question = { ...asked, from: openSince(call, consent, asked.from) };
  const rows = await rowsOf(call, seen);
  const { shown, pages } = pageOf(rows, question);
  const path = `/v1/card-accounts/${resourceId}`;
  const present = (row: Row) => presentCardLine(call, row, numberOf(holding));
  return {
    status: 200,
    body: {
      cardAccount: referenceOf(call.bank, numberOf(holding)),
      debitAccounting: false,
      cardTransactions: {
        ...(question.status === 'pending' ? {} : { booked: shown.map(present) }),
        ...(question.status === 'booked' ? {} : { pending: pendingOf(rows, question).map(present) }),
        _links: { ...links(call, { cardAccount: path }), ...pageLinks(call, `${path}/transactions`, question, pages) },
      },
    },
  };
}

function presentCard(call: Call, { consent, holding, person, resourceId }: Seen): object {
  const path = `/v1/card-accounts/${resourceId}`;
  const number = numberOf(holding);
  return {
    resourceId,
    ...referenceOf(call.bank, number),
    ownerName: person.name,
    ...PRODUCTS[call.bank.language].CARD,
    status: 'enabled',
    usage: 'PRIV',
    creditLimit: { currency: currencyOf(call.bank), amount: '2500.00' },
    _links: links(call, {
      ...(permits(consent, number, 'balances') ? { balances: `${path}/balances` } : {}),
      ...(permits(consent, number, 'transactions') ? { transactions: `${path}/transactions` } : {}),
    }),
  };
}

function presentCardLine(call: Call, row: Row, maskedPAN: string): object {
  return {
    ...(call.face.transactionId === 'none' ? {} : { cardTransactionId: idOf(row) }),
    transactionDate: row.valueDate,
    ...(row.pending ? {} : { bookingDate: row.bookingDate }),
    transactionAmount: amountOf(call.face, row),
    maskedPAN,
    transactionDetails: `${row.name} ${row.text}`.trim(),
    ...row.wire,
  };
}

function mustBeCard(seen: Seen): Seen {
  if (seen.holding.type !== 'CARD') throw new Refused(404, 'RESOURCE_UNKNOWN', 'There is no such card account.');
  return seen;
}
