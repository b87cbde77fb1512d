import type { BankFace, PageContext, Screen } from '../../platform/sessions/screen.ts';
import type { IconName } from '../design/marks.ts';
import type { Speech } from '../words/index.ts';

/**
 * A screen in words: all that is shown and all that can be sent. HTML and JSON are both made from this value and nothing
 * else, so that the two cannot differ.
 */
export type View = {
  screen: Screen['kind'];
  title: string;
  /** Where on the way this is: 1 … 4, as in `words.page.steps`. Absent where there is no way. */
  at?: number;
  bank?: BankFace;
  blocks: Block[];
  /** One sentence of help that fits this screen. */
  tip: string;
  /** Look again after so long: something goes on without the person. */
  poll?: {
    afterMs: number;
    /** Something is being typed here: without scripts the page stays as it is. */
    still?: true;
  };
};

/** Words of somebody else, shown as a quotation. */
export type Quote = { by: string; lines: string[] };

/** How a note or badge is meant; said by its words, its colour only underlines them. */
export type Tone = 'plain' | 'good' | 'warning' | 'error';

/** One piece of a page, from top to bottom. */
export type Block =
  | { kind: 'text'; text: string; quiet?: true }
  | { kind: 'note'; tone: Tone; text: string; quote?: Quote }
  | { kind: 'quote'; quote: Quote; label?: string }
  | { kind: 'points'; heading: string; points: string[]; icons?: IconName[] }
  | { kind: 'facts'; facts: { term: string; value: string; theirs?: true; strong?: true }[] }
  | { kind: 'consent'; sections: { heading: string; lines: string[] }[]; version: string; folded?: string }
  | { kind: 'picture'; mediaType: string; base64: string; description: string }
  /** Bars that flicker for a card reader, standing still until a pace is chosen; `code` is what they show. */
  | {
      kind: 'flicker';
      code: string;
      label: string;
      hint: string;
      still: string;
      paces: Pace[];
      width: string;
      widths: readonly string[];
    }
  | { kind: 'accounts'; label: string; accounts: AccountLine[] }
  | {
      kind: 'link';
      bank: BankFace;
      status: { label: string; tone: Tone };
      accounts: AccountLine[];
      facts: { term: string; value: string }[];
      /** Where its consent's receipt is. */
      receipt?: { path: string; label: string; spoken: string };
      form?: Form;
    }
  | {
      kind: 'address';
      url: string;
      host: string;
      label: string;
      primary?: true;
      secondary?: true;
      newTab?: true /** The page goes there by itself, once, after so long. */;
      forwardAfterMs?: number;
    }
  /** A code for a phone's camera; `folded` opens up under these words. It changes by itself, which is no news to anybody. */
  | { kind: 'qr'; url: string; lead: string; label: string; fresh: string; folded?: string }
  /** Digits to read off and type elsewhere. */
  | { kind: 'digits'; digits: string }
  /** What to do, one after the other. */
  | { kind: 'steps'; heading: string; steps: string[] }
  /** A few lines that open up under words of ours. */
  | { kind: 'more'; summary: string; points: string[] }
  /** Whose turn it is. */
  | { kind: 'turn'; who: 'person' | 'bank' | 'app' | 'operator'; text: string }
  /** A letter to be written, with what it is about. */
  | { kind: 'mail'; email: string; subject: string; label: string }
  /** What a search found: replaced while one types. */
  | { kind: 'results'; found: Block[] }
  | Form;

/** An account in a list; `masked` shows only the last characters of its number. */
export type AccountLine = { name: string; detail: string; masked: string };

/** Something that can be sent: `hidden` with it always, the rest as filled in and pressed. */
export type Form = {
  kind: 'form';
  hidden: { name: string; value: string }[];
  inputs: Input[];
  /** Rows of which pressing one sends the form. */
  rows: Row[];
  rowsLabel?: string;
  /** A few words before the buttons. */
  lead?: string;
  buttons: Button[];
  /** This form is the search for a bank: results may be replaced as one types. */
  search?: { found: string };
};

/** Something to type or tick. */
export type Input =
  | {
      kind: 'field';
      name: string;
      /** How it is typed and kept: `code` and `password` are never filled in again. */
      type: 'text' | 'password' | 'code' | 'search' | 'username' | 'iban';
      label: string;
      /** The label is the bank's own wording; `gloss` is our word for it. */
      theirs?: true;
      gloss?: string;
      hint?: string;
      value?: string;
      maxLength?: number;
      digitsOnly?: boolean;
      required: boolean;
      wrong?: true;
      focus?: true;
    }
  | { kind: 'tick'; name: string; value: string; label: string; hint?: string; ticked: boolean }
  | {
      kind: 'ticks';
      label: string;
      name: string;
      ticks: { value: string; label: string; hint?: string; masked?: string; ticked: boolean }[];
    };

/** One of several things to choose by pressing it. */
export type Row = {
  name: string;
  value: string;
  label: string;
  hint?: string;
  /** Why this row is as it is, with a tone: "Has problems right now". */
  remark?: { text: string; tone: Tone };
  bank?: BankFace;
  /** Label and hint are the bank's own words. */
  theirs?: true;
  usable: boolean;
};

/** A button: what it sends, what it says, and how much it stands out. `spoken` is what a screen reader says instead. */
export type Button = {
  name: string;
  value: string;
  label: string;
  weight: 'primary' | 'secondary' | 'quiet' | 'danger';
  spoken?: string;
};

/** What every screen's function is handed beside the screen. */
export type Shown = { context: PageContext; speech: Speech };

/** A form with one answer and no input. */
export function buttons(...all: Button[]): Form {
  return { kind: 'form', hidden: [], inputs: [], rows: [], buttons: all };
}

/** A button that sends `do`. */
export function button(value: string, label: string, weight: Button['weight'] = 'secondary'): Button {
  return { name: 'do', value, label, weight };
}

/** The name of a bank as it stands in a sentence. */
export function bankName(bank: BankFace | undefined, { speech }: Shown): string {
  return bank?.name ?? speech.words.page.yourBank;
}

/** One pace of a flickering picture: how long one half of its clock takes. */
export type Pace = { label: string; stepMs: number };
