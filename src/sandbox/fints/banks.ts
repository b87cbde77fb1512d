import { type Bank, CHIP, type Method, PHOTO, PUSH, SMS } from '../world/bank.ts';
import { type Holding, iban } from '../world/holdings.ts';
import { USUAL_FINTS } from './face.ts';

const germany = { country: 'DE', zone: 'Europe/Berlin', language: 'de', faces: [] } as const;
const account = (bankCode: string, number: number) => iban('DE', bankCode + String(number).padStart(10, '0'));
const giro = (bankCode: string, number: number, life: Holding['life'] = 'employee'): Holding => ({
  type: 'CACC',
  iban: account(bankCode, number),
  life,
});
const savings = (bankCode: string, number: number): Holding => ({
  type: 'SVGS',
  iban: account(bankCode, number),
  life: 'saver',
});
const card = (maskedPan: string): Holding => ({ type: 'CARD', maskedPan, life: 'card' });

const TWO_PHONES: Method = {
  ...SMS,
  name: 'smsTAN',
  media: ['Handy privat', 'Diensthandy'],
  inactive: ['Neues Handy'],
};
const ONE_PHONE: Method = { ...SMS, name: 'smsTAN', media: ['Mein Handy'] };
const READER: Method = { ...CHIP, name: 'chipTAN optisch', media: ['Karte 4711'] };
const PICTURE: Method = { ...PHOTO, name: 'photoTAN' };
const APP: Method = { ...PUSH, name: 'Freigabe in der App' };
const LIST: Method = { ...SMS, id: '900', name: 'TAN-Liste (abgeschafft)' };

/** The pretend banks that are reached by FinTS: no certificate, the person's own login. */
export const FINTS_BANKS: readonly Bank[] = [
  {
    ...germany,
    slug: 'de-havelstein',
    name: 'Havelstein Bank',
    bic: 'HVLSDE99XXX',
    bankCode: '99960600',
    city: 'Havelstein',
    colour: '#3b4d8f',
    fints: { ...USUAL_FINTS, retired: [LIST] },
    people: [
      {
        login: 'nele',
        password: 'havelstein-1',
        name: 'Nele Ostmann',
        note: 'two accounts and a card; SMS on two phones, card reader with flicker code, photo, app',
        methods: [TWO_PHONES, READER, PICTURE, APP],
        holdings: [giro('99960600', 1001), savings('99960600', 1002), card('530012******6001')],
      },
      {
        login: 'ruben',
        password: 'havelstein-2',
        name: 'Ruben Aßmann',
        note: 'only the app, approved on the phone page',
        methods: [APP],
        holdings: [giro('99960600', 2001, 'student')],
      },
      {
        login: 'fine',
        password: "h+2:1=?'",
        name: 'Fine Möllerström',
        note: 'only photo; a PIN full of signs that must be escaped',
        methods: [PICTURE],
        holdings: [giro('99960600', 3001, 'student')],
      },
      {
        login: 'till',
        password: 'havelstein-4',
        name: 'Till Üxküll',
        note: 'only the card reader with flicker code',
        methods: [READER],
        holdings: [giro('99960600', 4001)],
      },
      {
        login: 'gesa',
        password: 'havelstein-6',
        name: 'Gesa Thomsen',
        note: 'an account, a card and a depot, which is only listed; SMS',
        methods: [ONE_PHONE],
        holdings: [giro('99960600', 6001), card('411122******6002')],
        depot: '7006001',
      },
      {
        login: 'otto',
        password: 'havelstein-5',
        name: 'Otto Kranich',
        note: 'no code: one step',
        methods: [],
        holdings: [giro('99960600', 5001, 'student')],
      },
    ],
  },
  {
    ...germany,
    slug: 'de-moorwerder',
    name: 'Moorwerder Kasse',
    bic: 'MRWRDE99XXX',
    bankCode: '99970700',
    city: 'Moorwerder',
    colour: '#5a4a1f',
    fints: {
      ...USUAL_FINTS,
      bankParameterVersion: 78,
      orders: { HKSAL: [5], HKKAZ: [5], HKSPA: [1], HKTAB: [4], HKTAN: [6], HKEND: [1] },
      camt: [],
      historyDays: 180,
      pageEntries: 12,
      cut: 'anywhere',
      wrongCode: 'again',
      nameDevice: 'always',
      demands: { ...USUAL_FINTS.demands, transactions: 'always', older_transactions: 'always' },
      signs: true,
    },
    people: [
      {
        login: 'wanda',
        password: 'moorwerder-1',
        name: 'Wanda Kötter',
        note: 'SMS to one phone, whose name the bank wants to be told; a code for every statement',
        methods: [ONE_PHONE],
        holdings: [giro('99970700', 6001), savings('99970700', 6002)],
      },
    ],
  },
];
