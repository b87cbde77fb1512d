import { createTransport } from 'nodemailer';

/** One mail to one address, ready to be sent. */
export type Mail = {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Where a mail program offers to refuse further ones, by a single POST (RFC 8058). */
  refuseAt?: string;
};

/** Hands mail to a mail server. */
export type Mailer = {
  /** Resolves when the server has taken it; `MailRefused` when it never will. */
  send(mail: Mail): Promise<void>;
  close(): void;
};

/** The mail server will not take this mail, now or later: trying again is no use. */
export class MailRefused extends Error {}

const LIMIT_MS = 20_000;

/** A mailer for a server such as `smtps://user:password@host:465`. Anywhere but on this machine it insists on TLS. */
export function createMailer(options: { url: string; from: string; sender: string }): Mailer {
  const url = new URL(options.url);
  const local = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  const transport = createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (url.protocol === 'smtps:' ? 465 : 587),
    secure: url.protocol === 'smtps:',
    requireTLS: !local,
    ignoreTLS: local && url.protocol === 'smtp:',
    ...(url.username
      ? { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }
      : {}),
    pool: true,
    maxConnections: 2,
    connectionTimeout: LIMIT_MS,
    greetingTimeout: LIMIT_MS,
    socketTimeout: LIMIT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, text, html, refuseAt }) {
      try {
        await transport.sendMail({
          from: { name: options.sender, address: options.from },
          // As an object it is one address, whatever stands in it.
          to: { name: '', address: to },
          subject,
          text,
          html,
          headers: {
            'Auto-Submitted': 'auto-generated',
            ...(refuseAt
              ? { 'List-Unsubscribe': `<${refuseAt}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
              : {}),
          },
        });
      } catch (error) {
        const code = (error as { responseCode?: number }).responseCode ?? 0;
        if (code >= 500) throw new MailRefused(`the mail server answered ${code}`, { cause: error });
        throw error;
      }
    },
    close: () => transport.close(),
  };
}
