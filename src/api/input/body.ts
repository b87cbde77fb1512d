import { Problem } from '../../platform/problems.ts';
import { readForm } from './form.ts';
import { checkText } from './plain.ts';

/** What a body was: strings of a form are coerced by the schema, JSON values are taken as they are. */
export type Body = { value: unknown; coerce: boolean };

/** Reads the body of a request as JSON or as a form. No body at all is an empty object. */
export function readBody(
  contentType: string | undefined,
  encoding: string | undefined,
  bytes: Buffer | undefined,
): Body {
  if (bytes === undefined || bytes.length === 0) return { value: {}, coerce: false };
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Problem('unsupported_media_type', 'Send the body as it is, without Content-Encoding.');
  }
  const kind = kindOf(contentType);
  const text = decode(bytes);
  if (kind === 'json') return { value: checkText(readJson(text), ''), coerce: false };
  if (/^\s*[{[]/.test(text)) {
    throw new Problem(
      'invalid_body',
      'The content type says form, the body looks like JSON. Send `Content-Type: application/json`.',
      {
        errors: [{ pointer: '', detail: 'JSON in a form.' }],
      },
    );
  }
  return {
    value: checkText(
      readForm(text, (name) => `/${name}`),
      '',
    ),
    coerce: true,
  };
}

function kindOf(contentType: string | undefined): 'json' | 'form' {
  const [type = '', ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const kind = ({ 'application/json': 'json', 'application/x-www-form-urlencoded': 'form' } as const)[type];
  const charset = parameters
    .map((parameter) => /^charset="?([^"]*)"?$/.exec(parameter)?.[1])
    .find((found) => found !== undefined);
  if (kind === undefined || (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8')) {
    throw new Problem(
      'unsupported_media_type',
      'Send `application/json` or `application/x-www-form-urlencoded`, in UTF-8.',
    );
  }
  return kind;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('invalid_body', 'The body is not valid UTF-8.', {
      errors: [{ pointer: '', detail: 'Not UTF-8.' }],
    });
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words would quote the body.
    throw new Problem('invalid_body', 'The body is not valid JSON.', {
      errors: [{ pointer: '', detail: 'Not JSON.' }],
    });
  }
}
