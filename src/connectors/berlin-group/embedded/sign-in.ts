import { parseIban } from '../../../banking/formats/iban.ts';
import { Secret } from '../../../banking/secret.ts';
import type { Field, Json } from '../../../banking/step.ts';
import { mayIdentify } from '../consent.ts';
import type { Facts } from '../facts.ts';
import type { SignIn } from '../links.ts';
import type { Memory, Progress } from '../memory.ts';
import { encryptFor } from './encryption.ts';

type Values = Record<string, Secret | string>;

/** What to ask before there is a consent: who the person is at the bank, or which account is meant. */
export function identityForm(facts: Facts, needs: 'user_id' | 'iban'): Field[] {
  return needs === 'iban' ? [{ name: 'iban', kind: 'iban', secret: false, maxLength: 42 }] : userFields(facts);
}

/** The person's answer taken in; undefined when it cannot be what was asked for. */
export function identified(progress: Progress, needs: 'user_id' | 'iban', values: Values): Progress | undefined {
  if (needs === 'user_id') return withUser(progress, values);
  const iban = parseIban(plain(values.iban));
  return iban === undefined ? undefined : { ...progress, references: [{ iban }] };
}

/** The fields of a sign-in that comes before the consent. */
export function passForm(facts: Facts): Field[] {
  return [...userFields(facts), passwordField(facts)];
}

/** What was typed into them; undefined when something is missing. */
export function typedPass(progress: Progress, values: Values): { progress: Progress; password: string } | undefined {
  const known = withUser(progress, values);
  const password = plain(values.password);
  return known && password !== '' ? { progress: known, password } : undefined;
}

/** The fields one sign-in step needs; who the person is only where the bank does not know it yet. */
export function signInForm(facts: Facts, progress: Progress, need: SignIn): Field[] {
  const password = passwordField(facts);
  switch (need) {
    case 'identification':
      return userFields(facts);
    case 'authentication':
      return progress.psuId === undefined && mayIdentify(facts) ? [...userFields(facts), password] : [password];
    case 'additional':
      return [{ name: 'second_password', kind: 'second_password', secret: true }];
    default:
      return need satisfies never;
  }
}

/** The request that a sign-in form becomes, and what of it may be remembered; undefined when something is missing. */
export function typedSignIn(
  facts: Facts,
  memory: Extract<Memory, { at: 'sign_in' }>,
  values: Values,
): { progress: Progress; body: Json } | undefined {
  const asksUser = memory.fields.some((field) => field.name === 'user_id');
  const progress = asksUser ? withUser(memory.progress, values) : memory.progress;
  if (!progress) return undefined;
  if (memory.need === 'identification') return { progress, body: {} };
  const secret = plain(values[memory.need === 'additional' ? 'second_password' : 'password']);
  if (secret === '') return undefined;
  const isSecond = memory.need === 'additional';
  if (!memory.encrypted || facts.password_key === undefined)
    return { progress, body: { psuData: isSecond ? { additionalPassword: secret } : { password: secret } } };
  const sealed = encryptFor(facts.password_key, secret);
  const psuData: Json = isSecond ? { additionalEncryptedPassword: sealed } : { encryptedPassword: sealed };
  return { progress, body: { psuData } };
}

function passwordField(facts: Facts): Field {
  return {
    name: 'password',
    kind: 'password',
    secret: true,
    ...(facts.password_label && { label: facts.password_label }),
  };
}

function userFields(facts: Facts): Field[] {
  return [
    ...(facts.corporate_id
      ? [{ name: 'corporate_id', kind: 'corporate_id' as const, secret: false, maxLength: 100 }]
      : []),
    {
      name: 'user_id',
      kind: 'user_id',
      secret: false,
      maxLength: 100,
      ...(facts.user_id_label && { label: facts.user_id_label }),
    },
  ];
}

/** Ids travel in headers, so only what a header can carry is taken. */
function withUser(progress: Progress, values: Values): Progress | undefined {
  const psuId = plain(values.user_id).trim();
  const corporateId = plain(values.corporate_id).trim();
  if (!/^[\x20-\x7e\xa0-\xff]{1,100}$/.test(psuId) || !/^[\x20-\x7e\xa0-\xff]{0,100}$/.test(corporateId))
    return undefined;
  return { ...progress, psuId, ...(corporateId && { corporateId }) };
}

function plain(value: Secret | string | undefined): string {
  return value instanceof Secret ? value.reveal() : (value ?? '');
}
