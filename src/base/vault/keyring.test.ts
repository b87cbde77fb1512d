import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createVault, VaultError } from '../vault.ts';

const first = { id: 1, key: Buffer.alloc(32, 1) };
const second = { id: 2, key: Buffer.alloc(32, 2) };
const about = ['7', 'con_1', 'grant'];
const holder = ['7', 'cus_1'];

describe('A ring of keys', () => {
  const vault = createVault([first]);
  const { keyring } = vault;
  const ring = keyring.make(holder);
  const keys = keyring.open(ring, holder);

  it('opens what it sealed, and is needed for it besides the vault’s key', () => {
    const sealed = keys.seal('token', about);
    assert.equal(keyring.open(ring, holder).open(sealed, about).toString(), 'token');
    assert.throws(() => vault.open(sealed, about), VaultError);
    assert.throws(() => keyring.open(keyring.make(holder), holder).open(sealed, about), VaultError);
    assert.throws(() => keyring.open(null, holder).open(sealed, about), VaultError);
    assert.throws(() => keys.open(sealed, ['7', 'con_2', 'grant']), VaultError);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      assert.throws(() => keys.open(changed, about), VaultError, `byte ${at}`);
    }
  });

  it('is of one holder: put in another’s row it opens nothing', () => {
    assert.throws(() => keyring.open(ring, ['7', 'cus_2']), VaultError);
    assert.throws(() => keyring.open(ring, ['8', 'cus_1']), VaultError);
    for (let at = 0; at < ring.length; at += 1) {
      const changed = Buffer.from(ring);
      changed[at]! ^= 1;
      assert.throws(() => keyring.open(changed, holder), VaultError, `byte ${at}`);
    }
    assert.throws(() => keyring.open(ring.subarray(1), holder), VaultError);
    assert.throws(() => keyring.open(Buffer.alloc(0), holder), VaultError);
  });

  it('opens what was sealed before its holder had one', () => {
    const before = vault.seal('token', about);
    assert.equal(keys.open(before, about).toString(), 'token');
    assert.equal(keyring.open(null, holder).open(before, about).toString(), 'token');
  });

  it('is wrapped anew under another key of the vault, and seals the same', () => {
    const sealed = keys.seal('token', about);
    const both = createVault([second, first]);
    const wrapped = both.keyring.rewrap(ring, holder)!;
    assert.equal(both.keyring.rewrap(wrapped, holder), undefined);
    assert.equal(createVault([second]).keyring.open(wrapped, holder).open(sealed, about).toString(), 'token');
    assert.throws(() => keyring.open(wrapped, holder), VaultError);
  });

  it('takes a fresh key in front, and still opens with the older ones until they are taken out', () => {
    const sealed = keys.seal('token', about);
    const renewed = keyring.renew(ring, holder);
    const now = keyring.open(renewed, holder);
    assert.equal(now.open(sealed, about).toString(), 'token');
    assert.equal(now.number, 2);
    const pruned = keyring.open(keyring.prune(renewed), holder);
    assert.equal(pruned.open(now.seal('later', about), about).toString(), 'later');
    assert.throws(() => pruned.open(sealed, about), VaultError);
    let long = ring;
    for (let times = 0; times < 300; times += 1) long = keyring.prune(keyring.renew(long, holder));
    assert.ok(keyring.open(long, holder).number! <= 255);
  });
});

describe('A token', () => {
  const { keyring } = createVault([first]);
  const ring = keyring.make(holder);
  const keys = keyring.open(ring, holder);

  it('is the same for the same text, and opens to it', () => {
    const text = '"iban":"DE89370400440532013000"';
    const token = keys.conceal(text)!;
    assert.match(token, /^[\w-]+$/);
    assert.ok(!token.includes('DE89'));
    assert.equal(createVault([first]).keyring.open(ring, holder).conceal(text), token);
    assert.equal(createVault([first]).keyring.open(ring, holder).reveal(token), text);
    assert.notEqual(keys.conceal(`${text} `), token);
  });

  it('of another holder, or changed, opens to nothing, also once it was opened', () => {
    const token = keys.conceal('a text')!;
    assert.equal(keys.reveal(token), 'a text');
    const others = keyring.open(keyring.make(['7', 'cus_2']), ['7', 'cus_2']);
    assert.throws(() => others.reveal(token), VaultError);
    for (let at = 0; at < token.length; at += 1) {
      const changed = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
      // The last character carries bits that are no part of it.
      if (at < token.length - 1) assert.throws(() => keys.reveal(changed), VaultError, `character ${at}`);
      assert.throws(() => keys.reveal(token.slice(0, at)), VaultError);
    }
  });

  it('is not made for a holder who has no keys yet', () => {
    assert.equal(keyring.open(null, holder).conceal('text'), undefined);
  });
});
