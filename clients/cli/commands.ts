import type { Balance, BankAccount, Drawbridge, EventType } from '../typescript/index.ts';
import { lines, table } from './print.ts';

/** What a command is handed. */
export type Run = {
  api: Drawbridge;
  words: string[];
  options: Record<string, string | undefined>;
  json: boolean;
  print(text: string): void;
  /** Waits so many milliseconds; rejects when the command is stopped. */
  wait(ms: number): Promise<void>;
};

/** A command: how it is written, what it does. */
export type Command = { usage: string; meaning: string; run(run: Run): Promise<void> };

const PAGE = 20;

/** Everything `npx drawbridge …` can do. */
export const COMMANDS: Record<string, Command> = {
  account: {
    usage: 'account [--return-url <url>]',
    meaning: 'the app behind the key; with --return-url registers one more address',
    run: account,
  },
  connect: {
    usage: 'connect [provider] [--user <reference>] [--return-url <url>]',
    meaning: 'opens a visit, prints its link, waits until the person is done, shows the accounts',
    run: connect,
  },
  consents: { usage: 'consents [--status …] [--reference …]', meaning: 'the latest consents', run: consents },
  revoke: { usage: 'revoke <consent>', meaning: 'ends a consent', run: revoke },
  accounts: {
    usage: 'accounts [--customer … | --consent …]',
    meaning: 'bank accounts, with their balances',
    run: accounts,
  },
  transactions: {
    usage: 'transactions <account> [--from <day>] [--to <day>]',
    meaning: 'the transactions of an account, newest first',
    run: transactions,
  },
  events: {
    usage: 'events [--follow] [--type …]',
    meaning: 'the latest events; with --follow goes on with whatever happens',
    run: events,
  },
  providers: { usage: 'providers [words]', meaning: 'banks a person can pick', run: providers },
  webhooks: {
    usage: 'webhooks [add <url> | test <endpoint>]',
    meaning: 'where your app is told what happens',
    run: webhooks,
  },
};

async function account({ api, options, print, json }: Run): Promise<void> {
  let app = await api.getAccount();
  const url = options['return-url'];
  if (url) app = await api.updateAccount({ return_urls: [...new Set([...app.return_urls, url])] });
  print(
    json
      ? lines(app)
      : table([
          ['id', app.id],
          ['mode', app.mode],
          ['name', app.name],
          ...app.return_urls.map((one) => ['return URL', one]),
        ]),
  );
}

async function connect({ api, words, options, print, json, wait }: Run): Promise<void> {
  const session = await api.createConnectUserSession({
    user: options.user ?? 'you',
    recurring: true,
    ...(words[0] ? { provider: words[0] } : {}),
    ...(options['return-url'] ? { return_url: options['return-url'] } : {}),
  });
  print(json ? lines(session) : `Send the person here:\n\n  ${session.url}\n\nWaiting until they are done …`);
  for (;;) {
    const now = await api.getSession(session.id);
    if (now.status !== 'open') {
      if (now.status !== 'finished')
        throw new Error(`The visit ended: ${now.status} (${now.error_code ?? now.error ?? 'left'}).`);
      break;
    }
    await wait(1000);
  }
  const { data } = await api.listBankAccounts({ customer: session.customer });
  print(
    json ? data.map(lines).join('\n') : table(data.map((one) => [one.id, one.name ?? '–', one.currency, one.provider])),
  );
}

async function consents({ api, options, print, json }: Run): Promise<void> {
  const { data } = await api.listConsents({
    limit: PAGE,
    ...(options.status ? { status: options.status as 'authorized' } : {}),
    ...(options.reference ? { reference: options.reference } : {}),
  });
  show(
    print,
    json,
    data,
    (one) => [one.id, one.status, one.provider ?? '–', one.created_at, one.expires_at ?? '–'],
    'No consent yet.',
  );
}

async function revoke({ api, words, print, json }: Run): Promise<void> {
  const consent = await api.revokeConsent(needed(words[0], 'revoke <consent>'));
  print(json ? lines(consent) : `${consent.id} is ${consent.status}; at the bank: ${consent.bank_revocation}.`);
}

async function accounts({ api, options, print, json }: Run): Promise<void> {
  const owners =
    options.customer || options.consent
      ? [undefined]
      : (await api.listCustomers({ limit: 50 })).data.map(({ id }) => id);
  const found: (BankAccount & { balances: Balance[] })[] = [];
  for (const owner of owners) {
    const asked = options.consent ? { consent: options.consent } : { customer: options.customer ?? owner ?? '' };
    for await (const one of api.each((at) => api.listBankAccounts({ ...asked, ...at }))) {
      const { data: balances } = await api.listBalances(one.id);
      found.push({ ...one, balances });
    }
  }
  const balance = (one: (typeof found)[number]) =>
    one.balances.map(({ type, amount, currency }) => `${amount} ${currency} ${type}`).join(', ');
  show(
    print,
    json,
    found,
    (one) => [one.id, one.name ?? '–', one.provider, balance(one) || '–'],
    'No account yet: npx drawbridge connect',
  );
}

async function transactions({ api, words, options, print, json }: Run): Promise<void> {
  const id = needed(words[0], 'transactions <account>');
  const asked = {
    limit: 100,
    ...(options.from ? { from: options.from } : {}),
    ...(options.to ? { to: options.to } : {}),
  };
  const { data, has_more } = await api.listTransactions(id, asked);
  show(
    print,
    json,
    data,
    (one) => [
      one.booked_on ?? one.status,
      `${one.amount} ${one.currency}`,
      one.counterparty?.name ?? '',
      one.description ?? '',
    ],
    'No transaction in that time.',
  );
  if (has_more && !json) print('There are more: name days with --from and --to.');
}

async function events({ api, options, print, json, wait }: Run): Promise<void> {
  const type = options.type ? { type: options.type as EventType } : {};
  const row = (one: { id: string; type: string; created_at: string; data: unknown }) =>
    json
      ? lines(one)
      : `${one.created_at}  ${one.type.padEnd(28)}  ${(one.data as { object?: { id?: string } }).object?.id ?? ''}`;
  const first = await api.listEvents({ limit: PAGE, ...type });
  for (const one of first.data.toReversed()) print(row(one));
  if (options.follow === undefined) {
    if (first.data.length === 0 && !json) print('Nothing has happened yet.');
    return;
  }
  const seen = new Set(first.data.map(({ id }) => id));
  for (;;) {
    await wait(1000);
    const fresh = [];
    // Back to the first one that was seen: none is left out, however much happened meanwhile.
    for await (const one of api.each((at) => api.listEvents({ limit: 100, ...type, ...at }))) {
      if (seen.has(one.id) || (seen.size === 0 && fresh.length >= 1000)) break;
      fresh.push(one);
    }
    for (const one of fresh.reverse()) {
      seen.add(one.id);
      print(row(one));
    }
  }
}

async function providers({ api, words, print, json }: Run): Promise<void> {
  const { data } = await api.listProviders({ limit: PAGE, ...(words.length ? { q: words.join(' ') } : {}) });
  show(print, json, data, (one) => [one.id, one.name, one.country, one.health], 'No bank is called so.');
}

async function webhooks({ api, words, print, json }: Run): Promise<void> {
  const [what, value] = words;
  if (what === 'add') {
    const made = await api.createWebhookEndpoint({ url: needed(value, 'webhooks add <url>') });
    print(json ? lines(made) : `${made.id}\nsecret: ${made.secret}\nThe secret is shown once: keep it now.`);
    return;
  }
  if (what === 'test') {
    const event = await api.testWebhookEndpoint(needed(value, 'webhooks test <endpoint>'));
    print(json ? lines(event) : `${event.id} is on its way.`);
    return;
  }
  const { data } = await api.listWebhookEndpoints({});
  show(print, json, data, (one) => [one.id, one.status, one.url], 'No endpoint yet: npx drawbridge webhooks add <url>');
}

function show<Item extends object>(
  print: (text: string) => void,
  json: boolean,
  data: readonly Item[],
  row: (item: Item) => string[],
  empty: string,
): void {
  if (json) for (const one of data) print(lines(one));
  else print(data.length ? table(data.map(row)) : empty);
}

function needed(word: string | undefined, usage: string): string {
  if (!word) throw new TypeError(`Write: npx drawbridge ${usage}`);
  return word;
}
