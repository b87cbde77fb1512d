import { writeFileSync } from 'node:fs';
import { arch, cpus, totalmem } from 'node:os';
import { createClock } from '../src/base/clock.ts';
import { create } from './create.ts';
import { flow } from './flow.ts';
import { hostedPage } from './hosted-page.ts';
import { install } from './install.ts';
import { type Bench, type Measurement, ToolMissing } from './measure.ts';
import { page } from './page.ts';
import { read } from './read.ts';
import { search } from './search.ts';
import { start } from './start.ts';

/** Every bench, in the order of the goals. */
const BENCHES: readonly Bench[] = [create, read, page, hostedPage, search, flow, start, install];

const REPORT = new URL('../docs/reference/performance.md', import.meta.url);

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const isWanted = (bench: Bench, name: string) => bench.name === name || bench.goals.includes(name);
const unknown = wanted.filter((name) => !BENCHES.some((bench) => isWanted(bench, name)));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. There are: ${BENCHES.map((bench) => bench.name).join(', ')}.`);
  process.exit(2);
}

const measurements: Measurement[] = [];
for (const bench of BENCHES.filter((one) => wanted.length === 0 || wanted.some((name) => isWanted(one, name)))) {
  console.error(`… ${bench.name} (${bench.goals.join(', ')})`);
  const results = await runOne(bench);
  for (const result of results) console.error(`  ${sentence(result)}`);
  measurements.push(...results);
}
const table = tableOf(measurements);
console.log(table);
if (process.argv.includes('--write')) writeFileSync(REPORT, document(table));
process.exit(measurements.some((measurement) => measurement.outcome === 'missed') ? 1 : 0);

async function runOne(bench: Bench): Promise<Measurement[]> {
  try {
    return await bench.run();
  } catch (error) {
    if (!(error instanceof ToolMissing)) throw error;
    const blank = { what: bench.name, subject: '–', anchor: '–', ratio: '–', gate: '–' };
    return bench.goals.map((goal) => ({ goal, ...blank, outcome: 'not measured' as const, note: error.message }));
  }
}

function sentence({ goal, what, subject, anchor, ratio, gate, outcome, note }: Measurement): string {
  return `${goal} ${what}: ${subject} beside ${anchor}, ratio ${ratio}, gate ${gate}: ${outcome}${note ? ` (${note})` : ''}`;
}

function tableOf(rows: readonly Measurement[]): string {
  const head = ['goal', 'what', 'subject', 'anchor', 'ratio', 'gate', 'target', 'outcome', 'note'];
  const body = rows.map(({ goal, what, subject, anchor, ratio, gate, target, outcome, note }) => {
    const said = outcome === 'held' ? outcome : `**${outcome}**`;
    return [goal, what, subject, anchor, ratio, gate, target ?? '', said, note ?? ''];
  });
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function document(rows: string): string {
  const day = createClock().now().toISOString().slice(0, 10);
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'} (${arch()}), ${Math.round(totalmem() / 2 ** 30)} GB`;
  return `# Performance

Measured on ${day} by \`npm run bench -- --write\` on ${machine}, Node ${process.version}. Each subject stands beside its
anchor in one run, by turns (A B B A), first round dropped; a ratio is the median of the ratios of the rounds. Absolute
figures of another machine differ; the ratios hardly do. A gate that is missed is a defect.

${rows}
`;
}
