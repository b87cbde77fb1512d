import type { Egress } from '../../base/egress.ts';

/** A running server, spoken to as its demo app and as a person's browser. */
export type ServerClient = {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: object): Promise<T>;
  /** A page of the visit as JSON, with the cookies of this one browser. With a body it is sent there first. */
  page(path: string, body?: object): Promise<{ url: string; body: unknown }>;
  /** Where it is, without a port. */
  readonly hostname: string;
  /** What makes this browser the visit's owner. */
  cookies(): [string, string][];
};

/** `key` is the app's; the pages are asked for without it. */
export function createServerClient(egress: Egress, baseUrl: string, key: string): ServerClient {
  const { host } = new URL(baseUrl);
  const cookies = new Map<string, string>();

  async function send(method: string, url: string, headers: Record<string, string>, body?: object) {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const reply = await egress.request({
      method,
      url,
      headers: { accept: 'application/json', ...type, ...headers },
      hosts: [host],
      ...sent,
    });
    return { ...reply, text: Buffer.from(reply.body).toString('utf8') };
  }

  async function api<T>(method: string, path: string, body?: object): Promise<T> {
    const reply = await send(method, `${baseUrl}${path}`, { authorization: `Bearer ${key}` }, body);
    if (reply.status >= 400) throw new Error(`${method} ${path}: ${detailOf(reply.text, reply.status)}`);
    return JSON.parse(reply.text) as T;
  }

  return {
    hostname: new URL(baseUrl).hostname,
    cookies: () => [...cookies],
    get: (path) => api('GET', path),
    post: (path, body) => api('POST', path, body),
    async page(path, body) {
      let url = new URL(path, baseUrl).href;
      let [method, sent] = [body === undefined ? 'GET' : 'POST', body];
      for (let hops = 0; hops < 10; hops++) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const reply = await send(method, url, { ...(cookie && { cookie }), origin: new URL(baseUrl).origin }, sent);
        keepCookies(cookies, reply.headers['set-cookie']);
        const { location } = reply.headers;
        if (location === undefined) {
          if (reply.status >= 400) throw new Error(`The page said no: ${detailOf(reply.text, reply.status)}`);
          return { url, body: JSON.parse(reply.text) };
        }
        url = new URL(location, url).href;
        [method, sent] = ['GET', undefined];
      }
      throw new Error('The page redirects in a circle.');
    },
  };
}

/** Set-Cookie lines arrive joined by commas; ours hold none inside. */
function keepCookies(cookies: Map<string, string>, header: string | undefined): void {
  for (const line of header?.split(/,\s*(?=[^;,\s]+=)/) ?? []) {
    const [pair = ''] = line.split(';');
    const at = pair.indexOf('=');
    if (/max-age=0/i.test(line)) cookies.delete(pair.slice(0, at));
    else cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}

function detailOf(text: string, status: number): string {
  try {
    const problem = JSON.parse(text);
    return problem.detail ?? problem.title ?? `HTTP ${status}`;
  } catch {
    return `HTTP ${status}, and not in JSON`;
  }
}
