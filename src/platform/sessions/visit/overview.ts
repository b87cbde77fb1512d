import type { Account } from '../../../banking/account.ts';
import { listBankAccounts } from '../../accounts/accounts.ts';
import { identify } from '../../accounts/identity.ts';
import type { Connection } from '../../connections/connection.ts';
import { findConnectionReading, selectConnections } from '../../connections/store.ts';
import type { Consent } from '../../consents/consent.ts';
import { findConsent } from '../../consents/store.ts';
import type { Platform } from '../../platform.ts';
import type { LinkedBefore, LinkSummary } from '../screen.ts';
import type { Session } from '../session.ts';
import { findFace } from './choices.ts';

/** Everything a person has linked with this app, for the overview of a management session. */
export async function listLinks(platform: Platform, session: Session): Promise<LinkSummary[]> {
  const caller = { tenant: session.tenant };
  const connections = await platform.database.read.rows<Connection>(
    selectConnections(session.tenant, { customer: session.customer, limit: 100 }),
  );
  return Promise.all(
    connections.map(async (connection): Promise<LinkSummary> => {
      const consent = connection.consent
        ? await platform.database.read.first<Consent>(findConsent(session.tenant, connection.consent))
        : undefined;
      const { rows } = await listBankAccounts(platform, caller, {
        connection: connection.id,
        limit: 100,
        leaveOutClosed: true,
      });
      return {
        connection: connection.id,
        consent: consent?.status === 'authorized' ? consent.id : null,
        bank: findFace(platform, connection.provider) ?? {
          id: connection.provider,
          name: connection.provider,
          country: '',
          monogram: { text: '?', hue: 0 },
          health: 'good',
        },
        status: connection.status,
        scopes: consent?.scopes ?? ['accounts'],
        accounts: rows.map((account) => ({
          name: account.name ?? '',
          masked: maskedNumber(account.identification),
          type: account.accountType,
        })),
        connectedAt: connection.createdAt,
        validUntil: consent?.expiresAt ?? null,
        reconfirmBy: consent?.reconfirmBy ?? null,
        lastRead: connection.lastSynchronization,
      };
    }),
  );
}

/** The customer's living links at the bank and interface chosen: the same login should be renewed, not linked twice. */
export async function listLinkedBefore(platform: Platform, session: Session): Promise<LinkedBefore[]> {
  if (session.connection) return [];
  const { tenant, customer } = session;
  const connections = await platform.database.read.rows<Connection>(selectConnections(tenant, { customer, limit: 20 }));
  const here = connections.filter(
    ({ provider, interface: way, status }) =>
      provider === session.chosenProvider && way === session.chosenInterface && status !== 'disconnected',
  );
  return Promise.all(
    here.map(async ({ id: connection, lastSynchronization: lastRead }) => {
      const request = { connection, limit: 20, leaveOutClosed: true } as const;
      const { rows } = await listBankAccounts(platform, { tenant }, request);
      return { connection, accounts: rows.map(({ identification }) => maskedNumber(identification)), lastRead };
    }),
  );
}

/** Whether the accounts the bank showed belong to a link the customer has already at this interface. */
export async function isLinkedBefore(
  platform: Platform,
  session: Session,
  found: readonly Account[],
): Promise<boolean> {
  if (session.connection || found.length === 0) return false;
  const { tenant, customer, chosenProvider: provider, chosenInterface: way } = session;
  if (!provider || !way) return false;
  const marks = identify({ vault: platform.vault, tenant, provider }, found).flatMap((one) => one.marks);
  const where = { customer, provider, interface: way, marks };
  return (await findConnectionReading(platform.database.read, tenant, where)) !== undefined;
}

function maskedNumber(identification: { [name: string]: string | undefined }): string {
  const number =
    identification.iban ?? identification.maskedPan ?? identification.accountNumber ?? identification.bban ?? '';
  return number === '' ? '' : `•••• ${number.replace(/\s/g, '').slice(-4)}`;
}
