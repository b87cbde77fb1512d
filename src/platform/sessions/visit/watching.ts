import type { Platform } from '../../platform.ts';
import type { Session } from '../session.ts';
import { selectMarks } from '../store.ts';

/** Looks at all watched visits together so often. */
const EVERY_MS = 1000;

type Watched = { tenant: number; id: string; mark: string; listeners: Set<() => void> };

/** Tells waiting pages of this server that their visit has moved: one look at the database for all of them. */
export type Watch = {
  /** Calls back whenever the visit has moved; returns how to stop. */
  watch(session: Session, onMoved: () => void): () => void;
  /** How many pages wait. */
  count(): number;
  close(): void;
};

/** A watch that sleeps while nobody waits. */
export function createWatch(platform: Platform): Watch {
  const watched = new Map<string, Watched>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;

  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      const marks = await platform.database.read.rows<{ id: string; mark: string }>(selectMarks([...watched.values()]));
      for (const { id, mark } of marks) {
        const visit = watched.get(id);
        if (!visit || visit.mark === mark) continue;
        visit.mark = mark;
        for (const listener of visit.listeners) listener();
      }
    } catch (error) {
      // The pages look for themselves now and then; the next look may find the database again.
      platform.log.warn('watch.failed', { error });
    } finally {
      looking = false;
    }
  };
  const rest = () => {
    clearInterval(timer);
    timer = undefined;
  };
  return {
    watch(session, onMoved) {
      const visit = watched.get(session.id) ?? {
        tenant: session.tenant,
        id: session.id,
        mark: markOf(session),
        listeners: new Set(),
      };
      visit.listeners.add(onMoved);
      watched.set(session.id, visit);
      timer ??= setInterval(look, EVERY_MS);
      return () => {
        visit.listeners.delete(onMoved);
        if (visit.listeners.size === 0) watched.delete(session.id);
        if (watched.size === 0) rest();
      };
    },
    count: () => [...watched.values()].reduce((sum, { listeners }) => sum + listeners.size, 0),
    close: () => {
      rest();
      watched.clear();
    },
  };
}

/** The same as `selectMarks` makes of the row. */
function markOf({ turn, turnState, status, phoneHolds, handover }: Session): string {
  return [turn, turnState, status, phoneHolds, handover !== null].join(' ');
}
