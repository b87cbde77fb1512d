import type { AccountType } from '../../../banking/account.ts';
import type { BankChoice, InterfaceChoice, Screen } from '../../../platform/sessions/screen.ts';
import { type Block, bankName, button, buttons, type Form, type Row, type Shown, type View } from '../view.ts';

type Of<Kind extends Screen['kind']> = Extract<Screen, { kind: Kind }>;

/** Who asks, for what, and where one returns to. */
export function intro(screen: Of<'intro'>, { context, speech: { words } }: Shown): View {
  const { app, kind } = context;
  const facts = [
    ...(screen.bank ? [{ term: words.intro.bank, value: screen.bank.name, theirs: true as const }] : []),
    ...(screen.purpose ? [{ term: words.intro.purpose, value: screen.purpose, theirs: true as const }] : []),
    ...(screen.returnHost ? [{ term: words.intro.returns, value: screen.returnHost, strong: true as const }] : []),
  ];
  const blocks: Block[] = [
    ...(screen.resumes ? [{ kind: 'note', tone: 'plain', text: words.intro.resumes } as const] : []),
    kind === 'management'
      ? { kind: 'text', text: words.intro.manage }
      : {
          kind: 'points',
          heading: words.intro.wants,
          points: screen.scopes.map((scope) => words.scopes[scope]),
          icons: screen.scopes,
        },
    ...(facts.length > 0 ? [{ kind: 'facts', facts } as const] : []),
    { kind: 'text', text: words.intro.yours(app.name), quiet: true },
    buttons(button('continue', words.page.next, 'primary'), button('refuse', words.intro.refuse, 'quiet')),
  ];
  return {
    screen: 'intro',
    title: words.intro.title[kind](app.name),
    ...(kind === 'management' ? {} : { at: 0 }),
    ...(screen.bank ? { bank: screen.bank } : {}),
    blocks,
    tip: words.help.tips.intro,
  };
}

/** The search for a bank. */
export function bank(screen: Of<'bank'>, shown: Shown): View {
  const { words, formats } = shown.speech;
  const search: Form = {
    kind: 'form',
    hidden: screen.country ? [{ name: 'country', value: screen.country }] : [],
    inputs: [
      {
        kind: 'field',
        name: 'query',
        type: 'search',
        label: words.bank.label,
        hint: words.bank.hint,
        value: screen.query,
        maxLength: 100,
        required: false,
        focus: true,
      },
    ],
    rows: [],
    buttons: [button('search', words.bank.search)],
    search: { found: foundWords(screen, shown) },
  };
  const everywhere: Block[] = screen.country
    ? [
        {
          kind: 'form',
          hidden: [{ name: 'query', value: screen.query }],
          inputs: [],
          rows: [],
          lead: words.bank.within(formats.country(screen.country)),
          buttons: [button('search', words.bank.everywhere, 'quiet')],
        },
      ]
    : [];
  return {
    screen: 'bank',
    title: words.bank.title,
    at: 1,
    blocks: [search, ...everywhere, { kind: 'results', found: results(screen, shown) }, leave(shown)],
    tip: words.help.tips.bank,
  };
}

/** What was found, as the part of the bank screen that is replaced while one types. */
export function results(screen: Of<'bank'>, shown: Shown): Block[] {
  const { words } = shown.speech;
  const last = screen.lastBank && (screen.query === '' || screen.searchDown) ? [screen.lastBank] : [];
  const others = screen.choices.filter(({ id }) => id !== last[0]?.id);
  const blocks: Block[] = [];
  if (screen.searchDown) blocks.push({ kind: 'note', tone: 'warning', text: words.bank.down });
  if (last.length > 0)
    blocks.push(
      pick(
        last.map((bank): Row => {
          const used = { text: words.bank.last, tone: 'plain' } as const;
          return { remark: used, ...bankRow({ ...bank, usable: true }, shown) };
        }),
        words.bank.last,
      ),
    );
  if (others.length > 0)
    blocks.push(
      pick(
        others.map((choice) => bankRow(choice, shown)),
        words.bank.choices,
      ),
    );
  else if (screen.query !== '' && !screen.searchDown) blocks.push(...nothingFound(screen, shown));
  return blocks;
}

/** Nothing found: what finds a bank for sure, and how to tell the operator that one is missing. */
function nothingFound(screen: Of<'bank'>, { context, speech: { words } }: Shown): Block[] {
  const { name, supportEmail } = context.operator;
  const hint: Block = { kind: 'text', text: words.bank.noneHint };
  if (!supportEmail) return [hint];
  return [
    hint,
    { kind: 'text', text: words.bank.noneTell(name), quiet: true },
    { kind: 'mail', email: supportEmail, subject: words.bank.tellSubject(screen.query), label: words.bank.tell },
  ];
}

/** The line that says how many were found; read out by screen readers as it changes. */
export function foundWords(screen: Of<'bank'>, { speech: { words } }: Shown): string {
  if (screen.searchDown) return '';
  if (screen.choices.length === 0) return screen.query === '' ? '' : words.bank.none(screen.query);
  return screen.more ? words.bank.foundMore(screen.choices.length) : words.bank.found(screen.choices.length);
}

/** A bank that was named but cannot be used. */
export function bankUnavailable(screen: Of<'bank_unavailable'>, shown: Shown): View {
  const { words } = shown.speech;
  return {
    screen: 'bank_unavailable',
    title: words.unavailable.title[screen.why](bankName(screen.bank, shown)),
    at: 1,
    ...(screen.bank ? { bank: screen.bank } : {}),
    blocks: [
      { kind: 'text', text: words.unavailable.text[screen.why] },
      buttons(
        ...(screen.why === 'down' ? [button('retry', words.unavailable.retry, 'primary')] : []),
        button('other_bank', words.unavailable.other, screen.why === 'down' ? 'secondary' : 'primary'),
        button('refuse', words.page.refuse, 'quiet'),
      ),
    ],
    tip: words.help.tips.other,
  };
}

/** Which of a bank's interfaces, told apart by the kinds of account they show. */
export function accountType(screen: Of<'account_type'>, shown: Shown): View {
  const { words } = shown.speech;
  const all = [...new Set(screen.choices.flatMap((choice) => choice.accountTypes))];
  return {
    screen: 'account_type',
    title: words.type.title,
    at: 1,
    bank: screen.bank,
    blocks: [
      { kind: 'text', text: words.type.lead(screen.bank.name) },
      {
        kind: 'form',
        hidden: [{ name: 'do', value: 'type' }],
        inputs: [],
        rows: screen.choices.map((choice) => typeRow(choice, all, shown)),
        rowsLabel: words.type.title,
        buttons: [],
      },
      leave(shown),
    ],
    tip: words.help.tips.account_type,
  };
}

/** Back, or refuse: on every screen that is not an end. */
export function leave({ speech: { words } }: Shown, refuse = words.page.refuse): Form {
  return buttons(button('back', words.page.back, 'quiet'), button('refuse', refuse, 'quiet'));
}

function pick(rows: Row[], rowsLabel: string): Form {
  return { kind: 'form', hidden: [{ name: 'do', value: 'bank' }], inputs: [], rows, rowsLabel, buttons: [] };
}

function bankRow(choice: BankChoice, { speech: { words, formats } }: Shown): Row {
  const remark = choice.reason
    ? ({ text: words.bank[choice.reason], tone: 'plain' } as const)
    : choice.health === 'down'
      ? ({ text: words.bank.healthDown, tone: 'error' } as const)
      : choice.health === 'troubled'
        ? ({ text: words.bank.troubled, tone: 'warning' } as const)
        : undefined;
  const hint = [choice.place, formats.country(choice.country), choice.code];
  return {
    name: 'provider',
    value: choice.id,
    label: choice.name,
    hint: hint.filter(Boolean).join(' · '),
    ...(remark ? { remark } : {}),
    bank: choice,
    usable: choice.usable,
  };
}

function typeRow(choice: InterfaceChoice, all: AccountType[], { speech: { words, formats } }: Shown): Row {
  const others = all.filter((type) => !choice.accountTypes.includes(type));
  const ways = choice.sca.length === 1 ? choice.sca.map((way) => words.sca[way]) : [];
  const not =
    others.length > 0 ? [`${words.type.not(formats.list(others.map((type) => words.accountTypes[type])))}.`] : [];
  return {
    name: 'interface',
    value: choice.id,
    label: formats.list(choice.accountTypes.map((type) => words.accountTypes[type])),
    hint: [...ways, ...not].join(' '),
    usable: true,
  };
}
