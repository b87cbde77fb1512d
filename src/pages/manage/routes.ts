import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createLimiter } from '../../base/limits.ts';
import { listReceiptKeys, RECEIPT_KEYS_PATH } from '../../platform/consents/receipt-key.ts';
import { makeReceipt } from '../../platform/consents/receipt.ts';
import { CONTROL_PATH } from '../../platform/customers/mail/mail.ts';
import { readRefusal, refuseMail } from '../../platform/customers/mail/refusing.ts';
import type { Platform, Tenant } from '../../platform/platform.ts';
import { findTenantSettings } from '../../platform/apps/apps.ts';
import { readPreview } from '../../platform/apps/templates/templates.ts';
import type { Screen } from '../../platform/sessions/screen.ts';
import { Problem } from '../../platform/problems.ts';
import { readProgress } from '../../platform/sessions/progress.ts';
import { tenantsOf } from '../../platform/sessions/visit/owner.ts';
import { viewVisit } from '../../platform/sessions/visit/visit.ts';
import { asRequest } from '../connect/serving/request.ts';
import { renderScreen } from '../connect/index.ts';
import { samples } from '../connect/samples/index.ts';
import { scriptText } from '../design/inline.ts';
import { addControl, readControl } from './control-routes.ts';
import { busyPage } from './layout.ts';
import { receiptPage } from './receipt.ts';
import { refusalOverPage, refusingPage } from './refusing.ts';
import { field, send, toldFor } from './request.ts';

/** Far more than a person asks for, too few to guess anything. */
const RATE = { perMinute: 240, burst: 120, most: 50_000 };

/** What a person manages outside a visit, what apps' pages load, and what receipts are checked with. */
export function createManagePages(platform: Platform): (app: FastifyInstance) => Promise<void> {
  const limiter = createLimiter(RATE);
  return (app) =>
    // Its hook and its parser are for these pages alone.
    Promise.resolve(
      app.register(async (pages) => {
        pages.addHook('onRequest', async (request, reply) => {
          const { allowed, retryAfterS } = limiter.take(request.ip);
          if (!allowed)
            return send(reply.header('retry-after', String(retryAfterS)), busyPage(toldFor(platform, request)));
        });
        addReceipts(pages, platform);
        addControl(pages, platform);
        addRefusals(pages, platform);
        addDropIn(pages, platform);
        addPreview(pages, platform);
      }),
    ).then(() => undefined);
}

function addReceipts(app: FastifyInstance, platform: Platform): void {
  app.get(RECEIPT_KEYS_PATH, async (_request, reply) =>
    reply
      .headers({ 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=300' })
      .send({ keys: await listReceiptKeys(platform) }),
  );
  app.get<{ Params: { subject: string; consent: string } }>(
    '/visit/:subject/receipt/:consent',
    async (request, reply) => {
      const { subject, consent } = request.params;
      const visit = asRequest(request);
      const view = await viewVisit(platform, subject, { ...visit, query: [] });
      const mine =
        view.kind === 'screen' &&
        view.screen.kind === 'overview' &&
        view.screen.links.some((link) => link.consent === consent);
      const tenant = mine ? await tenantOf(platform, tenantsOf(visit.browser), consent) : undefined;
      if (tenant === undefined) return reply.code(303).header('location', `/visit/${subject}`).send();
      return sendReceipt(platform, request, reply, tenant, consent);
    },
  );
  app.get<{ Params: { consent: string } }>(`${CONTROL_PATH}/receipt/:consent`, async (request, reply) => {
    const { consent } = request.params;
    const mine = (await readControl(platform, request))?.allowed.find((one) => one.consent === consent);
    if (!mine) return reply.code(303).header('location', CONTROL_PATH).send();
    return sendReceipt(platform, request, reply, mine.tenant, consent);
  });
}

async function tenantOf(platform: Platform, tenants: Tenant[], consent: string): Promise<Tenant | undefined> {
  for (const tenant of tenants) {
    const found = await makeReceipt(platform, { tenant }, consent).catch((error: unknown) => {
      // Another app's visits of the same browser know nothing of it.
      if (!(error instanceof Problem)) throw error;
    });
    if (found) return tenant;
  }
  return undefined;
}

async function sendReceipt(
  platform: Platform,
  request: FastifyRequest,
  reply: FastifyReply,
  tenant: Tenant,
  consent: string,
) {
  const receipt = await makeReceipt(platform, { tenant }, consent);
  const { provider } = receipt.consent;
  const bank = platform.providers.find(provider ?? '')?.name ?? provider ?? '';
  const [path = '', query] = request.url.split('?');
  const asFile = new URLSearchParams(query).has('file');
  if (asFile) reply.header('content-disposition', `attachment; filename="receipt-${consent}.html"`);
  const shown = { bank, publicUrl: platform.publicUrl, ...(asFile ? {} : { downloadPath: `${path}?file=1` }) };
  return send(reply, receiptPage(toldFor(platform, request), receipt, shown));
}

function addRefusals(app: FastifyInstance, platform: Platform): void {
  type Named = { Params: { token: string } };
  app.get<Named>('/mail/stop/:token', async (request, reply) => {
    const told = toldFor(platform, request);
    const about = readRefusal(platform, request.params.token);
    if (!about) return send(reply, refusalOverPage(told));
    return send(reply, refusingPage(told, about.email, `/mail/stop/${request.params.token}`, 'asked'));
  });
  // The address itself is the permission: mail programs post here without a cookie (RFC 8058).
  app.post<Named>('/mail/stop/:token', async (request, reply) => {
    const told = toldFor(platform, request);
    const about = readRefusal(platform, request.params.token);
    if (!about) return send(reply, refusalOverPage(told));
    const refused = field(request, 'do') !== 'wanted';
    await refuseMail(platform, about, refused);
    const path = `/mail/stop/${request.params.token}`;
    return send(reply, refusingPage(told, about.email, path, refused ? 'refused' : 'wanted'));
  });
}

/** The drop-in, and what it asks. */
function addDropIn(app: FastifyInstance, platform: Platform): void {
  const text = scriptText([new URL('../static/connect.ts', import.meta.url)]).replaceAll(/ {2,}/g, ' ');
  const script = `(()=>{${text}})();\n`;
  app.get('/connect.js', async (_request, reply) =>
    reply
      .headers({
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=3600',
        'cross-origin-resource-policy': 'cross-origin',
        'access-control-allow-origin': '*',
        'x-content-type-options': 'nosniff',
      })
      .send(script),
  );
  // Plain text is what a page of another site may send without asking first.
  app.addContentTypeParser('text/plain', { parseAs: 'string', bodyLimit: 1000 }, (_request, body, done) =>
    done(null, body),
  );
  app.post('/connect-events', async (request, reply) => {
    const token = typeof request.body === 'string' ? request.body : '';
    const progress = await readProgress(platform, token);
    reply.headers({ 'access-control-allow-origin': '*', 'cache-control': 'no-store' });
    return progress ?? reply.code(404).send({ code: 'not_found' });
  });
}

const PREVIEWED = /^(intro|bank-found|account-type|agree|sign-in|grant|ended|overview)/;

/** What the page looks like with a template, on screens of nobody's visit: its forms lead nowhere. */
function addPreview(app: FastifyInstance, platform: Platform): void {
  app.get<{ Params: { token: string } }>('/templates/preview/:token', async (request, reply) => {
    const told = toldFor(platform, request);
    const shown = await readPreview(platform, request.params.token);
    if (!shown) return send(reply, refusalOverPage(told));
    const { appName, supportEmail } = await findTenantSettings(platform, shown.tenant);
    const { screen: asked = 'agree' } = request.query as { screen?: string };
    const all = samples(told.speech.locale).filter(({ name }) => PREVIEWED.test(name));
    const sample = all.find(({ name }) => name === asked) ?? all.find(({ name }) => name === 'agree')!;
    const name = shown.look.appName ?? appName;
    const { screen } = sample;
    const facts = 'facts' in screen && { ...screen.facts, app: appName, operator: platform.operator.name };
    const text = facts && { facts, text: platform.makeConsentText(facts, told.speech.locale) };
    const page = renderScreen({ ...screen, ...text } as Screen, {
      ...sample.context,
      app: { name, ...(supportEmail ? { supportEmail } : {}) },
      operator: platform.operator,
      look: shown.look,
      action: `/templates/preview/${request.params.token}?screen=${sample.name}`,
    });
    return reply.headers(page.headers).send(page.html);
  });
}
