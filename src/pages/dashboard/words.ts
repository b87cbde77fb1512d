import type { Verdict, Whose } from '../../platform/operators/watching/verdicts.ts';
import { html, type Markup } from '../markup.ts';
import { badge } from './parts.ts';

const TONES: Record<string, 'good' | 'warning' | 'error' | ''> = {
  authorized: 'good',
  active: 'good',
  finished: 'good',
  completed: 'good',
  done: 'good',
  good: 'good',
  pending: '',
  new: '',
  open: '',
  paused: 'warning',
  troubled: 'warning',
  action_required: 'warning',
  expired: 'warning',
  canceled: 'warning',
  failed: 'error',
  down: 'error',
  disabled: 'error',
};

/** A state as a badge: its word, and a colour that says no more than the word. */
export function stateBadge(state: string): Markup {
  return badge(state.replaceAll('_', ' '), TONES[state] ?? '');
}

const WHOSE: Record<Whose, [label: string, tone: 'good' | 'warning' | 'error' | '']> = {
  fine: ['fine', 'good'],
  us: ['us', 'error'],
  app: ['the app', 'warning'],
  bank: ['the bank', 'error'],
  person: ['the person', 'warning'],
  waiting: ['going on', ''],
};

/** Us, them or the bank: the word first, then why. */
export function verdictMarkup({ whose, why }: Verdict): Markup {
  const [label, tone] = WHOSE[whose];
  return html`${badge(label, tone)} <span class="why">${why}</span>`;
}

/** Milliseconds as people read them. */
export function duration(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}
