import { BankError } from '../../banking/bank-error.ts';
import type {
  BankContext,
  BankTokens,
  Conversation,
  ExpectedClaims,
  Grant,
  PendingApproval,
  Permission,
} from '../../banking/connector.ts';
import { translated } from '../../banking/oauth-refusal.ts';
import type { Answer, Json, Notice, Step, Turn } from '../../banking/step.ts';
import { makeConsent, type NewConsent, stateOf } from './consent.ts';
import type { Facts } from './facts.ts';
import { type GrantSecret, registeredAt, serverOf } from './tokens.ts';

/** Where an authorisation stands between two turns. */
type Memory = { consent: NewConsent } & (
  | { at: 'redirect'; url: string; begun: Json }
  /** The bank asks in its app, and has to be told whom. */
  | { at: 'name'; notice?: Notice }
  | { at: 'approval'; pending: PendingApproval }
  /** The person is back and the token is here, but the bank's own books say *undecided* still. */
  | { at: 'settling'; tokens: BankTokens; untilMs: number }
);

/** How the person may have proved themselves: strong authentication, or what the bank calls customer authentication. */
const ACR = ['urn:openbanking:psd2:sca', 'urn:openbanking:psd2:ca'];

/**
 * From a permission to a grant: a consent in our own name, the person's approval at the bank (a page, or its app), the
 * tokens bound to our certificate, and the bank's word that the consent is authorised (§4.2).
 */
export const authorise: Conversation<Permission, Grant> = async (context, permission, resume) => {
  if (!resume) return begin(context, await makeConsent(context, permission));
  const memory = resume.memory as unknown as Memory;
  const { answer } = resume;
  switch (memory.at) {
    case 'redirect': {
      if (answer.kind !== 'returned') return asking(context, memory);
      const tokens = await translated(registeredAt(context).finish(memory.begun, answer.params));
      return conclude(context, memory.consent, tokens);
    }
    case 'name':
      return ring(context, memory.consent, nameIn(answer));
    case 'approval':
      return answer.kind === 'polled' ? look(context, memory) : asking(context, memory);
    case 'settling':
      if (answer.kind !== 'polled') return asking(context, memory);
      return conclude(context, memory.consent, memory.tokens, memory.untilMs);
    default:
      return memory satisfies never;
  }
};

async function begin(context: BankContext, consent: NewConsent): Promise<Turn<Grant>> {
  const facts = context.facts as unknown as Facts;
  if (facts.authentication === 'decoupled') return asking(context, { at: 'name', consent });
  const intent = { value: consent.consentId, essential: true };
  const acr = facts.acr === 'ignored' ? {} : { acr: { essential: true, values: ACR } };
  const begun = await translated(
    registeredAt(context).begin({
      server: serverOf(context),
      scope: facts.scope,
      claims: {
        userinfo: { openbanking_intent_id: intent },
        id_token: { openbanking_intent_id: intent, ...acr },
      },
      extra: facts.request_parameters,
      expect: expected(facts, consent),
    }),
  );
  return asking(context, { at: 'redirect', consent, url: begun.url, begun: begun.memory });
}

/** Has the bank ask the person in its app. A name that the bank does not know is asked for again. */
async function ring(context: BankContext, consent: NewConsent, name: string | undefined): Promise<Turn<Grant>> {
  if (name === undefined) return asking(context, { at: 'name', consent });
  const facts = context.facts as unknown as Facts;
  try {
    const pending = await translated(
      registeredAt(context).beginBackchannel(serverOf(context), {
        scope: facts.scope,
        'openbanking-intent-id': consent.consentId,
        login_hint_token: unsigned({ [facts.person_claim]: name }),
        binding_message: bindingMessage(consent),
      }),
    );
    return asking(context, { at: 'approval', consent, pending });
  } catch (error) {
    if (!(error instanceof BankError) || error.facts.code !== 'unknown_user_id') throw error;
    return asking(context, { at: 'name', consent, notice: { kind: 'wrong_credentials' } });
  }
}

async function look(context: BankContext, memory: Extract<Memory, { at: 'approval' }>): Promise<Turn<Grant>> {
  const { consent, pending } = memory;
  const facts = context.facts as unknown as Facts;
  const answer = await translated(
    registeredAt(context).pollBackchannel(serverOf(context), pending, expected(facts, consent)),
  );
  if ('accessToken' in answer) return conclude(context, consent, answer);
  return asking(context, { ...memory, pending: answer });
}

/** Two facts make a grant: the tokens, and the bank's own word that the consent is authorised. */
async function conclude(
  context: BankContext,
  consent: NewConsent,
  tokens: BankTokens,
  settlingUntilMs?: number,
): Promise<Turn<Grant>> {
  const state = await stateOf(context, consent.consentId);
  if (state === 'refused') throw new BankError('declined', 'the consent was refused at the bank');
  if (state === 'over') throw new BankError('consent_gone', 'the consent is over before it began');
  if (state === 'granted') return { kind: 'done', result: grantOf(consent, tokens) };
  const nowMs = context.now().getTime();
  const { status_settles_within_ms: within } = context.facts as unknown as Facts;
  const untilMs = settlingUntilMs ?? nowMs + within;
  if (nowMs >= untilMs) throw new BankError('timed_out', 'the bank did not decide in time');
  return asking(context, { at: 'settling', consent, tokens, untilMs });
}

/** A consent that was made and whose approval nobody has looked at: it is ended with our own token. */
export function unfinished(memory: Json): Grant | undefined {
  const { consent } = memory as unknown as Memory;
  return { secret: { consentId: consent.consentId, party: consent.party } };
}

function grantOf({ consentId, party, untilMs }: NewConsent, tokens: BankTokens): Grant {
  const secret: GrantSecret = { consentId, tokens, party };
  return {
    ...(untilMs !== undefined && { validUntil: new Date(untilMs) }),
    chosenAtBank: true,
    secret: secret as unknown as Json,
  };
}

function expected(facts: Facts, { consentId }: NewConsent): ExpectedClaims {
  return {
    openbanking_intent_id: { values: [consentId], required: facts.intent_id === 'required' },
    ...(facts.acr !== 'ignored' && { acr: { values: ACR, required: facts.acr === 'required' } }),
  };
}

function asking(context: BankContext, memory: Memory): Turn<Grant> {
  return { kind: 'ask', step: stepOf(context, memory), memory: JSON.parse(JSON.stringify(memory)) as Json };
}

function stepOf(context: BankContext, memory: Memory): Step {
  switch (memory.at) {
    case 'redirect':
      return { kind: 'redirect', url: memory.url };
    case 'name':
      return {
        kind: 'form',
        purpose: 'sign_in',
        fields: [{ name: 'user_id', kind: 'user_id', secret: false, maxLength: 100 }],
        ...(memory.notice && { notice: memory.notice }),
      };
    case 'approval':
      return {
        kind: 'wait',
        challenge: { text: bindingMessage(memory.consent) },
        pollAfterMs: memory.pending.pollAfterMs,
        giveUpAt: new Date(memory.pending.expiresAt),
      };
    case 'settling': {
      const { status_settles_after_ms: pollAfterMs } = context.facts as unknown as Facts;
      return { kind: 'wait', pollAfterMs, giveUpAt: new Date(memory.untilMs) };
    }
    default:
      return memory satisfies never;
  }
}

function nameIn(answer: Answer): string | undefined {
  const typed = answer.kind === 'fields' ? answer.values.user_id : undefined;
  return typeof typed === 'string' && typed.trim() !== '' ? typed.trim() : undefined;
}

/** A JWT without a signature (`alg` none), as the profile wants the person named (Read-Write API Profile, CIBA). */
function unsigned(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.`;
}

/** A few characters shown by us and by the bank's app, so that the person sees it is the same request. */
function bindingMessage({ consentId }: NewConsent): string {
  return consentId
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(-6)
    .toUpperCase();
}
