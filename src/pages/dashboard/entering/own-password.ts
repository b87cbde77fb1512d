import { isOwnPassword } from '../../../platform/operators/operators.ts';
import { Problem } from '../../../platform/problems.ts';
import { html, type Markup } from '../../markup.ts';
import type { Asked } from '../asked.ts';

/** The field for one's password once more, before a factor or somebody's rights are changed: a session left open is not enough. */
export function ownPassword(asked: Asked, id = 'now'): Markup {
  const wrong = asked.problem?.errors?.some(({ pointer }) => pointer === '/now');
  return html`<div class="field"><label for="f-${id}">Your password now</label><input id="f-${id}" type="password" name="now" required autocomplete="current-password"${wrong && html` aria-invalid="true" aria-describedby="w-${id}"`}>${wrong && html`<p class="wrong" id="w-${id}">This is not your password.</p>`}</div>`;
}

/** Throws `forbidden` at `/now` unless that password was typed. Wrong ones count like those of signing in. */
export async function checkOwnPassword(asked: Asked): Promise<void> {
  const by = { address: asked.browser.address, device: asked.device };
  if (await isOwnPassword(asked.platform, asked.who, asked.form.raw('now'), by)) return;
  asked.platform.log.warn('dashboard.password_refused', { requestId: asked.requestId });
  throw new Problem('forbidden', 'That is not your password.', {
    errors: [{ pointer: '/now', detail: 'Not your password.' }],
  });
}
