// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.
import type { AccountType } from './words.ts';

/** A bank a person can pick. */
export type Provider = {
  id: string;
  object: 'provider';
  name: string;
  brand: string | null;
  country: string;
  environment: 'sandbox' | 'bank_test' | 'live';
  logo: {
    monogram: string;
    /** Degrees on the colour wheel. */
    hue: number;
  };
  bics: string[];
  bank_codes: string[];
  sort_codes: string[];
  cities: string[];
  account_types: AccountType[];
  interfaces: ProviderInterface[];
  /** That of its worst interface. */
  health: 'good' | 'troubled' | 'down';
  /** Why nobody can connect it here; null where people can. */
  unavailable: {
    reason: 'certificate' | 'registration' | 'product_id' | 'no_address';
    /** What the operator does about it. */
    detail: string;
  } | null;
  /** Pretend banks only: logins that work there. */
  test_logins?:
    | {
        user: string;
        password: string;
        note: string | null;
      }[]
    | undefined;
};

/** One way into a bank. Two ways into one bank can differ in everything. */
export type ProviderInterface = {
  id: string;
  standard: string;
  account_types: AccountType[];
  /** How the person may have to prove who they are. The bank decides, and may change its mind. */
  sca: ('redirected' | 'embedded' | 'decoupled')[];
  longest_consent_days: number | null;
  history_days: number | null;
  /** What the operator must own before the bank answers. */
  needs: 'certificate' | 'registration' | 'product_id' | null;
};

/** How a bank answers. */
export type ProviderStatus = {
  id: string;
  object: 'provider_status';
  health: 'good' | 'troubled' | 'down';
  interfaces: {
    id: string;
    health: 'good' | 'troubled' | 'down';
    /** Share of the thirty days without an outage that was seen. */
    available_30_days: number;
    /** UTC days, the oldest first, each with the share in which it did not answer. Where nobody called, nothing is known. */
    days: {
      day: string;
      away: number;
      called: boolean;
    }[];
  }[];
};

/** What `listProviders` can be asked. */
export type ListProvidersQuery = {
  /** Name, IBAN, BIC, bank code, sort code or city, or the beginning of one. */
  q?: string | undefined;
  country?: string | undefined;
  account_type?: AccountType | undefined;
  sca?: 'redirected' | 'embedded' | 'decoupled' | undefined;
  /** How many at most, 1 to 100. */
  limit?: number | undefined;
  /** `next_cursor` of the page before, with the same filters. */
  cursor?: string | undefined;
};
