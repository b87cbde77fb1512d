import type { BankFace, PageContext } from '../../platform/sessions/screen.ts';
import type { Look } from '../../platform/apps/templates/look.ts';
import { html, imageData, localPath, type Markup, mailAddress, refreshAfter, webAddress } from '../markup.ts';
import { icon, nameMonogram } from '../design/marks.ts';
import { type Speech, SPOKEN } from '../words/index.ts';
import { bankFaceMarkup, bridgeMarkup } from './drawings/face.ts';
import { INLINED } from './inlined.ts';

/** Where the guide in plain words lives. */
export const HELP_PATH = '/connect/help';

/** What the frame of every page says. */
export type Frame = {
  speech: Speech;
  title: string;
  app?: PageContext['app'];
  operator: PageContext['operator'];
  test: boolean;
  reference: string;
  bank?: BankFace;
  at?: number;
  /** Names this state of this visit: a waiting page replaces itself when it differs. */
  state: string;
  poll?: { afterMs: number; still?: true };
  /** Where the server tells that the visit has moved. */
  live?: string;
  /** Goes on to this address by itself. */
  forward?: { url: string; afterMs: number } | undefined;
  tip?: string;
  /** An app's template: its style, and what it shows beside our words. */
  look?: Pick<Look, 'logo' | 'header' | 'footer'> & { style: Markup };
  /** Where this page stands: the address that its other languages have, too. */
  path?: string;
  main: Markup;
};

/** A whole document. */
export function documentMarkup(frame: Frame): string {
  const { words, locale, direction } = frame.speech;
  const title = frame.app ? `${frame.title} – ${frame.app.name}` : frame.title;
  const page = html`<!doctype html>
<html lang="${locale}" dir="${direction}"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">
<link rel="icon" href="data:,">${INLINED.markup}${frame.look?.style}${withoutScripts(frame)}</head>
<body data-offline="${words.page.offline}" data-sent="${words.page.sent}"><a class="skip" href="#main">${words.page.skip}</a>
${frame.test && html`<section class="test" aria-label="${words.page.testLabel}">${words.page.test}</section>`}<div class="page" id="page" data-state="${frame.state}"${pollMark(frame)}>
<div class="sheet">${header(frame)}<main id="main" tabindex="-1">${frame.main}</main></div>
${aside(frame)}</div>
<p class="live" id="live" role="status"></p>
${footer(frame)}</body></html>
`;
  return page.toString();
}

function pollMark({ poll, live }: Frame): Markup | undefined {
  return poll && html` data-poll="${Math.round(poll.afterMs)}"${live !== undefined && html` data-live="${live}"`}`;
}

/** Waiting and going on for browsers without scripts. A `noscript` keeps it from fighting with the script. */
function withoutScripts({ poll, forward }: Frame): Markup | undefined {
  const to = forward && webAddress(forward.url);
  if (to)
    return html`<noscript><meta http-equiv="refresh" content="${refreshAfter(forward.afterMs / 1000 + 1, to)}"></noscript>`;
  if (!poll || poll.still) return undefined;
  return html`<noscript><meta http-equiv="refresh" content="${refreshAfter(Math.max(5, poll.afterMs / 1000))}"></noscript>`;
}

function header({ app, bank, at, look, speech: { words } }: Frame): Markup | undefined {
  if (!app) return undefined;
  const logo = look?.logo && imageData(look.logo.mediaType, look.logo.base64);
  const name = at === undefined ? undefined : words.page.steps[at - 1];
  const far = bank ? bankFaceMarkup(bank) : html`<span class="face none"></span>`;
  const where = at !== undefined && name !== undefined && words.page.step(at, words.page.steps.length, name);
  return html`<header class="way">${look?.header && html`<p class="theirs">${look.header}</p>`}<p class="span">${logo ? html`<img class="logo" src="${logo}" alt="">` : nameMonogram(app.name)}${at !== undefined && [bridgeMarkup(at), far]}</p><p class="names"><bdi>${app.name}</bdi><span class="where">${where}</span><bdi>${at !== undefined && bank?.name}</bdi></p></header>
`;
}

function aside(frame: Frame): Markup | undefined {
  const { words } = frame.speech;
  const { app, operator, tip } = frame;
  if (!tip) return undefined;
  return html`<aside>${
    app &&
    html`<section><h2>${words.how.title}</h2><ul class="how"><li>${icon('eye')}<span>${words.how.read}</span></li><li>${icon('lock')}<span>${words.how.secret(app.name)}</span></li><li>${icon('stop')}<span>${words.how.stop}</span></li></ul></section>`
  }<details class="help"><summary>${words.help.title}</summary><p>${tip}</p><p>${helpLink(frame)}</p>${
    app?.supportEmail && html`<p>${words.help.contact(app.name)} ${mailLink(app.supportEmail)}</p>`
  }${operator.supportEmail && html`<p>${words.help.operator(operator.name)} ${mailLink(operator.supportEmail)}</p>`}</details></aside>
`;
}

function footer(frame: Frame): Markup {
  const { words } = frame.speech;
  const { operator } = frame;
  return html`<footer>${frame.look?.footer && html`<p>${frame.look.footer}</p>`}<p>${words.page.run(operator.name)}</p><ul>${outside(operator.privacyUrl, words.page.privacy)}${outside(operator.termsUrl, words.page.terms)}<li>${helpLink(frame, words.help.title)}</li><li>${words.page.reference} <code>${frame.reference}</code></li></ul>${languages(frame)}</footer>`;
}

/** Every language by its own name: whoever cannot read this page finds theirs. */
function languages({ path, speech }: Frame): Markup | undefined {
  if (path === undefined) return undefined;
  const [at = '', query] = path.split('?');
  const others = SPOKEN.filter(({ language }) => language !== speech.language).map(({ language, name }) => {
    const parameters = new URLSearchParams(query);
    parameters.set('locale', language);
    return html`<li><a href="${localPath(`${at}?${parameters}`)}" hreflang="${language}" lang="${language}">${name}</a></li>`;
  });
  return html`<details class="tongues"><summary><span class="spoken">${speech.words.page.language}: </span>${speech.words.name}</summary><ul>${others}</ul></details>`;
}

function helpLink({ speech }: Frame, label = speech.words.help.guide): Markup {
  return html`<a href="${localPath(`${HELP_PATH}?locale=${speech.locale}`)}" target="_blank" rel="noopener">${label}<span class="spoken"> (${speech.words.page.newTab})</span></a>`;
}

function outside(url: string | undefined, label: string): Markup | undefined {
  const address = url === undefined ? undefined : webAddress(url);
  return address && html`<li><a href="${address}" target="_blank" rel="noopener noreferrer">${label}</a></li>`;
}

/** An address to write to; as plain text where it is not one. */
export function mailLink(email: string): Markup {
  const address = mailAddress(email);
  return address ? html`<a href="${address}">${email}</a>` : html`${email}`;
}
