import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import requestValidator from 'openapi-request-validator';
import { readSettings } from '../src/settings.ts';

/** One request as it goes over the wire; `path` as in the official file, `/v1/…`, with its query. Headers in lower case. */
export type SentRequest = { method: string; path: string; headers: Record<string, string>; body?: unknown };

/** Says what of a request the official file forbids; nothing when it is as it should be. */
export type RequestJudge = (request: SentRequest) => string[];

type Operation = { parameters?: unknown[]; requestBody?: unknown };

/** The official Berlin Group 1.3.12 file as a judge of requests; undefined where `BANK_SPECS` is not set. */
export function berlinGroupJudge(): RequestJudge | undefined {
  const folder = readSettings(process.env).bankSpecs;
  if (folder === undefined) return undefined;
  const file = JSON.parse(readFileSync(join(folder, 'berlin-group', 'psd2-api_v1.3.12.patched.json'), 'utf8'));
  const paths = Object.entries(resolveReferences(file.paths, file) as Record<string, Record<string, Operation>>)
    // `/v1/{payment-service}/…` fits every path: the most exact one goes first.
    .toSorted(([a], [b]) => a.split('{').length - b.split('{').length);
  const Validator = requestValidator.default;
  const validators = new Map<Operation, InstanceType<typeof Validator>>();
  return ({ method, path, headers, body }) => {
    const url = new URL(path, 'https://bank.example');
    const found = paths
      .map(([template, operations]) => ({ operations, params: paramsOf(template, url.pathname) }))
      .find(({ operations, params }) => params && operations[method.toLowerCase()]);
    if (!found) return [`${method} ${url.pathname} is no operation of the file`];
    const operation = found.operations[method.toLowerCase()] as Operation;
    const validator = validators.get(operation) ?? new Validator(operation as never);
    validators.set(operation, validator);
    const parameters = [
      ...((found.operations.parameters as unknown as [] | undefined) ?? []),
      ...(operation.parameters ?? []),
    ];
    const result = validator.validateRequest({
      headers: typed(headers, parameters, 'header'),
      body,
      params: found.params,
      query: typed(Object.fromEntries(url.searchParams), parameters, 'query'),
    } as never);
    const errors = (result?.errors ?? []) as { path?: string; message: string }[];
    return errors.map((error) => `${method} ${url.pathname}: ${error.path ?? ''} ${error.message}`);
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
function typed(values: Record<string, string>, parameters: unknown[], place: string): Record<string, unknown> {
  const types = new Map(
    (parameters as { name: string; in: string; schema?: { type?: string } }[])
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
      .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], file);
    return resolveReferences(target, file);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveReferences(item, file)]));
}
