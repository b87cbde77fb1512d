import { randomBytes } from 'node:crypto';
import type { Stage } from '../../stage.ts';
import { findState, keepFirst, storeState } from '../state-store.ts';
import { ALGORITHMS, type Jwk, newKey } from './jwt.ts';

/** What a bank or the directory signs with, one key for each algorithm, newest first, and what it seals cookies with. */
export type Keys = { keys: Jwk[]; cookie: string };

/** The keys of a bank or of `directory`; made when they are first needed. */
export async function keysOf({ database }: Pick<Stage, 'database'>, owner: string): Promise<Keys> {
  const kept = await findState<Keys>(database, owner, 'keys', 'keys');
  return kept ?? keepFirst(database, owner, 'keys', 'keys', await newKeys());
}

/** Signs with new keys from now on; the old ones are not published any more. */
export async function renewKeys({ database }: Pick<Stage, 'database'>, owner: string): Promise<void> {
  await storeState(database, owner, 'keys', 'keys', await newKeys());
}

/** The key of that algorithm. */
export const keyFor = ({ keys }: Keys, algorithm: string): Jwk => keys.find(({ alg }) => alg === algorithm) ?? keys[0]!;

async function newKeys(): Promise<Keys> {
  return { keys: await Promise.all(ALGORITHMS.map(newKey)), cookie: randomBytes(32).toString('base64url') };
}
