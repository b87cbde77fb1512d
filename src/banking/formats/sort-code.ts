/** A British sort code as six digits, from `12-34-56`, `12 34 56` or `123456`; undefined when it is none. */
export function parseSortCode(text: string): string | undefined {
  const match = text.trim().match(/^(\d{2})[- –]?(\d{2})[- –]?(\d{2})$/);
  return match ? `${match[1]}${match[2]}${match[3]}` : undefined;
}

/** Six digits as people write them: `12-34-56`. */
export function formatSortCode(sortCode: string): string {
  return sortCode.replace(/^(\d{2})(\d{2})(\d{2})$/, '$1-$2-$3');
}
