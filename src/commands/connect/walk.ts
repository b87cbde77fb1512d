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
  poll?: { after_ms: number };
};
type Block = { kind: string } & Partial<Form> & {
    text?: string;
    heading?: string;
    label?: string;
    url?: string;
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
  for (let shown = ''; ; ) {
    const screen = body as Screen;
    const seen = `${screen.turn} ${screen.screen} ${screen.title}`;
    if (seen !== shown) show(screen, terminal);
    const again = seen === shown;
    shown = seen;
    if (screen.screen === 'ended') return;
    const sent = screen.blocks.some(({ kind }) => kind === 'address');
    const choices = choicesOf(screen);
    if (again && !sent && !screen.poll) terminal.say('(the same screen again)');
    const next =
      sent || screen.poll ? await waitOrChoose(choices, terminal, { again, sent }) : await choose(choices, terminal);
    if (next === undefined) ({ body } = await server.page(screen.action));
    else if (typeof next === 'string') ({ body } = await server.page(next));
    else ({ body } = await server.page(screen.action, await fill(screen, next, terminal)));
  }
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
    ...(block.url ? [`  ${block.label ?? 'Open'}: ${block.url}`] : []),
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

/**
 * While something goes on elsewhere: looks again by itself, unless a number is typed. A bank sends the person's browser back
 * with an address that only this terminal's visit may use: pasted here, it comes back as text.
 */
async function waitOrChoose(
  choices: Choice[],
  terminal: Terminal,
  { again, sent }: { again: boolean; sent: boolean },
): Promise<Choice | string | undefined> {
  if (!again) {
    list(choices, terminal);
    if (sent) terminal.say('Open the address in your browser. When you are done there, paste the address it ended at.');
    else terminal.say('Waiting; type a number to do something else.');
  }
  const typed = (await terminal.askFor('', LOOK_AGAIN_MS))?.trim();
  if (typed === undefined) return undefined;
  return /^https?:\/\//.test(typed) ? typed : choices[Number(typed) - 1];
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
