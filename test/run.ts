import { spawn } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { needChromium } from './chromium.ts';

/**
 * What `npm test` does, here and in CI: format, lint, types, then every test. All steps run even when one fails; the
 * last lines add the test phases up in the form of node's own summary, and the exit code says whether anything failed.
 * `npm test -- journeys` runs only test files whose path contains that word; `--long` is `npm run long`.
 */

const root = resolve(import.meta.dirname, '..');
const words = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const long = process.argv.includes('--long');
const failures: string[] = [];
const skips = new Map<string, number>();
const totals = { tests: 0, suites: 0, pass: 0, fail: 0, cancelled: 0, skipped: 0, todo: 0, duration_ms: 0 };

process.chdir(root);
const env: NodeJS.ProcessEnv = { ...process.env, NODE_NO_WARNINGS: '1', ...(long && { LONG: '1' }) };

checkSpecifications();
if (words.length === 0) {
  await step('format', ['node_modules/@biomejs/biome/bin/biome', 'format', '.']);
  await step('lint', ['node_modules/@biomejs/biome/bin/biome', 'lint', '.']);
  await step('types', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', '.']);
}
try {
  env.CHROME_PATH = needChromium(say);
} catch (error) {
  failures.push('chromium');
  say((error as Error).message);
}

const files = globSync('{src,test,bench,setup,examples}/**/*.test.ts', { exclude: ['**/node_modules/**'] })
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
const isolated = files.filter((file) => file.endsWith('.process.test.ts'));
const together = files.filter((file) => !isolated.includes(file));
const minutes = long ? 240 : 14;
// Leaked handles keep the shared process alive: the time limit turns that into a failure that says so.
// Two processes for two processors.
const shares = [together.filter((_, index) => index % 2 === 0), together.filter((_, index) => index % 2 === 1)];
await Promise.all(
  shares.map(async (share, index) => {
    if (share.length === 0) return;
    // The second share's lines come when it is over, so that those of two processes do not mix.
    const kept: string[] = [];
    const print = index === 0 ? console.log : (line: string) => void kept.push(line);
    await phase(`tests in one process, share ${index + 1}`, ['--test-isolation=none', ...share], minutes, print);
    for (const line of kept) console.log(line);
  }),
);
if (isolated.length > 0) await phase('tests in processes of their own', ['--test-concurrency=2', ...isolated], minutes);
if (long && existsSync('bench/run.ts')) await step('bench', ['bench/run.ts']);

close();

/** BANK_SPECS unset skips the checks against the official files and says so; set and missing is a failure. */
function checkSpecifications(): void {
  if (!env.BANK_SPECS) {
    say('BANK_SPECS is not set: checks against the official specifications are skipped.');
    return;
  }
  env.BANK_SPECS = resolve(env.BANK_SPECS);
  if (existsSync(env.BANK_SPECS)) return;
  failures.push('specifications');
  say(`BANK_SPECS is ${env.BANK_SPECS}, and there is no such folder.`);
}

async function step(name: string, command: string[]): Promise<void> {
  const began = performance.now();
  const { code } = await run(command, 20, (line) => console.log(line));
  if (code !== 0) failures.push(name);
  say(`${name}: ${code === 0 ? 'clean' : 'FAILED'} (${seconds(began)} s)`);
}

async function phase(
  name: string,
  options: string[],
  minutes: number,
  print: (line: string) => void = console.log,
): Promise<void> {
  const began = performance.now();
  const command = ['--test', '--test-reporter=spec', '--test-timeout=180000', ...options];
  const { code, late } = await run(command, minutes, (line) => {
    if (addToTotals(line)) return;
    const reason = /^\s*﹣.* # (.+)$/.exec(line)?.[1];
    if (reason) skips.set(reason, (skips.get(reason) ?? 0) + 1);
    print(line);
  });
  if (late) say(`${name}: stopped after ${minutes} minutes: something hangs, or something was left open.`);
  if (code !== 0) failures.push(name);
  say(`${name}: ${code === 0 ? 'passed' : 'FAILED'} (${seconds(began)} s)`);
}

/** Takes a closing line of a phase out of the stream and adds it up; true when it was one. */
function addToTotals(line: string): boolean {
  const [, key, value] = /^ℹ (\w+) ([\d.]+)$/.exec(line) ?? [];
  if (!key || !(key in totals)) return false;
  totals[key as keyof typeof totals] += Number(value);
  return true;
}

function close(): void {
  for (const [reason, count] of skips) say(`skipped ${count}: ${reason}`);
  if (failures.length > 0) say(`FAILED: ${failures.join(', ')}`);
  if (totals.tests === 0 && words.length > 0) failures.push('no test file matches');
  // A phase that broke off without naming a failed test still counts as one.
  if (failures.length > 0 && totals.fail + totals.cancelled === 0) totals.fail = failures.length;
  for (const [key, value] of Object.entries(totals)) console.log(`ℹ ${key} ${Math.round(value)}`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

/** Runs node with these words and hands over each line; stops the whole group after so many minutes. */
function run(command: string[], minutes: number, onLine: (line: string) => void) {
  return new Promise<{ code: number; late: boolean }>((done, broken) => {
    const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      end('SIGKILL');
    }, minutes * 60_000);
    const end = (signal: NodeJS.Signals) => {
      try {
        process.kill(-child.pid!, signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    };
    const interrupted = () => {
      end('SIGTERM');
      process.exit(130);
    };
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    createInterface({ input: child.stdout }).on('line', onLine);
    createInterface({ input: child.stderr }).on('line', onLine);
    child.once('error', broken);
    child.once('close', (code) => {
      clearTimeout(limit);
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
      end('SIGKILL'); // whatever a test left running
      done({ code: code ?? 1, late });
    });
  });
}

function say(line: string): void {
  console.log(`▸ ${line}`);
}

function seconds(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(1);
}
