import { readdirSync, readFileSync } from 'node:fs';

/** One line of the report: what was measured beside what, and whether the gate holds. */
export type Measurement = {
  /** Which goal, `P3`. */
  goal: string;
  what: string;
  subject: string;
  /** What it stands beside, measured in the same run; `–` for an absolute gate. */
  anchor: string;
  /** Subject against anchor, `–` for an absolute gate. */
  ratio: string;
  gate: string;
  target?: string;
  outcome: 'held' | 'missed' | 'not measured';
  /** Spread, correctness, or what is missing and how to get it. */
  note?: string;
};

/** One bench: the goals it measures and how. It throws `ToolMissing` when the machine lacks something it needs. */
export type Bench = { name: string; goals: readonly string[]; run: () => Promise<Measurement[]> };

/** Something this machine lacks; the message says how to install it. */
export class ToolMissing extends Error {}

/** Rounds of subject and anchor: the medians, and the median of the per-round ratios with its spread. */
export type Comparison = { subject: number; anchor: number; ratio: number; low: number; high: number; rounds: number };

/**
 * Runs subject and anchor by turns in the order A B B A, drops the first round, and compares within each round: what
 * the machine does meanwhile hits both. A single round is ±25 %, the median of eight repeats within 2 %.
 */
export async function compare(
  subject: () => Promise<number> | number,
  anchor: () => Promise<number> | number,
  rounds = 8,
): Promise<Comparison> {
  const subjects: number[] = [];
  const anchors: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const subjectFirst = round % 2 === 0;
    const first = await (subjectFirst ? subject() : anchor());
    const second = await (subjectFirst ? anchor() : subject());
    if (round === 0) continue;
    subjects.push(subjectFirst ? first : second);
    anchors.push(subjectFirst ? second : first);
  }
  const ratios = subjects.map((value, index) => value / anchors[index]!);
  return {
    subject: median(subjects),
    anchor: median(anchors),
    ratio: median(ratios),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
    rounds,
  };
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that so large a share of the values do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

/** CPU time a process has used, in microseconds; with `children`, also that of those it has reaped. */
export function cpuMicros(pid: number, children = false): number {
  const fields = statOf(pid);
  const ticks = Number(fields[11]) + Number(fields[12]) + (children ? Number(fields[13]) + Number(fields[14]) : 0);
  return Number.isFinite(ticks) ? ticks * MICROS_PER_TICK : 0;
}

/** CPU time of a process and all its descendants, living and reaped, in microseconds: PostgreSQL by its postmaster. */
export function cpuMicrosOfTree(pid: number): number {
  let total = cpuMicros(pid, true);
  for (const child of childrenOf(pid)) total += cpuMicrosOfTree(child);
  return total;
}

/** Proportional memory of a process and all its descendants, in bytes: shared pages count once between them. */
export function memoryOfTree(pid: number): number {
  let total = 0;
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    total = Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
  } catch {
    // Ended between being listed and being read.
  }
  for (const child of childrenOf(pid)) total += memoryOfTree(child);
  return total;
}

/** The processes that a process has started and that still run. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((other) => Number(statOf(other)[1]) === pid);
}

// `getconf CLK_TCK` is 100 on every Linux that Node runs on.
const MICROS_PER_TICK = 10_000;

function statOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** A number short enough for a table. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const decimals = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString('en-GB', { maximumFractionDigits: decimals, minimumFractionDigits: decimals });
}
