// The pretend banks in a process of their own, so that their processor time is not taken for the server's. Writes what
// calls them needs into its folder, `ready.json` last.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClock } from '../src/base/clock.ts';
import { openDatabase } from '../src/base/database.ts';
import { createLog } from '../src/base/log.ts';
import { startSandbox } from '../src/sandbox/index.ts';

const [databaseUrl = '', folder = '', firstPort = '0'] = process.argv.slice(2);
const log = createLog('error');
const people = Number(firstPort);
const sandbox = await startSandbox({
  database: await openDatabase(databaseUrl, { log, named: true, size: 4 }),
  clock: createClock(),
  log,
  host: '127.0.0.1',
  ports: { people, machine: people + 1, control: people + 2 },
  dataDir: folder,
});
const identity = await sandbox.issueCertificate({
  organization: 'Bench',
  organizationId: 'PSDDE-BAFIN-000001',
  commonName: 'bench.localhost',
});
await writeFile(join(folder, 'authority.pem'), sandbox.ca);
await writeFile(join(folder, 'ready.json'), JSON.stringify(identity));
