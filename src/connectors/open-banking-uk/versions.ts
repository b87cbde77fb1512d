import type { AccountType, Balance, Transaction } from '../../banking/account.ts';

/** How a consent stands at the bank, whatever its version calls that. */
export type ConsentState = 'undecided' | 'granted' | 'refused' | 'over';

/** The names and codes of one version of the Read/Write API: everything in which 3.1 and 4.0 differ for us. */
export type Version = {
  consentStates: Record<string, ConsentState>;
  /** Where an account says whose it is and what it is. */
  usageField: string;
  typeField: string;
  accountTypes: Record<string, AccountType>;
  /** The bank's balance types that can stand for each of ours, best first. */
  balanceTypes: Record<Balance['type'], string[]>;
  /** What stands in for a booked balance at a bank that has none, best first. */
  insteadOfBooked: string[];
  /** Statuses of entries; what is not here is not an entry of the account (refused, future, informational). */
  entryStates: Record<string, Transaction['status']>;
};

const V3: Version = {
  consentStates: {
    AwaitingAuthorisation: 'undecided',
    Authorised: 'granted',
    Rejected: 'refused',
    Revoked: 'over',
  },
  usageField: 'AccountType',
  typeField: 'AccountSubType',
  accountTypes: {
    ChargeCard: 'credit_card',
    CreditCard: 'credit_card',
    CurrentAccount: 'checking',
    EMoney: 'wallet',
    Loan: 'loan',
    Mortgage: 'loan',
    PrePaidCard: 'wallet',
    Savings: 'savings',
    Wallet: 'wallet',
  },
  balanceTypes: {
    booked: ['InterimBooked', 'ClosingBooked', 'OpeningBooked', 'PreviouslyClosedBooked'],
    available: ['InterimAvailable', 'ForwardAvailable', 'ClosingAvailable', 'OpeningAvailable'],
    expected: ['Expected'],
  },
  insteadOfBooked: [
    'InterimCleared',
    'ClosingCleared',
    'OpeningCleared',
    'InterimAvailable',
    'Expected',
    'Information',
  ],
  entryStates: { Booked: 'booked', Pending: 'pending' },
};

const V4: Version = {
  consentStates: { AWAU: 'undecided', AUTH: 'granted', RJCT: 'refused', CANC: 'over', EXPD: 'over' },
  usageField: 'AccountCategory',
  typeField: 'AccountTypeCode',
  accountTypes: {
    CACC: 'checking',
    CASH: 'checking',
    TRAN: 'checking',
    SLRY: 'checking',
    ODFT: 'checking',
    SACC: 'checking',
    SVGS: 'savings',
    LLSV: 'savings',
    MOMA: 'savings',
    ONDP: 'savings',
    ISAC: 'savings',
    CARD: 'credit_card',
    CHCA: 'credit_card',
    CRCA: 'credit_card',
    LOAN: 'loan',
    MGLD: 'loan',
    MORT: 'loan',
    EMON: 'wallet',
    PRCA: 'wallet',
    WALT: 'wallet',
    WLLT: 'wallet',
    TRAS: 'investment',
    VACC: 'other',
    OTHR: 'other',
  },
  balanceTypes: {
    booked: ['ITBD', 'CLBD', 'OPBD', 'PRCD'],
    available: ['ITAV', 'FWAV', 'CLAV', 'OPAV'],
    expected: ['XPCD'],
  },
  insteadOfBooked: ['ITAV', 'XPCD', 'INFO'],
  entryStates: { BOOK: 'booked', PDNG: 'pending' },
};

/** The two tables behind the one conversation, by the facts' `version`. */
export const VERSIONS: Record<'3.1' | '4.0', Version> = { '3.1': V3, '4.0': V4 };
