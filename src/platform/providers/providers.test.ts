import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { z } from 'zod';
import { ProviderNotFound } from './provider.ts';
import { createProviders, type Providers } from './providers.ts';

const quiet = { info() {}, warn() {} };

function file(name: string, country = 'DE', more = ''): string {
  return `name: ${name}
country: ${country}
environment: live
interfaces:
  - id: main
    standard: any
    account_types: [checking]
    sca: [redirected]
    base_url: https://bank.example
${more}`;
}

describe('the directory of banks', () => {
  let home: string;
  let providers: Providers;
  let changes = 0;
  const listeners = new Set<() => void>();

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'providers-'));
    await mkdir(join(home, 'ours'));
    await mkdir(join(home, 'operator'));
    await writeFile(join(home, 'ours', 'de-ours.yaml'), file('Ours'));
    await writeFile(join(home, 'operator', 'de-theirs.yaml'), file('Theirs'));
    await writeFile(join(home, 'operator', 'de-bad.yaml'), 'name: [');
    await writeFile(join(home, 'operator', 'de-ours.yaml'), file('Impostor'));
    await writeFile(join(home, 'operator', 'README.md'), 'not a bank');
    providers = await createProviders({
      folders: [
        { path: join(home, 'operator'), owner: 'operator' },
        { path: join(home, 'ours'), owner: 'ours' },
      ],
      factSchemas: { any: z.strictObject({}) },
      log: quiet,
      pollMs: 200,
      onChange: () => {
        changes += 1;
        for (const listener of listeners) listener();
      },
    });
  });
  after(async () => {
    providers.close();
    await rm(home, { recursive: true });
  });

  /** Resolves when the directory has become so. */
  function becomes(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition()) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
    });
  }

  it('loads what is good, refuses what is bad, and lets nobody take a slug of ours', () => {
    assert.deepEqual(
      providers.list().map((provider) => provider.name),
      ['Ours', 'Theirs'],
    );
    assert.equal(providers.get('de-ours').name, 'Ours');
    assert.deepEqual(
      providers
        .problems()
        .map(({ owner, file, line, reason }) => `${owner} ${file}:${line ?? ''} ${reason.slice(0, 60)}`),
      [
        'operator de-bad.yaml:1 Flow sequence in block collection must be sufficiently inden',
        "operator de-ours.yaml: de-ours is already one of Drawbridge's own banks (de-ours.ya",
      ].map((text) => text.slice(0, text.indexOf(' ', 9) + 61)),
    );
  });

  it('says which bank it does not know', () => {
    assert.equal(providers.find('de-nobody'), undefined);
    assert.throws(() => providers.get('de-nobody'), ProviderNotFound);
  });

  it('takes in a dropped file without a restart', async () => {
    await writeFile(join(home, 'operator', 'de-new.yaml'), file('Neubank'));
    await becomes(() => providers.find('de-new') !== undefined);
    assert.equal(providers.search({ q: 'neuban', limit: 1 }).data[0]?.id, 'de-new');
  });

  it('keeps what a file said while it is broken, and takes the mended one', async () => {
    await writeFile(join(home, 'operator', 'de-new.yaml'), 'name: Neu');
    await becomes(() => providers.problems().some((problem) => problem.file === 'de-new.yaml'));
    assert.equal(providers.get('de-new').name, 'Neubank');
    await writeFile(join(home, 'operator', 'de-new.yaml'), file('Neueste Bank'));
    await becomes(() => providers.get('de-new').name === 'Neueste Bank');
  });

  it('lets a bank go with its file', async () => {
    await rm(join(home, 'operator', 'de-new.yaml'));
    await becomes(() => providers.find('de-new') === undefined);
  });

  it('follows when the whole folder is swapped for another, and when it is gone', async () => {
    await mkdir(join(home, 'next'));
    await writeFile(join(home, 'next', 'fr-autre.yaml'), file('Autre', 'FR'));
    await rename(join(home, 'operator'), join(home, 'old'));
    await becomes(() => providers.find('de-theirs') === undefined);
    await rename(join(home, 'next'), join(home, 'operator'));
    await becomes(() => providers.find('fr-autre') !== undefined);
    await writeFile(join(home, 'operator', 'fr-encore.yaml'), file('Encore', 'FR'));
    await becomes(() => providers.find('fr-encore') !== undefined);
    assert.deepEqual(providers.problems(), []);
  });

  it('says nothing when nothing changed', async () => {
    const before = changes;
    await providers.refresh();
    await providers.refresh();
    assert.equal(changes, before);
  });

  it('gives a slug that two files want to the first of them by name', async () => {
    const members = file('Familie').replace(
      'name: Familie',
      'name: Familie\nmembers:\n  - { id: fr-autre, name: Zweite }',
    );
    await writeFile(join(home, 'operator', 'zfamily.yaml'), members.replace('country: DE', 'country: FR'));
    await becomes(() => providers.problems().length > 0);
    assert.equal(providers.get('fr-autre').name, 'Autre');
    assert.match(providers.problems()[0]!.reason, /^fr-autre is already a bank of fr-autre\.yaml$/);
  });
});
