import type { Challenge, Field, Notice, Step } from '../../../banking/step.ts';
import type { Screen } from '../../../platform/sessions/screen.ts';
import { hostOf, webAddress } from '../../markup.ts';
import { type Block, button, type Form, type Input, type Shown, type Tone, type View } from '../view.ts';
import { leave } from './begin.ts';
import { carryBlock } from './phone.ts';

type StepScreen = Extract<Screen, { kind: 'step' }>;
type Of<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;

/** What the bank asks of the person now. The purpose has our sentence; the bank's own words are quotations. */
export function step(screen: StepScreen, shown: Shown): View {
  switch (screen.step.kind) {
    case 'form':
      return form(screen, screen.step, shown);
    case 'choose':
      return choose(screen, screen.step, shown);
    case 'redirect':
      return redirect(screen, screen.step, shown);
    case 'wait':
      return wait(screen, screen.step, shown);
    default:
      return screen.step satisfies never;
  }
}

function form(screen: StepScreen, asked: Of<'form'>, shown: Shown): View {
  const { words } = shown.speech;
  const bank = screen.bank.name;
  const signIn = asked.purpose === 'sign_in';
  const wrong = asked.notice?.kind === 'wrong_credentials' || asked.notice?.kind === 'wrong_code';
  const again: Form[] =
    asked.again && screen.againLeft !== 0
      ? [{ kind: 'form', hidden: [], inputs: [], rows: [], buttons: [button('again', words.step.again, 'quiet')] }]
      : [];
  return {
    ...frame(screen),
    title: signIn ? words.step.signIn(bank) : words.step.code,
    blocks: [
      ...noticeBlocks(asked.notice, screen, shown),
      { kind: 'text', text: signIn ? words.step.signInLead(bank, shown.context.app.name) : words.step.codeLead(bank) },
      ...challengeBlocks(asked.challenge, bank, shown),
      {
        kind: 'form',
        hidden: [],
        inputs: asked.fields.map((field, at) => fieldInput(field, shown, wrong, at === 0 && (wrong || !signIn))),
        rows: [],
        buttons: [button('fields', signIn ? words.step.send : words.step.confirm, 'primary')],
      },
      ...again,
      ...carryBlocks(screen, shown),
      leave(shown),
    ],
    ...carryPoll(screen),
    tip: signIn ? words.help.tips.sign_in : words.help.tips.code,
  };
}

function choose(screen: StepScreen, asked: Of<'choose'>, shown: Shown): View {
  const { words } = shown.speech;
  const title = words.step[asked.purpose === 'accounts' ? 'accounts' : asked.purpose];
  const lead = asked.purpose === 'accounts' ? words.step.accountsLead : words.step.chooseLead;
  const one: Form = {
    kind: 'form',
    hidden: [{ name: 'do', value: 'chosen' }],
    inputs: [],
    rows: asked.options.map((option) => ({
      name: 'ids',
      value: option.id,
      label: option.label,
      ...(option.hint ? { hint: option.hint } : {}),
      theirs: true,
      usable: true,
    })),
    rowsLabel: title,
    buttons: [],
  };
  const many: Form = {
    kind: 'form',
    hidden: [],
    inputs: [
      {
        kind: 'ticks',
        label: title,
        name: 'ids',
        ticks: asked.options.map((option) => ({
          value: option.id,
          label: option.label,
          ...(option.hint ? { hint: option.hint } : {}),
          ticked: false,
        })),
      },
    ],
    rows: [],
    buttons: [button('chosen', words.page.next, 'primary')],
  };
  return {
    ...frame(screen),
    title,
    blocks: [
      ...noticeBlocks(asked.notice, screen, shown),
      { kind: 'text', text: lead(screen.bank.name) },
      asked.many ? many : one,
      ...carryBlocks(screen, shown),
      leave(shown),
    ],
    ...carryPoll(screen),
    tip: words.help.tips.code,
  };
}

function redirect(screen: StepScreen, asked: Of<'redirect'>, shown: Shown): View {
  const { words } = shown.speech;
  const bank = screen.bank.name;
  const host = screen.bankHost ?? hostOf(asked.url);
  const opens = webAddress(asked.url) !== undefined;
  // Where the bank lives in an app, going on here is one of two ways: nobody is sent off before they have chosen.
  const first = screen.carry?.first === true;
  const go: Block = {
    kind: 'address',
    url: asked.url,
    host,
    label: first ? words.phone.here : words.step.redirectGo(bank),
    ...(first ? { secondary: true as const } : { primary: true as const, forwardAfterMs: 2000 }),
  };
  const where: Block[] = [
    { kind: 'text', text: words.step.redirectLead(bank) },
    { kind: 'facts', facts: [{ term: words.step.redirectHost, value: host, strong: true }] },
    go,
  ];
  return {
    ...frame(screen),
    title: first ? words.phone.title : words.step.redirect(bank),
    blocks: opens
      ? [
          ...noticeBlocks(asked.notice, screen, shown),
          ...(first
            ? [...carryBlocks(screen, shown), ...where]
            : [
                ...where,
                { kind: 'text', text: words.step.redirectAuto, quiet: true } as const,
                ...carryBlocks(screen, shown),
              ]),
          leave(shown),
        ]
      : [{ kind: 'note', tone: 'error', text: words.step.redirectBad }, leave(shown)],
    // The bank may open another browser, or the phone takes over; then this one is waited for.
    poll: { afterMs: 3000 },
    tip: words.help.tips.redirect,
  };
}

function wait(screen: StepScreen, asked: Of<'wait'>, shown: Shown): View {
  const { words, formats } = shown.speech;
  const bank = screen.bank.name;
  // Whoever waits for others has nothing to approve and no minutes to count.
  const shared = asked.notice?.kind === 'signers';
  const leftMs = asked.giveUpAt.getTime() - shown.context.now.getTime();
  const sends = asked.again === true && screen.againLeft !== 0;
  const approved: Block[] = [
    {
      kind: 'form',
      hidden: [],
      inputs: [],
      rows: [],
      buttons: [
        button('check', words.step.check, 'primary'),
        ...(sends ? [button('again', words.step.againPush, 'quiet')] : []),
      ],
    },
    ...(asked.again && screen.againLeft !== undefined
      ? [{ kind: 'text', text: againWords(screen.againLeft, words), quiet: true } as const]
      : []),
    { kind: 'more', summary: words.step.cannot, points: words.step.cannotPoints },
    ...carryBlocks(screen, shown),
  ];
  return {
    ...frame(screen),
    title: shared ? words.step.waitOthers : words.step.wait(bank),
    blocks: [
      ...noticeBlocks(asked.notice, screen, shown),
      ...(shared ? [] : [{ kind: 'text', text: words.step.waitLead(bank) } as const]),
      ...challengeBlocks(asked.challenge, bank, shown),
      ...(shared ? [] : [{ kind: 'steps', heading: words.step.waitHow, steps: words.step.waitSteps(bank) } as const]),
      ...(leftMs > 0 && !shared
        ? [{ kind: 'text', text: words.step.waitUntil(formats.minutes(leftMs)), quiet: true } as const]
        : []),
      ...(shared ? [] : approved),
      leave(shown),
    ],
    // The page only looks at our own server; how often the bank is asked is the platform's business.
    poll: { afterMs: Math.min(Math.max(asked.pollAfterMs, 1500), 5000) },
    tip: words.help.tips.wait,
  };
}

/** How often a request or code may still be sent: nobody is flooded, and nobody locked out. */
function againWords(left: number, words: Shown['speech']['words']): string {
  return left === 0 ? words.step.againNone : words.step.againLeft(left);
}

/** The offer to go on on a phone, where this visit can be carried. */
function carryBlocks(screen: StepScreen, shown: Shown): Block[] {
  return screen.carry ? [carryBlock(screen.carry, screen.bank.name, shown)] : [];
}

/** Whether a phone takes over is looked for, whatever is being typed meanwhile. */
function carryPoll(screen: StepScreen): Pick<View, 'poll'> {
  return screen.carry ? { poll: { afterMs: 5000, still: true } } : {};
}

function frame(screen: StepScreen): Pick<View, 'screen' | 'at' | 'bank'> {
  return { screen: 'step', at: 3, bank: screen.bank };
}

function noticeBlocks(notice: Notice | undefined, screen: StepScreen, { speech: { words } }: Shown): Block[] {
  const tries = !screen.attemptsLeft ? '' : ` ${words.step.tries(screen.attemptsLeft)}`;
  if (notice === undefined) return tries === '' ? [] : [{ kind: 'text', text: tries.trim(), quiet: true }];
  const tones: Record<Notice['kind'], Tone> = {
    wrong_credentials: 'error',
    wrong_code: 'error',
    code_sent_again: 'good',
    once_more: 'plain',
    signers: 'good',
    bank_message: 'plain',
  };
  const quote = notice.quote ? { quote: { by: screen.bank.name, lines: [notice.quote] } } : {};
  const text = `${words.step.notices[notice.kind]}${tries}`;
  return [{ kind: 'note', tone: tones[notice.kind], text, ...quote }];
}

function challengeBlocks(challenge: Challenge | undefined, bank: string, { speech: { words } }: Shown): Block[] {
  if (challenge === undefined) return [];
  const blocks: Block[] = [];
  if (challenge.method)
    blocks.push({ kind: 'facts', facts: [{ term: words.step.methodIs, value: challenge.method, theirs: true }] });
  const lines = [...new Set([...(challenge.text ? [challenge.text] : []), ...(challenge.data ?? [])])];
  if (lines.length > 0) blocks.push({ kind: 'quote', quote: { by: bank, lines } });
  if (challenge.image) blocks.push({ kind: 'picture', ...challenge.image, description: words.step.picture(bank) });
  if (challenge.flicker) blocks.push(flickerBlock(challenge.flicker, bank, words));
  if (challenge.imageLink && webAddress(challenge.imageLink)) {
    const host = hostOf(challenge.imageLink);
    blocks.push({ kind: 'address', url: challenge.imageLink, host, label: words.step.pictureLink(host), newTab: true });
  }
  return blocks;
}

/** Standing still at first: what flashes begins only when somebody wants it (WCAG 2.3.1). */
function flickerBlock(code: string, bank: string, words: Shown['speech']['words']): Block {
  return {
    kind: 'flicker',
    code,
    label: words.step.flicker(bank),
    hint: words.step.flickerHint,
    still: words.step.flickerStill,
    paces: [
      { label: words.step.flickerSlow, stepMs: 100 },
      { label: words.step.flickerUsual, stepMs: 50 },
      { label: words.step.flickerFast, stepMs: 25 },
    ],
    width: words.step.flickerWidth,
    widths: words.step.flickerWidths,
  };
}

const TYPES: Record<Field['kind'], Extract<Input, { kind: 'field' }>['type']> = {
  user_id: 'username',
  corporate_id: 'text',
  password: 'password',
  second_password: 'password',
  code: 'code',
  iban: 'iban',
  text: 'text',
};

function fieldInput(field: Field, { speech: { words } }: Shown, wrong: boolean, focus: boolean): Input {
  const ours = words.step.fields[field.kind];
  // A code is read off a device and typed once: seeing it prevents mistakes, and it is worthless a moment later.
  const type = field.secret && field.kind !== 'code' ? 'password' : TYPES[field.kind];
  return {
    kind: 'field',
    name: `values[${field.name}]`,
    type,
    label: field.label || ours,
    ...(field.label ? { theirs: true as const } : {}),
    ...(field.label && field.kind !== 'text' && field.label.toLowerCase() !== ours.toLowerCase()
      ? { gloss: ours }
      : {}),
    ...(field.maxLength ? { maxLength: field.maxLength } : {}),
    ...(field.digitsOnly ? { digitsOnly: true } : {}),
    required: true,
    ...(wrong ? { wrong: true as const } : {}),
    ...(focus ? { focus: true as const } : {}),
  };
}
