import type { Secret } from './secret.ts';

/** Any value that survives JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What the person must do next. The connect page is a function of this value and nothing else. */
export type Step =
  | { kind: 'form'; purpose: 'sign_in' | 'code'; fields: Field[]; challenge?: Challenge; notice?: Notice; again?: true }
  | { kind: 'choose'; purpose: 'method' | 'device' | 'accounts'; options: Option[]; many?: true; notice?: Notice }
  | { kind: 'redirect'; url: string; notice?: Notice }
  | { kind: 'wait'; challenge?: Challenge; pollAfterMs: number; giveUpAt: Date; again?: true; notice?: Notice };

/**
 * One input of a form. `name` comes back as the key of the answer. `label` is the bank's own wording, shown as a
 * quotation; without it the page uses its own word for `kind`.
 */
export type Field = {
  name: string;
  kind: 'user_id' | 'corporate_id' | 'password' | 'second_password' | 'code' | 'iban' | 'text';
  label?: string;
  /** Typed hidden where it is a password, kept as `Secret` in any case. */
  secret: boolean;
  maxLength?: number;
  digitsOnly?: boolean;
};

/** What the bank shows so that the person can find or compute the code, or recognise the request in their app. */
export type Challenge = {
  /** The chosen method's name, in the bank's words. */
  method?: string;
  /** Text from the bank, shown as a quotation. */
  text?: string;
  image?: { mediaType: string; base64: string };
  /** The code to show as a flickering picture for a card reader (HHD_UC, half bytes as hex with length and checks). */
  flicker?: string;
  /** Further lines the bank wants shown (`challengeData.data`). */
  data?: string[];
  /** Where the bank keeps the picture, when it sent only an address: shown as a link, never loaded by our page. */
  imageLink?: string;
};

/** One thing to choose. `label` and `hint` are the bank's words where it has any. */
export type Option = { id: string; label: string; hint?: string };

/**
 * Something to say above a step that is asked again. `quote` is the bank's own text. `once_more`: the same proof is asked a
 * second time because the bank wants it for each of two consents, and nobody has done anything wrong. `signers`: others must
 * approve too; this person has done their part and need not stay.
 */
export type Notice = {
  kind: 'wrong_credentials' | 'wrong_code' | 'code_sent_again' | 'once_more' | 'signers' | 'bank_message';
  quote?: string;
};

/** A reply to a step. `again` asks for another code or push, where the step offers it. */
export type Answer =
  | { kind: 'fields'; values: Record<string, Secret | string> }
  | { kind: 'chosen'; ids: string[] }
  /** The browser came back from the bank with this query, in order, without our own `state`. */
  | { kind: 'returned'; params: [string, string][] }
  | { kind: 'polled' }
  | { kind: 'again' };

/** One exchange with a bank: it asks for something more, or it is done. */
export type Turn<Result> =
  | {
      kind: 'ask';
      step: Step;
      memory: Json;
      /** The memory holds something typed for the bank and is destroyed then, whether anybody has answered or not. */
      forgetAt?: Date;
    }
  | { kind: 'done'; result: Result };

/** Where a conversation left off: what the connector remembered and what the person replied. */
export type Resume = { memory: Json; answer: Answer };
