/**
 * The database cannot be reached or has no room: refused, cut off, shutting down, too many connections, or its disk is
 * full. `unknown` is true when a statement may or may not have taken effect.
 */
export class DatabaseAway extends Error {
  readonly unknown: boolean;
  constructor(unknown: boolean, cause: unknown) {
    super(unknown ? 'the database went away before it confirmed' : 'the database cannot be reached', { cause });
    this.name = 'DatabaseAway';
    this.unknown = unknown;
  }
}

const AWAY_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNABORTED',
]);
// Class 08 connection exceptions, 57P0x shutting down or starting up, 53300 too many connections, 53100 its disk is full.
const AWAY_STATES = /^(08...|57P0[1-5]|53[13]00)$/;
// pg gives these no code.
const AWAY_MESSAGES =
  /Connection terminated|not queryable|timeout exceeded when trying to connect|Client was closed|Cannot use a pool after calling end/;

/** The error itself, or `DatabaseAway` where it means that. `sent`: the statement may have reached the database. */
export function describeFailure(error: unknown, sent: boolean): unknown {
  if (error instanceof DatabaseAway || !(error instanceof Error)) return error;
  const code = String((error as { code?: unknown }).code ?? '');
  const away = AWAY_CODES.has(code) || AWAY_STATES.test(code) || AWAY_MESSAGES.test(error.message);
  // Refused at the door, the statement was never looked at.
  const refused = code === 'ECONNREFUSED' || code === 'ENOENT' || code === '57P03' || code === '53300';
  return away ? new DatabaseAway(sent && !refused, error) : error;
}

/**
 * True when a connection's prepared statements no longer fit: a table changed under them (0A000), or a pooler in between
 * handed out another connection (26000). Nothing was done, and on a new connection it works.
 */
export function isOutdated(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === '26000' || (code === '0A000' && message?.includes('cached plan') === true);
}
