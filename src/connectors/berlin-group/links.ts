import { BankError } from '../../banking/bank-error.ts';
import { asList, asRecord, asText } from '../../banking/formats/values.ts';
import type { Reply } from './wire.ts';

/** Links by name, as absolute addresses. Unknown names are kept: banks send links the file does not list. */
export type Links = Record<string, string>;

/** What the bank's answer asks of us next. `link` is where it wants it. */
export type Move =
  | { do: 'redirect'; link: string }
  | { do: 'oauth'; link: string }
  | { do: 'start'; link: string }
  | { do: 'sign_in'; need: SignIn; encrypted?: true; link: string; post: boolean }
  | { do: 'choose_method'; link: string; post: boolean }
  | { do: 'enter_code'; link: string; post: boolean }
  | { do: 'wait' }
  | { do: 'look' };

/** What the person must give: who they are, their password (with who they are, if that is not known), a second password. */
export type SignIn = 'identification' | 'authentication' | 'additional';

/** What an answer says about the way, as far as it matters for what comes next. */
export type Signpost = {
  links: Links;
  approach: string | undefined;
  scaStatus: string | undefined;
  /** A method is in use already: then a code is wanted, and choosing another is only offered. */
  methodChosen: boolean;
  /** We have the bank's key: where it offers both, the password goes encrypted. */
  canEncrypt?: boolean;
};

/** Statuses of an authorisation after which nothing more happens in it. */
export const SCA_ENDED = ['finalised', 'exempted', 'failed'];

/** The links of an answer; whatever is not an http address is left out. */
export function readLinks(links: unknown, url: string): Links {
  const found: Links = Object.create(null);
  // UniCredit sends a list of objects in place of one.
  for (const part of asList(links).slice(0, 20).map(asRecord)) {
    for (const [name, value] of Object.entries(part).slice(0, 60)) {
      const href = asText(typeof value === 'string' ? value : asRecord(value).href, 4000);
      const address = href === undefined ? undefined : resolve(href, url);
      if (address !== undefined) found[name] = address;
    }
  }
  return { ...found };
}

/**
 * The next thing to do. The bank's links decide, with `ASPSP-SCA-Approach` only to choose between several; what we would
 * have preferred never does (XS2A 1.3.12, `_links` of `consentsResponse-201`).
 */
export function nextMove(post: Signpost): Move {
  const { links, approach, scaStatus } = post;
  if (scaStatus !== undefined && SCA_ENDED.includes(scaStatus)) return { do: 'look' };
  if (approach !== 'EMBEDDED' && links.scaOAuth) return { do: 'oauth', link: links.scaOAuth };
  if (approach !== 'EMBEDDED' && links.scaRedirect) return { do: 'redirect', link: links.scaRedirect };
  if (approach === 'DECOUPLED' && post.methodChosen) return { do: 'wait' };
  for (const [name, move] of post.canEncrypt ? ENCRYPTED_FIRST : PLAIN_FIRST) {
    const link = links[name];
    if (link !== undefined && !(move.do === 'choose_method' && post.methodChosen && links.authoriseTransaction))
      return 'post' in move ? { ...move, link, post: move.post && !isAuthorisation(link) } : { ...move, link };
  }
  if (approach === 'DECOUPLED') return { do: 'wait' };
  if (links.scaStatus || links.status) return { do: 'look' };
  throw new BankError('unexpected', 'the answer has no link to go on with');
}

/** Link names of the standard and what each wants, in the order in which one goes before another. */
const MOVES: Record<string, { do: 'start' } | { do: 'oauth' } | { do: 'redirect' } | PostOrPut> = {
  startAuthorisation: { do: 'start' },
  startAuthorisationWithPsuAuthentication: { do: 'sign_in', need: 'authentication', post: true },
  updatePsuAuthentication: { do: 'sign_in', need: 'authentication', post: false },
  startAuthorisationWithPsuIdentification: { do: 'sign_in', need: 'identification', post: true },
  updatePsuIdentification: { do: 'sign_in', need: 'identification', post: false },
  updateAdditionalPsuAuthentication: { do: 'sign_in', need: 'additional', post: false },
  startAuthorisationWithAuthenticationMethodSelection: { do: 'choose_method', post: true },
  selectAuthenticationMethod: { do: 'choose_method', post: false },
  startAuthorisationWithTransactionAuthorisation: { do: 'enter_code', post: true },
  authoriseTransaction: { do: 'enter_code', post: false },
  scaOAuth: { do: 'oauth' },
  scaRedirect: { do: 'redirect' },
};
/** The same for banks that take passwords encrypted. */
const ENCRYPTED_MOVES: Record<string, PostOrPut> = {
  startAuthorisationWithEncryptedPsuAuthentication: {
    do: 'sign_in',
    need: 'authentication',
    encrypted: true,
    post: true,
  },
  updateEncryptedPsuAuthentication: { do: 'sign_in', need: 'authentication', encrypted: true, post: false },
  updateAdditionalEncryptedPsuAuthentication: { do: 'sign_in', need: 'additional', encrypted: true, post: false },
};
const PLAIN_FIRST = [...Object.entries(MOVES), ...Object.entries(ENCRYPTED_MOVES)];
const ENCRYPTED_FIRST = [...Object.entries(ENCRYPTED_MOVES), ...Object.entries(MOVES)];
type PostOrPut = (
  | { do: 'sign_in'; need: SignIn; encrypted?: true }
  | { do: 'choose_method' }
  | { do: 'enter_code' }
) & { post: boolean };

/**
 * Whether a link goes to one authorisation, which can only be updated. The file gives `startAuthorisationWith…` links to
 * authorisations that exist already (`_linksStartScaProcess`: "the link to the authorisation sub-resource").
 */
function isAuthorisation(link: string): boolean {
  return /\/authorisations\/[^/]+\/?$/.test(new URL(link).pathname);
}

/** True when the links lead to a next step, and not only to places to look at. */
export function leadsOn(links: Links): boolean {
  return PLAIN_FIRST.some(([name]) => links[name] !== undefined);
}

/** What an authorisation keeps of its answers' links. The rest belongs to the answer it stood in. */
export const LASTING = ['scaStatus', 'confirmation'] as const;

/** The links of a whole answer. */
export function linksOf(reply: Reply): Links {
  return readLinks(reply.json._links, reply.url);
}

/**
 * Banks mean different things by relative links: to the host, to their base address, or to the page. A path that begins
 * as the standard's paths do is put under the base address that this answer came from.
 */
function resolve(href: string, from: string): string | undefined {
  const origin = new URL(from);
  const base = origin.pathname.match(/^(.*?)\/v\d+\/(?:consents|accounts|card-accounts)(?:\/|$)/)?.[1] ?? '';
  // Seen at Targobank: `https://http://host/…`.
  const bare = mended(href.replace(/^https?:\/\/(?=https?:\/\/)/i, ''));
  const path = /^\/?v\d+\//.test(bare) ? `${base}/${bare.replace(/^\//, '')}` : bare;
  const address = URL.canParse(path, origin) ? new URL(path, origin) : undefined;
  if (!address || !/^https?:$/.test(address.protocol) || address.username || address.password) return undefined;
  return address.href;
}

/**
 * Queries that lost a character: `…/transactions&dateFrom=` without its `?`, `dateTo2026-11-20` without its `=`,
 * `bookingStatus=bothdateFrom=` without its `&` (N26).
 */
function mended(href: string): string {
  const [path = '', ...rest] = (href.includes('?') ? href : href.replace('&', '?')).split('?');
  if (rest.length === 0) return href;
  const query = rest
    .join('?')
    .replace(/(dateFrom|dateTo)(?=\d{4}-\d{2}-\d{2})/g, '$1=')
    .replace(/(?<=[^&?])(bookingStatus|dateFrom|dateTo|pageIndex|itemsPerPage|withBalance)=/g, '&$1=');
  return `${path}?${query}`;
}
