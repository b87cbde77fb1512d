import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { newId } from '../../../src/base/ids.ts';
import { type Received, startReceiver } from '../../receiver.ts';
import type { Play } from '../play.ts';

/** T18: what an app takes for a webhook of ours must be one. The judge is the npm package of the standard. */
export const forgedWebhooks: Play = {
  id: 'T18',
  threat: 'Forged, altered, replayed or swapped webhooks',
  quick: true,
  async play({ world, attack, control, after }) {
    const here = await world();
    const receiver = await startReceiver();
    after(() => receiver.close());
    const endpoint = await here.app.post('/v1/webhook_endpoints', { url: receiver.url, events: ['sync.failed'] });
    const other = await here.app.post('/v1/webhook_endpoints', { url: receiver.url, events: ['sync.failed'] });
    after(() => here.app.remove(`/v1/webhook_endpoints/${endpoint.id}`));
    after(() => here.app.remove(`/v1/webhook_endpoints/${other.id}`));
    const believes = (secret: string, { body, headers }: Pick<Received, 'body' | 'headers'>): boolean => {
      try {
        new Webhook(secret).verify(body, headers);
        return true;
      } catch {
        return false;
      }
    };
    const test = async (id: string) => {
      const { id: event } = await here.app.post(`/v1/webhook_endpoints/${id}/test`);
      await receiver.gets(receiver.received.length + 1);
      return receiver.received.find((one) => one.id === event)!;
    };
    const [real, foreign] = [await test(endpoint.id), await test(other.id)];
    control('a real delivery is believed', believes(endpoint.secret, real));
    const { headers, body } = real;
    const seconds = Number(headers['webhook-timestamp']);
    const signed = (at: number, key: string) =>
      `v1,${createHmac('sha256', key).update(`${real.id}.${at}.${body}`).digest('base64')}`;
    const forgeries: [string, Pick<Received, 'body' | 'headers'>][] = [
      ['another body', { headers, body: body.replace('active', 'paused') }],
      ['another id', { body, headers: { ...headers, 'webhook-id': newId('event') } }],
      ['a later time', { body, headers: { ...headers, 'webhook-timestamp': String(seconds + 60) } }],
      ['replayed after six minutes', { body, headers: { ...headers, 'webhook-timestamp': String(seconds - 360) } }],
      ['no signature', { body, headers: { ...headers, 'webhook-signature': '' } }],
      ['another version', { body, headers: { ...headers, 'webhook-signature': 'v0,AAAA' } }],
      ['the secret as text', { body, headers: { ...headers, 'webhook-signature': signed(seconds, endpoint.secret) } }],
      ['an empty key', { body, headers: { ...headers, 'webhook-signature': signed(seconds, '') } }],
      ['the body of one with the headers of another', { body: foreign.body, headers }],
      ['signed for another endpoint', foreign],
    ];
    for (const [what, forged] of forgeries) await attack(what, async () => believes(endpoint.secret, forged));
    const rotated = await here.app.post(`/v1/webhook_endpoints/${endpoint.id}/rotate_secret`, {
      keep_previous_seconds: 0,
    });
    const later = await test(endpoint.id);
    control('after a rotation the new secret is the one', believes(rotated.secret, later));
    await attack('signed with a secret that was given up', async () => believes(endpoint.secret, later));
    const shown = JSON.stringify(await here.app.get('/v1/webhook_endpoints'));
    await attack('the secret is read back over the API', async () => shown.includes(rotated.secret.slice(6, 30)));
    const kept = await here.everythingKept();
    await attack('the secret is found in the log or the database', async () =>
      [endpoint.secret, rotated.secret].some((secret) => kept.includes(secret.slice(6, 30))),
    );
  },
};
