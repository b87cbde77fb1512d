/** Something that can vary, with its values by name. The first is the usual one. */
export type Factor<Value> = { name: string; values: { [name: string]: Value } };

/** One value of each factor, by the factors' names. */
export type Row = { [factor: string]: string };

/** Rows in which every two values of two factors meet at least once; few, and the same each time. */
export function pairwise(factors: readonly Factor<unknown>[]): Row[] {
  const missing = new Set<string>();
  const key = (a: string, x: string, b: string, y: string) => `${a}=${x} & ${b}=${y}`;
  for (const [index, one] of factors.entries())
    for (const other of factors.slice(index + 1))
      for (const x of Object.keys(one.values))
        for (const y of Object.keys(other.values)) missing.add(key(one.name, x, other.name, y));
  const rows: Row[] = [];
  const meets = (row: Row, factor: Factor<unknown>, value: string) =>
    factors.filter(({ name }) => {
      const other = row[name];
      if (name === factor.name || other === undefined) return false;
      return missing.has(key(factor.name, value, name, other)) || missing.has(key(name, other, factor.name, value));
    }).length;
  while (missing.size > 0) {
    const [seed = ''] = missing;
    const row: Row = Object.fromEntries(seed.split(' & ').map((part) => part.split('=') as [string, string]));
    for (const factor of factors) {
      if (row[factor.name] !== undefined) continue;
      const values = Object.keys(factor.values);
      row[factor.name] = values.reduce((best, value) =>
        meets(row, factor, value) > meets(row, factor, best) ? value : best,
      );
    }
    for (const pair of [...missing]) {
      const [first, second] = pair.split(' & ').map((part) => part.split('='));
      if (row[first![0]!] === first![1] && row[second![0]!] === second![1]) missing.delete(pair);
    }
    rows.push(row);
  }
  return rows;
}
