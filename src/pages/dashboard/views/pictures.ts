import { drawPictures, LOOKED_AT, type Pictures } from '../../../platform/operators/watching/pictures.ts';
import { html, type Markup } from '../../markup.ts';
import { type Answer, type AskedOfApp, ofApp, type View } from '../asked.ts';
import { barChart, percent } from '../drawings/chart.ts';
import { heading, panel, table, theirs, when } from '../parts.ts';
import { duration } from '../words.ts';

/** Small drawings with their numbers beside them. */
export const PICTURE_VIEWS: readonly View[] = [
  { method: 'GET', path: '/dashboard/apps/:app/:mode/pictures', may: 'look', handle: ofApp(pictures) },
];

async function pictures(asked: AskedOfApp): Promise<Answer> {
  const drawn = await drawPictures(asked.platform, asked.tenant.tenant);
  const main = html`${heading('Pictures')}${conversion(drawn)}${freshness(drawn)}${banks(drawn)}${delivered(drawn)}${budget(drawn)}`;
  return { kind: 'page', title: 'Pictures', main, section: '/pictures' };
}

const STEPS = [
  ['begun', 'link made'],
  ['opened', 'opened'],
  ['chosen', 'bank chosen'],
  ['agreed', 'agreed'],
  ['proven', 'proven at the bank'],
  ['granted', 'granted'],
] as const;

function conversion({ conversion: rows }: Pictures): Markup {
  const total = (step: (typeof STEPS)[number][0]) => rows.reduce((sum, row) => sum + row[step], 0);
  const begun = total('begun');
  const chart = barChart(
    'Conversion by step',
    begun === 0
      ? []
      : STEPS.map(([step, label]) => ({
          label,
          parts: [{ value: total(step), look: 'a' as const }],
          said: percent(total(step), begun),
        })),
  );
  const numbers = table(
    'Conversion by provider and step',
    ['Provider', ...STEPS.map(([, label]) => label), 'of opened'],
    rows.map((row) => [
      theirs(row.provider ?? 'none chosen'),
      ...STEPS.map(([step]) => String(row[step])),
      percent(row.granted, row.opened),
    ]),
    'No visit yet.',
    { numbers: [1, 2, 3, 4, 5, 6, 7] },
  );
  return panel('How far people come', html`${chart}${numbers}`, {
    note: `The latest ${LOOKED_AT.visits} visits to connect a bank.`,
  });
}

const AGES = [
  ['hour', 'within an hour'],
  ['day', 'within a day'],
  ['two', 'within two days'],
  ['week', 'within a week'],
  ['older', 'longer ago'],
  ['never', 'never yet'],
] as const;

function freshness({ freshness: row }: Pictures): Markup {
  const total = AGES.reduce((sum, [age]) => sum + row[age], 0);
  const look = (age: string) => (age === 'hour' || age === 'day' ? 'a' : age === 'two' ? 'b' : 'c');
  const chart = barChart(
    'When connections were read last',
    total === 0
      ? []
      : AGES.map(([age, label]) => ({
          label,
          parts: [{ value: row[age], look: look(age) }],
          said: percent(row[age], total),
        })),
  );
  const numbers = table(
    'When connections were read last',
    ['Read last', 'Connections', 'Share'],
    total === 0 ? [] : AGES.map(([age, label]) => [label, String(row[age]), percent(row[age], total)]),
    'No living connection yet.',
    { numbers: [1, 2] },
  );
  return panel('How fresh the data is', html`<div class="pair">${chart}${numbers}</div>`, {
    note: 'All living connections.',
  });
}

function banks({ banks: rows }: Pictures): Markup {
  const most = Math.max(0, ...rows.map(({ p95 }) => p95));
  const chart = barChart(
    'How long banks take',
    rows.map(({ provider, median, p95 }) => ({
      label: provider,
      parts: [
        { value: median, look: 'a' },
        { value: Math.max(0, p95 - median), look: 'b' },
      ],
      said: duration(p95),
    })),
    most,
  );
  const numbers = table(
    'How banks answer',
    ['Provider', 'Calls', 'Failed', 'Half within', '95 % within'],
    rows.map((row) => [
      theirs(row.provider),
      String(row.calls),
      `${row.failed} (${percent(row.failed, row.calls)})`,
      duration(row.median),
      duration(row.p95),
    ]),
    'No call to a bank yet.',
    { numbers: [1, 2, 3, 4] },
  );
  return panel('How banks answer', html`<div class="pair">${chart}${numbers}</div>`, {
    note: `The latest ${LOOKED_AT.calls} calls. Half of them end within the first part of a bar, 95 % within both.`,
  });
}

function delivered({ delivered: rows }: Pictures): Markup {
  const chart = barChart(
    'How webhooks are delivered',
    rows.map(({ url, tried, delivered: good }) => ({
      label: url.replace(/^https?:\/\//, ''),
      parts: [
        { value: good, look: 'a' },
        { value: tried - good, look: 'c' },
      ],
      said: percent(good, tried),
    })),
  );
  const numbers = table(
    'How webhooks are delivered',
    ['Endpoint', 'Tries', 'Delivered', '95 % within', 'Waiting', 'Next try'],
    rows.map((row) => [
      theirs(row.url),
      String(row.tried),
      `${row.delivered} (${percent(row.delivered, row.tried)})`,
      row.p95 === null ? '–' : duration(row.p95),
      row.waiting >= 10_000 ? 'more than 10000' : String(row.waiting),
      when(row.oldest),
    ]),
    'No endpoint yet.',
    { numbers: [1, 2, 3, 4] },
  );
  return panel('How webhooks are delivered', html`<div class="pair">${chart}${numbers}</div>`, {
    note: `The latest ${LOOKED_AT.deliveries} tries of each endpoint.`,
  });
}

function budget({ budget: rows }: Pictures): Markup {
  const of = (reads: number) => rows.find((row) => row.reads === reads)?.accounts ?? 0;
  const total = rows.reduce((sum, { accounts }) => sum + accounts, 0);
  const each = [1, 2, 3, 4].map((reads) => ({
    reads: `${reads} of 4 reads`,
    accounts: of(reads),
    look: reads === 4 ? ('c' as const) : reads === 3 ? ('b' as const) : ('a' as const),
  }));
  const chart = barChart(
    'Reads without the person',
    total === 0
      ? []
      : each.map(({ reads, accounts, look }) => ({
          label: reads,
          parts: [{ value: accounts, look }],
          said: percent(accounts, total),
        })),
  );
  const numbers = table(
    'Reads without the person',
    ['Used', 'Accounts', 'Share'],
    total === 0 ? [] : each.map(({ reads, accounts }) => [reads, String(accounts), percent(accounts, total)]),
    'No account was read without the person in 24 hours.',
    { numbers: [1, 2] },
  );
  return panel('How much of the budget is used', html`<div class="pair">${chart}${numbers}</div>`, {
    note: `Reads of transactions without the person in 24 hours, among the latest ${LOOKED_AT.unattended} calls. Banks allow four.`,
  });
}
