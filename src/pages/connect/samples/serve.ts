import { createServer, type Server } from 'node:http';
import { en } from '../../words/languages/en.ts';
import { type OwnPage, ownPage, renderResults, renderScreen } from '../index.ts';
import { context, type Sample } from './data.ts';
import { samples } from './index.ts';

/** Every state of the page, by the path it is served at behind a language. */
export const STATES: readonly string[] = [
  ...samples().map((sample) => sample.name),
  ...[...Object.keys(en.own), 'help'].map((page) => `own/${page}`),
];

/** A server of samples, and how many forms were posted to it. */
export type SampleServer = { server: Server; posted(): number };

/** Serves `/<locale>/<state>`, and `/rtl/<state>` as if the words ran from right to left. */
export function serveSamples(): SampleServer {
  const shown = new Map<string, Sample[]>();
  const inLocale = (locale: string) => {
    const all = shown.get(locale) ?? samples(locale);
    shown.set(locale, all);
    return all;
  };
  let posted = 0;
  let waited = 0;
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'POST')
      return response.writeHead(200, { 'content-type': 'text/html' }).end(`posted ${++posted}`);
    if (pathname === `${context.action}/live`) {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 60000\n\n');
      if (waited === 1) response.write('data: moved\n\n');
      return;
    }
    if (pathname === `${context.action}/search` && searchParams.has('q')) {
      const found = inLocale('en').find((sample) => sample.name === 'bank-found');
      return response.writeHead(200, { 'content-type': 'text/html' }).end(found && resultsOf(found));
    }
    const [, locale = 'en', ...rest] = pathname.split('/');
    const answer = answerAt(rest.join('/'), inLocale(locale === 'rtl' ? 'de' : locale), locale, () => waited++);
    if (!answer) return response.writeHead(404).end();
    // The page that hands a bank's answer over sends itself away at once: here it stays, to be looked at.
    const still = answer.html.replace(' data-fragment', '');
    response.writeHead(200, answer.headers).end(locale === 'rtl' ? still.replace('dir="ltr"', 'dir="rtl"') : still);
  });
  return { server, posted: () => posted };
}

function answerAt(name: string, all: Sample[], locale: string, waits: () => number) {
  if (name.startsWith('own/'))
    return ownPage(name.slice(4) as OwnPage, {
      ...context,
      locale,
      retryPath: '/x',
      path: '/visit/x',
      digits: '481220',
    });
  const wanted = name === 'waits-then-grants' ? (waits() === 0 ? 'wait' : 'grant') : name;
  const sample = all.find((one) => one.name === wanted);
  return sample && renderScreen(sample.screen, sample.context);
}

function resultsOf(sample: Sample): string {
  return sample.screen.kind === 'bank' ? renderResults(sample.screen, sample.context).html : '';
}
