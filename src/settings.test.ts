import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { readSettings, SETTINGS } from './settings.ts';

const KEY = 'ab'.repeat(32);
const PRODUCTION = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://banks.example.com',
  VAULT_KEY: KEY,
  OPERATOR_NAME: 'Example Ltd',
  PRIVACY_URL: 'https://example.com/privacy',
  TERMS_URL: 'https://example.com/terms',
  SUPPORT_EMAIL: 'help@example.com',
};

describe('Settings', () => {
  it('need nothing for a first start, and say which defaults are for development only', () => {
    const settings = readSettings({});
    assert.equal(settings.port, 8400);
    assert.deepEqual(settings.sandboxPorts, { people: 8401, machine: 8402, control: 8403 });
    assert.equal(settings.publicUrl, 'http://127.0.0.1:8400');
    assert.equal(settings.dataDir, resolve('.data'));
    assert.equal(settings.providersDir, join(settings.dataDir, 'providers'));
    assert.equal(settings.databaseUrl, undefined);
    assert.equal(settings.sandbox, true);
    assert.ok(settings.notices.length >= 2);
  });

  it('take an empty variable for an absent one', () => {
    assert.deepEqual(readSettings({ PORT: '', HOST: ' ', DATABASE_URL: '' }), readSettings({}));
  });

  it('report everything that is wrong in one error, without repeating a value', () => {
    const wrong = {
      PORT: '99999',
      HOST: 'a b',
      DATABASE_URL: 'mysql://hunter2',
      VAULT_KEY: 'hunter2',
      LOG_LEVEL: 'loud',
      EGRESS_ALLOW: 'x',
    };
    assert.throws(
      () => readSettings(wrong),
      ({ message }: Error) =>
        Object.keys(wrong).every((name) => message.includes(`  ${name} `)) && !message.includes('hunter2'),
    );
  });

  it('take an address for notifications beside that of the database only', () => {
    const [pooled, direct] = ['postgresql://app@pooler:6432/app', 'postgresql://app@db:5432/app'];
    const settings = readSettings({ DATABASE_URL: pooled, DATABASE_LISTEN_URL: direct });
    assert.deepEqual([settings.databaseUrl, settings.databaseListenUrl], [pooled, direct]);
    assert.throws(() => readSettings({ DATABASE_LISTEN_URL: direct }), /DATABASE_URL is needed/);
  });

  it('refuse to start in production on any unsafe default', () => {
    assert.equal(readSettings(PRODUCTION).sandbox, false);
    assert.deepEqual(readSettings(PRODUCTION).notices, []);
    for (const name of Object.keys(PRODUCTION).slice(1)) {
      assert.throws(() => readSettings({ ...PRODUCTION, [name]: undefined }), {
        message: new RegExp(`${name} is required`),
      });
    }
    assert.throws(() => readSettings({ ...PRODUCTION, SANDBOX: 'true' }), /SANDBOX/);
    assert.throws(() => readSettings({ ...PRODUCTION, PUBLIC_URL: 'http://banks.example.com' }), /PUBLIC_URL/);
  });

  it('know several vault keys, the one that seals first', () => {
    const { vaultKeys } = readSettings({ VAULT_KEY: `2:${Buffer.alloc(32, 7).toString('base64')},1:${KEY}` });
    assert.deepEqual(
      vaultKeys?.map(({ id }) => id),
      [2, 1],
    );
    assert.equal(vaultKeys?.[1]?.key.toString('hex'), KEY);
    for (const bad of [`1:${KEY},1:${KEY}`, `0:${KEY}`, `${KEY}00`, 'short', `${KEY},`])
      assert.throws(() => readSettings({ VAULT_KEY: bad }), /VAULT_KEY/);
  });

  it('keep room for the ports of the pretend banks', () => {
    assert.throws(() => readSettings({ PORT: '65533' }), /PORT/);
    assert.throws(() => readSettings({ PORT: '0' }), /PORT/);
    assert.equal(readSettings({ PORT: '0', SANDBOX: 'false' }).port, 0);
  });

  it('show an address that a browser can open', () => {
    assert.equal(readSettings({ HOST: '0.0.0.0', PORT: '9000' }).publicUrl, 'http://127.0.0.1:9000');
    assert.equal(readSettings({ HOST: '::1' }).publicUrl, 'http://[::1]:8400');
    assert.equal(readSettings({ PUBLIC_URL: 'https://x.example/' }).publicUrl, 'https://x.example');
    for (const bad of ['https://x.example/path', 'x.example', 'https://u:p@x.example', 'ftp://x.example'])
      assert.throws(() => readSettings({ PUBLIC_URL: bad }), /PUBLIC_URL/);
  });

  it('read lists of proxies and private hosts', () => {
    const settings = readSettings({
      TRUSTED_PROXIES: '10.0.0.5, 10.1.0.0/16 ::1',
      EGRESS_ALLOW: 'bank.internal:443,[::1]:9000',
    });
    assert.deepEqual(settings.trustedProxies, ['10.0.0.5', '10.1.0.0/16', '::1']);
    assert.deepEqual(settings.egressAllow, ['bank.internal:443', '[::1]:9000']);
    for (const bad of ['10.0.0.0/33', 'proxy', '1.2.3.4/8/8'])
      assert.throws(() => readSettings({ TRUSTED_PROXIES: bad }), /TRUSTED_PROXIES/);
    for (const bad of ['bank', 'bank:1/x', 'u@bank:1'])
      assert.throws(() => readSettings({ EGRESS_ALLOW: bad }), /EGRESS_ALLOW/);
  });

  it('are each in the table, once', () => {
    const read = new Set<string>();
    for (const mode of ['development', 'production']) {
      const get = (_target: object, name: string) => {
        read.add(name);
        return name === 'NODE_ENV' ? mode : undefined;
      };
      // Production misses what it needs, and says so only after it has asked for everything.
      assert[mode === 'production' ? 'throws' : 'doesNotThrow'](() => readSettings(new Proxy({}, { get })));
    }
    assert.deepEqual([...read].sort(), SETTINGS.map(({ name }) => name).sort());
  });
});
