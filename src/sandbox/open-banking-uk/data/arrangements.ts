import { decimal } from '../../world/data.ts';
import type { Holding } from '../../world/holdings.ts';
import { type Line, statementOf } from '../../world/statement.ts';
import { addDays, dayOf } from '../../world/time.ts';
import type { Permission } from '../face.ts';
import { accountId, answer, findSeen, idOf, need, seen } from './accounts.ts';
import type { UkReading } from './call.ts';
import type { Reply } from './refusals.ts';

/** `GET …/beneficiaries`: whoever was paid by account number. Basic says that there are some, detail says where they bank. */
export function getBeneficiaries(call: UkReading): Promise<Reply> {
  return list(
    call,
    'Beneficiary',
    ['ReadBeneficiariesBasic', 'ReadBeneficiariesDetail'],
    (line, id) => ({
      ...id,
      BeneficiaryId: idOf(call, `beneficiary/${line.name}`),
      BeneficiaryType: 'Ordinary',
      ...(call.consent.permissions.includes('ReadBeneficiariesDetail') ? { CreditorAccount: creditor(line) } : {}),
    }),
    (line) => line.iban !== undefined && line.cents < 0 && !line.mandateId,
  );
}

/** `GET …/direct-debits`. */
export function getDirectDebits(call: UkReading): Promise<Reply> {
  const modern = call.bank.openBanking.version === '4.0';
  return list(
    call,
    'DirectDebit',
    ['ReadDirectDebits'],
    (line, id) => ({
      ...id,
      DirectDebitId: idOf(call, `debit/${line.mandateId}`),
      DirectDebitStatusCode: modern ? 'ACTV' : 'Active',
      Name: line.name.slice(0, 70),
      PreviousPaymentDateTime: `${line.bookingDate}T00:00:00+00:00`,
      PreviousPaymentAmount: amount(line),
      ...(modern
        ? { MandateRelatedInformation: { MandateIdentification: line.mandateId, Frequency: { Type: 'MNTH' } } }
        : { MandateIdentification: line.mandateId, Frequency: 'UK.OBIE.Monthly' }),
    }),
    (line) => line.mandateId !== undefined,
  );
}

/** `GET …/standing-orders`. */
export function getStandingOrders(call: UkReading): Promise<Reply> {
  const modern = call.bank.openBanking.version === '4.0';
  const detail = call.consent.permissions.includes('ReadStandingOrdersDetail');
  return list(
    call,
    'StandingOrder',
    ['ReadStandingOrdersBasic', 'ReadStandingOrdersDetail'],
    (line, id) => {
      const frequency = `IntrvlMnthDay:01:${line.bookingDate.slice(8)}`;
      return {
        ...id,
        StandingOrderId: idOf(call, `order/${line.name}`),
        StandingOrderStatusCode: modern ? 'ACTV' : 'Active',
        NextPaymentDateTime: `${nextOf(call, line)}T00:00:00+00:00`,
        NextPaymentAmount: amount(line),
        LastPaymentDateTime: `${line.bookingDate}T00:00:00+00:00`,
        LastPaymentAmount: amount(line),
        ...(modern
          ? { MandateRelatedInformation: { Frequency: { Type: 'MNTH' } } }
          : { Frequency: frequency, Reference: line.text.slice(0, 35) }),
        ...(detail ? { CreditorAccount: creditor(line) } : {}),
      };
    },
    isStandingOrder,
  );
}

/** `GET …/scheduled-payments`: the next payment of each standing order. */
export function getScheduledPayments(call: UkReading): Promise<Reply> {
  const detail = call.consent.permissions.includes('ReadScheduledPaymentsDetail');
  return list(
    call,
    'ScheduledPayment',
    ['ReadScheduledPaymentsBasic', 'ReadScheduledPaymentsDetail'],
    (line, id) => ({
      ...id,
      ScheduledPaymentId: idOf(call, `scheduled/${line.name}`),
      ScheduledPaymentDateTime: `${nextOf(call, line)}T00:00:00+00:00`,
      ScheduledType: 'Execution',
      Reference: line.text.slice(0, 35),
      InstructedAmount: amount(line),
      ...(detail ? { CreditorAccount: creditor(line) } : {}),
    }),
    isStandingOrder,
  );
}

async function list(
  call: UkReading,
  name: string,
  permissions: Permission[],
  present: (line: Line, id: { AccountId: string }) => object,
  belongs: (line: Line) => boolean,
): Promise<Reply> {
  need(call, ...permissions);
  const holdings = call.part.AccountId === undefined ? seen(call) : [findSeen(call)];
  const lists = holdings.map(async (holding) =>
    (await latest(call, holding, belongs)).map((line) => present(line, { AccountId: accountId(call, holding) })),
  );
  return answer(call, { [name]: (await Promise.all(lists)).flat() });
}

/** The last booking of each name. */
async function latest(
  { stage, bank, now }: UkReading,
  holding: Holding,
  belongs: (line: Line) => boolean,
): Promise<Line[]> {
  const byName = new Map<string, Line>();
  for (const line of await statementOf(stage.database, bank, holding, now)) {
    if (!line.pending && line.name && belongs(line) && !byName.has(line.name)) byName.set(line.name, line);
  }
  return [...byName.values()];
}

const isStandingOrder = (line: Line) => line.code === 'PMNT-ICDT-STDO' && line.iban !== undefined;
const amount = (line: Line) => ({ Amount: decimal(Math.abs(line.cents)), Currency: 'GBP' });

const creditor = (line: Line) => ({
  SchemeName: 'UK.OBIE.SortCodeAccountNumber',
  Identification: line.iban!.slice(8),
  Name: line.name.slice(0, 350),
});

/** The same day of the month after the last one. */
function nextOf({ bank, now }: UkReading, line: Line): string {
  const today = dayOf(now, bank.zone);
  let day = addDays(line.bookingDate, 31).slice(0, 8) + line.bookingDate.slice(8);
  if (Number.isNaN(Date.parse(day)) || day <= today) day = addDays(today, 1);
  return day;
}
