import { listKeyUses, renewKeys, rotateKeys } from '../platform/keys/rotation.ts';
import { type Ground, openGround } from './ground.ts';

const USAGE = `The vault's keys (docs/guides/rotate-keys.md).

  npm run keys -- status   which keys seal how many values
  npm run keys -- rotate   brings everything under the first key of the vault, while servers run
  npm run keys -- renew    gives every customer a fresh key, and seals everything again with it
`;

const WAYS: Record<number, (key: number) => string> = {
  1: (key) => `under key ${key} directly`,
  2: () => 'under the keys of the people',
  3: (key) => `under keys wrapped by key ${key}`,
};

/** Runs one command; returns the lines to print. */
export async function runKeysCommand(
  ground: Pick<Ground, 'database' | 'vault' | 'clock'>,
  [command]: string[],
): Promise<string[]> {
  const { current } = ground.vault;
  if (command === 'status') {
    const uses = await listKeyUses(ground);
    const lines = uses.map(({ place, form, key, count }) => `${place.padEnd(36)} ${count} ${WAYS[form]?.(key) ?? ''}`);
    return [...lines, `New keys are wrapped by key ${current}.`];
  }
  if (command !== 'rotate' && command !== 'renew') return [USAGE];
  const renewed = command === 'renew' ? await renewKeys(ground, ground.clock.now()) : 0;
  const lines: string[] = [];
  let left = 0;
  const count = await rotateKeys(ground, (place, changed, unopened) => {
    left += unopened;
    lines.push(`${place.padEnd(36)} ${changed}${unopened ? `, ${unopened} that no key opens` : ''}`);
  });
  return [
    ...lines,
    ...(renewed ? [`${renewed} rings have a fresh key; the older keys go by themselves in an hour.`] : []),
    ...(left ? [`${left} values cannot be opened with these keys: is one missing?`] : []),
    `${count} values are sealed under key ${current} now.`,
  ];
}

if (import.meta.main) {
  const ground = await openGround();
  try {
    for (const line of await runKeysCommand(ground, process.argv.slice(2))) console.log(line);
  } finally {
    await ground.close();
  }
}
