import { type DestinationStream, type Logger, pino } from 'pino';

/**
 * What happened, as one line of JSON. Only the fields named in `LogFields` are written, whatever an object holds:
 * that is why no password, code, token or IBAN can slip into the log with a whole request or answer.
 */
export type Log = {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A log that adds these fields to every line. */
  child(fields: LogFields): Log;
};

/** The fields a line may carry. Ids, sizes, names of things: never anything a person typed or a bank sent. */
export type LogFields = {
  [name in (typeof FIELDS)[number]]?: string | number | boolean | null;
} & { error?: unknown };

const FIELDS = [
  'requestId', 'method', 'route', 'path', 'status', 'ms', 'bytes', 'address', 'host', 'port', 'url', 'pid', 'signal', 'exitCode',
  'app', 'tenant', 'key', 'customer', 'session', 'consent', 'connection', 'account', 'sync', 'event', 'call', 'provider', 'interface',
  'standard', 'operation', 'purpose', 'turn', 'state', 'from', 'to', 'step', 'kind', 'code', 'reason', 'detail', 'queue', 'job', 'attempt',
  'count', 'limit', 'waitMs', 'name', 'file', 'line', 'folder', 'version', 'mode', 'bank', 'text',
] as const; // biome-ignore format: one field a line would be sixty lines
const ALLOWED = new Set<string>(FIELDS);

/** A log that writes to `destination` (standard output unless given) from this level up. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    messageKey: 'event',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return wrap(destination ? pino(options, destination) : pino(options, pino.destination({ dest: 1, sync: false })));
}

function wrap(logger: Logger): Log {
  return {
    debug: (event, fields) => logger.debug(allowed(fields), event),
    info: (event, fields) => logger.info(allowed(fields), event),
    warn: (event, fields) => logger.warn(allowed(fields), event),
    error: (event, fields) => logger.error(allowed(fields), event),
    child: (fields) => wrap(logger.child(allowed(fields))),
  };
}

function allowed(fields: LogFields | undefined): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields ?? {})) {
    if (name === 'error') Object.assign(kept, describe(value));
    // An object could hold anything, so only plain values pass even under an allowed name.
    else if (ALLOWED.has(name) && (value === null || typeof value !== 'object')) kept[name] = short(value);
  }
  return kept;
}

/** Name, code and stack of an error; its message only for our own and the system's, because others quote their input. */
function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { errorName: typeof error };
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12);
  const code = (error as { code?: unknown }).code;
  return {
    errorName: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { errorCode: code } : {}),
    ...(quotesNothing(error) ? { errorMessage: short(error.message) } : {}),
    errorStack: frames.map((line) => line.trim()).join(' | '),
    ...(error.cause instanceof Error ? { errorCause: describe(error.cause) } : {}),
  };
}

// A parser or database error repeats the text it choked on (`Unexpected token … "<the bank's answer>"`, `Key (token)=(…)`).
function quotesNothing(error: Error): boolean {
  if (error instanceof SyntaxError || error.name === 'ZodError' || 'severity' in error) return false;
  return true;
}

function short(value: unknown): unknown {
  return typeof value === 'string' && value.length > 500 ? `${value.slice(0, 500)}…` : value;
}
