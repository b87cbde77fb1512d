import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Whoever sits at the terminal, or a script that pipes lines into it. */
export type Terminal = {
  say(line: string): void;
  /** The next line typed; `secret` shows nothing while typing. Throws when the input has ended. */
  ask(question: string, secret?: 'secret'): Promise<string>;
  /** The next line if one is typed before `waitMs` have passed. */
  askFor(question: string, waitMs: number): Promise<string | undefined>;
  close(): void;
};

/** Standard input and output. Lines that are piped in early wait until they are asked for. */
export function openTerminal(): Terminal {
  let quiet = false;
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!quiet) process.stdout.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY });
  const early: string[] = [];
  let ended = false;
  let waiting: ((line: string | undefined) => void) | undefined;
  lines.on('line', (line) => {
    if (waiting) waiting(line);
    else early.push(line);
  });
  lines.on('close', () => {
    ended = true;
    waiting?.(undefined);
  });

  const next = (waitMs?: number): Promise<string | undefined> => {
    const line = early.shift();
    if (line !== undefined || (ended && waitMs === undefined)) return Promise.resolve(line);
    return new Promise((done) => {
      const timer = waitMs === undefined ? undefined : setTimeout(() => settle(undefined), waitMs);
      const settle = (typed: string | undefined) => {
        clearTimeout(timer);
        waiting = undefined;
        done(typed);
      };
      waiting = settle;
    });
  };

  return {
    say: (line) => void process.stdout.write(`${line}\n`),
    async ask(question, secret) {
      process.stdout.write(question);
      quiet = secret !== undefined;
      const line = await next();
      quiet = false;
      if (secret !== undefined) process.stdout.write('\n');
      if (line === undefined) throw new Error('The input has ended before the walk was over.');
      return line;
    },
    async askFor(question, waitMs) {
      process.stdout.write(question);
      return next(waitMs);
    },
    close: () => lines.close(),
  };
}
