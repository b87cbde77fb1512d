import { createHash } from 'node:crypto';
import type { Receipt } from '../../platform/consents/receipt.ts';
import { RECEIPT_KEYS_PATH } from '../../platform/consents/receipt-key.ts';
import { qrPicture } from '../design/qr.ts';
import { html, localPath } from '../markup.ts';
import { page, type Page, type Told } from './layout.ts';

/**
 * A consent's receipt: readable, printable, and complete in itself when it is kept as a file. The proof at its end is what
 * the command that checks receipts looks for.
 */
export function receiptPage(
  told: Told,
  receipt: Receipt,
  shown: { bank: string; publicUrl: string; downloadPath?: string },
): Page {
  const { own, speech } = told;
  const { consent, text, signature, textHash } = receipt;
  const { receipt: words } = own;
  const app = consent.agreedFacts?.app ?? '';
  const fact = (term: string, value: string | undefined) => value && html`<div><dt>${term}</dt><dd>${value}</dd></div>`;
  const day = (at: Date | null) => (at ? speech.formats.day(at) : undefined);
  const state = words.states[consent.status as keyof typeof words.states] ?? consent.status;
  // What was signed is the text's own JSON: whoever checks it hashes it again.
  const kept = JSON.stringify(text);
  const proof = { signature, text: kept };
  if (createHash('sha256').update(kept).digest('hex') !== textHash) throw new Error('a kept text is not what was kept');
  const main = html`<p>${words.lead(app)}</p>
<dl>${fact(words.app, app)}${fact(words.operator, consent.agreedFacts?.operator)}${fact(words.bank, shown.bank)}${fact(words.state, state)}${fact(words.agreed, day(consent.agreedAt))}${fact(words.authorized, day(consent.authorizedAt))}${fact(words.ended, day(consent.endedAt))}${fact(words.number, consent.id)}</dl>
<h2>${words.words}</h2>
<div class="agreed" lang="${text.locale}">${text.sections.map(({ heading, lines }) => html`<div><h3>${heading}</h3><ul>${lines.map((line) => html`<li dir="auto">${line}</li>`)}</ul></div>`)}</div>
<h2>${words.proof}</h2>
<p>${words.proofText(`${shown.publicUrl}${RECEIPT_KEYS_PATH}`)}</p>
<p class="proof"><img src="${qrPicture(signature, 'low')}" alt="${words.code}"></p>
<pre class="signed" id="proof" tabindex="0" dir="ltr">${JSON.stringify(proof)}</pre>
${shown.downloadPath && html`<p class="buttons screen-only"><a class="button primary" href="${localPath(shown.downloadPath)}" download>${words.download}</a></p>`}`;
  return page(told, words.title, main);
}
