import { currencyOf, decimal } from '../world/data.ts';
import { numberOf } from '../world/holdings.ts';
import { type Line, statementOf } from '../world/statement.ts';
import { permits, referenceOf } from './access.ts';
import { findSeen, openForReading, PRODUCTS, presentBalances, type Seen, seenAccounts } from './accounts.ts';
import { type Call, links } from './call.ts';
import { Refused, type Reply } from './errors.ts';
import { openSince, pageLinks, pageOf, parseQuestion, pendingOf } from './report.ts';

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
  const { holding } = mustBeCard(findSeen(call, consent, 'balances'));
  const cardAccount = referenceOf(call.bank, numberOf(holding));
  return { status: 200, body: { cardAccount, debitAccounting: false, balances: await presentBalances(call, holding) } };
}

/** `GET /v1/card-accounts/{account-id}/transactions`. */
export async function getCardTransactions(call: Call): Promise<Reply> {
  const question = parseQuestion(call);
  const consent = await openForReading(
    call,
    question.page === 0 ? `card-transactions/${call.part.accountId}` : undefined,
  );
  const { holding, resourceId } = mustBeCard(findSeen(call, consent, 'transactions'));
  const from = openSince(call, consent, question.from);
  const lines = await statementOf(call.stage.database, call.bank, holding, call.now);
  const { shown, pages } = pageOf(lines, { ...question, from });
  const path = `/v1/card-accounts/${resourceId}`;
  const present = (line: Line) => presentCardLine(call, line, numberOf(holding));
  return {
    status: 200,
    body: {
      cardAccount: referenceOf(call.bank, numberOf(holding)),
      debitAccounting: false,
      cardTransactions: {
        ...(question.status === 'pending' ? {} : { booked: shown.map(present) }),
        ...(question.status === 'booked' ? {} : { pending: pendingOf(lines, question).map(present) }),
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

function presentCardLine(call: Call, line: Line, maskedPAN: string): object {
  const amount = { currency: currencyOf(call.bank), amount: decimal(line.cents) };
  return {
    cardTransactionId: line.pending ? line.pendingId : line.id,
    transactionDate: line.valueDate,
    ...(line.pending ? {} : { bookingDate: line.bookingDate }),
    transactionAmount: amount,
    maskedPAN,
    transactionDetails: `${line.name} ${line.text}`.trim(),
    ...line.wire,
  };
}

function mustBeCard(seen: Seen): Seen {
  if (seen.holding.type !== 'CARD') throw new Refused(404, 'RESOURCE_UNKNOWN', 'There is no such card account.');
  return seen;
}
