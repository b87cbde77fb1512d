import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createVault, hashToken, keepVaultKey, sameBytes, VaultError } from './vault.ts';

const first = { id: 1, key: Buffer.alloc(32, 1) };
const second = { id: 2, key: Buffer.alloc(32, 2) };
const about = ['app_1', 'con_1', 'grant'];

describe('The vault', () => {
  const vault = createVault([first]);

  it('opens what it sealed, and never seals the same way twice', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.array(fc.string()), (plain, names) => {
        assert.deepEqual(new Uint8Array(vault.open(vault.seal(plain, names), names)), plain);
      }),
    );
    assert.equal(vault.open(vault.seal('Grüße', about), about).toString(), 'Grüße');
    assert.notDeepEqual(vault.seal('same', about), vault.seal('same', about));
  });

  it('does not open a value of another tenant, object or field', () => {
    const sealed = vault.seal('token', about);
    for (const other of [
      ['app_2', 'con_1', 'grant'],
      ['app_1', 'con_2', 'grant'],
      ['app_1', 'con_1', 'raw'],
      ['app_1con_1', 'grant'],
      ['app_1', 'con_1'],
      [],
    ]) {
      assert.throws(() => vault.open(sealed, other), VaultError);
    }
  });

  it('does not open a value in which any bit was changed', () => {
    const sealed = vault.seal('token', about);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      assert.throws(() => vault.open(changed, about), VaultError, `byte ${at}`);
      assert.throws(() => vault.open(sealed.subarray(0, at), about), VaultError);
    }
  });

  it('opens under an old key, seals under the first, and knows which value should be sealed again', () => {
    const old = vault.seal('token', about);
    const rotated = createVault([second, first]);
    assert.equal(rotated.open(old, about).toString(), 'token');
    assert.equal(rotated.stale(old), true);
    assert.equal(rotated.stale(rotated.seal('token', about)), false);
    assert.throws(() => createVault([second]).open(old, about), VaultError);
  });

  it('derives the same token for the same purpose and id, also after a newer key', () => {
    const token = vault.derive('link', 'ses_1');
    assert.match(token, /^[A-Za-z0-9_-]{43}$/);
    assert.equal(createVault([second, first]).derive('link', 'ses_1'), token);
    for (const other of [
      vault.derive('link', 'ses_2'),
      vault.derive('lin', 'kses_1'),
      createVault([second]).derive('link', 'ses_1'),
    ])
      assert.notEqual(other, token);
  });

  it('says nothing of what it holds when it fails', () => {
    const sealed = vault.seal('secret-canary', about);
    assert.throws(
      () => vault.open(sealed, []),
      (error: Error) => !`${error.message}${error.stack}`.includes('canary') && error.cause === undefined,
    );
  });
});

describe('The key of a first start', () => {
  it('is made once, for its owner only, and is the same ever after', () => {
    const folder = mkdtempSync(join(tmpdir(), 'vault-'));
    try {
      const path = join(folder, 'new', 'vault.key');
      const { id, key } = keepVaultKey(path);
      assert.equal(id, 1);
      assert.equal(key.length, 32);
      assert.equal(statSync(path).mode & 0o777, 0o600);
      assert.deepEqual(keepVaultKey(path).key, key);
      assert.equal(Buffer.from(readFileSync(path, 'utf8'), 'base64').length, 32);
      writeFileSync(path, 'cut off');
      assert.throws(() => keepVaultKey(path), /does not hold a key/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('Tokens', () => {
  it('are stored as their SHA-256', () => {
    assert.equal(hashToken('abc').toString('hex'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
  it('are compared whole', () => {
    assert.equal(sameBytes('abc', Buffer.from('abc')), true);
    for (const other of ['abd', 'ab', 'abcd', '']) assert.equal(sameBytes('abc', other), false);
  });
});
