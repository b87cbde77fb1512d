/** What kind of life an account's bookings tell. */
export type Life = 'employee' | 'student' | 'saver' | 'card' | 'borrower';

/** An account or card that a pretend person has. Cards are known by their masked number only. */
export type Holding = {
  type: 'CACC' | 'SVGS' | 'CARD' | 'LOAN';
  life: Life;
  iban?: string;
  maskedPan?: string;
  /** The currency, where it is not the bank's; several holdings of one IBAN are one account of several currencies. */
  currency?: string;
  /** The whole card number, where a bank may show it. */
  pan?: string;
  /** A building society's own number for the account. */
  rollNumber?: string;
};

/** The number by which a holding is known: IBAN or masked card number. */
export const numberOf = (holding: Holding): string => holding.iban ?? holding.maskedPan ?? '';

/** The name of a holding's own entries: its number, and its currency where that is not the bank's. */
export const ledgerOf = (holding: Holding): string =>
  holding.currency ? `${numberOf(holding)}-${holding.currency}` : numberOf(holding);

/** An IBAN with its check digits, of a country and its national number. ISO 13616: remainder 98 − (… mod 97). */
export function iban(country: string, national: string): string {
  const digits = `${national}${country}00`.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  const check = 98n - (BigInt(digits) % 97n);
  return country + String(check).padStart(2, '0') + national;
}
