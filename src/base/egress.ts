import { createHash } from 'node:crypto';
import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Pool } from 'undici';
import { isMetadataAddress, isPublicAddress } from './egress/addresses.ts';
import { unpack } from './egress/body.ts';
import { exchange } from './egress/exchange.ts';
import { EgressRefused, failureOf } from './egress/failures.ts';

export { EgressFailed, EgressRefused } from './egress/failures.ts';

/** The only way out: every outgoing connection of the server. It follows no redirect and repeats nothing. */
export type Egress = {
  /** Throws `EgressRefused` where the address is not allowed, `EgressFailed` where no whole answer came. */
  request(request: EgressRequest): Promise<EgressReply>;
  /** Why `request` would refuse this address before it looks its name up, or undefined when it would not. */
  refusal(request: Pick<EgressRequest, 'url' | 'hosts' | 'publicOnly'>): string | undefined;
  /** Cuts off what is still under way. */
  close(): Promise<void>;
};

/**
 * One request. `hosts` are the `host` or `host:port` entries its address must be on; no port means 443 and 8443. The list is
 * not changed afterwards.
 */
export type EgressRequest = {
  method: string;
  url: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  hosts: readonly string[];
  /** Client certificate, its key and the authorities to believe instead of the system's, as PEM. Not changed afterwards. */
  tls?: { cert?: string; key?: string; ca?: string };
  /** For all of it, name look-up to last byte; 10 seconds unless given. */
  timeoutMs?: number;
  /** The most bytes of answer to accept, after decompression; 8 MiB unless given. */
  maxBytes?: number;
  /** Requests of different lanes to one origin share no connections, so that none waits for another's. */
  lane?: string;
  /** Nothing private is called, whatever is allowed otherwise: https on the usual ports of public addresses. */
  publicOnly?: boolean;
  /** Only so many bytes of the answer are wanted: the rest is not waited for, nor is it decompressed. */
  keepBytes?: number;
};

/** The answer, whatever its status. Header names in lower case. `url` is where it came from. */
export type EgressReply = { status: number; headers: Record<string, string>; body: Uint8Array; url: string };

/** What a way out is made of: only the first is a decision, the others have the usual meaning unless given. */
export type EgressOptions = {
  /** True for a private `host` (IPv6 in brackets) and `port` that may be called, then also over http and on any port. */
  allowPrivate: (host: string, port: number) => boolean;
  /** How names become addresses, the system's resolver unless given. */
  lookup?: LookupFunction;
  /** Which addresses are the public internet. */
  isPublic?: (address: string) => boolean;
  /** The ports that may be called. */
  ports?: readonly number[];
};

const MOST_POOLS = 500;

/** Opens the way out. */
export function createEgress(options: EgressOptions): Egress {
  const rules = { lookup: systemLookup as LookupFunction, isPublic: isPublicAddress, ports: [443, 8443], ...options };
  // In order of last use; one a bank and certificate, because a fresh TLS handshake costs as much as 46 requests.
  const pools = new Map<string, Pool>();
  // Hashing three PEM texts for every call would cost as much as a tenth of the call.
  const identities = new WeakMap<object, string>();
  const targets = new WeakMap<readonly string[], Pick<EgressRequest, 'url' | 'publicOnly'> & { target: Target }>();

  function poolFor(target: Target, { tls, lane = '' }: EgressRequest): Pool {
    const identity = tls ? (identities.get(tls) ?? identityOf(tls)) : '';
    if (tls) identities.set(tls, identity);
    // A connection that was opened to a private address must not serve who may only call public ones.
    const key = `${target.origin} ${identity} ${target.mayBePrivate} ${lane}`;
    const pool = pools.get(key) ?? openPool(target, tls, rules);
    pools.delete(key);
    pools.set(key, pool);
    if (pools.size > MOST_POOLS) {
      const [oldest, unused] = pools.entries().next().value!;
      pools.delete(oldest);
      void unused.close();
    }
    return pool;
  }
  /** Whoever sends a thousand times to one address, with one list of hosts, has it read once. */
  function targetOf(request: EgressRequest): Target {
    const { url, hosts, publicOnly } = request;
    const last = targets.get(hosts);
    if (last && last.url === url && last.publicOnly === publicOnly) return last.target;
    const target = checkTarget(request, rules);
    targets.set(hosts, { url, publicOnly, target });
    return target;
  }
  return {
    async request(request) {
      const target = targetOf(request);
      if (Object.keys(request.headers ?? {}).some((name) => name.toLowerCase() === 'host'))
        throw new EgressRefused('another Host header');
      const maxBytes = request.maxBytes ?? 8 * 1024 * 1024;
      const { timeoutMs = 10_000, keepBytes } = request;
      try {
        const { status, headers, body } = await exchange(
          poolFor(target, request),
          {
            method: request.method as 'GET',
            path: target.path,
            headers: { 'accept-encoding': 'gzip, br', ...request.headers },
            body: request.body,
          },
          { timeoutMs, maxBytes, keepBytes },
        );
        const unpacked = keepBytes === undefined ? await unpack(body, headers['content-encoding'], maxBytes) : body;
        return { status, headers, body: unpacked, url: target.href };
      } catch (error) {
        throw failureOf(error);
      }
    },
    refusal(request) {
      try {
        checkTarget(request as EgressRequest, rules);
        return undefined;
      } catch (error) {
        if (error instanceof EgressRefused) return error.reason;
        throw error;
      }
    },
    close: async () => void (await Promise.all([...pools.values()].map((pool) => pool.destroy()))),
  };
}

/** Tells two sets of certificate, key and authorities apart. */
function identityOf({ cert, key, ca }: NonNullable<EgressRequest['tls']>): string {
  return createHash('sha256')
    .update(JSON.stringify([cert, key, ca]))
    .digest('base64');
}

type Rules = Required<EgressOptions>;
type Target = { origin: string; path: string; href: string; mayBePrivate: boolean };

/** The address, parsed once: what is checked here is what is connected to. */
function checkTarget({ url: text, hosts, publicOnly }: EgressRequest, rules: Rules): Target {
  if (!URL.canParse(text)) throw new EgressRefused('it cannot be read');
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || (url.protocol === 'http:' ? 80 : 443);
  const mayBePrivate = !publicOnly && rules.allowPrivate(url.hostname, port);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && mayBePrivate))
    throw new EgressRefused('it is not https');
  if (url.username || url.password) throw new EgressRefused('it holds a user name');
  if (!rules.ports.includes(port) && !mayBePrivate) throw new EgressRefused(`port ${port}`);
  if (!hosts.some((entry) => isOn(entry, url.hostname, port, rules.ports)))
    throw new EgressRefused('its host is not listed');
  if (isMetadataAddress(host)) throw new EgressRefused('its address is one of the machine’s own metadata');
  // A literal address is never looked up, so it is judged here.
  if (isIP(host) && !mayBePrivate && !rules.isPublic(host)) throw new EgressRefused('its address is not public');
  return { origin: url.origin, path: url.pathname + url.search, href: url.href, mayBePrivate };
}

function isOn(entry: string, hostname: string, port: number, ports: readonly number[]): boolean {
  const [, name, only] = /^(.+?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
  if (name === hostname) return only === undefined ? ports.includes(port) : Number(only) === port;
  // An IPv6 address in brackets whose last group looks like a port.
  return entry.toLowerCase() === hostname && ports.includes(port);
}

function openPool(target: Target, tls: EgressRequest['tls'], rules: Rules): Pool {
  return new Pool(target.origin, {
    connections: 32,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: 10_000,
    maxHeaderSize: 32 * 1024,
    connect: { ...tls, minVersion: 'TLSv1.2', timeout: 10_000, lookup: checkedLookup(target, rules) },
  });
}

/** Looks a name up and hands on only what may be connected to: there is no second look-up that could answer otherwise. */
function checkedLookup(target: Target, rules: Rules): LookupFunction {
  return (hostname, options, callback) => {
    rules.lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '');
      const addresses = found as unknown as { address: string; family: number }[];
      const refused = addresses.some(
        ({ address }) => isMetadataAddress(address) || (!target.mayBePrivate && !rules.isPublic(address)),
      );
      if (refused) return callback(new EgressRefused('its address is not public'), '');
      if (options.all) return callback(null, addresses as never);
      const [first] = addresses;
      if (!first) return callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '');
      callback(null, first.address, first.family);
    });
  };
}
