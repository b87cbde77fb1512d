import type { Account } from '../../../banking/account.ts';
import { BankError } from '../../../banking/bank-error.ts';
import { findTenantSettings } from '../../apps/apps.ts';
import { returnTo } from '../../apps/return-url.ts';
import { claimCode } from '../../consents/claim.ts';
import type { Consent } from '../../consents/consent.ts';
import { findConsent } from '../../consents/store.ts';
import type { Platform } from '../../platform.ts';
import { unavailability, usable } from '../../providers/availability.ts';
import type { Need } from '../../providers/provider.ts';
import type { FoundAccount, Screen } from '../screen.ts';
import { MOST_CHALLENGES, MOST_TRIES, type Session } from '../session.ts';
import { countShared } from '../store.ts';
import { consentFacts, findSessionConsent } from '../turn/agreeing.ts';
import { openFound, openQuery, openSessionGrant, openStep } from '../turn/memory.ts';
import { chosenWay, findFace, findLastBank, searchBanks } from './choices.ts';
import { digitTriesLeft } from './handing-over.ts';
import { isLinkedBefore, listLinkedBefore, listLinks } from './overview.ts';

/** The screen of a visit as it stands. Reads only; whoever looks changes nothing. */
export async function screenOf(
  platform: Platform,
  session: Session,
  mode: 'test' | 'live',
  locale: string,
  met: ReadonlySet<Need>,
): Promise<Screen> {
  const bank = findFace(platform, session.chosenProvider);
  if (session.turnState === 'working') return { kind: 'working', ...(bank ? { bank } : {}) };
  switch (session.place) {
    case 'intro':
      return introOf(platform, session);
    case 'bank': {
      const query = openQuery(platform, session);
      const lastBank = await findLastBank(platform, session, mode, met);
      const found = searchBanks(platform, mode, query, met, { last: lastBank?.id });
      return { kind: 'bank', query, ...found, ...(lastBank ? { lastBank } : {}) };
    }
    case 'bank_unavailable':
      return { kind: 'bank_unavailable', ...(bank ? { bank } : {}), why: unavailableWhy(platform, session, met) };
    case 'account_type': {
      const ways = platform.providers.find(session.chosenProvider ?? '')?.interfaces ?? [];
      if (!bank) return { kind: 'bank_unavailable', why: 'unknown' };
      const choices = ways
        .filter((way) => usable(platform, way, met))
        .map(({ id, accountTypes, sca }) => ({ id, accountTypes, sca }));
      return { kind: 'account_type', bank, choices };
    }
    case 'agree':
      return agreeOf(platform, session, locale);
    case 'step': {
      const step = openStep(platform, session);
      if (!step || !bank) return { kind: 'working', ...(bank ? { bank } : {}) };
      const triesLeft = step.kind === 'redirect' ? digitTriesLeft(platform, session) : undefined;
      if (triesLeft !== undefined) return { kind: 'handover', bank, attemptsLeft: triesLeft };
      const host = step.kind === 'redirect' ? new URL(step.url).host : undefined;
      const wrong = step.kind === 'form' && /^wrong_/.test(step.notice?.kind ?? '');
      const left = wrong ? { attemptsLeft: Math.max(0, MOST_TRIES - session.tries) } : {};
      const sends = (step.kind === 'form' || step.kind === 'wait') && step.again === true;
      const again = sends ? { againLeft: Math.max(0, MOST_CHALLENGES - session.challenges) } : {};
      return { kind: 'step', bank, step, ...(host ? { bankHost: host } : {}), ...left, ...again };
    }
    case 'trouble':
      return { kind: 'trouble', ...(bank ? { bank } : {}), trouble: session.trouble! };
    case 'grant': {
      const facts = (await findSessionConsent(platform, session))?.agreedFacts;
      const text = platform.makeConsentText(facts ?? (await consentFacts(platform, session)), locale);
      const choice = openSessionGrant(platform, session)?.chosenAtBank !== true;
      const found = openFound(platform, session);
      const renews = await isLinkedBefore(platform, session, found);
      const accounts = found.map(foundAccount);
      return { kind: 'grant', bank: bank!, accounts, choice, text, ...(renews ? { renews } : {}) };
    }
    case 'overview':
      return { kind: 'overview', links: await listLinks(platform, session) };
    case 'revoke': {
      const links = await listLinks(platform, session);
      const link = links.find((one) => one.connection === session.request.revoking);
      return { kind: 'overview', links, ...(link ? { confirm: { action: 'revoke' as const, link } } : {}) };
    }
    case 'ended':
      return endedOf(platform, session);
    default:
      return session.place satisfies never;
  }
}

/** The end of a visit: where the person goes now, with everything appended that the app is told. */
export async function endedOf(platform: Platform, session: Session): Promise<Screen> {
  const bank = findFace(platform, session.chosenProvider);
  const outcome = session.status === 'open' ? 'expired' : session.status;
  const granted = outcome === 'finished' && session.kind === 'connect' ? session.consent : null;
  // Asked together, they travel together.
  const [to, shared] = await Promise.all([
    returnAddress(platform, session),
    granted ? platform.database.read.first<{ count: number }>(countShared(session.tenant, granted)) : undefined,
  ]);
  return {
    kind: 'ended',
    outcome,
    ...(session.errorCode ? { code: session.errorCode } : {}),
    ...(bank ? { bank } : {}),
    ...(to ? { returnTo: to } : {}),
    ...(shared ? { accounts: shared.count } : {}),
  };
}

/** The consent's address, else the session's, else the app's default; none = our own confirmation page (seed B). */
async function returnAddress(platform: Platform, session: Session): Promise<string | undefined> {
  const [consent, tenant, claim] = await Promise.all([
    session.consent ? platform.database.read.first<Consent>(findConsent(session.tenant, session.consent)) : undefined,
    findTenantSettings(platform, session.tenant),
    session.status === 'finished' ? claimCode(platform, session) : undefined,
  ]);
  const base = consent?.returnUrl ?? session.returnUrl ?? tenant.defaultReturnUrl;
  if (!base) return undefined;
  return returnTo(base, {
    session: session.id,
    consent: session.consent,
    ...(claim ? { claim } : {}),
    error: session.error,
    errorCode: session.errorCode,
  });
}

async function introOf(platform: Platform, session: Session): Promise<Screen> {
  const consent = await findSessionConsent(platform, session);
  const tenant = await findTenantSettings(platform, session.tenant);
  const target = consent?.returnUrl ?? session.returnUrl ?? tenant.defaultReturnUrl;
  const bank = findFace(platform, session.provider ?? consent?.provider ?? null);
  const purpose = consent?.purpose ?? session.request.purpose;
  return {
    kind: 'intro',
    scopes: consent?.scopes ?? session.request.scopes,
    ...(purpose ? { purpose } : {}),
    ...(bank ? { bank } : {}),
    // A place such as {SESSION_ID} is not part of a host: the address parses without filling it.
    ...(target ? { returnHost: new URL(target).host } : {}),
    resumes: session.owner !== null,
  };
}

async function agreeOf(platform: Platform, session: Session, locale: string): Promise<Screen> {
  const bank = findFace(platform, session.chosenProvider);
  const way = chosenWay(platform, session);
  if (!bank || !way) return { kind: 'bank_unavailable', ...(bank ? { bank } : {}), why: 'unknown' };
  try {
    const [facts, linked] = await Promise.all([consentFacts(platform, session), listLinkedBefore(platform, session)]);
    return {
      kind: 'agree',
      bank,
      facts,
      text: platform.makeConsentText(facts, locale),
      offersStoring:
        session.storeSecrets &&
        way.sca.includes('embedded') &&
        session.recurring &&
        keepsSecrets(platform, way.standard),
      replacesOthers: way.oneConsentPerPerson,
      ...(linked.length > 0 ? { linked } : {}),
    };
  } catch (error) {
    if (error instanceof BankError) return { kind: 'bank_unavailable', bank, why: 'needs_setup' };
    throw error;
  }
}

/** Only some standards sign in again with the person's own login; offering to keep it elsewhere would be a lie. */
function keepsSecrets(platform: Platform, standard: string): boolean {
  return (platform.connectors[standard] as { keepsSecrets?: boolean } | undefined)?.keepsSecrets === true;
}

function unavailableWhy(
  platform: Platform,
  session: Session,
  met: ReadonlySet<Need>,
): 'needs_setup' | 'no_address' | 'unknown' {
  const provider = platform.providers.find(session.chosenProvider ?? '');
  const why = provider && unavailability(platform, provider, met);
  if (why === undefined) return 'unknown';
  return why === 'no_address' ? why : 'needs_setup';
}

function foundAccount(account: Account): FoundAccount {
  const { iban, maskedPan, accountNumber, bban, rollNumber } = account.identification;
  const number = iban ?? maskedPan ?? accountNumber ?? bban ?? rollNumber ?? account.reference;
  return {
    reference: account.reference,
    name: account.name ?? '',
    type: account.type,
    currency: account.currency,
    masked: `•••• ${number.replace(/\s/g, '').slice(-4)}`,
    // Nothing is ticked in advance: the person says yes to each account (UK CEG: no pre-ticked boxes).
    ticked: false,
  };
}
