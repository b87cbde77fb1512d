import type { Sql } from 'sql-template-tag';

/** An insert of one row of values and nothing else: it may be written in one statement with others of its kind. */
export function oneRow(statement: Sql): Sql {
  oneRows.add(statement);
  return statement;
}

const oneRows = new WeakSet<Sql>();
const VALUES = /\bvalues\s+(\([\s\S]*\))\s*$/i;
/** Statements of so many rows, so that a handful of texts serve every number of them. */
const SIZES = [64, 32, 16, 8, 4, 2, 1] as const;
const merged = new Map<string, string>();
const MOST_TEXTS = 200;

/** True where all are inserts of one row. */
export function areRows(statements: readonly Sql[]): boolean {
  return statements.every((statement) => oneRows.has(statement));
}

/**
 * The same rows in fewer statements. Kinds keep the order their callers gave them (what others point at comes first):
 * a kind stands where the latest of its callers had it.
 */
export function mergeRows(callers: readonly (readonly Sql[])[]): { text: string; values: unknown[] }[] {
  const kinds = new Map<string, { place: number; rows: Sql[] }>();
  for (const statements of callers) {
    statements.forEach((statement, place) => {
      const kind = kinds.get(statement.text);
      if (kind) {
        kind.place = Math.max(kind.place, place);
        kind.rows.push(statement);
      } else kinds.set(statement.text, { place, rows: [statement] });
    });
  }
  return [...kinds].sort(([, a], [, b]) => a.place - b.place).flatMap(([text, { rows }]) => inSizes(text, rows));
}

function inSizes(text: string, rows: readonly Sql[]): { text: string; values: unknown[] }[] {
  const statements: { text: string; values: unknown[] }[] = [];
  for (let from = 0; from < rows.length; ) {
    const size = SIZES.find((one) => one <= rows.length - from)!;
    const taken = rows.slice(from, from + size);
    statements.push({ text: textFor(text, size, taken[0]!.values.length), values: taken.flatMap((row) => row.values) });
    from += size;
  }
  return statements;
}

/** `… values (…), (…)`: the row as often as asked, its parameters numbered on. */
function textFor(text: string, size: number, parameters: number): string {
  if (size === 1) return text;
  const name = `${size}\n${text}`;
  let several = merged.get(name);
  if (several === undefined) {
    const row = VALUES.exec(text)?.[1];
    if (row === undefined) throw new Error('an insert of one row ends with its values');
    const rows = [row];
    for (let index = 1; index < size; index += 1) {
      rows.push(row.replace(/\$(\d+)/g, (_, number) => `$${Number(number) + index * parameters}`));
    }
    several = text.slice(0, text.lastIndexOf(row)) + rows.join(', ');
    if (merged.size < MOST_TEXTS) merged.set(name, several);
  }
  return several;
}
