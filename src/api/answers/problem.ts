import { DatabaseAway } from '../../base/database.ts';
import { Problem, PROBLEMS, type ProblemCode } from '../../platform/problems.ts';

/** A problem as it goes over the wire (RFC 9457), with its headers. */
export type ProblemAnswer = { status: number; headers: Record<string, string>; body: string; code: ProblemCode };

/** What any error means to a caller; everything we did not foresee is our own mistake and says nothing. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DatabaseAway) {
    const detail = error.unknown
      ? 'The database went away before it confirmed. Send the same request again, with the same Idempotency-Key.'
      : 'The database cannot be reached. Nothing was changed; try again in a moment.';
    return new Problem('unavailable', detail, { retryAfterS: 2 });
  }
  const { statusCode, code } = error as { statusCode?: number; code?: string };
  if (statusCode === 413) return new Problem('payload_too_large', 'A body has at most 64 KB.');
  if (statusCode === 415)
    return new Problem(
      'unsupported_media_type',
      'Send `application/json` or `application/x-www-form-urlencoded`, in UTF-8.',
    );
  if (statusCode === 404) return new Problem('route_not_found', 'See the list of routes at /docs.');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new Problem('invalid_body', `The request cannot be read${code ? ` (${code})` : ''}.`);
  }
  return new Problem(
    'internal_error',
    'It is logged under this request id; quote it when you ask. Nothing half done is kept.',
  );
}

/** The answer to a problem. */
export function presentProblem(
  problem: Problem,
  request: { id: string; publicUrl: string; allow?: string },
): ProblemAnswer {
  const { status, title } = PROBLEMS[problem.code];
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
  };
  if (problem.retryAfterS !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(problem.retryAfterS)));
  // A Basic challenge would make browsers ask people for a password.
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="api"';
  if (request.allow !== undefined) headers.allow = request.allow;
  const body = {
    type: `${request.publicUrl}/docs/problems#${problem.code}`,
    title,
    status,
    code: problem.code,
    detail: problem.message,
    ...(problem.errors ? { errors: problem.errors } : {}),
    request_id: request.id,
  };
  return { status, headers, body: JSON.stringify(body), code: problem.code };
}
