import { createApp, listApps, listKeys } from '../../../platform/apps/apps.ts';
import { listConsents } from '../../../platform/consents/consents.ts';
import { listEndpoints } from '../../../platform/events/endpoints.ts';
import { Problem } from '../../../platform/problems.ts';
import { html, type Markup, type Part } from '../../markup.ts';
import { type Answer, type Asked, type AskedOfApp, baseOf, ofApp, type View } from '../asked.ts';
import { badge, button, code, facts, field, form, heading, link, once, panel, table, theirs, when } from '../parts.ts';
import { stateBadge } from '../words.ts';

/** The start, making an app, and an app's first page. */
export const APP_VIEWS: readonly View[] = [
  { method: 'GET', path: '/dashboard', may: 'look', handle: start },
  { method: 'POST', path: '/dashboard/apps', may: 'set_up', handle: make, again: start },
  { method: 'GET', path: '/dashboard/apps/:app/:mode', may: 'look', handle: ofApp(overview) },
];

async function start(asked: Asked): Promise<Answer> {
  const { apps } = asked.who.operator;
  const all = (await listApps(asked.platform)).filter(({ id }) => !apps || apps.includes(id));
  const rows = all.map((app) => [
    html`<b><bdi>${app.name}</bdi></b>`,
    html`${link(`/dashboard/apps/${app.id}/test`, 'test')} · ${link(`/dashboard/apps/${app.id}/live`, 'live')}`,
    when(app.created_at),
    code(app.id),
  ]);
  const mayMake = asked.may('set_up') && !apps;
  const main = html`${heading('Apps', undefined, 'An app has keys, addresses people return to, and people’s consents – apart for test and live mode.')}${table(
    'Apps',
    ['Name', 'Mode', 'Made', 'Id'],
    rows,
    mayMake ? 'No app yet. Make the first one: it takes a name.' : 'No app yet. An owner or developer can make one.',
  )}${
    mayMake &&
    panel(
      'Make an app',
      form(
        asked,
        '/dashboard/apps',
        html`${field(asked, 'name', 'Name, as people read it', { required: true, max: 100 })}${field(asked, 'support_email', 'Where people who are stuck can write to', { type: 'email', hint: 'Shown on the hosted page. Can follow later.' })}${field(asked, 'return_url', 'Where people return to', { type: 'url', hint: 'Such as https://app.example.com/callback; http://localhost:3000/callback in test mode. Can follow later.' })}${button('Make the app')}`,
      ),
    )
  }`;
  return { kind: 'page', title: 'Apps', main };
}

async function make(asked: Asked): Promise<Answer> {
  const { form: typed, platform, who } = asked;
  if (who.operator.apps)
    throw new Problem('forbidden', 'You see some apps only; an app is made by somebody who sees all.');
  const email = typed.text('support_email');
  const url = typed.text('return_url');
  const made = await createApp(platform, {
    name: typed.text('name'),
    ...(email ? { supportEmail: email } : {}),
    ...(url ? { returnUrls: [url] } : {}),
  });
  await asked.note('app.made', made.app);
  const base = `/dashboard/apps/${made.app}/test`;
  const key = made.keys[0]!.key;
  const main = html`${heading('Your app is made')}${once('Its first test key: shown now and never again', key)}${tryIt(asked, key)}<p class="buttons">${link(base, 'To the app', 'button primary')}${link(`${base}/settings`, 'Its settings', 'button')}</p>`;
  return { kind: 'page', title: 'Your app is made', main };
}

async function overview(asked: AskedOfApp): Promise<Answer> {
  const { platform, tenant, caller } = asked;
  const base = baseOf(asked);
  const [keys, endpoints, consents] = await Promise.all([
    listKeys(platform, tenant.tenant),
    listEndpoints(platform, caller, { limit: 50 }),
    listConsents(platform, caller, { limit: 5 }),
  ]);
  const valid = keys.filter((key) => key.revoked_at === null);
  const steps: [boolean, string, string, Part][] = [
    [valid.length > 0, `${base}/keys`, 'Make a key', `${valid.length} valid`],
    [
      tenant.returnUrls.length > 0,
      `${base}/settings`,
      'Say where people return to',
      `${tenant.returnUrls.length} addresses`,
    ],
    [
      endpoints.rows.length > 0,
      `${base}/webhooks`,
      'Say where to tell what happens',
      `${endpoints.rows.length} endpoints`,
    ],
    ...(tenant.mode === 'live'
      ? [
          [
            tenant.identity !== null,
            `${base}/settings`,
            'Say in whose name banks are asked',
            tenant.identity ?? 'none',
          ] as [boolean, string, string, Part],
        ]
      : []),
    [
      consents.rows.length > 0,
      `${base}/consents`,
      'Ask the first person',
      consents.rows.length ? 'done' : 'none asked yet',
    ],
  ];
  const main = html`${heading(tenant.appName, badge(tenant.mode, tenant.mode === 'live' ? 'warning' : ''))}${panel(
    'Set up',
    table(
      'Steps to set this app up',
      ['Step', 'State', ''],
      steps.map(([done, path, label, now]) => [
        link(path, label),
        done ? badge('done', 'good') : badge('open', 'warning'),
        now,
      ]),
    ),
  )}${panel(
    'Latest consents',
    table(
      'Latest consents',
      ['Consent', 'State', 'Provider', 'Made'],
      consents.rows.map((one) => [
        link(`${base}/consents/${one.id}`, code(one.id)),
        stateBadge(one.status),
        one.provider ?? '–',
        when(one.createdAt),
      ]),
      'Nobody was asked yet.',
    ),
  )}${consents.rows.length === 0 && tenant.mode === 'test' && tryIt(asked, undefined)}${panel(
    'Facts',
    facts([
      ['Id', code(tenant.app)],
      ['Support address', tenant.supportEmail ? theirs(tenant.supportEmail) : 'none'],
      [
        'Default return URL',
        tenant.defaultReturnUrl ? code(tenant.defaultReturnUrl) : 'none: our own confirmation page',
      ],
      ['Claim', tenant.settings.claim],
      ['Made', when(tenant.createdAt)],
    ]),
  )}`;
  return { kind: 'page', title: tenant.appName, main, section: '' };
}

/** What to type next, ready to be pasted. */
function tryIt({ platform }: Asked, key: string | undefined): Markup {
  const line = `curl ${platform.publicUrl}/v1/connect_user_sessions -u ${key ?? '$KEY'}: -d user=anna-1 -d recurring=true`;
  return panel(
    'Try it',
    html`<p>The answer’s <code>url</code> is where to send the person.</p><pre tabindex="0"><code>${line}</code></pre>`,
  );
}
