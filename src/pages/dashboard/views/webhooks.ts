import {
  createEndpoint,
  deleteEndpoint,
  type EndpointRow,
  getEndpoint,
  listDeliveries,
  listEndpoints,
  resendEvent,
  resendRange,
  rotateSecret,
  sendTest,
  updateEndpoint,
} from '../../../platform/events/endpoints.ts';
import { EVENT_TYPES, isEventType } from '../../../platform/events/event-types.ts';
import { getEvent, presentEvent } from '../../../platform/events/events.ts';
import { Problem } from '../../../platform/problems.ts';
import { html, type Markup } from '../../markup.ts';
import { type Answer, type AskedOfApp, baseOf, ofApp, type View } from '../asked.ts';
import {
  badge,
  button,
  code,
  facts,
  field,
  form,
  heading,
  link,
  note,
  older,
  once,
  panel,
  table,
  theirs,
  tick,
  when,
  withQuery,
} from '../parts.ts';
import { duration, stateBadge } from '../words.ts';

const AT = '/dashboard/apps/:app/:mode/webhooks';

/** Where apps are told what happened, every attempt, and sending again. */
export const WEBHOOK_VIEWS: readonly View[] = [
  { method: 'GET', path: AT, may: 'look', handle: ofApp(endpoints) },
  { method: 'POST', path: AT, may: 'set_up', handle: ofApp(make), again: ofApp(endpoints) },
  { method: 'GET', path: `${AT}/events/:event`, may: 'look', handle: ofApp(event) },
  {
    method: 'POST',
    path: `${AT}/events/:event/again`,
    may: 'send_again',
    handle: ofApp(eventAgain),
    again: ofApp(event),
  },
  { method: 'GET', path: `${AT}/:endpoint`, may: 'look', handle: ofApp(endpoint) },
  { method: 'POST', path: `${AT}/:endpoint`, may: 'set_up', handle: ofApp(change), again: ofApp(endpoint) },
  { method: 'POST', path: `${AT}/:endpoint/secret`, may: 'set_up', handle: ofApp(secret), again: ofApp(endpoint) },
  { method: 'POST', path: `${AT}/:endpoint/end`, may: 'set_up', handle: ofApp(end), again: ofApp(endpoint) },
  { method: 'POST', path: `${AT}/:endpoint/test`, may: 'send_again', handle: ofApp(test), again: ofApp(endpoint) },
  {
    method: 'POST',
    path: `${AT}/:endpoint/again`,
    may: 'send_again',
    handle: ofApp(rangeAgain),
    again: ofApp(endpoint),
  },
];

const PAGE = 30;
const DAY_S = 86_400;

async function endpoints(asked: AskedOfApp): Promise<Answer> {
  const base = `${baseOf(asked)}/webhooks`;
  const { rows } = await listEndpoints(asked.platform, asked.caller, { limit: 50 });
  const main = html`${heading('Webhooks', undefined, 'Where your app is told what happened. Bodies hold ids and states, no account data, and are signed.')}${table(
    'Endpoints',
    ['Address', 'State', 'Events', 'Made'],
    rows.map((row) => [
      link(`${base}/${row.id}`, theirs(row.url)),
      stateBadge(row.status),
      row.events ? String(row.events.length) : 'all',
      when(row.createdAt),
    ]),
    'No endpoint yet. The state is always in the API too.',
  )}${
    asked.may('set_up') &&
    panel(
      'Add an endpoint',
      form(
        asked,
        base,
        html`${field(asked, 'url', 'Address', { type: 'url', required: true, hint: 'https; http for this machine in test mode.', max: 2000 })}${field(asked, 'description', 'Description', { max: 200 })}${eventTicks(null)}${button('Add it')}`,
      ),
    )
  }`;
  return { kind: 'page', title: 'Webhooks', main, section: '/webhooks' };
}

function eventTicks(chosen: readonly string[] | null): Markup {
  return html`<details><summary class="button quiet">Only some events</summary><fieldset><legend>Events</legend><p class="hint">None ticked: all, also those to come.</p>${Object.entries(EVENT_TYPES).map(([type, meaning]) => tick('events', code(type), chosen?.includes(type) ?? false, type, meaning))}</fieldset></details>`;
}

async function make(asked: AskedOfApp): Promise<Answer> {
  const { platform, caller, form: typed } = asked;
  const events = typed.all('events').filter(isEventType);
  const made = await createEndpoint(
    platform,
    caller,
    {
      url: typed.text('url'),
      description: typed.text('description').slice(0, 200),
      events: events.length ? events : null,
    },
    async (statements) => void (await platform.database.together(statements)),
  );
  await asked.note('webhook_endpoint.made', made.endpoint.id);
  return secretPage(asked, made.endpoint.id, 'The endpoint is added', made.secret);
}

function secretPage(asked: AskedOfApp, id: string, title: string, value: string): Answer {
  const main = html`${heading(title)}${once('Its secret: shown now and never again', value)}<p>With it your server checks that an event comes from here: the headers <code>webhook-id</code>, <code>webhook-timestamp</code> and <code>webhook-signature</code>, after Standard Webhooks.</p><p>${link(`${baseOf(asked)}/webhooks/${id}`, 'I have kept it: go on', 'button primary')}</p>`;
  return { kind: 'page', title, main, section: '/webhooks' };
}

async function endpoint(asked: AskedOfApp): Promise<Answer> {
  const { platform, caller, params, query } = asked;
  const row = await getEndpoint(platform, caller, params.endpoint ?? '');
  const after = Number(query.after);
  const page = await listDeliveries(platform, caller, row.id, {
    limit: PAGE,
    ...(Number.isSafeInteger(after) && after > 0 ? { after } : {}),
  });
  const base = `${baseOf(asked)}/webhooks`;
  const path = `${base}/${row.id}`;
  const main = html`${heading('Endpoint', stateBadge(row.status))}${trouble(row)}${facts([
    ['Address', theirs(row.url)],
    ['Id', code(row.id)],
    ['Description', row.description ? theirs(row.description) : '–'],
    ['Events', row.events ? row.events.join(', ') : 'all'],
    ['Failures in a row', String(row.failures)],
  ])}${panel(
    'Deliveries',
    html`${table(
      'Deliveries',
      ['When', 'Event', 'Try', 'Outcome', 'Status', 'Took', 'Next try', 'What it answered'],
      page.rows.map((one) => [
        when(one.at),
        html`${link(`${base}/events/${one.event}`, code(one.type))}`,
        String(one.attempt),
        one.outcome === 'delivered' ? badge('delivered', 'good') : badge(one.outcome.replaceAll('_', ' '), 'error'),
        one.status === null ? '–' : String(one.status),
        duration(one.ms),
        when(one.nextAt),
        one.answer ? theirs(one.answer.slice(0, 80)) : '–',
      ]),
      'Nothing was sent yet.',
    )}${older(page.hasMore ? withQuery(path, { after: String(page.rows.at(-1)!.seq) }) : undefined)}`,
  )}${
    asked.may('send_again') &&
    panel(
      'Send',
      html`${form(asked, `${path}/test`, button('Send a test event', ''))}${form(
        asked,
        `${path}/again`,
        html`${field(asked, 'from', 'From (UTC)', { required: true, max: 19, hint: 'Such as 2026-03-02 09:14' })}${field(asked, 'to', 'To (UTC)', { required: true, max: 19, hint: 'Such as 2026-03-02 10:00' })}${button('Send everything of that time again', '')}`,
        'line',
      )}`,
      { note: 'Events are kept for thirty days.' },
    )
  }${
    asked.may('set_up') &&
    html`${panel(
      'Change',
      form(
        asked,
        path,
        html`${field(asked, 'url', 'Address', { type: 'url', value: row.url, required: true })}${field(asked, 'description', 'Description', { value: row.description, max: 200 })}${eventTicks(row.events)}${tick('active', 'It is told', row.status === 'active', 'yes', 'Not ticked: paused. What happens meanwhile waits. Ticking switches a disabled endpoint on again.')}${button('Save')}`,
      ),
    )}${panel('Secret', form(asked, `${path}/secret`, button('Make a new secret', '')), {
      note: 'The old one signs beside it for a day, so that your server can change over.',
    })}${panel('Delete', form(asked, `${path}/end`, button('Delete this endpoint', 'danger')), { note: 'What waits for it is not sent any more.' })}`
  }`;
  return { kind: 'page', title: 'Endpoint', main, section: '/webhooks' };
}

function trouble(row: EndpointRow): Markup | false {
  if (row.status === 'disabled')
    return note(
      'error',
      html`<p>It was disabled: ${row.disabledReason === 'gone' ? 'it answered that it is gone (410)' : 'it failed for too long'}. Set it right, then switch it on below: what waits is sent at once.</p>`,
    );
  if (row.restingUntil && row.failingSince)
    return note(
      'warning',
      html`<p>It has failed since ${when(row.failingSince)}. The next try is at ${when(row.restingUntil)}.</p>`,
    );
  return false;
}

async function change(asked: AskedOfApp): Promise<Answer> {
  const { platform, caller, params, form: typed } = asked;
  const id = params.endpoint ?? '';
  const before = await getEndpoint(platform, caller, id);
  const events = typed.all('events').filter(isEventType);
  const status = typed.has('active') ? 'active' : 'paused';
  await updateEndpoint(platform, caller, id, {
    url: typed.text('url'),
    description: typed.text('description').slice(0, 200),
    events: events.length ? events : null,
    // A disabled one stays so unless it is switched on.
    ...(status === before.status || (before.status === 'disabled' && status === 'paused') ? {} : { status }),
  });
  await asked.note('webhook_endpoint.changed', id);
  return { kind: 'to', path: `${baseOf(asked)}/webhooks/${id}`, done: 'saved' };
}

async function secret(asked: AskedOfApp): Promise<Answer> {
  const { platform, caller, params } = asked;
  const made = await rotateSecret(platform, caller, params.endpoint ?? '', { keepS: DAY_S });
  await asked.note('webhook_endpoint.secret_rotated', made.endpoint.id);
  return secretPage(asked, made.endpoint.id, 'The new secret', made.secret);
}

async function end(asked: AskedOfApp): Promise<Answer> {
  const { platform, caller, params } = asked;
  await deleteEndpoint(platform, caller, params.endpoint ?? '');
  await asked.note('webhook_endpoint.deleted', params.endpoint ?? '');
  return { kind: 'to', path: `${baseOf(asked)}/webhooks`, done: 'endpoint_gone' };
}

async function test(asked: AskedOfApp): Promise<Answer> {
  const { platform, caller, params } = asked;
  await sendTest(platform, caller, params.endpoint ?? '');
  await asked.note('webhook_endpoint.tested', params.endpoint ?? '');
  return { kind: 'to', path: `${baseOf(asked)}/webhooks/${params.endpoint}`, done: 'test_sent' };
}

async function rangeAgain(asked: AskedOfApp): Promise<Answer> {
  const { platform, caller, params, form: typed } = asked;
  const moment = (name: string) => {
    const text = typed.text(name).replace(' ', 'T');
    const at = new Date(`${text}${text.length === 16 ? ':00' : ''}Z`);
    if (Number.isFinite(at.getTime())) return at;
    const detail = 'Write a moment such as 2026-03-02 09:14.';
    throw new Problem('invalid_request', detail, { errors: [{ pointer: `/${name}`, detail }] });
  };
  const [from, to] = [moment('from'), moment('to')];
  if (to <= from) {
    const detail = 'The end lies before the beginning.';
    throw new Problem('invalid_request', detail, { errors: [{ pointer: '/to', detail }] });
  }
  await resendRange(platform, caller, params.endpoint ?? '', { from, to, types: null });
  await asked.note('webhook_endpoint.range_sent_again', params.endpoint ?? '');
  return { kind: 'to', path: `${baseOf(asked)}/webhooks/${params.endpoint}`, done: 'sent_again' };
}

async function event(asked: AskedOfApp): Promise<Answer> {
  const { platform, caller, params } = asked;
  const row = await getEvent(platform, caller, params.event ?? '');
  const path = `${baseOf(asked)}/webhooks/events/${row.id}`;
  const main = html`${heading(row.type)}<p class="lead">${EVENT_TYPES[row.type]}</p>${facts([
    ['Id', code(row.id)],
    ['When', when(row.created_at)],
    row.request_id !== null && [
      'Caused by',
      link(withQuery('/dashboard/find', { q: row.request_id }), code(row.request_id)),
    ],
  ])}<pre tabindex="0"><code>${JSON.stringify(presentEvent(row), null, 2)}</code></pre>${asked.may('send_again') && form(asked, `${path}/again`, button('Send it again, to every endpoint that wants it', ''))}`;
  return { kind: 'page', title: row.type, main, section: '/webhooks' };
}

async function eventAgain(asked: AskedOfApp): Promise<Answer> {
  const { platform, caller, params } = asked;
  const id = params.event ?? '';
  if ((await resendEvent(platform, caller, id, undefined)) === 0)
    throw new Problem('invalid_request', 'No endpoint wants this type of event, or none is active.');
  await asked.note('event.sent_again', id);
  return { kind: 'to', path: `${baseOf(asked)}/webhooks/events/${id}`, done: 'sent_again' };
}
