import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { BrowserVisitor } from '../visitor/browser.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { type World, world } from '../world.ts';
import { agrees, begins, comesHome, grants, WAYS, type Way } from './ways.ts';

/** More stops than any page of ours has. */
const MOST_STOPS = 60;

describe('by keyboard alone', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  for (const way of [WAYS.redirected, WAYS.many, WAYS.decoupled] as Way[]) {
    test(`${way.name}, from the link to the end`, async () => {
      const person = typing((await here.person('Chromium')) as BrowserVisitor);
      const { consent, url } = await here.asksForConsent({ provider: way.bank });
      await begins(person, url, way);
      await agrees(person);
      await way.signIn(person, here.bank);
      await grants(person);
      await comesHome(person);
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
      await person.close();
    });
  }
});

/** The same person without a mouse: goes from stop to stop with Tab, and presses with Enter or the space bar. */
function typing(person: BrowserVisitor): Visitor {
  const keyboard = () => person.page.keyboard;
  /** Walks until what has the keyboard is named so; the name is the one a screen reader says. */
  const walksTo = async (role: 'button' | 'link' | 'field' | 'checkbox', name: string | RegExp) => {
    await person.page.waitForLoadState('load');
    for (let stop = 0; stop < MOST_STOPS; stop++) {
      const at = await person.page.evaluate(nameOfFocus);
      const fits = typeof name === 'string' ? at.name === name : name.test(at.name);
      if (at.role === role && fits) return;
      await keyboard().press('Tab');
    }
    assert.fail(`Tab reaches no ${role} ${name} on ${person.page.url()}`);
  };
  const presses = async (role: 'button' | 'link', name: string | RegExp) => {
    await walksTo(role, name);
    await Promise.all([person.page.waitForNavigation({ waitUntil: 'load' }), keyboard().press('Enter')]);
  };
  return {
    ...person,
    presses: (name) => presses('button', name),
    follows: (name) => presses('link', name),
    async fills(label, text) {
      await walksTo('field', label);
      await keyboard().type(text);
    },
    async ticksAll() {
      for (let left = await person.page.getByRole('checkbox').count(); left > 0; left--) {
        await walksTo('checkbox', /./);
        await keyboard().press('Space');
        await keyboard().press('Tab');
      }
    },
  };
}

/** What has the keyboard, as a person would name it; evaluated in the page. */
function nameOfFocus(): { role: string; name: string } {
  const element = document.activeElement as HTMLElement | null;
  const spoken = (text: string | null | undefined) => (text ?? '').replace(/\s+/g, ' ').trim();
  // biome-ignore lint/performance/useDomNodeTextContent: only what can be seen counts
  const name = spoken(element?.getAttribute('aria-label') ?? (element as HTMLElement | null)?.innerText);
  if (element instanceof HTMLInputElement) {
    const role = ['checkbox', 'radio'].includes(element.type) ? 'checkbox' : 'field';
    // biome-ignore lint/performance/useDomNodeTextContent: only what can be seen counts
    return { role, name: spoken(element.labels?.[0]?.innerText) };
  }
  return { role: element?.tagName === 'A' ? 'link' : element?.tagName === 'BUTTON' ? 'button' : '', name };
}
