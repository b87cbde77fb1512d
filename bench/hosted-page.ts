import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, compare, type Measurement, median, short, ToolMissing } from './measure.ts';
import { openStage } from './stage.ts';
import { freePorts, root, runProgram, runTool, startScript, untilReady } from './tools.ts';

/** Outside the lock file, because only this bench needs its two hundred packages. */
const LIGHTHOUSE = { version: '13.5.0', folder: join(root, '.runtime/lighthouse') };
const CHROMIUM = '/usr/bin/chromium';
const ROUNDS = 5;

/** P2a, P2b, P2c: the first view of the hosted page on a simulated phone, beside a page with nothing on it. */
export const hostedPage: Bench = {
  name: 'hosted-page',
  goals: ['P2a', 'P2b', 'P2c'],
  async run() {
    await installLighthouse();
    const stage = await openStage(1);
    const port = await freePorts(1);
    const floor = startScript(join(root, 'bench/anchors/floor-page.ts'), {}, [String(port)]);
    try {
      await untilReady(`http://127.0.0.1:${port}/`, floor);
      const views: View[] = [];
      const floors: View[] = [];
      const url = await openSession(stage.url, stage.keys[0]!);
      const paint = await compare(
        async () => (await keep(views, look(url))).paintMs,
        async () => (await keep(floors, look(`http://127.0.0.1:${port}/`))).paintMs,
        ROUNDS,
      );
      return report(views.slice(1), floors.slice(1), paint, new URL(stage.url).host);
    } finally {
      await floor.stop();
      await stage.close();
    }
  },
};

/** What Lighthouse saw of one load. Scores out of 100. */
type View = {
  bytes: number;
  hosts: string[];
  requests: number;
  paintMs: number;
  interactiveMs: number;
  blockedMs: number;
  shift: number;
  scores: Record<'performance' | 'accessibility' | 'best-practices', number>;
};

function report(views: View[], floors: View[], paint: Awaited<ReturnType<typeof compare>>, own: string): Measurement[] {
  const middle = (value: (view: View) => number, of = views) => median(of.map(value));
  const bytes = middle((view) => view.bytes);
  const requests = Math.max(...views.map((view) => view.requests));
  const foreign = [...new Set(views.flatMap((view) => view.hosts))].filter((host) => host !== own);
  const interactive = middle((view) => view.interactiveMs) / middle((view) => view.interactiveMs, floors);
  const blocked = middle((view) => view.blockedMs);
  const shift = middle((view) => view.shift);
  const scores = (['performance', 'accessibility', 'best-practices'] as const).map((name) =>
    middle((view) => view.scores[name]),
  );
  const [performance = 0, accessibility = 0, practices = 0] = scores;
  const good = performance >= 95 && practices >= 95 && accessibility === 100 && blocked <= 100 && shift <= 0.01;
  return [
    {
      goal: 'P2a',
      what: 'first view of the hosted page, everything',
      subject: `${short(bytes / 1024)} KB, ${requests} requests, ${foreign.length} other hosts`,
      anchor: `empty page ${short(middle((view) => view.bytes, floors) / 1024)} KB`,
      ratio: '–',
      gate: '≤ 30 KB',
      target: '≤ 14 KB, ≤ 3 requests, no other host',
      outcome: bytes <= 30 * 1024 && foreign.length === 0 ? 'held' : 'missed',
      ...(foreign.length > 0 ? { note: `other hosts: ${foreign.join(', ')}` } : {}),
    },
    {
      goal: 'P2b',
      what: 'largest paint on a simulated phone',
      subject: `${short(paint.subject)} ms`,
      anchor: `empty page ${short(paint.anchor)} ms`,
      ratio: `${short(paint.ratio)}×`,
      gate: '≤ 1.6×',
      target: '≤ 1.2×',
      outcome: paint.ratio <= 1.6 && interactive <= 1.6 ? 'held' : 'missed',
      note: `${short(paint.low)}–${short(paint.high)}× in ${paint.rounds} rounds; interactive ${short(interactive)}×`,
    },
    {
      goal: 'P2c',
      what: 'Lighthouse: performance, accessibility, practices',
      subject: scores.map(short).join(', '),
      anchor: '–',
      ratio: '–',
      gate: '≥ 95, 100, ≥ 95; blocked ≤ 100 ms, shift ≤ 0.01',
      target: '100, 100, 100',
      outcome: good ? 'held' : 'missed',
      note: `blocked ${short(blocked)} ms, shift ${shift.toFixed(3)}; the flow without scripts is walked by npm test`,
    },
  ];
}

async function keep(views: View[], looking: Promise<View>): Promise<View> {
  const view = await looking;
  views.push(view);
  return view;
}

type Report = {
  audits: Record<string, { numericValue?: number; details?: { items?: { url?: string; statusCode?: number }[] } }>;
  categories: Record<string, { score: number | null }>;
};

async function look(url: string): Promise<View> {
  const text = await runProgram(
    process.execPath,
    [
      join(LIGHTHOUSE.folder, 'node_modules/lighthouse/cli/index.js'),
      url,
      '--quiet',
      '--chrome-flags=--headless=new --no-sandbox',
      '--output=json',
      '--only-categories=performance,accessibility,best-practices',
    ],
    { CHROME_PATH: CHROMIUM },
  );
  const { audits, categories } = JSON.parse(text) as Report;
  const number = (name: string) => audits[name]?.numericValue ?? Number.NaN;
  // The redirect from the link to its clean address is no request for a part of the view.
  const items = (audits['network-requests']?.details?.items ?? []).filter(
    ({ url: address, statusCode }) =>
      address?.startsWith('http') && !(statusCode && statusCode >= 300 && statusCode < 400),
  );
  const score = (name: string) => Math.round((categories[name]?.score ?? 0) * 100);
  return {
    bytes: number('total-byte-weight'),
    hosts: items.map((item) => new URL(item.url!).host),
    requests: items.length,
    paintMs: number('largest-contentful-paint'),
    interactiveMs: number('interactive'),
    blockedMs: number('total-blocking-time'),
    shift: number('cumulative-layout-shift'),
    scores: {
      performance: score('performance'),
      accessibility: score('accessibility'),
      'best-practices': score('best-practices'),
    },
  };
}

async function openSession(url: string, key: string): Promise<string> {
  const reply = await fetch(`${url}/v1/connect_user_sessions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'bench', recurring: true, return_url: 'http://localhost:3000/back' }),
  });
  if (reply.status !== 201 && reply.status !== 200)
    throw new Error(`a session was answered ${reply.status}: ${await reply.text()}`);
  return ((await reply.json()) as { url: string }).url;
}

async function installLighthouse(): Promise<void> {
  if (!existsSync(CHROMIUM)) throw new ToolMissing('chromium is missing: apt-get install chromium');
  if (existsSync(join(LIGHTHOUSE.folder, 'node_modules/lighthouse/package.json'))) return;
  console.error(`  Getting Lighthouse ${LIGHTHOUSE.version} (once) …`);
  await runTool('npm', [
    'install',
    `lighthouse@${LIGHTHOUSE.version}`,
    '--prefix',
    LIGHTHOUSE.folder,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-save',
  ]);
}
