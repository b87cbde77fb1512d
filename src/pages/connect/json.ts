import type { Json } from '../../banking/step.ts';
import type { PageContext } from '../../platform/sessions/screen.ts';
import type { View } from './view.ts';

/** The view as the headless answer: the same words, fields and buttons, keys in snake_case. */
export function viewAsJson(view: View, context: PageContext, locale: string): Json {
  return {
    object: 'screen',
    ...(snake(view) as Record<string, Json>),
    turn: context.turn,
    csrf: context.csrf,
    action: context.action,
    kind: context.kind,
    locale,
    app: snake(context.app),
    operator: snake(context.operator),
    test: context.test,
    reference: context.reference,
  };
}

function snake(value: unknown): Json {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(snake);
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, held]) => held !== undefined);
    return Object.fromEntries(
      entries.map(([key, held]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), snake(held)]),
    );
  }
  return value as Json;
}
