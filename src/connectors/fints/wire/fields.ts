import { type Element, type Segment, textOf, type Value, WireError } from './syntax.ts';

/** How something stands in a data element: so many values wide (`Infinity`: all that are left). */
export type Field<T> = {
  readonly width: number;
  read(values: Element, at: number): T;
  write(value: T): Value[];
};

type AnyFields = Record<
  string,
  { width: number; read(values: Element, at: number): unknown; write(value: never): Value[] }
>;

/** What fields hold when they are read. */
export type Held<F extends AnyFields> = { [Name in keyof F]: ReturnType<F[Name]['read']> };

/** Text as written (`an`, `id`, `code`); absent is the empty text. */
export const text: Field<string> = {
  width: 1,
  read: (values, at) => textOf(values[at]),
  write: (value) => [value],
};

/** A whole number; absent or unreadable is undefined. */
export const number: Field<number | undefined> = {
  width: 1,
  read: (values, at) => (/^\d{1,15}$/.test(textOf(values[at])) ? Number(textOf(values[at])) : undefined),
  write: (value) => [value === undefined ? '' : String(value)],
};

/** `J` or `N`; absent is no. */
export const flag: Field<boolean> = {
  width: 1,
  read: (values, at) => textOf(values[at]) === 'J',
  write: (value) => [value ? 'J' : 'N'],
};

/** A day as `YYYY-MM-DD`, `YYYYMMDD` on the wire; absent or none is undefined. */
export const day: Field<string | undefined> = {
  width: 1,
  read: (values, at) => {
    const found = /^(\d{4})(\d\d)(\d\d)$/.exec(textOf(values[at]));
    return found ? `${found[1]}-${found[2]}-${found[3]}` : undefined;
  },
  write: (value) => [value?.replaceAll('-', '') ?? ''],
};

/** Binary content. A bank that sends text there is read as if it had not. */
export const binary: Field<Uint8Array | undefined> = {
  width: 1,
  read: (values, at) => {
    const value = values[at];
    if (value === undefined || value.length === 0) return undefined;
    return typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  },
  write: (value) => [value ?? ''],
};

/** A group of fields within one element. */
export function group<F extends AnyFields>(fields: F): Field<Held<F>> {
  const entries = Object.entries(fields);
  return {
    width: entries.reduce((sum, [, field]) => sum + field.width, 0),
    read(values, at) {
      let next = at;
      const held = entries.map(([name, field]) => {
        const from = next;
        next += field.width;
        return [name, field.read(values, from)] as const;
      });
      return Object.fromEntries(held) as Held<F>;
    },
    write: (value) => entries.flatMap(([name, field]) => padded(field.write(value[name] as never), field.width)),
  };
}

/** The same again and again to the end of the element. */
export function repeated<T>(field: Field<T>): Field<T[]> {
  return {
    width: Number.POSITIVE_INFINITY,
    read(values, at) {
      const list: T[] = [];
      for (let from = at; from < values.length; from += field.width) list.push(field.read(values, from));
      return list;
    },
    write: (list) => list.flatMap((value) => padded(field.write(value), field.width)),
  };
}

/** One version of one segment: how it is written and read. */
export type SegmentForm<F extends AnyFields, Rest = never> = {
  readonly name: string;
  readonly version: number;
  write(number: number, value: Held<F> & ([Rest] extends [never] ? unknown : { rest: Rest[] })): Segment;
  read(segment: Segment): Held<F> & { rest: Rest[] };
};

/** Declares a segment by its elements in order; `rest` is what its last element, repeated, looks like. */
export function segment<F extends AnyFields, Rest = never>(
  name: string,
  version: number,
  fields: F,
  rest?: Field<Rest>,
): SegmentForm<F, Rest> {
  const entries = Object.entries(fields);
  return {
    name,
    version,
    write(at, value) {
      const more = rest ? (value as unknown as { rest: Rest[] }).rest : [];
      const elements = [
        ...entries.map(([field, form]) => form.write(value[field] as never)),
        ...more.map((one) => rest!.write(one)),
      ];
      return { name, version, number: at, elements };
    },
    read(found) {
      if (found.name !== name) throw new WireError(`${found.name} stands where ${name} should`);
      const held = entries.map(([field, form], at) => [field, form.read(found.elements[at] ?? [], 0)] as const);
      const more = rest ? found.elements.slice(entries.length).map((element) => rest.read(element, 0)) : [];
      return { ...(Object.fromEntries(held) as Held<F>), rest: more };
    },
  };
}

function padded(values: Value[], width: number): Value[] {
  return Number.isFinite(width) && values.length < width
    ? [...values, ...new Array<Value>(width - values.length).fill('')]
    : values;
}
