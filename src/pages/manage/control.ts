import type { ControlledRow } from '../../platform/customers/control/control.ts';
import { CONTROL_PATH } from '../../platform/customers/mail/mail.ts';
import { nameMonogram } from '../design/marks.ts';
import { html, localPath, type Markup } from '../markup.ts';
import { page, type Page, type Told, writeTo } from './layout.ts';

/** A consent with the name of its bank. */
export type Controlled = ControlledRow & { bank: string };

/** Asks for the address to mail a link to. `note` says why one is here again. */
export function askPage(told: Told, note?: { tone: 'error' | 'plain'; text: string }, status = 200): Page {
  const { control } = told.own;
  const said =
    note &&
    html`<div class="note ${note.tone === 'error' ? 'error' : ''}" role="${note.tone === 'error' ? 'alert' : 'status'}"><p>${note.text}</p></div>`;
  const main = html`${said}<p>${control.ask}</p>
<form method="post" action="${localPath(CONTROL_PATH)}"><input type="hidden" name="do" value="ask"><input type="hidden" name="locale" value="${told.speech.locale}">
<div class="field"><label for="email">${control.email}</label><input type="email" id="email" name="email" autocomplete="email" maxlength="254" required></div>
<p class="buttons"><button class="button primary">${control.send}</button></p></form>`;
  return page(told, control.title, main, { status, languages: CONTROL_PATH });
}

/** The same for every address, known or not. */
export function sentPage(told: Told): Page {
  const { control } = told.own;
  return page(told, control.sentTitle, html`<p>${control.sent}</p>`);
}

/** Where no mail can be sent, there is still somebody to write to. */
export function noMailPage(told: Told): Page {
  const { control } = told.own;
  const { supportEmail } = told.operator;
  return page(
    told,
    control.title,
    html`<p>${control.noMail}</p>${supportEmail && html`<p>${writeTo(supportEmail)}</p>`}`,
  );
}

/** Everything an address has allowed. */
export function allowedPage(told: Told, allowed: Controlled[], options: { ended?: string; csrf: string }): Page {
  const { control } = told.own;
  const said =
    options.ended !== undefined &&
    html`<div class="note good" role="status"><p>${control.ended(options.ended)}</p></div>`;
  const list = html`<div class="allowed">${allowed.map((one) => allowedMarkup(told, one, options.csrf, 'ask'))}</div>`;
  const main = html`${said}<p>${allowed.length > 0 ? control.lead : control.none}</p>${allowed.length > 0 && list}`;
  return page(told, control.title, main, { languages: CONTROL_PATH });
}

/** Ending is asked once more: it says what happens to what was read. */
export function surePage(told: Told, one: Controlled, csrf: string): Page {
  const { control } = told.own;
  const { overview } = told.speech.words;
  const erase = one.supportEmail ?? told.operator.supportEmail;
  const main = html`<p>${overview.sureText(one.app)}</p>${erase && html`<p>${control.erase(erase)}</p>`}${allowedMarkup(told, one, csrf, 'sure')}
<p><a href="${localPath(CONTROL_PATH)}">${control.all}</a></p>`;
  return page(told, control.sureTitle(one.app), main);
}

function allowedMarkup({ speech, own }: Told, one: Controlled, csrf: string, act: 'ask' | 'sure'): Markup {
  const { words, formats } = speech;
  const fact = (term: string, value: string) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`;
  const scopes = one.scopes.map(
    (scope) => words.overview.shortScopes[scope as keyof typeof words.overview.shortScopes],
  );
  const facts = [
    fact(own.receipt.bank, one.bank),
    fact(words.overview.reads, formats.list(scopes)),
    fact(words.overview.since, formats.day(one.authorizedAt)),
    one.until && fact(words.overview.until, formats.day(one.until)),
    one.reconfirmBy && fact(words.overview.reconfirm, formats.day(one.reconfirmBy)),
  ];
  const [label, look] = act === 'ask' ? [words.overview.revoke, ''] : [words.overview.sure, ' danger'];
  const receipt = localPath(`${CONTROL_PATH}/receipt/${one.consent}`);
  const spoken = html`<span class="spoken">: ${one.app}, ${one.bank}</span>`;
  return html`<section class="link"><h2>${nameMonogram(one.app)}<bdi>${one.app}</bdi>${one.mode === 'test' && html`<span class="badge warning">${words.page.testLabel}</span>`}</h2><dl>${facts}</dl>
<form method="post" action="${localPath(CONTROL_PATH)}"><input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="consent" value="${one.consent}">
<p class="buttons"><button class="button${look}" name="do" value="${act === 'ask' ? 'revoke' : 'sure'}">${label}${spoken}</button>${act === 'ask' && html`<a class="button quiet" href="${receipt}">${own.receipt.link}${spoken}</a>`}</p></form></section>`;
}
