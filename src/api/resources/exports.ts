import { z } from 'zod';
import { EXPORT_FORMATS, type ExportFormat, exportTransactions } from '../../platform/accounts/export/export.ts';
import { day } from '../input/fields.ts';
import { type Asked, FileText, type Route, route } from '../route.ts';

const query = z.strictObject({
  format: z
    .enum(['csv', 'jsonl', 'ofx', 'camt053'])
    .default('csv')
    .describe('`ofx`: OFX 2.2; `camt053`: camt.053.001.08.'),
  from: day().optional().describe('First day, inclusive.'),
  to: day().optional().describe('Last day, inclusive.'),
});

const file = z.string().meta({ description: 'The file, in the format asked for.' });
const files = Object.values(EXPORT_FORMATS).map(({ type }) => type.split(';')[0]!);

/** Transactions as files. */
export const EXPORT_ROUTES: Route[] = [
  route({
    method: 'GET',
    path: '/v1/bank_accounts/{id}/export',
    operation: 'export_bank_account',
    group: 'Transactions',
    summary: 'The transactions of an account as a file',
    id: 'bankAccount',
    query,
    answer: file,
    files,
    problems: [],
    handle: (asked) => answer(asked, { account: asked.id }),
  }),
  route({
    method: 'GET',
    path: '/v1/customers/{id}/export',
    operation: 'export_customer',
    group: 'Transactions',
    summary: 'The transactions of all accounts of a customer as a file',
    id: 'customer',
    query,
    answer: file,
    files,
    problems: [],
    handle: (asked) => answer(asked, { customer: asked.id }),
  }),
];

async function answer(
  { platform, caller, query: wanted, id }: Asked<z.output<typeof query>>,
  what: { account: string } | { customer: string },
): Promise<FileText> {
  const { format, from, to } = wanted;
  const { type, extension } = EXPORT_FORMATS[format satisfies ExportFormat];
  const pieces = await exportTransactions(platform, caller, what, format, { from, to });
  return new FileText(pieces, type, `${id}.${extension}`);
}
