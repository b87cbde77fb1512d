import { z } from 'zod';
import {
  createTemplate,
  deleteTemplate,
  getTemplate,
  listTemplates,
  previewUrl,
  type Template,
  updateTemplate,
} from '../../platform/apps/templates/templates.ts';
import type { Caller, Platform } from '../../platform/platform.ts';
import { listOf, presentList, readCreated } from '../answers/list.ts';
import { moment, paging, text } from '../input/fields.ts';
import { type Route, route } from '../route.ts';

const colour = () =>
  z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'Write a colour as #rrggbb.')
    .meta({ example: '#1a4fa0' });
const colours = z.strictObject({
  accent: colour().optional().describe('Links and the main button.'),
  paper: colour().optional().describe('Behind the card.'),
  accent_dark: colour().optional().describe('The same on dark screens.'),
  paper_dark: colour().optional(),
});
const sentences = z
  .record(
    z.string().max(10),
    z.record(z.string().max(80), text(400)).refine((all) => Object.keys(all).length <= 100),
  )
  .refine((all) => Object.keys(all).length <= 20, 'At most twenty languages.')
  .describe('Sentences in your own words: by language, by name. The consent’s own words are never among them.')
  .meta({ example: { en: { 'ended.text.finished': 'Your bookkeeping is ready.' } } });

const look = {
  app_name: text(60).nullable().optional().describe('Shown instead of the app’s name, but for the consent itself.'),
  logo: z
    .string()
    .max(34_000)
    .regex(/^data:image\/(png|jpeg);base64,[A-Za-z0-9+/]+=*$/, 'Send a PNG or JPEG as `data:image/png;base64,…`.')
    .nullable()
    .optional()
    .describe('PNG or JPEG of up to 24 KB as `data:image/png;base64,…`.'),
  colours: colours.nullable().optional().describe('Refused where words could not be read: WCAG’s 4.5 to 1.'),
  corner: z.enum(['square', 'soft', 'round']).nullable().optional(),
  type: z.enum(['system', 'serif', 'rounded']).nullable().optional(),
  header: text(120).nullable().optional().describe('One line above the page.'),
  footer: text(200).nullable().optional().describe('One line below it.'),
  texts: sentences.nullable().optional(),
  css: z
    .string()
    .min(1)
    .max(4000)
    .regex(/^[\x20-\x7e]*$/, 'Plain ASCII on one line.')
    .nullable()
    .optional()
    .describe('Rules of your own for a few parts and properties: `.button { border-radius: 0 }`. See the guide.')
    .meta({ example: '.button { border-radius: 0 }' }),
};

const template = z
  .strictObject({
    id: z.string(),
    object: z.literal('template'),
    name: z.string(),
    app_name: z.string().nullable(),
    logo: z.string().nullable(),
    colours: colours.nullable(),
    corner: z.string().nullable(),
    type: z.string().nullable(),
    header: z.string().nullable(),
    footer: z.string().nullable(),
    texts: z.record(z.string(), z.record(z.string(), z.string())).nullable(),
    css: z.string().nullable(),
    preview_url: z.string().describe('What the page looks like with it; takes `?screen=` and `&locale=`.'),
    created_at: moment(),
    updated_at: moment(),
  })
  .meta({
    id: 'Template',
    description: 'The look of the hosted page. Name it as `template` of a session or the account.',
  });

/** The operations on templates. */
export const TEMPLATE_ROUTES: Route[] = [
  route({
    method: 'POST',
    path: '/v1/templates',
    operation: 'create_template',
    group: 'Templates',
    summary: 'Make a look for the hosted page',
    description: 'Checked when it is saved: contrast, pictures, rules. What is there can be shown.',
    body: z.strictObject({ name: text(100).describe('For you; nobody else sees it.'), ...look }),
    example: { name: 'Spring', colours: { accent: '#1a4fa0' }, corner: 'square', header: 'Leafbook accounting' },
    answer: template,
    status: 201,
    creates: true,
    commitsAlone: true,
    problems: [],
    handle: async ({ platform, caller, body }) => {
      const { name, ...rest } = body;
      return present(platform, caller, await createTemplate(platform, caller, { name, look: inputOf(rest) }));
    },
  }),
  route({
    method: 'GET',
    path: '/v1/templates',
    operation: 'list_templates',
    group: 'Templates',
    summary: 'List templates, newest first',
    query: z.strictObject(paging()),
    answer: listOf(template),
    problems: [],
    handle: async ({ platform, caller, query, cursors }) => {
      const after = readCreated(cursors);
      const page = await listTemplates(platform, caller, { limit: query.limit, ...(after ? { after } : {}) });
      return presentList(
        page,
        cursors,
        (row) => present(platform, caller, row),
        (row) => [row.createdAt, row.id],
      );
    },
  }),
  route({
    method: 'GET',
    path: '/v1/templates/{id}',
    operation: 'get_template',
    group: 'Templates',
    summary: 'Get a template',
    id: 'template',
    answer: template,
    problems: [],
    handle: async ({ platform, caller, id }) => present(platform, caller, await getTemplate(platform, caller, id)),
  }),
  route({
    method: 'POST',
    path: '/v1/templates/{id}',
    operation: 'update_template',
    group: 'Templates',
    summary: 'Change a template',
    description: 'What is left out stays as it is, `null` takes away. Visits under way show it at once.',
    id: 'template',
    body: z.strictObject({ name: text(100).optional(), ...look }),
    example: { colours: { accent: '#1a4fa0' } },
    answer: template,
    problems: [],
    handle: async ({ platform, caller, id, body }) => {
      const { name, ...rest } = body;
      return present(platform, caller, await updateTemplate(platform, caller, id, { name, look: inputOf(rest) }));
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/templates/{id}',
    operation: 'delete_template',
    group: 'Templates',
    summary: 'Delete a template',
    description: 'Visits that named it have the ordinary look again.',
    id: 'template',
    answer: z.strictObject({ id: z.string(), object: z.literal('template'), deleted: z.literal(true) }),
    problems: [],
    handle: async ({ platform, caller, id }) => {
      await deleteTemplate(platform, caller, id);
      return { id, object: 'template', deleted: true };
    },
  }),
];

type Sent = z.output<z.ZodObject<typeof look>>;

function inputOf({ app_name, colours: sent, ...same }: Sent) {
  const known = sent && {
    ...(sent.accent ? { accent: sent.accent } : {}),
    ...(sent.paper ? { paper: sent.paper } : {}),
    ...(sent.accent_dark ? { accentDark: sent.accent_dark } : {}),
    ...(sent.paper_dark ? { paperDark: sent.paper_dark } : {}),
  };
  return { ...same, appName: app_name, colours: known };
}

function present(platform: Platform, caller: Pick<Caller, 'tenant'>, { id, name, look, ...at }: Template): object {
  const { accent, paper, accentDark, paperDark } = look.colours ?? {};
  const shown = { accent, paper, accent_dark: accentDark, paper_dark: paperDark };
  const set = Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined));
  return {
    id,
    object: 'template',
    name,
    app_name: look.appName ?? null,
    logo: look.logo ? `data:${look.logo.mediaType};base64,${look.logo.base64}` : null,
    colours: look.colours ? set : null,
    corner: look.corner ?? null,
    type: look.type ?? null,
    header: look.header ?? null,
    footer: look.footer ?? null,
    texts: look.texts ?? null,
    css: look.css ?? null,
    preview_url: previewUrl(platform, caller.tenant, id),
    created_at: at.createdAt,
    updated_at: at.updatedAt,
  };
}
