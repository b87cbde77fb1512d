import type {
  BankChoice,
  BankFace,
  ConsentFacts,
  FoundAccount,
  LinkSummary,
  PageContext,
  Screen,
} from '../../../platform/sessions/screen.ts';

/** A state of the page with invented data, named so that a failing picture says what it shows. */
export type Sample = { name: string; screen: Screen; context: PageContext };

/** Makes a sample in the locale at hand. */
export type Make = (name: string, screen: Screen, more?: Partial<PageContext>) => Sample;

/** The moment all samples are shown at. */
export const NOW = new Date('2026-11-20T12:00:00Z');

/** A bank in Germany that works. */
export const nordwind = face('de-nordwind', 'Nordwind Bank', 'NW', 205);
/** A bank in the United Kingdom that works. */
export const northgate = face('gb-northgate', 'Northgate Building Society', 'NG', 28, 'GB');

/** What every sample is shown with, unless it says otherwise. */
export const context: PageContext = {
  action: '/visit/ses_7Qm2VdYpX4sKcR81nWbZtA',
  turn: 3,
  csrf: 'hN3kQ0v8b1yTz5mJ2xWfLg7cRpAeUoSd',
  locale: 'en',
  kind: 'connect',
  app: { name: 'Kassenbuch', supportEmail: 'help@kassenbuch.example' },
  operator: {
    name: 'Brückner Data Services',
    privacyUrl: 'https://operator.example/privacy',
    termsUrl: 'https://operator.example/terms',
    supportEmail: 'support@operator.example',
  },
  test: true,
  reference: 'req_4fTq9ZcW0xLmB7',
  now: NOW,
};

/** A consent to everything, for half a year. */
export function facts(): ConsentFacts {
  return {
    app: 'Kassenbuch',
    requester: 'Brückner Data Services GmbH',
    requesterRegister: 'PSDDE-BAFIN-123456',
    purpose: 'Bookkeeping for your business',
    bank: nordwind.name,
    accountTypes: ['checking', 'savings'],
    scopes: ['accounts', 'balances', 'transactions'],
    historyDays: 730,
    until: '2027-05-19',
    operator: 'Brückner Data Services',
  };
}

/** Accounts as found at a bank, one without a name. */
export function accounts(): FoundAccount[] {
  return [
    {
      reference: 'r1',
      name: 'Geschäftskonto',
      type: 'checking',
      currency: 'EUR',
      masked: 'DE•• •••• 4711',
      ticked: false,
    },
    {
      reference: 'r2',
      name: 'Tagesgeld Plus',
      type: 'savings',
      currency: 'EUR',
      masked: 'DE•• •••• 0815',
      ticked: false,
    },
    { reference: 'r3', name: '', type: 'other', currency: 'XXX', masked: '•••• 9', ticked: true },
  ];
}

/** Banks as found by a search, each in another state. */
export function choices(): BankChoice[] {
  return [
    { ...nordwind, usable: true, place: 'Kiel', code: '21050170' },
    { ...face('de-nordlicht', 'Nordlicht Sparkasse', 'NL', 265), usable: true, place: 'Husum', health: 'troubled' },
    { ...face('de-nordhof', 'Nordhof Privatbank', 'NP', 60), usable: true, health: 'down' },
    { ...northgate, usable: false, reason: 'needs_setup' },
    { ...face('de-norden', 'Norden Kreditkarten', 'NK', 330), usable: false, reason: 'account_type' },
  ];
}

/** A link as the overview shows it. */
export function link(connection: string, bank: BankFace, status: LinkSummary['status']): LinkSummary {
  return {
    connection,
    consent: status === 'disconnected' ? null : 'cst_1',
    bank,
    status,
    scopes: ['accounts', 'balances', 'transactions'],
    accounts: [
      { name: 'Geschäftskonto', masked: 'DE•• •••• 4711', type: 'checking' },
      { name: 'Tagesgeld Plus', masked: 'DE•• •••• 0815', type: 'savings' },
    ],
    connectedAt: new Date('2026-06-02T09:00:00Z'),
    validUntil: new Date('2026-12-01T00:00:00Z'),
    reconfirmBy: null,
    lastRead: new Date('2026-11-20T04:11:00Z'),
  };
}

/** A bank's face. */
export function face(id: string, name: string, text: string, hue: number, country = 'DE'): BankFace {
  return { id, name, country, monogram: { text, hue }, health: 'good' };
}
