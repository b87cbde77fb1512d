import { createReadStream, createWriteStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { readBackup, writeBackup } from '../base/database/backup.ts';
import { createJobs } from '../base/jobs.ts';
import { openGround } from './ground.ts';

const USAGE = `Saves everything in the database, embedded or not, into one compressed file, and brings it back.

  npm run backup  -- <file>        while the server runs: one moment of it
  npm run restore -- <file>        into an empty database; the server must not run

Sealed columns stay sealed: keep the vault's key (vault.key in DATA_DIR, or VAULT_KEY) apart from the backup.
`;

/** `npm run backup -- <file>` and `npm run restore -- <file>`. Returns the exit code. */
async function run(what: string | undefined, file: string | undefined): Promise<number> {
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
        ? await writeBackup(database, createWriteStream(file, { flags: 'wx', mode: 0o600 }))
        : await readBackup(database, createReadStream(file));
    console.log(`${what === 'backup' ? 'Saved' : 'Restored'} ${rows} rows of ${tables} tables.`);
    return 0;
  } finally {
    await ground.close();
  }
}

const { positionals } = parseArgs({ allowPositionals: true });
try {
  process.exitCode = await run(positionals[0], positionals[1]);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
