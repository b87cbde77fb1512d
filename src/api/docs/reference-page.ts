import { PROBLEMS } from '../../platform/problems.ts';
import type { Route } from '../route.ts';
import { escapeHtml, inline } from './escape.ts';
import { problemsOf } from './openapi.ts';

type Schema = {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  allOf?: Schema[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  maxItems?: number;
  format?: string;
};
type Parameter = { name: string; in: string; required?: boolean; description?: string; schema: Schema };
type Operation = {
  parameters: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
};
/** What this page reads of an OpenAPI document. */
export type OpenApi = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

/** Every route with its fields and problems, and every object, from the OpenAPI document itself. */
export function renderReference(
  routes: readonly Route[],
  openapi: OpenApi,
  publicUrl: string,
): { nav: string; main: string } {
  const groups = Map.groupBy(routes, ({ group }) => group);
  const nav = [...groups]
    .map(
      ([group, all]) =>
        `<strong>${escapeHtml(group)}</strong><ul>${all.map((route) => `<li><a href="#${route.operation}">${escapeHtml(route.summary)}</a></li>`).join('')}</ul>`,
    )
    .join('');
  const operations = [...groups]
    .map(
      ([group, all]) =>
        `<h2>${escapeHtml(group)}</h2>${all.map((route) => renderOperation(route, openapi, publicUrl)).join('')}`,
    )
    .join('');
  const objects = Object.entries(openapi.components.schemas)
    .map(([name, schema]) => `<h3 id="${escapeHtml(name)}">${escapeHtml(name)}</h3>${renderSchema(schema, name)}`)
    .join('');
  return {
    nav: `${nav}<strong><a href="#objects">Objects</a></strong>`,
    main: `${operations}<h2 id="objects">Objects</h2>${objects}`,
  };
}

function renderOperation(route: Route, openapi: OpenApi, publicUrl: string): string {
  const operation = openapi.paths[route.path]![route.method.toLowerCase()]!;
  const body = operation.requestBody?.content['application/json'];
  const { content } = operation.responses[String(route.status ?? 200)]!;
  const answer = content![route.files?.[0] ?? 'application/json']!.schema;
  return [
    `<section><h3 id="${route.operation}">${escapeHtml(route.summary)}</h3>`,
    `<p><span class="method">${route.method}</span> <span class="path">${escapeHtml(route.path)}</span></p>`,
    route.description ? `<p>${inline(route.description)}</p>` : '',
    operation.parameters.length
      ? renderRows(
          'Parameter',
          route.operation,
          operation.parameters.map(({ name, required, schema, description }) =>
            row(name, schema, required === true, description),
          ),
        )
      : '',
    body ? renderSchema(body.schema, route.operation) : '',
    body?.example ? `<pre tabindex="0"><code>${escapeHtml(curl(route, publicUrl, body.example))}</code></pre>` : '',
    `<p>Answers ${route.status ?? 200}: ${typeOf(answer)}</p>`,
    `<details><summary>Problems</summary><ul>${problemsOf(route)
      .map((code) => `<li>${PROBLEMS[code].status} <a href="/docs/problems#${code}"><code>${code}</code></a></li>`)
      .join('')}</ul></details></section>`,
  ].join('');
}

function curl(route: Route, publicUrl: string, example: unknown): string {
  return `curl -X ${route.method} ${publicUrl}${route.path} \\\n  -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\\n  -d '${JSON.stringify(example, null, 2)}'`;
}

function renderSchema(schema: Schema, of: string): string {
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties ?? {}).map(([name, inner]) =>
    row(name, inner, required.has(name), inner.description),
  );
  return `${schema.description ? `<p>${inline(schema.description)}</p>` : ''}${rows.length ? renderRows('Field', of, rows) : ''}`;
}

function renderRows(what: string, of: string, rows: string[]): string {
  return `<div class="wide" tabindex="0" role="region" aria-label="${what}s of ${escapeHtml(of)}"><table><thead><tr><th>${what}</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function row(name: string, schema: Schema, required: boolean, description: string | undefined): string {
  const limits = [
    required ? 'required' : '',
    schema.default === undefined ? '' : `default ${JSON.stringify(schema.default)}`,
    schema.maxLength === undefined ? '' : `at most ${schema.maxLength} characters`,
    schema.maxItems === undefined ? '' : `at most ${schema.maxItems}`,
    schema.minimum === undefined || schema.maximum === undefined ? '' : `${schema.minimum} to ${schema.maximum}`,
  ].filter(Boolean);
  return `<tr><td><code>${escapeHtml(name)}</code></td><td>${typeOf(schema)}</td><td>${inline(description ?? '')} <span class="soft">${escapeHtml(limits.join(', '))}</span></td></tr>`;
}

function typeOf(schema: Schema): string {
  if (schema.$ref) {
    const name = schema.$ref.replace('#/components/schemas/', '');
    return `<a href="#${escapeHtml(name)}">${escapeHtml(name)}</a>`;
  }
  if (schema.const !== undefined) return `<code>${escapeHtml(JSON.stringify(schema.const))}</code>`;
  if (schema.enum) return schema.enum.map((value) => `<code>${escapeHtml(String(value))}</code>`).join(' ');
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.allOf) return schema.allOf.map(typeOf).join(' and ');
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items) : 'anything'}`;
  if (schema.type === 'object' && schema.properties?.data?.items)
    return `list of ${typeOf(schema.properties.data.items)}`;
  if (schema.type === 'object' && schema.properties)
    return `object (${Object.keys(schema.properties)
      .map((name) => `<code>${escapeHtml(name)}</code>`)
      .join(', ')})`;
  return escapeHtml([schema.type ?? 'anything'].flat().join(' or '));
}
