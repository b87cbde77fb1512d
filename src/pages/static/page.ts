// The one script of the hosted page. Everything works without it; it adds search as one types, waiting in place, going on by
// itself, and a guard against pressing twice. Types are stripped when it is served.

type Policy = { createHTML(text: string): string };
type PolicyFactory = { createPolicy(name: string, rules: { createHTML(text: string): string }): Policy };

/** Passes only what our own server has sent as HTML: see `fetchHtml`. */
const policy: Policy = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes?.createPolicy('drawbridge', {
  createHTML: (text) => text,
}) ?? { createHTML: (text) => text };

const page = () => document.getElementById('page') as HTMLElement;
const live = document.getElementById('live') as HTMLElement;
let lookTimer = 0;
let goTimer = 0;
/** The server tells when the visit moves; while it can, looking by ourselves is only for what changes with time. */
let line: EventSource | undefined;
const LISTENING_MS = 15_000;

guardForms();
handOver();
begin();
addEventListener('visibilitychange', () => {
  // Coming back from the bank's app: look at once.
  if (!document.hidden && page().dataset.poll) look();
});
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});

/** What a bank put into the fragment of our address reaches our server as a form; without one the way back is unknown. */
function handOver(): void {
  const form = document.querySelector<HTMLFormElement>('[data-fragment]');
  const input = form?.querySelector('input');
  if (!form || !input) return;
  input.value = location.hash.slice(1);
  history.replaceState(null, '', location.pathname);
  form.submit();
}

/** Sets up whatever the present screen has; called again when a screen has been replaced. */
function begin(): void {
  clearTimeout(lookTimer);
  clearTimeout(goTimer);
  listen();
  const wait = Number(page().dataset.poll);
  if (wait > 0) lookTimer = window.setTimeout(look, pause(wait));
  const form = document.querySelector<HTMLFormElement>('[data-search]');
  if (form) searchAsOneTypes(form);
  goOn();
}

/** Opens or closes the line on which the server tells that something has happened. */
function listen(): void {
  const address = page().dataset.live;
  if (line?.url === (address && new URL(address, location.href).href)) return;
  line?.close();
  line = undefined;
  if (!address || !('EventSource' in window)) return;
  line = new EventSource(address);
  line.addEventListener('message', () => void look());
}

function pause(wait: number): number {
  return line?.readyState === EventSource.OPEN ? Math.max(wait, LISTENING_MS) : wait;
}

/** The HTML at an address of this server, or a refusal. */
async function fetchHtml(url: string, signal?: AbortSignal): Promise<string> {
  const answer = await fetch(url, { headers: { accept: 'text/html' }, signal: signal ?? null });
  if (!answer.ok || !answer.headers.get('content-type')?.startsWith('text/html'))
    throw new Error(String(answer.status));
  if (new URL(answer.url).origin !== location.origin) throw new Error('moved');
  return policy.createHTML(await answer.text());
}

/** Looks whether the screen has changed and puts the new one in place; what has focus or is typed stays if it has not. */
async function look(): Promise<void> {
  clearTimeout(lookTimer);
  const shown = page();
  let wait = Number(shown.dataset.poll) || 5000;
  try {
    const next = new DOMParser().parseFromString(await fetchHtml(location.href), 'text/html');
    const fresh = next.getElementById('page');
    live.textContent = '';
    if (fresh && fresh.dataset.state !== shown.dataset.state) {
      keepTyped(shown, fresh);
      shown.replaceWith(document.adoptNode(fresh));
      document.title = next.title;
      document.getElementById('main')?.focus();
      begin();
      return;
    }
    refresh(next);
  } catch {
    // The network or the server is away for now: said once, tried again more slowly.
    live.textContent = document.body.dataset.offline ?? '';
    wait = Math.max(wait, 5000);
  }
  if (page() === shown) lookTimer = window.setTimeout(look, pause(wait));
}

/** What is half typed goes along where the new screen asks for the same. */
function keepTyped(shown: HTMLElement, fresh: HTMLElement): void {
  for (const old of shown.querySelectorAll<HTMLInputElement>('.field input')) {
    const field = [...fresh.querySelectorAll<HTMLInputElement>('.field input')].find(({ name }) => name === old.name);
    if (field && old.value !== '') field.value = old.value;
  }
}

/** What changes with time alone, such as a code for the phone, is put in place without a word. */
function refresh(next: Document): void {
  const old = document.querySelector('[data-fresh]');
  const fresh = next.querySelector('[data-fresh]');
  if (old && fresh && !old.isEqualNode(fresh)) old.replaceWith(document.adoptNode(fresh));
}

/** Goes on to the bank or back to the app once; whoever returns by the back button is left in peace. */
function goOn(): void {
  const link = document.querySelector<HTMLAnchorElement>('[data-forward]');
  if (!link) return;
  const mark = `gone:${page().dataset.state}`;
  try {
    if (sessionStorage.getItem(mark)) return;
    sessionStorage.setItem(mark, '1');
  } catch {
    // No storage allowed here: then the person presses the button.
    return;
  }
  goTimer = window.setTimeout(() => link.click(), Number(link.dataset.forward));
}

function searchAsOneTypes(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>('[type=search]');
  const results = document.getElementById('results');
  const found = document.getElementById('found');
  if (!input || !results || !found) return;
  let timer = 0;
  let running = new AbortController();
  const search = async () => {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    const country = form.querySelector<HTMLInputElement>('[name=country]')?.value;
    const address = new URL(form.action);
    address.pathname += '/search';
    address.searchParams.set('q', withoutAccount(input.value.trim()));
    if (country) address.searchParams.set('country', country);
    try {
      const html = await fetchHtml(address.href, signal);
      if (signal.aborted) return;
      results.innerHTML = html;
      found.textContent = results.querySelector<HTMLElement>('[data-found]')?.dataset.found ?? '';
    } catch {
      if (!signal.aborted) found.textContent = document.body.dataset.offline ?? '';
    }
  };
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(search, 120);
  });
  // Arrow keys walk from the box through the results and back.
  document.getElementById('main')?.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const stops = [input, ...results.querySelectorAll<HTMLElement>('.row:enabled')];
    const at = stops.indexOf(document.activeElement as HTMLElement);
    const next = stops[at + (event.key === 'ArrowDown' ? 1 : -1)];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  });
}

/** Of an IBAN only what names the bank is sent as one types: account numbers have no place in an address. */
function withoutAccount(typed: string): string {
  const bare = typed.replace(/\s/g, '');
  return /^[A-Za-z]{2}\d{2}[A-Za-z0-9]{11,30}$/.test(bare) ? bare.slice(0, 14) : typed;
}

/** A form is sent once, however often it is pressed. The server holds to that as well. */
function guardForms(): void {
  addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (document.documentElement.dataset.sent) {
      event.preventDefault();
      return;
    }
    clearTimeout(lookTimer);
    clearTimeout(goTimer);
    document.documentElement.dataset.sent = 'yes';
    ((event as SubmitEvent).submitter ?? form).setAttribute('aria-busy', 'true');
    // Said only when it takes a while: most answers are there before one could read it.
    window.setTimeout(() => {
      live.textContent = document.body.dataset.sent ?? '';
    }, 700);
    // If no answer comes, the person may press again: the turn's number keeps it from counting twice.
    window.setTimeout(() => {
      delete document.documentElement.dataset.sent;
    }, 20_000);
  });
}
