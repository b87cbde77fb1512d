import { isId } from '../../../base/ids.ts';
import type { Platform } from '../../platform.ts';
import { findVisible } from '../../providers/availability.ts';

/** What a link's query may say; it overrides the app's settings, but never a provider the consent names. */
export type LinkOptions = {
  provider?: string;
  skipInfo?: boolean;
  skipQr?: boolean;
  template?: string;
  locale?: string;
};

/** Reads the options of a link. A value we do not know gets a clear page instead of a guess; other names are not ours. */
export function readLinkOptions(
  platform: Platform,
  mode: 'test' | 'live',
  query: [string, string][],
): LinkOptions | { unknown: string } {
  const options: LinkOptions = {};
  for (const [name, value] of query) {
    if (name === 'provider') {
      if (!findVisible(platform, mode, value)) return { unknown: name };
      options.provider = value;
    } else if (name === 'skip_info' || name === 'skip_qr') {
      if (value !== 'true' && value !== 'false') return { unknown: name };
      options[name === 'skip_info' ? 'skipInfo' : 'skipQr'] = value === 'true';
    } else if (name === 'locale') {
      if (!platform.languages.isSpoken(value)) return { unknown: name };
      options.locale = value;
    } else if (name === 'template') {
      // Whether it is there is looked up when it is shown.
      if (!isId('template', value)) return { unknown: name };
      options.template = value;
    }
  }
  return options;
}
