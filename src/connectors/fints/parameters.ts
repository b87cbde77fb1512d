import { HIBPA, HICAZS, HIKAZS, HIPINS, HITANS6, HITANS7, HIUPA } from './wire/segments.ts';
import type { Segment } from './wire/syntax.ts';

/** A way to prove an order, as the bank describes it (`HITANS`). */
export type Method = {
  /** Security function, `912`. */
  id: string;
  name: string;
  /** The version of `HKTAN` it is used with. */
  version: 6 | 7;
  /** What it is technically, in capitals: `HHDOPT1`, `PHOTOTAN`, `MS1.0.0`, `DECOUPLED`. */
  kind: string;
  isDecoupled: boolean;
  longestCode?: number;
  digitsOnly: boolean;
  /** The challenge may hold simple HTML. */
  structured: boolean;
  needsMedium: boolean;
  mostPolls?: number;
  waitBeforeFirstMs?: number;
  waitBetweenMs?: number;
  /** Whether we may look by ourselves, or only when the person says that they have approved. */
  polls: boolean;
};

/** What the bank and the login allow: kept, and renewed whenever the bank sends a newer version. */
export type Parameters = {
  /** Versions of bank and user parameters in hand; 0 = none. */
  version: number;
  userVersion: number;
  bankName: string;
  methods: Method[];
  /** Versions of each order the bank understands: `HKSAL` → 5, 6, 7. */
  orders: Record<string, number[]>;
  /** Orders that need a code. */
  needCode: string[];
  camtFormats: string[];
  /** Days that statements reach back, by order. */
  reach: Record<string, number>;
  userLabel?: string;
  customerLabel?: string;
  longestPin?: number;
};

/** Before the bank has said anything. */
export const NO_PARAMETERS: Parameters = {
  version: 0,
  userVersion: 0,
  bankName: '',
  methods: [],
  orders: {},
  needCode: [],
  camtFormats: [],
  reach: {},
};

const MOST_METHODS = 50;
const LONGEST_LABEL = 60;

/** Takes in what an answer says of bank and user; what it does not speak of stays as it was. */
export function renewParameters(known: Parameters, segments: readonly Segment[]): Parameters {
  const bank = segments.find(({ name }) => name === 'HIBPA');
  const user = segments.find(({ name }) => name === 'HIUPA');
  const current = bank ? readBankParameters(segments, HIBPA.read(bank), known.userVersion) : known;
  const userVersion = user && HIUPA.read(user).version;
  return userVersion === undefined ? current : { ...current, userVersion };
}

/** The highest version of an order that bank and we understand; undefined when the bank does not have it. */
export function versionOf(parameters: Parameters, order: string, ours: readonly number[]): number | undefined {
  const theirs = parameters.orders[order] ?? [];
  return ours.filter((version) => theirs.includes(version)).sort((a, b) => b - a)[0];
}

/** The version of `HKTAN` for a method, or the bank's highest where none is chosen yet. */
export function codeVersion(parameters: Parameters, method: string): 6 | 7 | undefined {
  const chosen = parameters.methods.find(({ id }) => id === method);
  return chosen?.version ?? parameters.methods.map(({ version }) => version).sort((a, b) => b - a)[0];
}

function readBankParameters(
  segments: readonly Segment[],
  { version, name }: { version: number | undefined; name: string },
  userVersion: number,
): Parameters {
  const orders: Record<string, number[]> = {};
  const reach: Record<string, number> = {};
  const parameters: Parameters = {
    ...NO_PARAMETERS,
    version: version ?? 0,
    userVersion,
    bankName: name.slice(0, LONGEST_LABEL),
    methods: readMethods(segments),
    orders,
    reach,
  };
  for (const segment of segments) {
    const order = /^([HD])I([A-Z]{3})S$/.exec(segment.name);
    if (order && segment.name !== 'HIPINS') {
      const orderName = `${order[1]}K${order[2]}`;
      orders[orderName] = [...(orders[orderName] ?? []), segment.version];
    }
    if (segment.name === 'HIPINS') Object.assign(parameters, readSecurity(segment));
    if (segment.name === 'HIKAZS') keepReach(reach, 'HKKAZ', HIKAZS.read(segment).limits.days);
    if (segment.name === 'HICAZS') {
      const { days, formats } = HICAZS.read(segment).limits;
      keepReach(reach, 'HKCAZ', days);
      parameters.camtFormats = formats.filter((format) => format.includes('camt'));
    }
  }
  return parameters;
}

function keepReach(reach: Record<string, number>, order: string, days: number | undefined): void {
  if (days !== undefined && days > 0) reach[order] = days;
}

function readSecurity(segment: Segment): Partial<Parameters> {
  const { longestPin, userLabel, customerLabel, orders } = HIPINS.read(segment).parameters;
  return {
    needCode: orders.filter(({ needsCode }) => needsCode).map(({ name }) => name),
    ...(userLabel ? { userLabel: userLabel.slice(0, LONGEST_LABEL) } : {}),
    ...(customerLabel ? { customerLabel: customerLabel.slice(0, LONGEST_LABEL) } : {}),
    ...(longestPin ? { longestPin } : {}),
  };
}

/** A method given in two versions counts in the newer one. Methods with a cable to the computer cannot be used from a page. */
function readMethods(segments: readonly Segment[]): Method[] {
  const found = segments
    .filter(({ name, version }) => name === 'HITANS' && (version === 6 || version === 7))
    .sort((a, b) => a.version - b.version)
    .flatMap((segment) =>
      segment.version === 6
        ? HITANS6.read(segment).list.methods.map((method) => methodOf(method, 6))
        : HITANS7.read(segment).list.methods.map((method) => methodOf(method, 7)),
    )
    .filter(({ id, kind }) => /^9\d\d$/.test(id) && id !== '999' && !kind.includes('USB'));
  return [...new Map(found.map((method) => [method.id, method])).values()].slice(0, MOST_METHODS);
}

type WireMethod = ReturnType<typeof HITANS6.read>['list']['methods'][number] &
  Partial<ReturnType<typeof HITANS7.read>['list']['methods'][number]>;

function methodOf(method: WireMethod, version: 6 | 7): Method {
  const kind = `${method.kind} ${method.technicalId}`.trim().toUpperCase();
  const inMs = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000);
  const polling = {
    mostPolls: method.mostPolls,
    waitBeforeFirstMs: inMs(method.waitBeforeFirstS),
    waitBetweenMs: inMs(method.waitBetweenS),
  };
  return {
    id: method.securityFunction,
    name: (method.name || method.technicalId || method.securityFunction).slice(0, LONGEST_LABEL),
    version,
    kind,
    isDecoupled: version === 7 && kind.includes('DECOUPLED'),
    ...(method.longestCode ? { longestCode: method.longestCode } : {}),
    digitsOnly: method.format === '1',
    structured: method.structured,
    needsMedium: method.mediumName === '2',
    ...(version === 7
      ? (Object.fromEntries(Object.entries(polling).filter(([, value]) => value !== undefined)) as Partial<Method>)
      : {}),
    polls: method.polls ?? true,
  };
}
