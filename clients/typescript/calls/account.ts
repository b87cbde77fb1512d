// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.
import type { Account, UpdateAccountBody } from '../api/account.ts';
import type { Options, Send } from '../request.ts';

/** Account. */
export const account = (send: Send) => ({
  /** The app behind the key */
  getAccount: (options: Options = {}): Promise<Account> => send({ method: 'GET', path: '/v1/account' }, options),

  /** Change the app behind the key. What is left out stays as it is, `null` clears. */
  updateAccount: (body: UpdateAccountBody = {}, options: Options = {}): Promise<Account> =>
    send({ method: 'POST', path: '/v1/account', body }, options),
});
