import { listBankAccounts } from '../../accounts/accounts.ts';
import type { Connection } from '../../connections/connection.ts';
import { selectConnections } from '../../connections/store.ts';
import type { Consent } from '../../consents/consent.ts';
import { findConsent } from '../../consents/store.ts';
import type { Platform } from '../../platform.ts';
import type { LinkSummary } from '../screen.ts';
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

function maskedNumber(identification: { [name: string]: string | undefined }): string {
  const number =
    identification.iban ?? identification.masked_pan ?? identification.account_number ?? identification.bban ?? '';
  return number === '' ? '' : `•••• ${number.replace(/\s/g, '').slice(-4)}`;
}
