import { isIP } from 'node:net';
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { Platform } from '../platform.ts';
import { Problem } from '../problems.ts';
import { machineTime } from './machine-time.ts';
import type { SignedIn } from './sessions.ts';
import * as store from './store.ts';

/** For which name, and at which origin, a passkey is made. Browsers make none for a bare IP address. */
export type Place = { rpId: string; origin: string };

/** Where passkeys work: at the public address where it has a name, and at `localhost` where that is this machine. */
export function passkeyPlace(platform: Pick<Platform, 'publicUrl'>, host: string | undefined): Place | undefined {
  const ours = new URL(platform.publicUrl);
  if (isIP(ours.hostname.replace(/^\[|\]$/g, '')) === 0) return { rpId: ours.hostname, origin: ours.origin };
  const local = `localhost:${ours.port}`;
  return /^127\.|^\[::1\]$/.test(ours.hostname) && host === local
    ? { rpId: 'localhost', origin: `http://${local}` }
    : undefined;
}

/** What the browser is handed to make a passkey. */
export async function beginPasskey(platform: Platform, who: SignedIn, place: Place): Promise<object> {
  const { operator } = who;
  const known = await listPasskeys(platform, operator.id);
  const options = await generateRegistrationOptions({
    rpName: platform.operator.name,
    rpID: place.rpId,
    userName: operator.email,
    userDisplayName: operator.name,
    userID: new TextEncoder().encode(operator.id),
    attestationType: 'none',
    excludeCredentials: known.map(({ id, transports }) => ({ id, transports: transports as never })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
  });
  await platform.database.run(store.setChallenge(who.session.id, options.challenge));
  return options;
}

/** Keeps the passkey the browser made; throws `invalid_request` when it is not what was asked for. */
export async function keepPasskey(
  platform: Platform,
  who: SignedIn,
  place: Place,
  given: { response: string; name: string },
): Promise<void> {
  const challenge = await takeChallenge(platform, who);
  const response = parse<RegistrationResponseJSON>(given.response);
  const checked = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: place.origin,
    expectedRPID: place.rpId,
    requireUserVerification: true,
  }).catch(refused);
  if (!checked.verified || !checked.registrationInfo) throw refusal();
  const { credential } = checked.registrationInfo;
  await platform.database.run(
    store.insertPasskey({
      id: credential.id,
      operator: who.operator.id,
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: credential.transports ?? [],
      name: given.name.trim().slice(0, 60) || 'Passkey',
      createdAt: machineTime(platform),
    }),
  );
}

/** What the browser is handed to show one of the operator's passkeys. */
export async function askForPasskey(platform: Platform, who: SignedIn, place: Place): Promise<object> {
  const known = await listPasskeys(platform, who.operator.id);
  const options = await generateAuthenticationOptions({
    rpID: place.rpId,
    allowCredentials: known.map(({ id, transports }) => ({ id, transports: transports as never })),
    userVerification: 'required',
  });
  await platform.database.run(store.setChallenge(who.session.id, options.challenge));
  return options;
}

/** Whether the browser showed a passkey of this operator. */
export async function isPasskey(platform: Platform, who: SignedIn, place: Place, given: string): Promise<boolean> {
  const challenge = await takeChallenge(platform, who);
  const response = parse<AuthenticationResponseJSON>(given);
  const known = await platform.database.first<store.PasskeyRow>(store.findPasskey(String(response.id)));
  if (!known || known.operator !== who.operator.id) return false;
  const checked = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: place.origin,
    expectedRPID: place.rpId,
    requireUserVerification: true,
    credential: {
      id: known.id,
      publicKey: new Uint8Array(known.publicKey),
      counter: known.counter,
      transports: known.transports as never,
    },
  }).catch(() => undefined);
  if (!checked?.verified) return false;
  const { newCounter } = checked.authenticationInfo;
  await platform.database.run(store.notePasskeyUse(known.id, newCounter, machineTime(platform)));
  return true;
}

/** The operator's passkeys, oldest first. */
export function listPasskeys(platform: Pick<Platform, 'database'>, operator: string) {
  return platform.database.rows<store.PasskeyRow>(store.selectPasskeys(operator));
}

/** Ends one. */
export async function dropPasskey(platform: Pick<Platform, 'database'>, operator: string, id: string): Promise<void> {
  await platform.database.run(store.deletePasskeys(operator, id));
}

async function takeChallenge(platform: Pick<Platform, 'database'>, who: SignedIn): Promise<string> {
  const row = await platform.database.first<{ challenge: string }>(store.takeChallenge(who.session.id));
  if (!row) throw refusal();
  return row.challenge;
}

function parse<Response>(text: string): Response {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Response;
  } catch {
    // Not what a browser of ours would send: the same answer as to anything that does not fit.
  }
  throw refusal();
}

const refused = (): never => {
  throw refusal();
};

function refusal(): Problem {
  return new Problem('invalid_request', 'This passkey could not be taken. Try again, or use the authenticator app.');
}
