import type { z } from 'zod';
import { type FieldError, Problem } from '../../platform/problems.ts';
import { coerce } from './coerce.ts';
import { escapePointer } from './plain.ts';

const MOST_ERRORS = 20;

/** The value as its schema reads it; throws `invalid_request` with a pointer for each thing wrong. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  given: { value: unknown; coerce: boolean },
  where: 'body' | 'query',
): z.output<Schema> {
  const result = schema.safeParse(given.coerce ? coerce(schema, given.value) : given.value);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue) => describe(issue, where)).slice(0, MOST_ERRORS);
  const first = errors[0]!;
  const more = errors.length > 1 ? ` And ${errors.length - 1} more: see errors.` : '';
  throw new Problem('invalid_request', `${first.pointer || 'The body'}: ${first.detail}${more}`, { errors });
}

function describe(issue: z.core.$ZodIssue, where: 'body' | 'query'): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerTo([...path, key], where),
      detail: 'There is no such field here.',
    }));
  }
  if (issue.code === 'invalid_key')
    return [{ pointer: pointerTo(path, where), detail: issue.issues[0]?.message ?? issue.message }];
  // The best of several forms is the one the value came closest to.
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const closest = [...issue.errors].sort((a, b) => a.length - b.length)[0]!;
    return closest.flatMap((inner) =>
      describe({ ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue, where),
    );
  }
  const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  return [{ pointer: pointerTo(path, where), detail: missing ? 'This field is required.' : issue.message }];
}

function pointerTo(path: string[], where: 'body' | 'query'): string {
  if (where === 'body') return path.map((name) => `/${escapePointer(name)}`).join('');
  const [name = '', ...inner] = path;
  return `?${name.slice(0, 100)}${inner.map((one) => `[${one.slice(0, 100)}]`).join('')}`;
}
