import type { Challenge, Step } from '../../../banking/step.ts';
import type { ConsentFacts, LinkSummary, PageContext, Screen } from '../../../platform/sessions/screen.ts';
import { makeConsentText } from '../../words/index.ts';
import {
  accounts,
  choices,
  context,
  face,
  facts,
  link,
  type Make,
  NOW,
  nordwind,
  northgate,
  type Sample,
} from './data.ts';
import { hostile } from './hostile.ts';

// A photo-TAN that a reader can read: `Kontozugriff 1183`.
const PICTURE = [
  'iVBORw0KGgoAAAANSUhEUgAAAMYAAADGAQAAAACh4MLwAAABCElEQVR4nO2WQQ7DMAgEV+IBfpK/7ifxAEtbLcRqWiXHyBxi+dAyFwfYBfDm',
  'TLzkJY8Q6HTjQBt0/bEyxEh6R+NsNO8ZqUIc5l1hDvMeX1CLGJXOmmSi08FqJKo927jpg53kUInnvdDPRpLHbn1nJzHHRFy5i1JrZQglEcpd',
  '0CmtdBYiEscE0AhppRBJz5uIrmz6YWVIvvQrEQfLkInsvpEtiW8nViDHxJjHsD29ejexVXC1JEfcKoRqQ20oMWZVbStElitHDO3Cr3eRnGbp',
  'fKkVK0PW1qm8/r66AFlbp2oe3lyNRGAktGJEO13MtLO77Cdr6wSOvNYha+tctvevn53k8rzkJQ+QD5t4iWqSQl1HAAAAAElFTkSuQmCC',
].join('');

/** Every state of the page, in one locale. */
export function samples(locale = 'en'): Sample[] {
  const make = (name: string, screen: Screen, more: Partial<PageContext> = {}): Sample => ({
    name,
    screen,
    context: { ...context, locale, ...more },
  });
  return [
    ...beginnings(make),
    ...agreements(make, locale),
    ...steps().map(([name, step, more]) => make(name, { kind: 'step', bank: nordwind, step, ...more })),
    ...outcomes(make),
    ...overviews(make),
    ...hostile(make, locale),
  ];
}

function beginnings(make: Make): Sample[] {
  const purpose = 'Bookkeeping for your business: matching invoices with payments.';
  const intro: Screen & { kind: 'intro' } = { kind: 'intro', scopes: facts().scopes, resumes: false };
  return [
    make('intro', { ...intro, purpose, returnHost: 'app.kassenbuch.example' }),
    make('intro-bank-resumes', { ...intro, bank: nordwind, resumes: true, scopes: ['accounts'] }),
    make('intro-live', { ...intro, purpose }, { test: false }),
    make('intro-management', { ...intro, returnHost: 'app.kassenbuch.example' }, { kind: 'management' }),
    make('intro-synchronization', { ...intro, bank: nordwind }, { kind: 'synchronization' }),
    make('bank', { kind: 'bank', query: '', choices: [], more: false, lastBank: nordwind }),
    make('bank-found', { kind: 'bank', query: 'nor', country: 'DE', choices: choices(), more: true }),
    make('bank-nothing', { kind: 'bank', query: 'Nrdwnd Bnk', choices: [], more: false }),
    make('bank-search-down', { kind: 'bank', query: 'nord', choices: [], more: false, searchDown: true }),
    make('bank-down', { kind: 'bank_unavailable', bank: nordwind, why: 'down' }),
    make('bank-not-supported', { kind: 'bank_unavailable', bank: nordwind, why: 'not_supported' }),
    make('bank-no-address', { kind: 'bank_unavailable', bank: nordwind, why: 'no_address' }),
    make('bank-needs-setup', { kind: 'bank_unavailable', bank: nordwind, why: 'needs_setup' }),
    make('bank-unknown', { kind: 'bank_unavailable', why: 'unknown' }),
    make('account-type', {
      kind: 'account_type',
      bank: nordwind,
      choices: [
        { id: 'giro', accountTypes: ['checking', 'savings'], sca: ['redirected'] },
        { id: 'cards', accountTypes: ['credit_card'], sca: ['embedded'] },
      ],
    }),
  ];
}

function agreements(make: Make, locale: string): Sample[] {
  const once: ConsentFacts = {
    ...facts(),
    until: null,
    scopes: ['accounts', 'balances'],
    accountTypes: [],
    requester: 'Kassenbuch',
  };
  const uk: ConsentFacts = {
    ...facts(),
    bank: northgate.name,
    reconfirmEveryDays: 90,
    supportEmail: 'help@kassenbuch.example',
  };
  const text = makeConsentText(facts(), locale);
  return [
    make('agree', { kind: 'agree', bank: nordwind, facts: facts(), text, offersStoring: true, replacesOthers: true }),
    make('agree-once', {
      kind: 'agree',
      bank: nordwind,
      facts: once,
      text: makeConsentText(once, locale),
      offersStoring: false,
      replacesOthers: false,
    }),
    make('agree-uk', {
      kind: 'agree',
      bank: northgate,
      facts: uk,
      text: makeConsentText(uk, locale),
      offersStoring: false,
      replacesOthers: false,
    }),
    make('agree-linked', {
      kind: 'agree',
      bank: nordwind,
      facts: facts(),
      text,
      offersStoring: false,
      replacesOthers: false,
      linked: [
        { connection: 'con_1', accounts: ['•••• 3000', '•••• 4711'], lastRead: new Date('2026-03-01T08:00:00Z') },
      ],
    }),
    make('grant-renews', { kind: 'grant', bank: nordwind, accounts: accounts(), choice: true, text, renews: true }),
    make('grant', { kind: 'grant', bank: nordwind, accounts: accounts(), choice: true, text }),
    make('grant-one', { kind: 'grant', bank: nordwind, accounts: accounts().slice(0, 1), choice: true, text }),
    make('grant-shown', { kind: 'grant', bank: nordwind, accounts: accounts(), choice: false, text }),
  ];
}

type StepExtras = Pick<Screen & { kind: 'step' }, 'attemptsLeft' | 'againLeft' | 'bankHost' | 'carry'>;

const CODE = 'https://connect.operator.example/phone/7.7Qm2VdYpX4sKcR81nWbZtA.1hq0k3.hN3kQ0v8b1yTz5mJ2xWfLg';

function steps(): [string, Step, StepExtras?][] {
  const password = { name: 'password', kind: 'password', secret: true, label: 'PIN' } as const;
  const user = { name: 'user', kind: 'user_id', secret: false, label: 'Anmeldename' } as const;
  const code = { name: 'otp', kind: 'code', secret: true, digitsOnly: true, maxLength: 6 } as const;
  const sms: Challenge = {
    method: 'SMS an 0170 ••• 4411',
    text: 'Bitte geben Sie die TAN aus der SMS ein, die wir Ihnen gerade geschickt haben.',
  };
  const options = [
    { id: 'sms', label: 'SMS-TAN', hint: '0170 ••• 4411' },
    { id: 'photo', label: 'photoTAN', hint: 'Lesegerät von 2021' },
    { id: 'push', label: 'NordwindSecure App' },
  ];
  const giveUpAt = new Date(NOW.getTime() + 300_000);
  return [
    ['sign-in', { kind: 'form', purpose: 'sign_in', fields: [user, password] }],
    [
      'sign-in-wrong',
      {
        kind: 'form',
        purpose: 'sign_in',
        fields: [user, password],
        notice: { kind: 'wrong_credentials', quote: 'Zugangsdaten ungültig (9010)' },
      },
      { attemptsLeft: 2 },
    ],
    [
      'sign-in-company',
      {
        kind: 'form',
        purpose: 'sign_in',
        fields: [
          { name: 'c', kind: 'corporate_id', secret: false },
          { name: 'u', kind: 'user_id', secret: false },
          { name: 'p', kind: 'password', secret: true },
          { name: 'q', kind: 'second_password', secret: true },
          { name: 'i', kind: 'iban', secret: false },
        ],
      },
    ],
    [
      'code',
      { kind: 'form', purpose: 'code', fields: [code], challenge: sms, again: true },
      { againLeft: 3, carry: { url: CODE, first: false } },
    ],
    [
      'code-wrong',
      { kind: 'form', purpose: 'code', fields: [code], challenge: sms, notice: { kind: 'wrong_code' }, again: true },
      { attemptsLeft: 1 },
    ],
    [
      'code-photo',
      {
        kind: 'form',
        purpose: 'code',
        fields: [code],
        challenge: {
          method: 'photoTAN',
          image: { mediaType: 'image/png', base64: PICTURE },
          data: ['Auftrag: Kontozugriff', 'Startcode 1183'],
        },
        notice: { kind: 'code_sent_again' },
      },
    ],
    [
      'code-flicker',
      {
        kind: 'form',
        purpose: 'code',
        fields: [code],
        challenge: { method: 'chipTAN optisch', flicker: '0D85012045201998041234567892' },
      },
    ],
    [
      'code-link',
      {
        kind: 'form',
        purpose: 'code',
        fields: [{ ...code, digitsOnly: false }],
        challenge: { imageLink: 'https://media.nordwind.example/tan/81723' },
        notice: { kind: 'bank_message', quote: 'Am Sonntag ab 22 Uhr wird gewartet.' },
      },
    ],
    ['method', { kind: 'choose', purpose: 'method', options }],
    ['device', { kind: 'choose', purpose: 'device', options: options.slice(0, 2), notice: { kind: 'wrong_code' } }],
    [
      'accounts-many',
      {
        kind: 'choose',
        purpose: 'accounts',
        many: true,
        options: [
          { id: '1', label: 'Girokonto', hint: 'DE•• •••• 4711' },
          { id: '2', label: 'Tagesgeld' },
        ],
      },
    ],
    ['redirect', { kind: 'redirect', url: 'https://login.nordwind.example/xs2a/authorise?id=9f8e&lang=de' }],
    [
      'redirect-app',
      { kind: 'redirect', url: 'https://login.nordwind.example/xs2a/authorise?id=9f8e&lang=de' },
      { carry: { url: CODE, first: true } },
    ],
    ['redirect-bad', { kind: 'redirect', url: 'javascript:alert(1)' }],
    [
      'wait',
      {
        kind: 'wait',
        pollAfterMs: 3000,
        giveUpAt,
        again: true,
        challenge: { text: 'Bitte bestätigen Sie den Auftrag 7731 in der App.' },
      },
      { againLeft: 2, carry: { url: CODE, first: false } },
    ],
    ['wait-no-more', { kind: 'wait', pollAfterMs: 5000, giveUpAt, again: true }, { againLeft: 0 }],
    ['wait-once-more', { kind: 'wait', pollAfterMs: 5000, giveUpAt, notice: { kind: 'once_more' } }],
    ['wait-signers', { kind: 'wait', pollAfterMs: 600_000, giveUpAt, notice: { kind: 'signers' } }],
    ['wait-plain', { kind: 'wait', pollAfterMs: 5000, giveUpAt: NOW }],
  ];
}

function outcomes(make: Make): Sample[] {
  const reference = context.reference;
  const back = 'https://app.kassenbuch.example/bank?state=a%2Fb&fx_session=ses_7Qm2&fx_consent=cst_81';
  return [
    make('carried', { kind: 'carried', bank: nordwind }),
    make('handover-phone', { kind: 'handover', bank: nordwind, attemptsLeft: 3, phone: true }),
    make(
      'phone-welcome',
      {
        kind: 'phone_welcome',
        bank: nordwind,
        customer: 'A••• M•••',
        returnHost: 'app.kassenbuch.example',
      },
      { phone: true },
    ),
    make('phone-digits', { kind: 'phone_digits', bank: nordwind, digits: '481220' }, { phone: true }),
    make('phone-done', { kind: 'phone_done', bank: nordwind }, { phone: true }),
    make('handover', { kind: 'handover', bank: nordwind, attemptsLeft: 3 }),
    make('handover-wrong', { kind: 'handover', bank: nordwind, attemptsLeft: 1 }),
    make('working', { kind: 'working', bank: nordwind }),
    make('trouble', {
      kind: 'trouble',
      bank: nordwind,
      trouble: { code: 'bank_unavailable', actions: ['retry', 'other_bank', 'return'], reference },
    }),
    make('trouble-operator', {
      kind: 'trouble',
      bank: nordwind,
      trouble: { code: 'bank_misconfigured', actions: ['other_bank', 'return'], reference },
    }),
    make('trouble-quote', {
      kind: 'trouble',
      bank: nordwind,
      trouble: {
        code: 'login_blocked',
        quote: 'Ihr Zugang ist gesperrt. Bitte rufen Sie uns an.',
        actions: ['return'],
        reference,
      },
    }),
    make('trouble-unknown-code', { kind: 'trouble', trouble: { code: '__proto__', actions: [], reference } }),
    make('ended-finished', { kind: 'ended', outcome: 'finished', bank: nordwind, accounts: 3, returnTo: back }),
    make('ended-finished-here', { kind: 'ended', outcome: 'finished', bank: nordwind, accounts: 1 }),
    make('ended-canceled', { kind: 'ended', outcome: 'canceled', returnTo: back }),
    make('ended-failed', { kind: 'ended', outcome: 'failed', code: 'refused_at_bank', bank: nordwind }),
    make('ended-expired', { kind: 'ended', outcome: 'expired' }),
    make('ended-management', { kind: 'ended', outcome: 'finished' }, { kind: 'management' }),
  ];
}

function overviews(make: Make): Sample[] {
  const links: LinkSummary[] = [
    link('con_1', nordwind, 'active'),
    { ...link('con_2', northgate, 'action_required'), reconfirmBy: new Date('2026-11-27T00:00:00Z') },
    {
      ...link('con_3', face('at-alpen', 'Alpenbank', 'AB', 60, 'AT'), 'disconnected'),
      validUntil: null,
      lastRead: null,
    },
  ];
  const management = { kind: 'management' } as const;
  const [first] = links;
  return [
    make('overview', { kind: 'overview', links }, management),
    make('overview-empty', { kind: 'overview', links: [] }, management),
    ...(first
      ? [make('overview-sure', { kind: 'overview', links, confirm: { action: 'revoke', link: first } }, management)]
      : []),
  ];
}
