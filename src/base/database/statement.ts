import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Sql } from 'sql-template-tag';

const names = new Map<string, string>();
const MOST_NAMES = 1000;

/** The statement as pg wants it. Named ones are parsed and planned once a connection. */
export function asQuery(statement: Sql | string, named: boolean): pg.QueryConfig | string {
  if (typeof statement === 'string') return statement;
  const { text, values } = statement;
  return named ? { name: nameOf(text), text, values } : { text, values };
}

/** Absent once there are too many texts: each name stays in the memory of every connection. */
function nameOf(text: string): string | undefined {
  let name = names.get(text);
  if (name === undefined && names.size < MOST_NAMES) {
    name = createHash('sha1').update(text).digest('base64url').slice(0, 16);
    names.set(text, name);
  }
  return name;
}

const INT8 = 20;
const DATE = 1082;
const INT8_LIST = 1016;
const DATE_LIST = 1182;
const parseTextList = pg.types.getTypeParser(1009 as number) as (text: string) => string[];

/** 64-bit numbers as numbers while they are exact; days as text, because a `Date` would shift them by the time zone. */
export function getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
  if (oid === INT8) return wholeNumber;
  if (oid === DATE) return asIs;
  if (oid === INT8_LIST) return (text: string) => parseTextList(text).map(wholeNumber);
  if (oid === DATE_LIST) return parseTextList;
  return pg.types.getTypeParser(oid as number, format as 'text');
}

const asIs = (text: string) => text;

function wholeNumber(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}
