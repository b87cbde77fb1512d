import type { z } from 'zod';

/**
 * Text of a form or a query as the schema means it: `10` a number, `true` a boolean, one value a list of one, an empty
 * value `null` where that is allowed. What does not fit stays as it is, and the schema refuses it.
 */
export function coerce(schema: z.core.$ZodType, value: unknown): unknown {
  const { def } = (schema as z.ZodType)._zod as unknown as { def: Def };
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'prefault':
    case 'readonly':
      return coerce(def.innerType!, value);
    case 'nullable':
      return value === '' ? null : coerce(def.innerType!, value);
    case 'pipe':
      return coerce(def.in!, value);
    case 'number':
      return typeof value === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : value;
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value;
    case 'array':
      if (typeof value === 'string') return [coerce(def.element!, value)];
      return Array.isArray(value) ? value.map((one) => coerce(def.element!, one)) : value;
    case 'object':
      return mapValues(value, (name, one) => (Object.hasOwn(def.shape!, name) ? coerce(def.shape![name]!, one) : one));
    case 'record':
      return mapValues(value, (_, one) => coerce(def.valueType!, one));
    default:
      return value;
  }
}

type Def = {
  type: string;
  innerType?: z.core.$ZodType;
  in?: z.core.$ZodType;
  element?: z.core.$ZodType;
  valueType?: z.core.$ZodType;
  shape?: Record<string, z.core.$ZodType>;
};

function mapValues(value: unknown, change: (name: string, one: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, change(name, one)]));
}
