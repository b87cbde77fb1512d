import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chownSync, lstatSync, readdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** The environment PostgreSQL runs in: nothing of ours, so that no setting and no secret of the server reaches it. */
export const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
  // Left to itself, the C library gives the memory of every long answer back to the system and asks for it again at the
  // next: half of what a page of 500 transactions cost. This much a connection it keeps.
  MALLOC_MMAP_THRESHOLD_: '8388608',
  MALLOC_TRIM_THRESHOLD_: '8388608',
};

/** As whom PostgreSQL runs: what stands before its command, and who its files belong to. */
export type Account = { prefix: string[]; owner?: { uid: number; gid: number } };

const NOBODY = 65534;
// INT is PostgreSQL's fast shutdown: it ends with us even when we are killed.
const WITH_US = ['--pdeathsig', 'INT'];

/**
 * The account that can run `program` and write into `folders`, which exist; `established` when a database is in the
 * first of them. PostgreSQL refuses root, so root runs it as
 * nobody, or, where nobody cannot reach (below /root), as itself in a user namespace in which it is not called root.
 */
export function chooseAccount(program: string, folders: string[], established: boolean): Account {
  const directly = { prefix: ['setpriv', ...WITH_US] };
  // initdb wants its user to have a name, so it is nobody in the namespace too: every system knows nobody.
  const namespaced = {
    prefix: ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, 'setpriv', ...WITH_US],
  };
  if (process.getuid?.() !== 0) {
    return firstUsable(program, folders, [...(hasName() ? [] : [namespaced]), directly, { prefix: [] }]);
  }
  const nobody = {
    prefix: ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', ...WITH_US],
    owner: { uid: NOBODY, gid: NOBODY },
  };
  const rootElsewhere = { ...namespaced, owner: { uid: 0, gid: 0 } };
  // Whoever the files belong to is tried first, so that a large database does not change hands at every start.
  const ownedByRoot = established && lstatSync(folders[0]!).uid === 0;
  return firstUsable(program, folders, ownedByRoot ? [rootElsewhere, nobody] : [nobody, rootElsewhere]);
}

/** Whether the system knows the user we run as; in a container it may be but a number. */
function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
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
