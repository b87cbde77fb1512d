import { asRecord, asText, asWholeNumber } from '../../../banking/formats/values.ts';
import { Secret } from '../../../banking/secret.ts';
import type { Field } from '../../../banking/step.ts';

/** The field for a code, after what the bank says of its length and form. */
export function codeField(challengeData: unknown): Field {
  const data = asRecord(challengeData);
  // `optMaxLength` and `optFormat`: so written at UniCredit.
  const length = asWholeNumber(data.otpMaxLength ?? data.optMaxLength);
  const format = asText(data.otpFormat ?? data.optFormat, 20)?.toLowerCase();
  return {
    name: 'code',
    kind: 'code',
    secret: true,
    ...(length !== undefined && length > 0 && length <= 100 && { maxLength: length }),
    ...(format === 'integer' && { digitsOnly: true }),
  };
}

/** The typed code without the spaces that people put into it; undefined when nothing was typed. */
export function typedCode(values: Record<string, Secret | string>): string | undefined {
  const { code } = values;
  const text = (code instanceof Secret ? code.reveal() : (code ?? '')).replace(/\s+/g, '');
  return text === '' ? undefined : text;
}
