import { createHash } from 'node:crypto';
import { type Look, readableOn } from '../../platform/apps/templates/look.ts';
import { Markup } from '../markup.ts';

const CORNERS: Record<NonNullable<Look['corner']>, string> = {
  square: '--round:0;--rounder:0;',
  soft: '',
  round: '--round:1.1rem;--rounder:2rem;',
};
const TYPES: Record<NonNullable<Look['type']>, string> = {
  system: '--serif:inherit;',
  serif: 'font-family:var(--serif);',
  rounded: '--serif:ui-rounded,"SF Pro Rounded","Nunito","Varela Round",system-ui,sans-serif;font-family:var(--serif);',
};

/** The style an app's look adds to ours, and how a page's policy names it. All of it was checked when it was saved. */
export function lookStyle(look: Look): { markup: Markup; source: string } {
  const { accent, paper, accentDark, paperDark } = look.colours ?? {};
  const base = `${CORNERS[look.corner ?? 'soft']}${look.type ? TYPES[look.type] : ''}`;
  const light = `${coloured(accent)}${paper ? `--paper:${paper};--wash:${paper};` : ''}`;
  const dark = `${coloured(accentDark)}${paperDark ? `--paper:${paperDark};--wash:${paperDark};` : ''}`;
  const style = [
    `:root{${base}}`,
    // Whoever asks for more contrast, or has colours of their own, keeps them.
    light && `@media (prefers-color-scheme:light){:root{${light}}}`,
    dark && `@media (prefers-color-scheme:dark){:root{${dark}}}`,
    look.css ?? '',
  ]
    .filter(Boolean)
    .join('\n');
  const source = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
  return { markup: new Markup(`<style>${style}</style>`), source };
}

function coloured(accent: string | undefined): string {
  return accent ? `--accent:${accent};--accent-deep:${accent};--on-accent:${readableOn(accent)};` : '';
}
