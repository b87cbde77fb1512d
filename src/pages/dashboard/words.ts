import type { Markup } from '../markup.ts';
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

export { stateBadge as consentBadge };
