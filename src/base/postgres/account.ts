import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chownSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The environment PostgreSQL runs in: nothing of ours, so that no setting and no secret of the server reaches it. */
export const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};

/** As whom PostgreSQL runs: what stands before its command, and who its files belong to. */
export type Account = { prefix: string[]; owner?: { uid: number; gid: number } };

const NOBODY = 65534;
// INT is PostgreSQL's fast shutdown: it ends with us even when we are killed.
const WITH_US = ['--pdeathsig', 'INT'];

/**
 * The account that can run `program` and write into `folders`, which exist. PostgreSQL refuses root, so root runs it as
 * nobody, or, where nobody cannot reach (below /root), as itself in a user namespace in which it is not called root.
 */
export function chooseAccount(program: string, folders: string[]): Account {
  if (process.getuid?.() !== 0)
    return firstUsable(program, folders, [{ prefix: ['setpriv', ...WITH_US] }, { prefix: [] }]);
  const nobody = {
    prefix: ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', ...WITH_US],
    owner: { uid: NOBODY, gid: NOBODY },
  };
  const namespaced = {
    prefix: ['unshare', '--user', '--map-user=1000', '--map-group=1000', 'setpriv', ...WITH_US],
    owner: { uid: 0, gid: 0 },
  };
  // Whoever the files belong to is tried first, so that a large database does not change hands at every start.
  const ownedByRoot = readdirSync(folders[0]!).length > 0 && lstatSync(folders[0]!).uid === 0;
  return firstUsable(program, folders, ownedByRoot ? [namespaced, nobody] : [nobody, namespaced]);
}

function firstUsable(program: string, folders: string[], accounts: Account[]): Account {
  const reasons: string[] = [];
  for (const account of accounts) {
    for (const folder of folders) giveTo(account, folder);
    const script = 'program=$1; shift; for folder; do test -w "$folder" || exit 9; done; "$program" --version';
    const result = runSync(account, 'sh', ['-c', script, 'sh', program, ...folders]);
    if (result.status === 0) return account;
    reasons.push(
      `${account.prefix.join(' ') || 'directly'}: ${result.status === 9 ? 'cannot write there' : (result.error?.message ?? result.stderr.trim())}`,
    );
  }
  throw new Error(
    `PostgreSQL cannot be run with its files in ${folders.join(' and ')}. Start as another user, choose another DATA_DIR, or set DATABASE_URL. Tried:\n  ${reasons.join('\n  ')}`,
  );
}

/** Runs a short program as that account and returns what it said. */
export function runSync(account: Account, program: string, args: string[]): SpawnSyncReturns<string> {
  const [command = program, ...rest] = [...account.prefix, program, ...args];
  return spawnSync(command, rest, { cwd: '/', env: ENVIRONMENT, encoding: 'utf8' });
}

/** Makes a folder and everything in it belong to the account. */
function giveTo({ owner }: Account, path: string): void {
  if (!owner) return;
  const found = lstatSync(path);
  if (found.uid === owner.uid && found.gid === owner.gid) return;
  // The folder itself last: when this is interrupted, the next start sees that it is not done.
  if (found.isDirectory()) for (const name of readdirSync(path)) giveAll(owner, join(path, name));
  chownSync(path, owner.uid, owner.gid);
}

function giveAll(owner: { uid: number; gid: number }, path: string): void {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return;
  if (found.isDirectory()) for (const name of readdirSync(path)) giveAll(owner, join(path, name));
  chownSync(path, owner.uid, owner.gid);
}
