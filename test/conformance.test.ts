import type { BankContext, Permission } from '../src/banking/connector.ts';
import { Secret } from '../src/banking/secret.ts';
import type { Answer, Step } from '../src/banking/step.ts';
import { berlinGroup } from '../src/connectors/berlin-group/index.ts';
import { type PretendBanks, pretendBanks } from './at-pretend-bank.ts';
import { visit } from './bank-page.ts';
import { type Ability, type BankToPlay, conformance, type Intent, type Mischief } from './conformance.ts';

conformance(berlinGroup, async () => berlinGroupBanks(await pretendBanks(berlinGroup)));

type Player = { bank: string; way?: string; user: string; password: string };

/** Who plays which way of proving oneself. */
const PLAYERS: Record<'redirected' | 'embedded' | 'decoupled', Player> = {
  redirected: { bank: 'de-kobold', user: 'kuno', password: 'kobold-1' },
  embedded: { bank: 'de-lindental', user: 'clara', password: 'lindental-1' },
  decoupled: { bank: 'nl-polderbank', user: 'sanne', password: 'polder-1' },
};

const WRONG_CODE = '739184';

/** How the control page calls what a bank is told to do. */
const BEHAVIOURS: Partial<Record<Ability, object>> = {
  'too many calls': { kind: 'rate_limited' },
  'too many calls, with a time': { kind: 'rate_limited', retry_after_s: 60 },
  outage: { kind: 'outage' },
  'off the standard': { kind: 'malformed_json' },
  'foreign link': { kind: 'next_other_host' },
  'dying cursor': { kind: 'error', status: 400, code: 'FORMAT_ERROR' },
};

/** The pretend banks of the Berlin Group standard, as the suite plays with them. */
function berlinGroupBanks(banks: PretendBanks): BankToPlay {
  let playing: Player = PLAYERS.redirected;
  let wrongCodes = 0;
  const secrets = [...Object.values(PLAYERS).map(({ password }) => password), WRONG_CODE];
  const control = (path: string, body: object) => banks.sandbox.control(path, body as never);

  async function atBank(url: string, intent: Intent): Promise<Answer> {
    const page = await visit(url);
    let left = intent === 'refuse' ? await page.press('refuse') : await page.logIn(playing.user, playing.password);
    if (left === undefined) {
      const boxes = [...page.text.matchAll(/<input[^>]*name="account"[^>]*value="([^"]+)"/g)];
      left = await page.press(
        'approve',
        boxes.map(([, value]) => value ?? ''),
      );
    }
    const params = [...new URL(left ?? '').searchParams].filter(([name]) => name !== 'state');
    return { kind: 'returned', params };
  }

  function typed(step: Extract<Step, { kind: 'form' }>, intent: Intent): Answer {
    const asksCode = step.purpose === 'code';
    const wrong = intent === 'refuse' || (asksCode && intent === 'wrong code, then approve' && wrongCodes++ % 2 === 0);
    const values: Record<string, Secret | string> = {};
    for (const { name } of step.fields) {
      if (name === 'user_id') values[name] = playing.user;
      if (name === 'password') values[name] = new Secret(playing.password);
      if (name === 'code') values[name] = new Secret(wrong ? WRONG_CODE : '123456');
    }
    return { kind: 'fields', values };
  }

  return {
    // Between them these banks play everything the suite knows.
    can: () => true,
    context(way, person) {
      playing = PLAYERS[way];
      wrongCodes = 0;
      const context: BankContext = banks.at(playing.bank, playing.way);
      if (person === false) delete context.person;
      return context;
    },
    permission(): Permission {
      const validUntil = new Date(banks.clock.now().getTime() + 80 * 86_400_000).toISOString().slice(0, 10);
      const scopes = ['accounts' as const, 'balances' as const, 'transactions' as const];
      return { scopes, accountTypes: ['checking'], recurring: true, validUntil };
    },
    async person(step, intent) {
      switch (step.kind) {
        case 'redirect':
          return atBank(step.url, intent);
        case 'form':
          return typed(step, intent);
        case 'choose':
          return { kind: 'chosen', ids: [step.options[0]?.id ?? ''] };
        case 'wait':
          await control(`/banks/${playing.bank}/phone/${intent === 'refuse' ? 'refuse' : 'approve'}`, {}).catch(
            () => {},
          );
          return { kind: 'polled' };
        default:
          return step satisfies never;
      }
    },
    secrets,
    async ends(grant, how) {
      const { consentId } = grant.secret as { consentId: string };
      await control(`/banks/${playing.bank}/consents/${consentId}/${how === 'revoked' ? 'revoke' : 'expire'}`, {});
    },
    async plays({ next, does }: Mischief) {
      await control(`/banks/${playing.bank}/behaviour`, { operation: next, times: 1, ...BEHAVIOURS[does] });
    },
    async passes(days) {
      await control('/clock', { advance: `${days}d` });
    },
    calls: () => banks.sent.map(({ headers }) => ({ claimsPresence: 'psu-ip-address' in headers })),
    log: banks.log,
    close: () => banks.close(),
  };
}
