import type { Balance, BankAccount, Transaction } from './drawbridge.ts';

/** An account with what was read for it. */
export type Sheet = { account: BankAccount; balances: Balance[]; transactions: Transaction[] };
/** What the overview shows: the accounts, and what to say on top, if anything. */
export type Overview = { sheets: Sheet[]; notice?: { text: string; kind: 'good' | 'bad' } };

/** The app's only page. */
export function overviewPage({ sheets, notice }: Overview): string {
  const body = sheets.length === 0 ? welcome() : accounts(sheets);
  return layout(`${notice ? `<p class="notice ${notice.kind}" role="status">${asText(notice.text)}</p>` : ''}${body}`);
}

function welcome(): string {
  return `<section class="welcome">
    <h1>All your money on one page</h1>
    <p>Demo Books shows what is in your accounts and where it goes. Connect your bank once; you can end it any time.</p>
    ${connectButton('Connect your bank')}
    <p class="small">Demo Books never sees your banking password. Drawbridge asks your bank, and only for reading.</p>
  </section>`;
}

function accounts(sheets: Sheet[]): string {
  return `<header class="row"><h1>Your accounts</h1>${connectButton('Connect another bank')}</header>
    ${sheets.map(sheetMarkup).join('')}`;
}

function sheetMarkup({ account, balances, transactions }: Sheet): string {
  const balance = balances.find(({ type }) => type === 'booked') ?? balances[0];
  const { iban, masked_pan, account_number } = account.identification;
  return `<article>
    <header class="row">
      <div><h2>${asText(account.name ?? 'Account')}</h2>
        <p class="small">${asText([grouped(iban ?? masked_pan ?? account_number ?? ''), words(account.account_type)].filter(Boolean).join(' · '))}</p></div>
      <p class="balance">${balance ? asText(money(balance.amount, balance.currency)) : '–'}</p>
    </header>
    ${account.stale_since ? `<p class="small">Not read since ${asText(account.stale_since.slice(0, 10))}.</p>` : ''}
    ${transactions.length === 0 ? '<p class="small">No transactions yet.</p>' : `<ul>${transactions.map(entryMarkup).join('')}</ul>`}
    <form method="post" action="/disconnect"><input type="hidden" name="consent" value="${asText(account.consent)}">
      <button class="quiet"${account.stale_since ? ' disabled' : ''}>Disconnect</button></form>
  </article>`;
}

function entryMarkup(entry: Transaction): string {
  const out = entry.amount.startsWith('-');
  return `<li>
    <span class="day">${asText(day(entry.booked_on ?? entry.value_on))}</span>
    <span class="what"><b dir="auto">${asText(entry.counterparty?.name ?? entry.description)}</b>
      <span class="small" dir="auto">${entry.status === 'pending' ? 'pending · ' : ''}${asText(entry.description)}</span></span>
    <span class="${out ? 'out' : 'in'}">${asText(money(entry.amount, entry.currency))}</span>
  </li>`;
}

function connectButton(label: string): string {
  return `<form method="post" action="/connect"><button>${label}</button></form>`;
}

function layout(body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Demo Books – a demo app</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css">
    <nav><a href="/">Demo Books</a><span class="tag">demo app</span></nav><main>${body}</main></html>`;
}

function money(amount: string, currency: string): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).format(amount as Intl.StringNumericLiteral);
}

function day(text: string | null): string {
  if (!text) return '';
  return new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(text));
}

function grouped(text: string): string {
  return text.replace(/(.{4})(?=.)/g, '$1 ');
}

function words(text: string): string {
  return text.replaceAll('_', ' ');
}

/** Whatever comes from elsewhere is text, never markup. */
function asText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The page's style. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #17211b; --soft: #5d6b62; --paper: #f5f7f4; --card: #fff; --line: #e1e7e1; --leaf: #1f7a4d; --on-leaf: #fff; --bad: #a6282b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9efe9; --soft: #a1afa5; --paper: #111613; --card: #1a211c; --line: #2c362f; --leaf: #5cc48e; --on-leaf: #0c1510; --bad: #ff9a9a; } }
* { box-sizing: border-box; margin: 0; }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
nav, main { max-width: 46rem; margin-inline: auto; padding: 1.25rem; }
nav { display: flex; align-items: center; gap: .75rem; }
nav a { font-weight: 700; font-size: 1.15rem; color: var(--leaf); text-decoration: none; }
.tag { font-size: .75rem; padding: .1rem .5rem; border: 1px solid var(--line); border-radius: 1rem; color: var(--soft); }
.welcome { padding-block: 12vh 4rem; max-width: 34rem; }
h1 { font-size: clamp(1.6rem, 5vw, 2.4rem); line-height: 1.15; letter-spacing: -.02em; }
.welcome p { margin-block: 1rem; } h2 { font-size: 1.05rem; }
.small { color: var(--soft); font-size: .875rem; }
.row { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .75rem; }
article { margin-block-start: 1.25rem; padding: 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem; }
.balance { font-size: 1.35rem; font-weight: 650; font-variant-numeric: tabular-nums; }
ul { list-style: none; padding: 0; margin-block: 1rem; }
li { display: grid; grid-template-columns: 4rem 1fr auto; gap: .75rem; padding-block: .55rem; border-block-start: 1px solid var(--line); }
.what { min-width: 0; } .what b { font-weight: 550; } .what > * { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.day { color: var(--soft); font-size: .875rem; } .in, .out { font-variant-numeric: tabular-nums; } .in { color: var(--leaf); }
button { font: inherit; font-weight: 600; padding: .7rem 1.3rem; border: 0; border-radius: .7rem; background: var(--leaf); color: var(--on-leaf); cursor: pointer; }
button.quiet { padding: .35rem .8rem; font-weight: 500; font-size: .875rem; background: none; color: var(--soft); border: 1px solid var(--line); }
button:disabled { opacity: .5; cursor: default; } :focus-visible { outline: 3px solid var(--leaf); outline-offset: 2px; }
.notice { padding: .8rem 1rem; border-radius: .7rem; border: 1px solid var(--leaf); margin-block-end: 1.25rem; } .notice.bad { border-color: var(--bad); color: var(--bad); }
`;
