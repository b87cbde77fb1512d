import assert from 'node:assert/strict';

/** A screen as the headless page says it, as far as a person without eyes needs it. */
export type Seen = { screen: string; turn: number; csrf: string; action: string; blocks: Block[] };
type Form = {
  hidden: { name: string; value: string }[];
  inputs: { kind: string; name: string; ticks?: { value: string }[] }[];
  buttons: { name: string; value: string }[];
};
type Block = { kind: string; form?: Form; found?: Block[] } & Partial<Form>;

/** Somebody with a browser of their own, who reaches the page at any of several servers. */
export class HeadlessPerson {
  readonly #cookies = new Map<string, string>();
  readonly #address: string;
  readonly #server: () => string;
  constructor(address: string, server: () => string) {
    this.#address = address;
    this.#server = server;
  }
  /** Opens a link or looks at an address again; undefined where the server cannot answer now. */
  async opens(path: string): Promise<Seen | undefined> {
    const reply = await this.#send(path);
    if (reply.status >= 500) return undefined;
    const location = reply.headers.get('location');
    return location ? this.opens(location) : seenIn(reply);
  }
  /** Presses a button of a screen; `typed` are the fields, and every account is ticked. */
  async presses(seen: Seen, act: string, typed: Record<string, string> = {}): Promise<Seen | undefined> {
    const form = formsOf(seen.blocks).find(({ buttons }) => buttons.some(({ value }) => value === act));
    assert.ok(form, `there is no ${act} on ${seen.screen}`);
    const ticked = form.inputs.flatMap(({ kind, name, ticks }) =>
      kind === 'ticks' ? [[name, ticks!.map(({ value }) => value)] as const] : [],
    );
    const hidden = form.hidden.map(({ name, value }) => [name, value] as const);
    const several = Object.fromEntries(
      [...Map.groupBy(hidden, ([name]) => name)].map(([name, all]) => [
        name,
        all.length > 1 ? all.map(([, value]) => value) : all[0]![1],
      ]),
    );
    const body = { turn: seen.turn, csrf: seen.csrf, ...several, ...Object.fromEntries(ticked), do: act, ...typed };
    const reply = await this.#send(seen.action, body);
    return reply.status >= 500 ? undefined : seenIn(reply);
  }
  async #send(path: string, body?: object): Promise<Response> {
    const reply = await fetch(new URL(path, this.#server()), {
      method: body ? 'POST' : 'GET',
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        'x-forwarded-for': this.#address,
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    for (const line of reply.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      this.#cookies.set(name!, value!);
    }
    return reply;
  }
}

/** A screen, or one of the pages without a visit, on which nothing can be pressed. */
async function seenIn(reply: Response): Promise<Seen> {
  const said = (await reply.json()) as Seen & { code?: string };
  return said.code === undefined ? said : { screen: said.code, turn: 0, csrf: '', action: '', blocks: [] };
}

/** What can be pressed on a screen. */
export function actsOf(seen: Seen): string[] {
  return formsOf(seen.blocks).flatMap(({ buttons }) => buttons.map(({ value }) => value));
}

function formsOf(blocks: Block[]): Form[] {
  return blocks.flatMap((block) => [
    ...(block.kind === 'form' ? [block as Form] : []),
    ...(block.form ? [block.form] : []),
    ...formsOf(block.found ?? []),
  ]);
}
