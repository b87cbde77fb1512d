import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { zipOf } from '../../../test/archive.ts';
import { isZip, readCutZip, readZip, ZipError } from './zip.ts';

describe('archives that banks send', () => {
  const long = Buffer.from('Strom November '.repeat(5000));

  test('stored and deflated files, folders left out', async () => {
    const zip = zipOf([
      { name: 'a/', data: Buffer.alloc(0), method: 0 },
      { name: 'a/1.xml', data: Buffer.from('one'), method: 0 },
      { name: 'a/2.xml', data: long, method: 8 },
    ]);
    assert.ok(isZip(zip));
    assert.deepEqual(
      (await readZip(zip)).map((file) => Buffer.from(file).toString()),
      ['one', long.toString()],
    );
  });

  test('what is broken is said, and nothing hangs', async () => {
    const zip = zipOf([{ name: '1', data: long, method: 8 }]);
    await assert.rejects(readZip(zip.subarray(0, zip.length - 30)), ZipError);
    const bent = Buffer.from(zip);
    bent.fill(0xff, 40, 60);
    await assert.rejects(readZip(bent), ZipError);
    await assert.rejects(readZip(zipOf([{ name: '1', data: long, method: 8, flags: 1 }])), /encrypted/);
    await assert.rejects(readZip(Buffer.from('PK\u0003\u0004')), ZipError);
    for (let at = 0; at < zip.length; at += 7) {
      const other = Buffer.from(zip);
      other[at] = (other[at] ?? 0) ^ 0xff;
      await readZip(other).catch((error: unknown) => assert.ok(error instanceof ZipError));
    }
  });

  test('of one that is cut off, the files that came whole', async () => {
    const files = ['one', 'two', 'three'].map((name) => ({
      name,
      data: Buffer.from(name.repeat(50)),
      method: 8 as const,
    }));
    const whole = zipOf(files);
    for (let length = 0; length < whole.length; length += 1) {
      const read = (await readCutZip(whole.subarray(0, length))).map((file) => Buffer.from(file).toString());
      assert.deepEqual(
        read,
        files.slice(0, read.length).map(({ data }) => data.toString()),
      );
      if (length > whole.length - 22) assert.equal(read.length, 3);
    }
    assert.deepEqual(await readCutZip(zipOf([{ ...files[0]!, flags: 8 }])), []);
  });

  test('an archive that unpacks to gigabytes is given up', async () => {
    const bomb = zipOf([{ name: '1', data: Buffer.alloc(210 * 1024 * 1024), method: 8 }]);
    assert.ok(bomb.length < 1_000_000);
    await assert.rejects(readZip(bomb), /too much/);
  });
});
