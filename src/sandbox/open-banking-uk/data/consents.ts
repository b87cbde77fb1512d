import { randomUUID } from 'node:crypto';
import type { Tx } from '../../../base/database.ts';
import type { Stage } from '../../stage.ts';
import { type OpenBankingFace, PERMISSIONS, type Permission } from '../face.ts';
import type { UkBank } from '../server/provider.ts';
import { dropGranted, dropPayload, dropState, findState, listState, storeState } from '../state-store.ts';
import type { UkCall } from './call.ts';
import { Declined, type Reply } from './refusals.ts';

/** An account access consent as the bank keeps it. */
export type UkConsent = {
  id: string;
  /** Client id of whoever asked, and their name as the directory has it. */
  client: string;
  clientName: string;
  status: 'awaiting' | 'authorised' | 'rejected' | 'cancelled' | 'expired';
  permissions: Permission[];
  /** The three dates exactly as they were sent. */
  expiresAt?: string;
  from?: string;
  to?: string;
  createdAt: string;
  updatedAt: string;
  person?: string;
  /** Numbers of the accounts that the person picked. */
  accounts?: string[];
  authorisedAt?: string;
  /** What the present tokens hang on. */
  grantId?: string;
};

const WORDS = {
  '3.1': {
    awaiting: 'AwaitingAuthorisation',
    authorised: 'Authorised',
    rejected: 'Rejected',
    cancelled: 'Revoked',
    // 3.1 has no word for it: the date has passed, the status stays.
    expired: 'Authorised',
  },
  '4.0': { awaiting: 'AWAU', authorised: 'AUTH', rejected: 'RJCT', cancelled: 'CANC', expired: 'EXPD' },
} as const;

/** True while accounts may be read with it. */
export const isOpen = ({ status }: UkConsent): boolean => status === 'authorised';

/** The consent, made to have expired where its date has passed. */
export async function findConsent(stage: Stage, bank: UkBank, id: string): Promise<UkConsent | undefined> {
  const consent = await findState<UkConsent>(stage.database, bank.slug, 'consent', id);
  if (!consent?.expiresAt || !['awaiting', 'authorised'].includes(consent.status)) return consent;
  if (Date.parse(consent.expiresAt) > stage.clock.now().getTime()) return consent;
  return (await endConsent(stage, bank, id, 'expired')) ?? consent;
}

/** All consents at the bank, newest first; of one person when given. */
export async function listConsents(stage: Stage, bank: UkBank, person?: string): Promise<UkConsent[]> {
  const all = await listState<UkConsent>(stage.database, bank.slug, 'consent');
  const wanted = all.filter((consent) => person === undefined || consent.person === person);
  return Promise.all(wanted.map(async (consent) => (await findConsent(stage, bank, consent.id)) ?? consent));
}

/** Changes a consent under its lock; undefined when it is gone or must not be changed (any more). */
export async function changeConsent(
  stage: Stage,
  bank: UkBank,
  id: string,
  change: (consent: UkConsent, tx: Tx) => Partial<UkConsent> | undefined | Promise<Partial<UkConsent> | undefined>,
): Promise<UkConsent | undefined> {
  return stage.database.transaction(async (tx) => {
    const consent = await findState<UkConsent>(tx, bank.slug, 'consent', id, 'lock');
    const changes = consent && (await change(consent, tx));
    if (!changes) return undefined;
    const changed = { ...consent, ...changes, updatedAt: stage.clock.now().toISOString() };
    await storeState(tx, bank.slug, 'consent', id, changed);
    return changed;
  });
}

/** Ends a consent and every token that hangs on it; undefined when it has ended already. `login`: only that person's. */
export function endConsent(
  stage: Stage,
  bank: UkBank,
  id: string,
  status: 'rejected' | 'cancelled' | 'expired',
  login?: string,
): Promise<UkConsent | undefined> {
  return changeConsent(stage, bank, id, async (consent, tx) => {
    const open = ['awaiting', 'authorised'].includes(consent.status);
    if (!open || (login !== undefined && consent.person !== login)) return undefined;
    await endGrant(tx, bank, consent);
    return { status };
  });
}

/** Takes away the grant on which the consent's tokens hang, and the tokens. */
export async function endGrant(tx: Tx, bank: UkBank, { grantId }: UkConsent): Promise<void> {
  if (!grantId) return;
  await dropGranted(tx, bank.slug, grantId);
  await dropPayload(tx, bank.slug, 'Grant', grantId);
}

/** `POST /account-access-consents`. */
export async function createConsent(call: UkCall): Promise<Reply> {
  const { stage, bank, now, clientId } = call;
  const asked = parseConsent(call);
  const at = now.toISOString();
  const consent: UkConsent = {
    id: `aac-${randomUUID()}`,
    client: clientId,
    clientName: call.clientName,
    status: 'awaiting',
    ...asked,
    createdAt: at,
    updatedAt: at,
  };
  await storeState(stage.database, bank.slug, 'consent', consent.id, consent);
  return { status: 201, body: presentConsent(call, consent) };
}

/** `GET /account-access-consents/{ConsentId}`. */
export async function getConsent(call: UkCall): Promise<Reply> {
  return { status: 200, body: presentConsent(call, await ownConsent(call)) };
}

/** `DELETE /account-access-consents/{ConsentId}`. */
export async function deleteConsent(call: UkCall): Promise<Reply> {
  const { stage, bank } = call;
  const consent = await ownConsent(call);
  await stage.database.transaction(async (tx) => {
    await endGrant(tx, bank, consent);
    await dropState(tx, bank.slug, 'consent', consent.id);
  });
  return { status: 204 };
}

/** A moment as the standard's examples write it. */
export const written = (moment: Date | string): string => `${new Date(moment).toISOString().slice(0, 19)}+00:00`;

async function ownConsent({ stage, bank, part, clientId }: UkCall): Promise<UkConsent> {
  const consent = await findConsent(stage, bank, part.ConsentId!);
  if (consent?.client !== clientId) throw new Declined(400, 'U011', 'There is no such consent.', 'ConsentId');
  return consent;
}

function presentConsent(call: UkCall, consent: UkConsent): object {
  return {
    Data: {
      ConsentId: consent.id,
      CreationDateTime: written(consent.createdAt),
      Status: WORDS[call.bank.openBanking.version][consent.status],
      StatusUpdateDateTime: written(consent.updatedAt),
      Permissions: consent.permissions,
      ...(consent.expiresAt ? { ExpirationDateTime: consent.expiresAt } : {}),
      ...(consent.from ? { TransactionFromDateTime: consent.from } : {}),
      ...(consent.to ? { TransactionToDateTime: consent.to } : {}),
    },
    Risk: {},
    Links: { Self: `${call.base}/account-access-consents/${consent.id}` },
    Meta: { TotalPages: 1 },
  };
}

type Asked = Pick<UkConsent, 'permissions' | 'expiresAt' | 'from' | 'to'>;

/** Reads what is asked for and holds it against the rules of the standard (standards §4.3). */
function parseConsent({ body, now, bank }: UkCall): Asked {
  if (!isRecord(body) || !isRecord(body.Data)) throw new Declined(400, 'U004', 'Data is missing.', 'Data');
  if (!isRecord(body.Risk)) throw new Declined(400, 'U004', 'Risk is missing.', 'Risk');
  const { Permissions, ExpirationDateTime, TransactionFromDateTime, TransactionToDateTime, ...more } = body.Data;
  const [unknown] = [
    ...Object.keys(more).map((name) => `Data.${name}`),
    ...Object.keys(body.Risk).map((name) => `Risk.${name}`),
  ];
  if (unknown) throw new Declined(400, 'U005', `${unknown} is not expected.`, unknown);
  const expiresAt = parseMoment(ExpirationDateTime, 'Data.ExpirationDateTime');
  if (expiresAt && Date.parse(expiresAt) <= now.getTime())
    throw new Declined(400, 'U003', 'ExpirationDateTime must lie in the future.', 'Data.ExpirationDateTime');
  const from = parseMoment(TransactionFromDateTime, 'Data.TransactionFromDateTime');
  const to = parseMoment(TransactionToDateTime, 'Data.TransactionToDateTime');
  if (from && to && Date.parse(from) > Date.parse(to))
    throw new Declined(
      400,
      'U003',
      'TransactionFromDateTime lies after TransactionToDateTime.',
      'Data.TransactionFromDateTime',
    );
  return {
    permissions: parsePermissions(Permissions, bank.openBanking),
    ...(expiresAt ? { expiresAt } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  };
}

function parsePermissions(given: unknown, face: OpenBankingFace): Permission[] {
  const where = 'Data.Permissions';
  if (!Array.isArray(given) || given.length === 0) throw new Declined(400, 'U004', 'Permissions are missing.', where);
  for (const [index, one] of given.entries()) {
    if (!(PERMISSIONS as readonly unknown[]).includes(one))
      throw new Declined(400, 'U002', 'There is no such permission.', `${where}.${index}`);
    if (face.without.includes(one as Permission))
      throw new Declined(400, 'U002', `${one} is not supported by this bank.`, `${where}.${index}`);
  }
  const asked = new Set(given as Permission[]);
  const has = (...some: Permission[]) => some.some((one) => asked.has(one));
  if (!has('ReadAccountsBasic', 'ReadAccountsDetail'))
    throw new Declined(400, 'U002', 'ReadAccountsBasic or ReadAccountsDetail is needed.', where);
  if (
    has('ReadTransactionsBasic', 'ReadTransactionsDetail') !== has('ReadTransactionsCredits', 'ReadTransactionsDebits')
  )
    throw new Declined(400, 'U002', 'Transactions need basic or detail, and credits or debits.', where);
  if (has('ReadPAN') && !has('ReadAccountsDetail', 'ReadTransactionsDetail', 'ReadStatementsDetail'))
    throw new Declined(400, 'U002', 'ReadPAN needs a permission that shows account numbers.', where);
  return [...asked];
}

// RFC 3339, or without a zone as the standard's dates in queries.
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/;

function parseMoment(value: unknown, where: string): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !MOMENT.test(value) || Number.isNaN(Date.parse(value)))
    throw new Declined(400, 'U003', 'This is not a date and time.', where);
  return value;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
