/** A page of a list. `next_cursor` asks for the next one. */
export type List<Item> = { object: 'list'; data: Item[]; has_more: boolean; next_cursor: string | null };

/** What one call may say beside what it asks. */
export type Options = {
  /** Sent again under the same key nothing is made twice. Creating calls get one by themselves. */
  idempotencyKey?: string;
  signal?: AbortSignal;
};

/** One request, as the operations describe it. */
export type Asked = {
  method: string;
  path: string;
  body?: object;
  query?: object;
  creates?: true;
  /** The answer is a file, not JSON. */
  answer?: 'text';
};

/** Sends a request and reads its answer. */
export type Send = <Answer>(asked: Asked, options: Options) => Promise<Answer>;

/** Where the server is, and whose key opens it. */
export type Connection = {
  /** `dbk_test_…` or `dbk_live_…`. Never in a web page. */
  key: string;
  /** Such as `https://banks.example.com`; `http://127.0.0.1:8400` unless said. */
  baseUrl?: string;
  /** How often a call that may be sent again is sent again; 2 unless said. */
  retries?: number;
  /** How long one try may take; 30,000 ms unless said. */
  timeoutMs?: number;
  /** Another `fetch`, for tests and proxies. */
  fetch?: typeof fetch;
};

/** The server said no: `code` never changes its meaning, `detail` says what to do. */
export class DrawbridgeError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** What was wrong with which field. */
  readonly errors: { pointer: string; detail: string }[];
  /** Quote it when you ask about this request. */
  readonly requestId: string | null;

  constructor(status: number, problem: Record<string, unknown>, requestId: string | null) {
    const detail = String(problem.detail ?? `The server answered with ${status}.`);
    super(detail);
    this.name = 'DrawbridgeError';
    this.status = status;
    this.code = String(problem.code ?? 'unknown');
    this.detail = detail;
    this.errors = Array.isArray(problem.errors) ? problem.errors : [];
    this.requestId = requestId;
  }
}

/** Sends requests with the key; sends again what may be sent again when the network, or the server for a moment, fails. */
export function createSend(connection: Connection): Send {
  const { key, baseUrl = 'http://127.0.0.1:8400', retries = 2, timeoutMs = 30_000 } = connection;
  const ask = connection.fetch ?? fetch;
  return async <Answer>(asked: Asked, options: Options): Promise<Answer> => {
    const url = `${baseUrl.replace(/\/+$/, '')}${asked.path}${queryOf(asked.query)}`;
    const idempotencyKey = options.idempotencyKey ?? (asked.creates ? crypto.randomUUID() : undefined);
    const request: RequestInit = {
      method: asked.method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(asked.body ? { 'content-type': 'application/json' } : {}),
        ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
      },
      ...(asked.body ? { body: JSON.stringify(asked.body) } : {}),
    };
    const again = asked.method !== 'POST' || idempotencyKey !== undefined;
    for (let left = again ? retries : 0; ; left -= 1) {
      const signals = [AbortSignal.timeout(timeoutMs), ...(options.signal ? [options.signal] : [])];
      let answer: Response;
      try {
        answer = await ask(url, { ...request, signal: AbortSignal.any(signals) });
      } catch (error) {
        if (left <= 0 || options.signal?.aborted) throw error;
        await pause(250 * (retries - left + 1));
        continue;
      }
      if (answer.ok) return (asked.answer === 'text' ? await answer.text() : await answer.json()) as Answer;
      const waitS = Number(answer.headers.get('retry-after') ?? 1);
      if (left > 0 && [429, 502, 503, 504].includes(answer.status) && waitS <= 10) {
        await pause(waitS * 1000);
        continue;
      }
      const problem = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
      throw new DrawbridgeError(answer.status, problem, answer.headers.get('request-id'));
    }
  };
}

function queryOf(query: object | undefined): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text ? `?${text}` : '';
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
