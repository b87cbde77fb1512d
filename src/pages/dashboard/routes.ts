import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseAway } from '../../base/database.ts';
import { RequestRefused } from '../../base/http.ts';
import { isId } from '../../base/ids.ts';
import { createLimiter } from '../../base/limits.ts';
import { sameBytes } from '../../base/vault.ts';
import { listTenants } from '../../platform/apps/apps.ts';
import { recordAct } from '../../platform/operators/acts.ts';
import { knownDevice } from '../../platform/operators/operators.ts';
import { mayDo, PERMISSIONS, type Permission } from '../../platform/operators/roles.ts';
import { findSignedIn, type SignedIn } from '../../platform/operators/sessions.ts';
import { notFound, Problem, PROBLEMS } from '../../platform/problems.ts';
import { html } from '../markup.ts';
import type { Answer, Asked, DashboardParts, View } from './asked.ts';
import { SCRIPT, SCRIPT_PATH, STYLE, STYLE_PATH } from './assets.ts';
import { formToken, readCookie } from './cookies.ts';
import { addEntering } from './entering/routes.ts';
import { documentOf, pageOf } from './layout.ts';
import { heading, link, withQuery } from './parts.ts';
import { browserOf, formOf, goTo, isCrossSite, pageHeaders, queryOf } from './request.ts';
import { VIEWS } from './views.ts';

/** Requests of one address: more than people make, too few to guess anything. */
const RATE = { perMinute: 1200, burst: 300, most: 20_000 };
const YEAR = 'public, max-age=31536000, immutable';

/** The dashboard as a Fastify plugin: everything under `/dashboard`. */
export function createDashboard(parts: DashboardParts): (app: FastifyInstance) => Promise<void> {
  const { platform } = parts;
  const limiter = createLimiter(RATE);
  return async (app) => {
    app.setErrorHandler((error, request, reply) => sendError(parts, error, request, reply));
    app.addHook('onRequest', async (request) => {
      if (!limiter.take(request.ip).allowed) throw new Problem('rate_limited', 'Too many requests. Wait a minute.');
    });
    const asset = (path: string, type: string, text: string) =>
      app.get(path, (_request, reply) =>
        reply
          .headers({
            'content-type': `${type}; charset=utf-8`,
            'cache-control': YEAR,
            'x-content-type-options': 'nosniff',
            'cross-origin-resource-policy': 'same-origin',
          })
          .send(text),
      );
    asset(STYLE_PATH, 'text/css', STYLE);
    asset(SCRIPT_PATH, 'text/javascript', SCRIPT);
    addEntering(app, platform);
    for (const view of VIEWS)
      app.route({
        method: view.method,
        url: view.path,
        handler: (request, reply) => serve(parts, view, request, reply),
      });
  };
}

async function serve(parts: DashboardParts, view: View, request: FastifyRequest, reply: FastifyReply) {
  const { platform } = parts;
  const cookie = readCookie(platform, request, 'operator');
  const who = await findSignedIn(platform, cookie);
  if (!who || cookie === undefined)
    return goTo(reply, withQuery('/dashboard/enter', { to: view.method === 'GET' ? request.url : undefined }));
  if (who.session.stage !== 'full')
    return goTo(reply, who.session.stage === 'password' ? '/dashboard/enter/code' : '/dashboard/set-up');
  const asked = await gather(parts, view, request, who, cookie);
  const needed = typeof view.may === 'function' ? view.may(asked.params) : view.may;
  if (!asked.may(needed)) {
    platform.log.warn('dashboard.role_refused', { requestId: request.id, kind: needed });
    return send(reply, asked, forbidden(asked, needed));
  }
  if (view.method === 'GET') return send(reply, asked, await view.handle(asked));
  if (isCrossSite(request) || !sameBytes(asked.form.raw('csrf'), asked.csrf)) {
    platform.log.warn('dashboard.form_refused', { requestId: request.id });
    return send(reply, asked, refusedForm(asked));
  }
  try {
    return send(reply, asked, await view.handle(asked));
  } catch (error) {
    // The form again with what is wrong and what was typed: nothing is lost.
    if (!(error instanceof Problem) || !view.again || error.code === 'not_found') throw error;
    asked.problem = error;
    const answer = await view.again(asked);
    return send(reply, asked, answer.kind === 'page' ? { ...answer, status: PROBLEMS[error.code].status } : answer);
  }
}

async function gather(
  parts: DashboardParts,
  view: View,
  request: FastifyRequest,
  who: SignedIn,
  cookie: string,
): Promise<Asked> {
  const { platform } = parts;
  const { operator } = who;
  const params = request.params as Record<string, string>;
  const tenant = view.path.includes('/:app/:mode') ? await findTenant(parts, who, params) : undefined;
  return {
    ...parts,
    who,
    params,
    query: queryOf(request),
    form: formOf(request),
    problem: undefined,
    tenant,
    csrf: formToken(platform, cookie),
    requestId: request.id,
    browser: browserOf(request),
    device: knownDevice(platform, operator.email, readCookie(platform, request, 'device')),
    host: request.headers.host,
    path: request.url.split('?')[0]!,
    // Whoever sees some apps only sees nothing of what belongs to all.
    may: (permission) => mayDo(operator.role, permission) && (permission !== 'audit' || operator.apps === null),
    note: (what, object) =>
      recordAct(platform, { operator: operator.id, requestId: request.id }, what, {
        object: object ?? null,
        tenant: tenant?.tenant ?? null,
      }),
    ...(tenant
      ? {
          caller: {
            tenant: tenant.tenant,
            app: tenant.app,
            appName: tenant.appName,
            mode: tenant.mode,
            requestId: request.id,
          },
        }
      : {}),
  };
}

/** The app in this mode, for whoever may see it: for others there is none. */
async function findTenant({ platform }: DashboardParts, who: SignedIn, params: Record<string, string>) {
  const { app = '', mode = '' } = params;
  const { apps } = who.operator;
  if (!isId('app', app) || (apps && !apps.includes(app))) throw notFound('app');
  const tenant = (await listTenants(platform, app)).find((one) => one.mode === mode);
  if (!tenant) throw notFound('app');
  return tenant;
}

function send(reply: FastifyReply, asked: Asked, answer: Answer) {
  if (answer.kind === 'to') return goTo(reply, withQuery(answer.path, { done: answer.done }));
  if (answer.kind === 'file')
    return reply
      .headers({
        'content-type': answer.type,
        'content-disposition': `attachment; filename="${answer.name}"`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      })
      .send(Readable.from(answer.body));
  return reply
    .code(answer.status ?? 200)
    .headers(pageHeaders(asked.platform, answer.script))
    .send(pageOf(asked, answer));
}

function forbidden(asked: Asked, permission: Permission): Answer {
  const { meaning, roles } = PERMISSIONS[permission];
  const main = html`${heading('Not with your role')}<p>This is for: ${roles.join(', ').replace('_', '-')}. You are ${asked.who.operator.role.replace('_', '-')}.</p><p class="quiet">${meaning}.</p><p>${link('/dashboard', 'Back to the start', 'button')}</p>`;
  return { kind: 'page', status: 403, title: 'Not with your role', main };
}

function refusedForm(asked: Asked): Answer {
  const main = html`${heading('This form is not valid any more')}<p>It was made for another session, or came from another site. Nothing was changed. Open the page again and send it from there.</p><p>${link(asked.path, 'Open the page', 'button primary')}</p>`;
  return { kind: 'page', status: 403, title: 'Form not valid', main };
}

/** Whatever goes wrong ends in words, without a detail of ours. */
function sendError({ platform }: DashboardParts, error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const { status, title, text } = describe(error);
  if (status >= 500 && !(error instanceof DatabaseAway))
    platform.log.error('dashboard.failed', { requestId: request.id, error });
  const main = html`${heading(title)}<p>${text}</p><p class="buttons">${link('/dashboard', 'To the start', 'button')}</p>`;
  return reply
    .code(status)
    .headers({ ...pageHeaders(platform), ...(status === 503 || status === 429 ? { 'retry-after': '5' } : {}) })
    .send(documentOf({ title, main, operatorName: platform.operator.name, reference: request.id }));
}

function describe(error: unknown): { status: number; title: string; text: string } {
  if (error instanceof Problem) {
    const { status, title } = PROBLEMS[error.code];
    return { status, title, text: error.message };
  }
  if (error instanceof DatabaseAway)
    return {
      status: 503,
      title: 'The database is away',
      text: 'Nothing was changed unless this page says so later. Try again in a moment.',
    };
  const status =
    error instanceof RequestRefused ? error.statusCode : ((error as { statusCode?: number }).statusCode ?? 500);
  return status < 500
    ? { status, title: 'This cannot be read', text: 'The address or the form is not one of ours.' }
    : {
        status: 500,
        title: 'We made a mistake',
        text: 'It is logged under the reference below. Nothing half done is kept.',
      };
}
