import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectors } from '../connectors/index.ts';
import { MAPPING } from '../platform/accounts/storing.ts';
import type { Platform } from '../platform/platform.ts';
import { createProviders } from '../platform/providers/providers.ts';
import { replayProvider } from '../platform/syncs/replay/replaying.ts';
import { openGround } from './ground.ts';

const USAGE = `Reads the kept pages of a bank once more with today's mapping, without asking the bank. What is said differently
reaches apps as modified.

  npm run replay -- <provider> [--all]      --all: pages that today's mapping has read already, too
`;

/** `npm run replay -- <provider>`: the server may be running meanwhile. Returns the exit code. */
async function replay(provider: string, all: boolean): Promise<number> {
  const ground = await openGround();
  const { database, clock, vault, log, settings } = ground;
  const providers = await createProviders({
    folders: [
      { path: join(import.meta.dirname, '../../providers'), owner: 'ours' },
      { path: settings.providersDir, owner: 'operator' },
    ],
    factSchemas: Object.fromEntries(Object.values(connectors).map(({ standard, facts }) => [standard, facts])),
    ...(settings.sandbox ? { sandbox: { baseUrl: 'https://127.0.0.1:1', hosts: ['127.0.0.1:1'] } } : {}),
    log,
  });
  try {
    if (!providers.find(provider)) {
      console.error(`There is no provider ${provider}.`);
      return 1;
    }
    const platform = { database, clock, vault, log, providers, connectors } as unknown as Platform;
    const done = await replayProvider(platform, provider, all ? MAPPING + 1 : MAPPING);
    console.log(`${done.accounts} accounts: ${done.modified} modified, ${done.added} added, ${done.removed} removed.`);
    for (const id of done.unreadable) console.log(`${id}: its pages cannot be read without the bank; nothing changed.`);
    return done.unreadable.length > 0 ? 1 : 0;
  } finally {
    providers.close();
    await ground.close();
  }
}

const { values, positionals } = parseArgs({
  options: { all: { type: 'boolean' }, help: { type: 'boolean' } },
  allowPositionals: true,
});
const [provider, ...more] = positionals;
if (values.help || provider === undefined || more.length > 0) {
  console.log(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  process.exitCode = await replay(provider, values.all === true);
}
