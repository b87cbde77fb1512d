import { inline } from '../design/inline.ts';

/** Style and script of the hosted page. */
export const INLINED = inline([new URL('page.css', import.meta.url)], [new URL('../static/page.ts', import.meta.url)]);
