import { createHash } from 'node:crypto';
import type { Page, Transaction } from '../../src/banking/account.ts';
import { sumAmounts } from '../../src/banking/money.ts';

/** Numbers that a seed decides: the same seed draws the same. */
export type Dice = { below(most: number): number; pick<Item>(items: readonly Item[]): Item };

/** Dice of this seed. */
export function dice(seed: number): Dice {
  let drawn = 0;
  const below = (most: number) => createHash('sha256').update(`${seed} ${drawn++}`).digest().readUInt32BE(0) % most;
  return { below, pick: (items) => items[below(items.length)]! };
}

/** What really happened at the bank. `word` names the entry as nothing else does, twins apart. */
export type RealEntry = { word: string; day: string; amount: string; pending: boolean };

const AMOUNTS = ['-3.20', '-3.20', '-12', '25.5', '-0.001', '1000', '0.00'];

/** A bank that books as the dice say, and shows it in any order and page split. */
export class SimulatedBank {
  readonly entries: RealEntry[] = [];
  readonly #dice: Dice;
  #count = 0;
  constructor(dice: Dice) {
    this.#dice = dice;
  }
  /** One to three new entries, some of them equal twins, some pending. */
  books(day: string): void {
    for (let number = this.#dice.below(3); number >= 0; number -= 1) {
      this.#count += 1;
      const pending = this.#dice.below(3) === 0;
      const entry = { word: `entry${this.#count}x`, day, amount: this.#dice.pick(AMOUNTS), pending };
      this.entries.push(entry);
      if (!pending && this.#dice.below(4) === 0) this.entries.push({ ...entry });
    }
  }
  /** A pending entry is booked, on that day. */
  settles(day: string): void {
    const entry = this.entries.find(({ pending }) => pending);
    if (entry) Object.assign(entry, { pending: false, day });
  }
  /** A pending entry never was. */
  drops(): void {
    const index = this.entries.findLastIndex(({ pending }) => pending);
    if (index >= 0) this.entries.splice(index, 1);
  }
  /** The booked balance. */
  balance(): string {
    return sumAmounts(['100.00', ...this.entries.filter(({ pending }) => !pending).map(({ amount }) => amount)]);
  }
  /** All of it as pages, the order of a day and the split as the dice say. */
  pages(): Page[] {
    const shuffled = this.entries
      .map((entry) => ({ entry, order: this.#dice.below(1000) }))
      .sort((a, b) => (a.entry.day < b.entry.day ? 1 : a.entry.day > b.entry.day ? -1 : a.order - b.order))
      .map(({ entry }) => shown(entry));
    const size = Math.max(1, Math.ceil(shuffled.length / (1 + this.#dice.below(3))));
    const groups: Transaction[][] = [];
    for (let at = 0; at < shuffled.length; at += size) groups.push(shuffled.slice(at, at + size));
    if (groups.length === 0) groups.push([]);
    return groups.map((group, index) => ({
      raw: Buffer.from(JSON.stringify(group)),
      booked: group.filter(({ status }) => status === 'booked'),
      pending: group.filter(({ status }) => status === 'pending'),
      rejected: [],
      ...(index + 1 < groups.length ? { next: String(index + 1) } : {}),
    }));
  }
}

function shown({ word, day, amount, pending }: RealEntry): Transaction {
  const status = pending ? 'pending' : 'booked';
  return { status, amount, currency: 'EUR', bookedOn: day, description: word };
}
