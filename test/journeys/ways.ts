import type { Visitor } from '../visitor/visitor.ts';

/** What a person does at their bank to prove who they are, on whatever pages that happens. */
export type Way = {
  /** As a user would say it. */
  name: string;
  bank: string;
  /** The bank's name, as the page shows it. */
  bankName: string;
  /** Where the bank has several interfaces: the row to press. */
  accountType?: RegExp;
  login: string;
  password: string;
  /** From *agree* to *grant* (or to the end, where the bank's page has asked already). */
  signIn(person: Visitor, bank: BankHelp): Promise<void>;
  /** Whether *grant* is shown, or the bank's own page has asked exactly this. */
  grants: boolean;
};

/** What a person can do at a bank beside the page: their phone. */
export type BankHelp = {
  approvesOnPhone(bank: string, login: string): Promise<void>;
  refusesOnPhone(bank: string, login: string): Promise<void>;
};

/** The code of every pretend method that has one. */
export const CODES = { sms: '123456', reader: '654321', photo: '314159' };

const redirected = (bankName: string, login: string, password: string) => async (person: Visitor) => {
  await goesToBank(person, bankName);
  await logsInAtBank(person, login, password);
  await approvesAtBank(person);
};

const nordwind = { bank: 'de-nordwind', bankName: 'Nordwind Bank', login: 'mara', password: 'nordwind-1' };
const lindental = { bank: 'de-lindental', bankName: 'Lindental Bank', grants: true };

/** Every approach, each with its variants, at the pretend bank that has it. */
export const WAYS = {
  redirected: {
    ...nordwind,
    name: 'redirected to the bank',
    accountType: /Current accounts/,
    signIn: redirected('Nordwind Bank', 'mara', 'nordwind-1'),
    grants: true,
  },
  explicit: {
    name: 'redirected, started explicitly, by a bank that answers with problem documents',
    bank: 'gb-harrowby',
    bankName: 'Harrowby Mutual',
    login: 'alice',
    password: 'harrowby-1',
    signIn: redirected('Harrowby Mutual', 'alice', 'harrowby-1'),
    grants: false,
  },
  oauth: {
    name: 'redirected by OAuth',
    bank: 'at-alpenhof',
    bankName: 'Alpenhof Bank',
    login: 'lena',
    password: 'alpenhof-1',
    signIn: redirected('Alpenhof Bank', 'lena', 'alpenhof-1'),
    grants: false,
  },
  told: {
    name: 'redirected by a bank that wants to be told the IBAN',
    bank: 'at-enzian',
    bankName: 'Enzian Sparverein',
    login: 'vera',
    password: 'enzian-1',
    async signIn(person: Visitor) {
      await person.fills(/IBAN/, 'AT869997000000008001');
      await person.presses(/^(Sign in|Continue|Confirm)$/);
      await redirected('Enzian Sparverein', 'vera', 'enzian-1')(person);
    },
    grants: true,
  },
  cards: {
    ...nordwind,
    name: 'embedded in two steps, at the other interface of the same bank',
    accountType: /Credit cards/,
    async signIn(person: Visitor) {
      await person.fills(/User name|Username|Anmeldename/i, 'mara');
      await person.presses(SEND);
      await person.fills(/Password|Passwort|PIN/i, 'nordwind-1');
      await person.presses(SEND);
      await typesCode(person, CODES.sms);
    },
    grants: true,
  },
  many: {
    ...lindental,
    name: 'embedded with many methods',
    login: 'clara',
    password: 'lindental-1',
    async signIn(person: Visitor) {
      await signsIn(person, 'clara', 'lindental-1');
      await person.sees('How would you like to confirm?');
      await person.presses(/SMS/);
      await typesCode(person, CODES.sms);
    },
  },
  one: {
    ...lindental,
    name: 'embedded with one method, a picture',
    login: 'emil',
    password: 'lindental-2',
    async signIn(person: Visitor) {
      await signsIn(person, 'emil', 'lindental-2');
      await typesCode(person, CODES.photo);
    },
  },
  none: {
    ...lindental,
    name: 'embedded with no method: exempted',
    login: 'ida',
    password: 'lindental-3',
    signIn: (person: Visitor) => signsIn(person, 'ida', 'lindental-3'),
  },
  decoupled: {
    name: 'decoupled from the start',
    bank: 'nl-polderbank',
    bankName: 'Polderbank',
    login: 'sanne',
    password: 'polder-1',
    async signIn(person: Visitor, bank: BankHelp) {
      await person.fills(/User name|Username/i, 'sanne');
      await person.presses(SEND);
      await person.sees('Approve it in the app of Polderbank');
      await bank.approvesOnPhone('nl-polderbank', 'sanne');
    },
    grants: true,
  },
  turned: {
    name: 'embedded, then decoupled',
    bank: 'de-sonnborn',
    bankName: 'Sonnborn Direkt',
    login: 'tilda',
    password: 'sonnborn-1',
    async signIn(person: Visitor, bank: BankHelp) {
      await signsIn(person, 'tilda', 'sonnborn-1');
      await person.presses(/app/i);
      await person.sees('Approve it in the app of Sonnborn Direkt');
      await bank.approvesOnPhone('de-sonnborn', 'tilda');
    },
    grants: true,
  },
} as const satisfies Record<string, Way>;

const SEND = /^Sign in$/;

/** From the link to *agree*: who asks, and which kind of account where that matters. */
export async function begins(person: Visitor, url: string, way: Way): Promise<void> {
  await person.opens(url);
  await person.presses('Continue');
  if (!(await person.canPress(/^Agree/)) && (await person.canFill('Find your bank')))
    await findsBank(person, way.bankName);
  if (way.accountType) await person.presses(way.accountType);
}

/** Searches for a bank and picks it. */
export async function findsBank(person: Visitor, name: string): Promise<void> {
  await person.fills('Find your bank', name);
  await person.presses('Search');
  await person.presses(new RegExp(name));
}

/** Agrees to the text of the consent. */
export const agrees = (person: Visitor) => person.presses(/^Agree/);

/** Follows the link of the page that leads to the bank. */
export async function goesToBank(person: Visitor, bankName: string): Promise<void> {
  await person.sees(`Now to ${bankName}`);
  await person.follows(new RegExp(`^Go to ${bankName}`));
}

/** On the bank's own page. */
export async function logsInAtBank(person: Visitor, login: string, password: string): Promise<void> {
  await person.fills('Username', login);
  await person.fills('Password', password);
  await person.presses('Log in');
}

/** On the bank's own page. */
export const approvesAtBank = (person: Visitor) => person.presses('Approve');

/** On our page: user name and password in one form. */
export async function signsIn(person: Visitor, login: string, password: string): Promise<void> {
  await person.fills(/User name|Username|Anmeldename/i, login);
  await person.fills(/Password|Passwort|PIN/i, password);
  await person.presses(SEND);
}

/** On our page. */
export async function typesCode(person: Visitor, code: string): Promise<void> {
  await person.sees('Enter the code');
  await person.fills(/^Code/, code);
  await person.presses('Confirm');
}

/** At *grant*: ticks every account that was found, and shares. */
export async function grants(person: Visitor): Promise<void> {
  await person.sees(/Which accounts may be shared|These accounts will be shared/);
  await person.ticksAll();
  await person.presses('Share and finish');
}

/** The whole way from the link to the end, without a hitch. */
export async function connects(person: Visitor, url: string, way: Way, bank: BankHelp): Promise<void> {
  await begins(person, url, way);
  await agrees(person);
  await way.signIn(person, bank);
  if (way.grants) await grants(person);
}
