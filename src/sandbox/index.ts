import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import type { Log } from '../base/log.ts';
import {
  type CertificateSubject,
  type Identity,
  openAuthority,
  type Role,
  type Unusual,
  type Use,
} from './authority.ts';
import { obey } from './control/orders.ts';
import { createControlServer } from './control/server.ts';
import { type CaughtMail, startMailCatcher } from './people/mail-catcher.ts';
import { createMachineServer } from './machine.ts';
import { openMisbehaviours } from './misbehave.ts';
import { type Applicant, type Enrolment, enrol, readDirectory } from './open-banking-uk/directory.ts';
import { createPeopleServer } from './people/server.ts';
import type { Exchange, Stage } from './stage.ts';
import { prepareStore } from './store.ts';
import { BANKS } from './world/banks.ts';
import { openFacts } from './world/facts.ts';
import { presentBank, type SandboxBank } from './world/present.ts';
import { createNotifier } from './xs2a/security/notifier.ts';

export { ControlError } from './control/orders.ts';
export type { Applicant, Enrolment } from './open-banking-uk/directory.ts';
export type { CaughtMail } from './people/mail-catcher.ts';
export type { Exchange } from './stage.ts';
export type { SandboxBank } from './world/present.ts';

/** What the pretend banks need. Port 0 is any free port; `dataDir` keeps their authority and the control token. */
export type SandboxOptions = {
  database: Database;
  clock: Clock;
  log: Log;
  host: string;
  ports: { people: number; machine: number; control: number };
  dataDir: string;
  /** Hosts (`host` or `host:port`) that people may be sent back to; any when left out. */
  allowedReturnHosts?: readonly string[];
  /** Asked before the clock is moved; it may always be when left out. */
  mayMoveClock?: () => Promise<boolean>;
};

/** The running pretend banks. */
export type Sandbox = {
  controlUrl: string;
  controlToken: string;
  /** `http://<bank>.localhost:<port>`. */
  peopleUrl(bank: string): string;
  /** `https://127.0.0.1:<port>/<bank>`; interfaces with a path lie below it, see `banks`. */
  machineUrl(bank: string): string;
  /** The certificate of the banks' own authority, PEM: what to trust when calling them. */
  ca: string;
  /** A client certificate with the role PSP_AI, or with others; or one to sign messages with. */
  issueCertificate(subject: CertificateSubject, roles?: readonly Role[], use?: Use, more?: Unusual): Promise<Identity>;
  /** Lists a software in the pretend Open Banking directory: its statement, certificates and signing key. */
  enrol(applicant: Applicant): Promise<Enrolment>;
  /** Whether that directory knows the software. */
  isListed(softwareId: string): Promise<boolean>;
  banks: SandboxBank[];
  /** Where mail is handed over to be caught: `smtp://127.0.0.1:<port>`. */
  mailUrl: string;
  /** What was caught, oldest first. */
  mails: readonly CaughtMail[];
  /** Calls back for every request and answer at an interface, before the answer is written. Returns the end of it. */
  onWire(listener: (exchange: Exchange) => void): () => void;
  /** The control API in this process: `control('/clock', { advance: '1d' })`, `control('/banks')`, `control('DELETE /banks/…')`. */
  control(path: string, body?: object): Promise<unknown>;
  close(): Promise<void>;
};

/** Starts every pretend bank in this process. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { database, clock, log, dataDir, host, ports, allowedReturnHosts } = options;
  await mkdir(dataDir, { recursive: true });
  await prepareStore(database);
  const authority = await openAuthority(join(dataDir, 'authority'), new Date(clock.now().getTime() - clock.aheadMs));
  const token = await controlToken(join(dataDir, 'control-token'));
  const listeners = new Set<(exchange: Exchange) => void>();
  const open = { people: 0, machine: 0 };
  const outside = createNotifier(log);
  const catcher = await startMailCatcher();
  const stage: Stage = {
    database,
    clock,
    log,
    mails: catcher.mails,
    misbehaviours: await openMisbehaviours(database),
    facts: await openFacts(database),
    ca: authority.ca,
    notify(address, body) {
      const url = URL.canParse(address) ? new URL(address) : undefined;
      if (url && stage.mayReturnTo(url)) outside.notify(url, body);
    },
    peopleUrl: (bank) => `http://${bank}.localhost:${open.people}`,
    machineUrl: (bank) => `https://127.0.0.1:${open.machine}/${bank}`,
    mayReturnTo: (url) =>
      !allowedReturnHosts || allowedReturnHosts.some((allowed) => allowed === url.host || allowed === url.hostname),
    mayMoveClock: options.mayMoveClock ?? (async () => true),
    tell(exchange) {
      for (const listener of listeners) listener(exchange);
    },
  };
  const obeyOrder = (method: string, path: string, body: unknown) =>
    obey({ stage, authority, banks: BANKS }, method, path, body);
  const servers = [
    createPeopleServer(stage),
    createMachineServer(stage, authority),
    createControlServer(stage, token, obeyOrder),
  ];
  const [people, machine, control] = servers as [Server, Server, Server];
  const close = async () => void (await Promise.all([...servers.map(end), outside.close(), catcher.close()]));
  let controlPort: number;
  try {
    open.people = await listen(people, host, ports.people);
    open.machine = await listen(machine, host, ports.machine);
    controlPort = await listen(control, host, ports.control);
  } catch (error) {
    // A port that is taken must not leave the others open.
    await close();
    throw error;
  }
  return {
    controlUrl: `http://127.0.0.1:${controlPort}`,
    controlToken: token,
    peopleUrl: stage.peopleUrl,
    machineUrl: stage.machineUrl,
    ca: authority.ca,
    issueCertificate: (subject, roles, use, more) => authority.issue(subject, roles, use, more),
    enrol: (applicant) => enrol(stage, authority, applicant),
    isListed: async (softwareId) => (await readDirectory(stage, `/software/${softwareId}/jwks`)) !== undefined,
    banks: BANKS.map((bank) => presentBank(stage, bank)),
    mailUrl: catcher.url,
    mails: catcher.mails,
    onWire(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    control(path, body) {
      const [, method, rest] = /^(?:(GET|POST|DELETE) )?(\/.*)$/.exec(path) ?? [];
      return obeyOrder(method ?? (body ? 'POST' : 'GET'), rest ?? path, body);
    },
    close,
  };
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

function end(server: Server | import('node:https').Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function controlToken(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const token = randomBytes(32).toString('base64url');
  await writeFile(path, `${token}\n`, { mode: 0o600 });
  return token;
}
