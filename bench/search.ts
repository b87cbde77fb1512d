import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { brotliCompressSync } from 'node:zlib';
import type { Provider } from '../src/platform/providers/provider.ts';
import { buildIndex } from '../src/platform/providers/search.ts';
import { makeBanks, makeQueries } from './many-banks.ts';
import { type Bench, compare, median, quantile, short } from './measure.ts';

const BANKS = 20_000;
const QUERIES = 2_000;

/** P3: search as you type over 20,000 banks, beside a plain scan that knows neither typos nor ranks. */
export const search: Bench = {
  name: 'search',
  goals: ['P3'],
  async run() {
    const banks = makeBanks(BANKS);
    const queries = makeQueries(banks, QUERIES);
    const before = heapUsed();
    const builtAt = performance.now();
    const index = buildIndex(banks);
    const buildMs = performance.now() - builtAt;
    const heap = heapUsed() - before;

    const found = queries.map((q) => index.search({ q, limit: 10 }));
    const missed = queries.filter((q, at) => found[at]!.total === 0 && q.trim() !== '').length;
    const sizes = found.map(({ data }) => brotliCompressSync(JSON.stringify(data.map(asAnswered))).length);

    const slowest = (once: (q: string) => unknown) => () => {
      const times = queries.map((q) => {
        const start = performance.now();
        once(q);
        return performance.now() - start;
      });
      return quantile(times, 0.99);
    };
    const scan = makeScan(banks);
    const p99 = await compare(
      slowest((q) => index.search({ q, limit: 10 })),
      slowest(scan),
    );
    const spread = `${short(p99.low)}–${short(p99.high)}× in ${p99.rounds} rounds of ${QUERIES.toLocaleString('en-GB')}`;
    return [
      {
        goal: 'P3',
        what: 'search 20,000 banks, p99',
        subject: `${short(p99.subject)} ms`,
        anchor: `linear scan ${short(p99.anchor)} ms`,
        ratio: `${short(p99.ratio)}×`,
        gate: '≤ 5 ms',
        target: '≤ 2 ms',
        outcome: p99.subject <= 5 && missed <= QUERIES / 100 ? 'held' : 'missed',
        note: `${spread}; ${missed} queries found nothing; index built in ${short(buildMs)} ms`,
      },
      {
        goal: 'P3',
        what: 'heap of the index',
        subject: `${short(heap / 1e6)} MB`,
        anchor: '–',
        ratio: '–',
        gate: '≤ 20 MB',
        outcome: heap <= 20e6 ? 'held' : 'missed',
      },
      {
        goal: 'P3',
        what: 'answer of ten banks, br, p99',
        subject: `${short(quantile(sizes, 0.99) / 1000)} KB`,
        anchor: '–',
        ratio: '–',
        gate: '≤ 3 KB',
        outcome: quantile(sizes, 0.99) <= 3_000 ? 'held' : 'missed',
        note: `median ${short(median(sizes) / 1000)} KB`,
      },
    ];
  },
};

/** What everybody writes first: fold each name, look whether it contains what was typed. */
function makeScan(banks: readonly Provider[]): (q: string) => Provider[] {
  const flat = (text: string) => text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
  const rows = banks.map((bank) => ({
    bank,
    text: flat([bank.name, ...bank.otherNames, ...bank.cities, ...bank.bics, ...bank.bankCodes].join(' ')),
  }));
  return (q) => {
    const sought = flat(q);
    const found = rows.filter(({ text }) => text.includes(sought));
    return found.slice(0, 10).map(({ bank }) => bank);
  };
}

function asAnswered({ id, name, country, bics, bankCodes, accountTypes, interfaces, monogram }: Provider) {
  return { id, object: 'provider', name, country, bics, bankCodes, accountTypes, interfaces, monogram };
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  for (let pass = 0; pass < 3; pass += 1) collect();
  const memory = process.memoryUsage();
  return memory.heapUsed + memory.arrayBuffers;
}
