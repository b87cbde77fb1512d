/** Rows under one another, each column as wide as its widest. Nothing a bank wrote can move the cursor or set a colour. */
export function table(rows: readonly (readonly string[])[]): string {
  const plain = rows.map((row) => row.map(harmless));
  const widths = plain.reduce<number[]>(
    (all, row) => row.map((cell, at) => Math.max(all[at] ?? 0, Math.min(cell.length, 60))),
    [],
  );
  return plain
    .map((row) =>
      row
        .map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One object on one line: for pipes. */
export function lines(value: object): string {
  return JSON.stringify(value);
}

/** Control characters, and those that turn the direction of writing, are left out. */
function harmless(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, ' ');
}
