/** What a customer may allow to be read, in the words of the Read/Write API. */
export const PERMISSIONS = [
  'ReadAccountsBasic',
  'ReadAccountsDetail',
  'ReadBalances',
  'ReadBeneficiariesBasic',
  'ReadBeneficiariesDetail',
  'ReadDirectDebits',
  'ReadOffers',
  'ReadPAN',
  'ReadParty',
  'ReadPartyPSU',
  'ReadProducts',
  'ReadScheduledPaymentsBasic',
  'ReadScheduledPaymentsDetail',
  'ReadStandingOrdersBasic',
  'ReadStandingOrdersDetail',
  'ReadStatementsBasic',
  'ReadStatementsDetail',
  'ReadTransactionsBasic',
  'ReadTransactionsCredits',
  'ReadTransactionsDebits',
  'ReadTransactionsDetail',
] as const;

/** One of them. */
export type Permission = (typeof PERMISSIONS)[number];

/** A pretend bank's UK Open Banking interface, at `/<bank>/open-banking/v…/aisp`, and its authorization server. */
export type OpenBankingFace = {
  version: '3.1' | '4.0';
  /** The bank's id in the directory: what a registration is addressed to. */
  organisationId: string;
  /** What this bank has nothing of: asking for it is refused. */
  without: readonly Permission[];
  pageSize: number;
  /** The whole history is open for so many minutes after the person approved; then 90 days. */
  historyMinutes: number;
  /** Whether a refresh token is good for one use; control may say otherwise. */
  rotates: boolean;
  /** Whether it asks people in its app (CIBA). */
  decoupled: boolean;
};

/** The path of the interface below the bank's address. */
export const aispPath = (face: OpenBankingFace): string => `/open-banking/v${face.version}/aisp`;
