import { escapeHtml, inline } from './escape.ts';

/** The part of Markdown our own documents use, as HTML. A heading that is one `code` has it as its anchor. */
export function renderMarkdown(text: string): string {
  const lines = text.split('\n');
  const html: string[] = [];
  let index = 0;
  while (index < lines.length) {
    const line = lines[index]!;
    if (line.startsWith('```')) {
      const end = lines.indexOf('```', index + 1);
      html.push(
        `<pre tabindex="0"><code>${escapeHtml(lines.slice(index + 1, end < 0 ? undefined : end).join('\n'))}</code></pre>`,
      );
      index = (end < 0 ? lines.length : end) + 1;
      continue;
    }
    const block = blockOf(line);
    let next = index + 1;
    while (block.many && next < lines.length && block.goesOn(lines[next]!)) next += 1;
    html.push(block.render(lines.slice(index, next)));
    index = next;
  }
  return html.filter(Boolean).join('\n');
}

type Block = { many: boolean; goesOn: (line: string) => boolean; render: (lines: string[]) => string };

function blockOf(line: string): Block {
  if (line.trim() === '') return { many: false, goesOn: () => false, render: () => '' };
  if (/^#{1,4} /.test(line))
    return { many: false, goesOn: () => false, render: ([heading]) => renderHeading(heading!) };
  if (line.startsWith('|')) return { many: true, goesOn: (other) => other.startsWith('|'), render: renderTable };
  if (/^[*-] /.test(line))
    return {
      many: true,
      goesOn: (other) => /^([*-] | +\S)/.test(other),
      render: (all) => renderList(all, /^[*-] /, 'ul'),
    };
  if (/^\d+\. /.test(line))
    return {
      many: true,
      goesOn: (other) => /^(\d+\. | +\S)/.test(other),
      render: (all) => renderList(all, /^\d+\. /, 'ol'),
    };
  return {
    many: true,
    goesOn: (other) => other.trim() !== '' && !/^(#|\||```|[*-] |\d+\. )/.test(other),
    render: (all) => `<p>${inline(all.join(' '))}</p>`,
  };
}

function renderHeading(line: string): string {
  const [, marks = '#', text = ''] = /^(#+) (.*)$/.exec(line) ?? [];
  const code = /^`([\w.]+)`/.exec(text)?.[1];
  const anchor =
    code ??
    text
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-');
  return `<h${marks.length} id="${escapeHtml(anchor)}">${inline(text)}</h${marks.length}>`;
}

function renderList(lines: string[], mark: RegExp, tag: 'ul' | 'ol'): string {
  const items: string[] = [];
  for (const line of lines) {
    if (mark.test(line)) items.push(line.replace(mark, ''));
    else items[items.length - 1] += ` ${line.trim()}`;
  }
  return `<${tag}>${items.map((item) => `<li>${inline(item)}</li>`).join('')}</${tag}>`;
}

function renderTable(lines: string[]): string {
  const rows = lines.map((line) =>
    line
      .replace(/^\||\|$/g, '')
      .split(/(?<!\\)\|/)
      .map((cell) => inline(cell.trim())),
  );
  const [head = [], , ...body] = rows;
  const cells = (row: string[], tag: string) => `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<div class="wide" tabindex="0" role="region" aria-label="Table"><table><thead>${cells(head, 'th')}</thead><tbody>${body.map((row) => cells(row, 'td')).join('')}</tbody></table></div>`;
}
