import type { Scope } from '../../../banking/account.ts';
import type { Tx } from '../../../base/database.ts';
import { type Mailer, MailRefused } from '../../../base/egress/mail.ts';
import { findTenantSettings, getTenant } from '../../apps/apps.ts';
import type { Platform, Tenant } from '../../platform.ts';
import { deleteMailsBefore, findMail, findMailRow, insertMail, type MailRow } from './mail-store.ts';
import { isRefused, refusalUrl } from './refusing.ts';

/** What a mail about a consent can tell. */
export type MailKind = 'confirmed' | 'expiring' | 'reconfirm' | 'ended';

/** Everything a mail says, without the words. */
export type MailFacts = { operator: string; supportEmail?: string; refuseUrl?: string } & (
  | {
      kind: MailKind;
      app: string;
      bank: string;
      scopes: Scope[];
      until: Date | null;
      reconfirmBy: Date | null;
      /** Where whoever reads it sees and stops what they allowed. */
      controlUrl: string;
    }
  | { kind: 'link'; url: string }
  | { kind: 'invitation'; url: string }
);

/** Makes the words of a mail; pages own them. Pure: same in, same out. */
export type WriteMail = (facts: MailFacts, locale: string) => { subject: string; text: string; html: string };

/** Mail as the platform has it: who takes it, and who writes it. */
export type MailParts = { mailer: Mailer; write: WriteMail };

/** The queue of mails about consents. */
export const MAIL_QUEUE = 'consent-mail';
const KEPT_DAYS = 400;
const DAY_MS = 86_400_000;

type About = { tenant: Tenant; consent: string; kind: MailKind; about: Date };

/** Has a mail written once the transaction is committed, where the operator can send mail and the app has turned it on. */
export async function offerMail(platform: Platform, tx: Tx, { tenant, about, ...rest }: About): Promise<void> {
  if (!platform.mail) return;
  const { settings } = await findTenantSettings(platform, tenant);
  if (settings.mail) await platform.jobs.enqueue(tx, MAIL_QUEUE, { tenant, ...rest, about: about.toISOString() });
}

/** Writes and sends one, unless it was sent, the person wants none, or what it would tell is no longer so. */
export async function sendConsentMail(
  platform: Platform,
  job: { tenant: Tenant; consent: string; kind: MailKind; about: string },
): Promise<void> {
  const { mail } = platform;
  const sent = { ...job, about: new Date(job.about) };
  const row = await platform.database.read.first<MailRow>(findMailRow(job.tenant, job.consent));
  if (!mail || !row?.email || (row.status === 'authorized') === (job.kind === 'ended')) return;
  const tenant = await getTenant(platform.database.read, job.tenant);
  if (!tenant.settings.mail || (await isRefused(platform, job.tenant, row.email))) return;
  if (await platform.database.first(findMail(sent))) return;
  const refuseUrl = refusalUrl(platform, job.tenant, row.email);
  const facts: MailFacts = {
    kind: job.kind,
    app: tenant.appName,
    operator: platform.operator.name,
    bank: platform.providers.find(row.provider ?? '')?.name ?? row.provider ?? '',
    scopes: row.scopes,
    until: row.until,
    reconfirmBy: row.reconfirmBy,
    controlUrl: `${platform.publicUrl}${CONTROL_PATH}`,
    refuseUrl,
    ...supportOf(platform, tenant.supportEmail),
  };
  const locale = row.agreedLocale ?? row.locale ?? tenant.settings.locale ?? undefined;
  await deliver(platform, mail, row.email, facts, locale);
  await platform.database.run(insertMail(sent, platform.clock.now()));
}

/** Where account holders see and stop what they allowed, whether the app is still there or not. */
export const CONTROL_PATH = '/control';

/** Hands a mail over; one that no server will ever take is noted in the log, without its address. */
export async function deliver(
  platform: Platform,
  { mailer, write }: MailParts,
  to: string,
  facts: MailFacts,
  locale: string | undefined,
): Promise<void> {
  const words = write(facts, platform.languages.choose(locale, undefined));
  try {
    await mailer.send({ to, ...words, ...(facts.refuseUrl ? { refuseAt: facts.refuseUrl } : {}) });
  } catch (error) {
    if (!(error instanceof MailRefused)) throw error;
    platform.log.warn('mail.refused', { kind: facts.kind, error: error.message });
  }
}

/** Which mails were sent is known for a little longer than a consent lasts. */
export async function forgetOldMails(platform: Platform): Promise<void> {
  await platform.database.run(deleteMailsBefore(new Date(platform.clock.now().getTime() - KEPT_DAYS * DAY_MS)));
}

function supportOf(platform: Platform, app: string | null): { supportEmail?: string } {
  const address = app ?? platform.operator.supportEmail;
  return address ? { supportEmail: address } : {};
}
