import type { LinkSummary, Screen } from '../../../platform/sessions/screen.ts';
import { manageWords } from '../../manage/words/index.ts';
import { isolated } from '../../words/index.ts';
import { type Block, button, buttons, type Shown, type Tone, type View } from '../view.ts';

type Overview = Extract<Screen, { kind: 'overview' }>;

/** All links a person has: renew, end, add, or leave. */
export function overview(screen: Overview, shown: Shown): View {
  if (screen.confirm) return sure(screen.confirm.link, shown);
  const { words } = shown.speech;
  const links: Block[] = screen.links.map((link) => linkBlock(link, shown, true));
  const due = screen.links.filter(isAsked);
  const { confirm } = manageWords(shown.speech.locale);
  return {
    screen: 'overview',
    title: words.overview.title,
    blocks: [
      { kind: 'text', text: links.length > 0 ? words.overview.lead(shown.context.app.name) : words.overview.none },
      ...(due.length > 0
        ? [{ kind: 'note' as const, tone: 'plain' as const, text: confirm.due(shown.context.app.name) }]
        : []),
      ...(due.length > 1 ? [buttons(button('reconfirm', confirm.all, 'primary'))] : []),
      ...links,
      buttons(
        button('add', words.overview.add, links.length > 0 ? 'secondary' : 'primary'),
        button('leave', words.overview.leave, links.length > 0 ? 'primary' : 'quiet'),
      ),
    ],
    tip: words.help.tips.agree,
  };
}

/** Ending is asked once more: it cannot be undone here. */
function sure(link: LinkSummary, shown: Shown): View {
  const { words } = shown.speech;
  return {
    screen: 'overview',
    title: words.overview.sureTitle(isolated(link.bank.name)),
    bank: link.bank,
    blocks: [
      { kind: 'text', text: words.overview.sureText(shown.context.app.name) },
      linkBlock(link, shown, false),
      {
        kind: 'form',
        hidden: [
          { name: 'connection', value: link.connection },
          { name: 'sure', value: 'yes' },
        ],
        inputs: [],
        rows: [],
        buttons: [button('revoke', words.overview.sure, 'danger'), button('back', words.overview.keep, 'secondary')],
      },
    ],
    tip: words.help.tips.agree,
  };
}

const TONES: Record<LinkSummary['status'], Tone> = {
  active: 'good',
  action_required: 'warning',
  disconnected: 'plain',
};

/** Whether the person is asked that reading may go on (UK: every 90 days). */
function isAsked(link: LinkSummary): boolean {
  return link.consent !== null && link.reconfirmBy !== null;
}

function linkBlock(link: LinkSummary, { context, speech }: Shown, actions: boolean): Block {
  const { words, formats } = speech;
  const own = manageWords(speech.locale);
  const bank = isolated(link.bank.name);
  const facts = [
    { term: words.overview.reads, value: formats.list(link.scopes.map((scope) => words.overview.shortScopes[scope])) },
    { term: words.overview.since, value: formats.day(link.connectedAt) },
    ...(link.validUntil ? [{ term: words.overview.until, value: formats.day(link.validUntil) }] : []),
    ...(link.reconfirmBy ? [{ term: words.overview.reconfirm, value: formats.day(link.reconfirmBy) }] : []),
    { term: words.overview.last, value: link.lastRead ? formats.day(link.lastRead) : words.overview.never },
  ];
  const act = (value: string, label: string, weight: 'secondary' | 'quiet' | 'primary') => ({
    ...button(value, label, weight),
    spoken: words.overview.forBank(label, bank),
  });
  const buttonsOf = [
    ...(isAsked(link) ? [act('reconfirm', own.confirm.one, 'primary')] : []),
    act('renew', words.overview.renew, link.status === 'action_required' ? 'primary' : 'secondary'),
    ...(link.consent === null ? [] : [act('revoke', words.overview.revoke, 'quiet')]),
  ];
  return {
    kind: 'link',
    bank: link.bank,
    status: { label: words.overview.status[link.status], tone: TONES[link.status] },
    accounts: link.accounts.map((account) => ({
      name: account.name,
      detail: words.accountType[account.type],
      masked: account.masked,
    })),
    facts,
    ...(link.consent === null
      ? {}
      : { receipt: { path: `${context.action}/receipt/${link.consent}`, label: own.receipt.link, spoken: bank } }),
    ...(actions
      ? {
          form: {
            kind: 'form',
            hidden: [{ name: 'connection', value: link.connection }],
            inputs: [],
            rows: [],
            buttons: buttonsOf,
          } as const,
        }
      : {}),
  };
}
