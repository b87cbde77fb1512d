import type { Face } from '../world/banks.ts';

/** Links of an answer by name, as `{ name: { href } }`. */
export type Links = Record<string, { href: string }>;

/** What a machine gets: a status, a JSON body, content of another type or none, and headers. */
export type Reply = { status: number; body?: unknown; content?: Buffer; headers?: Record<string, string> };

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Unauthorised',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  409: 'Conflict',
  415: 'Unsupported media type',
  429: 'Too many requests',
  500: 'Internal server error',
  503: 'Service unavailable',
};

/** The bank says no: HTTP status and message code of XS2A 1.3 (standards §3.9). */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly links: Links | undefined;
  readonly headers: Record<string, string> | undefined;

  constructor(
    status: number,
    code: string,
    text: string,
    more: { links?: Links; headers?: Record<string, string> } = {},
  ) {
    super(text);
    this.status = status;
    this.code = code;
    this.links = more.links;
    this.headers = more.headers;
  }
}

/** 400 `FORMAT_ERROR`: something is missing or not as the standard wants it. */
export const formatError = (text: string) => new Refused(400, 'FORMAT_ERROR', text);

/** The refusal in the form that the interface answers errors in. */
export function presentRefusal(refusal: Refused, face: Pick<Face, 'errors'> | undefined): Reply {
  const links = refusal.links ? { _links: refusal.links } : {};
  const { status, code, message } = refusal;
  if (face?.errors !== 'problem') {
    return {
      status,
      body: { tppMessages: [{ category: 'ERROR', code, text: message }], ...links },
      headers: { 'content-type': 'application/json', ...refusal.headers },
    };
  }
  const type = `https://berlingroup.com/error-codes/${code}`;
  return {
    status,
    body: { type, title: TITLES[status] ?? 'Error', status, detail: message, code, ...links },
    headers: { 'content-type': 'application/problem+json', ...refusal.headers },
  };
}
