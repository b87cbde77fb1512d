import { openDoor } from './door.ts';
import type { ServerClient } from './server.ts';
import type { Terminal } from './terminal.ts';

/** The hosted page's JSON, as far as a terminal shows it. */
type Screen = {
  screen: string;
  title: string;
  turn: number;
  csrf: string;
  action: string;
  blocks: Block[];
  /** `still`: something is to be typed meanwhile. */
  poll?: { after_ms: number; still?: true };
};
type Block = { kind: string } & Partial<Form> & {
    text?: string;
    heading?: string;
    label?: string;
    url?: string;
    primary?: boolean;
    points?: string[];
    facts?: { term: string; value: string }[];
    sections?: { heading: string; lines: string[] }[];
    accounts?: AccountLine[];
    quote?: { by: string; lines: string[] };
    description?: string;
    found?: Block[];
    form?: Form;
  };
type AccountLine = { name: string; detail: string; masked: string };
type Form = { hidden: Named[]; inputs: Input[]; rows: Row[]; buttons: Button[] };
type Named = { name: string; value: string };
type Input =
  | { kind: 'field'; name: string; type: string; label: string; value?: string; required: boolean }
  | { kind: 'tick'; name: string; value: string; label: string; ticked: boolean }
  | {
      kind: 'ticks';
      name: string;
      label: string;
      ticks: (Omit<Named, 'name'> & { label: string; masked?: string; ticked: boolean })[];
    };
type Row = Named & { label: string; hint?: string; usable: boolean };
type Button = Named & { label: string; weight: string };
type Choice = { label: string; form: Form; value: Named };

const LOOK_AGAIN_MS = 1500;

/** Shows one screen after the other and sends what is typed, until the visit has ended. */
export async function walk(server: ServerClient, url: string, terminal: Terminal): Promise<void> {
  let { body } = await server.page(url);
  for (;;) {
    const screen = body as Screen;
    show(screen, terminal);
    if (screen.screen === 'ended') return;
    const bankAddress = screen.blocks.find(({ kind, primary }) => kind === 'address' && primary)?.url;
    if (bankAddress) body = await goToBank(server, screen, bankAddress, terminal);
    else if (screen.poll && !screen.poll.still) body = await waitForChange(server, screen, terminal);
    else body = await send(server, screen, await choose(choicesOf(screen), terminal), terminal);
  }
}

async function goToBank(server: ServerClient, screen: Screen, address: string, terminal: Terminal): Promise<unknown> {
  const door = await openDoor(server.hostname, server.cookies(), address);
  try {
    terminal.say(`Open this in a browser on this machine, it leads on to the bank:\n  ${door.url}`);
    return await waitForChange(server, screen, terminal);
  } finally {
    await door.close();
  }
}

/** Looks again and again until the visit has moved on, or sends what somebody chose meanwhile by its number. */
async function waitForChange(server: ServerClient, screen: Screen, terminal: Terminal): Promise<unknown> {
  const choices = choicesOf(screen);
  list(choices, terminal);
  terminal.say('Waiting; type a number to do something else.');
  for (;;) {
    const typed = await terminal.askFor('', LOOK_AGAIN_MS);
    const choice = typed === undefined ? undefined : choices[Number(typed.trim()) - 1];
    const next = choice ? await send(server, screen, choice, terminal) : (await server.page(screen.action)).body;
    if (stateOf(next as Screen) !== stateOf(screen)) return next;
  }
}

async function send(server: ServerClient, screen: Screen, choice: Choice, terminal: Terminal): Promise<unknown> {
  return (await server.page(screen.action, await fill(screen, choice, terminal))).body;
}

function stateOf({ turn, screen, title }: Screen): string {
  return `${turn} ${screen} ${title}`;
}

function show(screen: Screen, terminal: Terminal): void {
  terminal.say(`\n── ${screen.title} ${'─'.repeat(Math.max(3, 70 - screen.title.length))}`);
  for (const block of screen.blocks) for (const line of linesOf(block)) terminal.say(line);
}

function linesOf(block: Block): string[] {
  const quote = block.quote ? block.quote.lines.map((line) => `  “${line}” (${block.quote!.by})`) : [];
  const facts = (block.facts ?? []).map(({ term, value }) => `  ${term}: ${value}`);
  const accounts = (block.accounts ?? []).map(({ name, detail, masked }) => `  ${name} · ${detail} · ${masked}`);
  const sections = (block.sections ?? []).flatMap(({ heading, lines }) => [
    `  ${heading}`,
    ...lines.map((line) => `    ${line}`),
  ]);
  return [
    ...(block.text ? [block.text] : []),
    ...(block.heading ? [block.heading] : []),
    ...(block.points ?? []).map((point) => `  • ${point}`),
    ...(block.description ? [`[${block.description}]`] : []),
    ...(block.url && !block.primary ? [`  ${block.label ?? 'Open'}: ${block.url}`] : []),
    ...quote,
    ...facts,
    ...accounts,
    ...sections,
  ];
}

/** Every way on from a screen: each row and each button of each form. */
function choicesOf(screen: Screen): Choice[] {
  const forms = formsIn(screen.blocks);
  return forms.flatMap((form) => [
    ...form.rows
      .filter(({ usable }) => usable)
      .map((row) => ({ label: row.hint ? `${row.label} (${row.hint})` : row.label, form, value: row })),
    ...form.buttons.map((button) => ({ label: button.label, form, value: button })),
  ]);
}

function formsIn(blocks: Block[]): Form[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'form') return [block as Form];
    return [...(block.form ? [block.form] : []), ...formsIn(block.found ?? [])];
  });
}

async function choose(choices: Choice[], terminal: Terminal): Promise<Choice> {
  list(choices, terminal);
  for (;;) {
    const typed = (await terminal.ask(`Which one? [1] `)).trim();
    const choice = choices[typed === '' ? 0 : Number(typed) - 1];
    if (choice) return choice;
    terminal.say(`Type a number from 1 to ${choices.length}.`);
  }
}

function list(choices: Choice[], terminal: Terminal): void {
  choices.forEach(({ label }, index) => void terminal.say(`  ${index + 1}) ${label}`));
}

/** Asks for everything the chosen form needs; what is refused or left needs nothing. */
async function fill(screen: Screen, { form, value }: Choice, terminal: Terminal): Promise<object> {
  const sent: Record<string, unknown> = { turn: screen.turn, csrf: screen.csrf };
  for (const { name, value: hidden } of form.hidden) sent[name] = hidden;
  sent[value.name] = value.value;
  if (/^(refuse|back|leave|check|again|other_bank)$/.test(String(sent.do))) return sent;
  for (const input of form.inputs) {
    if (input.kind === 'field') sent[input.name] = await type(input, terminal);
    else if (input.kind === 'tick') {
      if (await yes(`${input.label}?`, input.ticked, terminal)) sent[input.name] = input.value;
    } else {
      const ticked: string[] = [];
      for (const { label, masked, ticked: before, value } of input.ticks)
        if (await yes(`${label} ${masked ?? ''}?`, before, terminal)) ticked.push(value);
      sent[input.name] = ticked;
    }
  }
  return sent;
}

async function type(input: Extract<Input, { kind: 'field' }>, terminal: Terminal): Promise<string> {
  const typed = await terminal.ask(`${input.label}: `, input.type === 'password' ? 'secret' : undefined);
  return typed === '' ? (input.value ?? '') : typed;
}

async function yes(question: string, before: boolean, terminal: Terminal): Promise<boolean> {
  const typed = (await terminal.ask(`${question} ${before ? '[Y/n]' : '[y/N]'} `)).trim().toLowerCase();
  return typed === '' ? before : typed.startsWith('y');
}
