import type { LinkRow } from '../../../platform/operators/links.ts';
import { SHORTEST } from '../../../platform/operators/passwords.ts';
import type { Entering } from '../../../platform/operators/operators.ts';
import type { TotpDraft } from '../../../platform/operators/second-factors.ts';
import type { Problem } from '../../../platform/problems.ts';
import { html, type Markup } from '../../markup.ts';
import type { Form } from '../asked.ts';
import { documentOf } from '../layout.ts';
import { qrPicture } from '../../design/qr.ts';
import { badge, button, field, form as formMarkup, heading, link, note } from '../parts.ts';

/** A page for somebody who is not in yet. */
export type OwnPage = {
  status?: number;
  script?: boolean;
  render(frame: { operatorName: string; reference: string }): string;
};

type Around = { csrf: string; form: Form };

const SAID: Record<string, string> = {
  out: 'You are signed out.',
  over: 'That took too long, or was tried too often. Please sign in again.',
};

/** Address and password. */
export function enterPage(
  at: Around & {
    request: { url: string };
    first: boolean;
    to: string;
    wrong?: Extract<Entering, { kind: 'blocked' | 'wrong' }>;
  },
): OwnPage {
  const said = SAID[/[?&]done=(\w+)/.exec(at.request.url)?.[1] ?? ''];
  const wrong =
    at.wrong?.kind === 'blocked'
      ? `Too many tries. Wait until ${at.wrong.until.toISOString().slice(11, 19)} UTC, then try again.`
      : at.wrong && 'Address and password do not belong together.';
  const first =
    at.first &&
    note(
      '',
      html`<p>Nobody is let in yet. The server printed a one-time link when it started: open that first. It can be printed again by <code>npm run app -- operator link</code>.</p>`,
    );
  const main = html`${heading('Sign in')}${said && note('', said)}${first}${wrong && note('error', wrong)}${formMarkup(
    at,
    '/dashboard/enter',
    html`<input type="hidden" name="to" value="${at.to}">${field(undefined, 'email', 'E-mail address', { type: 'email', required: true, autocomplete: 'username', value: at.form.text('email') })}${field(undefined, 'password', 'Password', { type: 'password', required: true, autocomplete: 'current-password' })}${button('Sign in')}`,
  )}<p class="quiet">Lost your password or second factor? An owner can let you back in. The last owner is let in by <code>npm run app -- operator link</code> on the server.</p>`;
  return own('Sign in', main, { status: at.wrong?.kind === 'blocked' ? 429 : at.wrong ? 401 : 200 });
}

/** The second factor. */
export function codePage(at: Around & { to: string; wrong?: string; passkey?: object }): OwnPage {
  const main = html`${heading('The second factor')}${at.wrong && note('error', at.wrong)}${at.passkey && passkeyForm(at, '/dashboard/enter/passkey', at.passkey, false)}${formMarkup(
    at,
    '/dashboard/enter/code',
    html`<input type="hidden" name="to" value="${at.to}">${field(undefined, 'code', 'Code of your authenticator app, or a recovery code', { required: true, autocomplete: 'one-time-code', max: 40 })}${button('Go on')}`,
  )}${formMarkup(at, '/dashboard/leave', button('Sign in as somebody else', 'quiet'))}`;
  return own('The second factor', main, { status: at.wrong ? 401 : 200, script: at.passkey !== undefined });
}

/** Setting up a second factor, right after the first password. */
export function setUpPage(at: Around & { draft: TotpDraft; wrong?: string; passkey?: object }): OwnPage {
  const main = html`${heading('A second factor', undefined, 'A password alone does not open this dashboard. Set up one of these; the other can follow later.')}${at.wrong && note('error', at.wrong)}
<section class="panel" aria-labelledby="h-app"><h2 id="h-app">An authenticator app</h2><p>Scan this with the app, or type the key. Then type the six digits the app shows.</p><p class="picture"><img src="${qrPicture(at.draft.uri)}" alt="QR code for the authenticator app; the key below says the same" width="200" height="200"></p><p>Key: <code class="key">${at.draft.typed}</code></p>${formMarkup(
    at,
    '/dashboard/set-up',
    html`${field(undefined, 'code', 'Six digits', { required: true, autocomplete: 'one-time-code', inputmode: 'numeric', max: 10 })}${button('Confirm')}`,
  )}</section>
${
  at.passkey
    ? html`<section class="panel" aria-labelledby="h-passkey"><h2 id="h-passkey">Or a passkey</h2><p>Your device, phone or security key proves that it is you. Needs scripts.</p>${passkeyForm(at, '/dashboard/set-up/passkey', at.passkey, true)}</section>`
    : html`<p class="quiet">Passkeys need an address with a name: open the dashboard at <code>localhost</code>, or at your server’s own name.</p>`
}${formMarkup(at, '/dashboard/leave', button('Not now: sign out', 'quiet'))}`;
  return own('A second factor', main, { status: at.wrong ? 422 : 200, script: at.passkey !== undefined });
}

/** A form that the script hands to the browser's own passkey dialogue; hidden where no script runs. */
export function passkeyForm(
  at: { csrf: string },
  action: string,
  options: object,
  makes: boolean,
  before?: Markup,
): Markup {
  const inner = html`<input type="hidden" name="response" value="">${before}${makes && field(undefined, 'name', 'A name for it', { value: 'My passkey', max: 60 })}<p role="status" class="quiet"></p>${button(makes ? 'Make a passkey' : 'Use your passkey', makes ? '' : 'primary')}`;
  return formMarkup(
    at,
    action,
    inner,
    '',
    html` data-passkey="${JSON.stringify(options)}"${makes && html` data-makes="yes"`} hidden`,
  );
}

/** Shown this once. */
export function recoveryPage(codes: readonly string[]): OwnPage {
  const main = html`${heading('Your recovery codes')}${note('warning', html`<p>Each lets you in once when your second factor is lost. They are shown now and never again: print them, or put them where your passwords are.</p>`)}<ul class="codes">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ul><p>${link('/dashboard', 'I have kept them: go on', 'button primary')}</p>`;
  return own('Your recovery codes', main);
}

/** What a one-time link opens. */
export function joinPage(
  at: Around & {
    request: { url: string };
    link: LinkRow;
    email: string | null;
    name: string | null;
    problem?: Problem;
  },
): OwnPage {
  const back = at.link.kind === 'way_back';
  const title = back ? 'Back in' : at.link.kind === 'first' ? 'Welcome: the first operator' : 'You are invited';
  const about = { form: at.form, problem: at.problem };
  const main = html`${heading(title, badge(at.link.role.replace('_', '-')))}${
    back
      ? html`<p>Set a new password. Your second factor is dropped, and set up anew after this.</p>`
      : html`<p>Choose how you sign in to this server’s dashboard. The next step is a second factor.</p>`
  }${at.problem && !at.problem.errors && note('error', at.problem.message)}${formMarkup(
    at,
    at.request.url.split('?')[0]!,
    html`${
      at.email === null
        ? field(about, 'email', 'E-mail address', { type: 'email', required: true, autocomplete: 'username' })
        : html`<p>E-mail address: <b>${at.email}</b></p>`
    }${!back && field(about, 'name', 'Your name', { required: true, autocomplete: 'name', max: 100 })}${field(about, 'password', 'Password', { type: 'password', required: true, autocomplete: 'new-password', hint: `At least ${SHORTEST} characters; four or five random words are good.` })}${field(about, 'again', 'The same password again', { type: 'password', required: true, autocomplete: 'new-password' })}${button('Go on')}`,
  )}`;
  return own(title, main, { status: at.problem ? 422 : 200 });
}

/** Links that lead nowhere, each with what to do. */
export function deadLinkPage(state: 'used' | 'expired' | 'unknown'): OwnPage {
  const [title, text] = {
    used: [
      'This link was used',
      'Each works once. If that was you, sign in. If it was not, tell an owner at once: they can shut that account out.',
    ],
    expired: [
      'This link is too old',
      'Ask whoever sent it for a new one. For the first operator the server prints one at each start, or by npm run app -- operator link.',
    ],
    unknown: [
      'This link is not one of ours',
      'Perhaps it was cut off on the way: open the whole address, or ask for a new link.',
    ],
  }[state] as [string, string];
  const main = html`${heading(title)}<p>${text}</p><p>${link('/dashboard/enter', 'Sign in', 'button primary')}</p>`;
  return own(title, main, { status: state === 'unknown' ? 404 : 410 });
}

/** A form that another site sent, or that was made before one signed in. */
export function refusedPage(): OwnPage {
  const main = html`${heading('This form is not valid any more')}<p>It was made for another session, or came from another site. Nothing was done.</p><p>${link('/dashboard', 'To the start', 'button primary')}</p>`;
  return own('Form not valid', main, { status: 403 });
}

function own(title: string, main: Markup, more: { status?: number; script?: boolean } = {}): OwnPage {
  return {
    ...more,
    render: (frame) => documentOf({ ...frame, title, main, ...(more.script ? { script: true } : {}) }),
  };
}
