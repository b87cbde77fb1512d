import { html, localPath, type Markup } from '../markup.ts';
import type { Answer, Asked } from './asked.ts';
import { baseOf } from './asked.ts';
import { DONE } from './done.ts';
import { form, link, note } from './parts.ts';
import { SCRIPT_PATH, STYLE_PATH } from './assets.ts';

/** What the frame of a page needs; without `asked` nobody is in. */
export type Frame = { title: string; main: Markup; operatorName: string; reference: string; script?: boolean };

const APP_SECTIONS: readonly [path: string, label: string][] = [
  ['', 'Overview'],
  ['/customers', 'People'],
  ['/consents', 'Consents'],
  ['/log', 'Log'],
  ['/webhooks', 'Webhooks'],
  ['/pictures', 'Pictures'],
  ['/keys', 'Keys'],
  ['/settings', 'Settings'],
];

/** A whole page for somebody who is in. */
export function pageOf(asked: Asked, answer: Extract<Answer, { kind: 'page' }>): string {
  const done = DONE[asked.query.done ?? ''];
  const main = html`${done && note('good', done)}${asked.problem && !asked.problem.errors && note('error', asked.problem.message)}${answer.main}`;
  const bar = html`<header class="bar">${link('/dashboard', 'Drawbridge', 'brand')}<nav aria-label="Main">${mainLinks(asked)}</nav><form class="find" role="search" action="${localPath('/dashboard/find')}"><label class="spoken" for="find">Find by id or reference</label><input id="find" type="search" name="q" placeholder="Any id or reference" autocomplete="off" maxlength="200"></form><div class="me">${link('/dashboard/me', asked.who.operator.name)}${form(asked, '/dashboard/leave', html`<button class="plain">Sign out</button>`)}</div></header>`;
  return documentOf(
    {
      title: answer.title,
      main,
      operatorName: asked.platform.operator.name,
      reference: asked.requestId,
      ...(answer.script ? { script: true } : {}),
    },
    bar,
    asked.tenant && appBar(asked, answer.section ?? ''),
  );
}

/** A whole page of its own, for somebody who is not in. */
export function documentOf(frame: Frame, bar?: Markup, side?: Markup): string {
  return `${html`<!doctype html>
<html lang="en" dir="ltr"><head><meta charset="utf-8"><title>${frame.title} – Drawbridge</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">
<link rel="icon" href="data:,"><link rel="stylesheet" href="${localPath(STYLE_PATH)}">${frame.script && html`<script type="module" src="${localPath(SCRIPT_PATH)}"></script>`}</head>
<body class="${bar ? 'in' : 'out'}"><a class="skip" href="#main">Skip to the content</a>
${bar}<div class="${side ? 'below' : 'alone'}">${side}<main id="main" tabindex="-1">${frame.main}</main></div>
<footer class="foot">${frame.operatorName} · times are UTC · <code>${frame.reference}</code></footer></body></html>
`}`;
}

function mainLinks(asked: Asked): Markup {
  const links: [string, string, boolean][] = [
    ['/dashboard', 'Apps', true],
    ['/dashboard/providers', 'Providers', true],
    ['/dashboard/identities', 'Identities', true],
    ['/dashboard/team', 'Team', asked.may('team')],
    ['/dashboard/audit', 'Audit', asked.may('audit')],
  ];
  return html`${links.filter(([, , shown]) => shown).map(([path, label]) => here(path, label, isAt(asked.path, path)))}`;
}

function appBar(asked: Asked, section: string): Markup {
  const { tenant } = asked;
  if (!tenant) return html``;
  const base = baseOf({ tenant });
  const other = tenant.mode === 'test' ? 'live' : 'test';
  const sections = [
    ...APP_SECTIONS,
    ...(tenant.mode === 'test' && asked.sandbox ? [['/sandbox', 'Sandbox'] as const] : []),
  ];
  return html`<aside class="side"><p class="app"><b><bdi>${tenant.appName}</bdi></b> <span class="badge${tenant.mode === 'live' && html` warning`}">${tenant.mode}</span></p><nav aria-label="App">${sections.map(([path, label]) => here(`${base}${path}`, label, section === path))}</nav><p class="quiet">${link(`/dashboard/apps/${tenant.app}/${other}${section}`.replace(/\/sandbox$/, ''), `Go to ${other} mode`)}</p></aside>`;
}

function here(path: string, label: string, current: boolean): Markup {
  return html`<a href="${localPath(path)}"${current && html` aria-current="page"`}>${label}</a>`;
}

function isAt(path: string, section: string): boolean {
  if (section === '/dashboard') return path === section || path.startsWith('/dashboard/apps');
  return path === section || path.startsWith(`${section}/`);
}
