import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folders of one embedded server, absolute and without links: `home` holds everything but a socket with a long path. */
export type Place = { home: string; data: string; socket: string; claim: string };

// sockaddr_un holds 108 bytes on Linux and 104 on macOS, the closing zero included.
const LONGEST_SOCKET_PATH = 103;

/** Makes the folders under `dataDir` that PostgreSQL needs. */
export function makePlace(dataDir: string): Place {
  // Not readable, yet passable: the account PostgreSQL runs as must get to its own folder.
  if (!existsSync(dataDir)) mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  const folder = realpathSync(dataDir);
  const home = join(folder, 'postgres');
  const near = join(home, 'socket');
  const fits = Buffer.byteLength(join(near, '.s.PGSQL.5432')) <= LONGEST_SOCKET_PATH;
  const short = join(tmpdir(), `drawbridge-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`);
  const socket = fits ? near : short;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  mkdirSync(socket, { recursive: true, mode: 0o700 });
  refuseForeign(socket);
  return { home, data: join(home, 'data'), socket, claim: join(folder, 'postgres.owner') };
}

/** In a folder that everybody can write to, somebody may have made ours before us. */
function refuseForeign(folder: string): void {
  const found = lstatSync(folder);
  const me = process.getuid?.() ?? 0;
  const trusted = me === 0 ? [0, 65534] : [me];
  if (!found.isDirectory() || !trusted.includes(found.uid))
    throw new Error(`${folder} belongs to somebody else: remove it, or choose a shorter DATA_DIR`);
  chmodSync(folder, 0o700);
}
