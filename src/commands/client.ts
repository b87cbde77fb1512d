import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeOpenApi } from '../api/docs/openapi.ts';
import { ROUTES } from '../api/routes.ts';

type Json = Record<string, unknown>;
type Operation = {
  operationId: string;
  tags: [string];
  summary: string;
  description?: string;
  parameters: {
    name: string;
    in: 'path' | 'query' | 'header';
    required: boolean;
    schema: Json;
    description?: string;
  }[];
  requestBody?: { content: { 'application/json': { schema: Json } } };
  responses: Record<string, { content: Record<string, { schema: Json }> }>;
};
/** The part of an OpenAPI document that a client is made from. */
export type Document = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json> };
};

const ROOT = new URL('../..', import.meta.url).pathname;
const MADE =
  '// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.';

/** The typed client's files: for each part of the API its types, and a function for every operation. */
export function makeClient(document: Document): { path: string; text: string }[] {
  const operations = operationsOf(document);
  const home = homesOf(document, operations);
  const groups = [...new Set(operations.map(({ group }) => group))];
  return [
    { path: 'clients/typescript/api/words.ts', text: wordsFile(document) },
    ...groups.map((group) => ({
      path: `clients/typescript/api/${group}.ts`,
      text: groupFile(document, operations, home, group),
    })),
    ...groups.map((group) => ({
      path: `clients/typescript/calls/${group}.ts`,
      text: callsFile(operations, home, group),
    })),
    { path: 'clients/typescript/calls/all.ts', text: allFile(groups) },
  ];
}

type Known = {
  method: string;
  path: string;
  operation: Operation;
  group: string;
  name: string;
  body?: Json;
  query?: Json;
  answer: Json | 'file';
  creates: boolean;
};

function operationsOf({ paths }: Document): Known[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Known => {
      const [, good] = Object.entries(operation.responses).find(([status]) => status.startsWith('2'))!;
      const queried = operation.parameters.filter((one) => one.in === 'query');
      const body = operation.requestBody?.content['application/json'].schema;
      return {
        method: method.toUpperCase(),
        path,
        operation,
        group: operation.tags[0].toLowerCase().replaceAll(' ', '-'),
        name: camel(operation.operationId),
        ...(body ? { body } : {}),
        ...(queried.length ? { query: asObject(queried) } : {}),
        answer: good.content['application/json']?.schema ?? 'file',
        creates: operation.parameters.some(({ name }) => name === 'Idempotency-Key'),
      };
    }),
  );
}

function asObject(parameters: Operation['parameters']): Json {
  return {
    type: 'object',
    properties: Object.fromEntries(
      parameters.map(({ name, schema, description }) => [name, { ...schema, description }]),
    ),
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
  };
}

/** Each named schema lives with the part of the API that answers it first; what only others name, with the first of those. */
function homesOf({ components }: Document, operations: readonly Known[]): Map<string, string> {
  const home = new Map<string, string>();
  const visit = (value: unknown, group: string) => {
    for (const name of referencesIn(value)) {
      if (home.has(name)) continue;
      home.set(name, group);
      visit(components.schemas[name], group);
    }
  };
  for (const { answer, group } of operations) visit(answer, group);
  return home;
}

function groupFile(document: Document, operations: readonly Known[], home: Map<string, string>, group: string): string {
  const schemas = Object.entries(document.components.schemas).filter(([name]) => home.get(name) === group);
  const mine = operations.filter((one) => one.group === group);
  const named = [
    ...schemas.map(([name, schema]) => declaration(name, schema, String(schema.description ?? `A ${name}.`))),
    ...mine.flatMap((one) => [
      ...(one.query ? [declaration(`${capital(one.name)}Query`, one.query, `What \`${one.name}\` can be asked.`)] : []),
      ...(one.body ? [declaration(`${capital(one.name)}Body`, one.body, `What \`${one.name}\` is sent.`)] : []),
    ]),
  ];
  const used = new Set(
    [...schemas.map(([, schema]) => schema), ...mine.flatMap(({ body, query }) => [body, query])].flatMap(referencesIn),
  );
  const imports = Map.groupBy([...used].filter((name) => home.get(name) !== group).sort(), (name) => home.get(name)!);
  const body = named.join('\n\n');
  const words = Object.keys(WORDS).filter((name) => new RegExp(`\\b${name}\\b`).test(body));
  if (words.length) imports.set('words', words);
  const lines = [...imports].sort().map(([from, names]) => `import type { ${names.join(', ')} } from './${from}.ts';`);
  return `${[MADE, ...lines].join('\n')}\n\n${body}\n`;
}

function declaration(name: string, schema: Json, meaning: string): string {
  return `/** ${meaning} */\nexport type ${name} = ${typeOf(schema)};`;
}

/** The calls of one part of the API: functions that hand a request to `send`. */
function callsFile(operations: readonly Known[], home: Map<string, string>, group: string): string {
  const mine = operations.filter((one) => one.group === group);
  const all = new Map<string, Set<string>>();
  for (const one of mine) {
    if (one.query) add(all, group, `${capital(one.name)}Query`);
    if (one.body) add(all, group, `${capital(one.name)}Body`);
    for (const name of one.answer === 'file' ? [] : referencesIn(one.answer)) add(all, home.get(name)!, name);
  }
  const imports = [...all]
    .sort(([from], [other]) => from.localeCompare(other))
    .map(([from, names]) => `import type { ${[...names].sort().join(', ')} } from '../api/${from}.ts';`);
  const lists = mine.some(({ answer }) => answer !== 'file' && answerType(answer).startsWith('List<'));
  const needed = `import type { ${lists ? 'List, ' : ''}Options, Send } from '../request.ts';`;
  return `${[MADE, ...imports, needed].join('\n')}\n\n/** ${mine[0]!.operation.tags[0]}. */\nexport const ${camel(group.replaceAll('-', '_'))} = (send: Send) => ({\n${mine.map(callOf).join('\n\n')}\n});\n`;
}

function allFile(groups: readonly string[]): string {
  const names = groups.map((group) => [group, camel(group.replaceAll('-', '_'))] as const);
  const imports = names.map(([group, name]) => `import { ${name} } from './${group}.ts';`).sort();
  return `${MADE}\n${imports.join('\n')}\nimport type { Send } from '../request.ts';\n\n/** A function for every operation of the API. */\nexport const allCalls = (send: Send) => ({ ${names.map(([, name]) => `...${name}(send)`).join(', ')} });\n`;
}

function callOf(one: Known): string {
  const { operation, method, path, name, body, query, answer } = one;
  const hasId = path.includes('{id}');
  const optional = (schema: Json) => ((schema.required as string[] | undefined) ?? []).length === 0;
  const parameters = [
    ...(hasId ? ['id: string'] : []),
    ...(body ? [`body: ${capital(name)}Body${optional(body) ? ' = {}' : ''}`] : []),
    ...(query ? [`query: ${capital(name)}Query${optional(query) ? ' = {}' : ''}`] : []),
    'options: Options = {}',
  ];
  const request = [
    `method: '${method}'`,
    `path: ${hasId ? `\`${path.replace('{id}', `\${encodeURIComponent(id)}`)}\`` : `'${path}'`}`,
    ...(body ? ['body'] : []),
    ...(query ? ['query'] : []),
    ...(one.creates ? ['creates: true as const'] : []),
    ...(answer === 'file' ? ["answer: 'text' as const"] : []),
  ];
  const said = [operation.summary, operation.description].filter(Boolean).join('. ').replaceAll('*/', '');
  const answered = answer === 'file' ? 'string' : answerType(answer);
  return `  /** ${said} */\n  ${name}: (${parameters.join(', ')}): Promise<${answered}> => send({ ${request.join(', ')} }, options),`;
}

/** Lists are one type with what they hold. */
function answerType(schema: Json): string {
  const properties = schema.properties as Record<string, Json> | undefined;
  const items = properties?.data?.items as Json | undefined;
  return items && properties?.next_cursor ? `List<${typeOf(items)}>` : typeOf(schema);
}

function typeOf(schema: unknown): string {
  const {
    $ref,
    const: only,
    enum: values,
    anyOf,
    oneOf,
    allOf,
    type,
    items,
    properties,
    required,
    additionalProperties,
  } = (schema ?? {}) as Json & {
    anyOf?: Json[];
    oneOf?: Json[];
    allOf?: Json[];
    enum?: unknown[];
    required?: string[];
  };
  if (typeof $ref === 'string') return $ref.split('/').at(-1)!;
  if (only !== undefined) return literal(only);
  if (values) return wordFor(values) ?? values.map(literal).join(' | ');
  if (anyOf ?? oneOf) return (anyOf ?? oneOf)!.map(typeOf).join(' | ');
  if (allOf) return allOf.map(typeOf).join(' & ');
  if (Array.isArray(type)) return type.map((one) => typeOf({ ...(schema as Json), type: one })).join(' | ');
  if (type === 'array') return `(${typeOf(items)})[]`;
  if (type === 'object' && properties) return objectType(properties as Record<string, Json>, new Set(required ?? []));
  if (type === 'object')
    return `Record<string, ${typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown'}>`;
  return (
    { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null' }[String(type)] ??
    'unknown'
  );
}

function objectType(properties: Record<string, Json>, required: Set<string>): string {
  const members = Object.entries(properties).map(([name, schema]) => {
    const said = typeof schema.description === 'string' ? `/** ${schema.description.replaceAll('*/', '')} */\n` : '';
    const key = /^[a-z_]\w*$/i.test(name) ? name : literal(name);
    return required.has(name) ? `${said}${key}: ${typeOf(schema)};` : `${said}${key}?: ${typeOf(schema)} | undefined;`;
  });
  return `{\n${members.join('\n')}\n}`;
}

/** Long lists of words that many answers use, each known by one of its words: they are said once. */
const WORDS: Record<string, { known: string; meaning: string }> = {
  EventType: { known: 'consent.authorized', meaning: 'What can happen.' },
  AccountType: { known: 'credit_card', meaning: 'Kinds of bank accounts.' },
};

function wordFor(values: readonly unknown[]): string | undefined {
  return Object.entries(WORDS).find(([, { known }]) => values.includes(known))?.[0];
}

function wordsFile(document: Document): string {
  const lists = [...JSON.stringify(document).matchAll(/"enum":(\[[^\]]*\])/g)].map(
    ([, list]) => JSON.parse(list!) as unknown[],
  );
  const types = Object.entries(WORDS).map(([name, { known, meaning }]) => {
    const all = [...new Set(lists.filter((list) => list.includes(known)).flat())];
    return `/** ${meaning} */\nexport type ${name} = ${all.map(literal).join(' | ')};`;
  });
  return `${MADE}\n${types.join('\n\n')}\n`;
}

function referencesIn(value: unknown): string[] {
  return [
    ...new Set(
      [...(JSON.stringify(value) ?? '').matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!),
    ),
  ];
}

function add(all: Map<string, Set<string>>, group: string, name: string): void {
  all.set(group, (all.get(group) ?? new Set()).add(name));
}

const literal = (value: unknown) =>
  typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : JSON.stringify(value);
const camel = (text: string) => text.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1);

/** Writes the client as a package that any Node and bundler takes: JavaScript and types, no dependencies. */
function build(folder: string, version: string): void {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const options =
    '--noEmit false --declaration --rewriteRelativeImportExtensions --target es2022 --module nodenext'.split(' ');
  const more = [
    '--lib',
    'es2024,dom',
    '--types',
    '',
    '--skipLibCheck',
    '--strict',
    '--ignoreConfig',
    '--outDir',
    folder,
  ];
  const { status, stdout } = spawnSync(
    process.execPath,
    [tsc, ...options, ...more, join(ROOT, 'clients/typescript/index.ts')],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(stdout);
  const manifest = {
    name: 'drawbridge-client',
    version,
    license: 'Apache-2.0',
    type: 'module',
    exports: { '.': { types: './index.d.ts', default: './index.js' } },
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

if (import.meta.main) {
  const version = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version as string;
  const document = makeOpenApi(ROUTES, { publicUrl: 'http://127.0.0.1:8400', version }) as unknown as Document;
  const files = makeClient(document);
  for (const { path, text } of files) writeFileSync(join(ROOT, path), text);
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const paths = files.map(({ path }) => join(ROOT, path));
  const { status, stderr } = spawnSync(process.execPath, [biome, 'format', '--write', ...paths], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const to = process.argv.indexOf('--build');
  if (to > 0) build(process.argv[to + 1] ?? join(ROOT, 'clients/typescript/dist'), version);
  console.log(`${files.length} files written${to > 0 ? ', and the package built' : ''}.`);
}
