import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import requestValidator from 'openapi-request-validator';
import responseValidator from 'openapi-response-validator';
import { parse } from 'yaml';
import { readSettings } from '../src/settings.ts';
import type { ExchangeJudge } from './berlin-group-file.ts';

const FILES = { '3.1': 'account-info-openapi_v3.1.11r5.yaml', '4.0': 'account-info-openapi_v4.0-Update-4.yaml' };

type Parameter = { name: string; in: string; schema?: { type?: string } };
type Operation = { parameters?: Parameter[]; responses: Record<string, { content?: Record<string, object> }> };

/** An official UK account information file as a judge of whole exchanges; undefined where `BANK_SPECS` is not set. */
export function ukJudge(version: keyof typeof FILES): ExchangeJudge | undefined {
  const folder = readSettings(process.env).bankSpecs;
  if (folder === undefined) return undefined;
  const place = join(folder, 'obie', FILES[version]);
  if (!existsSync(place)) throw new Error(`BANK_SPECS is set, but ${FILES[version]} is not in its folder obie`);
  const file = parse(readFileSync(place, 'utf8'));
  const paths = resolved(file.paths, file) as Record<string, Record<string, Operation>>;
  const templates = Object.keys(paths).map((template) => ({
    template,
    names: [...template.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!),
    pattern: new RegExp(`^${template.replace(/\{[^}]+\}/g, '([^/]+)')}$`),
  }));
  // Building a validator takes far longer than asking it.
  const requests = new Map<Operation, InstanceType<typeof requestValidator.default>>();
  const replies = new Map<object, InstanceType<typeof responseValidator.default>>();
  return (request, reply) => {
    const url = new URL(request.path, 'https://bank.example');
    const found = templates.find(
      ({ template, pattern }) => pattern.test(url.pathname) && methodOf(template, request.method),
    );
    if (!found) return [`${request.method} ${url.pathname} is no operation of the file`];
    const operation = methodOf(found.template, request.method)!;
    const values = found.pattern.exec(url.pathname)!.slice(1);
    const params = Object.fromEntries(found.names.map((name, at) => [name, values[at]]));
    const asked = requests.get(operation) ?? new requestValidator.default(operation as never);
    requests.set(operation, asked);
    const sent = asked.validateRequest({
      headers: request.headers,
      body: request.body,
      params,
      query: Object.fromEntries(url.searchParams),
    } as never);
    const answer = operation.responses[reply.status];
    if (!answer) return [`${found.template}: the file has no status ${reply.status}`];
    const schema = Object.values(answer.content ?? {})[0];
    const validator =
      schema &&
      (replies.get(schema) ?? new responseValidator.default({ responses: { [reply.status]: schema } } as never));
    if (schema) replies.set(schema, validator!);
    const got = reply.body === undefined ? undefined : validator?.validateResponse(reply.status, reply.body);
    const errors = [...(sent?.errors ?? []), ...(got?.errors ?? [])] as { path?: string; message: string }[];
    return errors.map((error) => `${request.method} ${found.template}: ${error.path ?? ''} ${error.message}`);
  };

  function methodOf(template: string, method: string): Operation | undefined {
    return paths[template]?.[method.toLowerCase()];
  }
}

/** Puts what `$ref` points to in its place; what refers to itself stays a reference. */
export function resolved(value: unknown, root: unknown, above: string[] = []): unknown {
  if (Array.isArray(value)) return value.map((part) => resolved(part, root, above));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref: reference } = value as { $ref?: string };
  if (reference === undefined)
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolved(part, root, above)]));
  if (above.includes(reference)) return {};
  const target = reference
    .slice(2)
    .split('/')
    .reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], root);
  return resolved(target, root, [...above, reference]);
}
