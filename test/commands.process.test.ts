import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { hashToken } from '../src/base/vault.ts';
import { findCaller, updateTenant } from '../src/platform/apps/apps.ts';
import { approvesAtBank, logsInAtBank } from './journeys/ways.ts';
import { root } from './sources.ts';
import { type World, world } from './world.ts';

describe('npm run connect', () => {
  let here: World;
  before(async () => {
    here = await world();
    const { tenant } = (await findCaller(here.server.platform, hashToken(here.key)))!;
    await updateTenant(here.server.platform, tenant, { settings: { headless: true } });
    writeFileSync(join(here.settings.dataDir, 'demo.json'), JSON.stringify({ base_url: here.url, test_key: here.key }));
  });
  const children = new Set<ChildProcessWithoutNullStreams>();
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await here.close();
  });

  test('walks an embedded bank to its accounts, with what is typed', async () => {
    const walk = begin('de-lindental');
    await walk.answers(/Continue[\s\S]*Which one\? \[1\] $/, '');
    await walk.answers(/Agree and go on[\s\S]*Which one\? \[1\] $/, '');
    for (let round = 0; round < 2; round++) {
      await walk.answers(/Sign in[\s\S]*Which one\? \[1\] $/, '');
      if (round === 0) await walk.answers(/User name: $/, 'ida');
      await walk.answers(/Password or PIN: $/, 'lindental-3');
    }
    await walk.answers(/Share and finish[\s\S]*Which one\? \[1\] $/, '');
    await walk.answers(/\[y\/N\] $/, 'y');
    assert.equal(await walk.ends(), 0, walk.said());
    assert.match(walk.said(), /The session is finished\./);
    assert.match(walk.said(), /booked +-?\d+\.\d\d EUR/);
    assert.ok(!walk.said().includes('lindental-3'));
  });

  test('leads a browser to a redirected bank, and goes on when it is back', async () => {
    const walk = begin('gb-harrowby');
    await walk.answers(/Continue[\s\S]*Which one\? \[1\] $/, '');
    await walk.answers(/Agree and go on[\s\S]*Which one\? \[1\] $/, '');
    const [, door] = await walk.says(/it leads on to the bank:\s+(http\S+)/);
    const person = await here.person('plain HTTP');
    await person.opens(door!);
    await logsInAtBank(person, 'alice', 'harrowby-1');
    await approvesAtBank(person);
    assert.equal(await walk.ends(), 0, walk.said());
    assert.match(walk.said(), /GBP/);
  });

  test('says what to do where no server runs', async () => {
    const walk = begin('de-lindental', join(here.settings.dataDir, 'nowhere'));
    assert.equal(await walk.ends(), 1);
    assert.match(walk.said(), /run npm start first/);
  });

  function begin(provider: string, dataDir = here.settings.dataDir) {
    const env = { PATH: process.env.PATH ?? '', DATA_DIR: dataDir };
    const child: ChildProcessWithoutNullStreams = spawn(process.execPath, ['src/commands/connect.ts', provider], {
      cwd: root,
      env,
    });
    children.add(child);
    let said = '';
    let read = 0;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    const ended = once(child, 'exit');
    const says = async (words: RegExp): Promise<RegExpExecArray> => {
      for (const until = performance.now() + 20_000; performance.now() < until; await wait(20)) {
        const match = words.exec(said.slice(read));
        if (!match) continue;
        read = said.length;
        return match;
      }
      return assert.fail(`it did not say ${words}, but:\n${said.slice(-1500)}`);
    };
    const types = (line: string) => void child.stdin.write(`${line}\n`);
    return {
      said: () => said,
      says,
      types,
      async answers(question: RegExp, line: string) {
        await says(question);
        types(line);
      },
      /** Its exit code; one that does not end is ended, and has none. */
      async ends(): Promise<number | null> {
        const limit = setTimeout(() => child.kill('SIGKILL'), 30_000);
        const [code] = await ended;
        clearTimeout(limit);
        return code;
      },
    };
  }
});
