import { changePassword, findOperator } from '../../../platform/operators/operators.ts';
import { SHORTEST } from '../../../platform/operators/passwords.ts';
import {
  beginPasskey,
  dropPasskey,
  keepPasskey,
  listPasskeys,
  passkeyPlace,
} from '../../../platform/operators/passkeys.ts';
import {
  confirmTotp,
  draftTotp,
  makeRecoveryCodes,
  recoveryCodesLeft,
} from '../../../platform/operators/second-factors.ts';
import { endSessions, listSessions } from '../../../platform/operators/sessions.ts';
import { Problem } from '../../../platform/problems.ts';
import { html } from '../../markup.ts';
import type { Answer, Asked, View } from '../asked.ts';
import { qrPicture } from '../../design/qr.ts';
import { checkOwnPassword, ownPassword } from '../entering/own-password.ts';
import { passkeyForm } from '../entering/pages.ts';
import { badge, button, field, form, heading, link, note, panel, table, theirs, when } from '../parts.ts';

/** One's own password, second factors and sessions. */
export const ME_VIEWS: readonly View[] = [
  { method: 'GET', path: '/dashboard/me', may: 'look', handle: me },
  { method: 'POST', path: '/dashboard/me/password', may: 'look', handle: password, again: me },
  { method: 'GET', path: '/dashboard/me/totp', may: 'look', handle: totpPage },
  { method: 'POST', path: '/dashboard/me/totp', may: 'look', handle: totp, again: totpPage },
  { method: 'POST', path: '/dashboard/me/passkeys', may: 'look', handle: addPasskey, again: me },
  { method: 'POST', path: '/dashboard/me/passkeys/:passkey/end', may: 'look', handle: endPasskey, again: me },
  { method: 'POST', path: '/dashboard/me/codes', may: 'look', handle: codes, again: me },
  { method: 'POST', path: '/dashboard/me/sessions/:session/end', may: 'look', handle: endSession },
];

async function me(asked: Asked): Promise<Answer> {
  const { platform, who, host } = asked;
  const { operator } = who;
  const [row, passkeys, left, sessions] = await Promise.all([
    findOperator(platform, operator.id),
    listPasskeys(platform, operator.id),
    recoveryCodesLeft(platform, operator.id),
    listSessions(platform, operator.id),
  ]);
  const place = passkeyPlace(platform, host);
  const options = place && (await beginPasskey(platform, who, place));
  const spent = asked.query.left !== undefined;
  const main = html`${heading(operator.name, badge(operator.role.replace('_', '-')))}<p>${theirs(operator.email)}</p>${
    spent &&
    note(
      'warning',
      html`<p>You came in by a recovery code; ${String(left)} are left. If your second factor is lost, set up another below, and make new codes.</p>`,
    )
  }${panel(
    'Password',
    form(
      asked,
      '/dashboard/me/password',
      html`${ownPassword(asked, 'now')}${field(asked, 'password', 'New password', { type: 'password', required: true, autocomplete: 'new-password', hint: `At least ${SHORTEST} characters.` })}${button('Change it', '')}`,
    ),
    { note: 'Your other sessions end.' },
  )}${panel(
    'Authenticator app',
    html`<p>${link('/dashboard/me/totp', row?.totp ? 'Set up another in its place' : 'Set one up', 'button')}</p>`,
    { note: row?.totp ? badge('set up', 'good') : badge('none', 'warning') },
  )}${panel(
    'Passkeys',
    html`${table(
      'Passkeys',
      ['Name', 'Made', 'Last used', ''],
      passkeys.map((one) => [
        theirs(one.name),
        when(one.createdAt),
        when(one.usedAt),
        form(
          asked,
          `/dashboard/me/passkeys/${one.id}/end`,
          html`${ownPassword(asked, `now-${one.id}`)}${button('Remove', 'danger')}`,
        ),
      ]),
      'None.',
    )}${options ? passkeyForm(asked, '/dashboard/me/passkeys', options, true, ownPassword(asked, 'now-passkey')) : html`<p class="quiet">Passkeys need an address with a name: open the dashboard at <code>localhost</code>, or at your server’s own name.</p>`}`,
  )}${panel(
    'Recovery codes',
    form(asked, '/dashboard/me/codes', html`${ownPassword(asked, 'now-codes')}${button('Make new ones', '')}`),
    { note: `${left} are left. New ones take the place of all earlier ones.` },
  )}${panel(
    'Where you are signed in',
    table(
      'Sessions',
      ['Browser', 'Address', 'Begun', 'Last seen', ''],
      sessions
        .filter(({ stage }) => stage === 'full')
        .map((one) => [
          theirs(browserName(one.userAgent)),
          one.address,
          when(one.createdAt),
          one.id === who.session.id ? badge('this one', 'good') : when(one.seenAt),
          one.id !== who.session.id && form(asked, `/dashboard/me/sessions/${one.id}/end`, button('End', 'danger')),
        ]),
    ),
  )}`;
  return { kind: 'page', title: 'You', main, ...(options ? { script: true as const } : {}) };
}

async function password(asked: Asked): Promise<Answer> {
  await checkOwnPassword(asked);
  await changePassword(asked.platform, asked.who, asked.form.raw('password'));
  await asked.note('operator.password_changed', asked.who.operator.id);
  return { kind: 'to', path: '/dashboard/me', done: 'password_changed' };
}

async function totpPage(asked: Asked): Promise<Answer> {
  const draft = await draftTotp(asked.platform, asked.who);
  const main = html`${heading('An authenticator app')}<p>Scan this with the app, or type the key. Then type the six digits the app shows.</p><p class="picture"><img src="${qrPicture(draft.uri)}" alt="QR code for the authenticator app; the key below says the same" width="200" height="200"></p><p>Key: <code class="key">${draft.typed}</code></p>${form(
    asked,
    '/dashboard/me/totp',
    html`${ownPassword(asked, 'now')}${field(asked, 'code', 'Six digits the app shows', { required: true, inputmode: 'numeric', autocomplete: 'one-time-code', max: 10 })}${button('Confirm')}`,
  )}`;
  return { kind: 'page', title: 'An authenticator app', main };
}

async function totp(asked: Asked): Promise<Answer> {
  await checkOwnPassword(asked);
  if (!(await confirmTotp(asked.platform, asked.who, asked.form.text('code')))) {
    const detail = 'That is not the code the app shows now.';
    throw new Problem('invalid_request', detail, { errors: [{ pointer: '/code', detail }] });
  }
  await asked.note('operator.second_factor_set', asked.who.operator.id);
  return { kind: 'to', path: '/dashboard/me', done: 'totp_set' };
}

async function addPasskey(asked: Asked): Promise<Answer> {
  await checkOwnPassword(asked);
  const place = passkeyPlace(asked.platform, asked.host);
  if (!place) throw new Problem('invalid_request', 'Passkeys do not work at this address.');
  const { form: typed, platform, who } = asked;
  await keepPasskey(platform, who, place, { response: typed.raw('response'), name: typed.text('name') });
  await asked.note('operator.passkey_added', who.operator.id);
  return { kind: 'to', path: '/dashboard/me', done: 'passkey_added' };
}

async function endPasskey(asked: Asked): Promise<Answer> {
  await checkOwnPassword(asked);
  const { platform, who, params } = asked;
  const [row, passkeys] = await Promise.all([
    findOperator(platform, who.operator.id),
    listPasskeys(platform, who.operator.id),
  ]);
  if (!row?.totp && passkeys.length <= 1)
    throw new Problem('forbidden', 'This is your only second factor. Set up another one first.');
  await dropPasskey(platform, who.operator.id, params.passkey ?? '');
  await asked.note('operator.passkey_removed', who.operator.id);
  return { kind: 'to', path: '/dashboard/me', done: 'passkey_gone' };
}

async function codes(asked: Asked): Promise<Answer> {
  await checkOwnPassword(asked);
  const made = await makeRecoveryCodes(asked.platform, asked.who.operator.id);
  await asked.note('operator.recovery_codes_made', asked.who.operator.id);
  const main = html`${heading('Your new recovery codes')}<p>Shown now and never again. The earlier ones no longer work.</p><ul class="codes">${made.map((code) => html`<li><code>${code}</code></li>`)}</ul><p>${link('/dashboard/me', 'I have kept them', 'button primary')}</p>`;
  return { kind: 'page', title: 'Recovery codes', main };
}

async function endSession(asked: Asked): Promise<Answer> {
  await endSessions(asked.platform, asked.who.operator.id, { only: asked.params.session ?? '' });
  return { kind: 'to', path: '/dashboard/me', done: 'session_ended' };
}

/** What people call it. */
function browserName(userAgent: string): string {
  const name = /(Firefox|Edg|OPR|Chrome|Safari|curl)\/[\d]+/
    .exec(userAgent)?.[0]
    ?.replace('Edg/', 'Edge/')
    .replace('OPR/', 'Opera/');
  const system = /Windows|Android|iPhone|iPad|Mac OS X|Linux/.exec(userAgent)?.[0];
  return [name?.replace('/', ' ') ?? 'Unknown', system].filter(Boolean).join(', ');
}
