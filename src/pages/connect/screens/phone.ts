import type { Screen } from '../../../platform/sessions/screen.ts';
import { type Block, button, buttons, type Shown, type View } from '../view.ts';

type Of<Kind extends Screen['kind']> = Extract<Screen, { kind: Kind }>;
type Carry = NonNullable<Of<'step'>['carry']>;

/** The code that carries a visit to a phone: open where the bank lives in an app, else one touch away. */
export function carryBlock(carry: Carry, bank: string, { speech: { words } }: Shown): Block {
  return {
    kind: 'qr',
    url: carry.url,
    lead: words.phone.lead(bank),
    label: words.phone.code,
    fresh: words.phone.fresh,
    ...(carry.first ? {} : { folded: words.phone.offer }),
  };
}

/** A phone has scanned the code: who began what, for whom, and only then a yes. */
export function phoneWelcome(screen: Of<'phone_welcome'>, { context, speech: { words } }: Shown): View {
  const app = context.app.name;
  const facts = [
    { term: words.intro.bank, value: screen.bank.name, theirs: true as const },
    ...(screen.customer ? [{ term: words.phone.begunFor, value: screen.customer }] : []),
    ...(screen.returnHost ? [{ term: words.intro.returns, value: screen.returnHost, strong: true as const }] : []),
  ];
  return {
    screen: 'phone_welcome',
    title: words.phone.welcome(app),
    at: 3,
    bank: screen.bank,
    blocks: [
      { kind: 'note', tone: 'warning', text: words.phone.welcomeText(app) },
      { kind: 'facts', facts },
      buttons(button('continue', words.phone.go, 'primary'), button('refuse', words.phone.notMe)),
    ],
    tip: words.help.tips.intro,
  };
}

/** The phone's part is done but for the digits that prove whose desktop it is. */
export function phoneDigits(screen: Of<'phone_digits'>, { context, speech: { words } }: Shown): View {
  return {
    screen: 'phone_digits',
    title: words.phone.digits,
    at: 3,
    bank: screen.bank,
    blocks: [
      { kind: 'text', text: words.phone.digitsText(context.app.name) },
      { kind: 'digits', digits: screen.digits },
      { kind: 'note', tone: 'warning', text: words.phone.digitsCareful },
      buttons(button('check', words.working.check)),
    ],
    poll: { afterMs: 3000 },
    tip: words.help.tips.code,
  };
}

/** Nothing is left to do on the phone. */
export function phoneDone(screen: Of<'phone_done'>, { speech: { words } }: Shown): View {
  return {
    screen: 'phone_done',
    title: words.phone.done,
    ...(screen.bank ? { bank: screen.bank, at: 3 } : {}),
    blocks: [{ kind: 'note', tone: 'good', text: words.phone.doneText }],
    tip: words.help.tips.other,
  };
}

/** The desktop, while the phone answers. */
export function carried(screen: Of<'carried'>, { speech: { words } }: Shown): View {
  return {
    screen: 'carried',
    title: words.phone.carried,
    at: 3,
    bank: screen.bank,
    blocks: [
      { kind: 'note', tone: 'plain', text: words.phone.carriedText },
      buttons(button('check', words.working.check), button('back', words.phone.takeBack, 'quiet')),
      buttons(button('refuse', words.page.refuse, 'quiet')),
    ],
    poll: { afterMs: 2000 },
    tip: words.help.tips.wait,
  };
}
