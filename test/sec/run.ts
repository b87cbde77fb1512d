import { type World, world } from '../world.ts';
import { playOut } from './play.ts';
import { PLAYS } from './plays/index.ts';

/**
 * `npm run sec -- T2 T11` plays these threats against a server started for them, all without a word. Says every attempt
 * and "0 successes of N"; ends with 1 when an attack succeeded or could not be tried.
 */
const words = process.argv.slice(2).map((word) => word.toUpperCase());
const chosen = PLAYS.filter(({ id }) => words.length === 0 || words.includes(id));
const unknown = words.filter((word) => !PLAYS.some(({ id }) => id === word));
if (unknown.length > 0) {
  console.error(`There is no play of ${unknown.join(', ')}. There are ${PLAYS.map(({ id }) => id).join(', ')}.`);
  process.exit(1);
}

let shared: Promise<World> | undefined;
const outcomes = [];
for (const play of chosen) outcomes.push(await playOut(play, () => (shared ??= world()), console.log));
await (await shared)?.close();

const attempts = outcomes.reduce((sum, one) => sum + one.attempts, 0);
const successes = outcomes.flatMap((one) => one.successes.map((what) => `${one.id} ${what}`));
const broken = outcomes.flatMap((one) => one.broken.map((what) => `${one.id} ${what}`));
if (chosen.length > 1) console.log(`${chosen.length} threats: ${successes.length} successes of ${attempts}`);
for (const line of successes) console.log(`SUCCEEDED: ${line}`);
for (const line of broken) console.log(`BROKEN: ${line.split('\n')[0]}`);
// Chromium and the database of the plays linger for a moment.
process.exit(successes.length + broken.length > 0 || attempts === 0 ? 1 : 0);
