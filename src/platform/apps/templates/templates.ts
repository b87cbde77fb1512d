import { newId } from '../../../base/ids.ts';
import { sameBytes } from '../../../base/vault.ts';
import type { Caller, Platform, Tenant } from '../../platform.ts';
import { notFound, Problem } from '../../problems.ts';
import { getTenant, updateTenant } from '../apps.ts';
import { readCss } from './css.ts';
import { findBadContrast, type Look, readLogo } from './look.ts';
import {
  countTemplates,
  deleteTemplateRow,
  findTemplateRow,
  insertTemplate,
  replaceTemplate,
  selectTemplates,
  type Template,
} from './templates-store.ts';

export type { Look } from './look.ts';
export type { Template } from './templates-store.ts';

/** A look as it is asked for: the logo as a `data:` address, the rules as they were typed. `null` takes away. */
export type LookInput = { [Name in keyof Omit<Look, 'logo'>]?: Look[Name] | null | undefined } & {
  logo?: string | null | undefined;
};

const MOST_TEMPLATES = 100;

/** Makes a template, or says with each thing that is wrong where it is and what to do. */
export async function createTemplate(
  platform: Platform,
  caller: Pick<Caller, 'tenant'>,
  input: { name: string; look: LookInput },
): Promise<Template> {
  const at = platform.clock.now();
  const look = checkLook(platform, {}, input.look);
  const { count } = (await platform.database.first<{ count: number }>(countTemplates(caller.tenant)))!;
  if (count >= MOST_TEMPLATES) throw new Problem('invalid_request', `An app has at most ${MOST_TEMPLATES} templates.`);
  const template = { id: newId('template'), name: input.name, look, createdAt: at, updatedAt: at };
  await platform.database.run(insertTemplate(caller.tenant, template));
  return template;
}

/** The template, or the problem `not_found`. */
export async function getTemplate(
  platform: Pick<Platform, 'database'>,
  caller: Pick<Caller, 'tenant'>,
  id: string,
): Promise<Template> {
  const found = await platform.database.read.first<Template>(findTemplateRow(caller.tenant, id));
  if (!found) throw notFound('template');
  return found;
}

/** Newest first; `after` is the last row of the page before. */
export async function listTemplates(
  platform: Pick<Platform, 'database'>,
  caller: Pick<Caller, 'tenant'>,
  page: { limit: number; after?: { at: Date; id: string } },
): Promise<{ rows: Template[]; hasMore: boolean }> {
  const rows = await platform.database.read.rows<Template>(selectTemplates(caller.tenant, page.limit, page.after));
  return { rows: rows.slice(0, page.limit), hasMore: rows.length > page.limit };
}

/** Changes what is named; what is left out stays, `null` takes away. */
export async function updateTemplate(
  platform: Platform,
  caller: Pick<Caller, 'tenant'>,
  id: string,
  input: { name?: string | undefined; look: LookInput },
): Promise<Template> {
  const before = await getTemplate(platform, caller, id);
  const look = checkLook(platform, before.look, input.look);
  const after = { ...before, name: input.name ?? before.name, look };
  const stored = await platform.database.first<Template>(replaceTemplate(caller.tenant, after, platform.clock.now()));
  if (!stored) throw notFound('template');
  return stored;
}

/** Takes it away; visits that named it, and the app that had it as its default, have our own look again. */
export async function deleteTemplate(platform: Platform, caller: Pick<Caller, 'tenant'>, id: string): Promise<void> {
  if ((await platform.database.run(deleteTemplateRow(caller.tenant, id))) === 0) throw notFound('template');
  const { settings } = await getTenant(platform.database, caller.tenant);
  if (settings.template === id) await updateTenant(platform, caller.tenant, { settings: { template: null } });
}

/** Refuses the id of a template that is not there. */
export async function checkTemplate(
  platform: Pick<Platform, 'database'>,
  caller: Pick<Caller, 'tenant'>,
  id: string | null | undefined,
): Promise<void> {
  if (!id || (await findLook(platform, caller.tenant, [id]))) return;
  throw new Problem('invalid_request', 'There is no such template.', {
    errors: [{ pointer: '/template', detail: 'There is no template with this id.' }],
  });
}

/** The first of these templates that is there; undefined for our own look. */
export async function findLook(
  platform: Pick<Platform, 'database'>,
  tenant: Tenant,
  wishes: readonly (string | null | undefined)[],
): Promise<Look | undefined> {
  for (const id of wishes) {
    if (!id) continue;
    const found = await platform.database.read.first<Template>(findTemplateRow(tenant, id));
    if (found) return found.look;
  }
  return undefined;
}

const PREVIEW_PATH = '/templates/preview/';

/** Where anybody who is handed this address sees what the page looks like with a template. */
export function previewUrl(platform: Pick<Platform, 'vault' | 'publicUrl'>, tenant: Tenant, id: string): string {
  return `${platform.publicUrl}${PREVIEW_PATH}${tenant}.${id}.${platform.vault.derive('preview', `${tenant}.${id}`)}`;
}

/** What such an address shows; undefined for any other. */
export async function readPreview(
  platform: Platform,
  token: string,
): Promise<{ tenant: Tenant; look: Look } | undefined> {
  const [tenantText, id = ''] = token.split('.');
  const tenant = Number(tenantText);
  if (
    !/^\d{1,9}$/.test(tenantText ?? '') ||
    !sameBytes(token, previewUrl(platform, tenant, id).split(PREVIEW_PATH)[1]!)
  )
    return undefined;
  const look = await findLook(platform, tenant, [id]);
  return look && { tenant, look };
}

/** Everything wrong at once, each with its place. */
function checkLook(platform: Platform, before: Look, input: LookInput): Look {
  const errors: { pointer: string; detail: string }[] = [];
  const { logo: picture, css: rules, ...plain } = input;
  const look: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(plain)) if (value !== undefined) look[name] = value;
  if (picture !== undefined) {
    const logo = picture === null ? null : readLogo(picture);
    if (logo && 'refused' in logo) errors.push({ pointer: '/logo', detail: logo.refused });
    look.logo = logo;
  }
  if (rules !== undefined) {
    const read = rules === null ? { css: null } : readCss(rules);
    if ('refused' in read) errors.push({ pointer: '/css', detail: read.refused });
    else look.css = read.css;
  }
  if (look.colours) errors.push(...findBadContrast(look.colours as NonNullable<Look['colours']>));
  for (const [language, texts] of Object.entries(input.texts ?? {})) {
    if (!platform.languages.isSpoken(language))
      errors.push({ pointer: `/texts/${language}`, detail: 'The page does not speak this language.' });
    for (const name of Object.keys(texts))
      if (!platform.languages.isSentence(name))
        errors.push({
          pointer: `/texts/${language}/${name}`,
          detail: 'There is no such sentence, or it is not yours to change.',
        });
  }
  if (errors.length > 0)
    throw new Problem('invalid_request', 'This template cannot be shown safely.', { errors: errors.slice(0, 20) });
  return Object.fromEntries(Object.entries(look).filter(([, value]) => value !== null)) as Look;
}
