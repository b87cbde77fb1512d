import { z } from 'zod';
import { PROBLEMS, type ProblemCode } from '../../platform/problems.ts';
import type { Route } from '../route.ts';

type Json = { [name: string]: unknown };

/** Problems any route may answer with. */
const EVERYWHERE: ProblemCode[] = [
  'unauthorized',
  'key_revoked',
  'cross_site',
  'rate_limited',
  'internal_error',
  'unavailable',
  'invalid_body',
  'invalid_request',
];
const WITH_BODY: ProblemCode[] = ['payload_too_large', 'unsupported_media_type'];
const CREATING: ProblemCode[] = ['idempotency_key_reused'];

/** Every problem a route may answer with: its own and those that come with its form. */
export function problemsOf(route: Route): ProblemCode[] {
  const codes = [
    ...EVERYWHERE,
    ...route.problems,
    ...(route.id ? (['not_found'] as const) : []),
    ...(route.query && 'cursor' in route.query.shape ? (['invalid_cursor'] as const) : []),
    ...(route.method === 'GET' ? [] : WITH_BODY),
    ...(route.creates ? CREATING : []),
  ];
  return [...new Set<ProblemCode>(codes)].sort((a, b) => PROBLEMS[a].status - PROBLEMS[b].status);
}

/** The OpenAPI 3.1 document, made from the very schemas that validate. */
export function makeOpenApi(routes: readonly Route[], about: { publicUrl: string; version: string }): Json {
  const components: Json = { Problem: problemSchema() };
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    paths[route.path]![route.method.toLowerCase()] = operationOf(route, components);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Drawbridge API',
      version: about.version,
      description:
        'Connect bank accounts with the consent of the person they belong to, and read them. Amounts are signed decimal strings, days `YYYY-MM-DD`, moments RFC 3339 in UTC.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: about.publicUrl }],
    security: [{ bearer: [] }, { basic: [] }],
    tags: [...new Set(routes.map(({ group }) => group))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'Your key: `dbk_test_…` or `dbk_live_…`.' },
        basic: { type: 'http', scheme: 'basic', description: 'Your key as user name, the password empty.' },
      },
    },
  };
}

function operationOf(route: Route, components: Json): Json {
  const body = route.body ? schemaOf(route.body, 'input', components) : undefined;
  return {
    operationId: route.operation,
    tags: [route.group],
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    parameters: parametersOf(route, components),
    ...(body
      ? {
          requestBody: {
            required: ((body.required as unknown[] | undefined) ?? []).length > 0,
            content: contentOf(body, route.example),
          },
        }
      : {}),
    responses: { [String(route.status ?? 200)]: answerOf(route, components), ...refusalsOf(route) },
  };
}

function contentOf(schema: Json, example: object | undefined): Json {
  const media = { schema, ...(example ? { example } : {}) };
  return {
    'application/json': media,
    'application/x-www-form-urlencoded': { ...media, encoding: encodingsOf(schema) },
  };
}

/** How lists and maps are written in a form: `scopes[]=…` is taken too, `metadata[k]=v` is the only way. */
function encodingsOf(schema: Json): Json {
  const entries = Object.entries((schema.properties ?? {}) as Record<string, Json>).flatMap(([name, property]) =>
    property.type === 'object'
      ? [[name, { style: 'deepObject', explode: true }]]
      : property.type === 'array'
        ? [[name, { style: 'form', explode: true }]]
        : [],
  );
  return Object.fromEntries(entries);
}

function parametersOf(route: Route, components: Json): Json[] {
  const query = route.query ? schemaOf(route.query, 'input', components) : {};
  const required = new Set((query.required as string[] | undefined) ?? []);
  return [
    ...(route.id
      ? [
          {
            name: 'id',
            in: 'path',
            required: true,
            schema: { type: 'string' },
            description: `Id of the ${route.group.toLowerCase()} object.`,
          },
        ]
      : []),
    ...Object.entries((query.properties ?? {}) as Record<string, Json>).map(([name, schema]) => ({
      name,
      in: 'query',
      required: required.has(name),
      ...(typeof schema.description === 'string' ? { description: schema.description } : {}),
      schema,
    })),
    ...(route.creates
      ? [
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: false,
            schema: { type: 'string', maxLength: 255 },
            description:
              'Sent again with the same body within 24 hours, the first answer comes back and nothing is made twice.',
          },
        ]
      : []),
  ];
}

function answerOf(route: Route, components: Json): Json {
  return {
    description: route.summary,
    headers: {
      'Request-Id': { schema: { type: 'string' }, description: 'Quote it when you ask about this request.' },
      ...(route.creates
        ? {
            'Idempotent-Replayed': {
              schema: { type: 'string', const: 'true' },
              description: 'Present where this is the first answer once more.',
            },
          }
        : {}),
    },
    content: Object.fromEntries(
      (route.files ?? ['application/json']).map((type) => [
        type,
        { schema: schemaOf(route.answer, 'output', components) },
      ]),
    ),
  };
}

function refusalsOf(route: Route): Json {
  const byStatus = Map.groupBy(problemsOf(route), (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
        content: {
          'application/problem+json': {
            schema: {
              allOf: [
                { $ref: '#/components/schemas/Problem' },
                { properties: { status: { const: status }, code: { enum: codes } } },
              ],
            },
          },
        },
      },
    ]),
  );
}

/** A schema with what it names moved into the components. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const made = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' }) as Json;
  const { $defs, $schema: _dialect, id, ...rest } = made as { $defs?: Json; $schema?: string; id?: string };
  for (const [name, definition] of Object.entries($defs ?? {})) components[name] = moved(definition);
  if (typeof id !== 'string') return moved(rest) as Json;
  components[id] = moved(rest);
  return { $ref: `#/components/schemas/${id}` };
}

function moved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moved);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, inner]) => !(name === 'id' && typeof inner === 'string'))
      .map(([name, inner]) => [
        name,
        name === '$ref' && typeof inner === 'string'
          ? inner.replace('#/$defs/', '#/components/schemas/')
          : moved(inner),
      ]),
  );
}

function problemSchema(): Json {
  return {
    type: 'object',
    description: 'RFC 9457. `code` never changes its meaning; `detail` says what to do.',
    required: ['type', 'title', 'status', 'code', 'detail', 'request_id'],
    properties: {
      type: { type: 'string', format: 'uri' },
      title: { type: 'string' },
      status: { type: 'integer' },
      code: { type: 'string', enum: Object.keys(PROBLEMS) },
      detail: { type: 'string' },
      errors: {
        type: 'array',
        items: {
          type: 'object',
          required: ['pointer', 'detail'],
          properties: {
            pointer: {
              type: 'string',
              description: 'RFC 6901 into the body, `?name` for a query parameter, or the name of a header.',
            },
            detail: { type: 'string' },
          },
        },
      },
      request_id: { type: 'string' },
    },
  };
}
