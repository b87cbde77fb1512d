import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { freePorts, type ServerProcess, startProcess } from './child.ts';

const KILLS = process.env.LONG ? 100 : 6;
const WRITERS = 8;

/** One write as its writer knows it: what was sent and, where an answer came, what it said. */
type Write = { key: string; reference: string; id?: string; doubtful?: true };

describe('kill -9 under load', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'drawbridge-kills-'));
  let server: ServerProcess;
  after(async () => {
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test(`of the server and of PostgreSQL, ${KILLS} times: no acknowledged write is lost or doubled (R1, I1, I2)`, async () => {
    const port = await freePorts();
    server = await startProcess(dataDir, port);
    const { base_url, test_key } = server.demo;
    const writes: Write[] = [];
    let over = false;
    const writers = Array.from({ length: WRITERS }, async () => {
      while (!over) {
        const write: Write = { key: randomUUID(), reference: randomUUID() };
        writes.push(write);
        await insist(base_url, test_key, write, () => over);
      }
    });
    for (let kill = 0; kill < KILLS; kill++) {
      await enough(writes, 60);
      if (kill % 2 === 0) {
        await server.kill();
        server = await startProcess(dataDir, port);
      } else {
        process.kill(server.postmaster(), 'SIGKILL');
      }
    }
    await enough(writes, 60);
    over = true;
    await Promise.all(writers);

    const acknowledged = writes.filter(({ id }) => id !== undefined);
    assert.ok(acknowledged.length >= KILLS * 60, `${acknowledged.length} writes`);
    const stored = await listAll(base_url, test_key);
    const counts = new Map<string, number>();
    for (const { reference } of stored) counts.set(reference, (counts.get(reference) ?? 0) + 1);
    const ids = new Map(stored.map(({ id, reference }) => [reference, id]));
    const lost = acknowledged.filter(({ id, reference }) => ids.get(reference) !== id);
    assert.deepEqual(lost, [], 'acknowledged and lost');
    assert.deepEqual(
      [...counts.values()].filter((count) => count !== 1),
      [],
      'doubled',
    );
    // The same key gives the same answer still, also where the first answer was lost on the way.
    for (const { key, reference, id } of acknowledged.filter(({ doubtful }) => doubtful).slice(0, 50)) {
      const again = await post(base_url, test_key, key, reference);
      assert.deepEqual([again.status, again.id], [201, id]);
    }
  });
});

/** Repeats a write under its idempotency key until it is acknowledged, as a careful client does. */
async function insist(baseUrl: string, key: string, write: Write, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const answer = await post(baseUrl, key, write.key, write.reference);
    if (answer.status === 201) {
      write.id = answer.id!;
      return;
    }
    assert.ok([0, 409, 429, 503].includes(answer.status), `an unexpected ${answer.status}`);
    write.doubtful = true;
    await wait(50);
  }
}

/** Waits until so many more writes were acknowledged. */
async function enough(writes: Write[], more: number): Promise<void> {
  const count = () => writes.filter(({ id }) => id !== undefined).length;
  const aim = count() + more;
  for (const until = performance.now() + 60_000; count() < aim; await wait(20))
    assert.ok(performance.now() < until, 'writing does not go on');
}

const agent = new Agent({ keepAlive: true, maxSockets: WRITERS });

function post(
  baseUrl: string,
  key: string,
  idempotencyKey: string,
  reference: string,
): Promise<{ status: number; id?: string }> {
  const body = JSON.stringify({ reference });
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'idempotency-key': idempotencyKey,
  };
  return exchange('POST', `${baseUrl}/v1/customers`, headers, body);
}

async function listAll(baseUrl: string, key: string): Promise<{ id: string; reference: string }[]> {
  const all = [];
  for (let cursor = ''; ; ) {
    const page = await exchange('GET', `${baseUrl}/v1/customers?limit=100${cursor}`, {
      authorization: `Bearer ${key}`,
    });
    if (page.status === 429) {
      await wait(200);
      continue;
    }
    assert.equal(page.status, 200);
    all.push(...page.data!);
    if (!page.has_more) return all;
    cursor = `&cursor=${encodeURIComponent(page.next_cursor!)}`;
  }
}

type Reply = {
  status: number;
  id?: string;
  data?: { id: string; reference: string }[];
  has_more?: boolean;
  next_cursor?: string;
};

function exchange(method: string, url: string, headers: Record<string, string>, body?: string): Promise<Reply> {
  return new Promise((done) => {
    const sent = request(url, { method, headers, agent, timeout: 20_000 }, async (response) => {
      try {
        let text = '';
        for await (const part of response.setEncoding('utf8')) text += part;
        const json = text.startsWith('{') ? JSON.parse(text) : {};
        done({ ...json, status: response.statusCode ?? 0 });
      } catch {
        // The answer broke off: nobody knows whether it was done. That is what the idempotency key is for.
        done({ status: 0 });
      }
    });
    sent.once('timeout', () => sent.destroy());
    sent.once('error', () => done({ status: 0 })).end(body);
  });
}
