import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import responseValidator from 'openapi-response-validator';
import { parse } from 'yaml';
import { readSettings } from '../src/settings.ts';
import { resolved } from './uk-file.ts';

/** Says what of a registration's claims, or of an answer to it, the official file forbids. */
export type RegistrationJudge = {
  claims(claims: unknown): string[];
  answer(method: 'post' | 'get' | 'put' | 'delete', status: number, body: unknown): string[];
};

/** An official file of dynamic client registration as a judge; undefined where `BANK_SPECS` is not set. */
export function registrationJudge(version: '3.3' | '3.4'): RegistrationJudge | undefined {
  const folder = readSettings(process.env).bankSpecs;
  if (folder === undefined) return undefined;
  const place = join(folder, 'obie-dcr', `client-registration-openapi_v${version}.yaml`);
  if (!existsSync(place))
    throw new Error(`BANK_SPECS is set, but registration ${version} is not in its folder obie-dcr`);
  const file = resolved(...twice(parse(readFileSync(place, 'utf8')))) as {
    components: { schemas: Record<string, object> };
    paths: Record<
      string,
      Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>
    >;
  };
  const judge = (status: number, schema: object, body: unknown): string[] => {
    const validator = new responseValidator.default({ responses: { [status]: { schema } } } as never);
    const errors = (validator.validateResponse(status, body)?.errors ?? []) as { path?: string; message: string }[];
    return errors.map((error) => `${error.path ?? ''} ${error.message}`);
  };
  return {
    claims: (claims) => judge(200, file.components.schemas.OBClientRegistration1!, claims),
    answer(method, status, body) {
      const path = method === 'post' ? '/register' : '/register/{ClientId}';
      const answer = file.paths[path]?.[method]?.responses[status];
      if (!answer) return [`${method} ${path} has no status ${status} in the file`];
      const schema = Object.values(answer.content ?? {})[0]?.schema;
      if (!schema) return body === undefined ? [] : ['the file has no body here'];
      return judge(status, schema, body);
    },
  };
}

const twice = <T>(value: T): [T, T] => [value, value];
