import { firstOperatorLink, makeWayBack } from '../../platform/operators/links.ts';
import { findOperatorByEmail, listOperators } from '../../platform/operators/operators.ts';
import type { Platform } from '../../platform/platform.ts';
import { Problem } from '../../platform/problems.ts';
import type { Typed } from '../app.ts';
import type { Ground } from '../ground.ts';

/** `operator`: who gets into the dashboard. `operator link [address]`: a link for the first, or back in. */
export async function runOperator(ground: Ground, { words }: Typed): Promise<string[]> {
  const [what, email] = words;
  const platform = { ...ground, publicUrl: ground.settings.publicUrl } as unknown as Platform;
  if (what === undefined) {
    const everybody = await listOperators(ground);
    return everybody.length
      ? everybody.map((one) => `${one.id}  ${one.role.padEnd(9)}  ${one.status.padEnd(8)}  ${one.email}  ${one.name}`)
      : ['Nobody yet: npm run app -- operator link'];
  }
  if (what !== 'link') throw new Problem('invalid_request', 'npm run app -- operator [link [address]]');
  const first = await firstOperatorLink(platform);
  if (first) return ['For the first operator; works once, for a day:', first];
  const known = email === undefined ? undefined : await findOperatorByEmail(ground, email);
  if (!known) throw new Problem('not_found', 'Say whom to let back in: npm run app -- operator link ada@example.com');
  const by = { operator: 'command', requestId: null };
  return [`For ${known.email}; works once, for a day:`, await makeWayBack(platform, known.id, by)];
}
