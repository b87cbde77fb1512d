import { raw, sql } from '../../../src/base/database.ts';
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
    const third = (await database.first<{ id: number }>(sql`select id from audit order by id limit 1 offset 2`))!.id;
    for (const [what, statement] of [
      ['updating a row', sql`update audit set what = 'nothing' where id = ${third}`],
      ['deleting a row', sql`delete from audit where id = ${third}`],
      ['emptying the table', sql`truncate audit`],
      ['updating a link of the chain', sql`update audit_chain set hash = sha256('x')`],
      ['deleting a link of the chain', sql`delete from audit_chain`],
      ['emptying the chain', sql`truncate audit_chain`],
    ] as const)
      await attack(`${what}, as the database’s own user`, () =>
        database.run(statement).then(
          () => true,
          () => false,
        ),
      );

    // Whoever owns the database can switch the triggers off: then the chain shows it.
    const say = () => undefined;
    const known = `${whole.head.place}:${whole.head.hash}`;
    const switchTriggers = async (how: ReturnType<typeof raw>) => {
      for (const table of ['audit', 'audit_chain'])
        await database.run(sql`alter table ${raw(table)} ${how} trigger all`);
    };
    const shows = async (...changed: ReturnType<typeof sql>[]) => {
      await switchTriggers(raw('disable'));
      for (const statement of changed) await database.run(statement);
      const code = await runAuditCommand({ database }, ['verify', known], say);
      for (const table of ['audit', 'audit_chain']) {
        await database.run(sql`delete from ${raw(table)}`);
        await database.run(
          sql`insert into ${raw(table)} overriding system value select * from ${raw(`kept_${table}`)}`,
        );
      }
      await switchTriggers(raw('enable'));
      return code === 0;
    };
    await database.run(sql`create table kept_audit as select * from audit`);
    await database.run(sql`create table kept_audit_chain as select * from audit_chain`);
    const edited = sql`update audit set object = 'x' where id = ${third}`;
    const gone = sql`delete from audit where id = ${third}`;
    await attack('a row edited with the triggers off', () => shows(edited));
    await attack('a row and its link edited', () => shows(edited, sql`update audit_chain set hash = sha256('x')`));
    await attack('a row taken away', () => shows(gone));
    await attack('a row taken away and the places closed up', () =>
      shows(gone, sql`update audit_chain set place = place - 1`),
    );
    await attack('a row put in later', () =>
      shows(
        gone,
        sql`insert into audit (id, at, initiator, what) overriding system value values (${third}, now(), 'app', 'x')`,
      ),
    );
    await attack('the end cut off', () => shows(sql`delete from audit where id > ${third}`));
    await attack('the end cut off with its link', () =>
      shows(sql`delete from audit where id > ${third}`, sql`delete from audit_chain`),
    );
    await attack('two rows swapped', () =>
      shows(
        sql`update audit set object = case id when ${third} then 'a' else 'b' end where id in (${third}, ${third + 1})`,
      ),
    );
    await database.run(sql`drop table kept_audit, kept_audit_chain`);
    control('and as it was, it holds again', (await runAuditCommand({ database }, ['verify'], say)) === 0);
  },
};
