import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findRegistration, SANDBOX_IDENTITY } from '../../platform/apps/registrations.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Enrolment, Sandbox } from '../../sandbox/index.ts';
import { registerAtBank } from '../register/registering.ts';

type Kept = { redirectUris: string[]; papers: Enrolment };

/**
 * Registers the sandbox's own identity at every pretend bank that wants it: with papers of the pretend directory, once. The
 * papers are kept in `dataDir`, readable by their owner only; another public address needs new ones.
 */
export async function registerAtPretendBanks(platform: Platform, sandbox: Sandbox, dataDir: string): Promise<void> {
  const identity = platform.sandboxIdentity;
  const banks = sandbox.banks.filter(({ openBanking }) => openBanking).map(({ slug }) => slug);
  if (!identity || banks.length === 0) return;
  const file = join(dataDir, 'sandbox', 'client.json');
  const redirectUris = banks.map((bank) => `${platform.publicUrl}/back/${bank}`);
  const kept = await readKept(file);
  const fits =
    kept?.redirectUris.join() === redirectUris.join() && (await sandbox.isListed(kept.papers.softwareId))
      ? kept
      : undefined;
  const { certificate, privateKey, organizationId, name } = identity;
  const papers =
    fits?.papers ??
    (await sandbox.enrol({ organization: name, organizationId, redirectUris, transport: { certificate, privateKey } }));
  const signing = { privateKey: papers.signing.privateKey, keyId: papers.signing.keyId };
  for (const bank of banks) {
    if (fits && (await findRegistration(platform, SANDBOX_IDENTITY, bank))) continue;
    await registerAtBank(platform, platform.providers.get(bank), {
      identity: SANDBOX_IDENTITY,
      transport: { certificate, privateKey, authority: sandbox.ca },
      signing,
      statement: papers.softwareStatement,
      madeBy: 'sandbox',
    });
  }
  if (!fits) await writeFile(file, JSON.stringify({ redirectUris, papers } satisfies Kept), { mode: 0o600 });
  platform.sandboxIdentity = { ...identity, signing };
}

async function readKept(file: string): Promise<Kept | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Kept;
  } catch (error) {
    // The first start, or a file somebody spoiled: new papers are made.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
