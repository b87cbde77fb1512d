import { createHash } from 'node:crypto';
import { type TenantChange, type TenantInfo, updateTenant } from '../../../platform/apps/apps.ts';
import { listIdentities } from '../../../platform/apps/identities.ts';
import { listTemplates, previewUrl } from '../../../platform/apps/templates/templates.ts';
import { Problem } from '../../../platform/problems.ts';
import { html, localPath, type Markup } from '../../markup.ts';
import { type Answer, type AskedOfApp, baseOf, ofApp, type View } from '../asked.ts';
import { explainReturnUrl } from '../explain-return-url.ts';
import { button, choice, code, field, form, heading, note, panel, searchForm, table, tick } from '../parts.ts';

/** What an app says about itself. */
export const SETTING_VIEWS: readonly View[] = [
  { method: 'GET', path: '/dashboard/apps/:app/:mode/settings', may: 'look', handle: ofApp(settings) },
  {
    method: 'POST',
    path: '/dashboard/apps/:app/:mode/settings',
    may: 'set_up',
    handle: ofApp(save),
    again: ofApp(settings),
  },
];

const HEADLESS = 'The app may show the page itself, by JSON: it then sees what people type for their bank.';

async function settings(asked: AskedOfApp): Promise<Answer> {
  const { tenant } = asked;
  const base = baseOf(asked);
  const main = html`${heading('Settings')}${tester(asked, `${base}/settings`)}${asked.may('set_up') ? await settingsForm(asked, tenant) : shown(tenant)}`;
  return { kind: 'page', title: 'Settings', main, section: '/settings' };
}

/** Why people may or may not be sent to an address, with what to change. */
function tester(asked: AskedOfApp, path: string): Markup {
  const { tenant } = asked;
  const url = asked.query.url ?? '';
  const found = url ? explainReturnUrl(url, tenant) : undefined;
  const answer =
    found &&
    (found.allowed
      ? note('good', html`<p>People may be sent there. It matches ${code(found.matches)}.</p>`)
      : note(
          'warning',
          html`<p>${found.reason}</p>${found.differences.length > 0 && html`<ul>${found.differences.map((line) => html`<li>${line}</li>`)}</ul>`}`,
        ));
  return panel(
    'Test a return URL',
    html`${searchForm(path, html`${field(undefined, 'url', 'Address as your app sends it', { value: url, max: 300 })}${button('Test', '')}`)}${answer}`,
    { note: 'Nothing is changed by it.' },
  );
}

async function settingsForm(asked: AskedOfApp, tenant: TenantInfo, version = versionOf(tenant)): Promise<Markup> {
  const { settings: now } = tenant;
  const identities = await choosable(asked);
  const looks = await listTemplates(asked.platform, asked.caller, { limit: 100 });
  const previews = html`Made by the API. ${looks.rows.map((one) => html`<a href="${localPath(new URL(previewUrl(asked.platform, asked.caller.tenant, one.id)).pathname)}" target="_blank" rel="noopener">${one.name}: preview</a> `)}`;
  const ticked = (name: string, value: boolean) => (asked.problem ? asked.form.has(name) : value);
  const body = html`<input type="hidden" name="version" value="${version}">
${panel('Names', html`${field(asked, 'name', 'Name, as people read it', { value: tenant.appName, required: true, max: 100, hint: 'Common to both modes.' })}${field(asked, 'support_email', 'Support address', { type: 'email', value: tenant.supportEmail, hint: 'Where people who are stuck can write to. Common to both modes.' })}`)}
${panel('Where people return to', html`${field(asked, 'return_urls', 'Allowed return URLs, one a line', { rows: 5, value: tenant.returnUrls.join('\n'), hint: html`Scheme, host, port and path must be equal to what your app sends. ${code('{name}')} stands for one segment of the path. https; http only for this machine in test mode.` })}${field(asked, 'default_return_url', 'Default return URL', { value: tenant.defaultReturnUrl, hint: 'Used when the app names none. Without it people end on our own page.' })}${field(asked, 'http_hosts', 'Hosts without TLS', { value: now.httpHosts.join(', '), hint: 'Only for hosts inside your own network, separated by commas.' })}`)}
${panel(
  'Finishing',
  html`${choice(
    asked,
    'claim',
    'Claim',
    [
      ['off', 'off: data can be read as soon as the person is done'],
      ['required', 'required: your server redeems fx_claim first'],
    ],
    now.claim,
    'Keeps somebody who starts a visit from reading what another person finished.',
  )}${choice(asked, 'identity', 'In whose name banks are asked', [['', tenant.mode === 'test' ? 'the sandbox’s identity' : 'none yet'], ...identities.map((one) => [one.id, one.legal_name] as [string, string])], tenant.identity ?? '')}`,
)}
${panel('The hosted page', html`${choice(asked, 'locale', 'Language', [['', 'the person’s browser decides'], ...languages(asked).map((one) => [one, one] as [string, string])], now.locale ?? '')}${choice(asked, 'template', 'Template', [['', 'our own look'], ...looks.rows.map((one) => [one.id, one.name] as [string, string])], now.template ?? '', previews)}${tick('skip_info', 'Skip the first screen on phones', ticked('skip_info', now.skipInfo))}${tick('skip_qr', 'Skip the offer to go on with the phone', ticked('skip_qr', now.skipQr))}${tick('store_secrets', 'People may have their bank’s login kept', ticked('store_secrets', now.storeSecrets))}${tick('mail', 'People are mailed what they allowed and when it ends', ticked('mail', now.mail))}${tick('headless', 'Headless', ticked('headless', now.headless), 'yes', HEADLESS)}`)}
<p>${button('Save')}</p>`;
  return form(asked, `${baseOf(asked)}/settings`, body);
}

function shown(tenant: TenantInfo): Markup {
  return table(
    'Settings',
    ['Setting', 'Value'],
    linesOf(tenant).map(([name, value]) => [name, value || '–']),
  );
}

async function save(asked: AskedOfApp): Promise<Answer> {
  const { platform, tenant, form: typed } = asked;
  const change = changeIn(asked);
  if (change.identity && !(await choosable(asked)).some(({ id }) => id === change.identity)) {
    const detail = 'There is no such identity.';
    throw new Problem('invalid_request', detail, { errors: [{ pointer: '/identity', detail }] });
  }
  const seen = typed.text('version');
  try {
    await updateTenant(platform, tenant.tenant, change, (before) => {
      if (versionOf(before) !== seen) throw new ChangedMeanwhile(before);
    });
  } catch (error) {
    if (!(error instanceof ChangedMeanwhile)) throw error;
    return conflict(asked, error.before, change);
  }
  await asked.note('app.changed', tenant.app);
  return { kind: 'to', path: `${baseOf(asked)}/settings`, done: 'saved' };
}

/** Somebody else was quicker: both are shown, and nothing is overwritten unknowingly. */
async function conflict(asked: AskedOfApp, before: TenantInfo, change: TenantChange): Promise<Answer> {
  const typed = new Map(
    linesOf({
      ...before,
      ...asFlat(change),
      settings: { ...before.settings, ...(change.settings as object) },
    } as TenantInfo),
  );
  const differing = linesOf(before).filter(([name, value]) => typed.get(name) !== value);
  asked.problem = new Problem('invalid_request', 'changed meanwhile', { errors: [] });
  const main = html`${heading('Changed by somebody else')}${note('warning', html`<p>Somebody saved these settings while you were writing. Nothing of yours is saved yet. Below, on the left what stands now, on the right what you typed. Save again to put yours in place.</p>`)}${table(
    'What differs',
    ['Setting', 'Stands now', 'You typed'],
    differing.map(([name, value]) => [name, value || '–', typed.get(name) || '–']),
    'What stands now is what you typed.',
  )}${await settingsForm(asked, before)}`;
  return { kind: 'page', title: 'Changed by somebody else', main, section: '/settings', status: 409 };
}

function changeIn(asked: AskedOfApp): TenantChange {
  const { form: typed } = asked;
  const lines = (name: string, by: RegExp) =>
    typed
      .raw(name)
      .split(by)
      .map((one) => one.trim())
      .filter(Boolean);
  const email = typed.text('support_email');
  if (email && !/^[^\s@<>"]+@[^\s@<>"]+$/.test(email)) {
    const detail = 'Write an e-mail address such as help@example.com.';
    throw new Problem('invalid_request', detail, { errors: [{ pointer: '/support_email', detail }] });
  }
  const claim = typed.text('claim') === 'required' ? 'required' : 'off';
  const name = typed.text('name');
  if (name.length < 1 || name.length > 100) {
    const detail = 'A name has 1 to 100 characters.';
    throw new Problem('invalid_request', detail, { errors: [{ pointer: '/name', detail }] });
  }
  return {
    name,
    supportEmail: email || null,
    returnUrls: lines('return_urls', /\r?\n/),
    defaultReturnUrl: typed.text('default_return_url') || null,
    identity: typed.text('identity') || null,
    settings: {
      // What stands is not asked for again: with claims a live app wants a return URL, which may be what comes next.
      ...(claim === asked.tenant.settings.claim ? {} : { claim }),
      locale: languages(asked).find((one) => one === typed.text('locale')) ?? null,
      template: /^[\w-]{1,60}$/.exec(typed.text('template'))?.[0] ?? null,
      skipInfo: typed.has('skip_info'),
      skipQr: typed.has('skip_qr'),
      storeSecrets: typed.has('store_secrets'),
      mail: typed.has('mail'),
      headless: typed.has('headless'),
      httpHosts: lines('http_hosts', /,/),
    },
  };
}

function languages({ platform }: AskedOfApp): string[] {
  return ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'pt'].filter((one) => platform.languages.isSpoken(one));
}

/** Whoever sees some apps only chooses no other identity than the app's own. */
async function choosable({ platform, tenant, who }: AskedOfApp) {
  const all = await listIdentities(platform);
  return who.operator.apps ? all.filter(({ id }) => id === tenant.identity) : all;
}

class ChangedMeanwhile extends Error {
  readonly before: TenantInfo;
  constructor(before: TenantInfo) {
    super('changed meanwhile');
    this.before = before;
  }
}

function asFlat(change: TenantChange): Partial<TenantInfo> {
  return {
    appName: change.name ?? '',
    supportEmail: change.supportEmail ?? null,
    returnUrls: change.returnUrls ?? [],
    defaultReturnUrl: change.defaultReturnUrl ?? null,
    identity: change.identity ?? null,
  };
}

function linesOf(tenant: TenantInfo): [string, string][] {
  const { settings: now } = tenant;
  return [
    ['Name', tenant.appName],
    ['Support address', tenant.supportEmail ?? ''],
    ['Return URLs', tenant.returnUrls.join('  ')],
    ['Default return URL', tenant.defaultReturnUrl ?? ''],
    ['Hosts without TLS', now.httpHosts.join(', ')],
    ['Claim', now.claim],
    ['Identity', tenant.identity ?? ''],
    ['Language', now.locale ?? ''],
    ['Template', now.template ?? ''],
    ['Skip the first screen', now.skipInfo ? 'yes' : 'no'],
    ['Skip the QR code', now.skipQr ? 'yes' : 'no'],
    ['Login may be kept', now.storeSecrets ? 'yes' : 'no'],
    ['Mail to people', now.mail ? 'yes' : 'no'],
    ['Headless', now.headless ? 'yes' : 'no'],
  ];
}

/** Stands for everything the form shows: whoever sends another one saw something else. */
function versionOf(tenant: TenantInfo): string {
  return createHash('sha256')
    .update(JSON.stringify(linesOf(tenant)))
    .digest('base64url')
    .slice(0, 22);
}
