import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { hashToken } from '../../base/vault.ts';
import type { Platform } from '../platform.ts';
import { machineTime } from './machine-time.ts';
import type { SignedIn } from './sessions.ts';
import * as store from './store.ts';

/** What an authenticator app is given: as an address (for a QR code), and to be typed. */
export type TotpDraft = { uri: string; typed: string };

const CODES = 10;
/** Without the letters and digits that are taken for one another. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** The secret being set up in this session: the same until it is confirmed. */
export async function draftTotp(
  platform: Pick<Platform, 'database' | 'vault' | 'operator'>,
  who: SignedIn,
): Promise<TotpDraft> {
  const about = ['operator_session', who.session.id, 'draft'];
  let secret = who.session.draft && platform.vault.open(who.session.draft, about);
  if (!secret) {
    secret = randomBytes(20);
    await platform.database.run(store.setDraft(who.session.id, platform.vault.seal(secret, about)));
  }
  const totp = totpOf(secret, { issuer: platform.operator.name, label: who.operator.email });
  return { uri: totp.toString(), typed: totp.secret.base32.replace(/(.{4})(?=.)/g, '$1 ') };
}

/** Confirms it by a code; true when it is the operator's factor from now on. */
export async function confirmTotp(
  platform: Pick<Platform, 'database' | 'vault' | 'clock'>,
  who: SignedIn,
  code: string,
): Promise<boolean> {
  if (!who.session.draft) return false;
  const secret = platform.vault.open(who.session.draft, ['operator_session', who.session.id, 'draft']);
  const step = stepOf(platform, secret, code);
  if (step === undefined) return false;
  const { id } = who.operator;
  const totp = platform.vault.seal(secret, ['operator', id, 'totp']);
  await platform.database.transaction(async (tx) => {
    await tx.run(store.updateOperator(id, { totp }, platform.clock.now()));
    await tx.run(store.takeStep(id, step));
    await tx.run(store.setDraft(who.session.id, null));
  });
  return true;
}

/** Whether it is the operator's code of now, or of half a minute ago or ahead, and was not used before. */
export async function isTotp(
  platform: Pick<Platform, 'database' | 'vault' | 'clock'>,
  operator: string,
  code: string,
): Promise<boolean> {
  const row = await platform.database.first<store.OperatorRow>(store.findOperator({ id: operator }));
  if (!row?.totp) return false;
  const step = stepOf(platform, platform.vault.open(row.totp, ['operator', operator, 'totp']), code);
  return step !== undefined && (await platform.database.run(store.takeStep(operator, step))) === 1;
}

/** Fresh recovery codes in place of all earlier ones; they are shown here and never again. */
export async function makeRecoveryCodes(platform: Pick<Platform, 'database'>, operator: string): Promise<string[]> {
  const codes = Array.from({ length: CODES }, recoveryCode);
  await platform.database.transaction(async (tx) => {
    for (const statement of store.replaceRecoveryCodes(
      operator,
      codes.map((code) => hashToken(plain(code))),
    ))
      await tx.run(statement);
  });
  return codes;
}

/** Takes a recovery code: each works once. */
export async function takeRecoveryCode(
  platform: Pick<Platform, 'database' | 'clock'>,
  operator: string,
  code: string,
): Promise<boolean> {
  if (plain(code).length !== 16) return false;
  const taken = store.useRecoveryCode(operator, hashToken(plain(code)), machineTime(platform));
  return (await platform.database.run(taken)) === 1;
}

/** How many recovery codes are left. */
export async function recoveryCodesLeft(platform: Pick<Platform, 'database'>, operator: string): Promise<number> {
  return (await platform.database.first<{ count: number }>(store.countRecoveryCodes(operator)))?.count ?? 0;
}

const PERIOD_S = 30;

/** The step the code belongs to (RFC 6238), one either side of now. */
function stepOf(platform: Pick<Platform, 'clock'>, secret: Uint8Array, code: string): number | undefined {
  const token = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return undefined;
  const timestamp = machineTime(platform).getTime();
  const delta = totpOf(secret).validate({ token, timestamp, window: 1 });
  return delta === null ? undefined : Math.floor(timestamp / 1000 / PERIOD_S) + delta;
}

function totpOf(secret: Uint8Array, named: { issuer?: string; label?: string } = {}): TOTP {
  const bytes = new Uint8Array(secret).buffer;
  return new TOTP({ ...named, secret: new Secret({ buffer: bytes }), algorithm: 'SHA1', digits: 6, period: PERIOD_S });
}

/** 16 characters of 31: 79 bits, in groups of four. */
function recoveryCode(): string {
  let text = '';
  while (text.length < 16) {
    // 248 = 8 × 31: bytes above it would make some letters likelier.
    for (const byte of randomBytes(24)) if (byte < 248 && text.length < 16) text += LETTERS[byte % LETTERS.length];
  }
  return text.replace(/(.{4})(?=.)/g, '$1-');
}

const plain = (code: string) => code.toLowerCase().replace(/[^a-z0-9]/g, '');
