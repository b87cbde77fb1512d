import type { Bank, Method, Person } from '../world/bank.ts';
import { currencyOf } from '../world/data.ts';
import type { Holding } from '../world/holdings.ts';
import type { FintsFace } from './face.ts';
import type { Component, Element, Outgoing } from './wire.ts';

/** A bank that speaks FinTS. */
export type FintsBank = Bank & { fints: FintsFace };

/** How a holding is numbered in FinTS: at German banks the last ten digits of the IBAN; cards by their masked number. */
export const accountNumber = (holding: Holding): string =>
  holding.iban ? holding.iban.slice(12).replace(/^0+/, '') : (holding.maskedPan ?? '').replaceAll('*', '0');

/** Whether an order may want a code, as `HIPINS` says it. The bank may still waive it (3076). */
const mayWantCode = ({ demands }: FintsFace, order: string): boolean =>
  order === 'HKSPA' ? demands.accounts !== 'never' : ['HKSAL', 'HKKAZ', 'HKCAZ', 'DKKKU'].includes(order);

/** The bank parameters (BPD): who the bank is, what it can do and how codes are asked for. */
export function bankParameters(bank: FintsBank, address: string, about: number): Outgoing[] {
  const { fints } = bank;
  const place = ['280', bank.bankCode];
  const codes = Object.keys(fints.orders)
    .filter((order) => order !== 'HKEND')
    .flatMap((order) => [order, mayWantCode(fints, order) ? 'J' : 'N']);
  return [
    { id: 'HIBPA', version: 3, about, data: [fints.bankParameterVersion, place, bank.name, 3, 1, 300, 9999, 0, 600] },
    { id: 'HIKOM', version: 4, about, data: [place, 1, [3, address, undefined, undefined, 1]] },
    { id: 'HISHV', version: 3, about, data: ['N', ['PIN', 1, 2]] },
    {
      id: 'HIPINS',
      version: 1,
      about,
      data: [1, 1, 0, [5, 20, 6, 'Anmeldename', 'Kundennummer', ...codes]],
    },
    ...methodParameters(bank, about),
    ...orderParameters(fints, about),
  ];
}

/** The user parameters (UPD): the person, and each account with the orders it can be used for. */
export function userParameters(bank: FintsBank, person: Person, about: number): Outgoing[] {
  const { login, name, holdings, depot } = person;
  return [
    { id: 'HIUPA', version: 4, about, data: [login, bank.fints.userParameterVersion, 0, name.slice(0, 35)] },
    ...holdings.map(
      (holding): Outgoing => ({
        id: 'HIUPD',
        version: 6,
        about,
        data: [
          [accountNumber(holding), undefined, '280', bank.bankCode],
          holding.iban,
          login,
          { CACC: 1, SVGS: 10, CARD: 50, LOAN: 40 }[holding.type],
          currencyOf(bank),
          name.slice(0, 27),
          name.slice(27, 54),
          { CACC: 'Girokonto', SVGS: 'Tagesgeld', CARD: 'Kreditkarte', LOAN: 'Kredit' }[holding.type],
          undefined,
          ...ordersFor(bank, holding).map((order) => [order, 1]),
        ],
      }),
    ),
    ...(depot === undefined ? [] : [depotParameters(bank, person, depot, about)]),
  ];
}

/** A securities account has no IBAN, and here no order but the end of the dialog. */
function depotParameters(bank: FintsBank, { login, name }: Person, depot: string, about: number): Outgoing {
  const account = [depot, undefined, '280', bank.bankCode];
  const currency = currencyOf(bank);
  const data: Element[] = [account, undefined, login, 30, currency, name.slice(0, 27), undefined, 'Wertpapierdepot'];
  return { id: 'HIUPD', version: 6, about, data: [...data, undefined, ['HKEND', 1]] };
}

/** The orders that an account can be used for. */
export function ordersFor({ fints }: FintsBank, holding: Holding): string[] {
  const some = holding.type === 'CARD' ? ['DKKKU'] : ['HKSAL', 'HKKAZ', 'HKCAZ', 'HKSPA'];
  return [...some.filter((order) => fints.orders[order]), 'HKEND'];
}

/** The methods a person may use, or the one-step method (999) of those who have none; in the order of code 3920. */
export const securityFunctions = (person: Person): string[] =>
  person.methods.length > 0 ? person.methods.map((method) => method.id) : ['999'];

/** True when the customer must name the device. */
export const mustNameDevice = ({ nameDevice }: FintsFace, { media = [] }: Method): boolean =>
  media.length > 0 && (nameDevice === 'always' || (nameDevice === 'many' && media.length > 1));

function methodParameters(bank: FintsBank, about: number): Outgoing[] {
  // People differ in their devices: a method is described for whoever has most of them.
  const everyone = bank.people
    .flatMap((person) => person.methods)
    .toSorted((a, b) => (a.media?.length ?? 0) - (b.media?.length ?? 0));
  const methods = [...new Map([...bank.fints.retired, ...everyone].map((method) => [method.id, method])).values()].sort(
    (a, b) => Number(a.id) - Number(b.id),
  );
  return (bank.fints.orders.HKTAN ?? []).map((version) => ({
    id: 'HITANS',
    version,
    about,
    data: [
      1,
      1,
      0,
      [
        'J',
        'N',
        0,
        ...methods
          // A decoupled method cannot be described before version 7.
          .filter((method) => version >= 7 || method.type !== 'PUSH_OTP')
          .flatMap((method) => describe(bank.fints, method, version)),
      ],
    ],
  }));
}

/** What the standard calls each kind of method: technical name, name of the German banking industry, and its version. */
const NAMES: Record<Method['type'], readonly [technical: string, industry: string, version: string]> = {
  SMS_OTP: ['mTAN', 'mobileTAN', ''],
  CHIP_OTP: ['HHDOPT1', 'HHDOPT1', '1.4'],
  PHOTO_OTP: ['MS1.0.0', '', ''],
  PUSH_OTP: ['PUSH', 'Decoupled', ''],
};

/** One method of `HITANS`, in the order of segment versions 6 and 7. */
function describe(fints: FintsFace, method: Method, version: number): Component[] {
  const [technical, industry, industryVersion] = NAMES[method.type];
  const push = method.type === 'PUSH_OTP';
  // 2: the device must be named, 0: it must not be.
  const device = mustNameDevice(fints, method) ? 2 : 0;
  const { decoupled } = fints;
  return [
    method.id,
    fints.process,
    technical,
    industry,
    industryVersion,
    method.name.slice(0, 30),
    push ? '' : 6,
    push ? '' : 1,
    'TAN-Nummer',
    2048,
    'N',
    2,
    'N',
    0,
    0,
    'N',
    'N',
    '00',
    device,
    'N',
    method.media?.length ?? 1,
    ...(version < 7 ? [] : push ? decoupledLimits(decoupled) : ['', '', '', '', '']),
  ];
}

const decoupledLimits = ({ most, firstAfterS, everyS, byHand, automatic }: FintsFace['decoupled']): Component[] => [
  most,
  firstAfterS,
  everyS,
  byHand ? 'J' : 'N',
  automatic ? 'J' : 'N',
];

function orderParameters(fints: FintsFace, about: number): Outgoing[] {
  const specific: Record<string, (version: number) => Element> = {
    HKKAZ: () => [fints.historyDays, 'N', 'N'],
    HKCAZ: () => [fints.historyDays, 'N', 'N', ...fints.camt],
    HKSPA: (version) => ['J', 'N', 'N', ...(version > 1 ? ['N'] : []), ...(version > 2 ? [0] : []), 'pain.001.001.03'],
    DKKKU: () => [90, 'N', 'N'],
  };
  return Object.entries(fints.orders)
    .filter(([order]) => !['HKTAN', 'HKEND'].includes(order))
    .flatMap(([order, versions]) =>
      versions.map((version) => ({
        // `DKKKU` is no order of the standard but of some banks: its parameters are called so.
        id: order.startsWith('DK') ? `DI${order.slice(2)}S` : `HI${order.slice(2)}S`,
        version,
        about,
        data: [
          1,
          1,
          ...(version >= 6 || ['HKCAZ', 'HKSPA', 'HKTAB'].includes(order) ? [0] : []),
          specific[order]?.(version),
        ],
      })),
    );
}
