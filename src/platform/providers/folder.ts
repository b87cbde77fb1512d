import { type FSWatcher, watch } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileReading, ProviderFileProblem } from './file.ts';
import type { Provider } from './provider.ts';

/** What a folder of provider files holds right now, file by file in the order of their names. */
export type FolderReading = { files: { name: string; providers: Provider[] }[]; problems: ProviderFileProblem[] };

/** A folder of provider files, read again only where something changed. */
export type Folder = {
  /** Reads what changed since the last time; undefined when nothing did. */
  scan(): Promise<FolderReading | undefined>;
};

const MOST_FILES = 20_000;
const MOST_BYTES = 1_000_000;

type Known = { stamp: string; reading: FileReading; good?: Provider[] };

/**
 * Opens a folder; one that is missing is empty until it appears. A file that turns bad keeps what it said when it was
 * last good, so that an editor's half-written file takes no bank away from people who are using it.
 */
export function openFolder(path: string, read: (file: string, text: string) => FileReading): Folder {
  let known = new Map<string, Known>();
  let lastListing: string | undefined;
  return {
    async scan() {
      const names = await listNames(path);
      const stamps = await Promise.all(names.slice(0, MOST_FILES).map((name) => stampOf(join(path, name))));
      const listing = JSON.stringify([names, stamps]);
      if (listing === lastListing) return undefined;
      const next = new Map<string, Known>();
      for (const [index, name] of names.slice(0, MOST_FILES).entries()) {
        const stamp = stamps[index] ?? 'gone';
        const before = known.get(name);
        next.set(name, before?.stamp === stamp ? before : await readOne(path, name, stamp, before, read));
      }
      known = next;
      lastListing = listing;
      return present(next, names.length);
    },
  };
}

/**
 * Calls back soon after anything in the folder may have changed. Three ways, because each alone misses something: the
 * system's own notice (quick), the same armed anew when the folder is another one by the same name (a swap of the whole
 * directory), and a look every `pollMs` (network file systems, a folder that appears later).
 */
export function watchFolder(path: string, pollMs: number, onMaybeChanged: () => void): { close(): void } {
  let watcher: FSWatcher | undefined;
  let watched: string | undefined;
  let soon: NodeJS.Timeout | undefined;
  let closed = false;
  const notice = () => {
    clearTimeout(soon);
    soon = setTimeout(onMaybeChanged, 50);
  };
  const arm = async () => {
    const identity = await identityOf(path);
    if (closed || identity === watched) return;
    watcher?.close();
    watcher = undefined;
    watched = identity;
    if (identity === undefined) return;
    try {
      watcher = watch(path, notice);
      watcher.on('error', () => {
        watched = undefined;
      });
    } catch {
      // No watches left on this machine, or none on this file system: the poll still sees every change.
      watched = undefined;
    }
  };
  const poll = setInterval(() => void arm().then(onMaybeChanged), pollMs);
  poll.unref();
  void arm();
  return {
    close() {
      closed = true;
      clearInterval(poll);
      clearTimeout(soon);
      watcher?.close();
    },
  };
}

async function listNames(path: string): Promise<string[]> {
  try {
    const names = await readdir(path);
    return names.filter((name) => !name.startsWith('.') && /\.ya?ml$/.test(name)).sort();
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

async function stampOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = await stat(path);
    return `${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

async function readOne(
  path: string,
  name: string,
  stamp: string,
  before: Known | undefined,
  read: (file: string, text: string) => FileReading,
): Promise<Known> {
  const reading = await readText(path, name, read);
  if (reading.problems.length === 0) return { stamp, reading, good: reading.providers };
  return before?.good === undefined ? { stamp, reading } : { stamp, reading, good: before.good };
}

async function readText(
  path: string,
  name: string,
  read: (file: string, text: string) => FileReading,
): Promise<FileReading> {
  const refuse = (reason: string): FileReading => ({ providers: [], problems: [{ file: name, reason }] });
  if (name.endsWith('.yml')) return refuse('provider files end in .yaml');
  try {
    const { size } = await stat(join(path, name));
    if (size > MOST_BYTES) return refuse(`is larger than ${MOST_BYTES / 1_000_000} MB`);
    const bytes = await readFile(join(path, name));
    return read(name, new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return refuse(error instanceof TypeError ? 'is not UTF-8' : `cannot be read: ${(error as Error).message}`);
  }
}

function present(known: Map<string, Known>, found: number): FolderReading {
  const files = [...known].map(([name, { good }]) => ({ name, providers: good ?? [] }));
  const problems = [...known.values()].flatMap(({ reading, good }) =>
    reading.problems.map((problem) =>
      good === undefined
        ? problem
        : { ...problem, reason: `${problem.reason} (until mended, what it said before holds)` },
    ),
  );
  if (found > MOST_FILES) {
    problems.push({ file: '', reason: `more than ${MOST_FILES} provider files: the rest are left out` });
  }
  return { files, problems };
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '');
}
