import { createHash } from 'node:crypto';
import type { Json } from '../../banking/step.ts';
import type { PageContext, Screen } from '../../platform/sessions/screen.ts';
import { securityHeaders } from '../headers.ts';
import { html } from '../markup.ts';
import { lookStyle } from '../design/look.ts';
import { isolated, type Speech, speechFor } from '../words/index.ts';
import { withSentences } from '../words/sentences.ts';
import { blockMarkup } from './blocks.ts';
import { INLINED } from './inlined.ts';
import { viewAsJson } from './json.ts';
import { documentMarkup } from './layout.ts';
import { agree, grant } from './screens/agree.ts';
import { accountType, bank, bankUnavailable, foundWords, intro, results } from './screens/begin.ts';
import { ended, handover, trouble, working } from './screens/outcome.ts';
import { overview } from './screens/overview.ts';
import { carried, phoneDigits, phoneDone, phoneWelcome } from './screens/phone.ts';
import { step } from './screens/step.ts';
import type { Shown, View } from './view.ts';

export { answersScreen, InputRefused, parseInput } from './input.ts';
export { HELP_PATH } from './layout.ts';
export { type OwnAnswer, type OwnPage, type OwnPageContext, ownPage } from './own-pages.ts';

/** A screen as a whole HTML page, and the headers to send with it. Pure: same in, same out. */
export function renderScreen(screen: Screen, context: PageContext): { html: string; headers: Record<string, string> } {
  const speech = speechOf(context);
  const look = context.look && lookStyle(context.look);
  const view = viewOf(screen, { context, speech });
  const around = { context, speech };
  const main = html`<h1>${view.title}</h1>${view.blocks.map((block) => blockMarkup(block, around))}`;
  const page = documentMarkup({
    speech,
    title: view.title,
    app: context.app,
    operator: context.operator,
    test: context.test,
    reference: context.reference,
    ...(view.bank ? { bank: view.bank } : {}),
    ...(view.at === undefined ? {} : { at: view.at }),
    ...(view.poll ? { poll: view.poll, live: `${context.action.split('?')[0]}/live` } : {}),
    forward: forwardOf(view),
    state: stateOf(view, context),
    tip: view.tip,
    path: context.action,
    ...(context.look && look ? { look: { ...context.look, style: look.markup } } : {}),
    main,
  });
  const headers = pageHeaders('text/html; charset=utf-8', look?.source);
  return { html: page, headers: { ...headers, 'content-language': speech.locale } };
}

/** The same screen as JSON, for apps that are allowed to show it themselves. */
export function screenAsJson(screen: Screen, context: PageContext): Json {
  const speech = speechOf(context);
  return viewAsJson(viewOf(screen, { context, speech }), context, speech.locale);
}

/** Only what a search found, as the script of the bank screen asks for it at `<action>/search?q=…`. */
export function renderResults(
  screen: Extract<Screen, { kind: 'bank' }>,
  context: PageContext,
): { html: string; headers: Record<string, string> } {
  const shown: Shown = { context, speech: speechOf(context) };
  const blocks = results(screen, shown).map((result) => blockMarkup(result, shown));
  return {
    html: html`<div data-found="${foundWords(screen, shown)}">${blocks}</div>`.toString(),
    headers: pageHeaders('text/html; charset=utf-8'),
  };
}

/** Our words, with the sentences that the app's template has in its own. */
function speechOf({ locale, look }: PageContext): Speech {
  const speech = speechFor(locale);
  return look?.texts ? { ...speech, words: withSentences(speech.words, look.texts[speech.language]) } : speech;
}

function viewOf(asked: Screen, { context, speech }: Shown): View {
  const screen =
    'bank' in asked && asked.bank ? { ...asked, bank: { ...asked.bank, name: isolated(asked.bank.name) } } : asked;
  const shown = { speech, context: { ...context, app: { ...context.app, name: isolated(context.app.name) } } };
  switch (screen.kind) {
    case 'intro':
      return intro(screen, shown);
    case 'bank':
      return bank(screen, shown);
    case 'bank_unavailable':
      return bankUnavailable(screen, shown);
    case 'account_type':
      return accountType(screen, shown);
    case 'agree':
      return agree(screen, shown);
    case 'step':
      return step(screen, shown);
    case 'phone_welcome':
      return phoneWelcome(screen, shown);
    case 'phone_digits':
      return phoneDigits(screen, shown);
    case 'phone_done':
      return phoneDone(screen, shown);
    case 'carried':
      return carried(screen, shown);
    case 'handover':
      return handover(screen, shown);
    case 'working':
      return working(screen, shown);
    case 'trouble':
      return trouble(screen, shown);
    case 'grant':
      return grant(screen, shown);
    case 'overview':
      return overview(screen, shown);
    case 'ended':
      return ended(screen, shown);
    default:
      return screen satisfies never;
  }
}

function forwardOf(view: View): { url: string; afterMs: number } | undefined {
  for (const block of view.blocks) {
    if (block.kind === 'address' && block.forwardAfterMs !== undefined)
      return { url: block.url, afterMs: block.forwardAfterMs };
  }
  return undefined;
}

/** Changes when the person is shown something else, not with each passing minute. */
function stateOf(view: View, context: PageContext): string {
  const lasting = view.blocks.filter((block) => block.kind !== 'qr' && (block.kind !== 'text' || !block.quiet));
  const words = JSON.stringify([context.turn, view.title, lasting]);
  return createHash('sha256').update(words).digest('base64url').slice(0, 10);
}

function pageHeaders(type: string, further?: string): Record<string, string> {
  const { style, script } = INLINED.sources;
  const sources = { style: further ? `${style} ${further}` : style, script };
  return { 'content-type': type, vary: 'accept', ...securityHeaders(sources) };
}
