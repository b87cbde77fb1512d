import { createHash } from 'node:crypto';
import { escapeHtml } from './escape.ts';

const STYLE = `
:root{color-scheme:light dark;--ink:#16202b;--soft:#55626f;--line:#dde3e9;--back:#fff;--code:#f3f5f8;--accent:#0b5d5e}
@media(prefers-color-scheme:dark){:root{--ink:#e6ebf0;--soft:#a3b0bd;--line:#2e3944;--back:#12181f;--code:#1b232c;--accent:#6cc5c1}}
*{box-sizing:border-box}html{scroll-padding-top:1rem}
body{margin:0;background:var(--back);color:var(--ink);font:1rem/1.55 system-ui,sans-serif}
a{color:var(--accent)}a:focus-visible,summary:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.frame{display:grid;grid-template-columns:16rem minmax(0,1fr);max-width:80rem;margin:auto}
main{grid-column:2;grid-row:1}nav{grid-column:1;grid-row:1;border-inline-end:1px solid var(--line);padding:1.5rem 1rem;font-size:.925rem;position:sticky;top:0;max-height:100vh;overflow-y:auto;align-self:start}
.contents{display:none}
nav ul{list-style:none;margin:.25rem 0 1rem;padding:0}nav a{display:block;padding:.2rem 0;text-decoration:none}
main{padding:1.5rem clamp(1rem,4vw,3rem) 4rem;min-width:0}
h1{font-size:1.9rem;line-height:1.2;margin:.2rem 0 1rem}h2{margin:2.5rem 0 .5rem;padding-top:.5rem;border-top:1px solid var(--line)}h3{margin:2rem 0 .5rem}
code{background:var(--code);border-radius:.25rem;padding:.1em .3em;font:.9em ui-monospace,monospace;overflow-wrap:anywhere}
pre{background:var(--code);border-radius:.5rem;padding:1rem;overflow:auto}pre code{padding:0;background:none;overflow-wrap:normal}
.method{display:inline-block;min-width:3.6rem;font:600 .8rem ui-monospace,monospace;color:var(--accent)}
.path{font:600 1rem ui-monospace,monospace;overflow-wrap:anywhere}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.925rem}th,td{text-align:start;vertical-align:top;padding:.4rem .6rem .4rem 0;border-bottom:1px solid var(--line)}
th{color:var(--soft);font-weight:600}details{margin:.5rem 0}summary{cursor:pointer;color:var(--soft)}
.soft{color:var(--soft)}
td:first-child code{white-space:nowrap}
@media(max-width:50rem){.frame{display:block}.contents{display:block}nav{border:0;border-top:1px solid var(--line);position:static;max-height:none}}
`.trim();

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Headers of every page of the documentation: nothing runs, nothing is loaded, nobody frames it. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'public, max-age=300',
};

/** A page with its navigation. `main` and `nav` are HTML already. */
export function renderPage(title: string, nav: string, main: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="icon" href="data:,"><title>${escapeHtml(title)} · Drawbridge</title><style>${STYLE}</style></head>
<body><div class="frame"><main><a class="contents" href="#contents">Contents</a>${main}</main><nav id="contents" aria-label="Contents">${nav}</nav></div></body></html>`;
}
