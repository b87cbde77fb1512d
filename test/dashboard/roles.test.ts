import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { VIEWS } from '../../src/pages/dashboard/views.ts';
import { mayDo, PERMISSIONS, ROLES, type Role } from '../../src/platform/operators/roles.ts';
import { root } from '../sources.ts';
import type { PlainVisitor } from '../visitor/plain.ts';
import { type World, world } from '../world.ts';
import { becomesFirst, joinsAs } from './operator.ts';

describe('roles', () => {
  let here: World;
  const cookies = {} as Record<Role, { cookie: string; csrf: string }>;
  let app: string;
  before(async () => {
    here = await world();
    app = (await here.app.get('/v1/account')).id;
    const first = await becomesFirst(here, await here.person('plain HTTP'));
    for (const role of ROLES) {
      const { visitor } = role === 'owner' ? first : await joinsAs(here, await here.person('plain HTTP'), role);
      const plain = visitor as PlainVisitor;
      await plain.opens(`${here.url}/dashboard`);
      cookies[role] = {
        cookie: plain.jar.header({ url: new URL(plain.url()), crossSite: false, method: 'GET' }) ?? '',
        csrf: /name="csrf" value="([^"]+)"/.exec(plain.page().html)![1]!,
      };
    }
  });
  after(() => here.close());

  test('the table in the guide is the table that is held', () => {
    const lines = readFileSync(join(root, 'docs/guides/dashboard.md'), 'utf8').split('\n');
    const written = lines.filter((line) => /^\| .*\| (yes|–) \|$/.test(line));
    const held = Object.values(PERMISSIONS).map(
      ({ meaning, roles }) =>
        `| ${meaning} | ${ROLES.map((role) => ((roles as readonly Role[]).includes(role) ? 'yes' : '–')).join(' | ')} |`,
    );
    assert.deepEqual(written, held);
  });

  for (const role of ROLES)
    test(`${role}: every view and every act, both ways`, async () => {
      const { cookie, csrf } = cookies[role];
      const wrong: string[] = [];
      let [let_in, kept_out] = [0, 0];
      for (const view of VIEWS)
        for (const mode of view.path.includes('/:mode') ? ['test', 'live'] : ['']) {
          const path = view.path
            .replace(':app', app)
            .replace(':mode', mode)
            .replace(/:(\w+)/g, 'none_0000000000000000000000');
          const needed = typeof view.may === 'function' ? view.may({ mode }) : view.may;
          const answer = await fetch(`${here.url}${path}`, {
            method: view.method,
            headers: { cookie, 'x-forwarded-for': `203.0.113.${ROLES.indexOf(role) + 1}` },
            redirect: 'manual',
            // A wrong token, so that who may act changes nothing by it: the role is asked first.
            ...(view.method === 'POST' ? { body: new URLSearchParams({ csrf: `not ${csrf}` }) } : {}),
          });
          const text = await answer.text();
          const refused = answer.status === 403 && text.includes('Not with your role');
          if (refused === mayDo(role, needed)) wrong.push(`${view.method} ${path}: ${answer.status}`);
          if (view.method === 'POST' && !refused && !text.includes('not valid any more'))
            wrong.push(`${path} took a wrong token: ${answer.status}`);
          if (refused) kept_out += 1;
          else let_in += 1;
        }
      assert.deepEqual(wrong, []);
      assert.ok(let_in > 5 && (role === 'owner') === (kept_out === 0), `${let_in} ${kept_out}`);
    });
});
