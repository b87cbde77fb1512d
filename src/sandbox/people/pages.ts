import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Consent } from '../store.ts';
import { type Bank, findPerson } from '../world/banks.ts';
import { html, type Markup } from './markup.ts';

const STYLE = `
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,sans-serif;background:#f3f4f6;color:#1c2024}
.pretend{margin:0;background:#fff3bf;color:#3d3000;padding:.5rem 1rem;text-align:center;font-weight:600;border-bottom:2px dashed #8a6d00}
header{background:var(--bank);color:#fff}
header .bank,main,footer{max-width:34rem;margin:0 auto}
header .bank{font-size:1.25rem;font-weight:700;padding:1rem}header a{color:#fff;text-decoration:none}
main{background:#fff;margin-top:1.5rem;padding:1.5rem;border-radius:.75rem;overflow-wrap:anywhere;box-shadow:0 1px 3px #0002}
h1{margin-top:0;font-size:1.35rem}h2{font-size:1.1rem}
label{display:block;font-weight:600;margin:.75rem 0 .25rem}
input[type=text],input[type=password]{width:100%;font:inherit;padding:.6rem;border:1px solid #6b7280;border-radius:.4rem}
select{max-width:100%}fieldset{border:1px solid #9ca3af;border-radius:.5rem;margin:1rem 0}.tick label{display:inline;font-weight:400;margin-left:.4rem}
button,.button{font:inherit;font-weight:600;padding:.65rem 1.2rem;border-radius:.5rem;border:2px solid var(--bank);cursor:pointer;margin:.75rem .5rem 0 0;display:inline-block;text-decoration:none}
button,.button{background:var(--bank);color:#fff}button.plain{background:#fff;color:var(--bank)}
:focus-visible{outline:3px solid #1c2024;outline-offset:2px}
.error{border-left:4px solid #b00020;background:#fdecee;color:#7a0016;padding:.6rem .8rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .75rem .35rem 0;vertical-align:top}
footer{padding:1rem;font-size:.9rem;color:#4b5563}footer a{color:#374151}main a{color:var(--bank)}main a.button{color:#fff}
`;

/** A whole page of a bank. `bank` is undefined for pages about all of them. */
export type Page = { title: string; body: Markup; bank?: Bank | undefined; status?: number };

/** Writes a page: no scripts, nothing from elsewhere, one style whose hash the policy names. */
export function sendPage(response: ServerResponse, { title, body, bank, status = 200 }: Page): void {
  const style = `:root{--bank:${bank?.colour ?? '#374151'}}${STYLE}`;
  const hash = createHash('sha256').update(style).digest('base64');
  const language = 'en';
  const name = bank?.name ?? 'Pretend banks';
  const page = html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – ${name}</title><link rel="icon" href="data:,">`;
  const content = html`</head><body>
<header><p class="pretend" id="pretend">This is a pretend bank for trying things out. No real money, no real people.</p>
<p class="bank"><a href="/">${name}</a></p></header>
<main><h1>${title}</h1>${body}</main>
<footer>${bank ? html`<a href="/consents">My consents</a> · <a href="/phone">Phone</a>` : ''}</footer>
</body></html>`;
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    // No form-action: an approval is a form that ends in a redirect to whoever asked, and on to whoever they send to.
    'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; frame-ancestors 'none'; base-uri 'none'`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(`${page.text}<style>${style}</style>${content.text}`);
}

/** Sends the browser on with GET. */
export function sendOn(response: ServerResponse, address: string, cookie?: string | readonly string[]): void {
  response.writeHead(303, {
    location: address,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    ...(cookie ? { 'set-cookie': typeof cookie === 'string' ? cookie : [...cookie] } : {}),
  });
  response.end();
}

/** A message of what went wrong, read out by screen readers; nothing when all is well. */
export const problem = (text: string | undefined): Markup | undefined =>
  text ? html`<p class="error" id="error" role="alert">${text}</p>` : undefined;

/** Who has approved already, where two people have to. */
export const signedBefore = (bank: Bank, { status, person }: Consent): Markup | undefined =>
  status === 'partiallyAuthorised'
    ? html`<p class="signed">${findPerson(bank, person)?.name} has approved this already. Now you have to, too.</p>`
    : undefined;

/** The form in which a person logs in, with this bank's test logins below it. */
export function loginForm(bank: Bank, action: string, wrong?: string): Markup {
  return html`${problem(wrong)}
<form method="post" action="${action}" id="login">
<label for="username">Username</label><input type="text" id="username" name="username" autocomplete="off" autocapitalize="none" required>
<label for="password">Password</label><input type="password" id="password" name="password" autocomplete="off" required>
<button type="submit" id="log-in">Log in</button></form>
<h2>Test logins</h2>
<table id="test-logins"><tr><th scope="col">Username</th><th scope="col">Password</th><th scope="col">Who</th></tr>
${bank.people.map((person) => html`<tr><td>${person.login}</td><td>${person.password}</td><td>${person.name}: ${person.note}</td></tr>`)}</table>`;
}
