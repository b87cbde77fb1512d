import { listApps } from '../../../platform/apps/apps.ts';
import { invite, listOpenLinks, makeWayBack, takeBackLink } from '../../../platform/operators/links.ts';
import {
  changeOperator,
  findOperator,
  listOperators,
  type OperatorRow,
} from '../../../platform/operators/operators.ts';
import { PERMISSIONS, ROLES, type Role } from '../../../platform/operators/roles.ts';
import { notFound, Problem } from '../../../platform/problems.ts';
import { html, type Markup } from '../../markup.ts';
import type { Answer, Asked, View } from '../asked.ts';
import { checkOwnPassword, ownPassword } from '../entering/own-password.ts';
import {
  badge,
  button,
  choice,
  code,
  field,
  form,
  heading,
  link,
  note,
  once,
  panel,
  table,
  theirs,
  tick,
  when,
} from '../parts.ts';

/** Who gets in, as what. */
export const TEAM_VIEWS: readonly View[] = [
  { method: 'GET', path: '/dashboard/team', may: 'team', handle: team },
  { method: 'POST', path: '/dashboard/team/invite', may: 'team', handle: inviteSomebody, again: team },
  { method: 'POST', path: '/dashboard/team/links/:link/end', may: 'team', handle: endLink },
  { method: 'GET', path: '/dashboard/team/:operator', may: 'team', handle: member },
  { method: 'POST', path: '/dashboard/team/:operator', may: 'team', handle: change, again: member },
  { method: 'POST', path: '/dashboard/team/:operator/way-back', may: 'team', handle: wayBack, again: member },
];

const ROLE_CHOICES = ROLES.map((role) => [role, role.replace('_', '-')] as [string, string]);

async function team(asked: Asked): Promise<Answer> {
  const { platform } = asked;
  const [people, links] = await Promise.all([listOperators(platform), listOpenLinks(platform)]);
  const main = html`${heading('Team')}${table(
    'Operators',
    ['Name', 'Address', 'Role', 'Apps', 'Second factor', 'State'],
    people.map((one) => [
      link(`/dashboard/team/${one.id}`, theirs(one.name)),
      theirs(one.email),
      one.role.replace('_', '-'),
      one.apps ? String(one.apps.length) : 'all',
      one.totp || one.passkeys ? badge('set up', 'good') : badge('missing', 'warning'),
      one.status === 'active' ? badge('active', 'good') : badge('shut out', 'error'),
    ]),
  )}${panel(
    'Invite somebody',
    form(
      asked,
      '/dashboard/team/invite',
      html`${field(asked, 'email', 'E-mail address', { type: 'email', required: true })}${choice(asked, 'role', 'Role', ROLE_CHOICES, 'read_only')}${await appTicks(asked, null)}${ownPassword(asked)}${button('Make the link')}`,
    ),
    { note: 'You get a one-time link that works for three days. Hand it over yourself: whoever has it can use it.' },
  )}${panel(
    'Links that still work',
    table(
      'Links that still work',
      ['For', 'Role', 'Ends', ''],
      links.map((one) => [
        theirs(one.email ?? '–'),
        one.role.replace('_', '-'),
        when(one.expiresAt),
        form(asked, `/dashboard/team/links/${one.id}/end`, button('Take back', 'danger')),
      ]),
      'None.',
    ),
  )}${panel('What each role may', roleTable())}`;
  return { kind: 'page', title: 'Team', main };
}

/** The table of the documents: who may what. */
function roleTable(): Markup {
  return table(
    'What each role may',
    ['', ...ROLES.map((role) => role.replace('_', '-'))],
    Object.values(PERMISSIONS).map(({ meaning, roles }) => [
      meaning,
      ...ROLES.map((role) => ((roles as readonly Role[]).includes(role) ? 'yes' : '–')),
    ]),
  );
}

async function inviteSomebody(asked: Asked): Promise<Answer> {
  await checkOwnPassword(asked);
  const { platform, form: typed, who, requestId } = asked;
  const role = readRole(typed.text('role'));
  const made = await invite(platform, {
    email: typed.text('email'),
    role,
    apps: await readApps(asked, role),
    by: who.operator.id,
    requestId,
  });
  return linkPage('The invitation', `For ${made.email}: works once, for three days`, made.url);
}

async function endLink(asked: Asked): Promise<Answer> {
  await takeBackLink(asked.platform, asked.params.link ?? '');
  await asked.note('operator.link_ended', asked.params.link ?? '');
  return { kind: 'to', path: '/dashboard/team', done: 'link_gone' };
}

async function member(asked: Asked): Promise<Answer> {
  const one = await find(asked);
  const path = `/dashboard/team/${one.id}`;
  const main = html`${heading(one.name, one.status === 'active' ? badge('active', 'good') : badge('shut out', 'error'))}<p>${theirs(one.email)} · ${code(one.id)}</p>${panel(
    'Role',
    form(
      asked,
      path,
      html`<input type="hidden" name="seen" value="${one.updatedAt.toISOString()}">${choice(asked, 'role', 'Role', ROLE_CHOICES, one.role)}${choice(
        asked,
        'status',
        'State',
        [
          ['active', 'active'],
          ['disabled', 'shut out: cannot sign in'],
        ],
        one.status,
      )}${await appTicks(asked, one.apps)}${ownPassword(asked)}${button('Save')}`,
    ),
    { note: 'They are signed out, and sign in again with the new role.' },
  )}${panel(
    'Lost password or second factor',
    form(
      asked,
      `${path}/way-back`,
      html`${ownPassword(asked, 'now-back')}${button('Make a link to let them back in', '')}`,
    ),
    {
      note: 'By the link they set a new password, and their second factor anew. Make sure that you give it to them and to nobody else.',
    },
  )}`;
  return { kind: 'page', title: one.name, main };
}

async function change(asked: Asked): Promise<Answer> {
  await checkOwnPassword(asked);
  const one = await find(asked);
  const { form: typed, platform } = asked;
  const role = readRole(typed.text('role'));
  const seen = new Date(typed.text('seen'));
  const status = typed.text('status') === 'disabled' ? 'disabled' : 'active';
  const apps = await readApps(asked, role);
  if (!Number.isFinite(seen.getTime())) throw new Problem('invalid_request', 'Open the page again.');
  if ((await changeOperator(platform, one.id, { role, status, apps }, seen)) === 'changed_meanwhile') {
    const answer = await member(asked);
    const said = note(
      'warning',
      html`<p>Somebody changed this person while you were writing. Nothing of yours is saved. Below is how it stands now.</p>`,
    );
    return answer.kind === 'page' ? { ...answer, status: 409, main: html`${said}${answer.main}` } : answer;
  }
  await asked.note(status === 'disabled' ? 'operator.shut_out' : `operator.made_${role}`, one.id);
  return { kind: 'to', path: '/dashboard/team', done: 'role_changed' };
}

async function wayBack(asked: Asked): Promise<Answer> {
  await checkOwnPassword(asked);
  const one = await find(asked);
  const by = { operator: asked.who.operator.id, requestId: asked.requestId };
  return linkPage(
    'A way back in',
    `For ${one.email}: works once, for a day`,
    await makeWayBack(asked.platform, one.id, by),
  );
}

function linkPage(title: string, label: string, url: string): Answer {
  const main = html`${heading(title)}${once(label, url)}<p>Shown now and never again.</p><p>${link('/dashboard/team', 'Back to the team', 'button primary')}</p>`;
  return { kind: 'page', title, main };
}

async function find({ platform, params }: Asked): Promise<OperatorRow> {
  const found = await findOperator(platform, params.operator ?? '');
  if (!found) throw notFound('operator');
  return found;
}

async function appTicks(asked: Asked, chosen: string[] | null): Promise<Markup> {
  const apps = (await listApps(asked.platform)).slice(0, 100);
  return html`<fieldset><legend>Apps</legend><p class="hint">None ticked: all apps. Owners see all in any case.</p>${apps.map((app) => tick('apps', theirs(app.name), chosen?.includes(app.id) ?? false, app.id))}</fieldset>`;
}

async function readApps(asked: Asked, role: Role): Promise<string[] | null> {
  const known = new Set((await listApps(asked.platform)).map(({ id }) => id));
  const apps = asked.form.all('apps').filter((id) => known.has(id));
  return role === 'owner' || apps.length === 0 ? null : apps;
}

function readRole(text: string): Role {
  const role = ROLES.find((one) => one === text);
  if (!role)
    throw new Problem('invalid_request', 'Choose a role.', { errors: [{ pointer: '/role', detail: 'Choose one.' }] });
  return role;
}
