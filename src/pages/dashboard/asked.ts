import type { Platform } from '../../platform/platform.ts';
import type { TenantInfo } from '../../platform/apps/apps.ts';
import type { EndEverything } from '../../platform/customers/customers.ts';
import type { Permission } from '../../platform/operators/roles.ts';
import type { BrowserAt, SignedIn } from '../../platform/operators/sessions.ts';
import type { Problem } from '../../platform/problems.ts';
import type { Caller } from '../../platform/platform.ts';
import type { Markup } from '../markup.ts';

/** The pretend banks as the dashboard orders them; absent in production. Handed in, because pages do not know the sandbox. */
export type SandboxControl = {
  /** Does one order of the control API: `('POST', '/clock', { advance: '1d' })`. */
  order(method: string, path: string, body?: object): Promise<unknown>;
  /** Why the latest order could not be done, where that is the orderer's mistake. */
  isRefusal(error: unknown): boolean;
};

/** What the dashboard stands on besides the platform. */
export type DashboardParts = {
  platform: Platform;
  endEverything: EndEverything;
  sandbox?: SandboxControl;
};

/** What was typed into a form. */
export type Form = {
  /** The first value of a field, without the spaces around it; an empty text where there is none. */
  text(name: string): string;
  /** As typed: for passwords. */
  raw(name: string): string;
  all(name: string): string[];
  has(name: string): boolean;
};

/** One request of somebody who is in, with everything checked: session, role, form token, app. */
export type Asked = DashboardParts & {
  who: SignedIn;
  params: Record<string, string>;
  query: Record<string, string>;
  form: Form;
  /** What was wrong with the form that was sent, when its page is shown again. */
  problem: Problem | undefined;
  /** The app in one mode, on pages below it. */
  tenant: TenantInfo | undefined;
  /** The token every form carries. */
  csrf: string;
  requestId: string;
  browser: BrowserAt;
  /** The cookie value of a browser that was in before. */
  device: string | undefined;
  host: string | undefined;
  path: string;
  may(permission: Permission): boolean;
  /** Writes into the audit what this operator did. */
  note(what: string, object?: string | null): Promise<void>;
};

/** The same on a page of an app. */
export type AskedOfApp = Asked & { tenant: TenantInfo; caller: Caller };

/** A page, or where to go now. `done` names a sentence of `DONE` that the next page says. */
export type Answer =
  | { kind: 'page'; title: string; main: Markup; status?: number; section?: string; script?: true }
  | { kind: 'to'; path: string; done?: string }
  | { kind: 'file'; name: string; type: string; body: AsyncIterable<string> };

/** One view or act, who may use it, and where it is. `:app/:mode` in the path makes it one of an app. */
export type View = {
  method: 'GET' | 'POST';
  path: string;
  may: Permission | ((params: Record<string, string>) => Permission);
  handle(asked: Asked): Promise<Answer>;
  /** The page that shows the form again with what is wrong; without one a page says it. */
  again?: (asked: Asked) => Promise<Answer>;
};

/** A view below an app: it is handed the tenant. */
export function ofApp(handle: (asked: AskedOfApp) => Promise<Answer>): (asked: Asked) => Promise<Answer> {
  return (asked) => handle(asked as AskedOfApp);
}

/** Where the pages of this app in this mode begin. */
export function baseOf({ tenant }: { tenant: Pick<TenantInfo, 'app' | 'mode'> }): string {
  return `/dashboard/apps/${tenant.app}/${tenant.mode}`;
}
