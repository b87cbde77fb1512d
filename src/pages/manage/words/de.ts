import type { ManageWords } from './en.ts';

/** German. */
export const de: ManageWords = {
  confirm: {
    one: 'Bestätigen',
    all: 'Alle bestätigen',
    due: (app) => `${app} darf nur weiterlesen, wenn Sie es noch einmal sagen. An die Bank geht nichts.`,
  },
  receipt: {
    link: 'Beleg',
    title: 'Beleg Ihrer Einwilligung',
    lead: (app) => `Das haben Sie ${app} erlaubt, Wort für Wort, wie Sie es gelesen haben.`,
    app: 'App',
    operator: 'Betrieben von',
    bank: 'Bank',
    number: 'Nummer',
    state: 'Stand',
    states: {
      authorized: 'Aktiv',
      expired: 'Abgelaufen',
      canceled: 'Beendet',
      pending: 'Nicht abgeschlossen',
      failed: 'Gescheitert',
    },
    agreed: 'Zugestimmt am',
    authorized: 'Freigegeben am',
    ended: 'Beendet am',
    words: 'Dem haben Sie zugestimmt',
    proof: 'Nachweis',
    proofText: (url) =>
      `Vom Betreiber signiert. Jeder kann das ohne uns prüfen, mit dem öffentlichen Schlüssel von ${url}.`,
    code: 'Der signierte Nachweis als QR-Code',
    download: 'Herunterladen',
  },
  control: {
    title: 'Was Sie erlaubt haben',
    ask: 'Geben Sie Ihre E-Mail-Adresse ein. Gehört sie zu einer Bankverbindung, schicken wir Ihnen einen Link, um sie zu sehen und zu beenden.',
    email: 'Ihre E-Mail-Adresse',
    send: 'Link zuschicken',
    sentTitle: 'Sehen Sie in Ihr Postfach',
    sent: 'Wenn diese Adresse etwas erlaubt hat, ist ein Link unterwegs. Er gilt einen Tag.',
    wrong: 'Das ist keine E-Mail-Adresse.',
    noMail:
      'Dieser Server verschickt keine E-Mails. Schreiben Sie an die Adresse unten, oder beenden Sie es in der App oder bei Ihrer Bank.',
    over: 'Dieser Link gilt nicht mehr. Fordern Sie einen neuen an.',
    lead: 'Apps, die Ihre Konten lesen dürfen. Konten und Beträge stehen hier nicht.',
    none: 'Zurzeit ist nichts erlaubt.',
    ended: (app) => `Beendet. ${app} liest nichts mehr.`,
    sureTitle: (app) => `Beenden, was ${app} lesen darf?`,
    erase: (email) => `Wenn es gelöscht werden soll, schreiben Sie an ${email}.`,
    all: 'Zurück zu allen',
  },
  mail: {
    confirmed: {
      subject: (app) => `${app} kann jetzt Ihre Konten lesen`,
      text: (app, bank) => `Sie haben ${app} gerade erlaubt, bei ${bank} zu lesen:`,
      not: 'Das waren nicht Sie? Beenden Sie es sofort:',
    },
    expiring: {
      subject: (app) => `${app} kann Ihre Konten bald nicht mehr lesen`,
      text: (app, bank, day) =>
        `Was Sie ${app} bei ${bank} erlaubt haben, endet am ${day}. Soll es weitergehen, erneuern Sie es in ${app}. Soll es enden, müssen Sie nichts tun.`,
    },
    reconfirm: {
      subject: (app) => `Darf ${app} Ihre Konten weiter lesen?`,
      text: (app, bank, day) =>
        `Bitte bestätigen Sie in ${app} bis zum ${day}, dass bei ${bank} weiter gelesen werden darf. Sonst hört das Lesen von selbst auf.`,
    },
    ended: {
      subject: (app) => `${app} kann Ihre Konten nicht mehr lesen`,
      text: (app, bank) =>
        `Was Sie ${app} bei ${bank} erlaubt haben, ist beendet, und die Bank erfährt es. Was schon gelesen wurde, bleibt bei ${app}, bis es gelöscht wird.`,
    },
    link: {
      subject: 'Ihr Link zu dem, was Sie erlaubt haben',
      text: 'Hier sehen Sie, welche Apps Ihre Konten lesen dürfen, und können es beenden. Der Link gilt einen Tag.',
      not: 'Sie haben ihn nicht angefordert? Dann ist nichts zu tun.',
    },
    until: (day) => `bis zum ${day}`,
    see: 'Sehen und beenden, was Sie erlaubt haben:',
    open: 'Öffnen',
    questions: (email) => `Fragen: ${email}`,
    from: (operator) => `Verschickt von ${operator}.`,
    refuse: 'Keine solchen E-Mails mehr:',
  },
  refusing: {
    title: 'E-Mails',
    ask: (email) => `Keine solchen E-Mails mehr an ${email}?`,
    button: 'Keine E-Mails mehr',
    done: (email) => `An ${email} gehen keine solchen E-Mails mehr.`,
    again: 'Wieder schicken',
    wanted: (email) => `An ${email} gehen diese E-Mails wieder.`,
    over: 'Dieser Link gilt nicht mehr.',
  },
};
