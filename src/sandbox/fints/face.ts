import type { Method } from '../world/bank.ts';

/** What has to be proved with a code, and when. `once` is asked the next time and then no more. */
export type Demand = 'never' | 'every_90_days' | 'always' | 'once';

/** The operations at which a code may be wanted. `older_transactions` are those of more than 90 days ago. */
export type Demands = Record<
  'dialog' | 'accounts' | 'balances' | 'transactions' | 'older_transactions' | 'next_page',
  Demand
>;

/** A pretend bank's FinTS interface, at `/<bank>/fints`: what its bank parameters say and how it behaves. */
export type FintsFace = {
  bankParameterVersion: number;
  userParameterVersion: number;
  /** Versions of each order that it takes; orders that are not named are not spoken. */
  orders: Readonly<Record<string, readonly number[]>>;
  /** The namespaces of camt.052 that it sends. */
  camt: readonly string[];
  /** How many days back statements go. */
  historyDays: number;
  /** After so many entries there is a continuation mark. */
  pageEntries: number;
  /** Whether pages of MT940 end with a day, or wherever the text happens to be. */
  cut: 'days' | 'anywhere';
  /** What the app is asked for: how often, and how many seconds later (decoupled). */
  decoupled: { most: number; firstAfterS: number; everyS: number; byHand: boolean; automatic: boolean };
  /** Process variants 2 (code after the order) and 1 (code with the order, after its hash). */
  process: '1' | '2';
  /** After a wrong code the same challenge may be answered again, or the order is gone. */
  wrongCode: 'again' | 'gone';
  /** Whether the device must be named when there is only one. */
  nameDevice: 'always' | 'many' | 'never';
  demands: Demands;
  /** Methods that the bank parameters still list and nobody has any more. */
  retired: readonly Method[];
  /** Whether it puts a signature segment around its answers. */
  signs: boolean;
};

/** The usual interface; banks say where they differ. */
export const USUAL_FINTS: FintsFace = {
  bankParameterVersion: 17,
  userParameterVersion: 4,
  orders: {
    HKSAL: [5, 6, 7],
    HKKAZ: [5, 6, 7],
    HKCAZ: [1],
    HKSPA: [1, 2, 3],
    HKTAB: [4, 5],
    HKTAN: [6, 7],
    DKKKU: [2],
    HKEND: [1],
  },
  camt: ['urn:iso:std:iso:20022:tech:xsd:camt.052.001.08', 'urn:iso:std:iso:20022:tech:xsd:camt.052.001.02'],
  historyDays: 360,
  pageEntries: 40,
  cut: 'days',
  decoupled: { most: 60, firstAfterS: 5, everyS: 2, byHand: true, automatic: true },
  process: '2',
  wrongCode: 'gone',
  nameDevice: 'many',
  demands: {
    dialog: 'every_90_days',
    accounts: 'never',
    balances: 'never',
    transactions: 'never',
    older_transactions: 'always',
    next_page: 'never',
  },
  retired: [],
  signs: false,
};
