import { createReadStream, createWriteStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { readBackup, writeBackup } from '../base/database/backup.ts';
import { createJobs } from '../base/jobs.ts';
import { openGround } from './ground.ts';

const USAGE = `Saves everything in the database, embedded or not, into compressed files, and brings it back.

  npm run backup  -- <file> [<keys>]   while the server runs: one moment of it
  npm run restore -- <file> [<keys>]   into an empty database; the server must not run

The keys of the people lie in a file of their own, <file>.keys unless named. Keep only the newest of these, and restore any
backup with it: what was erased stays closed then. Everything sealed stays sealed: keep the vault's key (vault.key in
DATA_DIR, or VAULT_KEY) apart from both.
`;

/** `npm run backup -- <file>` and `npm run restore -- <file>`. Returns the exit code. */
async function run(what: string | undefined, file: string | undefined, keys = `${file}.keys`): Promise<number> {
  if ((what !== 'backup' && what !== 'restore') || file === undefined) {
    console.log(USAGE);
    return 2;
  }
  const ground = await openGround();
  try {
    const { database, url, clock, log } = ground;
    // The tables of the jobs are made by whoever opens them.
    await (await createJobs({ url, database, clock, log })).stop();
    const { tables, rows } =
      what === 'backup'
        ? await writeBackup(database, fresh(file), fresh(keys))
        : await readBackup(database, createReadStream(file), createReadStream(keys));
    console.log(`${what === 'backup' ? 'Saved' : 'Restored'} ${rows} rows of ${tables} tables.`);
    return 0;
  } finally {
    await ground.close();
  }
}

function fresh(path: string) {
  return createWriteStream(path, { flags: 'wx', mode: 0o600 });
}

const { positionals } = parseArgs({ allowPositionals: true });
try {
  process.exitCode = await run(positionals[0], positionals[1], positionals[2]);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
