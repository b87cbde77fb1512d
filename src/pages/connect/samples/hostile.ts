import type { FoundAccount } from '../../../platform/sessions/screen.ts';
import { makeConsentText } from '../../words/index.ts';
import { face, facts, type Make, type Sample } from './data.ts';

/** What must be shown as text and run nowhere. */
export const PAYLOAD = '<img src=x onerror=alert(1)>"\'`</script><script>alert(2)</script>{{7*7}}';
const RTL = 'بنك الشمال \u202Eevil';
const LONG = `Genossenschaftliche ${'Landwirtschafts- und Handwerkerbank '.repeat(5)}eG`.slice(0, 200);
/** Names of 200 letters, right-to-left text, emoji and markup in every place that somebody else fills. */
export function hostile(make: Make, locale: string): Sample[] {
  const bank = face('de-long', LONG, 'GLH', 60);
  const evil = face('de-evil', PAYLOAD, '<b>', 120);
  const app = { name: PAYLOAD, supportEmail: `${PAYLOAD}@x` };
  const operator = { name: PAYLOAD, privacyUrl: 'javascript:alert(3)', termsUrl: 'data:text/html,x' };
  const evilFacts = {
    ...facts(),
    app: PAYLOAD,
    bank: RTL,
    purpose: '💰🏦 '.repeat(40),
    requester: LONG,
    operator: PAYLOAD,
  };
  const text = makeConsentText(evilFacts, locale);
  const evilAccounts: FoundAccount[] = [
    { reference: PAYLOAD, name: PAYLOAD, type: 'checking', currency: 'EUR', masked: '•••• 4711', ticked: true },
    { reference: 'r', name: RTL, type: 'other', currency: 'XXX', masked: '•••• 1', ticked: false },
    { reference: 'l', name: LONG, type: 'savings', currency: 'EUR', masked: '•••• •••• •••• 8812', ticked: false },
  ];
  return [
    make(
      'hostile-intro',
      {
        kind: 'intro',
        scopes: ['accounts'],
        purpose: PAYLOAD,
        bank,
        returnHost: `${'very-'.repeat(30)}long.example`,
        resumes: true,
      },
      { app, operator },
    ),
    make(
      'hostile-bank',
      {
        kind: 'bank',
        query: PAYLOAD,
        more: false,
        choices: [
          { ...evil, usable: true, place: RTL },
          { ...bank, usable: true, code: '10020030' },
        ],
      },
      { app: { name: LONG } },
    ),
    make(
      'hostile-agree',
      { kind: 'agree', bank, facts: evilFacts, text, offersStoring: true, replacesOthers: true },
      { app },
    ),
    make('hostile-step', {
      kind: 'step',
      bank: evil,
      step: {
        kind: 'form',
        purpose: 'code',
        fields: [{ name: PAYLOAD, kind: 'code', label: PAYLOAD, secret: true }],
        challenge: { method: LONG, text: PAYLOAD, data: [RTL, '👩‍👩‍👧‍👦 '.repeat(60)] },
        notice: { kind: 'bank_message', quote: LONG },
      },
    }),
    make('hostile-method', {
      kind: 'step',
      bank,
      step: {
        kind: 'choose',
        purpose: 'method',
        options: [
          { id: PAYLOAD, label: PAYLOAD, hint: RTL },
          { id: '2', label: LONG },
        ],
      },
    }),
    make('hostile-grant', { kind: 'grant', bank: evil, accounts: evilAccounts, choice: true, text }, { app }),
    make('hostile-trouble', {
      kind: 'trouble',
      bank,
      trouble: { code: 'refused_at_bank', quote: PAYLOAD, actions: ['retry'], reference: PAYLOAD },
    }),
  ];
}
