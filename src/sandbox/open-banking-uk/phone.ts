import type { WaitingApproval } from '../fints/phone.ts';
import type { Stage } from '../stage.ts';
import { findPerson } from '../world/banks.ts';
import { numberOf } from '../world/holdings.ts';
import { endConsent, findConsent, isOpen } from './data/consents.ts';
import { approve } from './pages.ts';
import { claimsOf } from './server/jwt.ts';
import { accessDenied, type Context, providerOf, type UkBank, wireNow } from './server/provider.ts';
import { dropState, findState, listState, storeState } from './state-store.ts';

/** How long a person has to answer in the bank's app. */
export const ASKED_S = 300;

/** A question in a person's app (CIBA). `createdAt` is the machine's time, by which it ends. */
type Asked = { id: string; consentId: string; person: string; who: string; message?: string; createdAt: string };

/** What the authorization server is told about asking people in their app. */
export function decoupled(stage: Stage, bank: UkBank): object {
  return {
    enabled: bank.openBanking.decoupled,
    deliveryModes: ['poll'],
    validateRequestContext: async () => {},
    validateBindingMessage: async () => {},
    verifyUserCode: async () => {},
    processLoginHint: (context: Context, hint: string) => subjectOf(stage, bank, context, hint),
    // What stands in it is for each bank to say: here a JWT or a bare text that names the login.
    processLoginHintToken: (context: Context, token: string) =>
      subjectOf(stage, bank, context, loginIn(token) ?? token),
    triggerAuthenticationDevice: (context: Context, request: { jti: string }, account: { accountId: string }) =>
      askPerson(stage, bank, context, request.jti, account.accountId),
  };
}

/** What waits in people's apps, oldest first; of one person when given. */
export async function listAsked(
  stage: Stage,
  bank: UkBank,
  login?: string,
): Promise<(WaitingApproval & { who: string })[]> {
  const all = await listState<Asked>(stage.database, bank.slug, 'asked');
  const since = new Date(wireNow(stage).getTime() - ASKED_S * 1000).toISOString();
  return all
    .filter(({ createdAt, person }) => createdAt > since && (login === undefined || person === login))
    .map(({ id, person, createdAt, who, message }) => ({
      id,
      login: person,
      createdAt,
      who: message ? `${who} (${message})` : who,
    }))
    .reverse();
}

/** Answers a question as the person does; false when it does not wait (any more). */
export async function decideAsked(
  stage: Stage,
  bank: UkBank,
  id: string,
  verdict: 'approve' | 'refuse',
  login?: string,
): Promise<boolean> {
  const waiting = await listAsked(stage, bank, login);
  const asked = await findState<Asked>(stage.database, bank.slug, 'asked', id);
  const consent = asked && (await findConsent(stage, bank, asked.consentId));
  if (!asked || !consent || !waiting.some((one) => one.id === id)) return false;
  await dropState(stage.database, bank.slug, 'asked', id);
  const provider = await providerOf(stage, bank);
  const person = findPerson(bank, asked.person)!;
  const toldToRefuse = verdict === 'approve' && (await stage.misbehaviours.take(bank.slug, 'approval', 'refuse'));
  const grantId =
    verdict === 'approve' && !toldToRefuse
      ? await approve({ stage, bank }, provider, consent, person, person.holdings.map(numberOf))
      : undefined;
  if (!grantId && !isOpen(consent)) await endConsent(stage, bank, consent.id, 'rejected');
  await provider.backchannelResult(id, grantId ?? (await accessDenied()), {
    acr: 'urn:openbanking:psd2:sca',
    authTime: Math.floor(wireNow(stage).getTime() / 1000),
  });
  return true;
}

/** Parameters that name the consent, which the authorization server would not let through by itself. */
export const CONSENT_PARAMETERS: readonly string[] = ['openbanking-intent-id', 'openbanking_intent_id'];

type Params = Record<string, string | undefined>;

const intentOf = ({ oidc }: Context): string | undefined => {
  const params = (oidc.params ?? {}) as Params;
  return CONSENT_PARAMETERS.map((name) => params[name]).find((value) => value !== undefined);
};

/** The consent is the subject, as in the other flows; undefined when there is none to approve, or nobody of that name. */
async function subjectOf(stage: Stage, bank: UkBank, context: Context, login: string): Promise<string | undefined> {
  const consent = await findConsent(stage, bank, intentOf(context) ?? '');
  const may = consent && ['awaiting', 'authorised'].includes(consent.status) && findPerson(bank, login);
  if (!may || consent.client !== context.oidc.client?.clientId) return undefined;
  await storeState(stage.database, bank.slug, 'hinted', consent.id, { login });
  return consent.id;
}

/** With `id_token_hint` the subject is the consent of that token, which has to be the one that is approved (anew). */
async function askPerson(stage: Stage, bank: UkBank, context: Context, id: string, consentId: string): Promise<void> {
  const consent = await findConsent(stage, bank, consentId);
  const hinted = await findState<{ login: string }>(stage.database, bank.slug, 'hinted', consentId);
  const person = hinted?.login ?? consent?.person;
  if (!consent || !person || consentId !== intentOf(context)) return;
  const message = (context.oidc.params as Params).binding_message;
  const asked: Asked = {
    id,
    consentId,
    person,
    who: consent.clientName,
    ...(message ? { message } : {}),
    createdAt: wireNow(stage).toISOString(),
  };
  await storeState(stage.database, bank.slug, 'asked', id, asked);
}

function loginIn(token: string): string | undefined {
  const claims = claimsOf(token);
  const subject = claims?.subject as Record<string, unknown> | undefined;
  const found = [claims?.login_hint, subject?.username, subject?.id, claims?.sub].find(
    (value) => typeof value === 'string',
  );
  return found as string | undefined;
}
