import type { Stage } from '../../stage.ts';
import type { UkBank } from '../server/provider.ts';
import type { UkConsent } from './consents.ts';

/** A request at the account information interface whose token was found good. */
export type UkCall = {
  stage: Stage;
  bank: UkBank;
  now: Date;
  query: URLSearchParams;
  /** The parts of the path in braces. */
  part: Record<string, string>;
  body: unknown;
  /** The interface's address, before `/accounts`. */
  base: string;
  /** The path below it, with the query. */
  path: string;
  clientId: string;
  clientName: string;
};

/** One in which a person's data is read: their consent is open. */
export type UkReading = UkCall & { consent: UkConsent };
