import type { Bank } from '../../world/banks.ts';
import { counterparty, decimal, OPENED } from '../../world/data.ts';
import { CODES, LIVES, type Standing, WORDS } from '../../world/habits.ts';
import type { Holding } from '../../world/holdings.ts';

/** The account's active standing orders as entries of `bookingStatus=information` (XS2A, "Standing Order Details"). */
export function standingOrders(bank: Bank, holding: Holding, currency: string): object[] {
  return LIVES[holding.life].standing
    .filter(({ kind }) => CODES[kind] === 'PMNT-ICDT-STDO')
    .map((habit) => presentOrder(bank, holding, currency, habit));
}

function presentOrder(bank: Bank, holding: Holding, currency: string, { kind, day, cents, months }: Standing): object {
  const { names, text } = WORDS[bank.language][kind];
  return {
    transactionAmount: { currency, amount: decimal(cents) },
    creditorName: names[0],
    creditorAccount: { iban: counterparty(bank, holding, kind) },
    remittanceInformationUnstructured: text.replace(/ ?\{\w+\}/g, ''),
    bankTransactionCode: 'PMNT-ICDT-STDO',
    additionalInformationStructured: {
      standingOrderDetails: {
        startDate: OPENED,
        frequency: months ? 'MonthlyVariable' : 'Monthly',
        executionRule: 'following',
        dayOfExecution: String(day),
        ...(months ? { monthsOfExecution: months.map(String) } : {}),
      },
    },
  };
}
