import type { BankContext, BankTokens, Permission, TokenServer } from '../../banking/connector.ts';
import type { Challenge, Field, Json, Notice, Option, Step, Turn } from '../../banking/step.ts';
import type { ConsentModel, Facts } from './facts.ts';
import type { Links, SignIn } from './links.ts';
import type { Pass } from './wire.ts';

/** An account as a consent names it (`accountReference`). */
export type Reference = { iban?: string; bban?: string; maskedPan?: string; msisdn?: string; currency?: string };

/** How far an authorisation has come: all that is known of it between two turns. Nothing the person typed in secret. */
export type Progress = {
  /** Access models not refused yet; the first is the one in use. */
  models: ConsentModel[];
  psuId?: string;
  corporateId?: string;
  /** Accounts a detailed consent is to name, once they are known. */
  references?: Reference[];
  consentId?: string;
  /** Where to look: `self` and `status` of the consent, `scaStatus` and `confirmation` of the authorisation. */
  links: Links;
  approach?: string;
  scaStatus?: string;
  /** The method in use, to ask it for another code. */
  methodId?: string;
  /** Where a method is selected. */
  select?: string;
  methods?: Option[];
  challenge?: Challenge;
  /** What the bank said of the code's length and form; a repeated question may leave it out. */
  code?: Field;
  /** This is the second consent: the person has proved themselves for the list of accounts already. */
  onceMore?: true;
  tokens?: BankTokens;
  pass?: Pass;
  oauth?: TokenServer;
  /** The authorisation has been started by us. */
  started?: true;
  /** How often something typed was refused, and how often another code was asked for. */
  tries?: number;
  resent?: number;
};

/** What we are waiting for the person or the bank to do, and everything that step needs to be shown once more. */
export type Waiting =
  | { at: 'identify'; needs: 'user_id' | 'iban'; fields: Field[]; notice?: Notice }
  | { at: 'pass'; fields: Field[]; notice?: Notice }
  | { at: 'redirect'; url: string }
  | { at: 'oauth'; url: string; begun: Json; first?: true }
  | { at: 'sign_in'; need: SignIn; encrypted?: true; link: string; post: boolean; fields: Field[]; notice?: Notice }
  | { at: 'method'; link: string; post: boolean; options: Option[]; notice?: Notice }
  | { at: 'code'; link: string; post: boolean; field: Field; again?: string; notice?: Notice }
  | { at: 'approval'; untilMs: number; again?: string }
  | { at: 'settling'; untilMs: number }
  | { at: 'signers'; untilMs: number };

/** What lies between two turns. */
export type Memory = Waiting & { progress: Progress };

/** Everything one turn works with. */
export type Talk = { context: BankContext; facts: Facts; permission: Permission };

/** Milliseconds between two looks at a consent that others must approve too. */
const SIGNERS_POLL_MS = 600_000;

/** Asks the person, remembering where we are. */
export function asking(talk: Talk, progress: Progress, waiting: Waiting): Turn<never> {
  const memory: Memory = { ...waiting, progress };
  return { kind: 'ask', step: stepOf(talk.facts, memory), memory: JSON.parse(JSON.stringify(memory)) as Json };
}

/** The step that a memory stands at: the same memory always shows the same step. */
export function stepOf(facts: Facts, memory: Memory): Step {
  const step = bareStepOf(facts, memory);
  const explained = step.notice !== undefined || memory.at === 'settling' || !memory.progress.onceMore;
  return explained ? step : { ...step, notice: { kind: 'once_more' } };
}

function bareStepOf(facts: Facts, memory: Memory): Step {
  const { challenge } = memory.progress;
  switch (memory.at) {
    case 'redirect':
    case 'oauth':
      return { kind: 'redirect', url: memory.url };
    case 'identify':
    case 'pass':
    case 'sign_in':
      return {
        kind: 'form',
        purpose: 'sign_in',
        fields: memory.fields,
        ...(memory.at === 'sign_in' && challenge && { challenge }),
        ...(memory.notice && { notice: memory.notice }),
      };
    case 'method':
      return {
        kind: 'choose',
        purpose: 'method',
        options: memory.options,
        ...(memory.notice && { notice: memory.notice }),
      };
    case 'code':
      return {
        kind: 'form',
        purpose: 'code',
        fields: [memory.field],
        ...(challenge && { challenge }),
        ...(memory.notice && { notice: memory.notice }),
        ...(memory.again && { again: true }),
      };
    case 'approval':
      return {
        kind: 'wait',
        ...(challenge && { challenge }),
        pollAfterMs: facts.poll_after_ms,
        giveUpAt: new Date(memory.untilMs),
        ...(memory.again && { again: true }),
      };
    case 'settling':
      return { kind: 'wait', pollAfterMs: facts.status_settles_after_ms, giveUpAt: new Date(memory.untilMs) };
    case 'signers':
      return {
        kind: 'wait',
        notice: { kind: 'signers' },
        pollAfterMs: SIGNERS_POLL_MS,
        giveUpAt: new Date(memory.untilMs),
        ...(challenge && { challenge }),
      };
    default:
      return memory satisfies never;
  }
}
