import { createHash } from 'node:crypto';
import { scriptText, styleText } from '../design/inline.ts';

/** The dashboard's style: the common design, then its own. A file of its own, because somebody at work sees many pages. */
export const STYLE = styleText([new URL('dashboard.css', import.meta.url)]);

/** The one script: passkeys need one. Everything else works without. */
export const SCRIPT = scriptText([new URL('passkey.ts', import.meta.url)]);

/** Named after what they hold, so that a browser keeps them as long as it likes. */
export const STYLE_PATH = `/dashboard/style-${hashOf(STYLE)}.css`;
/** The same for the script. */
export const SCRIPT_PATH = `/dashboard/script-${hashOf(SCRIPT)}.js`;

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
