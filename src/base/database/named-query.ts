import pg from 'pg';

type Shape = { fields: readonly { name: string; dataTypeID: number }[]; parsers: unknown; empty: unknown };

/** What pg's result holds of a description of columns. */
type Described = {
  fields: Shape['fields'];
  _parsers: unknown;
  _prebuiltEmptyResultObject: unknown;
  addFields(fields: Shape['fields']): void;
};

const shapes = new Map<string, Shape>();

/**
 * A prepared statement whose columns are worked out once and not for every answer: for a wide row that is more work than
 * reading it.
 */
export class NamedQuery extends pg.Query {
  // biome-ignore lint/suspicious/noExplicitAny: what the driver calls, with its own types
  handleRowDescription(message: any): void {
    // biome-ignore lint/suspicious/noExplicitAny: the driver's own fields
    const query = this as any;
    const result = query._result as Described;
    const { fields } = message as { fields: Shape['fields'] };
    const shape = shapes.get(query.name);
    query._accumulateRows = true;
    if (shape && sameColumns(shape.fields, fields)) {
      result.fields = shape.fields;
      result._parsers = shape.parsers;
      result._prebuiltEmptyResultObject = shape.empty;
      return;
    }
    result.addFields(fields);
    shapes.set(query.name, { fields, parsers: result._parsers, empty: result._prebuiltEmptyResultObject });
  }
}

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

function sameColumns(known: Shape['fields'], given: Shape['fields']): boolean {
  if (known.length !== given.length) return false;
  for (let index = 0; index < known.length; index += 1) {
    const [one, other] = [known[index]!, given[index]!];
    if (one.name !== other.name || one.dataTypeID !== other.dataTypeID) return false;
  }
  return true;
}
