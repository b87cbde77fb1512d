import { z } from 'zod';
import { countFunnel, MOST_FUNNEL_DAYS } from '../../platform/sessions/funnel.ts';
import { day } from '../input/fields.ts';
import { type Route, route } from '../route.ts';

const DAY_MS = 86_400_000;

const funnel = z
  .strictObject({
    object: z.literal('funnel'),
    from: day(),
    to: day(),
    data: z.array(
      z.strictObject({
        provider: z.string().nullable().describe('`null`: no bank was chosen.'),
        steps: z
          .record(z.string(), z.int())
          .describe(
            'How many visits reached each step: `created`, `opened` (the first *Continue*), every phase a session can have, and `open` for those still under way.',
          ),
      }),
    ),
  })
  .meta({ id: 'Funnel', description: 'How far visits came, by bank. Counts only, nothing about a person.' });

/** Where people stop on their way. */
export const FUNNEL_ROUTES: Route[] = [
  route({
    method: 'GET',
    path: '/v1/funnel',
    operation: 'get_funnel',
    group: 'Sessions',
    summary: 'Count how far visits came, by bank and step',
    description: `Sessions created from \`from\` to \`to\`, both inclusive; at most ${MOST_FUNNEL_DAYS} days, the last thirty unless said. What happened in one session, dated, stands in its \`phases\`.`,
    query: z.strictObject({ from: day().optional(), to: day().optional() }),
    answer: funnel,
    problems: [],
    handle: async ({ platform, caller, query }) => {
      const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
      const to = query.to ?? dayOf(platform.clock.now().getTime());
      const from = query.from ?? dayOf(new Date(`${to}T00:00:00Z`).getTime() - 29 * DAY_MS);
      return { object: 'funnel', from, to, data: await countFunnel(platform, caller, { from, to }) };
    },
  }),
];
