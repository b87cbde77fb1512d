import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readSettings } from '../src/settings.ts';

/** One request and its answer on the wire, the path as the standard writes it (`/v1/consents`). */
export type Exchange = {
  method: string;
  path: string;
  query: Record<string, string>;
  requestHeaders: Record<string, string>;
  requestBody: unknown;
  status: number;
  responseHeaders: Record<string, string>;
  responseBody: unknown;
};

/** Judges exchanges by the official file of a standard; every entry of the answer is something that file forbids. */
export type Judge = (exchange: Exchange) => string[];

type Verdict = { errors?: object[] } | undefined;
type RequestValidator = { validateRequest(request: object): Verdict };
type ResponseValidator = { validateResponse(status: number, body: unknown): Verdict };
type Operation = { parameters?: object[]; requestBody?: object; responses: Record<string, Reply> };
type Reply = { content?: Record<string, { schema: object }>; headers?: Record<string, { required?: boolean }> };
type Document = { paths: Record<string, Record<string, Operation> & { parameters?: object[] }> };

// Both are CommonJS with a default export inside.
const load = createRequire(import.meta.url);
const RequestJudge: new (rules: object) => RequestValidator = load('openapi-request-validator').default;
const ResponseJudge: new (rules: object) => ResponseValidator = load('openapi-response-validator').default;

/** Why the checks against the official files are skipped; undefined when they are not. */
export function whyNoOfficialFiles(): string | undefined {
  return readSettings(process.env).bankSpecs ? undefined : 'BANK_SPECS is not set';
}

/** The judge by Berlin Group XS2A 1.3.12; undefined without BANK_SPECS. Throws when the folder lacks the file. */
export function berlinGroupJudge(): Judge | undefined {
  const folder = readSettings(process.env).bankSpecs;
  if (!folder) return undefined;
  const file = join(folder, 'berlin-group/psd2-api_v1.3.12.patched.json');
  if (!existsSync(file)) throw new Error(`BANK_SPECS is set, but ${file} is missing`);
  return judgeBy(resolveReferences(JSON.parse(readFileSync(file, 'utf8'))) as Document);
}

function judgeBy(document: Document): Judge {
  const routes = Object.entries(document.paths).map(([template, methods]) => ({
    template,
    // Fixed paths win over templates: `/v1/accounts` is no payment service.
    pattern: new RegExp(`^${template.replace(/\{[^}]+\}/g, '([^/]+)')}$`),
    names: [...template.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!),
    methods,
  }));
  routes.sort((a, b) => a.names.length - b.names.length);
  const requests = new Map<string, RequestValidator>();
  const responses = new Map<string, ResponseValidator>();

  return (exchange) => {
    const { method, path } = exchange;
    const route = routes.find(({ pattern }) => pattern.test(path));
    const operation = route?.methods[method.toLowerCase()];
    if (!route || !operation) return [`${method} ${path}: the standard has no such call`];
    const place = `${method} ${route.template}`;
    const values = route.pattern.exec(path)!.slice(1);
    const params = Object.fromEntries(route.names.map((name, index) => [name, values[index]]));
    const judge = cached(requests, place, () => requestJudge(operation, route.methods.parameters));
    const wrong = judge.validateRequest({
      headers: exchange.requestHeaders,
      query: exchange.query,
      params,
      body: exchange.requestBody,
    });
    const asked = (wrong?.errors ?? []).map((error) => `${place} request: ${JSON.stringify(error)}`);
    return [...asked, ...judgeAnswer(place, operation, exchange)];
  };

  function judgeAnswer(place: string, operation: Operation, exchange: Exchange): string[] {
    const { status, responseHeaders, responseBody } = exchange;
    const where = `${place} answer ${status}`;
    const reply = operation.responses[status] ?? operation.responses.default;
    if (!reply) return [`${where}: the standard has no such status`];
    const missing = Object.entries(reply.headers ?? {})
      .filter(([name, { required }]) => required && !(name.toLowerCase() in responseHeaders))
      .map(([name]) => `${where}: the header ${name} is missing`);
    const type = (responseHeaders['content-type'] ?? '').split(';')[0]!.trim();
    if (!reply.content || responseBody === undefined) return missing;
    const content = reply.content[type];
    if (!content) return [...missing, `${where}: the standard has no ${type || 'answer without a content type'}`];
    const judge = cached(responses, `${where} ${type}`, () => new ResponseJudge({ responses: { [status]: content } }));
    const wrong = judge.validateResponse(status, responseBody);
    return [...missing, ...(wrong?.errors ?? []).map((error) => `${where}: ${JSON.stringify(error)}`)];
  }
}

function requestJudge({ parameters = [], requestBody }: Operation, shared: object[] = []): RequestValidator {
  // The file says yes and no with strings in headers; query strings are typed by the validator itself.
  return new RequestJudge({
    parameters: [...shared, ...parameters],
    ...(requestBody && { requestBody }),
    additionalQueryProperties: false,
    logger: { ...console, warn: () => undefined },
  });
}

/** Replaces every `$ref` by what it points to, each thing once. */
function resolveReferences(document: Record<string, unknown>): unknown {
  const known = new Map<string, unknown>();
  const at = (reference: string) =>
    reference
      .slice(2)
      .split('/')
      .reduce((place, key) => (place as Record<string, unknown>)[key.replaceAll('~1', '/')], document as unknown);
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const reference = (value as { $ref?: unknown }).$ref;
    if (typeof reference === 'string') {
      if (!known.has(reference)) known.set(reference, resolve(at(reference)));
      return known.get(reference);
    }
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => key !== 'example' && key !== 'examples')
        .map(([key, inner]) => [key, resolve(inner)]),
    );
  };
  return resolve(document);
}

function cached<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
