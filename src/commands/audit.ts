import { type ChainHead, exportAudit, verifyAudit } from '../platform/audit/audit.ts';
import { openGround } from './ground.ts';

const USAGE = `The audit: every change of state and every act of the operator, chained by hashes.

  npm run audit:verify                       computes the chain again; ends with 1 when it is broken
  npm run audit:verify -- <place>:<hash>     and compares it with a head written down earlier
  npm run audit:export                       prints it, one JSON object a line
`;

/** Runs one command; returns its exit code. */
export async function runAuditCommand(
  ground: Pick<Awaited<ReturnType<typeof openGround>>, 'database'>,
  [command, head]: string[],
  say: (line: string) => void,
): Promise<number> {
  if (command === 'export') {
    await exportAudit(ground, (row) => say(JSON.stringify(row)));
    return 0;
  }
  const known = head === undefined ? undefined : readHead(head);
  if (command !== 'verify' || (head !== undefined && !known)) {
    say(USAGE);
    return 2;
  }
  const { head: end, unchained, broken } = await verifyAudit(ground, known);
  if (broken) {
    say(`The audit is broken from place ${broken.place} on: ${broken.why}.`);
    return 1;
  }
  say(`The audit holds: ${end.place} rows, and ${unchained} that will be chained within a minute.`);
  say(`Its head, to be written down elsewhere: ${end.place}:${end.hash}`);
  return 0;
}

function readHead(text: string): ChainHead | undefined {
  const [, place, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  return place && hash ? { place: Number(place), hash } : undefined;
}

if (import.meta.main) {
  const ground = await openGround();
  try {
    process.exitCode = await runAuditCommand(ground, process.argv.slice(2), (line) => console.log(line));
  } finally {
    await ground.close();
  }
}
