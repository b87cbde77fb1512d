import type { TenantChange, TenantInfo } from '../../platform/apps/apps.ts';
import type { TenantSettings } from '../../platform/apps/tenant-settings.ts';
import { Problem } from '../../platform/problems.ts';

/** What `npm run app -- set` can change: how it is written, what it means, how it is shown. */
export const SETTABLE: readonly {
  name: string;
  meaning: string;
  change: (value: string) => TenantChange;
  show: (info: TenantInfo) => string;
}[] = [
  {
    name: 'name',
    meaning: 'shown to people; common to both modes',
    change: (value) => ({ name: value }),
    show: (info) => info.appName,
  },
  {
    name: 'support_email',
    meaning: 'where people can write to; common to both modes',
    change: (value) => ({ supportEmail: value || null }),
    show: (info) => info.supportEmail ?? '',
  },
  flag('skip_info', 'skipInfo', 'true skips the first screen on phones'),
  flag('skip_qr', 'skipQr', 'true skips the offer to go on with the phone'),
  flag('mail', 'mail', 'true mails people what they allowed and when it ends, where SMTP_URL is set'),
  flag('store_secrets', 'storeSecrets', "true permits people to have their bank's login kept"),
  flag('headless', 'headless', 'true allows the page as JSON: the app then sees what people type'),
  {
    name: 'claim',
    meaning: 'required: a finished consent stays closed until the app claims it; off: it does not',
    change: (value) => {
      if (value !== 'off' && value !== 'required') throw new Problem('invalid_request', 'claim is off or required.');
      return { settings: { claim: value } };
    },
    show: (info) => info.settings.claim,
  },
  text('template', 'template', 'id of the look of the page'),
  text('locale', 'locale', 'language of the page; empty = the browser decides'),
  {
    name: 'http_hosts',
    meaning: 'hosts people may return to without TLS, separated by commas',
    change: (value) => ({
      settings: {
        httpHosts: value
          .split(',')
          .map((host) => host.trim())
          .filter(Boolean),
      },
    }),
    show: (info) => info.settings.httpHosts.join(','),
  },
  {
    name: 'identity',
    meaning: 'in whose name banks are asked: idn_…',
    change: (value) => ({ identity: value || null }),
    show: (info) => info.identity ?? '',
  },
];

/** `name=value` words as one change; throws `invalid_request` for a name or value that is not one. */
export function readChanges(words: readonly string[]): TenantChange {
  const changes = words.map((word) => {
    const cut = word.indexOf('=');
    const setting = SETTABLE.find(({ name }) => cut > 0 && name === word.slice(0, cut));
    if (!setting)
      throw new Problem(
        'invalid_request',
        `${word}: write name=value with one of ${SETTABLE.map(({ name }) => name).join(', ')}.`,
      );
    return setting.change(word.slice(cut + 1));
  });
  const settings = Object.assign({}, ...changes.map((change) => change.settings ?? {})) as NonNullable<
    TenantChange['settings']
  >;
  return { ...(Object.assign({}, ...changes) as TenantChange), ...(Object.keys(settings).length ? { settings } : {}) };
}

function flag(name: string, field: 'skipInfo' | 'skipQr' | 'storeSecrets' | 'headless' | 'mail', meaning: string) {
  return {
    name,
    meaning,
    change: (value: string): TenantChange => {
      if (value !== 'true' && value !== 'false') throw new Problem('invalid_request', `${name} is true or false.`);
      return { settings: { [field]: value === 'true' } as Partial<TenantSettings> };
    },
    show: (info: TenantInfo) => String(info.settings[field]),
  };
}

function text(name: string, field: 'template' | 'locale', meaning: string) {
  return {
    name,
    meaning,
    change: (value: string): TenantChange => ({ settings: { [field]: value || null } as Partial<TenantSettings> }),
    show: (info: TenantInfo) => info.settings[field] ?? '',
  };
}
