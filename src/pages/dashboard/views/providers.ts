import { BankError } from '../../../banking/bank-error.ts';
import { listApps, listTenants, type TenantInfo } from '../../../platform/apps/apps.ts';
import { openBank } from '../../../platform/connections/bank.ts';
import { ENVIRONMENTS_OF, WAYS_OUT } from '../../../platform/providers/availability.ts';
import type { Environment, Provider } from '../../../platform/providers/provider.ts';
import { notFound, Problem } from '../../../platform/problems.ts';
import { healthOf } from '../../../platform/syncs/health.ts';
import { type ProviderStatus, readStatus } from '../../../platform/syncs/status.ts';
import { html, type Markup } from '../../markup.ts';
import type { Answer, Asked, View } from '../asked.ts';
import { barChart } from '../drawings/chart.ts';
import {
  badge,
  button,
  choice,
  code,
  facts,
  field,
  form,
  heading,
  link,
  note,
  older,
  panel,
  searchForm,
  table,
  theirs,
  withQuery,
} from '../parts.ts';
import { duration, stateBadge } from '../words.ts';

/** Which banks there are, how they do, what they need, and the operator's own files. */
export const PROVIDER_VIEWS: readonly View[] = [
  { method: 'GET', path: '/dashboard/providers', may: 'look', handle: providers },
  { method: 'GET', path: '/dashboard/providers/:provider', may: 'look', handle: provider },
  { method: 'POST', path: '/dashboard/providers/:provider/test', may: 'test_providers', handle: test, again: provider },
];

const PAGE = 60;
const ENVIRONMENTS: [value: string, label: string][] = [
  ['', 'everywhere'],
  ['sandbox', 'pretend banks'],
  ['bank_test', 'banks’ own test systems'],
  ['live', 'live'],
];

async function providers(asked: Asked): Promise<Answer> {
  const { platform, query } = asked;
  const environment = ENVIRONMENTS.find(([value]) => value && value === query.environment)?.[0] as
    | Environment
    | undefined;
  const text = (query.q ?? '').trim().slice(0, 100);
  const found = text
    ? platform.providers.search({
        q: text,
        limit: PAGE,
        environments: environment ? [environment] : ['sandbox', 'bank_test', 'live'],
      }).data
    : platform.providers.list(environment ? { environments: [environment] } : {});
  const from = Math.max(0, Number.parseInt(query.from ?? '', 10) || 0);
  const page = found.slice(from, from + PAGE);
  const problems = platform.providers.problems();
  const main = html`${heading('Providers', badge(`${found.length} ${text ? 'found' : 'listed'}`))}${problems.length > 0 && fileProblems(problems)}${searchForm(
    '/dashboard/providers',
    html`${field(undefined, 'q', 'Name, BIC, bank code or city', { type: 'search', value: text, max: 100 })}${choice(undefined, 'environment', 'Where', ENVIRONMENTS, environment ?? '')}${button('Show', '')}`,
  )}${table(
    'Providers',
    ['Name', 'Country', 'Where', 'Standard', 'Account types', 'Needs', 'Health'],
    page.map((one) => [
      link(`/dashboard/providers/${one.id}`, theirs(one.name)),
      one.country,
      one.environment.replace('_', ' '),
      [...new Set(one.interfaces.map(({ standard }) => standard))].join(', '),
      one.accountTypes.join(', '),
      [...new Set(one.interfaces.map(({ needs }) => needs?.replaceAll('_', ' ')).filter(Boolean))].join(', ') || '–',
      stateBadge(healthOf(platform, one.id)),
    ]),
    text ? 'No provider is called so here.' : 'No provider at all: the sandbox is off and there is no file.',
  )}${older(found.length > from + PAGE ? withQuery('/dashboard/providers', { q: text, environment, from: String(from + PAGE) }) : undefined)}`;
  return { kind: 'page', title: 'Providers', main };
}

function fileProblems(problems: ReturnType<Asked['platform']['providers']['problems']>): Markup {
  return panel(
    'Files that are refused',
    html`${table(
      'Files that are refused',
      ['File', 'Line', 'Why', 'Whose'],
      problems
        .slice(0, 50)
        .map((one) => [
          code(one.file),
          one.line === undefined ? '–' : String(one.line),
          theirs(one.reason),
          one.owner === 'ours' ? 'Drawbridge' : 'yours',
        ]),
    )}${problems.length > 50 && html`<p class="quiet">And ${problems.length - 50} more.</p>`}`,
    { note: 'Their banks are not listed. A changed file is read again by itself.' },
  );
}

async function provider(asked: Asked): Promise<Answer> {
  const one = find(asked);
  const [tenants, [status]] = await Promise.all([tenantsFor(asked, one), readStatus(asked.platform, [one])]);
  const main = html`${heading(one.name, stateBadge(healthOf(asked.platform, one.id)))}${facts([
    ['Slug', code(one.id)],
    ['Country', one.country],
    ['Where', one.environment.replace('_', ' ')],
    ['BIC', one.bics.slice(0, 10).join(', ') || '–'],
    ['Account types', one.accountTypes.join(', ')],
    ['Cities', one.cities.slice(0, 10).join(', ') || '–'],
  ])}${panel(
    'Interfaces',
    table(
      'Interfaces',
      ['Interface', 'Standard', 'Account types', 'Ways to prove', 'Longest consent', 'History', 'Needs', 'Spoken here'],
      one.interfaces.map((way) => [
        code(way.id),
        way.standard,
        way.accountTypes.join(', '),
        way.sca.join(', '),
        way.longestConsentDays === undefined ? '–' : `${way.longestConsentDays} days`,
        way.historyDays === undefined ? '–' : `${way.historyDays} days`,
        way.needs?.replaceAll('_', ' ') ?? 'nothing',
        asked.platform.connectors[way.standard] ? badge('yes', 'good') : badge('no', 'error'),
      ]),
    ),
    {
      note: one.absence
        ? WAYS_OUT[one.absence]
        : 'What it needs, an app’s identity must own before the bank answers: a certificate, a registration there, or a FinTS product id. See Identities.',
    },
  )}${status && panel('The last thirty days', thirtyDays(status), { note: 'How long it was known to be away, from everybody’s calls.' })}${
    one.testLogins.length > 0 &&
    panel(
      'Test logins',
      table(
        'Test logins',
        ['User', 'Password', ''],
        one.testLogins.map((login) => [code(login.user), code(login.password), login.note ?? '']),
      ),
    )
  }${
    asked.may('test_providers') &&
    panel(
      'Test it now',
      tenants.length === 0
        ? html`<p class="quiet">No app of yours sees this provider.</p>`
        : form(
            asked,
            `/dashboard/providers/${one.id}/test`,
            html`${choice(
              asked,
              'tenant',
              'In whose name',
              tenants.map((each) => [`${each.app}/${each.mode}`, `${each.appName} (${each.mode})`] as [string, string]),
              '',
            )}${button('Call it', '')}`,
          ),
      {
        note: 'One call to each interface, without a person and without a consent: does it answer, and does it take our certificate?',
      },
    )
  }`;
  return { kind: 'page', title: one.name, main };
}

function thirtyDays({ interfaces }: ProviderStatus): Markup {
  const share = (away: number) => `${Math.round((1 - away) * 1000) / 10} %`;
  return html`${interfaces.map(
    (way) =>
      html`${barChart(
        `${way.interface}: the last days`,
        way.days
          .filter(({ away }, at) => away > 0 || at === way.days.length - 1)
          .slice(-10)
          .map(({ day, away }) => ({
            label: day,
            parts: [
              { value: 1 - away, look: 'a' as const },
              { value: away, look: 'c' as const },
            ],
            said: share(away),
          })),
        1,
      )}${table(
        `${way.interface}: the last thirty days`,
        ['Interface', 'Now', 'There in thirty days', 'Days with an outage'],
        [
          [
            code(way.interface),
            stateBadge(way.now),
            share(1 - way.available),
            way.days
              .filter(({ away }) => away > 0)
              .map(({ day, away }) => `${day} (${share(away)})`)
              .join(', ') || 'none',
          ],
        ],
      )}`,
  )}`;
}

async function test(asked: Asked): Promise<Answer> {
  const one = find(asked);
  const tenants = await tenantsFor(asked, one);
  const tenant = tenants.find((each) => `${each.app}/${each.mode}` === asked.form.text('tenant'));
  if (!tenant)
    throw new Problem('invalid_request', 'Choose an app.', {
      errors: [{ pointer: '/tenant', detail: 'Choose an app.' }],
    });
  const results = await Promise.all(one.interfaces.slice(0, 5).map((way) => call(asked, tenant, one, way.id)));
  await asked.note('provider.tested', one.id);
  const main = html`${heading(`${one.name}: tested now`)}${results.map(({ way, good, said }) => note(good ? 'good' : 'warning', html`<p>${code(way)} ${said}</p>`))}<p class="quiet">Each call stands in the log of ${tenant.appName}.</p><p class="buttons">${link(`/dashboard/providers/${one.id}`, 'Back', 'button primary')}${link(`/dashboard/apps/${tenant.app}/${tenant.mode}/log/calls`, 'To the log', 'button')}</p>`;
  return { kind: 'page', title: 'Tested', main };
}

/** Asks for the interface's root: any answer but a failure says that the way, TLS and our certificate are good. */
async function call(asked: Asked, tenant: TenantInfo, one: Provider, way: string) {
  const began = performance.now();
  try {
    const bank = await openBank(asked.platform, {
      tenant: tenant.tenant,
      provider: one.id,
      interface: way,
      requestId: asked.requestId,
    });
    const { status } = await bank.context.http({ method: 'GET', path: '', purpose: 'test' });
    const took = duration(Math.round(performance.now() - began));
    return {
      way,
      good: status < 500,
      said: status < 500 ? `answers (${status}) in ${took}` : `fails with ${status} after ${took}`,
    };
  } catch (error) {
    if (!(error instanceof BankError)) throw error;
    return { way, good: false, said: `${error.kind.replaceAll('_', ' ')}: ${error.message}` };
  }
}

function find({ platform, params }: Asked): Provider {
  const found = platform.providers.find(params.provider ?? '');
  if (!found) throw notFound('provider');
  return found;
}

/** The apps of this operator that see the provider. */
async function tenantsFor({ platform, who }: Asked, one: Provider): Promise<TenantInfo[]> {
  const { apps } = who.operator;
  const visible = (await listApps(platform)).filter(({ id }) => !apps || apps.includes(id)).slice(0, 50);
  const tenants = await Promise.all(visible.map(({ id }) => listTenants(platform, id)));
  return tenants.flat().filter(({ mode }) => ENVIRONMENTS_OF[mode].includes(one.environment));
}
