import { sql } from '../../../src/base/database.ts';
import { runAuditCommand } from '../../../src/commands/audit.ts';
import { createApp, createKey, revokeKey } from '../../../src/platform/apps/apps.ts';
import { chainAudit, verifyAudit } from '../../../src/platform/audit/audit.ts';
import { agrees, begins, WAYS } from '../../journeys/ways.ts';
import { somebody } from '../at-bank.ts';
import type { Play } from '../play.ts';

/** T22: somebody with the database or a key covers their tracks. */
export const misuse: Play = {
  id: 'T22',
  threat: 'Misuse of keys and of the database, and covering the tracks',
  quick: true,
  async play({ ownWorld, attack, control }) {
    const here = await ownWorld();
    const { platform } = here.server;
    const { database } = platform;
    const { tenants, keys } = await createApp(platform, { name: 'Other' });
    const second = await createKey(platform, tenants.test, 'second');
    await revokeKey(platform, tenants.test, second.id);
    const { url, consent } = await here.asksForConsent({ provider: WAYS.one.bank });
    const person = await somebody(here);
    await begins(person, url, WAYS.one);
    await agrees(person);
    await here.app.post(`/v1/consents/${consent}/revoke`);
    await chainAudit(platform);

    const count = async (statement: ReturnType<typeof sql>) => (await database.first<{ n: number }>(statement))!.n;
    const changes = await count(sql`select count(*)::int as n from timeline`);
    const rows = await count(sql`select count(*)::int as n from audit where initiator <> 'operator'`);
    await attack('a change of state without its row in the audit, or with two', async () => changes !== rows, changes);
    const kept = await here.everythingKept();
    await attack(
      'a key that can be read in the database or the log',
      async () => [here.key, keys[0]!.key, second.key].filter((key) => kept.includes(key)).length,
      3,
    );
    await attack(
      'a revoked key',
      async () =>
        (await here.app.call('GET', '/v1/account', undefined, { authorization: `Bearer ${second.key}` })).status < 400,
    );
    await attack(
      'a test key for live mode',
      async () => (await here.app.call('GET', '/v1/account')).body.mode === 'live',
    );
    const whole = await verifyAudit(platform);
    control(
      `the chain of ${whole.head.place} rows holds`,
      !whole.broken && whole.unchained === 0 && whole.head.place > 5,
    );
    for (const [what, statement] of [
      ['updating a row', sql`update audit set what = 'nothing' where place = 3`],
      ['deleting a row', sql`delete from audit where place = 3`],
      ['emptying the table', sql`truncate audit`],
    ] as const)
      await attack(`${what}, as the database’s own user`, () =>
        database.run(statement).then(
          () => true,
          () => false,
        ),
      );

    // Whoever owns the database can switch the triggers off: then the chain shows it.
    const say = () => undefined;
    const shows = async (
      changed: ReturnType<typeof sql>[],
      undo: ReturnType<typeof sql>[],
      known = `${whole.head.place}:${whole.head.hash}`,
    ) => {
      for (const statement of [sql`alter table audit disable trigger all`, ...changed]) await database.run(statement);
      const code = await runAuditCommand({ database }, ['verify', known], say);
      for (const statement of [...undo, sql`alter table audit enable trigger all`]) await database.run(statement);
      return code === 0;
    };
    await database.run(sql`create table kept_audit as select * from audit`);
    const back = [sql`delete from audit`, sql`insert into audit overriding system value select * from kept_audit`];
    await attack('a row edited with the triggers off', () =>
      shows([sql`update audit set object = 'x' where place = 3`], back),
    );
    await attack('a row and its hash edited', () =>
      shows([sql`update audit set object = 'x', hash = sha256('x') where place = 3`], back),
    );
    await attack('a row taken away', () => shows([sql`delete from audit where place = 3`], back));
    await attack('a row taken away and the places closed up', () =>
      shows(
        [
          sql`delete from audit where place = 3`,
          sql`update audit set place = -place where place > 3`,
          sql`update audit set place = -place - 1 where place < 0`,
        ],
        back,
      ),
    );
    await attack('the end cut off', () => shows([sql`delete from audit where place > 3`], back));
    await attack('two rows swapped', () =>
      shows([sql`update audit set object = case place when 2 then 'a' else 'b' end where place in (2, 3)`], back),
    );
    await database.run(sql`drop table kept_audit`);
    control('and as it was, it holds again', (await runAuditCommand({ database }, ['verify'], say)) === 0);
  },
};
