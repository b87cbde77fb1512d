import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { root } from './sources.ts';

/** Loaded before everything else: the package is not there. */
const WITHOUT = `import { registerHooks } from 'node:module';
registerHooks({
  resolve(name, context, next) {
    if (name !== 'oidc-provider') return next(name, context);
    throw Object.assign(new Error('not installed'), { code: 'ERR_MODULE_NOT_FOUND' });
  },
});`;

const VISIT = `import { startTrial } from './test/caller.ts';
import { caller } from './test/uk-caller.ts';
import { visit } from './test/bank-page.ts';
const trial = await startTrial();
const metadata = await caller(trial.sandbox, 'gb-thornfield', null)('GET', '/.well-known/openid-configuration');
const page = await visit(trial.sandbox.peopleUrl('gb-thornfield') + '/authorize?client_id=x');
const other = await visit(trial.sandbox.peopleUrl('de-nordwind') + '/');
await trial.close();
console.log(JSON.stringify({ status: metadata.status, said: metadata.body, page: page.text, other: other.text }));`;

describe('the pretend banks without the package that two of them need', () => {
  test('those two say what to install, and the others work', async () => {
    const hook = `data:text/javascript,${encodeURIComponent(WITHOUT)}`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--no-warnings', '--import', hook, '--input-type=module', '--eval', VISIT],
      { cwd: root },
    );
    const { status, said, page, other } = JSON.parse(stdout.trim().split('\n').at(-1)!);
    assert.deepEqual([status, said.error], [503, 'temporarily_unavailable']);
    for (const text of [said.error_description, page]) assert.match(text, /optional package oidc-provider/);
    assert.match(other, /Welcome to Nordwind Bank/);
  });
});
