import type { MailFacts, WriteMail } from '../../platform/customers/mail/mail.ts';
import { html, type Markup, webAddress } from '../markup.ts';
import { type Speech, speechFor } from '../words/index.ts';
import { type ManageWords, manageWords } from './words/index.ts';

/** What a mail says, in order, before it is text or HTML. */
type Said = {
  subject: string;
  paragraphs: string[];
  list?: string[];
  links: { lead: string; label: string; url: string }[];
  foot: string[];
};

/** Mails as text and as HTML that says the same. A subject never names a bank: it is read over shoulders. */
export const writeMail: WriteMail = (facts, locale) => {
  const speech = speechFor(locale);
  const words = manageWords(locale);
  const said = facts.kind === 'invitation' ? invited(facts) : saidIn(facts, words, speech);
  const refuse = facts.refuseUrl ? { lead: words.mail.refuse, url: facts.refuseUrl } : undefined;
  return { subject: said.subject, text: asText(said, refuse), html: asHtml(said, refuse, words, speech) };
};

function saidIn(facts: Exclude<MailFacts, { kind: 'invitation' }>, { mail }: ManageWords, speech: Speech): Said {
  const foot = [...(facts.supportEmail ? [mail.questions(facts.supportEmail)] : []), mail.from(facts.operator)];
  if (facts.kind === 'link') {
    const { subject, text, not } = mail.link;
    return {
      subject,
      paragraphs: [text],
      links: [{ lead: '', label: mail.open, url: facts.url }],
      foot: [not, ...foot],
    };
  }
  const { app, bank, kind, controlUrl: url } = facts;
  const { formats, words } = speech;
  const end = kind === 'reconfirm' ? facts.reconfirmBy : facts.until;
  const day = end ? formats.day(end) : '';
  const scopes = facts.scopes.map((scope) => words.scopes[scope]);
  const list = kind === 'confirmed' ? { list: [...scopes, ...(day ? [mail.until(day)] : [])] } : {};
  const lead = kind === 'confirmed' ? mail.confirmed.not : mail.see;
  const paragraphs = [mail[kind].text(app, bank, day)];
  return { subject: mail[kind].subject(app), paragraphs, ...list, links: [{ lead, label: mail.open, url }], foot };
}

/** The dashboard speaks English, and so does the way into it. */
function invited({ operator, url }: Extract<MailFacts, { url: string }>): Said {
  return {
    subject: `Your invitation to ${operator}`,
    paragraphs: [`You are invited to the dashboard of ${operator}. The link works once.`],
    links: [{ lead: '', label: 'Accept the invitation', url }],
    foot: ['You expected no invitation? Then nothing needs to be done.'],
  };
}

type Refuse = { lead: string; url: string } | undefined;

function asText({ paragraphs, list, links, foot }: Said, refuse: Refuse): string {
  const parts = [
    ...paragraphs,
    ...(list ? [list.map((line) => `* ${line}`).join('\n')] : []),
    ...links.map(({ lead, url }) => [lead, url].filter(Boolean).join('\n')),
    `-- \n${foot.join('\n')}`,
    ...(refuse ? [`${refuse.lead}\n${refuse.url}`] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function asHtml({ subject, paragraphs, list, links, foot }: Said, refuse: Refuse, words: ManageWords, speech: Speech) {
  const link = (url: string, inner: Markup) => {
    const address = webAddress(url);
    return address ? html`<a href="${address}" style="color:#0b5a4e">${inner}</a>` : html``;
  };
  const button = ({ lead, label, url }: Said['links'][number]) => {
    const address = webAddress(url);
    return html`${lead && html`<p style="margin:0 0 8px">${lead}</p>`}${address && html`<p style="margin:0 0 24px"><a href="${address}" style="display:inline-block;padding:12px 24px;border-radius:24px;background:#0b5a4e;color:#ffffff;font-weight:600;text-decoration:none">${label}</a></p>`}`;
  };
  const body = html`<!doctype html>
<html lang="${speech.locale}" dir="${speech.direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${subject}</title></head>
<body style="margin:0;padding:24px 12px;background:#f4f2ec;color:#1c2522;font:16px/1.55 -apple-system,'Segoe UI',Roboto,sans-serif">
<div style="max-width:520px;margin:0 auto;padding:28px 24px;background:#fffefb;border:1px solid #e3e0d5;border-radius:16px">
<h1 style="margin:0 0 16px;font:600 21px/1.3 Georgia,serif">${subject}</h1>
${paragraphs.map((text) => html`<p style="margin:0 0 16px">${text}</p>`)}${list && html`<ul style="margin:0 0 20px;padding-inline-start:20px">${list.map((line) => html`<li>${line}</li>`)}</ul>`}${links.map(button)}
<div style="border-top:1px solid #e3e0d5;padding-top:14px;font-size:13px;color:#55605b">${foot.map((line) => html`<p style="margin:0 0 6px">${line}</p>`)}${refuse && html`<p style="margin:0">${refuse.lead} ${link(refuse.url, html`${words.refusing.button}`)}</p>`}</div>
</div></body></html>
`;
  return body.toString();
}
