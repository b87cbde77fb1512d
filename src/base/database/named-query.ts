import pg from 'pg';

/** What the driver makes of a description of columns. */
type Shape = { fields: readonly unknown[]; parsers: unknown; empty: unknown };

/** What pg's result holds of it. */
type Described = {
  fields: Shape['fields'];
  _parsers: unknown;
  _prebuiltEmptyResultObject: unknown;
  addFields(fields: Shape['fields']): void;
};

/** A connection as the driver hands it to a query. */
type Connection = { describe(what: unknown): void };

/** By connection: the columns of each statement it has described once. */
const described = new WeakMap<Connection, Map<string, Shape | 'no rows'>>();
const undescribing = new WeakMap<Connection, Connection>();

/**
 * A prepared statement whose columns a connection is asked for once and not at every answer: for a wide row that is more
 * work than reading it. PostgreSQL refuses a prepared statement whose columns have changed, so what it said stays true.
 */
export class NamedQuery extends pg.Query {
  // biome-ignore lint/suspicious/noExplicitAny: what the driver calls, with its own types
  prepare(connection: any): void {
    // biome-ignore lint/suspicious/noExplicitAny: the driver's own fields
    const query = this as any;
    const shape = query.hasBeenParsed(connection) ? described.get(connection)?.get(query.name) : undefined;
    if (shape !== undefined && shape !== 'no rows') {
      const result = query._result as Described;
      result.fields = shape.fields;
      result._parsers = shape.parsers;
      result._prebuiltEmptyResultObject = shape.empty;
      query._accumulateRows = true;
    }
    driver.prepare.call(this, shape === undefined ? connection : withoutDescribing(connection));
  }

  // biome-ignore lint/suspicious/noExplicitAny: what the driver calls, with its own types
  handleRowDescription(message: any): void {
    // biome-ignore lint/suspicious/noExplicitAny: the driver's own fields
    const query = this as any;
    const result = query._result as Described;
    query._accumulateRows = true;
    result.addFields(message.fields);
    query.shape = { fields: message.fields, parsers: result._parsers, empty: result._prebuiltEmptyResultObject };
  }

  handleCommandComplete(message: unknown, connection: Connection): void {
    // biome-ignore lint/suspicious/noExplicitAny: the driver's own fields
    const query = this as any;
    const known = described.get(connection) ?? new Map<string, Shape | 'no rows'>();
    described.set(connection, known);
    if (!known.has(query.name)) known.set(query.name, query.shape ?? 'no rows');
    driver.handleCommandComplete.call(this, message, connection);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: methods the driver's types do not tell of
const driver = pg.Query.prototype as any;

/** Runs a named statement on a connection. */
export function runNamed(client: pg.ClientBase, config: pg.QueryConfig): Promise<pg.QueryResult> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, result: pg.QueryResult) => (error ? reject(error) : resolve(result));
    // Handed over as an object, all of it would be copied, prototype and property descriptors included.
    const query = new NamedQuery(config.text, config.values, done as never) as NamedQuery & { name?: string };
    if (config.name !== undefined) query.name = config.name;
    client.query(query);
  });
}

function withoutDescribing(connection: Connection): Connection {
  const known = undescribing.get(connection);
  if (known) return known;
  const silent = Object.create(connection, { describe: { value: () => undefined } }) as Connection;
  undescribing.set(connection, silent);
  return silent;
}
