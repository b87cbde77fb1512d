import type { Connector } from '../banking/connector.ts';
import type { Clock } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import type { Egress } from '../base/egress.ts';
import type { Jobs } from '../base/jobs.ts';
import type { Log } from '../base/log.ts';
import type { Vault } from '../base/vault.ts';
import type { MailParts } from './customers/mail/mail.ts';
import type { RequestLog } from './apps/requests.ts';
import type { Providers } from './providers/providers.ts';
import type { MakeConsentText } from './sessions/screen.ts';

/** What the platform stands on. `main.ts` puts it together once; every function is handed it first. */
export type Platform = {
  database: Database;
  clock: Clock;
  vault: Vault;
  jobs: Jobs;
  log: Log;
  egress: Egress;
  /** The way out to webhook endpoints; the same as `egress` unless it has rules of its own. */
  webhookEgress?: Egress;
  /** Where every request of an app leaves a line; absent where nobody looks at them. */
  requests?: RequestLog;
  providers: Providers;
  /** By standard: the only place where platform and connectors meet. */
  connectors: Record<string, Connector>;
  makeConsentText: MakeConsentText;
  /** The languages the page speaks: the first wish it can fulfil, else the browser's. */
  languages: {
    choose(asked: string | undefined, acceptLanguage: string | undefined): string;
    isSpoken(locale: string): boolean;
    /** Whether an app may put the sentence of this name into its own words. */
    isSentence(name: string): boolean;
  };
  /** Mail to account holders; absent where the operator gave no mail server. */
  mail?: MailParts;
  /** Who runs this server. */
  operator: Operator;
  /** Where people and banks reach us, without a trailing slash. */
  publicUrl: string;
  /** Certificate authority of the pretend banks, absent in production. */
  sandboxAuthority?: string;
  /** Client certificate the pretend banks know us by. */
  sandboxIdentity?: {
    certificate: string;
    privateKey: string;
    organizationId: string;
    name: string;
    /** The key it signs with at pretend banks of the UK, and its id in their directory. */
    signing?: { privateKey: string; keyId?: string };
  };
};

/** Who runs this server, as the page says it. */
export type Operator = { name: string; privacyUrl?: string; termsUrl?: string; supportEmail?: string };

/** An app in one mode: every row belongs to one. */
export type Tenant = number;

/** Who calls: the app behind a key, in one mode, and the id that follows this request everywhere. */
export type Caller = {
  tenant: Tenant;
  app: string;
  appName: string;
  mode: 'test' | 'live';
  requestId: string;
  /** The app asks for claims and has no default address: each visit must name one. */
  needsReturnUrl?: boolean;
};

/** Who caused a change, in timeline and `ended_by`. */
export type Initiator = 'person' | 'app' | 'operator' | 'bank' | 'system';
