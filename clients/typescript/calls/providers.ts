// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.
import type { ListProvidersQuery, Provider, ProviderStatus } from '../api/providers.ts';
import type { List, Options, Send } from '../request.ts';

/** Providers. */
export const providers = (send: Send) => ({
  /** Find banks. Best match first; without `q` by name. Typos and missing accents are forgiven. */
  listProviders: (query: ListProvidersQuery = {}, options: Options = {}): Promise<List<Provider>> =>
    send({ method: 'GET', path: '/v1/providers', query }, options),

  /** Get a bank */
  getProvider: (id: string, options: Options = {}): Promise<Provider> =>
    send({ method: 'GET', path: `/v1/providers/${encodeURIComponent(id)}` }, options),

  /** How a bank answers, now and over thirty days. By the calls of everybody on this server. The same as the public page `/status`. */
  getProviderStatus: (id: string, options: Options = {}): Promise<ProviderStatus> =>
    send({ method: 'GET', path: `/v1/providers/${encodeURIComponent(id)}/status` }, options),
});
