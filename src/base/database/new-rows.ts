import type { Sql } from 'sql-template-tag';

/** Columns by name, with their types as PostgreSQL writes them. */
type Columns = { readonly [name: string]: string };
type Kind = { table: string; columns: Columns; bytes: readonly string[] };

/** One row to be added, and nothing else. By itself it is a statement; several, of any kinds, are one statement too. */
class NewRow {
  readonly kind: Kind;
  readonly row: object;
  constructor(kind: Kind, row: object) {
    this.kind = kind;
    this.row = row;
  }
  get text(): string {
    return textFor([this.kind]);
  }
  get values(): unknown[] {
    return [JSON.stringify([this.row])];
  }
}

/** Rows of one table of tenants, as statements that only add. What a row leaves out is null; json columns take objects. */
export function rowsOf<Names extends string>(
  table: string,
  columns: { readonly [name in Names | 'tenant']: string },
): (row: { readonly [name in Names | 'tenant']: unknown }) => Sql {
  const bytes = Object.entries<string>(columns).flatMap(([name, type]) => (type === 'bytea' ? [name] : []));
  const kind: Kind = { table, columns, bytes };
  return (row) => {
    const given = row as Record<string, unknown>;
    if (bytes.length === 0) return new NewRow(kind, given) as unknown as Sql;
    const copy = { ...given };
    for (const name of bytes) copy[name] = `\\x${(given[name] as Buffer).toString('hex')}`;
    return new NewRow(kind, copy) as unknown as Sql;
  };
}

/** True where all are rows to be added. */
export function areRows(statements: readonly Sql[]): boolean {
  return statements.every((statement) => (statement as unknown) instanceof NewRow);
}

/**
 * All rows in one statement, each table's in the order they came. References among them are checked at its end. However
 * many rows there are, the text depends on their tables only, so that it is planned once.
 */
export function addRows(rows: readonly Sql[]): { text: string; values: unknown[] } {
  const kinds = new Map<Kind, object[]>();
  for (const { kind, row } of rows as unknown as readonly NewRow[]) {
    const others = kinds.get(kind);
    if (others) others.push(row);
    else kinds.set(kind, [row]);
  }
  const sorted = [...kinds].sort(([a], [b]) => (a.table < b.table ? -1 : 1));
  return {
    text: textFor(sorted.map(([kind]) => kind)),
    values: sorted.map(([, ofKind]) => JSON.stringify(ofKind)),
  };
}

const texts = new Map<string, string>();

/** One parameter a table: a JSON list of rows. As a list of values the text would differ with their number. */
function textFor(kinds: readonly Kind[]): string {
  const name = kinds.map(({ table }) => table).join(' ');
  let text = texts.get(name);
  if (text === undefined) {
    const parts = kinds.map((kind, index) => insertFor(kind, index + 1));
    text =
      parts.length === 1
        ? parts[0]!
        : `with ${parts.map((part, index) => `r${index} as (${part})`).join(', ')} select 1`;
    texts.set(name, text);
  }
  return text;
}

function insertFor({ table, columns }: Kind, parameter: number): string {
  const typed = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  return `insert into ${table} (${Object.keys(columns).join(', ')})
    select * from json_to_recordset($${parameter}::json) as r(${typed.join(', ')})`;
}
