import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, test } from 'node:test';
import { ROUTES } from '../src/api/routes.ts';
import { EVENT_TYPES } from '../src/platform/events/event-types.ts';
import { PROBLEMS } from '../src/platform/problems.ts';
import { ERROR_CODES, REMEDIES } from '../src/platform/remedies.ts';
import { SETTINGS } from '../src/settings.ts';
import { listSources, root } from './sources.ts';

const documents = listSources().filter(({ path }) => path.endsWith('.md'));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe('documentation', () => {
  test('every setting stands in the reference with its default and meaning, and nothing else does', () => {
    const documented = tableRows('docs/reference/settings.md').map((cells) => cells.join(' | '));
    const actual = SETTINGS.map(({ name, fallback, meaning }) => `\`${name}\` | ${fallback} | ${meaning}`);
    assert.deepEqual(documented, actual);
  });

  test('every problem code stands in the reference with its status, and nothing else does', () => {
    const documented = headings('docs/reference/problems.md').flatMap(codeIn).sort();
    assert.deepEqual(documented, Object.keys(PROBLEMS).sort());
  });

  test('every type of event stands in the reference, and nothing else does', () => {
    const documented = headings('docs/reference/events.md').flatMap(codeIn).sort();
    assert.deepEqual(documented, Object.keys(EVENT_TYPES).sort());
  });

  test('every error code stands in the reference with its meaning, and nothing else does', () => {
    const documented = tableRows('docs/reference/error-codes.md').map(([code, , meaning]) => [code, meaning]);
    assert.deepEqual(
      documented,
      Object.entries(ERROR_CODES).map(([code, meaning]) => [`\`${code}\``, meaning]),
    );
  });

  test('what follows when a bank says no stands in the reference as it is done', () => {
    const documented = tableRows('docs/reference/remedies.md').map(([kind, , ...follows]) => [kind, ...follows]);
    const done = Object.entries(REMEDIES).map(([kind, { turn, visit, actions, sync, connection, code }]) => {
      const offers = visit === 'refused' ? 'ended as refused' : actions.join(', ');
      return [`\`${kind}\``, turn, offers, sync, connection, `\`${code}\``];
    });
    assert.deepEqual(documented, done);
  });

  test('every route the documents name exists', () => {
    const known = new Set(ROUTES.map(({ path }) => plainRoute(path)));
    const ours = documents.filter(({ path }) => !path.startsWith('src/sandbox/'));
    const told = ours.flatMap(({ path, text }) =>
      [...text.matchAll(/\/v1\/[a-z_]+(?:\/[\w{}…]+)*/g)].map((match) => ({ path, route: plainRoute(match[0]) })),
    );
    assert.ok(told.length > 10);
    assert.deepEqual(
      told.filter(({ route }) => !known.has(route) && route !== '/v1/openapi'),
      [],
    );
  });

  test('every command in the documents exists, and every command is documented', () => {
    const told = documents.flatMap(({ path, text }) =>
      [...text.matchAll(/\bnpm (?:run ([a-z:]+)|(start|test))\b/g)].map((match) => ({
        path,
        name: match[1] ?? match[2]!,
      })),
    );
    const absent = told.filter(({ name }) => !(name in manifest.scripts)).map(({ path, name }) => `${path}: ${name}`);
    assert.deepEqual(absent, []);
    const known = new Set(told.map(({ name }) => name));
    assert.deepEqual(
      Object.keys(manifest.scripts).filter((name) => !known.has(name)),
      [],
    );
  });

  test('every link inside the project leads somewhere', () => {
    const broken = documents.flatMap(({ path, text }) => linksOf(text).flatMap((link) => brokenLink(path, link)));
    assert.deepEqual(broken, []);
  });

  test('every environment variable the documents name is a setting', () => {
    const known = new Set([...SETTINGS.map(({ name }) => name), 'CHROME_PATH', 'URL', 'KEY', 'ID', 'PATH']);
    const unknown = documents
      .filter(({ path }) => !path.startsWith('docs/decisions/'))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/`([A-Z][A-Z_]{3,}[A-Z])(?:=[^`]*)?`/g)]
          .map((match) => match[1]!)
          .filter((name) => name.includes('_') && !known.has(name) && !WIRE_WORDS.test(name))
          .map((name) => `${path}: ${name}`),
      );
    assert.deepEqual(unknown, []);
  });

  test('the changelog tells of the present version', () => {
    assert.match(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), new RegExp(`^## ${manifest.version}$`, 'm'));
  });
});

/** Words of the standards that are written like settings: `PSU_CREDENTIALS_INVALID`, `TOKEN_EXPIRED`. */
const WIRE_WORDS =
  /^(PSU|PSP|PARAMETER|SCA|TOKEN|CONSENT|ACCESS|ROLE|CERTIFICATE|PERIOD|SERVICE|FORMAT|RESOURCE|PRODUCT|CANCELLATION|STATUS|SESSION)_/;

function document(path: string): string {
  const found = documents.find((one) => one.path === path);
  assert.ok(found, `${path} is missing`);
  return found.text;
}

/** A route with `{}` for whatever stands in the place of an id. */
function plainRoute(path: string): string {
  return path
    .split('/')
    .map((part) => (/[{…]|^[a-z]{3}_[A-Za-z0-9]{6}/.test(part) ? '{}' : part))
    .join('/');
}

function headings(path: string): string[] {
  return document(path)
    .split('\n')
    .filter((line) => /^#{2,3} /.test(line));
}

function codeIn(heading: string): string[] {
  return [...heading.matchAll(/`([a-z_.]+)`/g)].map((match) => match[1]!);
}

function tableRows(path: string): string[][] {
  return document(path)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(1, -1)
        .split(' | ')
        .map((cell) => cell.trim()),
    );
}

function linksOf(text: string): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]!)
    .filter((link) => !/^(https?|mailto):/.test(link));
}

function brokenLink(path: string, link: string): string[] {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? path : normalize(join(dirname(path), file));
  if (!existsSync(join(root, target))) return [`${path}: ${link}`];
  if (anchor === undefined || !target.endsWith('.md')) return [];
  const anchors = readFileSync(join(root, target), 'utf8')
    .split('\n')
    .filter((line) => /^#+ /.test(line))
    .map((line) =>
      line
        .replace(/^#+ /, '')
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    );
  return anchors.includes(anchor) ? [] : [`${path}: ${link} (no such heading)`];
}
