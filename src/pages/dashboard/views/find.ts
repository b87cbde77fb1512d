import { findAnything } from '../../../platform/operators/watching/log.ts';
import { html } from '../../markup.ts';
import type { Answer, Asked, View } from '../asked.ts';
import { code, heading } from '../parts.ts';

/** Any id, or a person's reference, leads to its page. */
export const FIND_VIEWS: readonly View[] = [{ method: 'GET', path: '/dashboard/find', may: 'look', handle: find }];

const PATHS: Record<string, string> = {
  customers: '/customers/',
  references: '/customers/',
  consents: '/consents/',
  connections: '/consents/',
  bank_accounts: '/consents/',
  sessions: '/log/visits/',
  requests: '/log/requests/',
  events: '/webhooks/events/',
  webhook_endpoints: '/webhooks/',
};

async function find(asked: Asked): Promise<Answer> {
  const { platform, query, who } = asked;
  const text = (query.q ?? '').trim();
  const found = text ? await findAnything(platform, text, who.operator.apps) : undefined;
  if (found)
    return { kind: 'to', path: `/dashboard/apps/${found.app}/${found.mode}${PATHS[found.kind] ?? '/'}${found.id}` };
  if (platform.providers.find(text)) return { kind: 'to', path: `/dashboard/providers/${text}` };
  const main = html`${heading('Nothing found')}<p>${text ? html`Nothing you may see has the id or reference ${code(text)}.` : 'Write an id (cus_…, cst_…, ses_…, con_…, acc_…, req_…, evt_…), the slug of a provider, or your own reference of a person.'}</p><p class="quiet">Requests are kept for fourteen days. Data of an erased person is gone.</p>`;
  return { kind: 'page', title: 'Nothing found', main, status: 404 };
}
