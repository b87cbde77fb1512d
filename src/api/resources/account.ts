import { z } from 'zod';
import { getTenant, type TenantInfo, updateTenant } from '../../platform/apps/apps.ts';
import { email, id, locale, moment, returnUrl, text } from '../input/fields.ts';
import { checkTemplate } from '../../platform/apps/templates/templates.ts';
import { type Route, route } from '../route.ts';

const account = z
  .strictObject({
    id: z.string(),
    object: z.literal('account'),
    mode: z.enum(['test', 'live']),
    name: z.string(),
    support_email: z.string().nullable(),
    return_urls: z
      .array(z.string())
      .describe('Where people may be sent back to. `{name}` stands for one segment of the path.'),
    default_return_url: z.string().nullable(),
    claim: z.enum(['off', 'required']).describe('Whether a finished consent stays closed until your server claims it.'),
    skip_info: z.boolean(),
    skip_qr: z.boolean(),
    template: z.string().nullable(),
    locale: z.string().nullable(),
    store_secrets: z.boolean().describe("Whether people are offered to have their bank's login kept."),
    mail: z.boolean().describe('Whether people are mailed a confirmation, reminders and the end of what they allowed.'),
    identity: z.string().nullable().describe('In whose name banks are asked. Set by the operator.'),
    created_at: moment(),
  })
  .meta({ id: 'Account', description: 'The app behind the key, in the mode of the key.' });

const changes = z.strictObject({
  name: text(100).optional().describe('Shown to people. Common to both modes.'),
  support_email: email().nullable().optional().describe('Where people can write to. Common to both modes.'),
  return_urls: z.array(returnUrl()).max(50).optional().describe('All of them: those left out are removed.'),
  default_return_url: returnUrl().nullable().optional(),
  skip_info: z.boolean().optional(),
  skip_qr: z.boolean().optional(),
  template: id().nullable().optional(),
  locale: locale().nullable().optional(),
  store_secrets: z.boolean().optional(),
  mail: z
    .boolean()
    .optional()
    .describe(
      '`true`: people with an `email` are told by mail, where the operator can send some; each mail can be refused.',
    ),
  claim: z
    .enum(['off', 'required'])
    .optional()
    .describe('`required`: nothing of a finished consent can be read before your server has claimed it.'),
});

/** The operations on the app itself. */
export const ACCOUNT_ROUTES: Route[] = [
  route({
    method: 'GET',
    path: '/v1/account',
    operation: 'get_account',
    group: 'Account',
    summary: 'The app behind the key',
    answer: account,
    problems: [],
    handle: async ({ platform, caller }) => present(await getTenant(platform.database.read, caller.tenant)),
  }),
  route({
    method: 'POST',
    path: '/v1/account',
    operation: 'update_account',
    group: 'Account',
    summary: 'Change the app behind the key',
    description: 'What is left out stays as it is, `null` clears.',
    body: changes,
    example: { return_urls: ['https://app.example.com/callback/{SESSION_ID}'], support_email: 'help@example.com' },
    answer: account,
    problems: ['return_url_not_allowed', 'return_url_needed'],
    handle: async ({ platform, caller, body }) => {
      const {
        name,
        support_email,
        return_urls,
        default_return_url,
        skip_info,
        skip_qr,
        template,
        store_secrets,
        mail,
        claim,
        locale: language,
      } = body;
      await checkTemplate(platform, caller, template);
      const settings = {
        skipInfo: skip_info,
        skipQr: skip_qr,
        template,
        locale: language,
        storeSecrets: store_secrets,
        mail,
        claim,
      };
      const info = await updateTenant(platform, caller.tenant, {
        name,
        supportEmail: support_email,
        returnUrls: return_urls,
        defaultReturnUrl: default_return_url,
        settings,
      });
      return present(info);
    },
  }),
];

function present(info: TenantInfo) {
  return {
    id: info.app,
    object: 'account',
    mode: info.mode,
    name: info.appName,
    support_email: info.supportEmail,
    return_urls: info.returnUrls,
    default_return_url: info.defaultReturnUrl,
    claim: info.settings.claim,
    skip_info: info.settings.skipInfo,
    skip_qr: info.settings.skipQr,
    template: info.settings.template,
    locale: info.settings.locale,
    store_secrets: info.settings.storeSecrets,
    mail: info.settings.mail,
    identity: info.identity,
    created_at: info.createdAt,
  };
}
