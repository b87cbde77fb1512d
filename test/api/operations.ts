import { ROUTES } from '../../src/api/routes.ts';
import type { IdKind, Route } from '../../src/api/route.ts';
import { newId } from '../../src/base/ids.ts';
import type { Linked } from './linked.ts';
import type { ApiWorld } from './world.ts';

type Json = { [name: string]: unknown };

/** A schema as the OpenAPI document has it. */
export type Schema = {
  type?: string | string[];
  anyOf?: Schema[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  maxLength?: number;
  maxItems?: number;
  maxProperties?: number;
  maximum?: number;
  minimum?: number;
  additionalProperties?: Schema | boolean;
  pattern?: string;
};

/** One operation of the OpenAPI document with its route. */
export type Operation = {
  route: Route;
  path: string;
  body: Schema | undefined;
  parameters: { name: string; in: string; schema: Schema }[];
};

/** Every operation the document describes. A route that is not in it, or the reverse, throws. */
export async function readOperations(world: ApiWorld): Promise<Operation[]> {
  const { json } = await world.call('GET', '/v1/openapi.json');
  const operations = Object.entries(json.paths as Json).flatMap(([path, methods]) =>
    Object.entries(methods as Json).map(([method, operation]): Operation => {
      const { operationId, parameters, requestBody } = operation as Json & { parameters: Operation['parameters'] };
      const route = ROUTES.find((one) => one.operation === operationId);
      if (!route || route.path !== path || route.method.toLowerCase() !== method)
        throw new Error(`${method} ${path} is no route`);
      const content = (requestBody as { content: Record<string, { schema: Schema }> } | undefined)?.content;
      return { route, path, body: content?.['application/json']?.schema, parameters };
    }),
  );
  if (operations.length !== ROUTES.length) throw new Error('a route is not documented');
  return operations;
}

/** Which of a linked customer's ids an operation's path takes. */
export function idFor(kind: IdKind, linked: Linked): string {
  return { ...linked, provider: 'de-nordwind' }[kind];
}

/** An id of that kind that nothing has. */
export function absentId(kind: IdKind): string {
  return kind === 'provider' ? 'xx-nowhere' : newId(kind);
}

/** The address of an operation for an id. */
export function pathFor({ path }: Operation, id: string): string {
  return path.replace('{id}', id);
}

/** Names of fields and parameters that hold an id, and its kind. */
export const ID_FIELDS: Record<string, IdKind | 'sync'> = {
  customer: 'customer',
  consent: 'consent',
  connection: 'connection',
  session: 'session',
  bank_account: 'bankAccount',
  webhook_endpoint: 'webhookEndpoint',
  sync: 'sync',
  request_id: 'event',
};
