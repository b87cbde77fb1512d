// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.
import type { CreateTemplateBody, ListTemplatesQuery, Template, UpdateTemplateBody } from '../api/templates.ts';
import type { List, Options, Send } from '../request.ts';

/** Templates. */
export const templates = (send: Send) => ({
  /** Make a look for the hosted page. Checked when it is saved: contrast, pictures, rules. What is there can be shown. */
  createTemplate: (body: CreateTemplateBody, options: Options = {}): Promise<Template> =>
    send({ method: 'POST', path: '/v1/templates', body, creates: true as const }, options),

  /** List templates, newest first */
  listTemplates: (query: ListTemplatesQuery = {}, options: Options = {}): Promise<List<Template>> =>
    send({ method: 'GET', path: '/v1/templates', query }, options),

  /** Get a template */
  getTemplate: (id: string, options: Options = {}): Promise<Template> =>
    send({ method: 'GET', path: `/v1/templates/${encodeURIComponent(id)}` }, options),

  /** Change a template. What is left out stays as it is, `null` takes away. Visits under way show it at once. */
  updateTemplate: (id: string, body: UpdateTemplateBody = {}, options: Options = {}): Promise<Template> =>
    send({ method: 'POST', path: `/v1/templates/${encodeURIComponent(id)}`, body }, options),

  /** Delete a template. Visits that named it have the ordinary look again. */
  deleteTemplate: (
    id: string,
    options: Options = {},
  ): Promise<{
    id: string;
    object: 'template';
    deleted: true;
  }> => send({ method: 'DELETE', path: `/v1/templates/${encodeURIComponent(id)}` }, options),
});
