import { crc32, deflateRawSync } from 'node:zlib';
import { report } from '../../fints/formats/camt.ts';
import { booked, daysOf, noted } from '../../fints/formats/mt940.ts';
import { openingCents } from '../../world/data.ts';
import { type Holding, numberOf } from '../../world/holdings.ts';
import type { Line } from '../../world/statement.ts';
import { type Call, today } from '../call.ts';

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:camt.052.001.02';

/** What a report is about: an account in one currency with every line it has, oldest first, and the days asked for. */
export type Reported = {
  holding: Holding;
  currency: string;
  owner: string;
  lines: readonly Line[];
  from: string;
  to: string;
  pending: boolean;
  booked: boolean;
};

/** The lines as one camt.052 message with the balances before and after them. */
export function asCamt(call: Call, reported: Reported): Buffer {
  const { bank } = call;
  const { holding, currency, owner } = reported;
  const account = { iban: numberOf(holding), bic: bank.bic, currency, owner, bankName: bank.name };
  const days = bookedDays(reported);
  const before = days[0]?.before ?? openingCents(holding);
  const lines = [...(reported.booked ? days.flatMap((day) => day.lines) : []), ...pendingLines(reported)];
  const period = { day: today(call), before, after: days.at(-1)?.after ?? before, lines };
  return Buffer.from(report(NAMESPACE, account, period, call.now), 'latin1');
}

/** The lines as MT940, one statement a booking day; pending ones behind them as MT942. */
export function asMt940(call: Call, reported: Reported): Buffer {
  const { holding, currency } = reported;
  const account = { bankCode: call.bank.bankCode, number: numberOf(holding).slice(-10), currency };
  const moment = { day: today(call), time: call.now.toISOString().slice(11, 19).replaceAll(':', '') };
  const pending = pendingLines(reported);
  const behind = pending.length > 0 ? noted(account, pending, moment) : '';
  return Buffer.from((reported.booked ? booked(account, bookedDays(reported)) : '') + behind, 'utf8');
}

const bookedDays = ({ lines, holding, from, to }: Reported) => daysOf(lines, openingCents(holding), from, to);
const pendingLines = ({ lines, pending }: Reported) => (pending ? lines.filter((line) => line.pending) : []);

/** A ZIP of these files (APPNOTE 6.3, deflated). */
export function zipped(files: readonly { name: string; content: Buffer }[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of files) {
    const packed = deflateRawSync(content);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0); // version needed: 2.0
    shared.writeUInt16LE(0x0800, 2); // names are UTF-8
    shared.writeUInt16LE(8, 4); // deflated
    shared.writeUInt16LE(0x21, 8); // 1 January 1980, midnight
    shared.writeUInt32LE(crc32(content), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(content.length, 18);
    shared.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, Buffer.from(name)]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, rest, Buffer.from(name)]));
    parts.push(local, packed);
    offset += local.length + packed.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(index.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, index, Buffer.from('PK\x05\x06', 'latin1'), end]);
}
