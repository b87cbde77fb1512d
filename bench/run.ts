import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createClock } from '../src/base/clock.ts';
import { berlinGroupReports } from './berlin-group-reports.ts';
import { create } from './create.ts';
import { dashboard } from './dashboard.ts';
import { fapi } from './fapi.ts';
import { fintsStatements } from './fints-statements.ts';
import { flow, ukFlow } from './flow.ts';
import { hostedPage } from './hosted-page.ts';
import { ingest } from './ingest.ts';
import { install } from './install.ts';
import { type Bench, type Measurement, ToolMissing } from './measure.ts';
import { page } from './page.ts';
import { read } from './read.ts';
import { documentOf, linesOf, type Row, sentence, tableOf } from './report.ts';
import { search } from './search.ts';
import { start } from './start.ts';
import { syncing } from './syncing.ts';
import { webhooks } from './webhooks.ts';

/** Every bench, in the order of the goals. */
const BENCHES: readonly Bench[] = [
  create,
  read,
  page,
  hostedPage,
  search,
  webhooks,
  dashboard,
  flow,
  ukFlow,
  fapi,
  fintsStatements,
  berlinGroupReports,
  ingest,
  syncing,
  start,
  install,
];

const REPORT = fileURLToPath(new URL('../docs/reference/performance.md', import.meta.url));

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const isWanted = (bench: Bench, name: string) => bench.name === name || bench.goals.includes(name);
const unknown = wanted.filter((name) => !BENCHES.some((bench) => isWanted(bench, name)));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. There are: ${BENCHES.map((bench) => bench.name).join(', ')}.`);
  process.exit(2);
}

const rows: Row[] = [];
for (const bench of BENCHES.filter((one) => wanted.length === 0 || wanted.some((name) => isWanted(one, name)))) {
  console.error(`… ${bench.name} (${bench.goals.join(', ')})`);
  const [load = 0] = loadavg();
  const day = createClock().now().toISOString().slice(0, 10);
  for (const measurement of await runOne(bench)) {
    console.error(`  ${sentence(measurement)}`);
    rows.push({ ...measurement, day, load });
  }
}
console.log(tableOf(linesOf(rows)));
if (process.argv.includes('--write')) writeFileSync(REPORT, documentOf(REPORT, rows));
process.exit(rows.some((row) => row.outcome === 'missed') ? 1 : 0);

async function runOne(bench: Bench): Promise<Measurement[]> {
  try {
    return await bench.run();
  } catch (error) {
    if (!(error instanceof ToolMissing)) throw error;
    const blank = { what: bench.name, subject: '–', anchor: '–', ratio: '–', gate: '–' };
    return bench.goals.map((goal) => ({ goal, ...blank, outcome: 'not measured' as const, note: error.message }));
  }
}
