import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import requestValidator from 'openapi-request-validator';
import responseValidator from 'openapi-response-validator';
import { readSettings } from '../src/settings.ts';

/** One request as it goes over the wire; `path` as in the official file, `/v1/…`, with its query. Headers in lower case. */
export type SentRequest = { method: string; path: string; headers: Record<string, string>; body?: unknown };
/** The answer to it. */
export type SentReply = { status: number; headers: Record<string, string>; body?: unknown };

/** Says what of a request the official file forbids; nothing when it is as it should be. */
export type RequestJudge = (request: SentRequest) => string[];
/** The same for a whole exchange. */
export type ExchangeJudge = (request: SentRequest, reply: SentReply) => string[];

type Parameter = { name: string; in: string; schema?: { type?: string } };
type Reply = { content?: Record<string, { schema: object }>; headers?: Record<string, { required?: boolean }> };
type Operation = { parameters?: Parameter[]; requestBody?: unknown; responses: Record<string, Reply> };
type Found = { template: string; operation: Operation; parameters: Parameter[]; params: Record<string, string> };

/** The official Berlin Group 1.3.12 file as a judge of requests; undefined where `BANK_SPECS` is not set. */
export function berlinGroupJudge(): RequestJudge | undefined {
  const find = openFile();
  return find && requestJudge(find);
}

/** The same file as a judge of requests and answers. */
export function berlinGroupExchangeJudge(): ExchangeJudge | undefined {
  const find = openFile();
  if (!find) return undefined;
  const judgeRequest = requestJudge(find);
  const judgeReply = replyJudge(find);
  return (request, reply) => [...judgeRequest(request), ...judgeReply(request, reply)];
}

type Find = (method: string, path: string) => Found | undefined;

function openFile(): Find | undefined {
  const folder = readSettings(process.env).bankSpecs;
  if (folder === undefined) return undefined;
  const place = join(folder, 'berlin-group', 'psd2-api_v1.3.12.patched.json');
  if (!existsSync(place)) throw new Error('BANK_SPECS is set, but the Berlin Group 1.3.12 file is not in that folder');
  const file = JSON.parse(readFileSync(place, 'utf8'));
  type Operations = Record<string, Operation> & { parameters?: Parameter[] };
  const paths = Object.entries(resolveReferences(file.paths, file) as Record<string, Operations>)
    // `/v1/{payment-service}/…` fits every path: the most exact one goes first.
    .toSorted(([a], [b]) => a.split('{').length - b.split('{').length);
  return (method, path) => {
    const { pathname } = new URL(path, 'https://bank.example');
    for (const [template, operations] of paths) {
      const params = paramsOf(template, pathname);
      const operation = operations[method.toLowerCase()];
      if (!params || !operation) continue;
      return {
        template,
        operation,
        params,
        parameters: [...(operations.parameters ?? []), ...(operation.parameters ?? [])],
      };
    }
    return undefined;
  };
}

function requestJudge(find: Find): RequestJudge {
  const Validator = requestValidator.default;
  const validators = new Map<Operation, InstanceType<typeof Validator>>();
  return ({ method, path, headers, body }) => {
    const url = new URL(path, 'https://bank.example');
    const found = find(method, path);
    if (!found) return [`${method} ${url.pathname} is no operation of the file`];
    const { operation, parameters, params } = found;
    const validator = validators.get(operation) ?? new Validator(operation as never);
    validators.set(operation, validator);
    const result = validator.validateRequest({
      headers: typed(headers, parameters, 'header'),
      body,
      params,
      query: typed(Object.fromEntries(url.searchParams), parameters, 'query'),
    } as never);
    const errors = (result?.errors ?? []) as { path?: string; message: string }[];
    return errors.map((error) => `${method} ${url.pathname}: ${error.path ?? ''} ${error.message}`);
  };
}

function replyJudge(find: Find): ExchangeJudge {
  const Validator = responseValidator.default;
  const validators = new Map<object, InstanceType<typeof Validator>>();
  return ({ method, path }, { status, headers, body }) => {
    const found = find(method, path);
    if (!found) return [];
    const where = `${method} ${found.template} answers ${status}:`;
    const reply = found.operation.responses[status] ?? found.operation.responses.default;
    if (!reply) return [`${where} the file has no such status`];
    const missing = Object.entries(reply.headers ?? {})
      .filter(([name, { required }]) => required && !(name.toLowerCase() in headers))
      .map(([name]) => `${where} the header ${name} is missing`);
    if (!reply.content || body === undefined) return missing;
    const type = (headers['content-type'] ?? '').split(';')[0]!.trim();
    const content = reply.content[type];
    if (!content) return [...missing, `${where} the file has no content of type "${type}"`];
    const validator = validators.get(content) ?? new Validator({ responses: { [status]: content } } as never);
    validators.set(content, validator);
    const errors = (validator.validateResponse(status, body)?.errors ?? []) as { path?: string; message: string }[];
    return [...missing, ...errors.map((error) => `${where} ${error.path ?? ''} ${error.message}`)];
  };
}

function paramsOf(template: string, path: string): Record<string, string> | undefined {
  const names = [...template.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? '');
  const match = path.match(new RegExp(`^${template.replace(/\{[^}]+\}/g, '([^/]+)')}$`));
  return match
    ? Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(match[at + 1] ?? '')]))
    : undefined;
}

/** On the wire everything is text; the file speaks of booleans and numbers. */
function typed(values: Record<string, string>, parameters: Parameter[], place: string): Record<string, unknown> {
  const types = new Map(
    parameters
      .filter((parameter) => parameter.in === place)
      .map((parameter) => [place === 'header' ? parameter.name.toLowerCase() : parameter.name, parameter.schema?.type]),
  );
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const type = types.get(name);
      if (type === 'boolean' && /^(true|false)$/.test(value)) return [name, value === 'true'];
      if (type === 'integer' && /^\d+$/.test(value)) return [name, Number(value)];
      return [name, value];
    }),
  );
}

function resolveReferences(value: unknown, file: Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveReferences(item, file));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref } = value as { $ref?: unknown };
  if (typeof $ref === 'string') {
    const target = $ref
      .split('/')
      .slice(1)
      .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key.replaceAll('~1', '/')], file);
    return resolveReferences(target, file);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveReferences(item, file)]));
}
