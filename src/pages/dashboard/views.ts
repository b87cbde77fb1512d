import type { View } from './asked.ts';
import { APP_VIEWS } from './views/apps.ts';
import { AUDIT_VIEWS } from './views/audit.ts';
import { KEY_VIEWS } from './views/keys.ts';
import { ME_VIEWS } from './views/me.ts';
import { SETTING_VIEWS } from './views/settings.ts';
import { TEAM_VIEWS } from './views/team.ts';

/** Every view and every act, with who may: the role table is tested against this list. */
export const VIEWS: readonly View[] = [
  ...APP_VIEWS,
  ...KEY_VIEWS,
  ...SETTING_VIEWS,
  ...TEAM_VIEWS,
  ...ME_VIEWS,
  ...AUDIT_VIEWS,
];
