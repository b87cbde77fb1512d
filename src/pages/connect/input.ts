import type { Input, PageContext, Screen } from '../../platform/sessions/screen.ts';

/** What is wrong with something a person or program sent from a screen: where, and what to do. */
export class InputRefused extends Error {
  readonly errors: { pointer: string; detail: string }[];
  constructor(pointer: string, detail: string) {
    super(`${pointer}: ${detail}`);
    this.name = 'InputRefused';
    this.errors = [{ pointer, detail }];
  }
}

/**
 * Reads what a form (or, as JSON, a program) posted. Checked against the screen when it answers that screen's turn; an older
 * turn is only read, because the platform shows the current screen instead. Throws `InputRefused`.
 */
export function parseInput(
  body: Record<string, unknown>,
  screen: Screen | undefined,
  context: Pick<PageContext, 'turn'> | undefined,
): Input {
  const turn = Number(text(body, 'turn', 12));
  if (!Number.isSafeInteger(turn) || turn < 0)
    throw new InputRefused('/turn', 'send the number of the screen you answer');
  const current = turn === context?.turn ? screen : undefined;
  const act = text(body, 'do', 20);
  if (!Object.hasOwn(READERS, act)) throw new InputRefused('/do', `send one of: ${Object.keys(READERS).join(', ')}`);
  return { turn, ...READERS[act as Input['do']](body, current) };
}

/** True for what can only be read beside the screen it answers; everything else says all by itself. */
export function answersScreen(body: Record<string, unknown>): boolean {
  return ['type', 'fields', 'chosen', 'grant'].includes(String(body.do));
}

type Act = Input extends infer Each ? (Each extends { turn: number } ? Omit<Each, 'turn'> : never) : never;

const READERS: Record<Input['do'], (body: Record<string, unknown>, screen: Screen | undefined) => Act> = {
  continue: () => ({ do: 'continue' }),
  refuse: () => ({ do: 'refuse' }),
  back: () => ({ do: 'back' }),
  search: (body) => ({ do: 'search', query: optional(body, 'query', 200) ?? '', ...country(body) }),
  bank: (body) => ({ do: 'bank', provider: slug(body) }),
  type: (body, screen) => ({
    do: 'type',
    interface: known(text(body, 'interface', 100), '/interface', interfacesOf(screen)),
  }),
  agree: (body) => ({ do: 'agree', storeSecrets: ticked(body, 'store_secrets') }),
  fields: (body, screen) => ({ do: 'fields', values: values(body, screen) }),
  chosen: (body, screen) => ({ do: 'chosen', ids: chosen(body, screen) }),
  again: () => ({ do: 'again' }),
  digits: (body) => ({ do: 'digits', digits: sixDigits(body) }),
  check: () => ({ do: 'check' }),
  grant: (body, screen) => ({ do: 'grant', accounts: several(body, 'accounts', accountsOf(screen)) }),
  retry: () => ({ do: 'retry' }),
  other_bank: () => ({ do: 'other_bank' }),
  reconfirm: (body) => {
    const connection = optional(body, 'connection', 60);
    return { do: 'reconfirm', ...(connection ? { connection } : {}) };
  },
  renew: (body) => ({ do: 'renew', connection: text(body, 'connection', 60) }),
  revoke: (body) => ({ do: 'revoke', connection: text(body, 'connection', 60), sure: ticked(body, 'sure') }),
  add: () => ({ do: 'add' }),
  leave: () => ({ do: 'leave' }),
};

function sixDigits(body: Record<string, unknown>): string {
  const digits = text(body, 'digits', 20).replace(/\s/g, '');
  if (!/^\d{6}$/.test(digits)) throw new InputRefused('/digits', 'send the six digits the other browser shows');
  return digits;
}

function interfacesOf(screen: Screen | undefined): string[] | undefined {
  return screen?.kind === 'account_type' ? screen.choices.map((choice) => choice.id) : undefined;
}

function accountsOf(screen: Screen | undefined): string[] | undefined {
  return screen?.kind === 'grant' ? screen.accounts.map((account) => account.reference) : undefined;
}

function slug(body: Record<string, unknown>): string {
  const provider = text(body, 'provider', 100);
  if (!/^[a-z0-9][a-z0-9-]*$/.test(provider)) throw new InputRefused('/provider', 'send the id of a provider');
  return provider;
}

function country(body: Record<string, unknown>): { country?: string } {
  const code = optional(body, 'country', 2);
  if (!code) return {};
  if (!/^[A-Z]{2}$/.test(code)) throw new InputRefused('/country', 'send two capital letters, such as DE');
  return { country: code };
}

/** Typed answers by field name: from a form as `values[name]`, from JSON as an object. Only fields the step has. */
function values(body: Record<string, unknown>, screen: Screen | undefined): Record<string, string> {
  const step = screen?.kind === 'step' && screen.step.kind === 'form' ? screen.step : undefined;
  const typed = typedValues(body);
  if (typed.size > 20) throw new InputRefused('/values', 'too many values');
  const answer = new Map<string, string>();
  for (const [name, value] of typed) {
    if (step && !step.fields.some((field) => field.name === name)) {
      throw new InputRefused(`/values/${name}`, 'this step has no such field');
    }
    if (typeof value !== 'string' || value.length > 500)
      throw new InputRefused(`/values/${name}`, 'send a text of up to 500 characters');
    answer.set(name, value);
  }
  for (const field of step?.fields ?? []) {
    const value = answer.get(field.name) ?? '';
    // Codes and IBANs are often typed in groups; passwords stay exactly as typed.
    const tidy = field.kind === 'code' || field.kind === 'iban' || field.digitsOnly ? value.replace(/\s/g, '') : value;
    if (tidy === '') throw new InputRefused(`/values/${field.name}`, 'this field is needed');
    if (field.maxLength !== undefined && tidy.length > field.maxLength) {
      throw new InputRefused(`/values/${field.name}`, `at most ${field.maxLength} characters`);
    }
    answer.set(field.name, tidy);
  }
  return Object.fromEntries(answer);
}

function typedValues(body: Record<string, unknown>): Map<string, unknown> {
  const typed = new Map<string, unknown>();
  if (body.values !== null && typeof body.values === 'object') {
    for (const [name, value] of Object.entries(body.values)) typed.set(name, value);
  }
  for (const [key, value] of Object.entries(body)) {
    const name = /^values\[(.{1,100})\]$/.exec(key)?.[1];
    if (name !== undefined) typed.set(name, value);
  }
  return typed;
}

function chosen(body: Record<string, unknown>, screen: Screen | undefined): string[] {
  const step = screen?.kind === 'step' && screen.step.kind === 'choose' ? screen.step : undefined;
  const ids = several(
    body,
    'ids',
    step?.options.map((option) => option.id),
  );
  if (step && ids.length === 0) throw new InputRefused('/ids', 'choose at least one');
  if (step && !step.many && ids.length > 1) throw new InputRefused('/ids', 'choose one only');
  return ids;
}

function several(body: Record<string, unknown>, name: string, options: string[] | undefined): string[] {
  const sent = body[name] ?? body[`${name}[]`] ?? [];
  const list = Array.isArray(sent) ? sent : [sent];
  if (list.length > 500) throw new InputRefused(`/${name}`, 'too many');
  const ids = list.map((id) => {
    if (typeof id !== 'string' || id.length > 500)
      throw new InputRefused(`/${name}`, 'send texts of up to 500 characters');
    return known(id, `/${name}`, options);
  });
  return [...new Set(ids)];
}

function known(id: string, pointer: string, options: string[] | undefined): string {
  if (options && !options.includes(id)) throw new InputRefused(pointer, 'this is not one of the choices');
  return id;
}

function ticked(body: Record<string, unknown>, name: string): boolean {
  return body[name] === 'yes' || body[name] === true || body[name] === 'true';
}

function text(body: Record<string, unknown>, name: string, most: number): string {
  const value = optional(body, name, most);
  if (value === undefined || value === '') throw new InputRefused(`/${name}`, 'this is needed');
  return value;
}

function optional(body: Record<string, unknown>, name: string, most: number): string | undefined {
  const value = typeof body[name] === 'number' ? String(body[name]) : body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.length > most)
    throw new InputRefused(`/${name}`, `send one text of up to ${most} characters`);
  return value;
}
