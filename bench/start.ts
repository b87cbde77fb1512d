import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, median, memoryOfTree, short } from './measure.ts';
import { freePorts, type Running, root, startScript, untilReady } from './tools.ts';

const ROUNDS = 5;

/** P8a and P8b: from the command to an answering server, on a database that is there and on an empty folder. */
export const start: Bench = {
  name: 'start',
  goals: ['P8a', 'P8b'],
  async run() {
    const first: number[] = [];
    const again: number[] = [];
    const memory: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const folder = await mkdtemp(join(tmpdir(), 'drawbridge-start-'));
      try {
        const fresh = await startOnce(folder);
        const used = memoryOfTree(fresh.running.pid);
        await fresh.running.stop();
        const second = await startOnce(folder);
        await second.running.stop();
        if (round === 0) continue;
        first.push(fresh.ms);
        memory.push(used);
        again.push(second.ms);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }
    const spread = (values: number[]) =>
      `${short(Math.min(...values))}–${short(Math.max(...values))} ms in ${ROUNDS} rounds`;
    return [
      {
        goal: 'P8a',
        what: 'start on an existing database, to ready',
        subject: `${short(median(again))} ms`,
        anchor: '–',
        ratio: '–',
        gate: '≤ 1,500 ms',
        target: '≤ 700 ms',
        outcome: median(again) <= 1500 ? 'held' : 'missed',
        note: `${spread(again)}; pretend banks and embedded PostgreSQL included`,
      },
      {
        goal: 'P8b',
        what: 'very first start, embedded PostgreSQL',
        subject: `${short(median(first))} ms, ${short(median(memory) / 1e6)} MB in all processes`,
        anchor: '–',
        ratio: '–',
        gate: '≤ 6,000 ms, ≤ 400 MB',
        target: '≤ 2,000 ms, ≤ 250 MB',
        outcome: median(first) <= 6000 && median(memory) <= 400e6 ? 'held' : 'missed',
        note: spread(first),
      },
    ];
  },
};

async function startOnce(folder: string): Promise<{ running: Running; ms: number }> {
  const port = await freePorts(5);
  const running = startScript(
    join(root, 'setup/run.mjs'),
    { PORT: String(port), DATA_DIR: folder, LOG_LEVEL: 'warn' },
    ['src/main.ts'],
  );
  const ms = await untilReady(`http://127.0.0.1:${port}/ready`, running);
  return { running, ms };
}
