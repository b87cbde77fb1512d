import { BankError } from '../../banking/bank-error.ts';
import type { BankTokens, Grant, TokenServer } from '../../banking/connector.ts';
import { asDay, asList, asRecord, asText, type Wire } from '../../banking/formats/values.ts';
import type { Json } from '../../banking/step.ts';
import { names, readMessages, refusalOf } from './errors.ts';
import type { ConsentModel, Facts } from './facts.ts';
import { linksOf } from './links.ts';
import type { Progress, Reference, Talk } from './memory.ts';
import { ask, isSuccess, type Pass, type Reply, rightOf, send } from './wire.ts';

/** What a grant keeps sealed. */
export type GrantSecret = {
  consentId: string;
  model: ConsentModel;
  references?: Reference[];
  tokens?: BankTokens;
  pass?: Pass;
  oauth?: TokenServer;
};

/** The consent made at the bank, or what the person must say before it can be made. */
export type Opened =
  | { made: Reply; progress: Progress }
  | { needs: 'user_id' | 'iban'; progress: Progress; refusal?: BankError }
  | { needs: 'token'; progress: Progress; from?: string };

/** Codes by which a bank refuses an access model where it does not answer 400 or 405. */
const MODEL_CODES = ['CONSENT_INVALID', 'SERVICE_INVALID', 'PARAMETER_NOT_SUPPORTED', 'PARAMETER_NOT_CONSISTENT'];

/** Codes of a 401 or 403 that no token would change. */
const NOT_FOR_TOKENS = [
  'CERTIFICATE_INVALID',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_BLOCKED',
  'CERTIFICATE_REVOKED',
  'CERTIFICATE_REVOKE',
  'CERTIFICATE_MISSING',
  'SIGNATURE_INVALID',
  'SIGNATURE_MISSING',
  'ROLE_INVALID',
  'PSU_CREDENTIALS_INVALID',
  'SERVICE_BLOCKED',
];

/** Where to begin: with what worked for the grant that is renewed, else with the bank's first model. */
export function firstModels(talk: Talk): Progress {
  const { permission, facts } = talk;
  const before = permission.renews && secretOf(permission.renews);
  const wide = permission.scopes.includes('balances') && permission.scopes.includes('transactions');
  // `allPsd2` cannot be narrowed, so a person who agreed to less is only asked for it where the bank knows nothing else.
  const fitting = facts.consent_models.filter((model) => wide || model !== 'global');
  const models = fitting.length > 0 ? fitting : facts.consent_models;
  if (before?.model === 'detailed' && before.references) {
    const again = models.filter((model) => model === 'listed');
    return { models: ['detailed', ...again], references: before.references, links: {} };
  }
  const known = before && models.includes(before.model) ? models.slice(models.indexOf(before.model)) : models;
  return { models: known, links: {} };
}

/**
 * Makes the consent, moving down the ladder of access models only when the bank refuses the one before. Consents that
 * were made and not authorised do no harm: the bank lets them lapse.
 */
export async function openConsent(
  talk: Talk,
  start: Progress,
  findTokens: (talk: Talk) => Promise<BankTokens | undefined>,
): Promise<Opened> {
  let progress = start;
  let refusal: BankError | undefined;
  for (;;) {
    const model = progress.models[0];
    if (model === undefined) throw refusal ?? new BankError('unsupported', 'the bank offers no access model we know');
    if (talk.facts.psu_id === 'required' && progress.psuId === undefined) return { needs: 'user_id', progress };
    if (model === 'detailed' && progress.references === undefined) return { needs: 'iban', progress };
    const reply = await postConsent(talk, progress, model, await findTokens(talk));
    if (isSuccess(reply.status)) return { made: reply, progress };
    if (wantsToken(reply) && !progress.tokens && !progress.pass) {
      const from = linksOf(reply).scaOAuth;
      if (talk.facts.pre_step || from) return { needs: 'token', progress, ...(from && { from }) };
    }
    const error = refusalOf(reply, talk.context.now());
    if (mentionsUserId(reply) && progress.psuId === undefined && mayIdentify(talk.facts))
      return { needs: 'user_id', progress };
    if (!refusesModel(reply, error)) throw error;
    if (model === 'detailed' && progress.models.length === 1) return { needs: 'iban', progress, refusal: error };
    refusal = new BankError('unsupported', `the bank refuses access model ${model}: ${error.message}`, error.facts);
    progress = { ...progress, models: progress.models.slice(1) };
  }
}

/** True where the person can be named to the bank at all. */
export function mayIdentify(facts: Facts): boolean {
  return facts.psu_id === 'if_known' || facts.psu_id === 'required';
}

/** Headers that say who the person is, as far as this bank wants to be told. */
export function identityHeaders(facts: Facts, progress: Progress): Record<string, string> {
  if (facts.psu_id === 'forbidden') return {};
  if (facts.psu_id === 'empty') return { 'psu-id': '' };
  if (progress.psuId === undefined) return {};
  return {
    'psu-id': progress.psuId,
    ...(facts.psu_id_type && { 'psu-id-type': facts.psu_id_type }),
    ...(progress.corporateId && { 'psu-corporate-id': progress.corporateId }),
  };
}

/** Where the browser may come back to, and how we would like the person to prove who they are. */
export function wayHeaders(talk: Talk): Record<string, string> {
  const { prefers } = talk.facts;
  return {
    'tpp-redirect-uri': talk.context.returnUrl,
    // The same address for both: the bank's answer decides how it went, never the address the browser was sent to.
    'tpp-nok-redirect-uri': talk.context.returnUrl,
    ...(prefers !== 'bank_decides' && {
      'tpp-redirect-preferred': String(prefers === 'redirected'),
      'tpp-decoupled-preferred': String(prefers === 'decoupled'),
    }),
  };
}

/** `GET …/status` of a consent: `valid`, `partiallyAuthorised`, `rejected` … */
export async function readConsentStatus(talk: Pick<Talk, 'context'>, progress: Progress): Promise<string> {
  const itself = `v1/consents/${encodeURIComponent(progress.consentId ?? '')}`;
  const call = { method: 'GET' as const, purpose: 'consent', ...rightOf(progress) };
  let reply = await send(talk.context, { ...call, path: progress.links.status ?? `${itself}/status` });
  // Where there is no such sub-resource, the consent itself says it too.
  if ([404, 405].includes(reply.status) && !names(reply, 'CONSENT_UNKNOWN'))
    reply = await ask(talk.context, { ...call, path: progress.links.self ?? itself });
  if (!isSuccess(reply.status)) throw refusalOf(reply, talk.context.now());
  const status = asText(reply.json.consentStatus, 60);
  if (status === undefined) throw new BankError('unexpected', 'the consent has no status');
  return status;
}

/** Reads the consent back as it was granted: the bank may have shortened it, and says which accounts were chosen. */
export async function readGrant(talk: Talk, progress: Progress, shared: boolean): Promise<Grant> {
  const consentId = progress.consentId ?? '';
  const model = progress.models[0] ?? 'detailed';
  const path = progress.links.self ?? `v1/consents/${encodeURIComponent(consentId)}`;
  const granted = await readBack(talk, path, progress);
  const day = asDay(granted.validUntil);
  const access = asRecord(granted.access);
  const references = [access.accounts, access.balances, access.transactions].flatMap(readReferences);
  const secret: GrantSecret = {
    consentId,
    model,
    ...((model === 'detailed' || references.length > 0) && { references: distinct(references, progress.references) }),
    ...rightOf(progress),
    ...(progress.oauth && { oauth: progress.oauth }),
  };
  return {
    // The named day is still part of the consent (`validUntil`: "including the mentioned date").
    ...(day !== undefined && day < '9999' && { validUntil: new Date(`${day}T23:59:59.999Z`) }),
    // What several people have approved is what the bank showed each of them.
    ...((model === 'offered' || shared) && { chosenAtBank: true }),
    ...(talk.facts.attended_only && { attendedOnly: true }),
    secret: JSON.parse(JSON.stringify(secret)) as Json,
  };
}

/** A consent that was made and whose approval nobody has looked at. */
export function unfinished(memory: Json): Grant | undefined {
  const { progress } = memory as unknown as { progress: Progress };
  const [model] = progress.models;
  if (progress.consentId === undefined || model === undefined) return undefined;
  const secret: GrantSecret = {
    consentId: progress.consentId,
    model,
    ...rightOf(progress),
    ...(progress.oauth && { oauth: progress.oauth }),
  };
  return { secret: JSON.parse(JSON.stringify(secret)) as Json };
}

/** What the grant holds. It was ours when it was sealed. */
export function secretOf(grant: Grant): GrantSecret {
  return grant.secret as unknown as GrantSecret;
}

/** The references in a list of accounts or of `accountReference`s; entries that name nothing are left out. */
export function readReferences(list: unknown): Reference[] {
  return asList(list)
    .slice(0, 500)
    .map(asRecord)
    .flatMap((account): Reference[] => {
      const iban = asText(account.iban, 34);
      const bban = asText(account.bban, 30);
      const maskedPan = asText(account.maskedPan, 35);
      const msisdn = asText(account.msisdn, 35);
      if (iban) return [{ iban }];
      if (bban) return [{ bban }];
      if (maskedPan) return [{ maskedPan }];
      return msisdn ? [{ msisdn }] : [];
    });
}

/** The person has done their part: a bank that cannot show the consent just now must not undo that. */
async function readBack(talk: Talk, path: string, progress: Progress): Promise<Wire> {
  try {
    return (await ask(talk.context, { method: 'GET', path, purpose: 'consent', ...rightOf(progress) })).json;
  } catch (error) {
    if (error instanceof BankError) return {};
    throw error;
  }
}

async function postConsent(
  talk: Talk,
  progress: Progress,
  model: ConsentModel,
  ownTokens: BankTokens | undefined,
): Promise<Reply> {
  const { context, facts, permission } = talk;
  const { notificationUrl } = context;
  // A list of accounts is read once, to be able to ask for the rest (XS2A §6.3.1.3).
  const recurring = facts.recurring_only || (permission.recurring && model !== 'listed');
  return send(context, {
    method: 'POST',
    path: 'v1/consents',
    purpose: 'consent',
    ...rightOf({ ...progress, ...(ownTokens && { tokens: ownTokens }) }),
    headers: {
      ...identityHeaders(facts, progress),
      ...wayHeaders(talk),
      ...(facts.explicit_start && { 'tpp-explicit-authorisation-preferred': 'true' }),
      ...(facts.notifications &&
        notificationUrl !== undefined && {
          'tpp-notification-uri': notificationUrl,
          'tpp-notification-content-preferred': 'status=PROCESS',
        }),
    },
    body: {
      access: accessOf(model, permission.scopes, progress.references ?? []),
      recurringIndicator: recurring,
      validUntil: lastDay(talk),
      frequencyPerDay: recurring ? facts.frequency_per_day : 1,
      combinedServiceIndicator: false,
    },
  });
}

/** The consent's last day, the earlier of what the app wants and what the bank accepts. */
function lastDay({ context, facts, permission }: Talk): string {
  if (facts.valid_until === 'longest') return '9999-12-31';
  if (facts.longest_consent_days === undefined) return permission.validUntil;
  const most = new Date(context.now().getTime() + facts.longest_consent_days * 86_400_000).toISOString().slice(0, 10);
  if (permission.validUntil <= most) return permission.validUntil;
  return most;
}

/** True for the no of a bank that wants to see a token, or the person, before it makes a consent. */
function wantsToken(reply: Reply): boolean {
  return [401, 403].includes(reply.status) && !names(reply, ...NOT_FOR_TOKENS);
}

function accessOf(model: ConsentModel, scopes: readonly string[], references: Reference[]): { [key: string]: Json } {
  if (model === 'global') return { allPsd2: 'allAccounts' };
  if (model === 'listed') return { availableAccounts: 'allAccounts' };
  const named = model === 'offered' ? [] : references;
  return {
    accounts: named,
    ...(scopes.includes('balances') && { balances: named }),
    ...(scopes.includes('transactions') && { transactions: named }),
  };
}

/** A refusal of what was asked for, in contrast to a refusal of us, of the person or of the moment. */
function refusesModel(reply: Reply, error: BankError): boolean {
  if (!['unsupported', 'unexpected', 'consent_gone'].includes(error.kind)) return false;
  return [400, 405, 422].includes(reply.status) ? !names(reply, 'TIMESTAMP_INVALID') : names(reply, ...MODEL_CODES);
}

function mentionsUserId(reply: Reply): boolean {
  return reply.status === 400 && readMessages(reply).some(({ path, text }) => /psu-?id\b/i.test(`${path} ${text}`));
}

function distinct(granted: Reference[], asked: Reference[] = []): Reference[] {
  const list = granted.length > 0 ? granted : asked;
  return [...new Map(list.map((reference) => [JSON.stringify(reference), reference])).values()];
}
