import assert from 'node:assert/strict';
import { request } from 'node:http';

/** A pretend bank's page in a browser that stays at the bank: where it would be sent elsewhere, it only says where. */
export type BankPage = {
  readonly text: string;
  /** The address elsewhere that the last answer sent the browser to. */
  readonly leftTo: string | undefined;
  sees(words: string): Promise<void>;
  /** Types both into the login form; the address elsewhere, if that is where it ends. */
  logIn(username: string, password: string): Promise<string | undefined>;
  /** Presses *Approve* or *Refuse*, with these account boxes ticked. */
  press(decision: 'approve' | 'refuse', accounts?: string[]): Promise<string | undefined>;
  /** Posts a form to the page's address plus `/action`. */
  post(action: string, form: Record<string, string>): Promise<string | undefined>;
};

/** Opens a page of a pretend bank. */
export async function visit(url: string): Promise<BankPage> {
  const { host, port } = new URL(url);
  const origin = `http://${host}`;
  let [text, cookie, path] = ['', '', ''];
  let leftTo: string | undefined;

  async function go(address: string, form?: URLSearchParams): Promise<string | undefined> {
    const asked = new URL(address, origin);
    const answer = await ask(Number(port), host, asked.pathname + asked.search, cookie, form);
    cookie = answer.cookie ?? cookie;
    if (!answer.location) {
      [text, leftTo] = [answer.text, undefined];
      return undefined;
    }
    const next = new URL(answer.location, origin);
    if (next.origin === origin) {
      path = next.pathname;
      return go(next.href);
    }
    leftTo = answer.location;
    return leftTo;
  }

  path = new URL(url).pathname;
  await go(url);
  return {
    get text() {
      return text;
    },
    get leftTo() {
      return leftTo;
    },
    sees: async (words) => assert.ok(text.includes(words), `the page does not say "${words}":\n${text}`),
    logIn: (username, password) => go(`${path}/login`, new URLSearchParams({ username, password })),
    press(decision, accounts = []) {
      const form = new URLSearchParams({ decision });
      for (const account of accounts) form.append('account', account);
      return go(`${path}/decide`, form);
    },
    post: (action, form) => go(`${path}/${action}`, new URLSearchParams(form)),
  };
}

type Answered = { text: string; location: string | undefined; cookie: string | undefined };

function ask(port: number, host: string, path: string, cookie: string, form?: URLSearchParams): Promise<Answered> {
  const headers = {
    host,
    ...(cookie ? { cookie } : {}),
    ...(form ? { 'content-type': 'application/x-www-form-urlencoded', origin: `http://${host}` } : {}),
  };
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers, method: form ? 'POST' : 'GET' }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.once('error', reject);
      reply.once('end', () => {
        const kept = reply.headers['set-cookie']?.[0]?.split(';')[0];
        resolve({ text: Buffer.concat(chunks).toString('utf8'), location: reply.headers.location, cookie: kept });
      });
    });
    asked.once('error', reject);
    asked.end(form?.toString());
  });
}
