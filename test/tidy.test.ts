import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, test } from 'node:test';
import { listImports, listSources, root, type Source, withoutComments } from './sources.ts';

const sources = listSources();
const code = sources.filter(({ path }) => /\.(ts|mjs|js)$/.test(path));
const shipped = code.filter(({ path }) => path.startsWith('src/') && !isTest(path));

/** Who may import whom: the folders of ours and the packages. What is not written here is not allowed. */
const LAYERS: { folder: RegExp; ours: RegExp; packages: RegExp; node: RegExp }[] = [
  layer('src/banking/', ['src/banking/'], ['zod', 'ibantools'], []),
  layer(
    'src/base/',
    ['src/base/'],
    ['fastify', 'nodemailer', 'openid-client', 'pg', 'pg-boss', 'pino', 'sql-template-tag', 'undici', 'zod'],
    ['.+'],
  ),
  layer('src/connectors/index.ts', ['src/connectors/', 'src/banking/'], [], []),
  layer('src/connectors/([^/]+)/', ['src/connectors/$1/', 'src/banking/'], ['zod'], ['buffer', 'crypto', 'util']),
  layer(
    'src/platform/',
    ['src/platform/', 'src/banking/', 'src/base/'],
    ['yaml', 'zod', 'sql-template-tag', 'otpauth', '@simplewebauthn/server'],
    ['buffer', 'crypto', 'events', 'fs', 'fs/promises', 'net', 'path', 'timers/promises', 'url', 'util', 'zlib'],
  ),
  layer('src/api/', ['src/api/', 'src/platform/', 'src/banking/', 'src/base/'], ['fastify', 'zod'], ['.+']),
  layer('src/pages/', ['src/pages/', 'src/platform/', 'src/banking/', 'src/base/'], ['fastify', 'qr', 'zod'], ['.+']),
  layer(
    'src/sandbox/',
    ['src/sandbox/', 'src/base/'],
    ['@peculiar/x509', 'fastify', 'oidc-provider', 'postal-mime', 'qr', 'smtp-server', 'zod'],
    ['.+'],
  ),
  layer('src/settings', ['src/base/', 'src/settings/'], ['zod'], ['.+']),
  layer('(src/main.ts|src/commands/|test/|bench/)', ['src/', 'test/', 'bench/', 'examples/'], ['.+'], ['.+']),
  layer('setup/', ['setup/'], [], ['.+']),
  layer('examples/([^/]+)/', ['examples/$1/'], [], ['.+']),
  layer('clients/', ['clients/'], [], ['.+']),
];

/** What only one place may do: what to look for, where it is allowed, what to do instead. */
const BANS: { what: string; pattern: RegExp; allowed: RegExp; instead: string }[] = [
  ban(
    'the environment',
    /(?<!readSettings\()\bprocess\.env\b/,
    /^src\/settings\.ts$/,
    'take it from Settings (src/settings.ts)',
  ),
  ban(
    'the clock',
    /\bDate\.now\(|\bnew Date\(\)/,
    /^src\/(base\/clock\.ts|pages\/static\/)/,
    'use the Clock you are handed',
  ),
  ban(
    'outgoing connections',
    /\bfetch\(|\b(net|tls)\.connect\(|\bhttps?\.(request|get)\(|\bfrom 'undici'|\bnew WebSocket\(/,
    /^src\/(base\/egress[^/]*\.ts|base\/egress\/|pages\/static\/)/,
    'go through Egress (src/base/egress.ts)',
  ),
  ban(
    'SQL',
    /\bsql`/,
    /^src\/(platform\/[^/]+\/(.+-)?store\.ts|base\/|sandbox\/(.+-)?store\.ts)/,
    'put the statement into the store.ts of its noun',
  ),
  ban('randomness', /\bMath\.random\(/, /^$/, 'use randomText or newId (src/base/ids.ts)'),
  ban(
    'the console',
    /\bconsole\.\w+\(|\bprocess\.std(out|err)\.write\(/,
    /^src\/(main\.ts|commands\/|base\/log\.ts)/,
    'use the Log you are handed',
  ),
  ban('comparing secrets', /\btimingSafeEqual\b/, /^src\/base\/vault\.ts$/, 'use sameBytes (src/base/vault.ts)'),
  ban('evaluating text', /\beval\(|\bnew Function\(/, /^$/, 'write code'),
];

describe('tidy', () => {
  test('each folder imports only what its layer allows', () => {
    const wrong = code.filter(({ path }) => !isTest(path)).flatMap(importsOutOfLayer);
    assert.deepEqual(
      wrong,
      [],
      'See "Who imports whom" in ARCHITECTURE.md: move the code, or hand the thing in from main.ts.',
    );
  });

  for (const { what, pattern, allowed, instead } of BANS) {
    test(`${what}: one place only`, () => {
      const wrong = shipped
        .filter(({ path }) => !allowed.test(path))
        .flatMap((source) => linesWith(source, pattern))
        .map((place) => `${place}: ${instead}`);
      assert.deepEqual(wrong, []);
    });
  }

  test('no file is above 400 lines', () => {
    const long = sources
      .filter(({ path }) => /\.(ts|mjs|css|sql|yaml)$/.test(path))
      .filter(({ text }) => text.split('\n').length > 401)
      .map(({ path, text }) => `${path}: ${text.split('\n').length} lines: split it by what it is about`);
    assert.deepEqual(long, []);
  });

  test('names say what is inside', () => {
    const banned = /^(utils?|helpers?|common|types?|constants?|managers?|services?|misc|shared|lib)$/i;
    const wrong = sources
      .flatMap(({ path }) => path.split('/').map((part) => ({ path, name: part.replace(/\..*$/, '') })))
      .filter(({ name }) => banned.test(name))
      .map(({ path, name }) => `${path}: "${name}" says nothing: name it after what it holds`);
    assert.deepEqual([...new Set(wrong)], []);
  });

  test('nothing exported is called a manager, service, helper, impl or dto', () => {
    const wrong = code.flatMap((source) =>
      linesWith(source, /^export .*\b(class|function|const|type) \w*(Manager|Service|Helper|Impl|Dto)\b/),
    );
    assert.deepEqual(wrong, []);
  });

  test('a folder holds about a dozen things and lies at most four deep', () => {
    const deep = code.filter(({ path }) => path.split('/').length > 5).map(({ path }) => `${path}: too deep`);
    const folders = new Set(shipped.map(({ path }) => dirname(path)));
    const full = [...folders]
      .map((folder) => ({ folder, count: readdirSync(join(root, folder)).filter((name) => !isTest(name)).length }))
      .filter(({ count }) => count > 16)
      .map(({ folder, count }) => `${folder}: ${count} entries: group them`);
    assert.deepEqual([...deep, ...full], []);
  });

  test('everything exported says in a sentence what it means', () => {
    assert.deepEqual(
      [...shipped, ...code.filter(({ path }) => /^(bench|test)\//.test(path) && !isTest(path))].flatMap(undocumented),
      [],
    );
  });

  test('no test is left alone or out without a reason', () => {
    const wrong = code
      .filter(({ path }) => isTest(path) && path !== 'test/tidy.test.ts')
      .flatMap((source) =>
        linesWith(source, /\b(test|it|describe)\.only\(|\bonly: true|\bskip: true|\b(test|it|describe)\.skip\(/),
      );
    assert.deepEqual(wrong, []);
  });

  test('nothing speaks of the machine it was written on', () => {
    const homes = ['work', 'root', 'home', 'Users', 'opt', 'farm'].map((name) => `/${name}/[a-z]`).join('|');
    const machine = new RegExp(`(?<![\\w./-])(${homes})`);
    const wrong = sources
      .filter(({ path }) => !['LICENSE', '.ci/run', 'package-lock.json', 'test/chromium.ts'].includes(path))
      .filter(({ path }) => !path.startsWith('setup/') && !path.startsWith('src/base/postgres/'))
      .flatMap((source) => linesWith(source, machine, false));
    const outside = sources
      .filter(({ path }) => path !== '.ci/run')
      .flatMap((source) => linesWith(source, new RegExp(`\\.\\./${'shared'}`), false));
    assert.deepEqual([...wrong, ...outside], []);
  });
});

function layer(folder: string, ours: string[], packages: string[], node: string[]) {
  const any = (words: string[]) => new RegExp(`^(${words.join('|') || '$.'})$`);
  return {
    folder: new RegExp(`^${folder}`),
    ours: new RegExp(`^(${ours.join('|')})`),
    packages: any(packages),
    node: any(node),
  };
}

function ban(what: string, pattern: RegExp, allowed: RegExp, instead: string) {
  return { what, pattern, allowed, instead };
}

function isTest(path: string): boolean {
  return path.endsWith('.test.ts');
}

function importsOutOfLayer({ path, text }: Source): string[] {
  const rule = LAYERS.find(({ folder }) => folder.test(path));
  if (!rule) return [`${path}: this folder has no layer`];
  const own = rule.folder.exec(path)?.[1] ?? '';
  const ours = new RegExp(rule.ours.source.replaceAll('$1', own));
  return listImports(text)
    .filter((name) => {
      if (name.startsWith('node:')) return !rule.node.test(name.slice(5));
      if (name.startsWith('.')) return !ours.test(normalize(join(dirname(path), name)).replaceAll('\\', '/'));
      return !rule.packages.test(
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      );
    })
    .map((name) => `${path} imports ${name}`);
}

function linesWith({ path, text }: Source, pattern: RegExp, codeOnly = true): string[] {
  const lines = codeOnly ? withoutComments(text) : text.split('\n');
  return lines.flatMap((line, index) =>
    pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 90)}`] : [],
  );
}

/** Exports without a comment above; names derived from a documented neighbour (`keyof typeof X`) say enough. */
function undocumented({ path, text }: Source): string[] {
  // A store's statements are called by what they do, and only their own noun uses them.
  if (path.endsWith('store.ts') || /sample/.test(path)) return [];
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (!/^export (async )?(function|const|let|type|class|interface)\b/.test(line)) return [];
    if (/^export type \w+ = (keyof typeof|\(typeof|z\.\w+<typeof|typeof) |^export type \{/.test(line)) return [];
    const above = lines[index - 1]?.trim() ?? '';
    const overload = /^export (async )?function/.test(above);
    return above.endsWith('*/') || above.startsWith('//') || overload
      ? []
      : [`${path}:${index + 1}: ${line.slice(0, 80)}`];
  });
}
