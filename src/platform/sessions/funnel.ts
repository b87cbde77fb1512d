import type { Caller, Platform } from '../platform.ts';
import { Problem } from '../problems.ts';
import { countSteps } from './funnel-store.ts';

/** How far visits came, by bank; `provider` is null where none was chosen. Counts only: nothing in it is about a person. */
export type Funnel = { provider: string | null; steps: Record<string, number> }[];

const DAY_MS = 86_400_000;
/** A period is counted anew whenever it is asked for. */
export const MOST_FUNNEL_DAYS = 92;

/** Counts the visits created from the first to the last day, both inclusive, in UTC. */
export async function countFunnel(
  platform: Platform,
  caller: Pick<Caller, 'tenant'>,
  period: { from: string; to: string },
): Promise<Funnel> {
  const from = new Date(`${period.from}T00:00:00Z`);
  const until = new Date(new Date(`${period.to}T00:00:00Z`).getTime() + DAY_MS);
  const days = (until.getTime() - from.getTime()) / DAY_MS;
  if (days < 1 || days > MOST_FUNNEL_DAYS)
    throw new Problem('invalid_request', `Ask for 1 to ${MOST_FUNNEL_DAYS} days.`, {
      errors: [
        { pointer: '/to', detail: `must be at most ${MOST_FUNNEL_DAYS - 1} days after \`from\`, and not before it` },
      ],
    });
  const rows = await platform.database.read.rows<{ provider: string | null; step: string; visits: number }>(
    countSteps(caller.tenant, from, until),
  );
  const funnel: Funnel = [];
  for (const { provider, step, visits } of rows) {
    const last = funnel.at(-1);
    if (last && last.provider === provider) last.steps[step] = visits;
    else funnel.push({ provider, steps: { [step]: visits } });
  }
  return funnel;
}
