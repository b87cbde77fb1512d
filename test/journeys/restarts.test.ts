import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Visitor } from '../visitor/visitor.ts';
import { type World, world } from '../world.ts';
import { comesHome, connects, WAYS, type Way } from './ways.ts';

describe('the server restarts between any two steps', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  for (const way of Object.values(WAYS) as Way[]) {
    test(`${way.name}: the person goes on where they were`, async () => {
      let restarts = 0;
      const person = restarting(await here.person('plain HTTP'), async () => {
        await here.restart();
        restarts += 1;
      });
      const { consent, url } = await here.asksForConsent({ provider: way.bank });
      await connects(person, url, way, here.bank);
      await comesHome(person);
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
      assert.ok(restarts >= 3, `${restarts} restarts`);
      const { data } = await here.app.get(`/v1/bank_accounts?consent=${consent}`);
      assert.ok(data.length > 0);
    });
  }
});

/** Restarts the server before each thing the person does. */
function restarting(person: Visitor, restart: () => Promise<void>): Visitor {
  return {
    ...person,
    async presses(name) {
      await restart();
      await person.presses(name);
    },
    async follows(name) {
      await restart();
      await person.follows(name);
    },
  };
}
