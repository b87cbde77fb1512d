import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { createMailer, type Mailer, MailRefused } from '../../src/base/egress/mail.ts';

describe('handing mail over', () => {
  let server: SMTPServer;
  let mailer: Mailer;
  const taken: { to: string; raw: string }[] = [];
  before(async () => {
    server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      onRcptTo({ address }, _session, done) {
        const code = { 'nobody@example.com': 550, 'later@example.com': 451 }[address];
        done(code ? Object.assign(new Error('no'), { responseCode: code }) : null);
      },
      onData(stream, { envelope }, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const to = envelope.rcptTo.map(({ address }) => address).join(' ');
          taken.push({ to, raw: Buffer.concat(chunks).toString() });
          done();
        });
      },
    });
    await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', () => listening()));
    const url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
    mailer = createMailer({ url, from: 'banks@example.com', sender: 'Brückner "Data"' });
  });
  after(async () => {
    mailer.close();
    await new Promise<void>((closed) => server.close(() => closed()));
  });

  const mail = (to: string, subject = 'Hello') => ({ to, subject, text: 'Text', html: '<p>Text</p>' });

  test('sends text and HTML to one address, whatever stands in address and subject', async () => {
    await mailer.send({ ...mail('ada@example.com', 'A\r\nBcc: eve@example.com'), refuseAt: 'https://b.example/stop' });
    const { to, raw } = taken.at(-1)!;
    assert.equal(to, 'ada@example.com');
    assert.doesNotMatch(raw, /^Bcc:/im);
    assert.match(raw, /^List-Unsubscribe: <https:\/\/b\.example\/stop>/im);
    assert.match(raw, /multipart\/alternative/);
    await mailer.send(mail('ada@example.com, eve@example.com')).catch(() => undefined);
    assert.ok(!taken.some((one) => one.to.split(' ').length > 1), 'never two');
  });

  test('tells what will never be taken from what can be tried again', async () => {
    await assert.rejects(mailer.send(mail('nobody@example.com')), MailRefused);
    await assert.rejects(mailer.send(mail('later@example.com')), (error) => !(error instanceof MailRefused));
  });
});
