import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** What a bank's authorization server may hand back, in this order (RFC 6749, 9207, OpenID Connect, JARM). */
const HANDED_BACK = ['state', 'code', 'id_token', 'response', 'iss', 'error', 'error_description'] as const;

/** Longest address we send a browser to; ours takes headers of 16 KB. */
const LONGEST = 12_000;

/**
 * The ways back from a bank that are no plain query. `POST` takes what the bank's form or our own script brings and goes on
 * by a GET of ours: the visit's cookie is not sent along with another site's form, but with the GET that follows it is.
 */
export function addPostedBack(app: FastifyInstance, refuse: (request: FastifyRequest, reply: FastifyReply) => unknown) {
  app.post<{ Params: { provider: string } }>('/back/:provider', async (request, reply) => {
    const { provider } = request.params;
    const query = handedBack((request.body ?? {}) as Record<string, unknown>);
    if (!/^[a-z0-9-]{1,60}$/.test(provider) || query.length > LONGEST) return refuse(request, reply);
    return reply
      .code(303)
      .headers({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        location: `/back/${provider}?${query}`,
      })
      .send();
  });
}

/**
 * The query with the visit's state in it: a signed answer (JARM) carries it inside. It is only a name to find the visit by;
 * whether the answer is the bank's is checked before anything is done with it.
 */
export function withState(query: [string, string][]): [string, string][] {
  const response = query.findLast(([name]) => name === 'response')?.[1];
  if (response === undefined || query.some(([name]) => name === 'state')) return query;
  const state = stateIn(response);
  return state === undefined ? query : [...query, ['state', state]];
}

/** Without a state there is always an empty one: such a return is told to be unknown, and never asked for a fragment again. */
function handedBack(body: Record<string, unknown>): string {
  const fragment = typeof body.fragment === 'string' ? new URLSearchParams(body.fragment.slice(0, LONGEST)) : undefined;
  const query = new URLSearchParams();
  for (const name of HANDED_BACK) {
    const value = fragment ? fragment.get(name) : body[name];
    if (typeof value === 'string') query.set(name, value);
  }
  if (!query.has('state') && !query.has('response')) query.set('state', '');
  return query.toString();
}

function stateIn(jwt: string): string | undefined {
  try {
    const { state } = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as { state?: unknown };
    return typeof state === 'string' ? state : undefined;
  } catch {
    // No JWT: the visit is not found, and the page says so.
    return undefined;
  }
}
