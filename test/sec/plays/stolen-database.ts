import { readFileSync } from 'node:fs';
import { sql } from '../../../src/base/database.ts';
import { readGrant } from '../../../src/platform/connections/grants.ts';
import { comesHome, connects, WAYS } from '../../journeys/ways.ts';
import { somebody } from '../at-bank.ts';
import { dataFiles } from '../data-files.ts';
import type { Play } from '../play.ts';

/** T7: somebody has the database, or may write into it, but not the key. */
export const stolenDatabase: Play = {
  id: 'T7',
  threat: 'Tokens at rest: a stolen dump, and sealed values put elsewhere',
  quick: true,
  async play({ ownWorld, attack, control }) {
    const here = await ownWorld();
    const tokens: string[] = [];
    here.server.sandbox!.onWire(({ requestHeaders, responseBody }) => {
      const bearer = /^Bearer (.+)$/.exec(requestHeaders.authorization ?? '')?.[1];
      if (bearer) tokens.push(bearer);
      const { access_token, refresh_token } = (responseBody ?? {}) as { access_token?: string; refresh_token?: string };
      tokens.push(...[access_token, refresh_token].filter((one) => typeof one === 'string'));
    });
    const ids: string[] = [];
    for (const way of [WAYS.oauth, WAYS.none, WAYS.none]) {
      const person = await somebody(here);
      const { url, consent } = await here.asksForConsent({ provider: way.bank });
      await connects(person, url, way, here.bank);
      await comesHome(person);
      ids.push((await here.app.get(`/v1/consents/${consent}`)).connection);
    }
    const { platform } = here.server;
    await platform.jobs.idle();
    const canaries = [...new Set(tokens)];
    control(`${canaries.length} tokens went over the wire`, canaries.length >= 1);
    const dump = await here.everythingKept();
    const files = await dataFiles(platform.database);
    await attack(
      'a token in a dump or the log',
      async () => canaries.filter((token) => dump.includes(token)).length,
      canaries.length,
    );
    await attack(
      `a token in the ${files.length} files of the database, write-ahead log included`,
      async () => canaries.filter((token) => files.some((path) => readFileSync(path).includes(token))).length,
      canaries.length,
    );

    const [row] = await platform.database.rows<{ tenant: number }>(
      sql`select tenant from connections where id = ${ids[0]!}`,
    );
    const tenant = row!.tenant;
    const opens = (connection: string) =>
      readGrant(platform, tenant, connection).then(
        (found) => found !== undefined,
        (error: Error) => error.name !== 'VaultError',
      );
    control('a grant opens where it belongs', await opens(ids[1]!));
    const spoil = async (connection: string, sealed: ReturnType<typeof sql>) => {
      const [before] = await platform.database.rows<{ sealed: Buffer }>(
        sql`select grant_sealed as sealed from connections where id = ${connection}`,
      );
      await platform.database.run(sql`update connections set grant_sealed = ${sealed} where id = ${connection}`);
      const won = await opens(connection);
      await platform.database.run(
        sql`update connections set grant_sealed = ${before!.sealed} where id = ${connection}`,
      );
      return won;
    };
    await attack('another connection’s grant', () =>
      spoil(ids[1]!, sql`(select grant_sealed from connections where id = ${ids[2]!})`),
    );
    await attack('another bank’s grant', () =>
      spoil(ids[1]!, sql`(select grant_sealed from connections where id = ${ids[0]!})`),
    );
    await attack('a sealed page of transactions in the place of a grant', () =>
      spoil(ids[1]!, sql`coalesce((select sealed from bank_pages limit 1), '\\x01'::bytea)`),
    );
    await attack('a grant with one bit changed', () =>
      spoil(
        ids[1]!,
        sql`set_byte(grant_sealed, length(grant_sealed) - 1, get_byte(grant_sealed, length(grant_sealed) - 1) # 1)`,
      ),
    );
    await attack('a grant with another key’s number', () => spoil(ids[1]!, sql`set_byte(grant_sealed, 1, 9)`));
    await attack('a grant in an older form', () => spoil(ids[1]!, sql`set_byte(grant_sealed, 0, 0)`));
    await attack('a grant cut short', () => spoil(ids[1]!, sql`substring(grant_sealed for 20)`));
    await attack('a grant in clear', () => spoil(ids[1]!, sql`'{"reference":"x","secret":{}}'::bytea`));
    const ringOf = (connection: string) =>
      sql`(select k.wrapped from data_keys k join connections n on n.tenant = k.tenant and n.customer = k.holder
        where n.id = ${connection})`;
    const exchange = async (ring: ReturnType<typeof sql>) => {
      const [before] = await platform.database.rows<{ ring: Buffer }>(sql`select ${ringOf(ids[1]!)} as ring`);
      const put = (value: ReturnType<typeof sql>) =>
        platform.database.run(sql`update data_keys set wrapped = ${value} where tenant = ${tenant}
          and holder = (select customer from connections where id = ${ids[1]!})`);
      await put(ring);
      const won = await opens(ids[1]!);
      await put(sql`${before!.ring}`);
      return won;
    };
    await attack('another person’s keys', () => exchange(ringOf(ids[2]!)));
    await attack('keys cut short', () => exchange(sql`substring(${ringOf(ids[1]!)} for 40)`));
    await attack('keys with one bit changed', () =>
      exchange(sql`set_byte(${ringOf(ids[1]!)}, 40, get_byte(${ringOf(ids[1]!)}, 40) # 1)`),
    );
    control('and opens again after all', await opens(ids[1]!));
  },
};
