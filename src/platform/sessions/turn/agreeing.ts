import { createHash } from 'node:crypto';
import type { Tx } from '../../../base/database.ts';
import { findTenantSettings } from '../../apps/apps.ts';
import { findTransport } from '../../connections/transport.ts';
import { moveConsent } from '../../consents/changes.ts';
import type { Consent } from '../../consents/consent.ts';
import { consentStatement, draftConsent } from '../../consents/consents.ts';
import { consentChange, findConsent, insertTimeline } from '../../consents/store.ts';
import type { Platform } from '../../platform.ts';
import type { ConsentFacts, ConsentText } from '../screen.ts';
import type { Session } from '../session.ts';
import { chosenWay } from '../visit/choices.ts';

const DAY_MS = 24 * 3_600_000;

/** What the person is asked to agree to at this moment of the visit, before any word of it is chosen. */
export async function consentFacts(platform: Platform, session: Session): Promise<ConsentFacts> {
  const tenant = await findTenantSettings(platform, session.tenant);
  const provider = platform.providers.get(session.chosenProvider!);
  const way = chosenWay(platform, session)!;
  const consent = await findSessionConsent(platform, session);
  const asked = consent ?? {
    ...session.request,
    purpose: session.request.purpose ?? null,
    recurring: session.recurring,
  };
  const transport = await findTransport(platform, session.tenant, provider.environment);
  const days = Math.min(asked.validDays, way.longestConsentDays ?? asked.validDays);
  const until = new Date(platform.clock.now().getTime() + days * DAY_MS).toISOString().slice(0, 10);
  return {
    app: tenant.appName,
    requester: transport.name,
    ...(transport.registerNumber ? { requesterRegister: transport.registerNumber } : {}),
    ...(asked.purpose ? { purpose: asked.purpose } : {}),
    bank: provider.name,
    accountTypes: way.accountTypes,
    scopes: asked.scopes,
    historyDays: Math.min(asked.historyDays, way.historyDays ?? asked.historyDays),
    until: asked.recurring ? until : null,
    ...(provider.country === 'GB' && days > 90 && asked.recurring ? { reconfirmEveryDays: 90 } : {}),
    operator: platform.operator.name,
    ...(tenant.supportEmail ? { supportEmail: tenant.supportEmail } : {}),
  };
}

const consentOf = new WeakMap<Session, Promise<Consent | undefined>>();

/** The consent a visit is about, while it can still be agreed to; read once for each reading of the visit. */
export function findSessionConsent(platform: Platform, session: Session): Promise<Consent | undefined> {
  const known = consentOf.get(session);
  if (known) return known;
  const consent = readSessionConsent(platform, session);
  consentOf.set(session, consent);
  return consent;
}

async function readSessionConsent(platform: Platform, session: Session): Promise<Consent | undefined> {
  if (!session.consent) return undefined;
  const consent = await platform.database.read.first<Consent>(findConsent(session.tenant, session.consent));
  return consent?.status === 'pending' ? consent : undefined;
}

/**
 * The person agreed: the consent says to what, word for word. A connect session makes one consent for each bank picked;
 * one that was opened for a consent uses that. Returns the consent's id, in the caller's transaction.
 */
export async function agree(
  platform: Platform,
  tx: Tx,
  session: Session,
  what: {
    facts: ConsentFacts;
    text: ConsentText;
    storeSecrets: boolean;
    existing: Consent | undefined;
    requestId: string;
  },
): Promise<string> {
  const at = platform.clock.now();
  const id =
    what.existing && !otherBank(session, what.existing)
      ? what.existing.id
      : await newConsent(platform, tx, session, what);
  const shown = JSON.stringify(what.text);
  const hash = createHash('sha256').update(shown).digest();
  const agreed = consentChange(
    session.tenant,
    id,
    ['pending'],
    {
      provider: session.chosenProvider,
      interface: session.chosenInterface!,
      accountTypes: what.facts.accountTypes,
      storeSecrets: what.storeSecrets && session.storeSecrets,
      agreedAt: at,
      agreedLocale: what.text.locale,
      agreedVersion: what.text.version,
      agreedFacts: what.facts,
      agreedText: shown,
      agreedHash: hash,
    },
    at,
  );
  await tx.later(agreed);
  await tx.later(
    insertTimeline({
      tenant: session.tenant,
      consent: id,
      session: session.id,
      at,
      what: 'agreed',
      initiator: 'person',
      requestId: what.requestId,
      detail: { text_version: what.text.version, locale: what.text.locale, provider: session.chosenProvider! },
    }),
  );
  return id;
}

/** In a connect session another bank is another consent; the one before is ended, unfinished. */
function otherBank(session: Session, consent: Consent): boolean {
  return (
    session.consents.includes(consent.id) &&
    consent.provider !== null &&
    (consent.provider !== session.chosenProvider || consent.interface !== session.chosenInterface)
  );
}

async function newConsent(
  platform: Platform,
  tx: Tx,
  session: Session,
  what: { existing: Consent | undefined; requestId: string },
): Promise<string> {
  const at = platform.clock.now();
  if (what.existing) {
    await moveConsent(tx, {
      tenant: session.tenant,
      id: what.existing.id,
      move: 'canceled',
      initiator: 'person',
      reason: 'other_bank',
      at,
      requestId: what.requestId,
      changes: { bankRevocation: 'not_applicable' },
    });
  }
  const { scopes, historyDays, validDays, purpose } = session.request;
  const consent = draftConsent(
    session.tenant,
    {
      customer: session.customer,
      provider: session.chosenProvider!,
      scopes,
      historyDays,
      validDays,
      recurring: session.recurring,
      ...(purpose ? { purpose } : {}),
      ...(session.returnUrl ? { returnUrl: session.returnUrl } : {}),
      ...(session.connection ? { renews: session.connection } : {}),
    },
    at,
  );
  await tx.later(consentStatement(platform, consent, 'person', what.requestId));
  return consent.id;
}
