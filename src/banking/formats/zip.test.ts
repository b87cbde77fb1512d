import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import { isZip, readZip, ZipError } from './zip.ts';

/** An archive as other programs write it: local header, data, directory, end. */
function zipOf(files: { name: string; data: Buffer; method: 0 | 8; flags?: number }[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, data, method, flags = 0 } of files) {
    const packed = method === 8 ? deflateRawSync(data) : data;
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(flags, 2);
    head.writeUInt16LE(method, 4);
    head.writeUInt32LE(crc32(data), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(data.length, 18);
    head.writeUInt16LE(name.length, 22);
    parts.push(Buffer.from('504b0304', 'hex'), head, Buffer.from(name), packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    directory.push(Buffer.from('504b01021400', 'hex'), head, rest, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

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

  test('an archive that unpacks to gigabytes is given up', async () => {
    const bomb = zipOf([{ name: '1', data: Buffer.alloc(210 * 1024 * 1024), method: 8 }]);
    assert.ok(bomb.length < 1_000_000);
    await assert.rejects(readZip(bomb), /too much/);
  });
});
