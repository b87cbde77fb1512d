import { Problem } from '../../platform/problems.ts';

/** How deep a value may nest. Nothing we take is deeper than three. */
const DEEPEST = 20;

/**
 * Refuses what no field may hold, wherever it stands: a depth that is an attack, names that would reach an object's
 * prototype, and text that PostgreSQL cannot keep (U+0000, half of a surrogate pair). Returns the value.
 */
export function checkText(value: unknown, pointer: string, depth = 0): unknown {
  if (depth > DEEPEST) throw refuse('', `The body is nested more than ${DEEPEST} deep.`);
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed())
      throw refuse(pointer, 'Text must not hold U+0000 or half a surrogate pair.');
  } else if (typeof value === 'object' && value !== null) {
    for (const name of Object.keys(value)) {
      const inner = `${pointer}/${escapePointer(name)}`;
      if (name === '__proto__' || name.includes('\0') || !name.isWellFormed())
        throw refuse(inner, 'This name is not allowed.');
      checkText((value as Record<string, unknown>)[name], inner, depth + 1);
    }
  }
  return value;
}

/** RFC 6901: `~` and `/` inside a name are written `~0` and `~1`. Cut where a name is endless. */
export function escapePointer(name: string): string {
  return name.slice(0, 100).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');
}

function refuse(pointer: string, detail: string): Problem {
  return new Problem('invalid_body', detail, { errors: [{ pointer, detail }] });
}
