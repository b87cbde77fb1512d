import { existsSync, readFileSync } from 'node:fs';
import { arch, cpus, totalmem } from 'node:os';
import type { Measurement } from './measure.ts';

/** A measurement with the day it was made and how busy the machine was with other things when it began. */
export type Row = Measurement & { day: string; load: number };

const HEAD = ['goal', 'what', 'subject', 'anchor', 'ratio', 'gate', 'target', 'outcome', 'note', 'measured'];

/** One measurement as a sentence. */
export function sentence({ goal, what, subject, anchor, ratio, gate, outcome, note }: Measurement): string {
  return `${goal} ${what}: ${subject} beside ${anchor}, ratio ${ratio}, gate ${gate}: ${outcome}${note ? ` (${note})` : ''}`;
}

/** The lines of a table. */
export function linesOf(rows: readonly Row[]): string[] {
  return rows.map((row) => {
    const { goal, what, subject, anchor, ratio, gate, target = '', outcome, note = '', day, load } = row;
    const said = outcome === 'held' ? outcome : `**${outcome}**`;
    const cells = [goal, what, subject, anchor, ratio, gate, target, said, note, `${day}, load ${load.toFixed(1)}`];
    return `| ${cells.join(' | ')} |`;
  });
}

/** A whole table. */
export function tableOf(lines: readonly string[]): string {
  return [`| ${HEAD.join(' | ')} |`, `|${HEAD.map(() => '---').join('|')}|`, ...lines].join('\n');
}

/** The reference page: what was measured now, and the rows of other goals as they stood. */
export function documentOf(file: string, rows: readonly Row[]): string {
  const measured = new Set(rows.map((row) => row.goal));
  const before = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const kept = before.filter((line) => /^\| [A-Z]\d/.test(line) && !measured.has(goalOf(line)));
  const lines = [...kept, ...linesOf(rows)].sort((a, b) =>
    goalOf(a) < goalOf(b) ? -1 : goalOf(a) > goalOf(b) ? 1 : 0,
  );
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'} (${arch()}), ${Math.round(totalmem() / 2 ** 30)} GB`;
  return `# Performance

Written by \`npm run bench -- --write\` on ${machine}, Node ${process.version}. Each subject stands beside its anchor in one
run, by turns (A B B A), the first round dropped; a ratio is the median of the ratios of the rounds. Absolute figures of another
machine differ; the ratios hardly do. *load* is the machine's load average before the bench began: with more than a few
tenths of it per processor, others took part of what was measured, and figures in seconds are too high. A gate that is missed on
a quiet machine is a defect.

${tableOf(lines)}
`;
}

function goalOf(line: string): string {
  return line.split('|')[1]?.trim() ?? '';
}
