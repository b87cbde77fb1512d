import { FINTS_BANKS } from '../fints/banks.ts';
import { OPEN_BANKING_UK_BANKS } from '../open-banking-uk/banks.ts';
import { type Bank, CHIP, type Person, PHOTO, PUSH, SMS, USUAL } from './bank.ts';
import { type Holding, iban } from './holdings.ts';
import { ODD_BANKS } from './odd-banks.ts';

export type { Approach, Bank, Face, Method, Model, Person } from './bank.ts';

const germany = { country: 'DE', zone: 'Europe/Berlin', language: 'de' } as const;

/** Accounts at a German bank: number and life of each. */
const de = (bankCode: string, number: number) => iban('DE', bankCode + String(number).padStart(10, '0'));
const at = (bankCode: string, number: number) => iban('AT', bankCode + String(number).padStart(11, '0'));
const nl = (letters: string, number: number) => iban('NL', letters + String(number).padStart(10, '0'));
const gb = (letters: string, sortCode: string, number: number) =>
  iban('GB', letters + sortCode + String(number).padStart(8, '0'));

const giro = (account: string, life: Holding['life'] = 'employee'): Holding => ({ type: 'CACC', iban: account, life });
const savings = (account: string): Holding => ({ type: 'SVGS', iban: account, life: 'saver' });
const card = (maskedPan: string): Holding => ({ type: 'CARD', maskedPan, life: 'card' });

/** Every pretend bank. Names, codes and people are invented; German bank codes in 99 and sort codes in 00 belong to nobody. */
export const BANKS: readonly Bank[] = [
  {
    ...germany,
    slug: 'de-nordwind',
    name: 'Nordwind Bank',
    bic: 'NRWDDE99XXX',
    bankCode: '99910100',
    city: 'Husum',
    colour: '#0b5c8a',
    faces: [
      { ...USUAL, path: 'giro' },
      {
        ...USUAL,
        path: 'cards',
        accountTypes: ['CARD'],
        approach: 'embedded',
        start: 'explicit',
        identification: 'separate',
        consentModels: ['global', 'available', 'detailed'],
      },
    ],
    people: [
      {
        login: 'mara',
        password: 'nordwind-1',
        name: 'Mara Holm',
        note: 'two accounts, two cards, one method (SMS)',
        methods: [SMS],
        holdings: [
          giro(de('99910100', 1001)),
          savings(de('99910100', 1002)),
          card('530012******1001'),
          card('411122******1002'),
        ],
      },
      {
        login: 'jonas',
        password: 'nordwind-2',
        name: 'Jonas Feld',
        note: 'one account, one card, several methods',
        methods: [SMS, CHIP, PHOTO],
        holdings: [giro(de('99910100', 2001), 'student'), card('530012******2001')],
      },
      {
        login: 'frida',
        password: 'nordwind-3',
        name: 'Frida Kallweit',
        note: 'a shared account: karl has to approve too, on his phone',
        methods: [SMS],
        cosigner: 'karl',
        holdings: [giro(de('99910100', 2101))],
      },
      {
        login: 'karl',
        password: 'nordwind-4',
        name: 'Karl Kallweit',
        note: 'approves on the phone page what frida asked for',
        methods: [PUSH],
        holdings: [],
      },
    ],
  },
  {
    country: 'AT',
    zone: 'Europe/Vienna',
    language: 'de',
    slug: 'at-alpenhof',
    name: 'Alpenhof Bank',
    bic: 'APHFAT99XXX',
    bankCode: '99920',
    city: 'Bad Ischl',
    colour: '#2f6b3a',
    faces: [
      {
        ...USUAL,
        approach: 'oauth',
        consentModels: ['offered', 'detailed'],
        links: 'path',
        longestConsentDays: 90,
        historyMinutes: 15,
        historyAfter: 'refuse',
      },
    ],
    people: [
      {
        login: 'lena',
        password: 'alpenhof-1',
        name: 'Lena Wiesner',
        note: 'two accounts',
        methods: [PUSH],
        holdings: [giro(at('99920', 3001)), savings(at('99920', 3002))],
      },
    ],
  },
  {
    ...germany,
    slug: 'de-lindental',
    name: 'Lindental Bank',
    bic: 'LDTLDE99XXX',
    bankCode: '99930300',
    city: 'Lindental',
    colour: '#8a2f5d',
    faces: [
      {
        ...USUAL,
        approach: 'embedded',
        start: 'explicit',
        consentModels: ['available', 'detailed'],
        links: 'path',
        balances: ['closingBooked', 'interimAvailable'],
        lastWrongCode: 'failed',
      },
    ],
    people: [
      {
        login: 'clara',
        password: 'lindental-1',
        name: 'Clara Behn',
        note: 'several methods: SMS, card reader, photo',
        methods: [SMS, CHIP, PHOTO],
        holdings: [giro(de('99930300', 4001)), savings(de('99930300', 4002))],
      },
      {
        login: 'emil',
        password: 'lindental-2',
        name: 'Emil Brandt',
        note: 'exactly one method: photo',
        methods: [PHOTO],
        holdings: [giro(de('99930300', 4101), 'student')],
      },
      {
        login: 'ida',
        password: 'lindental-3',
        name: 'Ida Thal',
        note: 'no method: exempted',
        methods: [],
        holdings: [giro(de('99930300', 4201), 'student')],
      },
    ],
  },
  {
    country: 'NL',
    zone: 'Europe/Amsterdam',
    language: 'nl',
    slug: 'nl-polderbank',
    name: 'Polderbank',
    bic: 'PLDRNL99XXX',
    bankCode: 'PLDR',
    city: 'Lelystad',
    colour: '#c2410c',
    faces: [
      {
        ...USUAL,
        approach: 'decoupled',
        consentModels: ['available', 'detailed', 'offered', 'global'],
        links: 'base',
        bookingStatus: ['booked', 'pending', 'both'],
      },
    ],
    people: [
      {
        login: 'sanne',
        password: 'polder-1',
        name: 'Sanne Dijkhuis',
        note: 'approves on the phone page',
        methods: [PUSH],
        holdings: [giro(nl('PLDR', 5001)), savings(nl('PLDR', 5002))],
      },
    ],
  },
  {
    ...germany,
    slug: 'de-sonnborn',
    name: 'Sonnborn Direkt',
    bic: 'SNBNDE99XXX',
    bankCode: '99950500',
    city: 'Sonnborn',
    colour: '#7a5b00',
    faces: [
      {
        ...USUAL,
        approach: 'embedded',
        consentModels: ['global'],
        modelRefusal: 'PARAMETER_NOT_SUPPORTED',
        multipleConsents: true,
      },
    ],
    people: [
      {
        login: 'tilda',
        password: 'sonnborn-1',
        name: 'Tilda Krog',
        note: 'chooses between SMS and the app; the app is approved on the phone page',
        methods: [SMS, PUSH],
        holdings: [giro(de('99950500', 6001)), savings(de('99950500', 6002))],
      },
      {
        login: 'oskar',
        password: 'sonnborn-2',
        name: 'Oskar Lenz',
        note: 'only the app',
        methods: [PUSH],
        holdings: [giro(de('99950500', 6101), 'student')],
      },
    ],
  },
  {
    country: 'GB',
    zone: 'Europe/London',
    language: 'en',
    slug: 'gb-harrowby',
    name: 'Harrowby Mutual',
    bic: 'HRWBGB99XXX',
    bankCode: '000760',
    city: 'Harrowby',
    colour: '#4b2e83',
    faces: [
      {
        ...USUAL,
        start: 'explicit',
        consentModels: ['offered', 'detailed'],
        errors: 'problem',
        bookingStatus: ['booked', 'pending'],
        pageSize: 25,
      },
    ],
    people: [
      {
        login: 'alice',
        password: 'harrowby-1',
        name: 'Alice Penrow',
        note: 'two accounts in pounds',
        methods: [SMS],
        holdings: [giro(gb('HRWB', '000760', 7001)), savings(gb('HRWB', '000760', 7002))],
      },
    ],
  },
  {
    country: 'AT',
    zone: 'Europe/Vienna',
    language: 'de',
    slug: 'at-enzian',
    name: 'Enzian Sparverein',
    bic: 'ENZNAT99XXX',
    bankCode: '99970',
    city: 'Schruns',
    colour: '#1f4fbf',
    faces: [{ ...USUAL, consentModels: ['detailed'], modelRefusal: 'FORMAT_ERROR' }],
    people: [
      {
        login: 'vera',
        password: 'enzian-1',
        name: 'Vera Moosbach',
        note: 'the bank wants to be told the IBAN',
        methods: [SMS],
        holdings: [giro(at('99970', 8001))],
      },
    ],
  },
  {
    ...germany,
    slug: 'de-kobold',
    name: 'Kobold Bank',
    bic: 'KBLDDE99XXX',
    bankCode: '99980800',
    city: 'Kobern',
    colour: '#5b6770',
    faces: [{ ...USUAL }],
    people: [
      {
        login: 'kuno',
        password: 'kobold-1',
        additionalPassword: 'kobold-2',
        name: 'Kuno Raschel',
        note: 'misbehaves when told to by control',
        methods: [SMS],
        holdings: [giro(de('99980800', 9001)), savings(de('99980800', 9002))],
      },
    ],
  },
  ...ODD_BANKS,
  ...FINTS_BANKS,
  ...OPEN_BANKING_UK_BANKS,
];

/** The bank of that slug; undefined when there is none. */
export const findBank = (slug: string): Bank | undefined => BANKS.find((bank) => bank.slug === slug);

/** The person of that login name at the bank. */
export const findPerson = (bank: Bank, login: string | undefined): Person | undefined =>
  bank.people.find((person) => person.login === login);
