// Runs one of our scripts: `node setup/run.mjs src/main.ts`. Works on any Node from 18 on, needs nothing installed, and
// first puts in place what the scripts need: Node 24 where another one runs this, and the packages the lock file pins.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const NODE_VERSION = '24.21.0';
/** The packages that hold it, with the hash their archive must have. */
const NODE_PACKAGES = {
  'linux-x64': 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  'linux-arm64': 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const runtime = join(root, '.runtime');
const machine = `${process.platform}-${process.arch}`;

const [script, ...args] = process.argv.slice(2);
if (!script) fail('Which script? For example: node setup/run.mjs src/main.ts');
const own = Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : undefined;
const fetched = join(runtime, `node-${NODE_VERSION}-${machine}`, 'bin', 'node');
if (!isReady()) await whileLocked(() => install());
run(own ?? fetched, script, args);

function isReady() {
  return (own !== undefined || existsSync(fetched)) && packagesMatch();
}

/** Looked at again under the lock: another start may have done it meanwhile. */
function install() {
  if (own === undefined && !existsSync(fetched)) fetchNode();
  if (!packagesMatch()) installPackages();
}

function fetchNode() {
  const integrity = NODE_PACKAGES[machine];
  if (!integrity)
    fail(
      `Drawbridge needs Node 24, this is ${process.versions.node}, and there is no package of it for ${machine}. Install Node 24 and run this again.`,
    );
  say(`Getting Node ${NODE_VERSION} (52 MB, once) …`);
  const draft = join(runtime, `draft-${process.pid}`);
  mkdirSync(draft, { recursive: true });
  try {
    npm(['pack', `node-${machine}@${NODE_VERSION}`, '--pack-destination', draft, '--silent'], draft);
    const archive = join(draft, readdirSync(draft).find((name) => name.endsWith('.tgz')) ?? 'nothing');
    const hash = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
    if (hash !== integrity)
      fail(`The archive of Node ${NODE_VERSION} is not the one we know: its hash is ${hash}. Nothing of it was run.`);
    const unpacked = spawnSync('tar', ['-xzf', archive, '-C', draft], { encoding: 'utf8' });
    if (unpacked.status !== 0) fail(`tar could not unpack Node: ${unpacked.error?.message ?? unpacked.stderr}`);
    chmodSync(join(draft, 'package/bin/node'), 0o755);
    const tried = spawnSync(join(draft, 'package/bin/node'), ['--version'], { encoding: 'utf8' });
    if (tried.status !== 0)
      fail(
        `Node ${NODE_VERSION} does not run on this system (it needs glibc). Install Node 24 and run this again.\n${tried.stderr ?? ''}`,
      );
    // Renamed last, so that what is there is whole.
    rmSync(dirname(dirname(fetched)), { recursive: true, force: true });
    renameSync(join(draft, 'package'), dirname(dirname(fetched)));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function installPackages() {
  say('Installing the packages that package-lock.json pins (once) …');
  npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], root);
  if (!packagesMatch()) fail('npm ci ended well, yet node_modules is not what package-lock.json pins.');
}

/** Whether every package of the lock file is installed in its version. npm writes its list last, so it means a whole install. */
function packagesMatch() {
  const modules = join(root, 'node_modules');
  // A link leads to packages that somebody else looks after.
  if (existsSync(modules) && lstatSync(modules).isSymbolicLink()) return true;
  const listed = join(modules, '.package-lock.json');
  if (!existsSync(listed)) return false;
  const installed = JSON.parse(readFileSync(listed, 'utf8')).packages;
  const { '': _project, ...wanted } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const production = process.env.NODE_ENV === 'production';
  return Object.entries(wanted).every(([path, { version, integrity, optional, dev, devOptional }]) => {
    const found = installed[path];
    // Optional ones are for other machines, or were left out on purpose.
    if (!found) return optional || devOptional || (dev && production);
    return found.version === version && (!integrity || !found.integrity || found.integrity === integrity);
  });
}

/** npm with its output kept back: its warnings are about its own configuration. Shown when it fails. */
function npm(npmArgs, cwd) {
  const path = process.env.npm_execpath;
  const [command, ...first] = path && basename(path) === 'npm-cli.js' ? [process.execPath, path] : ['npm'];
  const result = spawnSync(command, [...first, ...npmArgs], { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (result.status === 0) return;
  // The reason comes first; what follows is how to use npm.
  const reasons = `${result.stderr}`
    .split('\n')
    .filter((line) => /^npm (error|ERR!) ./.test(line))
    .slice(0, 15);
  fail(`npm ${npmArgs[0]} failed; is the npm registry in reach?\n${result.error?.message ?? reasons.join('\n')}`);
}

/** One install at a time: a folder can be made by one process only. */
async function whileLocked(work) {
  mkdirSync(runtime, { recursive: true });
  const lock = join(runtime, 'lock');
  let told = false;
  while (!take(lock)) {
    if (!told) say('Another start is installing; waiting for it …');
    told = true;
    await wait(200);
  }
  // Whatever ends us here, the lock goes; only a kill -9 leaves it, and then its process is gone.
  const release = () => rmSync(lock, { recursive: true, force: true });
  process.once('exit', release);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  work();
  release();
  process.off('exit', release);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(signal);
}

function take(lock) {
  try {
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (!isAbandoned(lock)) return false;
  rmSync(lock, { recursive: true, force: true });
  return take(lock);
}

function isAbandoned(lock) {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')) || -1e9, 0);
    return false;
  } catch (error) {
    if (error.code === 'EPERM') return false;
    // Between making the folder and writing the number there is a moment.
    if (error.code === 'ENOENT') return existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 10_000;
    return true;
  }
}

/** The script in its own process, which hears our signals, ends when we are killed, and whose exit is ours. */
function run(node, path, scriptArgs) {
  const env = {
    ...process.env,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
    // Sources without their types and what was compiled of them: from the second start on a third less work.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(runtime, 'compiled'),
  };
  // SIGTERM reaches the script even when this process is killed without a word.
  const withUs =
    spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status === 0 ? ['setpriv', '--pdeathsig', 'TERM'] : [];
  const [command, ...rest] = [...withUs, node, path, ...scriptArgs];
  const child = spawn(command, rest, { stdio: 'inherit', env });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
    // Ctrl-C in a terminal has reached the script already, and twice would mean: at once.
    process.on(signal, () => void ((signal === 'SIGINT' && process.stdin.isTTY) || child.kill(signal)));
  }
  child.on('error', (error) => fail(`${path} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exit(code ?? 1);
  });
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
