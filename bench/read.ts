import { join } from 'node:path';
import { luaList, runWrk } from './load.ts';
import { type Bench, compare, cpuMicros, short } from './measure.ts';
import { openStage, type Stage } from './stage.ts';
import { freePorts, root, startScript, untilReady } from './tools.ts';

const CONNECTIONS = 16;
const SECONDS = 3;
const CONSENTS = 2_000;

/** P1c: a consent read through the API, beside Node's own HTTP server answering a finished text of the same size. */
export const read: Bench = {
  name: 'read',
  goals: ['P1c'],
  async run() {
    const stage = await openStage();
    const port = await freePorts(1);
    const ids = await makeConsents(stage);
    const sample = await (await ask(stage, `/v1/consents/${ids[0]}`)).text();
    const raw = startScript(join(root, 'bench/anchors/raw-http.ts'), {}, [String(port), String(sample.length)]);
    try {
      await untilReady(`http://127.0.0.1:${port}/`, raw);
      let failed = 0;
      const cost = async (url: string, pid: number) => {
        const before = cpuMicros(pid);
        const load = await runWrk(url, script(stage, ids), {
          connections: CONNECTIONS,
          seconds: SECONDS,
          aside: true,
          folder: stage.folder,
        });
        failed += load.failed;
        return (cpuMicros(pid) - before) / load.requests;
      };
      const result = await compare(
        () => cost(stage.url, stage.serverPid),
        () => cost(`http://127.0.0.1:${port}`, raw.pid),
      );
      return [
        {
          goal: 'P1c',
          what: 'read a consent, processor time of the server',
          subject: `${short(result.subject)} µs`,
          anchor: `raw node:http ${short(result.anchor)} µs`,
          ratio: `${short(result.ratio)}×`,
          gate: '≤ 6×',
          target: '≤ 4×',
          outcome: result.ratio <= 6 && failed === 0 ? 'held' : 'missed',
          note: `${short(result.low)}–${short(result.high)}× in ${result.rounds} rounds; ${failed} failed; random ones of ${CONSENTS.toLocaleString('en-GB')}`,
        },
      ];
    } finally {
      await raw.stop();
      await stage.close();
    }
  },
};

async function makeConsents(stage: Stage): Promise<string[]> {
  const ids: string[] = [];
  for (let made = 0; made < CONSENTS; made += 50) {
    const answers = await Promise.all(
      [...Array(50)].map((_, index) => ask(stage, '/v1/consents', (made + index) % stage.keys.length)),
    );
    for (const answer of answers) {
      if (answer.status !== 201) throw new Error(`a consent was answered ${answer.status}: ${await answer.text()}`);
      ids.push(((await answer.json()) as { id: string }).id);
    }
  }
  return ids;
}

function ask(stage: Stage, path: string, key?: number): Promise<Response> {
  const headers = { authorization: `Bearer ${stage.keys[key ?? 0]}`, 'content-type': 'application/json' };
  return fetch(
    stage.url + path,
    key === undefined ? { headers } : { method: 'POST', headers, body: '{"return_url":"http://localhost:3000/back"}' },
  );
}

function script(stage: Stage, ids: readonly string[]): string {
  return `${luaList('keys', stage.keys)}${luaList('ids', ids)}
function request()
  return wrk.format('GET', '/v1/consents/' .. ids[math.random(#ids)], { ['Authorization'] = 'Bearer ' .. keys[math.random(#keys)] })
end`;
}
