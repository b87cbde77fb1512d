import type { Operator } from '../../platform/platform.ts';
import { inline } from '../design/inline.ts';
import { securityHeaders } from '../headers.ts';
import { html, localPath, type Markup, mailAddress, webAddress } from '../markup.ts';
import { type Speech, SPOKEN, speechFor } from '../words/index.ts';
import { type ManageWords, manageWords } from './words/index.ts';

const INLINED = inline([new URL('manage.css', import.meta.url)], []);

/** What these pages speak with: the words of the hosted page and their own. */
export type Told = { speech: Speech; own: ManageWords; operator: Operator };

/** Everything a page of these is made with. */
export function toldIn(locale: string, operator: Operator): Told {
  return { speech: speechFor(locale), own: manageWords(locale), operator };
}

/** A page that is ready to be sent. */
export type Page = { status: number; html: string; headers: Record<string, string> };

/** A whole page around its main part. `languages`: the path it has in other languages, too. */
export function page(
  told: Told,
  title: string,
  main: Markup,
  options: { status?: number; languages?: string; test?: boolean; refresh?: boolean } = {},
): Page {
  const { speech, operator } = told;
  const { words } = speech;
  const document = html`<!doctype html>
<html lang="${speech.locale}" dir="${speech.direction}"><head><meta charset="utf-8"><title>${title} – ${operator.name}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">
<link rel="icon" href="data:,">${INLINED.markup}</head>
<body>${options.test && html`<section class="test" aria-label="${words.page.testLabel}">${words.page.test}</section>`}<div class="page"><main id="main"><h1>${title}</h1>${main}</main>${footer(told, options.languages)}</div></body></html>
`;
  return {
    status: options.status ?? 200,
    html: document.toString(),
    headers: {
      ...securityHeaders(INLINED.sources),
      'content-type': 'text/html; charset=utf-8',
      'content-language': speech.locale,
    },
  };
}

/** Somebody asks more often than people do. */
export function busyPage(told: Told): Page {
  const [title, text] = told.speech.words.own.rate_limited;
  return page(told, title, html`<p>${text}</p>`, { status: 429 });
}

/** An address to write to; as plain text where it is not one. */
export function writeTo(email: string): Markup {
  const address = mailAddress(email);
  return address ? html`<a href="${address}">${email}</a>` : html`${email}`;
}

function footer({ speech: { words, language }, operator }: Told, languages: string | undefined): Markup {
  const outside = (url: string | undefined, label: string) => {
    const address = url === undefined ? undefined : webAddress(url);
    return address && html`<li><a href="${address}" target="_blank" rel="noopener noreferrer">${label}</a></li>`;
  };
  const others =
    languages &&
    html`<ul>${SPOKEN.filter((one) => one.language !== language).map((one) => html`<li><a href="${localPath(`${languages}?locale=${one.language}`)}" hreflang="${one.language}" lang="${one.language}">${one.name}</a></li>`)}</ul>`;
  return html`<footer><p>${words.page.run(operator.name)}</p><ul>${outside(operator.privacyUrl, words.page.privacy)}${outside(operator.termsUrl, words.page.terms)}${operator.supportEmail && html`<li>${writeTo(operator.supportEmail)}</li>`}</ul>${others}</footer>`;
}
