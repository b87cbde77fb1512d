/** How the drop-in is asked to open a visit. */
type Options = {
  /** The `url` of a session or the `consent_url` of a consent. */
  url: string;
  /** Its `events_token`; without one nothing is told. */
  token?: string;
  onEvent?: (event: { type: string; at: string }) => void;
  /** The address the person came back with: send it to your server, which asks the API what it means. */
  onReturn?: (url: string) => void;
  /** `redirect`: never a window of its own. */
  mode?: 'popup' | 'redirect';
};
type Opened = { mode: 'popup' | 'redirect'; stop: () => void };

const { src } = document.currentScript as HTMLScriptElement;
const server = new URL(src).origin;
const CHANNEL = 'drawbridge';
const OVER = ['finished', 'canceled', 'failed', 'expired'];

function open({ url, token, onEvent, onReturn, mode }: Options): Opened {
  if (new URL(url).origin !== server) throw new TypeError(`url must lead to ${server}`);
  const wide = mode !== 'redirect' && matchMedia('(min-width: 48rem)').matches;
  const left = Math.max(0, screenX + (outerWidth - 520) / 2);
  const shown = wide && window.open(url, CHANNEL, `popup,width=520,height=800,left=${left},top=${screenY + 40}`);
  if (!shown) {
    location.assign(url);
    return { mode: 'redirect', stop() {} };
  }
  // The window belongs to nobody once our page is in it: what happens there is asked of the server, and heard from the return page.
  const channel = new BroadcastChannel(CHANNEL);
  let going = true;
  let told = 0;
  const stop = () => {
    going = false;
    channel.close();
  };
  channel.onmessage = ({ data }) => {
    if (typeof data?.back !== 'string') return;
    channel.postMessage({ taken: data.back });
    stop();
    onReturn?.(data.back);
  };
  const ask = async (round: number): Promise<void> => {
    if (!going || round > 1500) return;
    let over = false;
    try {
      const answer = await fetch(`${server}/connect-events`, { method: 'POST', body: token as string });
      if (answer.status === 404) return;
      const { status, events } = await answer.json();
      for (const event of events.slice(told)) if (going) onEvent?.(event);
      told = events.length;
      over = OVER.includes(status);
    } catch {
      // Offline for a moment: asked again.
    }
    if (!over) setTimeout(ask, round < 60 ? 1500 : 4000, round + 1);
  };
  if (token && onEvent) ask(0);
  return { mode: 'popup', stop };
}

/** On your return page: true when the page that opened the window took over, and this window closes. */
function back(): Promise<boolean> {
  const channel = new BroadcastChannel(CHANNEL);
  return new Promise((resolve) => {
    const end = (taken: boolean) => {
      channel.close();
      resolve(taken);
      if (taken) window.close();
    };
    channel.onmessage = ({ data }) => data?.taken === location.href && end(true);
    channel.postMessage({ back: location.href });
    setTimeout(end, 700, false);
  });
}

Object.assign(window, { Drawbridge: { open, back } });
