import { listEndpoints } from '../../../platform/events/endpoints.ts';
import { EVENT_TYPES, isEventType } from '../../../platform/events/event-types.ts';
import { sendSample } from '../../../platform/events/samples.ts';
import { notFound, Problem } from '../../../platform/problems.ts';
import { html, type Markup } from '../../markup.ts';
import { type Answer, type AskedOfApp, baseOf, ofApp, type SandboxControl, type View } from '../asked.ts';
import { button, choice, code, field, form, heading, panel, table, theirs, when } from '../parts.ts';

const AT = '/dashboard/apps/:app/:mode/sandbox';

/** The pretend banks, in test mode: their people, the clock, faults, and events to send. */
export const SANDBOX_VIEWS: readonly View[] = [
  { method: 'GET', path: AT, may: 'look', handle: ofApp(sandbox) },
  { method: 'POST', path: `${AT}/clock`, may: 'sandbox', handle: ofApp(moveClock), again: ofApp(sandbox) },
  { method: 'POST', path: `${AT}/faults`, may: 'sandbox', handle: ofApp(orderFault), again: ofApp(sandbox) },
  { method: 'POST', path: `${AT}/faults/clear`, may: 'sandbox', handle: ofApp(clearFaults), again: ofApp(sandbox) },
  { method: 'POST', path: `${AT}/events`, may: 'sandbox', handle: ofApp(sendEvent), again: ofApp(sandbox) },
];

type Bank = {
  slug: string;
  name: string;
  peopleUrl: string;
  logins: { login: string; password: string; name: string; note: string; methods: { name: string; code?: string }[] }[];
};
type Behaviours = { behaviours: { operation: string; times: number | null; behaviour: { kind: string } }[] };

/** What can be ordered most often; the control API knows more. */
const FAULTS: [value: string, label: string][] = [
  ['outage', 'does not answer (503)'],
  ['slow', 'answers late'],
  ['rate_limited', 'wants fewer calls (429)'],
  ['refuse', 'refuses the next approval'],
  ['reset', 'cuts the connection'],
  ['malformed_json', 'answers what cannot be read'],
  ['hostile_text', 'sends texts that try to break pages'],
  ['problem_json', 'writes its errors as problem+json'],
];

async function sandbox(asked: AskedOfApp): Promise<Answer> {
  const control = controlOf(asked);
  const [{ banks }, clock] = (await Promise.all([control.order('GET', '/banks'), control.order('GET', '/clock')])) as [
    { banks: Bank[] },
    { now: string; ahead_ms: number },
  ];
  const ordered = await Promise.all(
    banks.map(async ({ slug }) => ({
      slug,
      ...((await control.order('GET', `/banks/${slug}/behaviour`)) as Behaviours),
    })),
  );
  const may = asked.may('sandbox');
  const { rows: endpoints } = await listEndpoints(asked.platform, asked.caller, { limit: 50 });
  const main = html`${heading('Sandbox', undefined, 'Pretend banks that speak the real standards. Everything here is for test mode only.')}${panel(
    'The clock',
    html`<p>It is ${when(new Date(clock.now))}${clock.ahead_ms > 0 && html`, ${String(Math.round(clock.ahead_ms / 3_600_000))} hours ahead of the machine`}.</p>${
      may &&
      form(
        asked,
        `${baseOf(asked)}/sandbox/clock`,
        html`${choice(
          asked,
          'advance',
          'Move it on by',
          [
            ['1h', 'an hour'],
            ['1d', 'a day'],
            ['7d', 'a week'],
            ['90d', '90 days'],
            ['180d', '180 days'],
          ],
          '1d',
        )}${button('Move it', '')}`,
        'line',
      )
    }`,
    { note: 'It only moves forward, for the whole server, and stays while there are live keys.' },
  )}${panel('Faults', faults(asked, banks, ordered, may))}${panel('Events to send', events(asked, endpoints.length, may), { note: 'With invented ids: to try your receiver with every type. Nothing changes here.' })}${panel('People', peopleTable(banks))}`;
  return { kind: 'page', title: 'Sandbox', main, section: '/sandbox' };
}

function faults(
  asked: AskedOfApp,
  banks: readonly Bank[],
  ordered: readonly ({ slug: string } & Behaviours)[],
  may: boolean,
): Markup {
  const path = `${baseOf(asked)}/sandbox/faults`;
  const rows = ordered.flatMap(({ slug, behaviours }) =>
    behaviours.map(({ operation, times, behaviour }) => [
      code(slug),
      behaviour.kind.replaceAll('_', ' '),
      operation === '*' ? 'everything' : operation,
      times === null ? 'until it is cleared' : String(times),
      may &&
        form(asked, `${path}/clear`, html`<input type="hidden" name="bank" value="${slug}">${button('Clear', '')}`),
    ]),
  );
  return html`${table('Faults', ['Bank', 'Fault', 'At', 'Times', ''], rows, 'Every bank behaves.')}${
    may &&
    form(
      asked,
      path,
      html`${choice(
        asked,
        'bank',
        'Bank',
        banks.map(({ slug, name }) => [slug, name] as [string, string]),
        '',
      )}${choice(asked, 'kind', 'What it does', FAULTS, 'outage')}${field(asked, 'times', 'How often', { value: '1', inputmode: 'numeric', hint: 'A number; 0 = until it is cleared.', max: 4 })}${button('Order it', '')}`,
      'line',
    )
  }`;
}

function events(asked: AskedOfApp, endpoints: number, may: boolean): Markup {
  if (endpoints === 0) return html`<p class="quiet">There is no webhook endpoint yet.</p>`;
  if (!may) return html`<p class="quiet">For owners and developers.</p>`;
  const types = Object.keys(EVENT_TYPES).map((type) => [type, type] as [string, string]);
  return form(
    asked,
    `${baseOf(asked)}/sandbox/events`,
    html`${choice(asked, 'type', 'Event', types, 'consent.expiring')}${button('Send it', '')}`,
    'line',
  );
}

function peopleTable(banks: readonly Bank[]): Markup {
  return table(
    'People of the pretend banks',
    ['Bank', 'User', 'Password', 'Codes', 'Who'],
    banks.flatMap(({ name, logins }) =>
      logins.map((one) => [
        theirs(name),
        code(one.login),
        code(one.password),
        one.methods.map((method) => (method.code ? `${method.name}: ${method.code}` : method.name)).join(', ') ||
          'none',
        one.note,
      ]),
    ),
  );
}

async function moveClock(asked: AskedOfApp): Promise<Answer> {
  await order(asked, 'POST', '/clock', { advance: asked.form.text('advance') });
  await asked.note('sandbox.clock_moved');
  return done(asked);
}

async function orderFault(asked: AskedOfApp): Promise<Answer> {
  const { form: typed } = asked;
  const times = Number(typed.text('times'));
  const bank = slugOf(asked);
  await order(asked, 'POST', `/banks/${bank}/behaviour`, {
    kind: typed.text('kind'),
    times: times === 0 ? 'until_cleared' : times,
    ...(typed.text('kind') === 'slow' ? { delay_ms: 5000 } : {}),
    ...(typed.text('kind') === 'refuse' ? { operation: 'approval' } : {}),
  });
  await asked.note('sandbox.fault_ordered', bank);
  return done(asked);
}

async function clearFaults(asked: AskedOfApp): Promise<Answer> {
  const bank = slugOf(asked);
  await order(asked, 'DELETE', `/banks/${bank}/behaviour`, {});
  await asked.note('sandbox.faults_cleared', bank);
  return done(asked);
}

async function sendEvent(asked: AskedOfApp): Promise<Answer> {
  const type = asked.form.text('type');
  if (!isEventType(type)) throw new Problem('invalid_request', 'Choose a type of event.');
  await sendSample(asked.platform, asked.caller, type);
  await asked.note('sandbox.event_sent');
  return done(asked);
}

function slugOf({ form: typed }: AskedOfApp): string {
  const bank = /^[a-z0-9-]{1,60}$/.exec(typed.text('bank'))?.[0];
  if (!bank)
    throw new Problem('invalid_request', 'Choose a bank.', {
      errors: [{ pointer: '/bank', detail: 'Choose a bank.' }],
    });
  return bank;
}

/** What control refuses is told as it says it. */
async function order(asked: AskedOfApp, method: string, path: string, body: object): Promise<void> {
  const control = controlOf(asked);
  try {
    await control.order(method, path, body);
  } catch (error) {
    throw control.isRefusal(error) ? new Problem('invalid_request', (error as Error).message) : error;
  }
}

function controlOf({ sandbox: control, tenant }: AskedOfApp): SandboxControl {
  if (!control || tenant.mode !== 'test') throw notFound('sandbox');
  return control;
}

function done(asked: AskedOfApp): Answer {
  return { kind: 'to', path: `${baseOf(asked)}/sandbox`, done: 'ordered' };
}
