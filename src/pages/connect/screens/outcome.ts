import { TURN_OF } from '../../../platform/remedies.ts';
import type { Screen, Trouble } from '../../../platform/sessions/screen.ts';
import { MOST_DIGIT_TRIES } from '../../../platform/sessions/visit/handing-over.ts';
import { hostOf, webAddress } from '../../markup.ts';
import type { Words } from '../../words/index.ts';
import { type Block, bankName, button, buttons, type Shown, type View } from '../view.ts';
import { leave } from './begin.ts';

type Of<Kind extends Screen['kind']> = Extract<Screen, { kind: Kind }>;

/** An answer is being worked on. */
export function working(screen: Of<'working'>, shown: Shown): View {
  const { words } = shown.speech;
  return {
    screen: 'working',
    title: words.working.title,
    at: 3,
    ...(screen.bank ? { bank: screen.bank } : {}),
    blocks: [
      { kind: 'text', text: words.working.text(bankName(screen.bank, shown)) },
      // No way out here: an answer is at the bank, and what it says decides what can be done next.
      buttons(button('check', words.working.check)),
    ],
    poll: { afterMs: 1500 },
    tip: words.help.tips.other,
  };
}

/** The person came back from the bank in another browser: its digits prove that it was the same person. */
export function handover(screen: Of<'handover'>, shown: Shown): View {
  const { words } = shown.speech;
  const wrong = screen.attemptsLeft < MOST_DIGIT_TRIES;
  return {
    screen: 'handover',
    title: words.handover.title,
    at: 3,
    bank: screen.bank,
    blocks: [
      ...(wrong
        ? [{ kind: 'note', tone: 'error', text: words.handover.wrong(screen.attemptsLeft) } satisfies Block]
        : []),
      { kind: 'text', text: screen.phone ? words.handover.textPhone : words.handover.text(screen.bank.name) },
      { kind: 'note', tone: 'warning', text: words.handover.careful },
      {
        kind: 'form',
        hidden: [],
        inputs: [
          {
            kind: 'field',
            name: 'digits',
            type: 'code',
            label: words.handover.label,
            maxLength: 7,
            digitsOnly: true,
            required: true,
            focus: true,
            ...(wrong ? { wrong: true as const } : {}),
          },
        ],
        rows: [],
        buttons: [button('digits', words.handover.send, 'primary')],
      },
      // What the phone has done cannot be taken back step by step: it counts, or it does not.
      screen.phone ? buttons(button('refuse', words.page.refuse, 'quiet')) : leave(shown),
    ],
    poll: { afterMs: 5000, still: true },
    tip: words.help.tips.code,
  };
}

/** A step did not work: why, and what can be done about it. */
export function trouble(screen: Of<'trouble'>, shown: Shown): View {
  const { words } = shown.speech;
  const [title, text] = toldFor(screen.trouble.code, words);
  const does: Record<Trouble['actions'][number], string> = {
    retry: 'retry',
    other_bank: 'other_bank',
    return: 'leave',
  };
  const who = turnOf(screen.trouble.code);
  const { app, operator } = shown.context;
  const blocks: Block[] = [{ kind: 'text', text }];
  if (screen.trouble.quote) {
    blocks.push({ kind: 'quote', quote: { by: bankName(screen.bank, shown), lines: [screen.trouble.quote] } });
  }
  blocks.push({ kind: 'turn', who, text: words.trouble.turn[who](app.name, operator.name) });
  const actions = screen.trouble.actions.length > 0 ? screen.trouble.actions : (['return'] as const);
  blocks.push(
    buttons(
      ...actions.map((action, at) =>
        button(
          does[action],
          words.trouble.actions[action],
          at === 0 ? 'primary' : action === 'return' ? 'quiet' : 'secondary',
        ),
      ),
      ...(actions.includes('return') ? [] : [button('leave', words.trouble.actions.return, 'quiet')]),
    ),
    ...supportBlocks(who, screen.trouble.reference, shown),
    { kind: 'text', text: `${words.trouble.quoteReference}: ${screen.trouble.reference}`, quiet: true },
  );
  return {
    screen: 'trouble',
    title,
    at: 3,
    ...(screen.bank ? { bank: screen.bank } : {}),
    blocks,
    tip: words.help.tips.other,
  };
}

/** The end of a visit, and the way back to the app. */
export function ended(screen: Of<'ended'>, shown: Shown): View {
  const { words } = shown.speech;
  const app = shown.context.app.name;
  const connected = screen.outcome === 'finished' && screen.bank && shown.context.kind !== 'management';
  const told = screen.outcome !== 'finished' && screen.code ? toldFor(screen.code, words)[1] : undefined;
  const blocks: Block[] = [
    {
      kind: 'note',
      tone: screen.outcome === 'finished' ? 'good' : 'plain',
      text: screen.accounts ? words.ended.accounts(screen.accounts, app) : (told ?? words.ended.text[screen.outcome]),
    },
  ];
  const url = screen.returnTo && webAddress(screen.returnTo) ? screen.returnTo : undefined;
  if (url) {
    blocks.push(
      { kind: 'text', text: words.ended.going(hostOf(url)) },
      { kind: 'address', url, host: hostOf(url), label: words.ended.back(app), primary: true, forwardAfterMs: 1500 },
    );
  } else blocks.push({ kind: 'text', text: words.ended.close });
  return {
    screen: 'ended',
    title: connected && screen.bank ? words.ended.titleConnected(screen.bank.name) : words.ended.title[screen.outcome],
    // Where nothing was connected, the bridge lies open.
    ...(screen.outcome === 'finished' ? { at: 5 } : screen.bank ? { at: 0 } : {}),
    ...(screen.bank ? { bank: screen.bank } : {}),
    blocks,
    tip: words.help.tips.other,
  };
}

/** Whoever's turn it is can be written to, with the reference in the letter already. */
function supportBlocks(who: keyof Words['trouble']['turn'], reference: string, { context, speech }: Shown): Block[] {
  const { name, supportEmail } = who === 'operator' ? context.operator : context.app;
  if (!supportEmail || who === 'person' || who === 'bank') return [];
  return [{ kind: 'mail', email: supportEmail, subject: reference, label: speech.words.trouble.write(name) }];
}

function turnOf(code: string): keyof Words['trouble']['turn'] {
  return Object.hasOwn(TURN_OF, code) ? TURN_OF[code as keyof typeof TURN_OF] : TURN_OF.bank_unexpected;
}

/** Title and text of an error code; what we cannot name is said as what it is: not understood. */
export function toldFor(code: string, words: Words): readonly [title: string, text: string] {
  const { codes } = words.trouble;
  return (Object.hasOwn(codes, code) ? codes[code as keyof typeof codes] : undefined) ?? codes.bank_unexpected;
}
