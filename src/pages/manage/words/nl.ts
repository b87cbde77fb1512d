import type { ManageWords } from './en.ts';

/** Dutch. */
export const nl: ManageWords = {
  confirm: {
    one: 'Bevestigen',
    all: 'Alles bevestigen',
    due: (app) => `${app} mag alleen verder lezen als u dat opnieuw zegt. Naar de bank gaat niets.`,
  },
  receipt: {
    link: 'Bewijs',
    title: 'Bewijs van uw toestemming',
    lead: (app) => `Dit hebt u ${app} toegestaan, woord voor woord zoals u het las.`,
    app: 'App',
    operator: 'Beheerd door',
    bank: 'Bank',
    number: 'Nummer',
    state: 'Stand',
    states: {
      authorized: 'Actief',
      expired: 'Verlopen',
      canceled: 'Beëindigd',
      pending: 'Niet afgerond',
      failed: 'Mislukt',
    },
    agreed: 'Akkoord op',
    authorized: 'Verleend op',
    ended: 'Beëindigd op',
    words: 'Waarmee u akkoord ging',
    proof: 'Waarmerk',
    proofText: (url) =>
      `Ondertekend door de beheerder. Iedereen kan het zonder ons controleren, met de publieke sleutel van ${url}.`,
    code: 'Het ondertekende waarmerk als QR-code',
    download: 'Downloaden',
  },
  control: {
    title: 'Wat u hebt toegestaan',
    ask: 'Typ uw e-mailadres. Hoort het bij een bankkoppeling, dan mailen we u een link om die te zien en te beëindigen.',
    email: 'Uw e-mailadres',
    send: 'Mail mij de link',
    sentTitle: 'Kijk in uw mailbox',
    sent: 'Als dit adres iets heeft toegestaan, is er een link onderweg. Die werkt een dag.',
    wrong: 'Dit is geen e-mailadres.',
    noMail:
      'Deze server verstuurt geen mail. Schrijf naar het adres hieronder, of beëindig het in de app of bij uw bank.',
    over: 'Deze link werkt niet meer. Vraag een nieuwe aan.',
    lead: 'Apps die uw rekeningen mogen lezen. Rekeningen en bedragen staan hier niet.',
    none: 'Er is nu niets toegestaan.',
    ended: (app) => `Beëindigd. ${app} leest niets meer.`,
    sureTitle: (app) => `Beëindigen wat ${app} mag lezen?`,
    erase: (email) => `Wilt u het laten wissen, schrijf dan naar ${email}.`,
    all: 'Terug naar alles',
  },
  mail: {
    confirmed: {
      subject: (app) => `${app} kan nu uw rekeningen lezen`,
      text: (app, bank) => `U hebt ${app} zojuist toegestaan om bij ${bank} te lezen:`,
      not: 'Was u dit niet? Beëindig het meteen:',
    },
    expiring: {
      subject: (app) => `${app} kan uw rekeningen straks niet meer lezen`,
      text: (app, bank, day) =>
        `Wat u ${app} bij ${bank} hebt toegestaan, eindigt op ${day}. Wilt u doorgaan, verleng het dan in ${app}. Mag het eindigen, dan hoeft u niets te doen.`,
    },
    reconfirm: {
      subject: (app) => `Mag ${app} uw rekeningen blijven lezen?`,
      text: (app, bank, day) =>
        `Bevestig in ${app} uiterlijk ${day} dat er bij ${bank} verder gelezen mag worden. Anders stopt het lezen vanzelf.`,
    },
    ended: {
      subject: (app) => `${app} kan uw rekeningen niet meer lezen`,
      text: (app, bank) =>
        `Wat u ${app} bij ${bank} hebt toegestaan, is beëindigd, en de bank hoort het. Wat al gelezen is, blijft bij ${app} tot het gewist wordt.`,
    },
    link: {
      subject: 'Uw link naar wat u hebt toegestaan',
      text: 'Hier ziet u welke apps uw rekeningen mogen lezen en kunt u het beëindigen. De link werkt een dag.',
      not: 'Hebt u dit niet gevraagd? Dan hoeft u niets te doen.',
    },
    until: (day) => `tot ${day}`,
    see: 'Zien en beëindigen wat u hebt toegestaan:',
    open: 'Openen',
    questions: (email) => `Vragen: ${email}`,
    from: (operator) => `Verstuurd door ${operator}.`,
    refuse: 'Deze mails niet meer ontvangen:',
  },
  refusing: {
    title: 'Mail',
    ask: (email) => `Deze mails niet meer naar ${email} sturen?`,
    button: 'Geen mail meer',
    done: (email) => `Deze mails gaan niet meer naar ${email}.`,
    again: 'Weer sturen',
    wanted: (email) => `Deze mails gaan weer naar ${email}.`,
    over: 'Deze link werkt niet meer.',
  },
};
