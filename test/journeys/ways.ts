import type { BankControl } from '../banks.ts';
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
export type BankHelp = Pick<BankControl, 'approvesEverything'>;

/** The code of every pretend method that has one. */
export const CODES = { sms: '123456', reader: '654321', photo: '314159' };

const redirected = (bankName: string, login: string, password: string) => async (person: Visitor) => {
  await goesToBank(person, bankName);
  await logsInAtBank(person, login, password);
  await approvesAtBank(person);
};

/** What a person knows and has for signing in on our page. */
type Credentials = { login: string; password: string; method?: RegExp; code?: string };

/**
 * On our page: answers whatever is asked, in whatever order and as often as the bank asks it. A bank that gives the list of
 * accounts first and a consent for some of them afterwards asks for everything twice.
 */
const embedded = (known: Credentials) => async (person: Visitor) => {
  for (let answers = 0; answers < 10; answers++) {
    await person.sees(SETTLED);
    const user = await person.canFill(USER);
    const password = await person.canFill(PASSWORD);
    if (user) await person.fills(USER, known.login);
    if (password) await person.fills(PASSWORD, known.password);
    if (user || password) await person.presses(SEND);
    else if (known.method && (await person.canPress(known.method))) await person.presses(known.method);
    else if (known.code && (await person.canFill(/^Code/))) await typesCode(person, known.code);
    else return;
  }
};

const USER = /^(User name|Username)/i;
const PASSWORD = /^Password/i;
const SEND = /^Sign in$/;
const SETTLED =
  /Sign in to|How would you like|Enter the code|Approve it in|accounts may be shared|accounts will be shared|Type these digits|Welcome back/;

const nordwind = { bank: 'de-nordwind', bankName: 'Nordwind Bank', login: 'mara', password: 'nordwind-1' };
const lindental = { bank: 'de-lindental', bankName: 'Lindental Bank', grants: true };

/** Every approach, each with its variants, at the pretend bank that has it. */
export const WAYS = {
  redirected: {
    ...nordwind,
    name: 'redirected to the bank',
    accountType: /^Current accounts/,
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
      await person.fills(/IBAN/, 'AT589997000000008001');
      await person.presses(/^(Sign in|Continue|Confirm)$/);
      await redirected('Enzian Sparverein', 'vera', 'enzian-1')(person);
    },
    grants: true,
  },
  cards: {
    ...nordwind,
    name: 'embedded in two steps, at the other interface of the same bank',
    accountType: /^Credit cards/,
    signIn: embedded({ login: 'mara', password: 'nordwind-1', code: CODES.sms }),
    grants: true,
  },
  many: {
    ...lindental,
    name: 'embedded with many methods',
    login: 'clara',
    password: 'lindental-1',
    signIn: embedded({ login: 'clara', password: 'lindental-1', method: /SMS/, code: CODES.sms }),
  },
  one: {
    ...lindental,
    name: 'embedded with one method, a picture',
    login: 'emil',
    password: 'lindental-2',
    signIn: embedded({ login: 'emil', password: 'lindental-2', code: CODES.photo }),
  },
  none: {
    ...lindental,
    name: 'embedded with no method: exempted',
    login: 'ida',
    password: 'lindental-3',
    signIn: embedded({ login: 'ida', password: 'lindental-3' }),
  },
  decoupled: {
    name: 'decoupled from the start',
    bank: 'nl-polderbank',
    bankName: 'Polderbank',
    login: 'sanne',
    password: 'polder-1',
    async signIn(person: Visitor, bank: BankHelp) {
      await namesThemselves(person, 'sanne');
      await person.sees('Approve it in the app of Polderbank');
      await approves(person, bank, 'nl-polderbank', 'sanne');
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
      await embedded({ login: 'tilda', password: 'sonnborn-1', method: /^Approve in the app/ })(person);
      await person.sees('Approve it in the app of Sonnborn Direkt');
      await approves(person, bank, 'de-sonnborn', 'tilda');
    },
    grants: true,
  },
} as const satisfies Record<string, Way>;

/** From the link to *agree*: who asks, and which kind of account where that matters. */
export async function begins(person: Visitor, url: string, way: Way): Promise<void> {
  await person.opens(url);
  if (await person.canPress('Continue')) await person.presses('Continue');
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

/** On our page: user name and password in one form, once. */
export async function signsIn(person: Visitor, login: string, password: string): Promise<void> {
  await person.sees('Sign in to');
  if (await person.canFill(USER)) await person.fills(USER, login);
  await person.fills(PASSWORD, password);
  await person.presses(SEND);
}

/** On our page: only who they are, for a bank that asks the rest elsewhere. */
export async function namesThemselves(person: Visitor, login: string): Promise<void> {
  await person.fills(USER, login);
  await person.presses(SEND);
}

/** On the phone: approves whatever the bank asks, until our page goes on. */
export async function approves(person: Visitor, bank: BankHelp, slug: string, login: string): Promise<void> {
  const over = bank.approvesEverything(slug, login);
  try {
    await person.sees(/accounts may be shared|accounts will be shared|Type these digits|Welcome back/, 30_000);
  } finally {
    await over();
  }
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

/** From our last page back to the app, by its link: browsers go there by themselves a moment later. */
export async function comesHome(person: Visitor): Promise<void> {
  await person.sees(/Welcome back|Back to Leafbook/);
  // The browser may have gone by itself meanwhile: what counts is where it ends.
  if (await person.canFollow(/^Back to Leafbook/)) await person.follows(/^Back to Leafbook/).catch(() => undefined);
  await person.sees('Welcome back');
}
