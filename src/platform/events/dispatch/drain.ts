import type { Egress } from '../../../base/egress.ts';
import { newId } from '../../../base/ids.ts';
import type { Platform, Tenant } from '../../platform.ts';
import { hostEntry, refuseEndpointUrl } from '../endpoint-url.ts';
import { presentEvent } from '../events.ts';
import { openSecret } from '../signing.ts';
import {
  findHeldEndpoint,
  type Held,
  holdEndpoint,
  type Kept,
  keepAttempts,
  type Message,
  releaseEndpoint,
  type Standing,
  selectDue,
  selectProbe,
  wakeMessages,
} from './queue-store.ts';
import { FAILURES_TO_REST, LONGEST_MS, MOST_IN_FLIGHT, pauseAfter, restAfter } from './schedule.ts';
import { type Attempt, sendOnce, type Target } from './sending.ts';

/** Sends one endpoint what is due, for as long as there is something, and a moment longer. */
export type Drain = {
  /** There may be more. */
  look(): void;
  /** Begins nothing more. */
  stop(): void;
  readonly done: Promise<void>;
};

const BATCH = 500;
/** Fewer than this unsent, and more is fetched: sending does not wait for what was sent to be written down, */
const LOW = 250;
/** but for no more than this. */
const MOST_HELD = 4000;
const LINGER_MS = 1000;
/** How often the lease is renewed: in between it is only looked whether it is still ours. */
const RENEW_MS = 5000;

/** Drains an endpoint that this server has leased. Within a line one event follows the other; a failed one holds its line. */
export function openDrain(
  platform: Platform,
  egress: Egress,
  owner: string,
  { tenant, id }: { tenant: Tenant; id: string },
): Drain {
  const lines = new Map<string, Message[]>();
  const ready: string[] = [];
  const held = new Set<number>();
  /** Lines whose failed event is not written down yet: the database would still say that they may go on. */
  const stuck = new Set<string>();
  const attempts: { kept: Kept; line: string }[] = [];
  let target: Target | undefined;
  let standing: Standing | undefined;
  let inFlight = 0;
  let unsent = 0;
  let width = MOST_IN_FLIGHT;
  let probing = false;
  let ended = false;
  let more = true;
  let renewedAtMs = Number.NEGATIVE_INFINITY;
  let keeping: Promise<void> | undefined;
  let wake: () => void = () => undefined;

  async function run(): Promise<void> {
    try {
      while (!ended) {
        if (more && unsent < LOW && held.size < MOST_HELD) await refill();
        startLines();
        if (inFlight > 0 || attempts.length > 0 || keeping) await settled();
        else if (!more && !(await somethingNew())) break;
      }
      while (inFlight > 0 || attempts.length > 0 || keeping) await settled();
    } finally {
      await platform.database.run(releaseEndpoint(tenant, id, owner));
    }
  }

  /** Reads how the endpoint stands and what is due; without the lease, or when it was switched off, this is the end. */
  async function refill(): Promise<void> {
    more = false;
    const now = platform.clock.now();
    const looking = standing && !probing ? findDue(now) : undefined;
    looking?.catch(() => undefined);
    const endpoint = await hold();
    if (!endpoint) {
      ended = true;
      return;
    }
    target = targetOf(platform, tenant, id, endpoint);
    if (!standing) {
      const { failures, failingSince, rests, restingUntil } = endpoint;
      standing = { failures, failingSince, rests, restingUntil, disabled: null };
      probing = restingUntil !== null;
      if (probing) width = 1;
    }
    const found = await (looking ?? findDue(now));
    more = !probing && found.length === BATCH;
    for (const message of found) {
      if (stuck.has(message.line)) continue;
      held.add(message.seq);
      unsent += 1;
      const line = lines.get(message.line);
      if (line) line.push(message);
      else {
        lines.set(message.line, [message]);
        ready.push(message.line);
      }
    }
  }

  function findDue(now: Date): Promise<Message[]> {
    const statement = probing ? selectProbe(tenant, id) : selectDue(tenant, id, [...held], now, BATCH);
    return platform.database.read.rows<Message>(statement);
  }

  /** How the endpoint stands, if it is still ours. */
  async function hold(): Promise<Held | undefined> {
    const nowMs = performance.now();
    if (nowMs - renewedAtMs < RENEW_MS) return platform.database.read.first<Held>(findHeldEndpoint(tenant, id, owner));
    const endpoint = await platform.database.first<Held>(holdEndpoint(tenant, id, owner));
    renewedAtMs = nowMs;
    return endpoint;
  }

  function startLines(): void {
    while (!ended && inFlight < width && ready.length > 0) {
      const name = ready.shift()!;
      const message = lines.get(name)![0]!;
      inFlight += 1;
      unsent -= 1;
      void tell(name, message);
    }
  }

  async function tell(name: string, message: Message): Promise<void> {
    const now = platform.clock.now();
    const body = JSON.stringify(
      presentEvent({ id: message.event, type: message.type, created_at: message.createdAt, data: message.data }),
    );
    const wireAt = new Date(now.getTime() - platform.clock.aheadMs);
    const attempt = await sendOnce(egress, target!, { event: message.event, body }, wireAt).catch(
      (error: unknown): Attempt => {
        platform.log.error('webhook.failed', { error });
        return { outcome: 'malformed', status: null, ms: 0, answer: null };
      },
    );
    inFlight -= 1;
    // What the end of the server cut off says nothing about the endpoint: it is sent again.
    if (!(stopping && attempt.outcome !== 'delivered')) settle(name, message, attempt, now);
    wake();
  }

  function settle(name: string, message: Message, attempt: Attempt, at: Date): void {
    const delivered = attempt.outcome === 'delivered';
    judge(attempt, at);
    const nextAt = delivered ? null : nextAttempt(message, attempt, at);
    const { outcome, status, ms, answer } = attempt;
    const kept: Kept = {
      seq: message.seq,
      id: newId('delivery'),
      event: message.event,
      attempt: message.attempts + 1,
      at,
      outcome,
      status,
      ms,
      answer,
      nextAt,
    };
    attempts.push({ kept, line: name });
    const line = lines.get(name)!;
    line.shift();
    // Behind one that has to wait everything waits; it is found again when that one is through.
    if (nextAt) {
      stuck.add(name);
      for (const waiting of line.splice(0)) {
        held.delete(waiting.seq);
        unsent -= 1;
      }
    }
    if (line.length > 0) ready.push(name);
    else lines.delete(name);
    keep();
  }

  /** The breaker: too many failures in a row, or a wish to be left alone, end this drain; a first success opens it wide. */
  function judge(attempt: Attempt, at: Date): void {
    const now = standing!;
    if (attempt.outcome === 'delivered') {
      if (probing) void platform.database.run(wakeMessages(tenant, id, at)).catch(reportKeeping);
      if (probing || now.failures > 0)
        standing = { failures: 0, failingSince: null, rests: 0, restingUntil: null, disabled: null };
      probing = false;
      width = Math.min(MOST_IN_FLIGHT, width * 2);
      more = more || width < MOST_IN_FLIGHT;
      return;
    }
    const failures = now.failures + 1;
    const failingSince = now.failingSince ?? at;
    const wishes = attempt.outcome === 'rate_limited' || (attempt.status === 503 && attempt.retryAfterMs !== undefined);
    const rests = wishes ? now.rests : now.rests + 1;
    const restMs = wishes ? (attempt.retryAfterMs ?? 60_000) : restAfter(now.rests);
    const tired = wishes || probing || failures >= FAILURES_TO_REST;
    const failing = at.getTime() - failingSince.getTime() >= LONGEST_MS;
    const disabled = attempt.outcome === 'gone' ? 'gone' : failing ? 'failing' : null;
    standing = ended
      ? { ...now, failures, failingSince, disabled: now.disabled ?? disabled }
      : {
          failures,
          failingSince,
          rests: tired ? rests : now.rests,
          restingUntil: tired ? new Date(at.getTime() + restMs) : null,
          disabled,
        };
    if (disabled) platform.log.warn('webhook.disabled', { name: id, reason: disabled });
    if (tired || disabled) ended = true;
  }

  /** When this event is tried again; null when its three days are over while others were told. */
  function nextAttempt(message: Message, attempt: Attempt, at: Date): Date | null {
    const first = message.firstAt ?? at;
    const pauseMs = Math.max(pauseAfter(message.attempts + 1), attempt.retryAfterMs ?? 0);
    const othersWereTold = standing!.failingSince === null || standing!.failingSince > first;
    if (othersWereTold && at.getTime() + pauseMs - first.getTime() > LONGEST_MS) return null;
    return new Date(at.getTime() + pauseMs);
  }

  /** Writes what has gathered; while one write is under way the next gathers. */
  function keep(): void {
    if (keeping || attempts.length === 0) return;
    const batch = attempts.splice(0);
    keeping = platform.database
      .together(
        keepAttempts(
          tenant,
          id,
          owner,
          batch.map(({ kept }) => kept),
          standing!,
          platform.clock.now(),
        ),
      )
      .then(() => {
        for (const { kept, line } of batch) {
          held.delete(kept.seq);
          stuck.delete(line);
        }
      })
      .catch((error: unknown) => {
        // Not kept, so it will be told once more: the receiver knows it by its webhook-id.
        ended = true;
        reportKeeping(error);
      })
      .finally(() => {
        keeping = undefined;
        keep();
        wake();
      });
  }
  const reportKeeping = (error: unknown) => platform.log.warn('webhook.not_kept', { name: id, error });

  const settled = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  /** Keeps the endpoint for a moment: where something happens, more happens soon. */
  async function somethingNew(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      settled(),
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, LINGER_MS);
      }),
    ]);
    clearTimeout(timer);
    return more;
  }
  let stopping = false;
  const done = run().catch((error: unknown) => platform.log.warn('webhook.drain_ended', { name: id, error }));
  return {
    look() {
      more = true;
      wake();
    },
    stop() {
      stopping = true;
      ended = true;
      wake();
    },
    done,
  };
}

function targetOf(platform: Platform, tenant: Tenant, id: string, endpoint: Held): Target {
  const previous =
    endpoint.previousSecret && endpoint.previousUntil && endpoint.previousUntil > platform.clock.now()
      ? [endpoint.previousSecret]
      : [];
  return {
    id,
    url: endpoint.url,
    hosts: [hostEntry(endpoint.url)],
    keys: [endpoint.secret, ...previous].map((sealed) => openSecret(platform.vault, tenant, id, sealed)),
    refused: refuseEndpointUrl(platform, endpoint.mode, endpoint.url),
  };
}
