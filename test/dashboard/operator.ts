import assert from 'node:assert/strict';
import { Secret, TOTP } from 'otpauth';
import { firstOperatorLink, invite } from '../../src/platform/operators/links.ts';
import { findOperatorByEmail } from '../../src/platform/operators/operators.ts';
import type { Role } from '../../src/platform/operators/roles.ts';
import type { Visitor } from '../visitor/visitor.ts';
import type { World } from '../world.ts';

/** A password nobody would guess, and nobody needs to. */
export const PASSWORD = 'violet anchor seven lamps';

/** An operator in front of a browser who has just got in. */
export type Operator = {
  visitor: Visitor;
  email: string;
  /** The shared secret of the authenticator app, as the page shows it. */
  secret: string;
  /** The recovery codes, as the page shows them. */
  codes: string[];
  id: string;
};

/** The code an authenticator app shows, `steps` half minutes from now. */
export function codeOf(secret: string, steps = 0): string {
  const totp = new TOTP({
    secret: Secret.fromBase32(secret.replace(/\s/g, '')),
    algorithm: 'SHA1',
    digits: 6,
    period: 30,
  });
  return totp.generate({ timestamp: Date.now() + steps * 30_000 });
}

/** Somebody opens the link that the server printed, and becomes its first operator. */
export async function becomesFirst(here: World, visitor: Visitor): Promise<Operator> {
  const url = await firstOperatorLink(here.server.platform);
  assert.ok(url, 'there is an operator already');
  await visitor.opens(url);
  await visitor.sees('the first operator');
  await visitor.fills('E-mail address', 'ada@example.com');
  return joins(here, visitor, 'ada@example.com', 'Ada Loveday');
}

/** Somebody is invited with a role, and joins. */
export async function joinsAs(
  here: World,
  visitor: Visitor,
  role: Role,
  apps: string[] | null = null,
  email = `${role}@example.com`,
): Promise<Operator> {
  const { url } = await invite(here.server.platform, { email, role, apps, by: 'opr_test', requestId: null });
  await visitor.opens(url);
  await visitor.sees('You are invited');
  return joins(here, visitor, email, `A ${role}`);
}

async function joins(here: World, visitor: Visitor, email: string, name: string): Promise<Operator> {
  await visitor.fills('Your name', name);
  await visitor.fills('Password', PASSWORD);
  await visitor.fills('The same password again', PASSWORD);
  await visitor.presses('Go on');
  const { secret, codes } = await setsUpApp(visitor);
  await visitor.follows('I have kept them: go on');
  const row = await findOperatorByEmail(here.server.platform, email);
  return { visitor, email, secret, codes, id: row!.id };
}

/** Sets up the authenticator app on the page that asks for it; stays on the page with the recovery codes. */
export async function setsUpApp(visitor: Visitor): Promise<{ secret: string; codes: string[] }> {
  await visitor.sees('A second factor');
  const secret = /Key: ((?:[A-Z2-7]{4} ?)+)/.exec(await visitor.text())![1]!.trim();
  await visitor.fills('Six digits', codeOf(secret));
  await visitor.presses('Confirm');
  await visitor.sees('Your recovery codes');
  return { secret, codes: (await visitor.text()).match(/\b(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\b/g) ?? [] };
}

/** Types address and password on the page for it. */
export async function typesPassword(here: World, visitor: Visitor, email: string, password = PASSWORD): Promise<void> {
  await visitor.opens(`${here.url}/dashboard/enter`);
  await visitor.fills('E-mail address', email);
  await visitor.fills('Password', password);
  await visitor.presses('Sign in');
}
