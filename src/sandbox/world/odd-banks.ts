import { type Bank, CHIP, FLICKER, PHOTO, PUSH, SMS, USUAL } from './bank.ts';
import { type Holding, iban } from './holdings.ts';

const germany = { country: 'DE', zone: 'Europe/Berlin', language: 'de' } as const;
const de = (bankCode: string, number: number) => iban('DE', bankCode + String(number).padStart(10, '0'));
const giro = (account: string, life: Holding['life'] = 'employee'): Holding => ({ type: 'CACC', iban: account, life });
const savings = (account: string): Holding => ({ type: 'SVGS', iban: account, life: 'saver' });

/** A Belgian IBAN: the national number ends in its first ten digits modulo 97. */
const be = (bankCode: string, number: number) => {
  const digits = bankCode + String(number).padStart(7, '0');
  return iban('BE', digits + String(Number(digits) % 97 || 97).padStart(2, '0'));
};

const KANAAL = be('999', 11001);

/** Banks that differ from the plain standard as whole groups of real ones do. Names, codes and people are invented. */
export const ODD_BANKS: readonly Bank[] = [
  {
    country: 'BE',
    zone: 'Europe/Brussels',
    language: 'nl',
    slug: 'be-kanaal',
    name: 'Kanaalbank',
    bic: 'KNALBE99XXX',
    bankCode: '999',
    city: 'Brugge',
    colour: '#0f6674',
    faces: [
      {
        ...USUAL,
        accountTypes: ['CACC', 'SVGS', 'CARD'],
        confirmation: 'code',
        cardAccounts: 'only',
        currencies: 'both',
        delta: 'both',
        bookingStatus: ['booked', 'pending', 'both', 'information', 'all'],
        reportFormats: ['json', 'mt940', 'camt'],
        multipleConsents: true,
      },
    ],
    people: [
      {
        login: 'noor',
        password: 'kanaal-1',
        name: 'Noor Vermeersch',
        note: 'an account in three currencies, a savings account, a card',
        methods: [SMS],
        holdings: [
          giro(KANAAL),
          { ...giro(KANAAL, 'student'), currency: 'USD' },
          { ...giro(KANAAL, 'saver'), currency: 'CHF' },
          savings(be('999', 11002)),
          { type: 'CARD', maskedPan: '544099******1101', life: 'card' },
        ],
      },
    ],
  },
  {
    ...germany,
    slug: 'de-eichwald',
    name: 'Kasse Eichwald',
    bic: 'EICHDE99XXX',
    bankCode: '99911200',
    city: 'Eichwald',
    colour: '#a3122a',
    faces: [
      {
        ...USUAL,
        approach: 'oauth',
        oauthScope: 'AIS: {consent_id}',
        consentModels: ['offered', 'detailed'],
        reportFormats: ['camt'],
        signature: 'required',
        recurringOnly: true,
      },
    ],
    people: [
      {
        login: 'anton',
        password: 'eichwald-1',
        name: 'Anton Rehbein',
        note: 'two accounts; reports come as camt.052',
        methods: [SMS],
        holdings: [giro(de('99911200', 12001)), savings(de('99911200', 12002))],
      },
    ],
  },
  {
    ...germany,
    slug: 'de-altmark',
    name: 'Altmark Bank',
    bic: 'ALMKDE99XXX',
    bankCode: '99913300',
    city: 'Stendal',
    colour: '#5a3fa0',
    faces: [
      {
        ...USUAL,
        approach: 'embedded',
        authorisation: 'consent',
        identification: 'separate',
        psuIdType: 'ALTMARK_ONLINE',
        consentModels: ['global', 'available', 'detailed'],
        additionalPassword: true,
        withBalance: 'refused',
        oddities: ['loose_types', 'structured_string'],
      },
    ],
    people: [
      {
        login: 'britta',
        password: 'altmark-1',
        additionalPassword: '4711',
        name: 'Britta Semmler',
        note: 'asked for a second password, 4711',
        methods: [SMS, PUSH],
        holdings: [giro(de('99913300', 13001))],
      },
    ],
  },
  {
    ...germany,
    slug: 'de-rotfels',
    name: 'Rotfels Bank',
    bic: 'RTFLDE99XXX',
    bankCode: '99914400',
    city: 'Rotfels',
    colour: '#8f3b12',
    faces: [
      {
        ...USUAL,
        approach: 'embedded',
        identification: 'separate',
        passwordKey: true,
        dateHeader: true,
        consentModels: ['global', 'available', 'detailed'],
        textTags: true,
        oddities: ['push_dec', 'relative_links'],
      },
    ],
    people: [
      {
        login: 'henrik',
        password: 'rotfels-1',
        name: 'Henrik Tamm',
        note: 'passwords are encrypted; flicker code, photo, card reader, app',
        methods: [FLICKER, PHOTO, CHIP, PUSH],
        holdings: [giro(de('99914400', 14001)), savings(de('99914400', 14002))],
      },
    ],
  },
  {
    country: 'NL',
    zone: 'Europe/Amsterdam',
    language: 'nl',
    slug: 'nl-zilverveen',
    name: 'Zilverveen',
    bic: 'ZLVVNL99XXX',
    bankCode: 'ZLVV',
    city: 'Assen',
    colour: '#2b5f2f',
    faces: [
      {
        ...USUAL,
        approach: 'decoupled',
        preStep: 'oauth',
        consentModels: ['global'],
        userAgent: true,
        withBalance: 'refused',
        historyMinutes: 15,
        historyAfter: 'refuse',
        balances: ['expected'],
        oddities: ['polls_limited'],
      },
    ],
    people: [
      {
        login: 'jelle',
        password: 'zilver-1',
        name: 'Jelle Hoekstra',
        note: 'signs in first, then approves on the phone page',
        methods: [PUSH],
        holdings: [giro(iban('NL', 'ZLVV0000015001')), savings(iban('NL', 'ZLVV0000015002'))],
      },
    ],
  },
  {
    ...germany,
    slug: 'de-kiesel',
    name: 'Kiesel Bank',
    bic: 'KSLBDE99XXX',
    bankCode: '99916600',
    city: 'Kieselbach',
    colour: '#245a94',
    faces: [
      {
        ...USUAL,
        approach: 'embedded',
        start: 'explicit',
        preStep: 'password',
        consentModels: ['global', 'available', 'detailed'],
        errors: 'problem',
        payeeFrom: 'text',
        payeeBetween: ['Empfänger: ', ';'],
        oddities: ['ids_changing', 'pending_without_date'],
      },
    ],
    people: [
      {
        login: 'meike',
        password: 'kiesel-1',
        name: 'Meike Dorn',
        note: 'one password, then a code by SMS or the photo',
        methods: [SMS, PHOTO],
        holdings: [giro(de('99916600', 16001))],
      },
      {
        login: 'sven',
        password: 'kiesel-2',
        name: 'Sven Dorn',
        note: 'no method: the password is enough',
        methods: [],
        holdings: [giro(de('99916600', 16101), 'student')],
      },
    ],
  },
];
