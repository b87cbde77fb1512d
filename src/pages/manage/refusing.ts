import { html, localPath } from '../markup.ts';
import { page, type Page, type Told } from './layout.ts';

/** Whether an address wants such mail. Opening asks; only the button decides, because scanners open links too. */
export function refusingPage(told: Told, email: string, path: string, now: 'asked' | 'refused' | 'wanted'): Page {
  const { refusing } = told.own;
  const text = { asked: refusing.ask, refused: refusing.done, wanted: refusing.wanted }[now](email);
  const [value, label] = now === 'refused' ? ['wanted', refusing.again] : ['refused', refusing.button];
  const main = html`<p role="status">${text}</p><form method="post" action="${localPath(path)}"><p class="buttons"><button class="button${now === 'asked' && html` primary`}" name="do" value="${value}">${label}</button></p></form>`;
  return page(told, refusing.title, main);
}

/** A link that is none of ours, or whose key is gone. */
export function refusalOverPage(told: Told): Page {
  const { refusing } = told.own;
  return page(told, refusing.title, html`<p>${refusing.over}</p>`, { status: 404 });
}
