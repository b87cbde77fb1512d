import { html, localPath, type Markup, type Part } from '../markup.ts';
import type { Asked } from './asked.ts';

/** A heading of a page with what stands beside it. */
export function heading(title: string, beside?: Part, lead?: Part): Markup {
  return html`<header class="head"><h1>${title}</h1>${beside}</header>${lead && html`<p class="lead">${lead}</p>`}`;
}

/** A part of a page with a name of its own. */
export function panel(title: string, body: Part, more: { id?: string; note?: Part } = {}): Markup {
  const id = more.id ?? title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return html`<section class="panel" aria-labelledby="h-${id}"><h2 id="h-${id}">${title}</h2>${more.note && html`<p class="quiet">${more.note}</p>`}${body}</section>`;
}

/** A link of the dashboard's own. */
export function link(path: string, label: Part, look?: string): Markup {
  return html`<a${look !== undefined && html` class="${look}"`} href="${localPath(path)}">${label}</a>`;
}

/** A table with its caption, which is read out and not seen unless said; `empty` where there are no rows. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly Part[])[],
  empty: Part = 'Nothing here yet.',
  options: { numbers?: readonly number[] } = {},
): Markup {
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  const number = (at: number) => options.numbers?.includes(at) && html` class="number"`;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table><caption class="spoken">${caption}</caption><thead><tr>${heads.map((head, at) => (head ? html`<th scope="col"${number(at)}>${head}</th>` : html`<td></td>`))}</tr></thead><tbody>${rows.map(
    (cells) => html`<tr>${cells.map((cell, at) => html`<td${number(at)}>${cell}</td>`)}</tr>
`,
  )}</tbody></table></div>`;
}

/** Names and values. */
export function facts(pairs: readonly (readonly [string, Part] | false | null | undefined)[]): Markup {
  return html`<dl>${pairs.map((pair) => pair && html`<div><dt>${pair[0]}</dt><dd>${pair[1]}</dd></div>`)}</dl>`;
}

/** A word with a colour; the word alone says it. */
export function badge(text: string, tone: 'good' | 'warning' | 'error' | '' = ''): Markup {
  return html`<span class="badge${tone && html` ${tone}`}">${text}</span>`;
}

/** Something said above everything else. */
export function note(tone: 'good' | 'warning' | 'error' | '', body: Part): Markup {
  return html`<div class="note${tone && html` ${tone}`}"${tone === 'error' && html` role="alert"`}>${body}</div>`;
}

/** An id, as written. */
export function code(text: string): Markup {
  return html`<code>${text}</code>`;
}

/** Somebody else's words: a bank's, a person's, an app's. */
export function theirs(text: string): Markup {
  return html`<bdi>${text}</bdi>`;
}

/** A moment, in UTC. */
export function when(moment: Date | null | undefined, absent = '–'): Markup {
  if (!moment) return html`${absent}`;
  const text = moment.toISOString();
  return html`<time datetime="${text}">${text.slice(0, 10)} ${text.slice(11, 19)}</time>`;
}

/** A form of this session. */
export function form(asked: Pick<Asked, 'csrf'>, action: string, body: Part, look = '', marks?: Markup): Markup {
  return html`<form method="post" action="${localPath(action)}"${look && html` class="${look}"`}${marks}><input type="hidden" name="csrf" value="${asked.csrf}">${body}</form>`;
}

/** A form that asks: its fields are the address. */
export function searchForm(action: string, body: Part): Markup {
  return html`<form method="get" action="${localPath(action)}" class="line">${body}</form>`;
}

/** What is pressed. */
export function button(label: string, look: 'primary' | 'danger' | 'quiet' | '' = 'primary', value?: string): Markup {
  return html`<button class="button${look && html` ${look}`}"${value !== undefined && html` name="do" value="${value}"`}>${label}</button>`;
}

/** What a field may say about itself. */
export type FieldOptions = {
  type?: 'text' | 'email' | 'password' | 'search' | 'url';
  hint?: Part;
  value?: string | null;
  required?: boolean;
  autocomplete?: string;
  /** One line, or so many. */
  rows?: number;
  inputmode?: string;
  max?: number;
};

/** A field with its label; when its form was refused it holds what was typed and says what is wrong with it. */
export function field(
  asked: Pick<Asked, 'form' | 'problem'> | undefined,
  name: string,
  label: string,
  options: FieldOptions = {},
): Markup {
  const { type = 'text', hint, required, autocomplete, rows, inputmode, max } = options;
  const wrong = wrongOf(asked, name);
  const typed = asked?.problem && type !== 'password' && asked.form.has(name) ? asked.form.raw(name) : options.value;
  const attributes = html`id="f-${name}" name="${name}"${required && html` required`}${autocomplete && html` autocomplete="${autocomplete}"`}${inputmode && html` inputmode="${inputmode}"`}${max && html` maxlength="${max}"`}${describedBy(name, hint, wrong)}`;
  const input = rows
    ? html`<textarea ${attributes} rows="${rows}" spellcheck="false">
${typed ?? ''}</textarea>`
    : html`<input type="${type}" ${attributes}${typed && html` value="${typed}"`}>`;
  return html`<div class="field"><label for="f-${name}">${label}</label>${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}${input}${wrong && html`<p class="wrong" id="${name}-wrong">${wrong}</p>`}</div>`;
}

/** One of several. */
export function choice(
  asked: Pick<Asked, 'form' | 'problem'> | undefined,
  name: string,
  label: string,
  choices: readonly (readonly [value: string, label: string])[],
  chosen: string,
  hint?: Part,
): Markup {
  const now = asked?.problem && asked.form.has(name) ? asked.form.raw(name) : chosen;
  const wrong = wrongOf(asked, name);
  return html`<div class="field"><label for="f-${name}">${label}</label>${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}<select id="f-${name}" name="${name}"${describedBy(name, hint, wrong)}>${choices.map(
    ([value, text]) => html`<option value="${value}"${value === now && html` selected`}>${text}</option>`,
  )}</select>${wrong && html`<p class="wrong" id="${name}-wrong">${wrong}</p>`}</div>`;
}

function wrongOf(asked: Pick<Asked, 'problem'> | undefined, name: string): string | undefined {
  return asked?.problem?.errors?.find(({ pointer }) => pointer === `/${name}`)?.detail;
}

/** What is read out with a field: its hint, and what is wrong with it. */
function describedBy(name: string, hint: Part, wrong: string | undefined): Markup {
  const ids = [hint && `${name}-hint`, wrong && `${name}-wrong`].filter(Boolean).join(' ');
  return html`${ids && html` aria-describedby="${ids}"`}${wrong && html` aria-invalid="true"`}`;
}

/** Yes or no. */
export function tick(name: string, label: Part, ticked: boolean, value = 'yes', hint?: Part): Markup {
  return html`<label class="tick"><input type="checkbox" name="${name}" value="${value}"${ticked && html` checked`}><span>${label}${hint && html`<span class="hint">${hint}</span>`}</span></label>`;
}

/** A value that is shown this once, ready to be taken along. */
export function once(label: string, value: string): Markup {
  return html`<div class="field once"><label for="once">${label}</label><input id="once" readonly value="${value}" spellcheck="false"></div>`;
}

/** On to older ones. */
export function older(path: string | undefined): Markup | undefined {
  return path === undefined ? undefined : html`<p>${link(path, 'Older', 'button')}</p>`;
}

/** Where a list goes on, for an address. Nothing in it is secret: every list is of one app. */
export function writeCursor(at: Date, id: string | number): string {
  return Buffer.from(JSON.stringify([at.getTime(), id])).toString('base64url');
}

/** What `writeCursor` wrote, or undefined: whoever changes it begins again. */
export function readCursor(text: string | undefined): { at: Date; id: string } | undefined {
  try {
    const [at, id] = JSON.parse(Buffer.from(text ?? '', 'base64url').toString('utf8')) as [unknown, unknown];
    const moment = new Date(Number(at));
    return typeof id === 'string' && /^[\w-]{1,64}$/.test(id) && Number.isFinite(moment.getTime())
      ? { at: moment, id }
      : undefined;
  } catch {
    return undefined;
  }
}

/** An address with a query of what is not empty. */
export function withQuery(path: string, query: Record<string, string | undefined>): string {
  const text = new URLSearchParams(
    Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== ''),
  )
    .toString()
    // What `localPath` takes: everything else stays encoded.
    .replace(/[+*]/g, (character) => (character === '+' ? '%20' : '%2A'));
  return text ? `${path}?${text}` : path;
}
