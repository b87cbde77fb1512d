type Cookie = {
  name: string;
  value: string;
  host: string;
  path: string;
  sameSite: 'strict' | 'lax' | 'none';
  lasts: boolean;
};

/** What a request is, as far as cookies are concerned. */
export type Sending = { url: URL; crossSite: boolean; method: string };

/** The cookies of one browser, kept by host and path; ports do not matter, as in real browsers. */
export type Jar = {
  header(sending: Sending): string | undefined;
  store(url: URL, lines: readonly string[]): void;
  /** Throws away what lasts only as long as the browser is open. */
  closeBrowser(): void;
  clear(): void;
  readonly all: readonly Cookie[];
};

/** An empty jar. */
export function createJar(): Jar {
  let cookies: Cookie[] = [];
  return {
    header({ url, crossSite, method }) {
      const sent = cookies
        .filter(({ host, path }) => host === url.hostname && inPath(url.pathname, path))
        .filter(({ sameSite }) => !crossSite || sameSite === 'none' || (sameSite === 'lax' && method === 'GET'));
      return sent.length === 0 ? undefined : sent.map(({ name, value }) => `${name}=${value}`).join('; ');
    },
    store(url, lines) {
      for (const line of lines) {
        const { cookie, ended } = parse(url, line);
        cookies = cookies.filter((other) => !same(other, cookie));
        if (!ended) cookies.push(cookie);
      }
    },
    closeBrowser() {
      cookies = cookies.filter(({ lasts }) => lasts);
    },
    clear() {
      cookies = [];
    },
    get all() {
      return cookies;
    },
  };
}

function parse(url: URL, line: string): { cookie: Cookie; ended: boolean } {
  const [pair = '', ...rest] = line.split(';').map((part) => part.trim());
  const attributes = new Map(
    rest.map((part) => {
      const [name = '', ...value] = part.split('=');
      return [name.toLowerCase(), value.join('=')];
    }),
  );
  const name = pair.slice(0, pair.indexOf('='));
  const path = attributes.get('path') || '/';
  // RFC 6265bis §4.1.3.2; a loopback address counts as secure, as in browsers.
  if (name.startsWith('__Host-') && (!attributes.has('secure') || attributes.has('domain') || path !== '/'))
    throw new Error(`a browser refuses this cookie: ${line.replace(/=[^;]*/, '=…')}`);
  const sameSite = (attributes.get('samesite') ?? 'lax').toLowerCase() as Cookie['sameSite'];
  const maxAge = attributes.get('max-age');
  const expires = attributes.get('expires');
  const ended = maxAge === undefined ? expires !== undefined && Date.parse(expires) < Date.now() : Number(maxAge) <= 0;
  const lasts = maxAge !== undefined || expires !== undefined;
  return {
    cookie: { name, value: pair.slice(pair.indexOf('=') + 1), host: url.hostname, path, sameSite, lasts },
    ended,
  };
}

function same(a: Cookie, b: Cookie): boolean {
  return a.name === b.name && a.host === b.host && a.path === b.path;
}

function inPath(path: string, cookiePath: string): boolean {
  return path === cookiePath || path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`);
}
