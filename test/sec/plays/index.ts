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
import { badBank } from './bad-bank.ts';
import { bruteForce } from './brute-force.ts';
import { egress } from './egress.ts';
import { flooding } from './flooding.ts';
import { leaking } from './leaking.ts';
import { misuse } from './misuse.ts';
import { overCollecting } from './over-collecting.ts';
import { overUse } from './over-use.ts';
import { scripting } from './scripting.ts';
import { stolenDatabase } from './stolen-database.ts';
import { supplyChain } from './supply-chain.ts';
import { timing } from './timing.ts';

/** Every play, in the order of the threat model. */
export const PLAYS: readonly Play[] = [
  returning,
  linkSharing,
  mixUp,
  openRedirect,
  egress,
  isolation,
  stolenDatabase,
  leaking,
  replay,
  framing,
  bruteForce,
  enumeration,
  timing,
  fixation,
  scripting,
  badBank,
  supplyChain,
  forgedWebhooks,
  flooding,
  overCollecting,
  overUse,
  misuse,
];
