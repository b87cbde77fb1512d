import { randomUUID } from 'node:crypto';
import type { Authority, Role } from '../authority.ts';
import { changeFints, presentFints } from '../fints/control.ts';
import { FINTS_VARIANTS } from '../fints/misbehave.ts';
import type { FintsBank } from '../fints/parameters.ts';
import { FINTS_OPERATIONS, speaksFints } from '../fints/serve.ts';
import { KINDS, VARIANT_NAMES } from '../misbehave.ts';
import * as openBanking from '../open-banking-uk/control.ts';
import { OPEN_BANKING_VARIANTS } from '../open-banking-uk/deviations.ts';
import { OPEN_BANKING_OPERATIONS } from '../open-banking-uk/serve.ts';
import { speaksOpenBanking, type UkBank } from '../open-banking-uk/server/provider.ts';
import { endConsent } from '../people/consents.ts';
import { decideInApp, decideOnPhone, listInApp } from '../people/phone.ts';
import type { Stage } from '../stage.ts';
import { clearCalls, listCalls, listConsents, listWaiting, storeBlocked, storeOverlay } from '../store.ts';
import { type Bank, findBank, findPerson } from '../world/banks.ts';
import { centsOf } from '../world/data.ts';
import { FACT_NAMES } from '../world/facts.ts';
import { ledgerOf } from '../world/holdings.ts';
import { presentBank } from '../world/present.ts';
import { type Overlay, statementOf } from '../world/statement.ts';
import { parseDuration } from '../world/time.ts';
import { isRecord } from '../xs2a/access.ts';
import { OPERATIONS } from '../xs2a/routes.ts';

/** What control cannot do, with the HTTP status that says so. */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

type Body = Record<string, unknown>;
type Order = { stage: Stage; authority: Authority; banks: readonly Bank[]; bank: Bank; part: string[]; body: Body };
type Handler = (order: Order) => Promise<unknown> | unknown;

/** Everything that control can be asked, by method and path; `{}` stands for any part. */
const ORDERS: readonly [request: string, handler: Handler][] = [
  ['GET /clock', ({ stage }) => clock(stage)],
  ['POST /clock', advanceClock],
  ['POST /certificates', issueCertificate],
  ['GET /mails', ({ stage }) => ({ mails: stage.mails })],
  ['GET /banks', ({ stage, banks }) => ({ banks: banks.map((bank) => presentBank(stage, bank)) })],
  ['GET /banks/{bank}', ({ stage, bank }) => presentBank(stage, bank)],
  ['GET /banks/{bank}/behaviour', ({ stage, bank }) => ({ behaviours: stage.misbehaviours.list(bank.slug) })],
  ['POST /banks/{bank}/behaviour', orderBehaviour],
  ['DELETE /banks/{bank}/behaviour', clearBehaviour],
  ['GET /banks/{bank}/facts', presentFacts],
  ['POST /banks/{bank}/facts', changeFacts],
  [
    'DELETE /banks/{bank}/facts',
    async ({ stage, bank }) => {
      await stage.facts.clear(bank);
    },
  ],
  ['POST /banks/{bank}/refuse-next', ({ stage, bank }) => order(stage, bank, 'approval', 1, { kind: 'refuse' })],
  [
    'GET /banks/{bank}/consents',
    async ({ stage, bank }) => ({
      consents: speaksOpenBanking(bank)
        ? await openBanking.listForControl(stage, bank)
        : await listConsents(stage.database, bank.slug),
    }),
  ],
  ['POST /banks/{bank}/consents/{}/expire', (asked) => endAtBank(asked, 'expired')],
  ['POST /banks/{bank}/consents/{}/revoke', (asked) => endAtBank(asked, 'revokedByPsu')],
  ['POST /banks/{bank}/consents/{}/tokens', endTokens],
  ['GET /banks/{bank}/calls', async ({ stage, bank }) => ({ calls: await listCalls(stage.database, bank.slug, 1000) })],
  ['DELETE /banks/{bank}/calls', async ({ stage, bank }) => clearCalls(stage.database, bank.slug)],
  ['GET /banks/{bank}/phone', ({ stage, bank }) => waiting(stage, bank)],
  ['POST /banks/{bank}/phone/approve', (asked) => answerPhone(asked, 'approve')],
  ['POST /banks/{bank}/phone/refuse', (asked) => answerPhone(asked, 'refuse')],
  ['GET /banks/{bank}/accounts/{}/transactions', listTransactions],
  ['POST /banks/{bank}/accounts/{}/transactions', writeTransaction],
  ['POST /banks/{bank}/logins/{}', blockLogin],
  ['GET /banks/{bank}/fints', ({ stage, bank }) => presentFints(stage.database, fintsOf(bank))],
  ['POST /banks/{bank}/fints', setFints],
  ['GET /banks/{bank}/open-banking', ({ stage, bank }) => openBanking.presentOpenBanking(stage, openBankingOf(bank))],
  ['POST /banks/{bank}/open-banking', setOpenBanking],
  ['POST /directory/software', enrolSoftware],
  ['POST /directory/software/{}/keys', publishKey],
];

/** Does one order, such as `POST`, `/clock`, `{ advance: '91d' }`; throws `ControlError` for what cannot be done. */
export async function obey(
  at: { stage: Stage; authority: Authority; banks: readonly Bank[] },
  method: string,
  path: string,
  body: unknown,
): Promise<unknown> {
  const segments = path.split('/').slice(1).map(decodeURIComponent);
  const found = ORDERS.find(([request]) => matches(request, method, segments));
  if (!found) throw new ControlError(404, `There is no ${method} ${path}.`);
  if (body !== undefined && !isRecord(body)) throw new ControlError(400, 'The body must be a JSON object.');
  const bank = segments[0] === 'banks' && segments[1] ? findBank(segments[1]) : at.banks[0];
  if (!bank) throw new ControlError(404, 'There is no such bank.');
  const part = segments.slice(segments[0] === 'banks' ? 3 : 2);
  return (await found[1]({ ...at, bank, part, body: body ?? {} })) ?? { done: true };
}

function matches(request: string, method: string, segments: string[]): boolean {
  const [ours, path] = request.split(' ') as [string, string];
  const parts = path.split('/').slice(1);
  return (
    ours === method &&
    parts.length === segments.length &&
    parts.every((part, index) => part.startsWith('{') || part === segments[index])
  );
}

const clock = ({ clock }: Stage) => ({ now: clock.now().toISOString(), ahead_ms: clock.aheadMs });

async function advanceClock({ stage, body }: Order): Promise<unknown> {
  const byMs = parseDuration(body.advance);
  if (byMs === undefined) throw new ControlError(400, 'advance must be such as "91d", "12h", "30m" or milliseconds.');
  if (!(await stage.mayMoveClock()))
    throw new ControlError(409, 'The clock stays: this server has live keys, and their time is everybody’s.');
  await stage.clock.advance(byMs);
  return clock(stage);
}

async function issueCertificate({ authority, body }: Order): Promise<unknown> {
  const { organization, organization_id, common_name, roles, use = 'web' } = body;
  if (![organization, organization_id, common_name].every((text) => typeof text === 'string')) {
    throw new ControlError(400, 'organization, organization_id and common_name are needed.');
  }
  if (use !== 'web' && use !== 'seal') throw new ControlError(400, 'use must be web or seal.');
  const subject = { organization, organizationId: organization_id, commonName: common_name } as Parameters<
    Authority['issue']
  >[0];
  const issued = await authority.issue(subject, Array.isArray(roles) ? (roles as Role[]) : undefined, use);
  return { certificate: issued.certificate, private_key: issued.privateKey, ca: authority.ca };
}

async function orderBehaviour({ stage, bank, body }: Order): Promise<unknown> {
  const { operation = '*', kind, times = 1, ...settings } = body;
  if (!KINDS.includes(String(kind))) throw new ControlError(400, `kind must be one of ${KINDS.join(', ')}.`);
  const operations = operationsOf(bank);
  if (!operations.includes(String(operation)))
    throw new ControlError(400, `operation must be one of ${operations.join(', ')}.`);
  const variants = variantsOf(bank);
  if (settings.variant !== undefined && !variants.includes(String(settings.variant))) {
    throw new ControlError(400, `variant must be one of ${variants.join(', ')}.`);
  }
  const count = times === 'until_cleared' ? null : times;
  if (count !== null && !(Number.isInteger(count) && (count as number) > 0))
    throw new ControlError(400, 'times must be a number or "until_cleared".');
  return order(stage, bank, String(operation), count as number | null, { kind: String(kind), ...settings });
}

function operationsOf(bank: Bank): readonly string[] {
  if (speaksFints(bank)) return [...FINTS_OPERATIONS, 'approval', '*'];
  return speaksOpenBanking(bank) ? OPEN_BANKING_OPERATIONS : OPERATIONS;
}

function variantsOf(bank: Bank): readonly string[] {
  if (speaksFints(bank)) return FINTS_VARIANTS;
  return speaksOpenBanking(bank) ? OPEN_BANKING_VARIANTS : VARIANT_NAMES;
}

async function order(
  stage: Stage,
  bank: Bank,
  operation: string,
  times: number | null,
  behaviour: { kind: string },
): Promise<unknown> {
  await stage.misbehaviours.order(bank.slug, operation, times, behaviour);
  return { behaviours: stage.misbehaviours.list(bank.slug) };
}

async function clearBehaviour({ stage, bank, body }: Order): Promise<unknown> {
  await stage.misbehaviours.clear(bank.slug, body.operation === undefined ? undefined : String(body.operation));
  return { behaviours: stage.misbehaviours.list(bank.slug) };
}

function presentFacts({ stage, bank }: Order): unknown {
  return { changed: stage.facts.changed(bank), facts: Object.fromEntries(FACT_NAMES) };
}

/** Makes the bank another one: facts of an interface, of all when `interface` is not said. */
async function changeFacts({ stage, bank, body }: Order): Promise<unknown> {
  const { interface: path, ...facts } = body;
  const wrong = await stage.facts.change(bank, path === undefined ? undefined : String(path), facts);
  if (wrong !== undefined) throw new ControlError(400, wrong);
  return { changed: stage.facts.changed(bank) };
}

async function endAtBank({ stage, bank, part }: Order, status: 'expired' | 'revokedByPsu'): Promise<void> {
  const ended = speaksOpenBanking(bank)
    ? await openBanking.endForControl(stage, bank, part[0]!, status === 'expired' ? 'expired' : 'cancelled')
    : await endConsent({ stage, bank, now: stage.clock.now() }, part[0]!, status);
  if (ended) return;
  throw new ControlError(409, 'There is no such consent, or it has ended already.');
}

async function waiting(stage: Stage, bank: Bank): Promise<unknown> {
  const found = await listWaiting(stage.database, bank.slug);
  const approvals = await listInApp(stage, bank);
  return {
    waiting: [
      ...found.map(({ id, consentId, person, createdAt }) => ({
        id,
        consent_id: consentId,
        login: person,
        created_at: createdAt,
      })),
      ...approvals.map(({ id, login, createdAt }) => ({ id, login, created_at: createdAt })),
    ],
  };
}

/** Answers everything that waits, or one authorisation, or one person's. */
async function answerPhone({ stage, bank, body }: Order, verdict: 'approve' | 'refuse'): Promise<unknown> {
  const login = body.login === undefined ? undefined : String(body.login);
  const found = await listWaiting(stage.database, bank.slug, login);
  const wanted = found.filter((one) => body.authorisation === undefined || one.id === body.authorisation);
  let answered = 0;
  for (const one of wanted)
    if (await decideOnPhone({ stage, bank, now: stage.clock.now() }, one.id, verdict)) answered++;
  const approvals = await listInApp(stage, bank, login);
  for (const { id } of approvals) {
    if (body.authorisation !== undefined && id !== body.authorisation) continue;
    if (await decideInApp(stage, bank, id, verdict)) answered++;
  }
  if (answered === 0) throw new ControlError(409, 'Nothing waits on the phone.');
  return { answered };
}

async function listTransactions({ stage, bank, part }: Order): Promise<unknown> {
  const lines = await statementOf(stage.database, bank, holdingOf(bank, part[0]!), stage.clock.now());
  return {
    transactions: lines.slice(0, 1000).map(({ id, pending, bookingDate, cents, name, text }) => ({
      id,
      pending,
      booking_date: bookingDate,
      cents,
      name,
      text,
    })),
  };
}

/** Adds a transaction; with the `id` of one that is there it is changed, with `removed` taken away. */
async function writeTransaction({ stage, bank, part, body }: Order): Promise<unknown> {
  holdingOf(bank, part[0]!);
  const { id = `X${randomUUID()}`, ...overlay } = body;
  const changes = overlay as Overlay;
  const newOne = body.id === undefined;
  if ((newOne || changes.amount !== undefined) && centsOf(changes.amount) === undefined) {
    throw new ControlError(400, 'amount must be a decimal such as "-12.30".');
  }
  for (const day of [changes.booking_date, changes.value_date]) {
    if (day !== undefined && !/^\d{4}-\d\d-\d\d$/.test(day))
      throw new ControlError(400, 'Days are written YYYY-MM-DD.');
  }
  await storeOverlay(stage.database, bank.slug, part[0]!, String(id), changes);
  return { id: String(id) };
}

function holdingOf(bank: Bank, number: string) {
  const holding = bank.people.flatMap((person) => person.holdings).find((one) => ledgerOf(one) === number);
  if (!holding) throw new ControlError(404, 'There is no such account at this bank.');
  return holding;
}

async function blockLogin({ stage, bank, part, body }: Order): Promise<unknown> {
  if (!findPerson(bank, part[0])) throw new ControlError(404, 'There is no such login at this bank.');
  if (typeof body.blocked !== 'boolean') throw new ControlError(400, 'blocked must be true or false.');
  await storeBlocked(stage.database, bank.slug, part[0]!, body.blocked);
  return { login: part[0], blocked: body.blocked };
}

function fintsOf(bank: Bank): FintsBank {
  if (!speaksFints(bank)) throw new ControlError(404, 'This bank does not speak FinTS.');
  return bank;
}

async function setFints({ stage, bank, body }: Order): Promise<unknown> {
  const wrong = await changeFints(stage.database, fintsOf(bank), body);
  if (wrong !== undefined) throw new ControlError(400, wrong);
  return presentFints(stage.database, fintsOf(bank));
}

function openBankingOf(bank: Bank): UkBank {
  if (!speaksOpenBanking(bank)) throw new ControlError(404, 'This bank does not speak UK Open Banking.');
  return bank;
}

async function setOpenBanking({ stage, bank, body }: Order): Promise<unknown> {
  const wrong = await openBanking.changeOpenBanking(stage, openBankingOf(bank), body);
  if (wrong !== undefined) throw new ControlError(400, wrong);
  return openBanking.presentOpenBanking(stage, openBankingOf(bank));
}

async function endTokens({ stage, bank, part, body }: Order): Promise<unknown> {
  const ended = await openBanking.endTokens(stage, openBankingOf(bank), part[0]!, String(body.end ?? 'all'));
  if (ended === undefined) throw new ControlError(400, 'end is access, refresh or all.');
  return { ended };
}

async function enrolSoftware({ stage, authority, body }: Order): Promise<unknown> {
  const papers = await openBanking.enrolForControl(stage, authority, body);
  if (typeof papers === 'string') throw new ControlError(400, papers);
  return papers;
}

async function publishKey({ stage, part, body }: Order): Promise<void> {
  if (!(await openBanking.publishForControl(stage, part[0]!, body)))
    throw new ControlError(404, 'There is no such software in the directory.');
}
