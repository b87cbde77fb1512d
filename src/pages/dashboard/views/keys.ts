import { createKey, listKeys, revokeKey } from '../../../platform/apps/apps.ts';
import { Problem } from '../../../platform/problems.ts';
import { html } from '../../markup.ts';
import { type Answer, type AskedOfApp, baseOf, ofApp, type View } from '../asked.ts';
import { badge, button, choice, code, field, form, heading, link, once, panel, table, theirs, when } from '../parts.ts';

/** Keys of an app in one mode. */
export const KEY_VIEWS: readonly View[] = [
  { method: 'GET', path: '/dashboard/apps/:app/:mode/keys', may: 'look', handle: ofApp(keys) },
  { method: 'POST', path: '/dashboard/apps/:app/:mode/keys', may: needed, handle: ofApp(make), again: ofApp(keys) },
  {
    method: 'POST',
    path: '/dashboard/apps/:app/:mode/keys/:key/end',
    may: needed,
    handle: ofApp(end),
    again: ofApp(keys),
  },
];

const HOUR_MS = 3_600_000;
const OVERLAPS: [value: string, label: string][] = [
  ['0', 'now'],
  ['1', 'in an hour'],
  ['24', 'in a day'],
  ['168', 'in a week'],
];

async function keys(asked: AskedOfApp): Promise<Answer> {
  const { platform, tenant } = asked;
  const base = baseOf(asked);
  const mayChange = asked.may(needed(asked.params));
  const now = platform.clock.now();
  const rows = (await listKeys(platform, tenant.tenant)).map((key) => {
    const ended = key.revoked_at !== null && key.revoked_at <= now;
    return [
      code(`${key.prefix}…`),
      theirs(key.name || '–'),
      ended ? badge('ended', 'error') : key.revoked_at ? badge('ending', 'warning') : badge('valid', 'good'),
      when(key.created_at),
      when(key.revoked_at),
      !ended &&
        mayChange &&
        form(
          asked,
          `${base}/keys/${key.id}/end`,
          html`<label class="spoken" for="in-${key.id}">When ${key.prefix} ends</label><select id="in-${key.id}" name="in">${OVERLAPS.map(([value, label]) => html`<option value="${value}">${label}</option>`)}</select>${button('End', 'danger')}`,
          'line',
        ),
    ];
  });
  const main = html`${heading('Keys', badge(tenant.mode, tenant.mode === 'live' ? 'warning' : ''), 'A key opens the API for this app in this mode. It is shown once, when it is made, and kept here only as a hash.')}${table(
    'Keys',
    ['Begins with', 'Name', 'State', 'Made', 'Ends', 'End it'],
    rows,
    'No key yet.',
  )}${
    mayChange
      ? panel(
          'Make a key',
          form(
            asked,
            `${base}/keys`,
            html`${field(asked, 'name', 'Name', { hint: 'For you: where the key is used.', max: 100 })}${choice(asked, 'old', 'Keys that are valid now', [['stay', 'stay'], ...OVERLAPS.map(([value, label]) => [value, `end ${label}`] as [string, string])], 'stay', 'Rolling a key: put the new one in place while both are valid, and the old one ends by itself.')}${button('Make the key')}`,
          ),
        )
      : html`<p class="quiet">Keys of ${tenant.mode} mode are made and ended by ${tenant.mode === 'live' ? 'owners' : 'owners and developers'}.</p>`
  }`;
  return { kind: 'page', title: 'Keys', main, section: '/keys' };
}

async function make(asked: AskedOfApp): Promise<Answer> {
  const { platform, tenant, form: typed } = asked;
  const now = platform.clock.now();
  const before = (await listKeys(platform, tenant.tenant)).filter(
    (key) => key.revoked_at === null || key.revoked_at > now,
  );
  const made = await createKey(platform, tenant.tenant, typed.text('name'));
  await asked.note('key.made', made.id);
  const old = OVERLAPS.find(([value]) => value === typed.text('old'));
  if (old)
    for (const key of before) {
      await revokeKey(platform, tenant.tenant, key.id, Number(old[0]) * HOUR_MS);
      await asked.note('key.ended', key.id);
    }
  const main = html`${heading('The new key')}${once(`${tenant.mode} key: shown now and never again`, made.key)}<p>Send it as <code>Authorization: Bearer …</code>, from your server only.</p>${old && before.length > 0 && html`<p>The ${String(before.length)} other ${before.length === 1 ? 'key ends' : 'keys end'} ${old[1]}.</p>`}<p>${link(`${baseOf(asked)}/keys`, 'I have kept it: go on', 'button primary')}</p>`;
  return { kind: 'page', title: 'The new key', main, section: '/keys' };
}

async function end(asked: AskedOfApp): Promise<Answer> {
  const { platform, tenant, params, form: typed } = asked;
  const key = params.key ?? '';
  const known = (await listKeys(platform, tenant.tenant)).find(({ id }) => id === key);
  const hours = Number(OVERLAPS.find(([value]) => value === typed.text('in'))?.[0] ?? 0);
  // Ended by somebody else meanwhile: what was wanted is so.
  if (known?.revoked_at === null || (known?.revoked_at && known.revoked_at > platform.clock.now())) {
    await revokeKey(platform, tenant.tenant, key, hours * HOUR_MS);
    await asked.note('key.ended', key);
  } else if (!known) throw new Problem('not_found', 'There is no such key in this mode of this app.');
  return { kind: 'to', path: `${baseOf(asked)}/keys`, done: hours === 0 ? 'key_ended' : 'saved' };
}

/** Live keys open real accounts. */
function needed({ mode }: Record<string, string>): 'live_keys' | 'set_up' {
  return mode === 'live' ? 'live_keys' : 'set_up';
}
