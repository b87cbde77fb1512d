import type { BankContext, Grant } from '../src/banking/connector.ts';
import { Secret } from '../src/banking/secret.ts';
import type { Answer, Step } from '../src/banking/step.ts';
import { fints } from '../src/connectors/fints/index.ts';
import { type PretendBanks, pretendBanks } from './at-pretend-bank.ts';
import { type Ability, type BankToPlay, conformance, type Intent } from './conformance.ts';

const NO_CONSENT = 'FinTS 3.0 knows no consent, only logins';
const LACKS: Partial<Record<Ability, string>> = {
  redirected: 'FinTS 3.0 PIN/TAN has no web page of the bank',
  'revoked at the bank': NO_CONSENT,
  'expired at the bank': NO_CONSENT,
  'wrong code': 'HKTAN process 2: a refused code ends the order, so the person begins again',
  'too many calls': 'no return code limits calls',
  'too many calls, with a time': 'no return code limits calls',
  'dying cursor': 'a continuation mark lives within one dialog: all pages are one exchange',
  'foreign link': 'there are no links',
  presence: 'a bank is not told whether the person is there',
};

conformance(fints, async () => fintsBanks(await pretendBanks(fints)), LACKS);

const PLAYERS = {
  redirected: { login: 'fine', password: "h+2:1=?'", code: '314159' },
  embedded: { login: 'fine', password: "h+2:1=?'", code: '314159' },
  decoupled: { login: 'ruben', password: 'havelstein-2', code: '' },
};
const WRONG_CODE = '739184';

/** The pretend FinTS banks, as the suite plays with them. */
function fintsBanks(banks: PretendBanks): BankToPlay {
  let playing = PLAYERS.embedded;
  const held = new Map<Grant, Grant>();
  const control = (path: string, body: object) => banks.sandbox.control(path, body as never);

  function typed(step: Extract<Step, { kind: 'form' }>, intent: Intent): Answer {
    const values: Record<string, Secret | string> = {};
    for (const { name } of step.fields) {
      if (name === 'user_id') values[name] = playing.login;
      if (name === 'password') values[name] = new Secret(playing.password);
      if (name === 'code') values[name] = new Secret(intent === 'refuse' ? WRONG_CODE : playing.code);
    }
    return { kind: 'fields', values };
  }

  return {
    can: (ability) => !(ability in LACKS),
    context(way, person) {
      playing = PLAYERS[way];
      const context = banks.at('de-havelstein');
      if (person === false) delete (context as BankContext).person;
      let first: Grant | undefined;
      let now: Grant;
      context.hold = (grant) => {
        first = grant;
        now = grant;
      };
      context.refreshGrant = async (call) => {
        now = await call(now);
        if (first) held.set(first, now);
        return now;
      };
      return context;
    },
    permission() {
      const validUntil = new Date(banks.clock.now().getTime() + 80 * 86_400_000).toISOString().slice(0, 10);
      return {
        scopes: ['accounts', 'balances', 'transactions'],
        accountTypes: ['checking'],
        recurring: true,
        validUntil,
      };
    },
    async person(step, intent) {
      if (step.kind === 'form') return typed(step, intent);
      if (step.kind === 'choose') return { kind: 'chosen', ids: [step.options[0]?.id ?? ''] };
      await control(`/banks/de-havelstein/phone/${intent === 'refuse' ? 'refuse' : 'approve'}`, {}).catch(() => {});
      await control('/clock', { advance: '3s' });
      return { kind: 'polled' };
    },
    secrets: [...Object.values(PLAYERS).map(({ password }) => password), WRONG_CODE],
    current: (grant) => held.get(grant) ?? grant,
    ends: async () => undefined,
    async plays({ next, does }) {
      // Cut in half: the last signs of Base64 may be mere padding, without which a message is whole.
      const kind = does === 'outage' ? 'outage' : 'truncated';
      await control('/banks/de-havelstein/behaviour', { operation: next, times: 1, kind });
    },
    async passes(days) {
      await control('/clock', { advance: `${days}d` });
    },
    calls: () => [],
    log: banks.log,
    close: () => banks.close(),
  };
}
