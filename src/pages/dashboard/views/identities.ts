import { listTenants } from '../../../platform/apps/apps.ts';
import {
  addCertificate,
  createIdentity,
  findIdentity,
  type IdentityRow,
  listCertificates,
  listIdentities,
} from '../../../platform/apps/identities.ts';
import { listRegistrations } from '../../../platform/apps/registrations.ts';
import { notFound } from '../../../platform/problems.ts';
import { html, type Markup } from '../../markup.ts';
import type { Answer, Asked, View } from '../asked.ts';
import {
  badge,
  button,
  choice,
  code,
  facts,
  field,
  form,
  heading,
  link,
  note,
  panel,
  table,
  theirs,
  when,
} from '../parts.ts';

/** In whose name banks are asked. */
export const IDENTITY_VIEWS: readonly View[] = [
  { method: 'GET', path: '/dashboard/identities', may: 'look', handle: identities },
  { method: 'POST', path: '/dashboard/identities', may: 'identities', handle: make, again: identities },
  { method: 'GET', path: '/dashboard/identities/:identity', may: 'look', handle: identity },
  {
    method: 'POST',
    path: '/dashboard/identities/:identity/certificates',
    may: 'identities',
    handle: add,
    again: identity,
  },
];

const ROLES: [value: string, label: string][] = [
  ['own_licence', 'own licence'],
  ['agent', 'agent of somebody who has one'],
  ['own_accounts_only', 'own accounts only'],
];
const DAY_MS = 86_400_000;
/** Certificates warn so many days before their end. */
const WARN_DAYS = 30;

async function identities(asked: Asked): Promise<Answer> {
  const rows = await visible(asked);
  const ends = await Promise.all(rows.map(({ id }) => listCertificates(asked.platform, id)));
  const now = asked.platform.clock.now();
  const main = html`${heading('Identities', undefined, 'In whose name banks are asked. Live apps point to one, in their settings.')}${table(
    'Identities',
    ['Legal name', 'Role', 'At authorities', 'First certificate ends'],
    rows.map((row, at) => {
      const living = ends[at]!.filter(({ notAfter }) => notAfter > now);
      const first = living.reduce<Date | null>(
        (least, { notAfter }) => (least && least < notAfter ? least : notAfter),
        null,
      );
      return [
        link(`/dashboard/identities/${row.id}`, theirs(row.legal_name)),
        row.role.replaceAll('_', ' '),
        row.organization_id ? code(row.organization_id) : '–',
        first ? html`${when(first)} ${endBadge(first, now)}` : badge('no valid certificate', 'warning'),
      ];
    }),
    'None yet. Test mode needs none: the pretend banks know the sandbox’s own.',
  )}${
    asked.may('identities') &&
    panel(
      'Make an identity',
      form(
        asked,
        '/dashboard/identities',
        html`${field(asked, 'legal_name', 'Legal name', { required: true, max: 200 })}${choice(asked, 'role', 'Role', ROLES, 'own_licence')}${field(asked, 'agent_of', 'Agent of', { hint: 'Only for agents.', max: 200 })}${field(asked, 'register_number', 'Register number', { max: 100 })}${field(asked, 'authority', 'Authority', { max: 200 })}${field(asked, 'organization_id', 'Organization identifier', { hint: 'Such as PSDDE-BAFIN-123456. Else it is taken from the first certificate.', max: 100 })}${field(asked, 'fints_product_id', 'FinTS product id', { hint: 'For German banks by FinTS.', max: 25 })}${button('Make it')}`,
      ),
    )
  }`;
  return { kind: 'page', title: 'Identities', main };
}

async function make(asked: Asked): Promise<Answer> {
  const { platform, form: typed } = asked;
  const given = (name: string) => typed.text(name) || undefined;
  const role = ROLES.find(([value]) => value === typed.text('role'))?.[0] as
    | 'own_licence'
    | 'agent'
    | 'own_accounts_only'
    | undefined;
  const optional = {
    agentOf: given('agent_of'),
    registerNumber: given('register_number'),
    authority: given('authority'),
    organizationId: given('organization_id'),
    fintsProductId: given('fints_product_id'),
  };
  const row = await createIdentity(platform, {
    legalName: typed.text('legal_name'),
    role: role ?? 'own_licence',
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  });
  await asked.note('identity.made', row.id);
  return { kind: 'to', path: `/dashboard/identities/${row.id}`, done: 'identity_made' };
}

async function identity(asked: Asked): Promise<Answer> {
  const { platform, params } = asked;
  const row = (await visible(asked)).find(({ id }) => id === params.identity);
  if (!row) throw notFound('identity');
  const [certificates, registrations] = await Promise.all([
    listCertificates(platform, row.id),
    listRegistrations(platform, row.id),
  ]);
  const now = platform.clock.now();
  const soon = certificates.some(
    ({ notAfter }) => notAfter > now && notAfter.getTime() - now.getTime() < WARN_DAYS * DAY_MS,
  );
  const main = html`${heading(row.legal_name)}${soon && note('warning', html`<p>A certificate ends soon. Add its successor now: both are valid for a while, and the one that ends last is used.</p>`)}${factsOf(row)}${panel(
    'Certificates',
    table(
      'Certificates',
      ['For', 'Valid from', 'Ends', '', 'Id'],
      certificates.map((one) => [
        one.use,
        when(one.notBefore),
        when(one.notAfter),
        endBadge(one.notAfter, now),
        code(one.id),
      ]),
      'None yet.',
    ),
  )}${panel(
    'Registrations at banks',
    table(
      'Registrations at banks',
      ['Provider', 'Client id', 'Known by', 'Since'],
      registrations.map((one) => [
        theirs(one.provider),
        code(one.client_id),
        one.auth_method.replaceAll('_', ' '),
        when(one.created_at),
      ]),
      'None. npm run register makes one where a bank wants it.',
    ),
  )}${
    asked.may('identities') &&
    panel(
      'Add a certificate',
      form(
        asked,
        `/dashboard/identities/${row.id}/certificates`,
        html`${choice(
          asked,
          'use',
          'For',
          [
            ['transport', 'transport: mutual TLS with banks'],
            ['signature', 'signature: a seal'],
          ],
          'transport',
        )}${field(asked, 'certificate', 'Certificate, PEM', { rows: 6, required: true, hint: 'With the intermediate ones after it, where banks want them.' })}${field(undefined, 'private_key', 'Its private key, PEM, not encrypted', { rows: 6, required: true, hint: 'Sealed before it is stored, and never shown again.' })}${field(asked, 'key_id', 'Key id (kid)', { hint: 'What a directory calls a signing key; else leave it empty.', max: 200 })}${button('Add it')}`,
      ),
    )
  }`;
  return { kind: 'page', title: row.legal_name, main };
}

async function add(asked: Asked): Promise<Answer> {
  const { platform, params, form: typed } = asked;
  const id = params.identity ?? '';
  if (!(await findIdentity(platform, id))) throw notFound('identity');
  const keyId = typed.text('key_id');
  const made = await addCertificate(platform, id, {
    use: typed.text('use') === 'signature' ? 'signature' : 'transport',
    certificate: typed.raw('certificate'),
    privateKey: typed.raw('private_key'),
    ...(keyId ? { keyId } : {}),
  });
  await asked.note('certificate.added', made.id);
  return { kind: 'to', path: `/dashboard/identities/${id}`, done: 'certificate_added' };
}

/** All of them, or for somebody who sees some apps only, theirs. */
async function visible(asked: Asked): Promise<IdentityRow[]> {
  const all = await listIdentities(asked.platform);
  const { apps } = asked.who.operator;
  if (!apps) return all;
  const tenants = await Promise.all(apps.map((app) => listTenants(asked.platform, app)));
  const mine = new Set(tenants.flat().map(({ identity: id }) => id));
  return all.filter(({ id }) => mine.has(id));
}

function endBadge(end: Date, now: Date): Markup {
  const days = Math.floor((end.getTime() - now.getTime()) / DAY_MS);
  if (days < 0) return badge('ended', 'error');
  return days < WARN_DAYS
    ? badge(days === 1 ? '1 day left' : `${days} days left`, days < 7 ? 'error' : 'warning')
    : badge('valid', 'good');
}

function factsOf(row: IdentityRow): Markup {
  return facts([
    ['Id', code(row.id)],
    ['Role', row.role.replaceAll('_', ' ')],
    row.agent_of !== null && ['Agent of', theirs(row.agent_of)],
    ['Register number', row.register_number ? theirs(row.register_number) : '–'],
    ['Authority', row.authority ? theirs(row.authority) : '–'],
    ['Organization identifier', row.organization_id ? code(row.organization_id) : '–'],
    ['FinTS product id', row.fints_product_id ? code(row.fints_product_id) : '–'],
  ]);
}
