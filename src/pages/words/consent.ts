import { createHash } from 'node:crypto';
import type { ConsentFacts, ConsentText } from '../../platform/sessions/screen.ts';
import type { Words } from './languages/en.ts';
import { type Formats, isolated } from './formats.ts';

/**
 * The text a person agrees to. Pure: the same facts, words and locale give the same text. What it must say is the UK's
 * customer experience guidelines' list: who, for what, which data, how long, who else sees it, how to stop.
 */
export function consentText(facts: ConsentFacts, words: Words, formats: Formats, locale: string): ConsentText {
  const say = (template: string) => fill(template, placeholders(facts, words, formats));
  const { consent } = words;
  return {
    version: versionOf(consent),
    locale,
    title: say(consent.title),
    sections: [
      { heading: consent.who.heading, lines: who(facts, consent).map(say) },
      { heading: consent.purpose.heading, lines: [say(facts.purpose ? consent.purpose.given : consent.purpose.none)] },
      { heading: consent.what.heading, lines: what(facts, consent).map(say) },
      { heading: consent.long.heading, lines: long(facts, consent).map(say) },
      {
        heading: consent.sharing.heading,
        lines: [consent.sharing.first, consent.sharing.operator, consent.sharing.further].map(say),
      },
      { heading: consent.stop.heading, lines: stop(facts, consent).map(say) },
    ],
  };
}

type Template = Words['consent'];

function who(facts: ConsentFacts, { who }: Template): string[] {
  const own = facts.requester === facts.app;
  return [
    own ? who.same : who.behalf,
    ...(own ? [] : [who.requester]),
    ...(facts.requesterRegister ? [who.register] : []),
    ...(facts.operator === facts.requester ? [] : [who.operator]),
  ];
}

function what(facts: ConsentFacts, { what }: Template): string[] {
  return [
    what.summaryLine,
    what.accounts,
    ...(facts.scopes.includes('balances') ? [what.balances] : []),
    ...(facts.scopes.includes('transactions')
      ? [facts.until === null ? what.transactionsOnce : what.transactions]
      : []),
    ...(facts.accountTypes.length > 0 ? [what.types] : []),
    what.choose,
    what.nothingElse,
  ];
}

function long(facts: ConsentFacts, { long }: Template): string[] {
  if (facts.until === null) return [long.once, long.onceMore];
  return [long.until, long.untilMore, ...(facts.reconfirmEveryDays === undefined ? [] : [long.reconfirm])];
}

function stop(facts: ConsentFacts, { stop }: Template): string[] {
  return [stop.first, stop.effect, ...(facts.supportEmail ? [stop.contact] : [])];
}

function placeholders(facts: ConsentFacts, words: Words, formats: Formats): Record<string, string> {
  // Balances and transactions imply accounts, so accounts are named whatever was asked.
  const scopes = (['accounts', 'balances', 'transactions'] as const).filter(
    (scope) => scope === 'accounts' || facts.scopes.includes(scope),
  );
  return {
    app: facts.app,
    requester: facts.requester,
    register: facts.requesterRegister ?? '',
    operator: facts.operator,
    purpose: facts.purpose ?? '',
    bank: facts.bank,
    types: formats.list(facts.accountTypes.map((type) => words.accountTypes[type])),
    scopes: formats.list(scopes.map((scope) => words.consent.what.summary[scope])),
    history: formats.days(facts.historyDays),
    until: facts.until === null ? '' : formats.day(facts.until),
    days: formats.days(facts.reconfirmEveryDays ?? 0),
    email: facts.supportEmail ?? '',
  };
}

/** One pass, so that a name holding braces stays as it is. */
function fill(template: string, values: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    values[name] === undefined ? whole : isolated(values[name]),
  );
}

const versions = new WeakMap<Template, string>();

/** Twelve hex digits over every word of the template. */
function versionOf(template: Template): string {
  const version =
    versions.get(template) ?? createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 12);
  versions.set(template, version);
  return version;
}
