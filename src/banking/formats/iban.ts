import { electronicFormatIBAN, extractIBAN, friendlyFormatIBAN, isValidIBAN } from 'ibantools';

/** An IBAN as people write it (spaces, dashes, any case), in its bare form; undefined when its form or check is wrong. */
export function parseIban(text: string): string | undefined {
  if (text.length > 60) return undefined;
  const iban = electronicFormatIBAN(text);
  return iban && isValidIBAN(iban) ? iban : undefined;
}

/** Whether the text has the outward form of an IBAN; its check digits may be wrong. For what banks send us. */
export function looksLikeIban(text: string): boolean {
  return /^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(text);
}

/** The IBAN in groups of four, for reading. */
export function formatIban(iban: string): string {
  return friendlyFormatIBAN(iban) ?? iban;
}

/** The IBAN with all but its country and last four characters hidden. */
export function maskIban(iban: string): string {
  return `${iban.slice(0, 2)}•• •••• ${iban.slice(-4)}`;
}

/** Which bank an IBAN belongs to, as far as its country's form says; undefined when it is not valid. */
export function bankOfIban(iban: string): { country: string; bankCode?: string; branchCode?: string } | undefined {
  const parts = extractIBAN(iban);
  if (!parts.valid || !parts.countryCode) return undefined;
  return {
    country: parts.countryCode,
    ...(parts.bankIdentifier && { bankCode: parts.bankIdentifier }),
    ...(parts.branchIdentifier && { branchCode: parts.branchIdentifier }),
  };
}
