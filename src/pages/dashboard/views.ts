import type { View } from './asked.ts';
import { APP_VIEWS } from './views/apps.ts';
import { AUDIT_VIEWS } from './views/audit.ts';
import { CONSENT_VIEWS } from './views/consents.ts';
import { FIND_VIEWS } from './views/find.ts';
import { IDENTITY_VIEWS } from './views/identities.ts';
import { KEY_VIEWS } from './views/keys.ts';
import { LOG_VIEWS } from './views/log.ts';
import { ME_VIEWS } from './views/me.ts';
import { PEOPLE_VIEWS } from './views/people.ts';
import { PICTURE_VIEWS } from './views/pictures.ts';
import { PROVIDER_VIEWS } from './views/providers.ts';
import { SANDBOX_VIEWS } from './views/sandbox.ts';
import { SETTING_VIEWS } from './views/settings.ts';
import { TEAM_VIEWS } from './views/team.ts';
import { WEBHOOK_VIEWS } from './views/webhooks.ts';

/** Every view and every act, with who may: the role table is tested against this list. */
export const VIEWS: readonly View[] = [
  ...APP_VIEWS,
  ...KEY_VIEWS,
  ...SETTING_VIEWS,
  ...TEAM_VIEWS,
  ...ME_VIEWS,
  ...AUDIT_VIEWS,
  ...PEOPLE_VIEWS,
  ...CONSENT_VIEWS,
  ...LOG_VIEWS,
  ...WEBHOOK_VIEWS,
  ...PICTURE_VIEWS,
  ...PROVIDER_VIEWS,
  ...IDENTITY_VIEWS,
  ...SANDBOX_VIEWS,
  ...FIND_VIEWS,
];
