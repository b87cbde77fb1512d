import { type Consent, endTokens, findConsent, isBlocked, listAuthorisations, storeConsent } from '../store.ts';
import { findPerson, type Model } from '../world/banks.ts';
import { addDays } from '../world/time.ts';
import { eligible, findHolding, isRecord, modelOf, namedNumbers, parseAccess, presentAccess } from './access.ts';
import { openAuthorisation } from './authorisations.ts';
import { approachHeader, type Call, links, needHeader, newConsentId, today } from './call.ts';
import { formatError, Refused, type Reply } from './errors.ts';
import { authorisationLinks, startLinks } from './proof/next.ts';
import { ownConsent } from './standing.ts';

/** `POST /v1/consents`. */
export async function createConsent(call: Call): Promise<Reply> {
  needHeader(call, 'PSU-IP-Address');
  const consent = parseConsent(call);
  const { face, stage } = call;
  if (consent.person && (await isBlocked(stage.database, call.bank.slug, consent.person))) {
    throw new Refused(401, 'PSU_CREDENTIALS_INVALID', 'This login is blocked.');
  }
  const wantsExplicit = face.start === 'explicit' || call.headers['tpp-explicit-authorisation-preferred'] === 'true';
  // Without a name the bank cannot open an embedded or decoupled authorisation by itself.
  const redirected = face.approach === 'redirect' || face.approach === 'oauth';
  const explicit = face.authorisation === 'sub_resource' && (wantsExplicit || (!redirected && !consent.person));
  const path = `/v1/consents/${consent.id}`;
  const opened = await stage.database.transaction(async (tx) => {
    await storeConsent(tx, consent);
    return explicit ? undefined : openAuthorisation(tx, call, consent);
  });
  return {
    status: 201,
    headers: {
      location: links(call, { self: path }).self!.href,
      'aspsp-sca-approach': approachHeader(face.approach),
      'aspsp-multiple-consent-support': String(face.multipleConsents),
      ...notificationHeaders(call, consent),
    },
    body: {
      consentStatus: consent.status,
      consentId: consent.id,
      ...(opened ? { scaStatus: opened.authorisation.status } : {}),
      ...opened?.extras,
      _links: {
        ...(opened ? authorisationLinks(call, opened.authorisation) : startLinks(call, consent)),
        ...links(call, { self: path, status: `${path}/status` }),
      },
    },
  };
}

/** `GET /v1/consents/{consentId}`. */
export async function getConsent(call: Call): Promise<Reply> {
  const consent = await ownConsent(call);
  const { recurring, validUntil, frequencyPerDay, lastActionDate, status } = consent;
  return {
    status: 200,
    body: {
      access: presentAccess(call.bank, consent),
      recurringIndicator: recurring,
      validUntil,
      frequencyPerDay,
      lastActionDate,
      consentStatus: status,
      _links: links(call, { account: '/v1/accounts' }),
    },
  };
}

/** `GET /v1/consents/{consentId}/status`. */
export async function getConsentStatus(call: Call): Promise<Reply> {
  return { status: 200, body: { consentStatus: (await ownConsent(call)).status } };
}

/** `DELETE /v1/consents/{consentId}`. */
export async function deleteConsent(call: Call): Promise<Reply> {
  await ownConsent(call);
  await call.stage.database.transaction(async (tx) => {
    const consent = (await findConsent(tx, call.bank.slug, call.part.consentId!, 'lock'))!;
    if (!['received', 'partiallyAuthorised', 'valid'].includes(consent.status)) return;
    await storeConsent(tx, { ...consent, status: 'terminatedByTpp', lastActionDate: today(call) });
    await endTokens(tx, call.bank.slug, consent.id);
  });
  return { status: 204 };
}

/** `GET /v1/consents/{consentId}/authorisations`. */
export async function getAuthorisations(call: Call): Promise<Reply> {
  const consent = await ownConsent(call);
  const found = await listAuthorisations(call.stage.database, call.bank.slug, consent.id);
  return { status: 200, body: { authorisationIds: found.map((authorisation) => authorisation.id) } };
}

/** What is told of notifications to whoever asked for them (XS2A, "Resource Status Notification Services"). */
function notificationHeaders(call: Call, { notificationUri }: Consent): Record<string, string> {
  if (!call.headers['tpp-notification-uri']) return {};
  if (!notificationUri) return { 'aspsp-notification-support': 'false' };
  return { 'aspsp-notification-support': 'true', 'aspsp-notification-content': 'status=SCA,PROCESS' };
}

function parseConsent(call: Call): Consent {
  const { bank, face, body, now } = call;
  if (!isRecord(body)) throw formatError('the body must be a JSON object');
  const access = parseAccess(body.access);
  const model = modelOf(access);
  checkModel(call, model);
  if (typeof body.recurringIndicator !== 'boolean') throw formatError('recurringIndicator must be true or false');
  const frequency = body.frequencyPerDay;
  if (!Number.isInteger(frequency) || (frequency as number) < 1) throw formatError('frequencyPerDay must be 1 or more');
  if (face.recurringOnly && !body.recurringIndicator) {
    throw new Refused(400, 'PARAMETER_NOT_SUPPORTED', 'This bank knows recurring consents only.');
  }
  if (face.frequencyPerDay && body.recurringIndicator && frequency !== face.frequencyPerDay) {
    throw new Refused(400, 'PARAMETER_NOT_SUPPORTED', `frequencyPerDay must be ${face.frequencyPerDay}.`);
  }
  if (!body.recurringIndicator && frequency !== 1) throw formatError('frequencyPerDay of a one-off consent must be 1');
  if (typeof body.combinedServiceIndicator !== 'boolean')
    throw formatError('combinedServiceIndicator must be true or false');
  if (body.combinedServiceIndicator) throw new Refused(400, 'SESSIONS_NOT_SUPPORTED', 'Sessions are not supported.');
  if (model === 'detailed') checkNumbers(call, namedNumbers(access));
  const person = call.signedIn ?? call.headers['psu-id'];
  if (person && !findPerson(bank, person) && face.approach !== 'redirect' && face.approach !== 'oauth') {
    throw new Refused(401, 'PSU_CREDENTIALS_INVALID', 'This login name is not known.');
  }
  return {
    bank: bank.slug,
    id: newConsentId(),
    face: face.path,
    client: call.client.organizationId,
    clientName: call.client.organization,
    ...(findPerson(bank, person) ? { person: person! } : {}),
    status: 'received',
    access,
    recurring: body.recurringIndicator,
    validUntil: parseValidUntil(call, body.validUntil),
    frequencyPerDay: Math.min(frequency as number, 4),
    lastActionDate: today(call),
    createdAt: now.toISOString(),
    ...returnAddresses(call),
    ...(face.notifications && call.headers['tpp-notification-uri']
      ? { notificationUri: call.headers['tpp-notification-uri'] }
      : {}),
  };
}

function checkModel(call: Call, model: Model): void {
  const { face } = call;
  // Bank-offered accounts are chosen on the bank's own page, which an embedded approval does not have (standards §3.3).
  if (face.consentModels.includes(model) && !(model === 'offered' && face.approach === 'embedded')) return;
  throw new Refused(400, face.modelRefusal, `This bank does not support consents of this kind (${model}).`);
}

function checkNumbers(call: Call, numbers: string[]): void {
  const served = call.bank.people.flatMap((person) => eligible(call.face, person, {}));
  for (const number of numbers) {
    const holding = findHolding(call.bank, number);
    if (!holding || !served.includes(holding)) {
      throw new Refused(400, 'RESOURCE_UNKNOWN', 'An account in access is not held at this bank.');
    }
  }
}

function parseValidUntil(call: Call, value: unknown): string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value) || Number.isNaN(Date.parse(value))) {
    throw formatError('validUntil must be a date');
  }
  if (value < today(call)) throw new Refused(400, 'PERIOD_INVALID', 'validUntil lies in the past.');
  const longest = addDays(today(call), call.face.longestConsentDays);
  if (call.face.validUntil === 'refused' && value > longest) {
    throw new Refused(400, 'PERIOD_INVALID', `validUntil lies after ${longest}.`);
  }
  if (call.face.validUntil === 'longest' && value !== '9999-12-31') throw formatError('validUntil must be 9999-12-31');
  return value < longest ? value : longest;
}

function returnAddresses(call: Call): Pick<Consent, 'redirectUri' | 'nokRedirectUri'> {
  const redirected = call.face.approach === 'redirect' || call.face.approach === 'oauth';
  if (!redirected && !call.headers['tpp-redirect-uri']) return {};
  const redirectUri = needHeader(call, 'TPP-Redirect-URI');
  const nokRedirectUri = call.headers['tpp-nok-redirect-uri'];
  for (const address of [redirectUri, nokRedirectUri]) {
    if (address === undefined) continue;
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (!url || !/^https?:$/.test(url.protocol) || !call.stage.mayReturnTo(url)) {
      throw formatError('TPP-Redirect-URI is not an address this bank sends people to');
    }
  }
  return { redirectUri, ...(nokRedirectUri ? { nokRedirectUri } : {}) };
}
