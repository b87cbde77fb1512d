import { html, localPath, type Markup } from '../markup.ts';
import type { Around } from './blocks.ts';
import { bankFaceMarkup } from './drawings/face.ts';
import type { Button, Form, Input, Row } from './view.ts';

type Field = Extract<Input, { kind: 'field' }>;
type Ticks = Extract<Input, { kind: 'ticks' }>;

/** A form that posts to the visit's own address, with the turn it answers and the visit's token. */
export function formMarkup(form: Form, { context }: Around): Markup {
  const hidden = [{ name: 'turn', value: String(context.turn) }, { name: 'csrf', value: context.csrf }, ...form.hidden];
  const rows =
    form.rows.length > 0 &&
    html`<div class="rows" role="group"${form.rowsLabel && html` aria-label="${form.rowsLabel}"`}>${form.rows.map(rowMarkup)}</div>`;
  return html`<form method="post" action="${localPath(context.action)}"${form.search && html` class="search" role="search" data-search`}>${hidden.map(
    ({ name, value }) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}${form.inputs.map((input, at) => inputMarkup(input, `${form.search ? 's' : 'i'}${at}`, form))}${rows}${
    !form.search &&
    form.buttons.length > 0 &&
    html`<p class="${form.buttons.every((button) => button.weight === 'quiet') ? 'leave' : 'buttons'}">${form.lead && html`<span class="quiet">${form.lead}</span>`}${form.buttons.map(buttonMarkup)}</p>`
  }${form.search && html`<p class="found" role="status" id="found">${form.search.found}</p>`}</form>`;
}

function inputMarkup(input: Input, id: string, form: Form): Markup {
  switch (input.kind) {
    case 'field':
      return fieldMarkup(input, id, form);
    case 'tick':
      return html`<label class="tick"><input type="checkbox" name="${input.name}" value="${input.value}"${input.ticked && html` checked`}${input.hint && html` aria-describedby="${id}-hint"`}><span><span class="name">${input.label}</span></span></label>${input.hint && html`<p class="hint" id="${id}-hint">${input.hint}</p>`}`;
    case 'ticks':
      return ticksMarkup(input);
    default:
      return input satisfies never;
  }
}

/** Attributes by how a field is typed. Codes stay readable; nothing the bank asks for is corrected, guessed or kept. */
const TYPED: Record<Field['type'], Markup> = {
  text: html`type="text" autocomplete="off" autocapitalize="none" spellcheck="false"`,
  username: html`type="text" autocomplete="username" autocapitalize="none" spellcheck="false"`,
  password: html`type="password" autocomplete="current-password"`,
  code: html`type="text" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" class="code"`,
  iban: html`type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" class="code"`,
  search: html`type="search" autocomplete="off" autocapitalize="none" spellcheck="false" enterkeyhint="search"`,
};

function fieldMarkup(field: Field, id: string, form: Form): Markup {
  const described = [field.hint && `${id}-hint`, field.wrong && 'wrong'].filter(Boolean).join(' ');
  const input = html`<input id="${id}" name="${field.name}" ${TYPED[field.type]}${field.digitsOnly && html` inputmode="numeric" pattern="[0-9 ]*"`}${field.maxLength && html` maxlength="${field.maxLength}"`}${field.value && html` value="${field.value}"`}${field.required && html` required`}${field.wrong && html` aria-invalid="true"`}${described !== '' && html` aria-describedby="${described}"`}${field.focus && html` autofocus`}>`;
  const [first] = form.search ? form.buttons : [];
  return html`<div class="field"><label for="${id}">${field.theirs ? html`<bdi>${field.label}</bdi>` : field.label}${field.gloss && html` <span class="gloss">${field.gloss}</span>`}</label>${field.hint && html`<p class="hint" id="${id}-hint">${field.hint}</p>`}${first ? html`<div class="beside">${input}${buttonMarkup(first)}</div>` : input}</div>`;
}

function ticksMarkup(ticks: Ticks): Markup {
  const line = (tick: Ticks['ticks'][number]) =>
    html`<label class="tick boxed"><input type="checkbox" name="${ticks.name}" value="${tick.value}"${tick.ticked && html` checked`}><span><span class="name" dir="auto">${tick.label}</span>${tick.hint && html`<span class="quiet"><bdi>${tick.hint}</bdi>${tick.masked && html` · <span class="number">${tick.masked}</span>`}</span>`}</span></label>`;
  return html`<fieldset><legend class="spoken">${ticks.label}</legend>${ticks.ticks.map(line)}</fieldset>`;
}

function rowMarkup(row: Row): Markup {
  return html`<button class="row" name="${row.name}" value="${row.value}"${!row.usable && html` disabled`}>${row.bank && bankFaceMarkup(row.bank)}<span><span class="name" dir="auto">${row.label}</span>${row.hint && html`<span class="quiet"${row.theirs && html` dir="auto"`}>${row.hint}</span>`}${row.remark && html`<span class="remark ${row.remark.tone}">${row.remark.text}</span>`}</span></button>`;
}

function buttonMarkup(button: Button): Markup {
  return html`<button class="button ${button.weight}" name="${button.name}" value="${button.value}"${button.spoken && html` aria-label="${button.spoken}"`}>${button.label}</button>`;
}
