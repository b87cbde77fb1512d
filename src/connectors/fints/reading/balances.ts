import type { Balance } from '../../../banking/account.ts';
import { BankError } from '../../../banking/bank-error.ts';
import type { Connector } from '../../../banking/connector.ts';
import { sumAmounts } from '../../../banking/money.ts';
import { type BankAccount, mayOrder, nationalOf, sepaOf } from '../accounts.ts';
import { secretOf } from '../grant.ts';
import { versionOf } from '../parameters.ts';
import type { Talk } from '../talk.ts';
import { DIKKU, DKKKU, HISAL6, HISAL7, HKSAL6, HKSAL7 } from '../wire/segments.ts';
import type { Segment } from '../wire/syntax.ts';
import { readAmount } from './amounts.ts';
import { beginCardTurnovers } from './cards.ts';
import { readInDialog, type Work } from './dialog.ts';

type Gathered = { isRead: boolean; balances: Balance[] };

/** `HKSAL`, in the newest version that bank and account allow; a card's balance stands before its turnovers. */
export const readBalances: Connector['balances'] = (context, { grant, account }, resume) => {
  const found = findAccount(secretOf(grant).access.accounts, account.reference);
  const work: Work<Gathered, Balance[]> = {
    about: { purpose: 'balances', account: account.reference },
    start: { isRead: false, balances: [] },
    next: (talk, { isRead }) => (isRead ? undefined : orderFor(talk, found)),
    take: (_talk, _gathered, answer) => ({
      isRead: true,
      balances: answer.segments.flatMap((segment) => readSegment(segment, found.currency)),
    }),
    finish: (_talk, { balances }) => {
      if (balances.length === 0) throw new BankError('unexpected', 'the answer has no balance');
      return balances;
    },
  };
  return readInDialog(context, grant, resume, work);
};

/** An account of ours by its reference; `unsupported` when the login does not reach it any more. */
export function findAccount(accounts: readonly BankAccount[], reference: string): BankAccount {
  const found = accounts.find((one) => one.reference === reference);
  if (!found) throw new BankError('unsupported', 'the login does not reach this account any more');
  return found;
}

function orderFor(talk: Talk, account: BankAccount): ReturnType<Work<Gathered, Balance[]>['next']> {
  const { parameters } = talk.access;
  const newest = versionOf(parameters, 'HKSAL', account.iban ? [5, 6, 7, 8] : [5, 6]);
  if (newest === undefined || !mayOrder(account, 'HKSAL')) {
    if (versionOf(parameters, 'DKKKU', [2]) !== undefined && mayOrder(account, 'DKKKU'))
      return { name: 'DKKKU', orders: [(number) => DKKKU.write(number, beginCardTurnovers(account, undefined))] };
    throw new BankError('unsupported', 'the bank tells no balance of this account');
  }
  const paging = { all: false, most: undefined, mark: '' };
  return {
    name: 'HKSAL',
    orders: [
      (number) =>
        newest >= 7
          ? { ...HKSAL7.write(number, { account: sepaOf(account), ...paging }), version: newest }
          : { ...HKSAL6.write(number, { account: nationalOf(account), ...paging }), version: newest },
    ],
  };
}

function readSegment(segment: Segment, currency: string): Balance[] {
  if (segment.name === 'DIKKU') {
    const { balance } = DIKKU.read(segment);
    return balanceOf(balance, 'booked', 'DIKKU', currency);
  }
  if (segment.name !== 'HISAL') return [];
  const { booked, pending, available, creditLine } = segment.version >= 7 ? HISAL7.read(segment) : HISAL6.read(segment);
  const free = readAmount(available.value, 'C');
  const hasLine = (readAmount(creditLine.value, 'C') ?? '0').match(/[1-9]/) !== null;
  const now = balanceOf(booked, 'booked', 'Saldo', currency);
  return [
    ...now,
    ...withPending(now, balanceOf(pending, 'expected', 'Saldo mit vorgemerkten Umsätzen', currency)),
    ...(free === undefined
      ? []
      : [
          {
            type: 'available' as const,
            amount: free,
            currency: available.currency || currency,
            ...(hasLine ? { creditLimitIncluded: true } : {}),
            bankType: 'Verfügbarer Betrag',
          },
        ]),
  ];
}

/** What the bank tells of pending entries is their sum, not a balance. */
function withPending([now]: Balance[], [sum]: Balance[]): Balance[] {
  if (!now || !sum || now.currency !== sum.currency || !/[1-9]/.test(sum.amount)) return [];
  return [{ ...sum, amount: sumAmounts([now.amount, sum.amount]) }];
}

/** A balance as the wire has it. */
type WireBalance = ReturnType<typeof HISAL7.read>['booked'];

function balanceOf(balance: WireBalance, type: Balance['type'], bankType: string, currency: string): Balance[] {
  const amount = readAmount(balance.amount.value, balance.mark);
  if (amount === undefined) return [];
  const at = balance.day;
  return [{ type, amount, currency: balance.amount.currency || currency, ...(at ? { at } : {}), bankType }];
}
