import type { BankContext } from '../src/banking/connector.ts';
import type { Answer, Json, Step } from '../src/banking/step.ts';
import { createOAuthCache } from '../src/base/oauth/cache.ts';
import { createRegisteredOAuth, type RegisteredClient } from '../src/base/oauth/registered.ts';
import { registerClient } from '../src/base/oauth/registration.ts';
import type { Facts } from '../src/connectors/open-banking-uk/facts.ts';
import { openBankingUk } from '../src/connectors/open-banking-uk/index.ts';
import { findBank, findPerson } from '../src/sandbox/world/banks.ts';
import { entriesUntil } from '../src/sandbox/world/data.ts';
import { type PretendBanks, pretendBanks } from './at-pretend-bank.ts';
import { type Ability, type BankToPlay, conformance, type Intent } from './conformance.ts';
import { ukPerson } from './uk-caller.ts';

const OWN_PAGES = 'the Read/Write API has no call that takes what a person types for their bank (security profile)';
const WITHOUT: Partial<Record<Ability, string>> = { embedded: OWN_PAGES, 'wrong code': OWN_PAGES };

type Player = {
  bank: string;
  version: string;
  login: string;
  password: string;
  lacks: Partial<Record<Ability, string>>;
};

const PLAYERS: Player[] = [
  { bank: 'gb-calderwye', version: '4.0', login: 'maud', password: 'calderwye-1', lacks: WITHOUT },
  {
    bank: 'gb-thornfield',
    version: '3.1.11',
    login: 'edith',
    password: 'thornfield-1',
    lacks: {
      ...WITHOUT,
      decoupled: 'this pretend bank has no app; CIBA is an option of the bank (Read-Write API Profile)',
      'expired at the bank': 'a consent of 3.1 has no status for it (OBReadConsentResponse1, Status)',
    },
  },
];

for (const player of PLAYERS)
  conformance(
    { ...openBankingUk, standard: `${openBankingUk.standard} ${player.version}` },
    async () => {
      const banks = await pretendBanks(openBankingUk);
      return playing(banks, player).catch(async (error: unknown) => {
        await banks.close();
        throw error;
      });
    },
    player.lacks,
  );

/** On some days nobody has paid by card for two working days: then it is a day later. */
async function untilPending({ sandbox, clock }: PretendBanks, slug: string, login: string): Promise<void> {
  const bank = findBank(slug)!;
  const { holdings } = findPerson(bank, login)!;
  const waits = () =>
    holdings.some((holding) =>
      entriesUntil(bank, holding, clock.now()).some(({ bookedAt }) => bookedAt > clock.now().getTime()),
    );
  while (!waits()) await sandbox.control('/clock', { advance: '1d' });
}

/** How the control page calls what a bank is told to do. */
const BEHAVIOURS: Partial<Record<Ability, object>> = {
  'too many calls': { kind: 'rate_limited' },
  'too many calls, with a time': { kind: 'rate_limited', retry_after_s: 60 },
  outage: { kind: 'outage' },
  'off the standard': { kind: 'malformed_json' },
  'foreign link': { kind: 'next_other_host' },
  'dying cursor': { kind: 'error', status: 400, code: 'U002' },
};

const RETURN = 'http://127.0.0.1:8400/back/bank';

/** A pretend bank of the United Kingdom, as the suite plays with it: we are registered there. */
async function playing(banks: PretendBanks, { bank, login, password, lacks }: Player): Promise<BankToPlay> {
  const { sandbox, identity } = banks;
  await untilPending(banks, bank, login);
  const { certificate, privateKey } = identity;
  const papers = await sandbox.enrol({ ...identity, redirectUris: [RETURN], transport: { certificate, privateKey } });
  const signing = { privateKey: papers.signing.privateKey, keyId: papers.signing.keyId };
  const ways = ['gb-calderwye'].includes(bank) ? (['redirected', 'decoupled'] as const) : (['redirected'] as const);
  const clients = new Map(
    await Promise.all(
      ways.map(async (way) => [way, { facts: factsOf(way), client: await register(factsOf(way)) }] as const),
    ),
  );
  const cache = createOAuthCache();
  const calls: { claimsPresence: boolean }[] = [];
  const control = (path: string, body: object) => sandbox.control(path, body);

  function factsOf(authentication: 'redirected' | 'decoupled'): Facts {
    const facts = banks.at(bank).facts as Record<string, Json>;
    return openBankingUk.facts.parse({ ...facts, authentication }) as unknown as Facts;
  }

  async function register(facts: Facts): Promise<RegisteredClient> {
    const wanted = {
      metadataUrl: facts.metadata_url,
      softwareId: papers.softwareId,
      softwareStatement: papers.softwareStatement,
      signing,
      redirectUris: [RETURN],
      scope: facts.scope,
      response: facts.response,
      authMethod: facts.client_authentication,
      decoupled: facts.authentication === 'decoupled',
      mediaType: facts.registration_type,
      audience: facts.registration_audience!,
    };
    const { clientId } = await registerClient(banks.call, wanted, new Date());
    return { clientId, authMethod: facts.client_authentication, signing, certificate };
  }

  async function atBank(url: string, intent: Intent): Promise<Answer> {
    const page = await ukPerson(url);
    let left: string | undefined;
    if (intent === 'refuse') left = await page.press('cancel');
    else {
      await page.press('log-in', { username: login, password });
      const boxes = [...page.text.matchAll(/name="account" value="([^"]+)"/g)].map(([, value]) => value!);
      left = await page.press('approve', { account: boxes });
    }
    const { hash, searchParams } = new URL(left!);
    const params = hash ? new URLSearchParams(hash.slice(1)) : searchParams;
    return { kind: 'returned', params: [...params].filter(([name]) => name !== 'state') };
  }

  async function answers(step: Step, intent: Intent): Promise<Answer> {
    if (step.kind === 'redirect') return atBank(step.url, intent);
    if (step.kind === 'form') return { kind: 'fields', values: { user_id: login } };
    await control(`/banks/${bank}/phone/${intent === 'refuse' ? 'refuse' : 'approve'}`, {}).catch(() => {});
    return { kind: 'polled' };
  }

  return {
    can: (ability) => !(ability in lacks),
    context(way, person) {
      const { facts, client } = clients.get(way as 'redirected')!;
      const there = banks.at(bank);
      const context: BankContext & { hold: typeof there.hold } = {
        ...there,
        facts: facts as unknown as BankContext['facts'],
        http: (request) => {
          calls.push({ claimsPresence: 'x-fapi-customer-ip-address' in (request.headers ?? {}) });
          return there.http(request);
        },
        oauth: {
          ...there.oauth,
          registered: createRegisteredOAuth({
            request: banks.call,
            client: async () => client,
            returnUrl: there.returnUrl,
            cache,
            now: there.now,
            wireNow: () => new Date(),
          }),
        },
      };
      if (person === false) delete context.person;
      return context;
    },
    permission() {
      const validUntil = new Date(banks.clock.now().getTime() + 80 * 86_400_000).toISOString().slice(0, 10);
      const scopes = ['accounts' as const, 'balances' as const, 'transactions' as const];
      return { scopes, accountTypes: ['checking'], recurring: true, validUntil };
    },
    person: answers,
    secrets: [password],
    async ends(grant, how) {
      const { consentId } = grant.secret as { consentId: string };
      await control(`/banks/${bank}/consents/${consentId}/${how === 'revoked' ? 'revoke' : 'expire'}`, {});
    },
    async plays({ next, does }) {
      await control(`/banks/${bank}/behaviour`, { operation: next, times: 1, ...BEHAVIOURS[does] });
    },
    async passes(days) {
      await control('/clock', { advance: `${days}d` });
    },
    calls: () => calls,
    log: banks.log,
    close: () => banks.close(),
  };
}
