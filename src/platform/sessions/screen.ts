import type { AccountType, ScaApproach, Scope } from '../../banking/account.ts';
import type { Step } from '../../banking/step.ts';
import type { Look } from '../apps/templates/look.ts';

/** A bank as the page shows it: a generated monogram instead of a logo. */
export type BankFace = {
  id: string;
  name: string;
  country: string;
  monogram: { text: string; hue: number };
  health: 'good' | 'troubled' | 'down';
};

/** One bank in the result of a search. `usable: false` with a reason is shown, but cannot be chosen. */
export type BankChoice = BankFace & {
  place?: string;
  code?: string;
  usable: boolean;
  reason?: 'needs_setup' | 'account_type' | 'no_address';
};

/** One way into a bank, when its ways differ by kind of account. */
export type InterfaceChoice = { id: string; accountTypes: AccountType[]; sca: ScaApproach[] };

/** Everything the text of a consent says, without the words: kept with the consent, so that the text can be made again. */
export type ConsentFacts = {
  app: string;
  /** Legal name of the identity in whose name the bank is asked, and its register entry. */
  requester: string;
  requesterRegister?: string;
  purpose?: string;
  bank: string;
  accountTypes: AccountType[];
  scopes: Scope[];
  /** How far back transactions are read, in days from now. */
  historyDays: number;
  /** Last day of the consent (`YYYY-MM-DD`); null = one read only, now. */
  until: string | null;
  /** The bank asks for the person again, or we do (UK), so many days from now, when that is earlier than `until`. */
  reconfirmEveryDays?: number;
  operator: string;
  supportEmail?: string;
};

/** The words of a consent as shown: `version` changes whenever a word of the template does. */
export type ConsentText = {
  version: string;
  locale: string;
  title: string;
  sections: { heading: string; lines: string[] }[];
};

/** Makes the text from the facts; pages own the words, the platform keeps what was shown. Pure: same in, same out. */
export type MakeConsentText = (facts: ConsentFacts, locale: string) => ConsentText;

/** An account found at the bank, offered at *grant*. */
export type FoundAccount = {
  reference: string;
  name: string;
  type: AccountType;
  currency: string;
  /** Masked: only the last four characters are readable. */
  masked: string;
  ticked: boolean;
};

/** One link a person has, in the overview of a management session. */
export type LinkSummary = {
  connection: string;
  consent: string | null;
  bank: BankFace;
  status: 'active' | 'action_required' | 'disconnected';
  scopes: Scope[];
  accounts: { name: string; masked: string; type: AccountType }[];
  connectedAt: Date;
  validUntil: Date | null;
  reconfirmBy: Date | null;
  lastRead: Date | null;
};

/** A link the customer has already: its accounts by masked number, and when it was last read. */
export type LinkedBefore = { connection: string; accounts: string[]; lastRead: Date | null };

/** Why a step did not work, and what the person can do about it. One row of the error table. */
export type Trouble = {
  /** From the documented table of `error_code`s. */
  code: string;
  /** The bank's own words, if it sent any: shown as a quotation. */
  quote?: string;
  /** What makes sense now, most sensible first. */
  actions: ('retry' | 'other_bank' | 'return')[];
  /** The id to quote to support. */
  reference: string;
};

/** What the hosted page shows now. The page is a function of this value and its context, and nothing else. */
export type Screen =
  | { kind: 'intro'; scopes: Scope[]; purpose?: string; bank?: BankFace; returnHost?: string; resumes: boolean }
  | {
      kind: 'bank';
      query: string;
      country?: string;
      choices: BankChoice[];
      more: boolean;
      lastBank?: BankFace;
      searchDown?: true;
    }
  | {
      kind: 'bank_unavailable';
      bank?: BankFace;
      why: 'down' | 'not_supported' | 'needs_setup' | 'no_address' | 'unknown';
    }
  | { kind: 'account_type'; bank: BankFace; choices: InterfaceChoice[] }
  | {
      kind: 'agree';
      bank: BankFace;
      facts: ConsentFacts;
      text: ConsentText;
      offersStoring: boolean;
      replacesOthers: boolean;
      /** Living links of this customer to the same bank and interface, where this visit would make another. */
      linked?: LinkedBefore[];
    }
  /** `carry`: the address of a QR code that goes on on a phone; `first` where the bank's customers live in its app. */
  | {
      kind: 'step';
      bank: BankFace;
      step: Step;
      bankHost?: string;
      attemptsLeft?: number;
      /** How often a code or request may still be sent in this visit. */
      againLeft?: number;
      carry?: { url: string; first: boolean };
    }
  /** A phone has scanned the code: it is asked whether its person began this. */
  | { kind: 'phone_welcome'; bank: BankFace; customer?: string; returnHost?: string }
  /** The phone has done its part; its digits are typed on the desktop. */
  | { kind: 'phone_digits'; bank: BankFace; digits: string }
  | { kind: 'phone_done'; bank?: BankFace }
  /** The phone answers now; this is the desktop. */
  | { kind: 'carried'; bank: BankFace }
  /** The bank's way back was opened in another browser, which shows six digits to type here. */
  | { kind: 'handover'; bank: BankFace; attemptsLeft: number; phone?: true }
  /** An answer of this visit is being worked on (another tab, a doubled click, a restart): look again in a moment. */
  | { kind: 'working'; bank?: BankFace }
  | { kind: 'trouble'; bank?: BankFace; trouble: Trouble }
  /** `choice: false`: the bank's page has asked already, the list is only shown. */
  | {
      kind: 'grant';
      bank: BankFace;
      accounts: FoundAccount[];
      choice: boolean;
      text: ConsentText;
      /** It is a login that is linked already: sharing renews that link. */
      renews?: true;
    }
  | { kind: 'overview'; links: LinkSummary[]; confirm?: { action: 'revoke'; link: LinkSummary } }
  /** The end. `returnTo` is the app's address with everything appended, or absent: our own confirmation page. */
  | {
      kind: 'ended';
      outcome: 'finished' | 'canceled' | 'failed' | 'expired';
      code?: string;
      bank?: BankFace;
      returnTo?: string;
      accounts?: number;
    };

/** What a person sent from a screen. `turn` is the screen's number: an older one gets the current screen again. */
export type Input = { turn: number } & (
  | { do: 'continue' }
  | { do: 'refuse' }
  | { do: 'back' }
  /** Search without scripts: shows the bank screen with results. */
  | { do: 'search'; query: string; country?: string }
  | { do: 'bank'; provider: string }
  | { do: 'type'; interface: string }
  | { do: 'agree'; storeSecrets: boolean }
  /** The answer to a `form` step, by field name. */
  | { do: 'fields'; values: Record<string, string> }
  /** The answer to a `choose` step. */
  | { do: 'chosen'; ids: string[] }
  | { do: 'again' }
  /** A waiting page looks whether something happened. Changes nothing by itself. */
  | { do: 'check' }
  /** The six digits another browser shows. */
  | { do: 'digits'; digits: string }
  | { do: 'grant'; accounts: string[] }
  | { do: 'retry' }
  | { do: 'other_bank' }
  /** Management: renew or revoke one link (revoke asks first), add a bank, or leave. */
  | { do: 'renew'; connection: string }
  /** Management: reading may go on for one link, or for all that wait for it. */
  | { do: 'reconfirm'; connection?: string }
  | { do: 'revoke'; connection: string; sure: boolean }
  | { do: 'add' }
  | { do: 'leave' }
);

/** What every screen is shown with. */
export type PageContext = {
  /** Clean path the forms post to, e.g. `/visit/ses_…`. */
  action: string;
  turn: number;
  /** Token bound to this visit's cookie; every form carries it. */
  csrf: string;
  locale: string;
  kind: 'connect' | 'management' | 'synchronization';
  app: { name: string; supportEmail?: string };
  operator: { name: string; privacyUrl?: string; termsUrl?: string; supportEmail?: string };
  /** How the app wants the page to look; absent = as we do. */
  look?: Look;
  /** Test mode: said plainly on each page. */
  test: boolean;
  /** This is the phone a QR code carried the visit to. */
  phone?: true;
  /** Id of this request, to quote to support. */
  reference: string;
  now: Date;
};
