// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.

/** The look of the hosted page. Name it as `template` of a session or the account. */
export type Template = {
  id: string;
  object: 'template';
  name: string;
  app_name: string | null;
  logo: string | null;
  colours: {
    /** Links and the main button. */
    accent?: string | undefined;
    /** Behind the card. */
    paper?: string | undefined;
    /** The same on dark screens. */
    accent_dark?: string | undefined;
    paper_dark?: string | undefined;
  } | null;
  corner: string | null;
  type: string | null;
  header: string | null;
  footer: string | null;
  texts: Record<string, Record<string, string>> | null;
  css: string | null;
  /** What the page looks like with it; takes `?screen=` and `&locale=`. */
  preview_url: string;
  created_at: string;
  updated_at: string;
};

/** What `createTemplate` is sent. */
export type CreateTemplateBody = {
  /** For you; nobody else sees it. */
  name: string;
  /** Shown instead of the app’s name, but for the consent itself. */
  app_name?: string | null | undefined;
  /** PNG or JPEG of up to 24 KB as `data:image/png;base64,…`. */
  logo?: string | null | undefined;
  /** Refused where words could not be read: WCAG’s 4.5 to 1. */
  colours?:
    | {
        /** Links and the main button. */
        accent?: string | undefined;
        /** Behind the card. */
        paper?: string | undefined;
        /** The same on dark screens. */
        accent_dark?: string | undefined;
        paper_dark?: string | undefined;
      }
    | null
    | undefined;
  corner?: 'square' | 'soft' | 'round' | null | undefined;
  type?: 'system' | 'serif' | 'rounded' | null | undefined;
  /** One line above the page. */
  header?: string | null | undefined;
  /** One line below it. */
  footer?: string | null | undefined;
  texts?: Record<string, Record<string, string>> | null | undefined;
  /** Rules of your own for a few parts and properties: `.button { border-radius: 0 }`. See the guide. */
  css?: string | null | undefined;
};

/** What `listTemplates` can be asked. */
export type ListTemplatesQuery = {
  /** How many at most, 1 to 100. */
  limit?: number | undefined;
  /** `next_cursor` of the page before, with the same filters. */
  cursor?: string | undefined;
};

/** What `updateTemplate` is sent. */
export type UpdateTemplateBody = {
  name?: string | undefined;
  /** Shown instead of the app’s name, but for the consent itself. */
  app_name?: string | null | undefined;
  /** PNG or JPEG of up to 24 KB as `data:image/png;base64,…`. */
  logo?: string | null | undefined;
  /** Refused where words could not be read: WCAG’s 4.5 to 1. */
  colours?:
    | {
        /** Links and the main button. */
        accent?: string | undefined;
        /** Behind the card. */
        paper?: string | undefined;
        /** The same on dark screens. */
        accent_dark?: string | undefined;
        paper_dark?: string | undefined;
      }
    | null
    | undefined;
  corner?: 'square' | 'soft' | 'round' | null | undefined;
  type?: 'system' | 'serif' | 'rounded' | null | undefined;
  /** One line above the page. */
  header?: string | null | undefined;
  /** One line below it. */
  footer?: string | null | undefined;
  texts?: Record<string, Record<string, string>> | null | undefined;
  /** Rules of your own for a few parts and properties: `.button { border-radius: 0 }`. See the guide. */
  css?: string | null | undefined;
};
