import { type World, world } from '../world.ts';
import type { Settings } from '../../src/settings.ts';

/** One threat of the threat model (docs/reference/threats.md), played against a started server. */
export type Play = {
  /** As in the threat model. */
  id: string;
  threat: string;
  /** Takes less than three seconds: played by `npm test` as well. */
  quick: boolean;
  play(stage: Stage): Promise<void>;
};

/** What a play is given. It fails by an attack that succeeds, and by a control that does not. */
export type Stage = {
  /** False in `npm test`, where what takes long is left out. */
  atLength: boolean;
  /** Server, pretend banks, app and people; shared by all plays that do not change its settings. */
  world(): Promise<World>;
  /** One of the play's own, closed after it. */
  ownWorld(settings?: Partial<Settings>): Promise<World>;
  /** One attack, or many of a kind: `tried` says how many of them the attacker had success with. */
  attack(what: string, tried: () => Promise<boolean | number>, times?: number): Promise<void>;
  /** What must work, or the attacks would prove nothing: the rightful owner's way, a listener that does hear. */
  control(what: string, worked: boolean): void;
  /** Something measured, for the reader. */
  note(what: string): void;
  /** Called when the play is over, last first. */
  after(end: () => Promise<unknown> | unknown): void;
};

/** How a play went. */
export type Outcome = { id: string; attempts: number; successes: string[]; broken: string[] };

/** Plays one threat and says each line as it happens. */
export async function playOut(
  play: Play,
  shared: () => Promise<World>,
  say: (line: string) => void,
  atLength = true,
): Promise<Outcome> {
  const outcome: Outcome = { id: play.id, attempts: 0, successes: [], broken: [] };
  const endings: (() => Promise<unknown> | unknown)[] = [];
  say(`${play.id}  ${play.threat}`);
  const stage: Stage = {
    atLength,
    world: shared,
    async ownWorld(settings) {
      const own = await world(settings);
      endings.push(() => own.close());
      return own;
    },
    async attack(what, tried, times = 1) {
      outcome.attempts += times;
      let won: number;
      try {
        won = Number(await tried());
      } catch (error) {
        outcome.broken.push(`${what}: ${(error as Error).message}`);
        say(`  ?  ${what}: could not be tried: ${(error as Error).message.slice(0, 600)}`);
        return;
      }
      if (won > 0) outcome.successes.push(what);
      say(
        `  ${won > 0 ? '✗' : '·'}  ${what}${times > 1 ? ` (${times} times)` : ''}: ${won > 0 ? `${won} SUCCEEDED` : 'refused'}`,
      );
    },
    control(what, worked) {
      if (!worked) outcome.broken.push(what);
      say(`  ${worked ? '✓' : '?'}  ${what}${worked ? '' : ': DID NOT WORK'}`);
    },
    note: (what) => say(`     ${what}`),
    after: (end) => void endings.push(end),
  };
  try {
    await play.play(stage);
  } catch (error) {
    outcome.broken.push((error as Error).message);
    say(`  ?  the play broke off: ${(error as Error).stack?.slice(0, 1500)}`);
  }
  for (const end of endings.reverse()) await end();
  say(
    `  ${outcome.successes.length} successes of ${outcome.attempts}${outcome.broken.length ? `, ${outcome.broken.length} BROKEN` : ''}`,
  );
  return outcome;
}
