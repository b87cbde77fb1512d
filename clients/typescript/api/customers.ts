// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.

/** The person or company whose accounts are read. */
export type Customer = {
  id: string;
  object: 'customer';
  type: 'person' | 'company';
  /** Your own id for them. */
  reference: string | null;
  name: string | null;
  email: string | null;
  locale: string | null;
  /** Erased after it. */
  expires_at: string | null;
  /** Reading has stopped and the data is being destroyed. */
  erasing_since: string | null;
  metadata: Record<string, string>;
  created_at: string;
  updated_at: string;
};

/** A ErasedCustomer. */
export type ErasedCustomer = {
  id: string;
  object: 'customer';
  deleted: true;
};

/** What `createCustomer` is sent. */
export type CreateCustomerBody = {
  /** `person` unless said. */
  type?: 'person' | 'company' | undefined;
  /** Your own id for them, unique in this mode of your app. */
  reference?: string | null | undefined;
  name?: string | null | undefined;
  email?: string | null | undefined;
  locale?: string | null | undefined;
  /** Erased so many seconds from now: 60 to ten years. `null` = never. */
  expires_in?: number | null | undefined;
  /** Whatever you want to find again: up to 50 names with text. */
  metadata?: Record<string, string> | undefined;
};

/** What `listCustomers` can be asked. */
export type ListCustomersQuery = {
  reference?: string | undefined;
  /** How many at most, 1 to 100. */
  limit?: number | undefined;
  /** `next_cursor` of the page before, with the same filters. */
  cursor?: string | undefined;
};

/** What `updateCustomer` is sent. */
export type UpdateCustomerBody = {
  /** `person` unless said. */
  type?: 'person' | 'company' | undefined;
  /** Your own id for them, unique in this mode of your app. */
  reference?: string | null | undefined;
  name?: string | null | undefined;
  email?: string | null | undefined;
  locale?: string | null | undefined;
  /** Erased so many seconds from now: 60 to ten years. `null` = never. */
  expires_in?: number | null | undefined;
  /** Whatever you want to find again: up to 50 names with text. */
  metadata?: Record<string, string> | undefined;
};
