import { ACCOUNT_TYPES, type AccountType } from '../../banking/account.ts';
import type { Operator } from '../../platform/platform.ts';
import type { InterfaceStatus, ProviderStatus } from '../../platform/syncs/status.ts';
import { inline } from '../design/inline.ts';
import { monogram } from '../design/marks.ts';
import { html, localPath, type Markup } from '../markup.ts';
import { type Speech, speechFor } from '../words/index.ts';
import { STATUS_WORDS, type StatusWords } from '../words/status.ts';

/** Style of the page of banks' health; it has no script. */
export const STATUS_INLINED = inline([new URL('status.css', import.meta.url)], []);

/** Where it is. */
export const STATUS_PATH = '/status';

/** Which banks are looked at. */
export type StatusFilter = { q: string; country?: string; type?: AccountType };

/** What the page shows. `next` leads to more. */
export type StatusShown = {
  filter: StatusFilter;
  countries: readonly string[];
  banks: readonly ProviderStatus[];
  next?: string;
};

/** The page: a function of what is known. Works without scripts. */
export function statusPage(shown: StatusShown, locale: string, operator: Operator): string {
  const speech = speechFor(locale);
  const words = STATUS_WORDS[speech.language] ?? STATUS_WORDS.en!;
  const { banks, next } = shown;
  const list = html`<ul class="banks">${banks.map((bank) => bankMarkup(bank, speech, words))}</ul>`;
  const page = html`<!doctype html>
<html lang="${speech.locale}" dir="${speech.direction}"><head><meta charset="utf-8"><title>${words.title} – ${operator.name}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">${STATUS_INLINED.markup}</head>
<body><main class="status" id="main"><div><h1>${words.title}</h1><p>${words.lead}</p></div>
${filterMarkup(shown, speech, words)}
<p role="status" class="spoken">${words.found(banks.length)}</p>${banks.length > 0 ? list : html`<p>${words.none}</p>`}
${next && html`<p><a class="button" href="${localPath(next)}">${words.more}</a></p>`}</main></body></html>
`;
  return page.toString();
}

function filterMarkup({ filter, countries }: StatusShown, speech: Speech, words: StatusWords): Markup {
  const option = (value: string, label: string, chosen: boolean) =>
    html`<option value="${value}"${chosen && html` selected`}>${label}</option>`;
  const places = countries.map((code) => option(code, speech.formats.country(code), code === filter.country));
  const kinds = ACCOUNT_TYPES.map((type) => option(type, speech.words.accountType[type], type === filter.type));
  return html`<form class="filter" action="${localPath(STATUS_PATH)}" method="get">
<div class="field"><label for="q">${words.search}</label><input id="q" name="q" value="${filter.q}" maxlength="100"></div>
<div class="field"><label for="country">${words.country}</label><select id="country" name="country">${option('', words.anyCountry, !filter.country)}${places}</select></div>
<div class="field"><label for="type">${words.type}</label><select id="type" name="account_type">${option('', words.anyType, !filter.type)}${kinds}</select></div>
<button class="button primary">${words.show}</button></form>`;
}

function bankMarkup({ provider, interfaces }: ProviderStatus, speech: Speech, words: StatusWords): Markup {
  const { text, hue } = provider.monogram;
  const ways = provider.interfaces.map((way, index) => {
    const types = speech.formats.list(way.accountTypes.map((type) => speech.words.accountTypes[type]));
    const sca = speech.formats.list(way.sca.map((approach) => words.sca[approach]));
    return wayMarkup(interfaces[index]!, `${types} · ${sca}`, speech, words);
  });
  return html`<li><h2>${monogram(text, hue)}<bdi>${provider.name}</bdi><small>${speech.formats.country(provider.country)}</small></h2>${ways.length > 0 ? ways : html`<p class="quiet">${words.noWay}</p>`}</li>`;
}

const TONES = { good: 'good', troubled: 'warning', down: 'error' } as const;

function wayMarkup(status: InterfaceStatus, what: string, speech: Speech, words: StatusWords): Markup {
  const percent = new Intl.NumberFormat(speech.locale, { style: 'percent', maximumFractionDigits: 2 });
  const bad = status.days.filter(({ away }) => away > 0);
  const said = bad.map(({ day, away }) => words.away(speech.formats.day(day), percent.format(away)));
  const isKnown = status.days.some(({ called, away }) => called || away > 0);
  const bars = status.days.map(({ away, called }, index) => {
    const look = away > 0 ? (away < 0.5 ? 'part' : 'down') : called ? 'up' : 'unknown';
    return html`<rect class="${look}" x="${index * 8}" y="0" width="6" height="20" rx="1.500"/>`;
  });
  const share =
    bad.length > 0 ? words.available(percent.format(Math.floor(status.available * 10_000) / 10_000)) : undefined;
  const summary = said.length > 0 ? said.join('; ') : isKnown ? words.untroubled : words.uncalled;
  const badge = isKnown
    ? html`<span class="badge ${TONES[status.now]}">${words.now[status.now]}</span>`
    : html`<span class="badge">${words.uncalled}</span>`;
  return html`<div class="way"><p>${what}</p><svg class="days" viewBox="0 0 238 20" preserveAspectRatio="none" role="img" aria-label="${summary}">${bars}</svg><p>${badge} <span class="quiet">${share}</span></p></div>`;
}
