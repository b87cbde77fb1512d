import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { startTestApp, type TestApp } from '../app.ts';
import { type FreshDatabase, freshDatabase } from '../database.ts';
import { FINE, OTTO, PASSWORD, type Person } from '../journeys/own-login.ts';
import { agrees } from '../journeys/ways.ts';
import { type PlainVisitor, plainVisitor } from '../visitor/plain.ts';
import { freePorts, type ServerProcess, startProcess } from './child.ts';

const PROCESSES = 4;

describe('a PIN that was typed once, counted by the bank', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-pins-'));
  const servers: ServerProcess[] = [];
  let database: FreshDatabase;
  let app: TestApp;
  before(async () => {
    database = await freshDatabase();
    const shared = { DATABASE_URL: database.url, VAULT_KEY: randomBytes(32).toString('hex') };
    for (let at = 0; at < PROCESSES; at++)
      servers.push(await startProcess(join(folder, String(at)), await freePorts(), shared));
    const { test_key } = servers[0]!.demo;
    app = await startTestApp({ baseUrl: () => servers[1]!.url, key: () => test_key });
    await app.post('/v1/account', { return_urls: [app.returnUrl] });
  });
  after(async () => {
    await app?.close();
    await Promise.all(servers.map((server) => server.stop()));
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is one login, however many processes are sent it at once', async () => {
    const counted = await wrongPins(OTTO);
    const person = await stopsAtSignIn(servers[0]!, OTTO);
    const windows = await Promise.all(servers.map((server) => sameVisitAt(server, person)));
    await Promise.all(windows.map((window) => types(window, OTTO, 'not-it')));
    await everybody((window) => window.sees('The sign-in was refused', 30_000), windows);
    assert.equal(await wrongPins(OTTO), counted + 1);
  });

  test('is one login where its process is killed before it hears the answer, and no other process sends it again', async () => {
    const counted = { pins: await wrongPins(OTTO), dialogs: await dialogs(FINE) };
    const dying = servers.shift()!;
    await order(dying, 'POST /banks/de-havelstein/behaviour', {
      operation: 'dialog',
      kind: 'hang_after_headers',
      times: 2,
    });
    const wrong = await stopsAtSignIn(dying, OTTO);
    const right = await stopsAtSignIn(dying, FINE);
    const unheard = [types(wrong, OTTO, 'not-it'), types(right, FINE, FINE.password)].map((one) => one.catch(() => {}));
    await until(async () => (await wrongPins(OTTO)) > counted.pins && (await dialogs(FINE)) > counted.dialogs);
    await dying.kill();
    await Promise.all(unheard);
    // Long enough for every job and sweep that could think of going on with it.
    for (const server of servers) await order(server, 'POST /clock', { advance: '5m' });
    const windows = await Promise.all([wrong, right].map((person) => sameVisitAt(servers[0]!, person)));
    await everybody(async (window) => {
      await until(async () => {
        await window.reloads();
        return /interrupted/i.test(await window.text());
      });
    }, windows);
    assert.deepEqual([await wrongPins(OTTO), await dialogs(FINE)], [counted.pins + 1, counted.dialogs + 1]);
  });

  async function stopsAtSignIn(server: ServerProcess, who: Person): Promise<PlainVisitor> {
    const person = plainVisitor();
    const { id: customer } = await app.post('/v1/customers', {});
    const consent = await app.post('/v1/consents', { customer, provider: who.bank, return_url: app.returnUrl });
    const { pathname, search } = new URL(consent.redirect.consent_url);
    await person.opens(`${server.url}${pathname}${search}`);
    if (await person.canPress('Continue')) await person.presses('Continue');
    await agrees(person);
    await person.sees('Sign in to', 30_000);
    return person;
  }

  async function sameVisitAt(server: ServerProcess, person: PlainVisitor): Promise<PlainVisitor> {
    const window = plainVisitor({ jar: person.jar, address: person.address });
    await window.opens(`${server.url}${new URL(person.url()).pathname}`);
    return window;
  }

  async function types(window: PlainVisitor, who: Person, password: string): Promise<void> {
    await window.fills(/^(User name|Username|.*Anmeldename)/i, who.login);
    await window.fills(PASSWORD, password);
    await window.presses(/^Sign in$/);
  }

  // biome-ignore lint/suspicious/noExplicitAny: whatever control tells
  async function counts(who: Person): Promise<any> {
    const { logins } = await order(servers.at(-1)!, `GET /banks/${who.bank}/fints`);
    return logins.find(({ login }: { login: string }) => login === who.login);
  }
  const wrongPins = async (who: Person): Promise<number> => (await counts(who))?.wrong_pins ?? 0;
  const dialogs = async (who: Person): Promise<number> => (await counts(who))?.dialogs ?? 0;

  // biome-ignore lint/suspicious/noExplicitAny: whatever control tells
  async function order(server: ServerProcess, what: string, body?: object): Promise<any> {
    const [method, path] = what.split(' ');
    const { port } = new URL(server.url);
    const token = readFileSync(join(server.dataDir, 'sandbox', 'control-token'), 'utf8').trim();
    const answer = await fetch(`http://127.0.0.1:${Number(port) + CONTROL}${path}`, {
      method: method!,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    assert.ok(answer.ok, `${what}: ${answer.status}`);
    return answer.status === 204 ? undefined : answer.json();
  }
});

/** The control port of the pretend banks, after the server's own. */
const CONTROL = 3;

async function everybody<One>(does: (one: One) => Promise<void>, all: readonly One[]): Promise<void> {
  await Promise.all(all.map(does));
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 30_000; !(await holds()); await wait(100))
    assert.ok(performance.now() < end, 'waited in vain');
}
