import { readFileSync } from 'node:fs';
import { addCertificate, createIdentity, listCertificates, listIdentities } from '../../platform/apps/identities.ts';
import { linkOwnLogin, listOwnLogins, type OwnLoginRow, unlinkOwnLogin } from '../../platform/apps/own-logins.ts';
import { Problem } from '../../platform/problems.ts';
import type { Typed } from '../app.ts';
import type { Ground } from '../ground.ts';

const ROLES = ['own_licence', 'agent', 'own_accounts_only'] as const;
const USES = ['transport', 'signature'] as const;

/** `npm run app -- identity …`: lists, creates, adds certificates. Returns the lines to print. */
export async function runIdentity(ground: Ground, { words, options }: Typed): Promise<string[]> {
  const [what, ...rest] = words;
  if (what === undefined) return list(ground);
  if (what === 'create') {
    const identity = await createIdentity(ground, {
      legalName: rest.join(' '),
      role: oneOf(ROLES, options.role ?? 'own_licence', '--role'),
      registerNumber: options['register-number'],
      authority: options.authority,
      agentOf: options['agent-of'],
      organizationId: options['organization-id'],
      fintsProductId: options['fints-product-id'],
    });
    return [
      identity.id,
      identity.role === 'own_accounts_only'
        ? 'Link your logins: npm run app -- identity link <identity> --provider <provider> --login <user name>'
        : 'Add its certificate: npm run app -- identity add <identity> --certificate <file> --key <file>',
      'Then point an app to it: npm run app -- set <app> --live identity=<identity>',
    ];
  }
  if (what === 'add') {
    const { certificate, key } = options;
    const [identity] = rest;
    if (!identity || !certificate || !key)
      throw new Problem('invalid_request', 'Write: identity add <identity> --certificate <file> --key <file>');
    const added = await addCertificate(ground, identity, {
      use: oneOf(USES, options.use ?? 'transport', '--use'),
      certificate: readFileSync(certificate, 'utf8'),
      privateKey: readFileSync(key, 'utf8'),
      ...(options['key-id'] ? { keyId: options['key-id'] } : {}),
    });
    return [
      `${added.id}  valid ${day(added.notBefore)} to ${day(added.notAfter)}${added.organizationId ? `  ${added.organizationId}` : ''}`,
      ...(options.use === 'signature'
        ? ['Banks keep lists of keys for a while: beside another that is valid, this one signs from tomorrow on.']
        : []),
      'The private key is kept sealed; delete the file, or keep it where only you can read it.',
    ];
  }
  if (what === 'link' || what === 'unlink') {
    const { provider, login } = options;
    const [identity] = rest;
    if (!identity || !provider || !login)
      throw new Problem(
        'invalid_request',
        `Write: identity ${what} <identity> --provider <provider> --login <user name>`,
      );
    await (what === 'link' ? linkOwnLogin : unlinkOwnLogin)(ground, identity, { provider, login });
    const linked = await listOwnLogins(ground, identity);
    return linked.length ? linked.map(lineOf) : ['No login is linked: with this identity nobody can sign in anywhere.'];
  }
  throw new Problem('invalid_request', 'identity, identity create, identity add, identity link or identity unlink.');
}

async function list(ground: Ground): Promise<string[]> {
  const identities = await listIdentities(ground);
  const blocks = await Promise.all(
    identities.map(async (identity) => {
      const certificates = await listCertificates(ground, identity.id);
      const logins = await listOwnLogins(ground, identity.id);
      return [
        `${identity.id}  ${identity.role}  ${identity.legal_name}${identity.organization_id ? `  ${identity.organization_id}` : ''}`,
        ...certificates.map((one) => `  ${one.id}  ${one.use}  valid ${day(one.notBefore)} to ${day(one.notAfter)}`),
        ...logins.map(lineOf),
      ];
    }),
  );
  return identities.length ? blocks.flat() : ['No identities yet: npm run app -- identity create "Legal name"'];
}

function lineOf({ provider, hint, created_at }: OwnLoginRow): string {
  return `  ${provider}  ${hint}  linked ${day(created_at)}`;
}

function oneOf<Word extends string>(words: readonly Word[], given: string, name: string): Word {
  const found = words.find((word) => word === given);
  if (!found) throw new Problem('invalid_request', `${name} is one of ${words.join(', ')}.`);
  return found;
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}
