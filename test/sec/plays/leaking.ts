import { readFileSync } from 'node:fs';
import { exportAudit } from '../../../src/platform/audit/audit.ts';
import { agrees, begins, comesHome, connects, signsIn, WAYS } from '../../journeys/ways.ts';
import { dataFiles } from '../data-files.ts';
import { somebody } from '../at-bank.ts';
import type { Play } from '../play.ts';

/** T8: what a person types, and what a bank gives for it, in places where it does not belong. */
export const leaking: Play = {
  id: 'T8',
  threat: 'Passwords, codes, tokens and IBANs in logs, dumps, the write-ahead log and the audit',
  quick: false,
  async play({ ownWorld, attack, control, note }) {
    const here = await ownWorld();
    const secrets = new Set<string>(['canary-pin-7Qx1', '906117']);
    const tokens = new Set<string>();
    here.server.sandbox!.onWire(({ requestHeaders, responseBody }) => {
      const bearer = /^Bearer (.+)$/.exec(requestHeaders.authorization ?? '')?.[1];
      if (bearer) tokens.add(bearer);
      const body = (responseBody ?? {}) as { access_token?: string; refresh_token?: string };
      for (const token of [body.access_token, body.refresh_token]) if (token) tokens.add(token);
    });
    const pages: string[] = [];
    // Wrong ones that are canaries, then every way to the end.
    for (const [way, wrong] of [
      [WAYS.one, true],
      ...Object.values(WAYS).map((way) => [way, false] as const),
    ] as const) {
      const person = await somebody(here);
      const { url } = await here.asksForConsent({ provider: way.bank });
      if (wrong) {
        await begins(person, url, way);
        await agrees(person);
        await signsIn(person, way.login, 'canary-pin-7Qx1');
        pages.push(person.page().html);
        await signsIn(person, way.login, way.password);
        await person.fills(/^Code/, '906117');
        await person.presses('Confirm');
        pages.push(person.page().html);
      } else {
        await connects(person, url, way, here.bank);
        await comesHome(person);
        secrets.add(way.password);
      }
    }
    // Answers that cannot be read, a bank that fails, a server that stops while somebody signs in.
    for (const kind of [
      'malformed_json',
      'html_500',
      'truncated',
      'hostile_text',
      'reset',
      'wrong_encoding',
      'ok_with_error',
    ]) {
      await here.bank.misbehaves('de-lindental', { operation: '*', kind, times: 'until_cleared' });
      const person = await somebody(here);
      const { url } = await here.asksForConsent({ provider: 'de-lindental' });
      await begins(person, url, WAYS.one);
      await here.bank.behavesAgain('de-lindental');
      await agrees(person);
      await here.bank.misbehaves('de-lindental', { operation: '*', kind, times: 'until_cleared' });
      await signsIn(person, 'ida', 'canary-pin-7Qx1').catch(() => undefined);
      await here.bank.behavesAgain('de-lindental');
      pages.push(person.page().html);
    }
    const stopped = await somebody(here);
    const { url } = await here.asksForConsent({ provider: 'de-lindental' });
    await begins(stopped, url, WAYS.many);
    await agrees(stopped);
    await here.bank.misbehaves('de-lindental', { operation: '*', kind: 'hang', times: 1 });
    const signing = signsIn(stopped, 'clara', 'canary-pin-7Qx1').catch(() => undefined);
    await here.restart();
    await signing;
    await here.server.platform.jobs.idle();

    const kept = await here.everythingKept();
    const audit: string[] = [];
    await exportAudit(here.server.platform, (row) => void audit.push(JSON.stringify(row)));
    const files = (await dataFiles(here.server.platform.database)).map((path) => readFileSync(path));
    const all = [...secrets, ...tokens];
    const places: [string, (secret: string) => boolean][] = [
      ['the log and every row of the database', (secret) => kept.includes(secret)],
      ['the files of the database and its write-ahead log', (secret) => files.some((bytes) => bytes.includes(secret))],
      ['the audit’s export', (secret) => audit.some((row) => row.includes(secret))],
      ['a page', (secret) => pages.some((html) => html.includes(secret))],
    ];
    for (const [place, has] of places)
      await attack(`a password, code or token in ${place}`, async () => all.filter(has).length, all.length);
    control(
      `${tokens.size} tokens, ${secrets.size} passwords and codes were looked for`,
      tokens.size > 0 && secrets.size > 5,
    );

    const accounts = JSON.stringify((await here.app.get('/v1/bank_accounts?limit=100')).data);
    const ibans = [...new Set(accounts.match(/\b[A-Z]{2}\d{2}[A-Z0-9]{10,30}\b/g) ?? [])];
    control(`${ibans.length} IBANs are known to the app`, ibans.length > 0);
    const found = kept.split('\n').filter((line) => ibans.some((iban) => line.includes(iban)));
    for (const line of found.slice(0, 3)) note(line.slice(0, 80));
    await attack('an IBAN in the log, an event, a job or any table', async () => found.length, ibans.length);
    await attack(
      'an IBAN in the audit’s export',
      async () => audit.filter((row) => ibans.some((iban) => row.includes(iban))).length,
      ibans.length,
    );
  },
};
