/** Text as HTML: nothing in it can be markup. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** One line of Markdown: `code`, **strong**, *emphasis* and links. */
export function inline(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) =>
      part.startsWith('`') && part.length > 1 ? `<code>${escapeHtml(part.slice(1, -1))}</code>` : prose(part),
    )
    .join('');
}

function prose(text: string): string {
  return escapeHtml(text)
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replace(/\*([^*]+)\*/g, '<em>$1</em>')
    .replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, (_, label: string, target: string) => {
      const address = addressOf(target);
      return address === undefined ? label : `<a href="${address}">${label}</a>`;
    });
}

/** Links of the documents' own folder lead to their served pages; others must be web addresses. */
function addressOf(target: string): string | undefined {
  if (/^https?:\/\//.test(target) || target.startsWith('#')) return target;
  const document = /^(?:\.\.\/[a-z]+\/|\.\/)?([a-z-]+)\.md(#[\w-]*)?$/.exec(target);
  return document ? `/docs/${document[1]}${document[2] ?? ''}` : undefined;
}
