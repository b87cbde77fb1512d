import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { createClock } from '../base/clock.ts';
import { connectors } from '../connectors/index.ts';
import { readProviderDocument } from '../platform/providers/file.ts';
import { buildGermanDirectory } from './directory/germany.ts';
import { PACKAGES, readFreshness } from './directory/sources.ts';

const USAGE = `The German directory: which banks are reached by FinTS, and how fresh that is.

  npm run directory                 says how old the data is, and what is in it
  npm run directory -- --update     takes the newest data from npm; restart the server afterwards
`;

/** What the command prints about the data as it is on that day, `YYYY-MM-DD`. */
export function describeDirectory(today: string): string {
  const { bankCodes, addresses } = readFreshness();
  const { counts, families } = buildGermanDirectory(today);
  const factSchemas = Object.fromEntries(Object.values(connectors).map(({ standard, facts }) => [standard, facts]));
  const refused = families.flatMap(
    ({ file, document }) => readProviderDocument(file, document, { factSchemas, allowPrivate: () => false }).problems,
  );
  const { validFrom, validUntil } = bankCodes;
  const old = validUntil !== undefined && today > validUntil;
  return [
    `Bank codes       Bundesbank, by ${PACKAGES[0]} ${bankCodes.version}: valid ${validFrom} to ${validUntil ?? 'unknown'}${old ? ' – OUT OF DATE, run with --update' : ''}`,
    `FinTS addresses  ${PACKAGES[1]} ${addresses.version}, corrected by providers/germany/corrections.yaml`,
    `Listed           ${counts.listed} banks with ${counts.codesListed} bank codes, at ${families.length - 1} servers`,
    `Unavailable      ${counts.withoutAddress} banks with ${counts.bankCodes - counts.codesListed} bank codes: found and marked as not connectable, because no current FinTS address is known`,
    ...refused.map(({ file, reason }) => `Refused          ${file}: ${reason}`),
    '',
  ].join('\n');
}

function run(): number {
  const { values } = parseArgs({ options: { update: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (values.update) {
    const newest = PACKAGES.map((name) => `${name}@latest`);
    const { status } = spawnSync('npm', ['install', '--save-exact', '--ignore-scripts', ...newest], {
      stdio: 'inherit',
    });
    // What was read of the old packages must not be shown as the new: a second run reads them.
    if (status === 0) console.log('Updated. Run "npm run directory" to see it, then restart the server.');
    return status ?? 1;
  }
  console.log(describeDirectory(createClock().now().toISOString().slice(0, 10)));
  return 0;
}

if (import.meta.main) process.exitCode = run();
