// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.

/** The app behind the key, in the mode of the key. */
export type Account = {
  id: string;
  object: 'account';
  mode: 'test' | 'live';
  name: string;
  support_email: string | null;
  /** Where people may be sent back to. `{name}` stands for one segment of the path. */
  return_urls: string[];
  default_return_url: string | null;
  /** Whether a finished consent stays closed until your server claims it. */
  claim: 'off' | 'required';
  skip_info: boolean;
  skip_qr: boolean;
  template: string | null;
  locale: string | null;
  /** Whether people are offered to have their bank's login kept. */
  store_secrets: boolean;
  /** Whether people are mailed a confirmation, reminders and the end of what they allowed. */
  mail: boolean;
  /** In whose name banks are asked. Set by the operator. */
  identity: string | null;
  created_at: string;
};

/** What `updateAccount` is sent. */
export type UpdateAccountBody = {
  /** Shown to people. Common to both modes. */
  name?: string | undefined;
  /** Where people can write to. Common to both modes. */
  support_email?: string | null | undefined;
  /** All of them: those left out are removed. */
  return_urls?: string[] | undefined;
  default_return_url?: string | null | undefined;
  skip_info?: boolean | undefined;
  skip_qr?: boolean | undefined;
  template?: string | null | undefined;
  locale?: string | null | undefined;
  store_secrets?: boolean | undefined;
  /** `true`: people with an `email` are told by mail, where the operator can send some; each mail can be refused. */
  mail?: boolean | undefined;
  /** `required`: nothing of a finished consent can be read before your server has claimed it. */
  claim?: 'off' | 'required' | undefined;
};
