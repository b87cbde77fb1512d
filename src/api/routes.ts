import { z } from 'zod';
import { ACCOUNT_ROUTES } from './resources/account.ts';
import { BANK_ACCOUNT_ROUTES } from './resources/bank-accounts.ts';
import { CONNECTION_ROUTES } from './resources/connections.ts';
import { CONSENT_ROUTES } from './resources/consents.ts';
import { CUSTOMER_ROUTES } from './resources/customers.ts';
import { EVENT_ROUTES } from './resources/events.ts';
import { EXPORT_ROUTES } from './resources/exports.ts';
import { FUNNEL_ROUTES } from './resources/funnel.ts';
import { PROVIDER_ROUTES } from './resources/providers.ts';
import { SESSION_ROUTES } from './resources/sessions.ts';
import { SYNC_ROUTES } from './resources/syncs.ts';
import { TEMPLATE_ROUTES } from './resources/templates.ts';
import { TRANSACTION_ROUTES } from './resources/transactions.ts';
import { WEBHOOK_ENDPOINT_ROUTES } from './resources/webhook-endpoints.ts';
import type { Route } from './route.ts';

/** Where a route takes no query or no body, nothing may be sent. */
export const NOTHING = z.strictObject({});

/** Every operation of the API: what is not here does not exist, and what is here is documented. */
export const ROUTES: readonly Route[] = [
  ...ACCOUNT_ROUTES,
  ...CUSTOMER_ROUTES,
  ...PROVIDER_ROUTES,
  ...CONSENT_ROUTES,
  ...SESSION_ROUTES,
  ...FUNNEL_ROUTES,
  ...CONNECTION_ROUTES,
  ...BANK_ACCOUNT_ROUTES,
  ...TRANSACTION_ROUTES,
  ...EXPORT_ROUTES,
  ...SYNC_ROUTES,
  ...EVENT_ROUTES,
  ...WEBHOOK_ENDPOINT_ROUTES,
  ...TEMPLATE_ROUTES,
];
