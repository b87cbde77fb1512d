import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ACCOUNT, openScriptedSyncs, PERSON, type ScriptedSyncs } from '../../../test/scripted-syncs.ts';
import { sql } from '../../base/database.ts';
import type { AccountLink } from '../accounts/storing.ts';
import { Problem } from '../problems.ts';
import { startSync } from '../syncs/syncs.ts';
import { announceDueConsents, nextNoticeAt, noticesDue } from './notices.ts';
import { reconfirmConsent } from './reconfirming.ts';

const DAY_MS = 86_400_000;

describe('a consent over time', () => {
  let world: ScriptedSyncs;
  before(async () => {
    world = await openScriptedSyncs();
  });
  after(() => world.close());

  test('its end is announced 30, 14, 7 and 1 days before, and what lies before the start is not', () => {
    const start = new Date('2026-01-01T12:00:00Z');
    const inDays = (days: number) => new Date(start.getTime() + days * DAY_MS);
    const told: string[] = [];
    const ends = { expiresAt: inDays(20), reconfirmBy: null };
    for (let at = nextNoticeAt(ends, start); at; at = nextNoticeAt(ends, at)) told.push(at.toISOString());
    assert.deepEqual(
      told,
      [inDays(6), inDays(13), inDays(19)].map((at) => at.toISOString()),
    );
    assert.deepEqual(
      noticesDue({ expiresAt: inDays(180), reconfirmBy: inDays(90) }, inDays(70), inDays(84)).map(({ days }) => days),
      [7],
      'a server that was away says only what is still to come',
    );
  });

  test('to the minute: nothing before, one event at the moment, none twice', async () => {
    const { link } = await world.connect();
    const { clock, platform } = world.data;
    await giveEnds(link, 180, null);
    const passes = async (ms: number) => {
      await clock.advance(ms);
      await announceDueConsents(platform);
      await announceDueConsents(platform);
    };
    const seen = async () => (await eventsOf(link)).map(({ data }) => data.days);
    await passes(150 * DAY_MS - 60_000);
    assert.deepEqual(await seen(), []);
    await passes(60_000);
    assert.deepEqual(await seen(), [30]);
    for (const days of [16, 7, 6]) await passes(days * DAY_MS);
    assert.deepEqual(await seen(), [30, 14, 7, 1]);
    assert.ok((await eventsOf(link)).every(({ data }) => data.reason === 'expiry'));
  });

  test('in the UK reading without the person stops after 90 days and goes on when they reconfirm', async () => {
    const { caller, link, ids } = await world.connect([ACCOUNT], 'gb-bank');
    const { clock, platform } = world.data;
    await giveEnds(link, 365, 90);
    await world.first(link);
    await world.idle();
    await clock.advance(89 * DAY_MS);
    await announceDueConsents(platform);
    assert.deepEqual(
      (await eventsOf(link)).map(({ data }) => [data.reason, data.days]),
      [['reconfirmation', 1]],
    );
    await clock.advance(DAY_MS);
    await announceDueConsents(platform);
    const stopped = await world.connectionOf(link);
    assert.equal(stopped?.status, 'action_required');
    await assert.rejects(startSync(platform, caller, { account: ids[0]! }), { code: 'connection_not_active' });
    await startSync(platform, caller, { account: ids[0]! }, { person: PERSON });
    await world.idle();
    const byHand = (await world.state(caller, link)).recent.find(({ reason }) => reason === 'manual');
    assert.equal(byHand?.status, 'completed', 'attended reading goes on');
    assert.equal((await world.connectionOf(link))?.status, 'action_required', 'and is no reconfirmation');

    const now = clock.now();
    const ask = (confirmedAt: Date) =>
      reconfirmConsent(platform, {
        tenant: link.tenant,
        id: link.consent,
        confirmedAt,
        initiator: 'app',
        requestId: null,
      });
    await assert.rejects(ask(new Date(now.getTime() + 3_600_000)), Problem);
    await assert.rejects(ask(new Date(now.getTime() - 91 * DAY_MS)), Problem);
    const confirmed = await ask(now);
    assert.equal(confirmed.reconfirmBy?.getTime(), now.getTime() + 90 * DAY_MS);
    assert.equal((await ask(now)).updatedAt.getTime(), confirmed.updatedAt.getTime(), 'twice is once');
    const connection = await world.connectionOf(link);
    assert.equal(connection?.status, 'active');
    assert.ok(connection.next_sync_at! > now);
    const types = (await world.events(link)).map(({ type }) => type);
    assert.deepEqual(
      types.filter((type) => /reconfirmed|restored|action_required/.test(type)),
      ['connection.action_required', 'consent.reconfirmed', 'connection.restored'],
    );
    assert.equal((await startSync(platform, caller, { account: ids[0]! })).status, 'queued');
  });

  test('a consent of a country that asks for no reconfirmation takes none', async () => {
    const { caller, link } = await world.connect();
    const request = { tenant: caller.tenant, id: link.consent, initiator: 'app', requestId: null } as const;
    const confirmedAt = world.data.clock.now();
    await assert.rejects(reconfirmConsent(world.data.platform, { ...request, confirmedAt }), {
      code: 'invalid_request',
    });
  });

  async function giveEnds(link: AccountLink, validDays: number, reconfirmDays: number | null): Promise<void> {
    const { database, clock } = world.data;
    const after = (days: number | null) => days && new Date(clock.now().getTime() + days * DAY_MS);
    const ends = { expiresAt: after(validDays) as Date, reconfirmBy: after(reconfirmDays) as Date | null };
    await database.run(sql`update consents set expires_at = ${ends.expiresAt}, reconfirm_by = ${ends.reconfirmBy},
      notice_at = ${nextNoticeAt(ends, clock.now())} where tenant = ${link.tenant} and id = ${link.consent}`);
  }

  function eventsOf(link: AccountLink): Promise<{ data: { reason: string; days: number } }[]> {
    return world.data.database.rows(sql`select data from events
      where tenant = ${link.tenant} and type = 'consent.expiring' order by seq`);
  }
});
