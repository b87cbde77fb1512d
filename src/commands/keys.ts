import { listKeyUses, rotateKeys } from '../platform/keys/rotation.ts';
import { type Ground, openGround } from './ground.ts';

const USAGE = `The vault's keys (docs/guides/rotate-keys.md).

  npm run keys -- status   how many values each key seals
  npm run keys -- rotate   seals everything again under the first key, while servers run
`;

/** Runs one command; returns the lines to print. */
export async function runKeysCommand(
  ground: Pick<Ground, 'database' | 'vault'>,
  [command]: string[],
): Promise<string[]> {
  // What the vault seals now tells which key is the first.
  const current = ground.vault.seal('', [])[1]!;
  if (command === 'status') {
    const uses = await listKeyUses(ground);
    const lines = uses.map(({ place, key, count }) => `${place.padEnd(36)} key ${key}  ${count}`);
    return [...lines, `New values are sealed under key ${current}.`];
  }
  if (command !== 'rotate') return [USAGE];
  const lines: string[] = [];
  const count = await rotateKeys(
    ground,
    current,
    (place, changed) => void lines.push(`${place.padEnd(36)} ${changed}`),
  );
  return [...lines, `${count} values are sealed under key ${current} now.`];
}

if (import.meta.main) {
  const ground = await openGround();
  try {
    for (const line of await runKeysCommand(ground, process.argv.slice(2))) console.log(line);
  } finally {
    await ground.close();
  }
}
