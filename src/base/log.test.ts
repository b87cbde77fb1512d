import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLog } from './log.ts';

function listen(level = 'debug') {
  const lines: string[] = [];
  return { lines, log: createLog(level, { write: (line: string) => void lines.push(line) }) };
}

describe('The log', () => {
  it('writes one line of JSON an event, with level, time and the fields', () => {
    const { log, lines } = listen();
    log.child({ tenant: 'app_1' }).info('sync.ended', { sync: 'syn_1', count: 3 });
    const line = JSON.parse(lines[0]!);
    assert.equal(line.event, 'sync.ended');
    assert.equal(line.level, 'info');
    assert.deepEqual([line.tenant, line.sync, line.count], ['app_1', 'syn_1', 3]);
    assert.match(line.time, /^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('drops every field that is not on its list, and every value that is not plain', () => {
    const { log, lines } = listen();
    const whole: object = {
      password: 'canary',
      headers: { authorization: 'canary' },
      iban: 'canary',
      reason: { token: 'canary' },
      status: 200,
    };
    log.child(whole).warn('x', whole);
    assert.ok(!lines.join().includes('canary'));
    assert.equal(JSON.parse(lines[0]!).status, 200);
  });

  it('says where an error happened, but not the text of one that quotes its input', () => {
    const { log, lines } = listen();
    const quoting = Object.assign(new Error('Key (token)=(canary) already exists'), {
      severity: 'ERROR',
      code: '23505',
    });
    const parsing = (() => {
      try {
        return JSON.parse('canary');
      } catch (error) {
        return error;
      }
    })();
    log.error('x', { error: new Error('our own words', { cause: quoting }) });
    log.error('x', { error: parsing });
    log.error('x', { error: 'canary' });
    assert.ok(!lines.join().includes('canary'));
    assert.match(lines[0]!, /our own words/);
    assert.match(lines[0]!, /23505/);
    assert.match(lines[0]!, /log\.test\.ts/);
  });

  it('keeps to its level and cuts long values', () => {
    const { log, lines } = listen('warn');
    log.info('x');
    log.warn('y', { detail: 'z'.repeat(10_000) });
    assert.equal(lines.length, 1);
    assert.ok(lines[0]!.length < 700);
  });
});
