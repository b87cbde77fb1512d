import type { Play } from '../play.ts';
import { enumeration } from './enumeration.ts';
import { fixation } from './fixation.ts';
import { forgedWebhooks } from './forged-webhooks.ts';
import { framing } from './framing.ts';
import { isolation } from './isolation.ts';
import { linkSharing } from './link-sharing.ts';
import { mixUp } from './mix-up.ts';
import { openRedirect } from './open-redirect.ts';
import { replay } from './replay.ts';
import { returning } from './returning.ts';
import { scripting } from './scripting.ts';

/** Every play, in the order of the threat model. */
export const PLAYS: readonly Play[] = [
  returning,
  linkSharing,
  mixUp,
  openRedirect,
  isolation,
  replay,
  framing,
  enumeration,
  fixation,
  scripting,
  forgedWebhooks,
];
