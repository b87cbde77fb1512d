import type { Clock } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import type { Log } from '../base/log.ts';
import type { CaughtMail } from './people/mail-catcher.ts';
import type { Misbehaviours } from './misbehave.ts';
import type { Facts } from './world/facts.ts';

/** One request and its answer as they went over the wire, for judges; `misbehaviour` is set where the bank was told to. */
export type Exchange = {
  bank: string;
  /** Path of the interface; empty at banks with one. */
  face: string;
  method: string;
  /** As in the specification: `/v1/…`. */
  path: string;
  query: Record<string, string>;
  requestHeaders: Record<string, string>;
  requestBody: unknown;
  status: number;
  responseHeaders: Record<string, string>;
  responseBody: unknown;
  misbehaviour?: string;
};

/** What every part of the pretend banks stands on. */
export type Stage = {
  database: Database;
  clock: Clock;
  log: Log;
  /** Mail that was caught, oldest first. */
  mails: readonly CaughtMail[];
  misbehaviours: Misbehaviours;
  facts: Facts;
  /** The certificate of the banks' own authority, PEM. */
  ca: string;
  /** Calls an address outside and forgets about it; only hosts that people may be sent back to. */
  notify(url: string, body: object): void;
  peopleUrl(bank: string): string;
  machineUrl(bank: string): string;
  /** True when people may be sent back to that host; every host when no list was given. */
  mayReturnTo(url: URL): boolean;
  /** False where real people's data would be moved in time with the pretend banks. */
  mayMoveClock(): Promise<boolean>;
  tell(exchange: Exchange): void;
};
