import assert from 'node:assert/strict';
import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { type Element, findAll, findAround, parseHtml, textOf } from './html.ts';
import { createJar, type Jar } from './jar.ts';
import { isNamed, PATIENCE_MS, says, type Visitor } from './visitor.ts';

type Page = {
  url: URL;
  status: number;
  headers: Record<string, string | string[] | undefined>;
  root: Element;
  html: string;
};
/** `crossSite` stays true along a chain of redirects that began on, or passed through, another site. */
type Going = { method?: 'GET' | 'POST'; body?: string; from?: URL; crossSite?: boolean };

/** A visitor over plain HTTP, with what only this one can tell. */
export type PlainVisitor = Visitor & {
  readonly jar: Jar;
  readonly address: string;
  /** Redirects to addresses that begin so are not followed: the page is then the redirect itself. */
  stopBefore?: string;
  page(): Page;
  /** The same address as JSON, with the same cookies. */
  json(): Promise<{ status: number; body: unknown }>;
  /** Sends the form again exactly as the page holds it, so many times at once; returns the statuses. */
  pressesAtOnce(name: string | RegExp, times: number): Promise<number[]>;
};

/** A person whose browser knows no scripts: forms, links, redirects, refreshes, cookies, and nothing else. */
export function plainVisitor(
  options: {
    jar?: Jar;
    language?: string;
    address?: string;
    userAgent?: string;
    /** Told of each page how long it was waited for, in milliseconds. */
    waited?: (url: URL, ms: number) => void;
  } = {},
): PlainVisitor {
  const jar = options.jar ?? createJar();
  const address = options.address ?? '198.51.100.1';
  const language = options.language ?? 'en-GB,en;q=0.8';
  const history: Page[] = [];
  const now = () => history.at(-1) ?? assert.fail('no page is open');

  async function goes(to: URL, going: Going = {}): Promise<void> {
    history.push(await load(to, going));
  }

  async function load(to: URL, going: Going): Promise<Page> {
    let { method = 'GET', body, from, crossSite = false } = going;
    for (let hops = 0; hops < 12; hops++) {
      crossSite ||= from !== undefined && siteOf(from) !== siteOf(to);
      const page = await exchange(to, {
        method,
        crossSite,
        ...(body !== undefined && { body }),
        ...(from && { from }),
      });
      const location = page.headers.location;
      if (page.status < 300 || page.status > 399 || typeof location !== 'string') return page;
      if (visitor.stopBefore && new URL(location, to).href.startsWith(visitor.stopBefore)) return page;
      from = from ? to : undefined;
      to = new URL(location, to);
      if (page.status !== 307 && page.status !== 308) [method, body] = ['GET', undefined];
    }
    throw new Error(`redirected in a circle at ${to}`);
  }

  async function exchange(
    url: URL,
    { method = 'GET', body, from, crossSite = false }: Going,
    accept = 'text/html',
  ): Promise<Page> {
    const cookie = jar.header({ url, crossSite, method });
    const headers = {
      accept,
      'accept-language': language,
      'x-forwarded-for': address,
      'user-agent': options.userAgent ?? 'Mozilla/5.0 (X11; Linux x86_64) PlainVisitor/1.0',
      'sec-fetch-site':
        from === undefined
          ? 'none'
          : crossSite
            ? 'cross-site'
            : from.origin === url.origin
              ? 'same-origin'
              : 'same-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      ...(cookie && { cookie }),
      ...(method === 'POST' && { origin: from?.origin ?? 'null', 'content-type': 'application/x-www-form-urlencoded' }),
    };
    const began = performance.now();
    const page = await send(url, method, headers, body);
    options.waited?.(url, performance.now() - began);
    jar.store(url, [page.headers['set-cookie'] ?? []].flat());
    return page;
  }

  const submit = (button: Element): { to: URL; going: Going } => {
    const page = now();
    const form = findAround(button, 'form') ?? assert.fail('this button is in no form');
    const action = button.attributes.formaction ?? form.attributes.action ?? '';
    const to = new URL(action === '' ? page.url.href : action, page.url);
    const values = new URLSearchParams(valuesOf(form, button));
    if ((form.attributes.method ?? 'get').toLowerCase() === 'post')
      return { to, going: { method: 'POST', body: values.toString(), from: page.url } };
    to.search = values.toString();
    return { to, going: { from: page.url } };
  };

  const visitor: PlainVisitor = {
    how: 'plain HTTP',
    jar,
    address,
    page: now,
    opens: (url) => goes(new URL(url)),
    async sees(words, patienceMs = PATIENCE_MS) {
      for (const until = performance.now() + patienceMs; performance.now() < until; ) {
        if (says(textOf(now().root), words)) return;
        const next = refreshOf(now());
        if (!next) break;
        await wait(100);
        history.splice(-1, 1, await load(next, { from: now().url }));
      }
      if (!says(textOf(now().root), words)) assert.fail(`expected ${words} on ${describe(now())}`);
    },
    async doesNotSee(words) {
      if (says(textOf(now().root), words)) assert.fail(`did not expect ${words} on ${describe(now())}`);
    },
    async fills(label, text) {
      fieldNamed(now(), label).attributes.value = text;
    },
    async chooses(label) {
      const field = fieldNamed(now(), label);
      if (field.tag === 'option') {
        for (const one of findAll(findAround(field, 'select')!, ({ tag }) => tag === 'option'))
          delete one.attributes.selected;
        field.attributes.selected = '';
        return;
      }
      if (field.attributes.type === 'radio') for (const other of inputsNamed(field)) delete other.attributes.checked;
      field.attributes.checked = '';
    },
    async unticks(label) {
      delete fieldNamed(now(), label).attributes.checked;
    },
    async ticksAll() {
      for (const box of findAll(now().root, ({ attributes }) => attributes.type === 'checkbox'))
        box.attributes.checked = '';
    },
    async presses(name) {
      const { to, going } = submit(buttonNamed(now(), name));
      await goes(to, going);
    },
    async pressesAtOnce(name, times) {
      const { to, going } = submit(buttonNamed(now(), name));
      const pages = await Promise.all(Array.from({ length: times }, () => load(to, going)));
      history.push(pages[0]!);
      return pages.map(({ status }) => status);
    },
    async follows(name) {
      const link = findLink(now(), name);
      if (!link) assert.fail(`no link ${name} on ${describe(now())}`);
      await goes(new URL(link.attributes.href!, now().url), { from: now().url });
    },
    async goesBack() {
      history.pop();
      assert.ok(history.length > 0, 'there is no page to go back to');
    },
    async reloads() {
      history.splice(-1, 1, await load(now().url, { from: now().url }));
    },
    async opensSecondTab() {
      const tab = plainVisitor({ jar, language, address });
      await tab.opens(now().url.href);
      return tab;
    },
    async restartsBrowser() {
      jar.closeBrowser();
      history.length = 0;
    },
    canPress: async (name) => findButton(now(), name) !== undefined,
    canFollow: async (name) => findLink(now(), name) !== undefined,
    canFill: async (label) => findField(now(), label) !== undefined,
    url: () => now().url.href,
    text: async () => textOf(now().root),
    status: () => now().status,
    async json() {
      const page = await exchange(now().url, { from: now().url }, 'application/json');
      return { status: page.status, body: JSON.parse(page.html) };
    },
    close: async () => undefined,
  };
  return visitor;
}

function send(url: URL, method: string, headers: Record<string, string>, body?: string): Promise<Page> {
  return new Promise((done, failed) => {
    // Browsers resolve every name under .localhost by themselves; the system's resolver may not.
    const hostname = url.hostname.endsWith('localhost') ? '127.0.0.1' : url.hostname;
    const sent = request(
      {
        hostname,
        port: url.port,
        path: `${url.pathname}${url.search}`,
        method,
        headers: { ...headers, host: url.host },
        agent: false,
      },
      async (response) => {
        let html = '';
        for await (const part of response.setEncoding('utf8')) html += part;
        done({ url, status: response.statusCode ?? 0, headers: response.headers, html, root: parseHtml(html) });
      },
    );
    sent.setTimeout(60_000, () => sent.destroy(new Error(`${url} did not answer`)));
    sent.once('error', failed).end(body);
  });
}

/** Where a page sends a browser by itself: a refresh, outside of what only scripts replace. */
function refreshOf(page: Page): URL | undefined {
  const meta = findAll(
    page.root,
    ({ tag, attributes }) => tag === 'meta' && /^refresh$/i.test(attributes['http-equiv'] ?? ''),
  )[0];
  if (!meta) return undefined;
  const target = /url=['"]?([^'"]+)/i.exec(meta.attributes.content ?? '')?.[1];
  return target ? new URL(target, page.url) : page.url;
}

function findLink(page: Page, name: string | RegExp): Element | undefined {
  const links = findAll(page.root, ({ tag, attributes }) => tag === 'a' && 'href' in attributes);
  return links.find((link) => isNamed(nameOf(link), name));
}

function findButton(page: Page, name: string | RegExp): Element | undefined {
  return findAll(page.root, isButton).find(
    (button) => isNamed(nameOf(button), name) && !('disabled' in button.attributes),
  );
}

function buttonNamed(page: Page, name: string | RegExp): Element {
  return findButton(page, name) ?? assert.fail(`no button ${name} on ${describe(page)}`);
}

function isButton({ tag, attributes }: Element): boolean {
  return (
    (tag === 'button' && (attributes.type ?? 'submit') === 'submit') ||
    (tag === 'input' && attributes.type === 'submit')
  );
}

function findField(page: Page, label: string | RegExp): Element | undefined {
  const fields = findAll(
    page.root,
    ({ tag, attributes }) => /^(input|textarea|option)$/.test(tag) && attributes.type !== 'hidden',
  );
  return fields.find((field) => labelsOf(page, field).some((text) => isNamed(text, label)));
}

function fieldNamed(page: Page, label: string | RegExp): Element {
  return findField(page, label) ?? assert.fail(`no field ${label} on ${describe(page)}`);
}

function labelsOf(page: Page, field: Element): string[] {
  if (field.tag === 'option') return [textOf(field)];
  const { id } = field.attributes;
  const around = findAround(field, 'label');
  const pointing = id ? findAll(page.root, ({ tag, attributes }) => tag === 'label' && attributes.for === id) : [];
  return [...(around ? [textOf(around)] : []), ...pointing.map(textOf), field.attributes['aria-label'] ?? ''];
}

function nameOf(element: Element): string {
  return (
    element.attributes['aria-label'] ?? (element.tag === 'input' ? (element.attributes.value ?? '') : textOf(element))
  );
}

function inputsNamed(field: Element): Element[] {
  const form = findAround(field, 'form') ?? assert.fail('this field is in no form');
  return findAll(form, ({ attributes }) => attributes.name === field.attributes.name);
}

/** What a browser would send of a form whose button was pressed. */
function valuesOf(form: Element, button: Element): [string, string][] {
  const values: [string, string][] = [];
  for (const element of findAll(form, () => true)) {
    const { tag, attributes } = element;
    const { name, type = 'text' } = attributes;
    if (!name || 'disabled' in attributes) continue;
    if (element === button) values.push([name, attributes.value ?? '']);
    else if (tag === 'textarea') values.push([name, attributes.value ?? textOf(element)]);
    else if (tag === 'select') values.push([name, selected(element)]);
    else if (tag !== 'input' || type === 'submit') continue;
    else if (type === 'checkbox' || type === 'radio') {
      if ('checked' in attributes) values.push([name, attributes.value ?? 'on']);
    } else values.push([name, attributes.value ?? '']);
  }
  return values;
}

function selected(select: Element): string {
  const options = findAll(select, ({ tag }) => tag === 'option');
  const chosen = options.find(({ attributes }) => 'selected' in attributes) ?? options[0];
  return chosen?.attributes.value ?? (chosen ? textOf(chosen) : '');
}

function siteOf(url: URL): string {
  const name = /^[\d.]+$/.test(url.hostname) ? url.hostname : url.hostname.split('.').slice(-2).join('.');
  return `${url.protocol}//${name}`;
}

function describe(page: Page): string {
  return `${page.url.pathname} (${page.status}): ${textOf(page.root).slice(0, 1500)}`;
}
