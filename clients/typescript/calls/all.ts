// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.
import { account } from './account.ts';
import { bankAccounts } from './bank-accounts.ts';
import { connections } from './connections.ts';
import { consents } from './consents.ts';
import { customers } from './customers.ts';
import { events } from './events.ts';
import { providers } from './providers.ts';
import { sessions } from './sessions.ts';
import { synchronization } from './synchronization.ts';
import { templates } from './templates.ts';
import { transactions } from './transactions.ts';
import { webhookEndpoints } from './webhook-endpoints.ts';
import type { Send } from '../request.ts';

/** A function for every operation of the API. */
export const allCalls = (send: Send) => ({
  ...account(send),
  ...customers(send),
  ...providers(send),
  ...consents(send),
  ...sessions(send),
  ...connections(send),
  ...bankAccounts(send),
  ...transactions(send),
  ...synchronization(send),
  ...events(send),
  ...webhookEndpoints(send),
  ...templates(send),
});
