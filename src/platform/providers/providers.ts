import type { AccountType, ScaApproach } from '../../banking/account.ts';
import type { Log } from '../../base/log.ts';
import {
  type FileReading,
  type ProviderFileProblem,
  type ReadingRules,
  readProviderDocument,
  readProviderFile,
} from './file.ts';
import { type Folder, type FolderReading, openFolder, watchFolder } from './folder.ts';
import { type Environment, type Provider, ProviderNotFound } from './provider.ts';
import { buildIndex, type SearchIndex, type SearchQuery, type SearchResult } from './search.ts';

/** Whose folder it is. Ours are read once, with the code; the operator's are watched. */
export type ProviderFolder = { path: string; owner: 'ours' | 'operator' };

/** What may be listed: all conditions hold, account type and approach at one and the same interface. */
export type ProviderFilter = {
  environments?: readonly Environment[];
  country?: string;
  accountType?: AccountType;
  sca?: ScaApproach;
};

/** The directory of banks, always the newest reading of the files. */
export type Providers = {
  find(id: string): Provider | undefined;
  /** Throws `ProviderNotFound`. */
  get(id: string): Provider;
  /** By name; concealed ones are left out. */
  list(filter?: ProviderFilter): Provider[];
  /** Throws `CursorNotValid` for a cursor that is not ours. */
  search(query: SearchQuery): SearchResult;
  /** Every file, or part of one, that is refused right now. */
  problems(): (ProviderFileProblem & { owner: ProviderFolder['owner'] })[];
  /** Looks at the folders now instead of at the next notice. */
  refresh(): Promise<void>;
  close(): void;
};

/** Where the files are and what they may say. */
export type ProvidersOptions = {
  folders: readonly ProviderFolder[];
  /** Directories made from data, read once: documents in the form of provider files. Files go before them. */
  directories?: readonly (() => readonly { file: string; document: object }[])[];
  /** The facts each connector understands, by standard. */
  factSchemas: ReadingRules['factSchemas'];
  /** Where the pretend banks' machine endpoints are; without it the files of pretend banks are passed over. */
  sandbox?: { baseUrl: string; hosts: readonly string[] };
  /** Hosts inside the operator's network that `bank_test` providers may stand on; none by default. */
  allowPrivate?: (host: string, port: number) => boolean;
  log: Pick<Log, 'info' | 'warn'>;
  /** Called after a change of the files has taken effect. */
  onChange?: () => void;
  /** How often the operator's folder is looked at besides the system's own notices; 2,000 by default. */
  pollMs?: number;
};

/** Reads the folders, and goes on reading the operator's whenever something in it changes: no restart is needed. */
export async function createProviders(options: ProvidersOptions): Promise<Providers> {
  const rules: ReadingRules = {
    factSchemas: options.factSchemas,
    ...(options.sandbox === undefined ? {} : { sandbox: options.sandbox }),
    allowPrivate: options.allowPrivate ?? (() => false),
  };
  const sources = options.folders.map((folder) => ({
    owner: folder.owner,
    folder: openFolder(folder.path, (file, text) => readProviderFile(file, text, rules)),
    reading: { files: [], problems: [] } as FolderReading,
  }));
  const made = once(() =>
    (options.directories ?? [])
      .flatMap((read) => read())
      .map(({ file, document }): Made => ({ name: file, ...readProviderDocument(file, document, rules) })),
  );
  let directory = merge([], made);
  let said = new Set<string>();
  let running: Promise<void> | undefined;
  let again = false;

  const readAll = async (first: boolean) => {
    const readings = await Promise.all(sources.map((source) => readSource(source, first)));
    if (!readings.includes(true)) return;
    directory = merge(sources, made);
    const before = said;
    said = new Set();
    for (const { owner, file, line, reason } of directory.problems) {
      const sentence = `${owner} ${file}:${line ?? ''}: ${reason}`;
      if (!before.has(sentence)) options.log.warn('provider_file_refused', { folder: owner, file, line, reason });
      said.add(sentence);
    }
    options.log.info('providers_loaded', { count: directory.byId.size });
    if (!first) options.onChange?.();
  };
  const readSource = async (source: Source, first: boolean): Promise<boolean> => {
    if (source.owner === 'ours' && !first) return false;
    try {
      const reading = await source.folder.scan();
      if (reading === undefined) return false;
      source.reading = reading;
      return true;
    } catch (error) {
      if (first) throw error;
      options.log.warn('provider_folder_unreadable', { reason: (error as Error).message });
      return false;
    }
  };
  // One reading at a time; a notice during one asks for exactly one more.
  const refresh = async (): Promise<void> => {
    again = true;
    running ??= (async () => {
      while (again) {
        again = false;
        await readAll(false);
      }
    })().finally(() => {
      running = undefined;
    });
    await running;
  };

  await readAll(true);
  // Soon, but after whatever the start has still to do; who searches before that waits for it.
  const warming = setTimeout(() => directory.whole().index(), INDEX_AFTER_MS);
  warming.unref();
  const watches = options.folders
    .filter((folder) => folder.owner === 'operator')
    .map((folder) => watchFolder(folder.path, options.pollMs ?? 2_000, () => void refresh()));

  return {
    find: (id) => find(directory, id),
    get(id) {
      const provider = find(directory, id);
      if (provider === undefined) throw new ProviderNotFound(id);
      return provider;
    },
    list: (filter = {}) => directory.whole().index().list(filter),
    search: (query) => directory.whole().index().search(query),
    problems: () => [...directory.whole().problems],
    refresh,
    close: () => {
      clearTimeout(warming);
      for (const watch of watches) watch.close();
    },
  };
}

type Source = { owner: ProviderFolder['owner']; folder: Folder; reading: FolderReading };
type Made = FileReading & { name: string };
type Problems = (ProviderFileProblem & { owner: ProviderFolder['owner'] })[];
/** What the files say, and when it is asked for: that and what was made from data. */
type Directory = {
  byId: Map<string, Provider>;
  problems: Problems;
  whole: () => { byId: Map<string, Provider>; index: () => SearchIndex; problems: Problems };
};

/** A bank with a file is known at once; for any other what was made from data is looked through. */
const find = ({ byId, whole }: Directory, id: string): Provider | undefined => byId.get(id) ?? whole().byId.get(id);

const MOST_PROVIDERS = 100_000;
const INDEX_AFTER_MS = 2_000;

/** Puts everything together. A slug belongs to ours before the operator's, to the first file by name, to files before data. */
function merge(sources: readonly Source[], made: () => readonly Made[]): Directory {
  const byId = new Map<string, Provider>();
  const takenBy = new Map<string, string>();
  const problems: Problems = [];
  const ordered = [...sources].sort((a, b) => Number(a.owner === 'operator') - Number(b.owner === 'operator'));
  for (const { owner, reading } of ordered) {
    problems.push(...reading.problems.map((problem) => ({ ...problem, owner })));
    for (const { name: file, providers } of reading.files) {
      const taken = providers.find((provider) => byId.has(provider.id));
      if (taken !== undefined) {
        problems.push({ owner, file, reason: `${taken.id} is already ${takenBy.get(taken.id)}` });
      } else if (byId.size + providers.length > MOST_PROVIDERS) {
        problems.push({ owner, file, reason: `there are already ${byId.size} banks; ${MOST_PROVIDERS} is the most` });
      } else {
        for (const provider of providers) {
          byId.set(provider.id, provider);
          takenBy.set(provider.id, owner === 'ours' ? `one of Drawbridge's own banks (${file})` : `a bank of ${file}`);
        }
      }
    }
  }
  return { byId, problems, whole: once(() => complete(byId, problems, made())) };
}

/** Adds what was made from data. Whoever wrote a file for a bank knows it better. */
function complete(files: Map<string, Provider>, ofFiles: Problems, made: readonly Made[]) {
  const byId = new Map([...made.flatMap(({ providers }) => providers.map((one) => [one.id, one] as const)), ...files]);
  const ofMade = made.flatMap((one) => one.problems.map((problem) => ({ ...problem, owner: 'ours' as const })));
  return { byId, index: once(() => buildIndex([...byId.values()])), problems: [...ofFiles, ...ofMade] };
}

/** Made when it is first asked for: a start need not wait for the index over thousands of banks. */
function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
