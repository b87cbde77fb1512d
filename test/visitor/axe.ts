import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserVisitor } from './browser.ts';
import type { Visitor } from './visitor.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A person whose pages of ours are looked at with axe, and for scrolling sideways, as soon as they are there. */
export function looksWithAxe(person: BrowserVisitor, ours: string): Visitor {
  const look = async () => {
    const { page } = person;
    if (!page.url().startsWith(ours)) return;
    const found = await page
      .evaluate(`${AXE}; axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations.map(
        ({ id, help, nodes }) => id + ': ' + help + ': ' + nodes.map(({ html }) => html.slice(0, 150)).join(' | ')))`)
      // The page went on while it was looked at: the next one is looked at instead.
      .catch((error: Error) => (/context was destroyed|navigat/i.test(error.message) ? [] : Promise.reject(error)));
    assert.deepEqual(found, [], page.url());
    const wide = await page
      .evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      .catch(() => 0);
    assert.ok((wide as number) <= 0, `${page.url()} scrolls sideways by ${wide}`);
  };
  return {
    ...person,
    opens: (url) => person.opens(url).then(look),
    presses: (name) => person.presses(name).then(look),
  };
}
