import type { BankFace, FoundAccount, LinkedBefore, Screen } from '../../../platform/sessions/screen.ts';
import { type AccountLine, type Block, bankName, button, buttons, type Shown, type View } from '../view.ts';
import { leave } from './begin.ts';

type Of<Kind extends Screen['kind']> = Extract<Screen, { kind: Kind }>;

/** The consent: every word of it on the page, details folded, nothing ticked beforehand. */
export function agree(screen: Of<'agree'>, shown: Shown): View {
  const { words } = shown.speech;
  const name = screen.bank.name;
  const blocks: Block[] = [{ kind: 'consent', sections: screen.text.sections, version: screen.text.version }];
  if (screen.replacesOthers) blocks.push({ kind: 'note', tone: 'warning', text: words.agree.replaces(name) });
  for (const link of screen.linked ?? []) blocks.push(...linkedBefore(link, screen.bank, shown));
  blocks.push(
    {
      kind: 'form',
      hidden: [],
      inputs: screen.offersStoring
        ? [
            {
              kind: 'tick',
              name: 'store_secrets',
              value: 'yes',
              label: words.agree.store(name),
              hint: words.agree.storeHint(shown.context.app.name),
              ticked: false,
            },
          ]
        : [],
      rows: [],
      buttons: [button('agree', words.agree.agree(name), 'primary')],
    },
    leave(shown, words.agree.refuse),
  );
  return { screen: 'agree', title: screen.text.title, at: 2, bank: screen.bank, blocks, tip: words.help.tips.agree };
}

/** The bank is linked already: the same login is renewed, so that nobody has one thing twice. */
function linkedBefore({ connection, accounts, lastRead }: LinkedBefore, bank: BankFace, shown: Shown): Block[] {
  const { words, formats } = shown.speech;
  const name = bankName(bank, shown);
  const read = lastRead ? formats.day(lastRead) : undefined;
  return [
    { kind: 'note', tone: 'plain', text: words.agree.linked(name, formats.list(accounts.filter(Boolean)), read) },
    {
      kind: 'form',
      hidden: [{ name: 'connection', value: connection }],
      inputs: [],
      rows: [],
      buttons: [button('renew', words.agree.renew, 'secondary')],
    },
  ];
}

/** The accounts that were found: ticked where the bank leaves the choice to us, shown where its own page has asked. */
export function grant(screen: Of<'grant'>, shown: Shown): View {
  const { words } = shown.speech;
  const folded: Block = {
    kind: 'consent',
    sections: screen.text.sections,
    version: screen.text.version,
    folded: words.grant.what,
  };
  const send = button('grant', words.grant.grant, 'primary');
  const lines = screen.accounts.map((account) => ({ account, line: accountLine(account, shown) }));
  const choice: Block[] = [
    {
      kind: 'form',
      hidden: [],
      inputs: [
        {
          kind: 'ticks',
          label: words.grant.legend,
          name: 'accounts',
          ticks: lines.map(({ account, line }) => ({
            value: account.reference,
            label: line.name,
            hint: line.detail,
            masked: line.masked,
            ticked: account.ticked,
          })),
        },
      ],
      rows: [],
      buttons: [send],
    },
  ];
  const list: Block[] = [
    { kind: 'accounts', label: words.grant.legend, accounts: lines.map(({ line }) => line) },
    {
      kind: 'form',
      hidden: screen.accounts.map((account) => ({ name: 'accounts', value: account.reference })),
      inputs: [],
      rows: [],
      buttons: [send],
    },
  ];
  return {
    screen: 'grant',
    title: screen.choice ? words.grant.title : words.grant.titleShown,
    at: 4,
    bank: screen.bank,
    blocks: [
      {
        kind: 'text',
        text: screen.choice
          ? words.grant.lead(shown.context.app.name, screen.accounts.length)
          : words.grant.leadShown(bankName(screen.bank, shown)),
      },
      ...(screen.renews ? [{ kind: 'note', tone: 'plain', text: words.grant.renews } as const] : []),
      ...(screen.choice ? choice : list),
      folded,
      // No way back from here: the bank has said yes. Refusing ends it there as well.
      buttons(button('refuse', words.grant.refuse, 'quiet')),
    ],
    tip: words.help.tips.grant,
  };
}

function accountLine(account: FoundAccount, { speech: { words } }: Shown): AccountLine {
  const type = words.accountType[account.type];
  // XXX heads a multi-currency account (ISO 4217: no currency), which says nothing to a person.
  const detail = account.currency === 'XXX' ? type : `${type} · ${account.currency}`;
  return { name: account.name || type, detail, masked: account.masked };
}
