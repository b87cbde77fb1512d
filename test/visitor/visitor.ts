/**
 * A person in front of a browser, in verbs. Three of them behave alike: one over plain HTTP, as a browser without scripts
 * would, and Chromium with scripts on and off. Buttons, links and fields are found by what a person reads on them.
 */
export type Visitor = {
  /** How this person browses, for the names of tests. */
  readonly how: How;
  /** Types an address. */
  opens(url: string): Promise<void>;
  /** Waits until the page says this (a part of its visible text), ten seconds unless told otherwise. */
  sees(words: string | RegExp, patienceMs?: number): Promise<void>;
  /** Fails if the page says this now. */
  doesNotSee(words: string | RegExp): Promise<void>;
  /** Types into the field with this label. */
  fills(label: string | RegExp, text: string): Promise<void>;
  /** Ticks the box or picks the option with this label. */
  chooses(label: string | RegExp): Promise<void>;
  unticks(label: string | RegExp): Promise<void>;
  /** Ticks every box of the page. */
  ticksAll(): Promise<void>;
  /** Presses the button with this name and waits for what comes of it. */
  presses(name: string | RegExp): Promise<void>;
  /** Follows the link with this name. */
  follows(name: string | RegExp): Promise<void>;
  goesBack(): Promise<void>;
  reloads(): Promise<void>;
  /** Another tab of the same browser, at the same address. */
  opensSecondTab(): Promise<Visitor>;
  /** Closes the browser and opens a new one: what lives only as long as a browser is gone. */
  restartsBrowser(): Promise<void>;
  /** Whether there is such a button, link or field now. */
  canPress(name: string | RegExp): Promise<boolean>;
  canFollow(name: string | RegExp): Promise<boolean>;
  canFill(label: string | RegExp): Promise<boolean>;
  url(): string;
  /** The visible text, with single spaces. */
  text(): Promise<string>;
  /** HTTP status of the page, 0 where it is not known. */
  status(): number;
  close(): Promise<void>;
};

/** The ways to browse that every journey must survive. */
export const HOWS = ['plain HTTP', 'Chromium', 'Chromium without scripts'] as const;
export type How = (typeof HOWS)[number];
/** The same where a browser without scripts behaves as plain HTTP does: it has its turn in `npm run long`. */
export const MOST_HOWS: readonly How[] = process.env.LONG ? HOWS : HOWS.slice(0, 2);

/** How long `sees` waits, in milliseconds. */
export const PATIENCE_MS = 10_000;

/** True when the text says it; a string may stand anywhere, spaces and letter case do not matter. */
export function says(text: string, words: string | RegExp): boolean {
  return typeof words === 'string' ? plain(text).includes(plain(words)) : words.test(text);
}

/** True when a name is the one looked for: equal where it is a string, but for spaces, letter case and a trailing mark. */
export function isNamed(name: string, wanted: string | RegExp): boolean {
  if (typeof wanted !== 'string') return wanted.test(name.replace(/\s+/g, ' ').trim());
  return plain(name) === plain(wanted);
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim().toLowerCase();
}
