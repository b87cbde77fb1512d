import type { PageContext } from '../../platform/sessions/screen.ts';
import { icon } from '../design/marks.ts';
import { drawing, html, imageData, localPath, type Markup, mailAddress, type Part, webAddress } from '../markup.ts';
import type { Speech } from '../words/index.ts';
import { bankFaceMarkup } from './drawings/face.ts';
import { drawFlicker } from './drawings/flicker.ts';
import { formMarkup } from './forms.ts';
import { qrMarkup } from './drawings/qr.ts';
import type { AccountLine, Block, Quote } from './view.ts';

/** What a block needs to know of the page around it. */
export type Around = { context: Pick<PageContext, 'action' | 'turn' | 'csrf'>; speech: Speech };

/** A block as HTML. */
export function blockMarkup(block: Block, around: Around): Markup | undefined {
  switch (block.kind) {
    case 'text':
      return html`<p${block.quiet && html` class="quiet"`}>${block.text}</p>`;
    case 'note':
      return html`<div class="note ${block.tone}"${block.tone === 'error' && html` role="alert" id="wrong"`}><p>${block.text}</p>${block.quote && quoteMarkup(block.quote, around.speech)}</div>`;
    case 'quote':
      return quoteMarkup(block.quote, around.speech);
    case 'points':
      return html`<h2>${block.heading}</h2><ul class="points">${block.points.map((point, at) => html`<li>${block.icons?.[at] && icon(block.icons[at])}<span>${point}</span></li>`)}</ul>`;
    case 'facts':
      return factsMarkup(block.facts);
    case 'consent':
      return consentMarkup(block, around.speech);
    case 'picture':
      return pictureMarkup(block);
    case 'flicker':
      return flickerMarkup(block);
    case 'accounts':
      return html`<h2 class="spoken">${block.label}</h2>${accountsMarkup(block.accounts)}`;
    case 'link':
      return linkMarkup(block, around);
    case 'address':
      return addressMarkup(block, around.speech);
    case 'qr':
      return qrBlockMarkup(block);
    case 'digits':
      return html`<p class="digits">${block.digits}</p>`;
    case 'steps':
      return html`<h2>${block.heading}</h2><ol class="steps">${block.steps.map((step) => html`<li>${step}</li>`)}</ol>`;
    case 'more':
      return html`<details class="folded"><summary>${block.summary}</summary><ul>${block.points.map((point) => html`<li>${point}</li>`)}</ul></details>`;
    case 'turn':
      return html`<p class="turn">${icon(block.who)}<span>${block.text}</span></p>`;
    case 'mail':
      return mailMarkup(block);
    case 'results':
      return html`<div id="results">${block.found.map((found) => blockMarkup(found, around))}</div>`;
    case 'form':
      return formMarkup(block, around);
    default:
      return block satisfies never;
  }
}

type Of<Kind extends Block['kind']> = Extract<Block, { kind: Kind }>;

/** Somebody else's words, with their name, in whatever direction they run. */
function quoteMarkup(quote: Quote, { words }: Speech): Markup {
  const lines = quote.lines.map((line) => html`<p dir="auto">${line}</p>`);
  // A long text scrolls in its place, so it must be reachable by keyboard.
  const long = quote.lines.reduce((total, line) => total + 30 + line.length + 30 * line.split('\n').length, 0) > 300;
  return html`<figure class="quote"><figcaption>${words.page.bankSays(quote.by)}</figcaption><blockquote${long && html` tabindex="0"`}>${lines}</blockquote></figure>`;
}

function factsMarkup(facts: Of<'facts'>['facts']): Markup {
  const value = (fact: Of<'facts'>['facts'][number]): Part => {
    if (fact.strong) return html`<b dir="ltr">${fact.value}</b>`;
    return fact.theirs ? html`<q dir="auto">${fact.value}</q>` : fact.value;
  };
  return html`<dl>${facts.map((fact) => html`<div><dt>${fact.term}</dt><dd>${value(fact)}</dd></div>`)}</dl>`;
}

/** Heading and first line always stand open; what a section says further opens up beneath. */
function consentMarkup(block: Of<'consent'>, { words }: Speech): Markup {
  const sections = block.sections.map(({ heading, lines: [first, ...rest] }) => {
    const lead = html`<span class="heading">${heading}</span> <span class="first" dir="auto">${first}</span>`;
    if (rest.length === 0) return html`<div class="section"><div class="plain">${lead}</div></div>`;
    return html`<details class="section"><summary>${lead}<span class="spoken">: ${words.agree.more}</span></summary><ul>${rest.map((line) => html`<li dir="auto">${line}</li>`)}</ul></details>`;
  });
  const text = html`<div class="consent" data-version="${block.version}">${sections}</div>`;
  return block.folded ? html`<details class="folded"><summary>${block.folded}</summary>${text}</details>` : text;
}

/** Works without scripts: paces and widths are choices that style sheets read; its corner can be pulled as well. */
function flickerMarkup(block: Of<'flicker'>): Markup {
  const choice = (name: string, label: string, id: string, checked = false) =>
    html`<label class="tick"><input type="radio" name="${name}" id="${id}"${checked && html` checked`}><span>${label}</span></label>`;
  const paces = block.paces.map(({ label }, at) => choice('pace', label, `pace-${at}`));
  const widths = block.widths.map((label, at) => choice('width', label, `width-${at}`, at === 1));
  const bars = block.paces.map(
    ({ stepMs }, at) =>
      html`<div class="bars pace-${at}"><img src="${drawing(drawFlicker(block.code, stepMs))}" alt="${block.label}"></div>`,
  );
  return html`<div class="flicker"><fieldset><legend>${block.label}</legend><p>${block.hint}</p>${choice('pace', block.still, 'pace-still', true)}${paces}</fieldset><fieldset><legend>${block.width}</legend>${widths}</fieldset>${bars}</div>`;
}

function pictureMarkup(block: Of<'picture'>): Markup {
  const source = imageData(block.mediaType, block.base64);
  return source ? html`<p class="picture"><img src="${source}" alt="${block.description}"></p>` : html``;
}

function qrBlockMarkup(block: Of<'qr'>): Markup {
  const code = html`<figure class="carry"><figcaption>${block.lead}</figcaption><div class="qr" data-fresh role="img" aria-label="${block.label}">${qrMarkup(block.url)}</div><p class="quiet">${block.fresh}</p></figure>`;
  if (block.folded)
    return html`<details class="folded"><summary>${icon('phone')}${block.folded}</summary>${code}</details>`;
  return html`<section class="carrying">${code}</section>`;
}

function mailMarkup(block: Of<'mail'>): Markup | undefined {
  const address = mailAddress(block.email, block.subject);
  return address && html`<p class="go"><a class="plain" href="${address}">${block.label}</a></p>`;
}

/** Accounts as a list, masked numbers read as written. */
export function accountsMarkup(accounts: AccountLine[]): Markup {
  const line = (account: AccountLine) =>
    html`<li><span class="name" dir="auto">${account.name}</span><span class="quiet">${account.detail}${account.masked && html` · <span class="number">${account.masked}</span>`}</span></li>`;
  return html`<ul class="accounts">${accounts.map(line)}</ul>`;
}

function linkMarkup(block: Of<'link'>, around: Around): Markup {
  return html`<section class="link"><h2>${bankFaceMarkup(block.bank)}<bdi>${block.bank.name}</bdi><span class="badge ${block.status.tone}">${block.status.label}</span></h2>${accountsMarkup(block.accounts)}${factsMarkup(block.facts)}${block.form && formMarkup(block.form, around)}${block.receipt && html`<p><a href="${localPath(block.receipt.path)}" target="_blank" rel="noopener">${block.receipt.label}<span class="spoken">: ${block.receipt.spoken} (${around.speech.words.page.newTab})</span></a></p>`}</section>`;
}

function addressMarkup(block: Of<'address'>, { words }: Speech): Markup {
  const address = webAddress(block.url) ?? localPath('/');
  const look = block.primary ? 'button primary' : block.secondary ? 'button' : 'plain';
  return html`<p class="go"><a class="${look}"${block.forwardAfterMs !== undefined && html` data-forward="${block.forwardAfterMs}"`}${block.newTab && html` target="_blank"`} rel="noreferrer" href="${address}">${block.label}${block.newTab && html`<span class="spoken"> (${words.page.newTab})</span>`}</a></p>`;
}
