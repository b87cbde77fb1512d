import type { PageContext } from '../../platform/sessions/screen.ts';
import { securityHeaders } from '../headers.ts';
import { html, localPath, type Markup } from '../markup.ts';
import { speechFor, type Words } from '../words/index.ts';
import { INLINED } from './inlined.ts';
import { documentMarkup, mailLink } from './layout.ts';

/** Pages that belong to no screen of a visit. */
export type OwnPage = keyof Words['own'] | 'help';

/** What such a page may know; the less, the better. */
export type OwnPageContext = Pick<PageContext, 'locale' | 'operator' | 'reference'> & {
  app?: PageContext['app'];
  test?: boolean;
  /** Clean path to try again at, where trying again makes sense. */
  retryPath?: string;
  /** After so many seconds it may be tried again. */
  retryAfterS?: number;
  /** Clean path this page stands at, where it can be shown again in another language. */
  path?: string;
  /** The query parameter that is not understood. */
  option?: string;
  /** Digits to type in the browser the visit began in. */
  digits?: string;
};

/** A finished answer: what to send, with which status and headers. */
export type OwnAnswer = { status: number; html: string; headers: Record<string, string> };

const STATUS: Record<OwnPage, number> = {
  unknown_link: 404,
  new_consent: 409,
  expired: 410,
  finished: 410,
  canceled: 410,
  other_browser: 403,
  no_cookie: 403,
  open_link_again: 403,
  unknown_return: 410,
  handing_over: 200,
  bad_option: 400,
  qr_over: 410,
  not_me: 200,
  bad_request: 400,
  rate_limited: 429,
  server_error: 500,
  database_away: 503,
  help: 200,
};

/** A page without a visit: says what is the matter and what to do. */
export function ownPage(page: OwnPage, context: OwnPageContext): OwnAnswer {
  const speech = speechFor(context.locale);
  const { words } = speech;
  const [title, main] = page === 'help' ? [words.guide.title, guide(context, words)] : told(page, context, words);
  const waits = page === 'database_away' && context.retryPath !== undefined;
  const frame = {
    speech,
    title,
    ...(context.app ? { app: context.app } : {}),
    operator: context.operator,
    test: context.test ?? false,
    reference: context.reference,
    state: page,
    ...(waits ? { poll: { afterMs: (context.retryAfterS ?? 5) * 1000 } } : {}),
    ...(page === 'help' ? {} : { tip: words.help.tips.other }),
    ...(context.path ? { path: context.path } : {}),
    main,
  };
  return {
    status: STATUS[page],
    html: documentMarkup(frame),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-language': speech.locale,
      ...securityHeaders(INLINED.sources),
      ...(context.retryAfterS === undefined ? {} : { 'retry-after': String(Math.ceil(context.retryAfterS)) }),
    },
  };
}

function told(page: Exclude<OwnPage, 'help'>, context: OwnPageContext, words: Words): [string, Markup] {
  const [title, text] = words.own[page];
  const main = html`<h1>${title}</h1><p>${text}</p>${
    page === 'handing_over' && html`<form method="post" data-fragment><input type="hidden" name="fragment"></form>`
  }${
    context.option && html`<p>${words.ownOption(context.option.slice(0, 50))}</p>`
  }${context.digits && html`<p>${words.ownDigits}</p><p class="digits">${context.digits}</p>`}${
    context.retryPath &&
    html`<p class="go"><a class="button primary" href="${localPath(context.retryPath)}">${words.ownRetry}</a></p>`
  }`;
  return [title, main];
}

function guide({ app, operator }: OwnPageContext, words: Words): Markup {
  const topics = words.guide.topics.map(
    ({ question, answer }) =>
      html`<details class="section"><summary><span class="heading">${question}</span></summary><ul>${answer.map((line) => html`<li>${line}</li>`)}</ul></details>`,
  );
  const mails = [
    app?.supportEmail && html`<p>${words.help.contact(app.name)} ${mailLink(app.supportEmail)}</p>`,
    operator.supportEmail && html`<p>${words.help.operator(operator.name)} ${mailLink(operator.supportEmail)}</p>`,
  ].filter(Boolean);
  return html`<h1>${words.guide.title}</h1><p>${words.guide.lead}</p><div class="consent guide">${topics}</div>${
    mails.length > 0 && html`<h2>${words.guide.contact}</h2><p>${words.guide.contactText}</p>${mails}`
  }<p class="quiet">${words.guide.back}</p>`;
}
