import { Secret } from '../../../banking/secret.ts';
import type { Answer } from '../../../banking/step.ts';
import type { Platform } from '../../platform.ts';
import type { Input } from '../screen.ts';
import type { Session } from '../session.ts';
import { openStep } from './memory.ts';

const LONGEST_VALUE = 500;

/**
 * What the person sent, as the answer the step asked for: fields the step does not have are dropped, secrets are
 * wrapped before they go anywhere, and an option that was not offered is no answer. Undefined = not an answer to this step.
 */
export function answerOf(
  platform: Platform,
  session: Session,
  input: Extract<Input, { do: 'fields' | 'chosen' | 'again' }>,
): Answer | undefined {
  const step = openStep(platform, session);
  if (!step) return undefined;
  if (input.do === 'again') {
    return (step.kind === 'form' || step.kind === 'wait') && step.again ? { kind: 'again' } : undefined;
  }
  if (input.do === 'fields') {
    if (step.kind !== 'form') return undefined;
    const values: Record<string, Secret | string> = {};
    for (const field of step.fields) {
      const value = (input.values[field.name] ?? '').slice(
        0,
        Math.min(field.maxLength ?? LONGEST_VALUE, LONGEST_VALUE),
      );
      // An empty field is a slip of the hand: nothing is sent to the bank, no attempt is spent.
      if (value.trim() === '') return undefined;
      values[field.name] = field.secret ? new Secret(value) : value.trim();
    }
    return { kind: 'fields', values };
  }
  if (step.kind !== 'choose') return undefined;
  const offered = new Set(step.options.map((option) => option.id));
  const ids = input.ids.filter((id) => offered.has(id));
  if (ids.length === 0 || (ids.length > 1 && !step.many)) return undefined;
  return { kind: 'chosen', ids };
}
