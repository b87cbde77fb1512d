import { z } from 'zod';

/**
 * What a FinTS bank is like. Only the bank code has no default: everything else a bank says itself in its parameters (BPD),
 * and what it says wins. Sources of a deviation stand beside it in the provider file.
 */
export const facts = z.strictObject({
  /** The bank code (Bankleitzahl) to sign in with: at some banks not the one of the account (HypoVereinsbank). */
  bank_code: z.string().regex(/^\d{8}$/, 'must be eight digits'),
  /** `asked`: the bank tells user id (Benutzerkennung) and customer id (Kunden-ID) apart and needs both. */
  customer_id: z.enum(['same', 'asked']).default('same'),
  /** The bank's word for the user id where its parameters (HIPINS) do not say it. */
  user_id_label: z.string().min(1).max(60).optional(),
  /** The bank's word for the PIN. */
  pin_label: z.string().min(1).max(60).optional(),
  /** Which statements are asked for first where the bank offers both: camt.052 (`HKCAZ`) or MT940 (`HKKAZ`). */
  statements: z.enum(['camt', 'mt940']).default('camt'),
  /** Character set of MT940 texts. `auto` finds UTF-8, ISO-8859-1 and code page 850 by themselves. */
  statement_charset: z.enum(['auto', 'utf-8', 'iso-8859-1', 'cp850', 'din-66003']).default('auto'),
  /** `always`: the bank wants the name of the TAN medium even where its parameters say it does not. */
  tan_medium: z.enum(['as_told', 'always']).default('as_told'),
  /** Time between two looks at an approval, where the bank's parameters do not say it. */
  poll_after_ms: z.int().min(1000).max(60_000).default(3000),
  /** Time a person has for a code or an approval. A login typed for a visit is forgotten after ten minutes in any case. */
  approval_within_ms: z.int().min(60_000).max(600_000).default(300_000),
  /** How long a dialog may lie still before a new one is begun. */
  dialog_lives_ms: z.int().min(10_000).max(600_000).default(240_000),
});

/** The facts as the connector uses them. */
export type Facts = z.infer<typeof facts>;
