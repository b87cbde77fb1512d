import type { z } from 'zod';
import type { Commit } from '../platform/commit.ts';
import type { EndEverything } from '../platform/customers/customers.ts';
import type { Caller, Platform } from '../platform/platform.ts';
import type { ProblemCode } from '../platform/problems.ts';

/** What a handler is given: everything is parsed and checked, the caller known. */
export type Asked<Query = unknown, Body = unknown> = {
  platform: Platform;
  caller: Caller;
  /** The `{id}` of the path; its form is checked, so it may exist. */
  id: string;
  query: Query;
  body: Body;
  /** Makes something durable together with the row of the idempotency key, whose answer is what `present` makes of it. */
  commit: <Made>(present: (made: Made) => object) => Commit<Made>;
  cursors: Cursors;
  options: ApiOptions;
};

/** Cursors of this caller, this route and these filters; one of another is `invalid_cursor`. */
export type Cursors = {
  /** The position in the request's cursor, or undefined where it has none. */
  read<Position>(): Position | undefined;
  write(position: unknown): string;
};

/** Text that is JSON already, where building it in the database is quicker. */
export class JsonText {
  readonly text: string | Buffer;
  constructor(text: string | Buffer) {
    this.text = text;
  }
  /** Pieces of it, some of them in UTF-8 already. */
  static joined(pieces: readonly (string | Buffer)[]): JsonText {
    return new JsonText(Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece))));
  }
}

/** A file that is sent while it is made, and how a browser should call it. */
export class FileText {
  readonly pieces: AsyncIterable<string>;
  readonly type: string;
  readonly name: string;
  constructor(pieces: AsyncIterable<string>, type: string, name: string) {
    this.pieces = pieces;
    this.type = type;
    this.name = name;
  }
}

/** What the API needs that is decided elsewhere. */
export type ApiOptions = {
  /** Ends all links of a customer at banks, before the customer is erased. */
  endEverything: EndEverything;
  /** Requests a minute for each key, and how many at once. */
  rate?: { perMinute: number; burst: number };
  /** Resolves when this server can serve; rejects or says why when not. The database is asked in any case. */
  ready?: () => Promise<Record<string, boolean>>;
  /** Said in `/health`, e.g. `embedded, one machine`. */
  database?: string;
  version?: string;
  /** Folder `docs/reference`; its pages and the guides beside it are served under `/docs`. */
  reference?: string;
};

/** One operation of the API: validation, OpenAPI and the documentation page are made from it. */
export type Route = {
  method: 'GET' | 'POST' | 'DELETE';
  /** As OpenAPI writes it: `/v1/consents/{id}`. */
  path: string;
  /** `operationId`, and what a cursor is bound to. */
  operation: string;
  /** The section it stands in. */
  group: string;
  summary: string;
  description?: string;
  /** Which kind of id `{id}` is; another form of text is answered like an absent object. */
  id?: IdKind;
  query?: z.ZodObject;
  body?: z.ZodObject;
  /** An example of the body. */
  example?: object;
  answer: z.ZodType;
  /** The media types it answers with, where that is a file and not JSON. */
  files?: readonly string[];
  /** 200 unless said. */
  status?: 200 | 201 | 202;
  /** Makes an object: takes `Idempotency-Key`. */
  creates?: true;
  /** What it makes is committed by itself and not with the key, so the key must be looked up before. */
  commitsAlone?: true;
  /** Beside those every route has. */
  problems: ProblemCode[];
  /** What it answers. Where it committed something, the answer is what `present` made of that, and this is not looked at. */
  handle: (asked: Asked<never, never>) => Promise<object>;
};

/** The kinds of id a path can hold. */
export type IdKind =
  | 'customer'
  | 'consent'
  | 'session'
  | 'connection'
  | 'bankAccount'
  | 'event'
  | 'webhookEndpoint'
  | 'template'
  | 'provider';

/** A route whose handler is typed by its schemas. */
export function route<
  Query extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Body extends z.ZodObject = z.ZodObject<Record<never, never>>,
>(
  definition: Omit<Route, 'query' | 'body' | 'handle'> & {
    query?: Query;
    body?: Body;
    handle: (asked: Asked<z.output<Query>, z.output<Body>>) => Promise<object>;
  },
): Route {
  return definition as unknown as Route;
}
