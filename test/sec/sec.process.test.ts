import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type World, world } from '../world.ts';
import { playOut } from './play.ts';
import { PLAYS } from './plays/index.ts';

describe('attacks fail (npm run sec plays all of them at length)', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  for (const play of PLAYS.filter(({ quick }) => quick)) {
    test(`${play.id}: ${play.threat}`, async () => {
      const said: string[] = [];
      const { attempts, successes, broken } = await playOut(
        play,
        async () => here,
        (line) => said.push(line),
        false,
      );
      assert.deepEqual([successes, broken], [[], []], said.join('\n'));
      assert.ok(attempts > 0, 'nothing was tried');
    });
  }
});
