/** How the hosted page looks and speaks for an app. What is absent is ours. */
export type Look = {
  /** The name shown beside the bridge; the consent itself always says the app's own. */
  appName?: string;
  /** PNG or JPEG. */
  logo?: { mediaType: 'image/png' | 'image/jpeg'; base64: string };
  /** `#rrggbb`; for dark screens of their own. */
  colours?: { accent?: string; paper?: string; accentDark?: string; paperDark?: string };
  corner?: 'square' | 'soft' | 'round';
  type?: 'system' | 'serif' | 'rounded';
  /** One line above and below the page. */
  header?: string;
  footer?: string;
  /** Sentences in the app's own words: by language, by the name of the sentence. */
  texts?: Record<string, Record<string, string>>;
  /** Rules of the app's own, already read and written anew: see `css.ts`. */
  css?: string;
};

/** Grounds that text stands on, as `tokens.css` has them: light and dark. */
const CARD = { light: '#fffefb', dark: '#181f1c' };
const PAPER = { light: '#f4f2ec', dark: '#101513' };
/** Words that stand on the paper: the ordinary and the quieter ones. */
const INK = { light: ['#1c2522', '#55605b'], dark: ['#ebeee9', '#a7b2ab'] };

/** WCAG 2.2 §1.4.3. */
const LEAST_CONTRAST = 4.5;

/** What cannot be read in these colours, where in the request, and how far from readable it is; empty when all is well. */
export function findBadContrast(colours: NonNullable<Look['colours']>): { pointer: string; detail: string }[] {
  const wrong: { pointer: string; detail: string }[] = [];
  const check = (pointer: string, a: string, b: string, what: string) => {
    const ratio = contrast(a, b);
    if (ratio < LEAST_CONTRAST)
      wrong.push({
        pointer: `/colours/${pointer}`,
        detail: `${what}: ${ratio.toFixed(2)} to 1, and ${LEAST_CONTRAST} is needed.`,
      });
  };
  for (const scheme of ['light', 'dark'] as const) {
    const [accent, paper] =
      scheme === 'light' ? [colours.accent, colours.paper] : [colours.accentDark, colours.paperDark];
    const [accentName, paperName] = scheme === 'light' ? ['accent', 'paper'] : ['accent_dark', 'paper_dark'];
    const ground = paper ?? PAPER[scheme];
    if (accent) {
      check(accentName, accent, CARD[scheme], `links on the ${scheme} card`);
      check(accentName, accent, ground, `links on the ${scheme} paper`);
    }
    if (paper) for (const ink of INK[scheme]) check(paperName, ink, paper, `words on the ${scheme} paper`);
  }
  return wrong;
}

/** Black or white, whichever reads better on a colour: one of them always reaches 4.5 to 1. */
export function readableOn(colour: string): '#000000' | '#ffffff' {
  return contrast(colour, '#ffffff') >= contrast(colour, '#000000') ? '#ffffff' : '#000000';
}

/** The contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((one, other) => other - one) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** How a picture begins: what a file calls itself does not count. */
const MAGIC = { 'image/png': '89504e470d0a1a0a', 'image/jpeg': 'ffd8ff' } as const;
const MOST_LOGO_BYTES = 24 * 1024;

/** A logo from a `data:` address; a text that says why not where it is none. */
export function readLogo(text: string): NonNullable<Look['logo']> | { refused: string } {
  const [, base64] = /^data:image\/(?:png|jpeg);base64,([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  if (!base64) return { refused: 'Send a PNG or JPEG as `data:image/png;base64,…`.' };
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length > MOST_LOGO_BYTES) return { refused: `A logo has at most ${MOST_LOGO_BYTES / 1024} KB.` };
  const start = bytes.subarray(0, 8).toString('hex');
  const mediaType = (Object.keys(MAGIC) as (keyof typeof MAGIC)[]).find((type) => start.startsWith(MAGIC[type]));
  return mediaType ? { mediaType, base64 } : { refused: 'This is not a PNG or JPEG, whatever it says.' };
}
