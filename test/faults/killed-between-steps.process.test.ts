import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startTestApp, type TestApp } from '../app.ts';
import { connects, WAYS, type Way } from '../journeys/ways.ts';
import { plainVisitor } from '../visitor/plain.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { freePorts, type ServerProcess, startProcess } from './child.ts';

describe('kill -9 of the server between any two steps', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'drawbridge-steps-'));
  let port: number;
  let server: ServerProcess;
  let app: TestApp;
  before(async () => {
    port = await freePorts();
    server = await startProcess(dataDir, port);
    const { test_key } = server.demo;
    app = await startTestApp({ baseUrl: () => server.url, key: () => test_key });
  });
  after(async () => {
    await app?.close();
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  for (const way of [WAYS.redirected, WAYS.oauth, WAYS.cards] as Way[]) {
    test(`${way.name}: the person goes on where they were`, async () => {
      let kills = 0;
      const person = killing(plainVisitor(), async () => {
        await server.kill();
        server = await startProcess(dataDir, port);
        kills += 1;
      });
      const { id: customer } = await app.post('/v1/customers', {});
      const consent = await app.post('/v1/consents', { customer, provider: way.bank });
      await connects(person, consent.redirect.consent_url, way, { approvesEverything: () => async () => undefined });
      await person.sees(`${way.bankName} is connected`);
      assert.ok(kills >= 3, `${kills} kills`);
      assert.equal((await app.get(`/v1/consents/${consent.id}`)).status, 'authorized');
      const { data } = await app.get(`/v1/bank_accounts?consent=${consent.id}`);
      assert.ok(data.length > 0);
      const timeline = await app.get(`/v1/consents/${consent.id}/timeline`);
      const authorized = timeline.data.filter((entry: { to: string | null }) => entry.to === 'authorized');
      assert.equal(authorized.length, 1);
    });
  }
});

/** Kills the server before each thing the person does. */
function killing(person: Visitor, kill: () => Promise<void>): Visitor {
  return {
    ...person,
    async presses(name) {
      await kill();
      await person.presses(name);
    },
    async follows(name) {
      await kill();
      await person.follows(name);
    },
  };
}
