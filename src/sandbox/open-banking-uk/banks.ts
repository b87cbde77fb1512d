import { type Bank, PUSH, SMS } from '../world/bank.ts';
import { type Holding, iban } from '../world/holdings.ts';

const britain = { country: 'GB', zone: 'Europe/London', language: 'en', faces: [] } as const;

/** Accounts behind one sort code. */
function branch(letters: string, sortCode: string) {
  const number = (digits: number) => iban('GB', letters + sortCode + String(digits).padStart(8, '0'));
  return {
    current: (digits: number, life: Holding['life'] = 'employee'): Holding => ({
      type: 'CACC',
      iban: number(digits),
      life,
    }),
    savings: (digits: number, rollNumber?: string): Holding => ({
      type: 'SVGS',
      iban: number(digits),
      life: 'saver',
      ...(rollNumber ? { rollNumber } : {}),
    }),
    loan: (digits: number): Holding => ({ type: 'LOAN', iban: number(digits), life: 'borrower' }),
  };
}

const card = (pan: string): Holding => ({
  type: 'CARD',
  maskedPan: `${pan.slice(0, 6)}******${pan.slice(-4)}`,
  pan,
  life: 'card',
});

const thornfield = branch('TRNF', '000810');
const calderwye = branch('CLDW', '000920');

/** The pretend banks that speak UK Open Banking: a certificate and a registration are needed. */
export const OPEN_BANKING_UK_BANKS: readonly Bank[] = [
  {
    ...britain,
    slug: 'gb-thornfield',
    name: 'Thornfield Bank',
    bic: 'TRNFGB99XXX',
    bankCode: '000810',
    city: 'Thornfield',
    colour: '#0f5132',
    openBanking: {
      version: '3.1',
      organisationId: '0015800000ThornfAA',
      without: ['ReadOffers', 'ReadStatementsBasic', 'ReadStatementsDetail', 'ReadPAN'],
      pageSize: 50,
      historyMinutes: 5,
      rotates: false,
      decoupled: false,
    },
    people: [
      {
        login: 'edith',
        password: 'thornfield-1',
        name: 'Edith Marlowe',
        note: 'current account, savings, credit card and loan',
        methods: [SMS],
        holdings: [thornfield.current(1001), thornfield.savings(1002), card('5300120000008101'), thornfield.loan(1004)],
      },
      {
        login: 'rowan',
        password: 'thornfield-2',
        name: 'Rowan Achterby',
        note: 'one account',
        methods: [SMS],
        holdings: [thornfield.current(2001, 'student')],
      },
    ],
  },
  {
    ...britain,
    slug: 'gb-calderwye',
    name: 'Calderwye Building Society',
    bic: 'CLDWGB99XXX',
    bankCode: '000920',
    city: 'Calderwye',
    colour: '#7c2d12',
    openBanking: {
      version: '4.0',
      organisationId: '0015800000CaldwyAA',
      without: ['ReadOffers', 'ReadStatementsBasic', 'ReadStatementsDetail'],
      pageSize: 100,
      historyMinutes: 5,
      rotates: true,
      decoupled: true,
    },
    people: [
      {
        login: 'maud',
        password: 'calderwye-1',
        name: 'Maud Pellington',
        note: 'current account, savings with a roll number, and a card',
        methods: [PUSH],
        holdings: [calderwye.current(3001), calderwye.savings(3002, 'CWY/773-0021'), card('4111220000009203')],
      },
      {
        login: 'silas',
        password: 'calderwye-2',
        name: 'Silas Grane',
        note: 'one account',
        methods: [PUSH],
        holdings: [calderwye.current(4001, 'student')],
      },
    ],
  },
];
