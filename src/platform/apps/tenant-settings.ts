/** Page defaults and permissions of an app in one mode. Stored as JSON; what is absent has its default. */
export type TenantSettings = {
  /** Skip the first screen on phones. */
  skipInfo: boolean;
  /** Skip the offer to go on with the phone. */
  skipQr: boolean;
  template: string | null;
  /** Language of the page where the request names none; null = the person's browser decides. */
  locale: string | null;
  /** The app permits people to have their bank's login kept. */
  storeSecrets: boolean;
  /** The operator allows the page's JSON to the app, which then sees what people type. */
  headless: boolean;
  /** People are mailed a confirmation, reminders and the end of what they allowed, where the operator can send mail. */
  mail: boolean;
  /** Whether a finished consent stays closed until the app's server claims it. New live apps: `required`. */
  claim: 'off' | 'required';
  /** Hosts (`host` or `host:port`) the operator allows to be returned to without TLS. */
  httpHosts: string[];
};

/** What an app has that never set anything. */
export const DEFAULT_SETTINGS: TenantSettings = {
  skipInfo: false,
  skipQr: false,
  template: null,
  locale: null,
  storeSecrets: true,
  headless: false,
  mail: false,
  claim: 'off',
  httpHosts: [],
};

/** Reads stored settings; what is missing or of another type is the default. */
export function parseTenantSettings(stored: Record<string, unknown>): TenantSettings {
  const settings: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  for (const [name, fallback] of Object.entries(DEFAULT_SETTINGS)) {
    const value = stored[name];
    const fits =
      fallback === null
        ? typeof value === 'string'
        : Array.isArray(fallback)
          ? Array.isArray(value)
          : typeof value === typeof fallback;
    if (fits) settings[name] = value;
  }
  return settings as TenantSettings;
}
