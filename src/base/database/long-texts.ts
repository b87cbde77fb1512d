import pg from 'pg';
import { NamedQuery } from './named-query.ts';

/** What our connection needs of the driver's: where it hands what the socket reads to its parser. */
type Source = { on(event: string, listener: (data: Buffer) => void): unknown };
type DriverConnection = { attachListeners(stream: Source): void };

/** Texts longer than this are not decoded. */
const LONG = 8 * 1024;
const DATA_ROW = 'D'.charCodeAt(0);
const HEAD = 5;

/** Long texts cut out of the row that is read next: which column, and its bytes. */
type Cut = { column: number; bytes: Buffer }[];
const cuts = new WeakMap<object, Cut>();

/**
 * Makes a connection hand out long texts as the bytes they came as, to `runForBytes` only: nothing else may be asked of
 * it. The driver would decode each to a string that has to be encoded again for the next socket; for a page of five
 * hundred transactions that is most of the work. Called before it connects.
 */
export function keepLongTexts(client: pg.Client): void {
  const { connection } = client as unknown as { connection: DriverConnection };
  const attach = connection.attachListeners.bind(connection);
  connection.attachListeners = (stream) =>
    attach({
      on: (event, listener) =>
        stream.on(event, event === 'data' ? cutting(listener, (cut) => void cuts.set(connection, cut)) : listener),
    });
}

/** Runs a named statement on such a connection: long texts are `Buffer`s in its rows. */
export function runForBytes(client: pg.Client, config: pg.QueryConfig): Promise<pg.QueryResult> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, result: pg.QueryResult) => (error ? reject(error) : resolve(result));
    const query = new BytesQuery(config.text, config.values, done as never);
    query.connectionOf = (client as unknown as { connection: object }).connection;
    if (config.name !== undefined) (query as unknown as { name: string }).name = config.name;
    client.query(query);
  });
}

class BytesQuery extends NamedQuery {
  connectionOf: object = {};
  // biome-ignore lint/suspicious/noExplicitAny: what the driver calls, with its own types
  handleDataRow(message: any): void {
    // biome-ignore lint/suspicious/noExplicitAny: the driver's own method and fields
    const query = this as any;
    // biome-ignore lint/suspicious/noExplicitAny: as above
    (pg.Query.prototype as any).handleDataRow.call(this, message);
    const cut = cuts.get(this.connectionOf);
    cuts.delete(this.connectionOf);
    const { rows, fields } = query._result;
    for (const { column, bytes } of cut ?? []) rows.at(-1)[fields[column].name] = bytes;
  }
}

/**
 * Passes on what is read, but for rows with long texts: each is gathered, its long texts are handed to `keep`, and it is
 * passed on with empty ones in their places.
 */
function cutting(pass: (data: Buffer) => void, keep: (cut: Cut) => void): (data: Buffer) => void {
  let begun: Buffer = Buffer.alloc(0);
  let passing = 0;
  let row: Buffer | undefined;
  let filled = 0;
  return (data) => {
    const chunk = begun.length > 0 ? Buffer.concat([begun, data]) : data;
    begun = Buffer.alloc(0);
    let from = 0;
    let at = 0;
    const flush = () => {
      if (at > from) pass(chunk.subarray(from, at));
    };
    while (at < chunk.length) {
      if (row) {
        const taken = chunk.copy(row, filled, at);
        filled += taken;
        at += taken;
        from = at;
        if (filled === row.length) {
          const { cut, rest } = cutRow(row);
          row = undefined;
          keep(cut);
          pass(rest);
        }
      } else if (passing > 0) {
        const taken = Math.min(passing, chunk.length - at);
        passing -= taken;
        at += taken;
      } else if (chunk.length - at < HEAD) {
        flush();
        begun = chunk.subarray(at);
        return;
      } else {
        const length = chunk.readUInt32BE(at + 1) + 1;
        if (chunk[at] === DATA_ROW && length > LONG) {
          flush();
          row = Buffer.allocUnsafe(length);
          filled = 0;
        } else passing = length;
      }
    }
    flush();
  };
}

/** The message of a row without its long texts, and these. */
function cutRow(row: Buffer): { cut: Cut; rest: Buffer } {
  const cut: Cut = [];
  const parts: Buffer[] = [Buffer.from(row.subarray(0, HEAD + 2))];
  const columns = row.readInt16BE(HEAD);
  let at = HEAD + 2;
  for (let column = 0; column < columns; column += 1) {
    const length = row.readInt32BE(at);
    const end = at + 4 + Math.max(0, length);
    if (length > LONG) {
      cut.push({ column, bytes: row.subarray(at + 4, end) });
      parts.push(Buffer.alloc(4));
    } else parts.push(row.subarray(at, end));
    at = end;
  }
  const rest = Buffer.concat(parts);
  rest.writeUInt32BE(rest.length - 1, 1);
  return { cut, rest };
}
