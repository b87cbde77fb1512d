import { pluralsOf } from '../formats.ts';
import { texts } from './de-texts.ts';
import type { Words } from './en.ts';

const plural = pluralsOf('de');

/** Every word the hosted page says, in German. */
export const de: Words = {
  name: 'Deutsch',

  page: {
    test: 'Testbetrieb: keine echten Banken und Konten',
    testLabel: 'Testbetrieb',
    step: (at, of, name) => `Schritt ${at} von ${of}: ${name}`,
    steps: ['Bank wählen', 'Zustimmen', 'Bei der Bank anmelden', 'Konten auswählen'],
    skip: 'Zum Inhalt',
    back: 'Zurück',
    refuse: 'Abbrechen',
    next: 'Weiter',
    bankSays: (bank) => `${bank} schreibt`,
    appSays: (app) => `${app} schreibt`,
    reference: 'Kennung',
    run: (operator) => `Diese Seite wird betrieben von ${operator}.`,
    privacy: 'Datenschutz',
    terms: 'Nutzungsbedingungen',
    sent: 'Einen Moment …',
    offline: 'Zurzeit keine Verbindung. Wir versuchen es weiter.',
    newTab: 'öffnet sich in einem neuen Tab',
    yourBank: 'Ihre Bank',
    language: 'Sprache',
  },

  how: {
    title: 'So funktioniert es',
    read: 'Nur lesen. Niemand kann damit bezahlen, überweisen oder etwas ändern.',
    secret: (app) => `Ihre Anmeldung geht an Ihre Bank. ${app} sieht sie nie.`,
    stop: 'Sie bestimmen, was freigegeben wird, und können es jederzeit beenden.',
  },

  help: {
    title: 'Hilfe',
    guide: 'Hilfe Schritt für Schritt',
    contact: (app) => `Fragen zu ${app}:`,
    operator: (operator) => `Fragen zu dieser Seite (${operator}):`,
    tips: {
      intro:
        'Wenn Sie das nicht selbst begonnen haben oder jemand Ihnen den Link geschickt hat, brechen Sie ab. Es ist noch nichts freigegeben.',
      bank: 'Ihre IBAN steht auf der Bankkarte oder dem Kontoauszug; damit finden Sie Ihre Bank sicher.',
      account_type: 'Unsicher? Nehmen Sie das Konto, auf das Ihr Gehalt kommt. Weitere können Sie später hinzufügen.',
      agree: 'Sie können das jederzeit beenden: in der App, hier oder bei Ihrer Bank.',
      sign_in:
        'Verwenden Sie die Zugangsdaten Ihres Online-Bankings. Werden sie abgelehnt, prüfen Sie sie zuerst bei Ihrer Bank, damit Ihr Zugang nicht gesperrt wird.',
      code: 'Ein Code gilt einmal und nur wenige Minuten. Kommt keiner an, fordern Sie einen neuen an oder gehen Sie zurück und wählen Sie einen anderen Weg.',
      redirect:
        'Es öffnet sich nichts? Drücken Sie den Knopf. Wenn Sie bei der Bank fertig sind, kommen Sie von selbst hierher zurück.',
      wait: 'Keine Nachricht auf dem Handy? Öffnen Sie selbst die App der Bank und suchen Sie nach einer offenen Freigabe.',
      grant: 'Konten ohne Häkchen werden weder gespeichert noch freigegeben.',
      other:
        'Sie können diese Seite schließen und denselben Link wieder öffnen: Es geht dort weiter, wo Sie aufgehört haben.',
    },
  },

  scopes: {
    accounts: 'Ihre Konten: Name, Nummer, Art und Inhaber',
    balances: 'Ihre Kontostände',
    transactions: 'Ihre Umsätze: Datum, Betrag, Text und Gegenseite',
  },
  accountTypes: {
    checking: 'Girokonten',
    savings: 'Sparkonten',
    credit_card: 'Kreditkarten',
    loan: 'Kredite',
    wallet: 'Wallets',
    investment: 'Depots',
    other: 'Andere Konten',
  },
  accountType: {
    checking: 'Girokonto',
    savings: 'Sparkonto',
    credit_card: 'Kreditkarte',
    loan: 'Kredit',
    wallet: 'Wallet',
    investment: 'Depot',
    other: 'Konto',
  },
  sca: {
    redirected: 'Sie melden sich auf der Seite der Bank an.',
    embedded: 'Sie melden sich hier an und geben den Code ein, den Ihre Bank schickt.',
    decoupled: 'Sie bestätigen in der App der Bank.',
  },

  intro: {
    title: {
      connect: (app) => `${app} möchte Ihre Bankkonten lesen`,
      management: (app) => `Ihre Bankverbindungen für ${app}`,
      synchronization: (app) => `${app} möchte Ihre Konten auffrischen`,
    },
    wants: 'Was gelesen würde',
    bank: 'Bank',
    purpose: 'Zweck',
    returns: 'Danach kehren Sie zurück zu',
    resumes: 'Sie waren schon einmal hier. Sie können weitermachen, wo Sie aufgehört haben.',
    manage:
      'Sehen Sie, welche Banken verbunden sind, erneuern oder beenden Sie eine Verbindung, oder fügen Sie eine Bank hinzu.',
    yours: (app) =>
      `Machen Sie nur weiter, wenn Sie das selbst bei ${app} begonnen haben. Hat Ihnen jemand diesen Link geschickt, brechen Sie ab.`,
    refuse: 'Nein, abbrechen',
  },

  bank: {
    title: 'Um welche Bank geht es?',
    label: 'Bank suchen',
    hint: 'Name, IBAN, BIC, Bankleitzahl, Sort Code oder Ort',
    search: 'Suchen',
    found: (count) => plural(count, { one: '# Bank', other: '# Banken' }),
    foundMore: (count) => `Die ersten ${count}. Tippen Sie etwas mehr, um die richtige zu sehen.`,
    none: (query) => `Nichts gefunden zu „${query}“.`,
    noneHint: 'Prüfen Sie die Schreibweise oder geben Sie Ihre IBAN ein: Sie führt sicher zu Ihrer Bank.',
    noneTell: (operator) =>
      `Eine Bank, die nicht aufgeführt ist, lässt sich noch nicht verbinden. Sie können ${operator} Bescheid sagen:`,
    tell: 'Fehlende Bank melden',
    tellSubject: (query) => `Fehlende Bank: ${query}`,
    down: 'Die Suche antwortet gerade nicht. Bitte drücken Sie gleich noch einmal auf „Suchen“.',
    last: 'Zuletzt verwendet',
    choices: 'Banken',
    within: (country) => `Nur Banken in: ${country}`,
    everywhere: 'Überall suchen',
    troubled: 'Hat gerade Störungen',
    healthDown: 'Gerade nicht erreichbar',
    needs_setup: 'Hier noch nicht eingerichtet',
    no_address: 'Kein Zugang bekannt',
    account_type: 'Bietet diese Kontoart nicht an',
  },

  unavailable: {
    title: {
      down: (bank) => `${bank} ist gerade nicht erreichbar`,
      not_supported: (bank) => `${bank} lässt sich nicht verbinden`,
      needs_setup: (bank) => `${bank} ist hier noch nicht eingerichtet`,
      no_address: (bank) => `${bank} lässt sich noch nicht verbinden`,
      unknown: () => 'Diese Bank kennen wir nicht',
    },
    text: {
      down: 'Der Dienst der Bank antwortet nicht. Das ist meist nach wenigen Minuten vorbei. Ihre Konten sind davon nicht betroffen.',
      not_supported: 'Diese Bank oder diese Kontoart bietet den nötigen Zugang nicht an.',
      needs_setup: 'Der Betreiber dieser Seite muss sich bei dieser Bank erst anmelden.',
      no_address:
        'Es ist keine Adresse bekannt, unter der diese Bank antwortet. Ihre Bank kann sagen, ob sie FinTS oder eine Schnittstelle für Kontoinformationen anbietet.',
      unknown: 'Der Link nennt eine Bank, die nicht in unserem Verzeichnis steht.',
    },
    retry: 'Trotzdem versuchen',
    other: 'Andere Bank wählen',
  },

  type: {
    title: 'Um welche Art von Konto geht es?',
    lead: (bank) => `${bank} hält diese getrennt. Wählen Sie jetzt eine Art; die anderen können Sie danach verbinden.`,
    not: (types) => `Nicht dabei: ${types}`,
  },

  agree: {
    more: 'Im Einzelnen',
    store: (bank) => `Meine Anmeldung für ${bank} behalten`,
    storeHint: (app) =>
      `Dann lassen sich Ihre Konten auch ohne Sie auffrischen. Sie wird versiegelt aufbewahrt, für nichts anderes verwendet und vernichtet, wenn Sie die Verbindung beenden. ${app} bekommt sie nicht. Lassen Sie das Feld leer, wenn Sie sich lieber jedes Mal anmelden.`,
    replaces: (bank) =>
      `${bank} führt je Person nur eine Freigabe. Wenn Sie weitermachen, kann eine frühere Verbindung zu dieser Bank enden.`,
    linked: (bank, accounts, read) =>
      `Sie haben ${bank} schon verbunden${accounts ? `: ${accounts}` : ''}${read ? `, zuletzt gelesen am ${read}` : ''}. Für dieselbe Anmeldung erneuern Sie diese Verbindung. Machen Sie unten nur mit einer anderen Anmeldung weiter.`,
    renew: 'Diese Verbindung erneuern',
    agree: (bank) => `Zustimmen und weiter zu ${bank}`,
    agreeHere: 'Zustimmen und weiter',
    refuse: 'Ich stimme nicht zu',
  },

  step: {
    signIn: (bank) => `Bei ${bank} anmelden`,
    signInLead: (bank, app) => `Wie im Online-Banking. Ihre Angaben gehen an ${bank}; ${app} sieht sie nicht.`,
    code: 'Code eingeben',
    codeLead: (bank) => `${bank} fragt nach einem Code, um sicher zu sein, dass Sie es sind.`,
    method: 'Wie möchten Sie bestätigen?',
    device: 'Welches Gerät?',
    accounts: 'Welche Konten?',
    chooseLead: (bank) => `Diese Wege bietet ${bank} Ihnen an.`,
    accountsLead: (bank) => `${bank} muss wissen, um welche Konten es geht.`,
    fields: {
      user_id: 'Benutzername',
      corporate_id: 'Firmen- oder Kundennummer',
      password: 'Passwort oder PIN',
      second_password: 'Zweites Passwort',
      code: 'Code',
      iban: 'IBAN',
      text: 'Antwort',
    },
    methodIs: 'Verfahren',
    picture: (bank) => `Bild von ${bank} für Ihr TAN-Gerät oder Ihre Foto-App`,
    flicker: (bank) => `Flicker-Code von ${bank} für Ihren TAN-Generator`,
    flickerHint:
      'Stecken Sie die Karte in den Generator, starten Sie das Flackern in einem Tempo und halten Sie das Gerät an die Balken. Ziehen Sie an der Ecke des Bildes, bis die äußeren Balken zu den Marken des Geräts passen. Wenn Sie es nicht sehen können: Wählen Sie bei Ihrer Bank ein anderes Verfahren.',
    flickerStill: 'Angehalten',
    flickerSlow: 'Langsam',
    flickerUsual: 'Normal',
    flickerFast: 'Schnell',
    flickerWidth: 'Breite',
    flickerWidths: ['Schmal', 'Mittel', 'Breit'],
    pictureLink: (host) => `Bild der Bank bei ${host} öffnen`,
    confirm: 'Bestätigen',
    send: 'Anmelden',
    again: 'Neuen Code schicken',
    againPush: 'Anfrage noch einmal schicken',
    check: 'Ich habe bestätigt',
    tries: (count) => plural(count, { one: 'Noch ein Versuch.', other: 'Noch # Versuche.' }),
    notices: {
      wrong_credentials:
        'Die Bank hat das nicht angenommen. Bitte prüfen Sie Ihre Eingabe und versuchen Sie es noch einmal.',
      wrong_code: 'Der Code war nicht richtig. Bitte versuchen Sie es noch einmal.',
      code_sent_again: 'Ein neuer Code ist unterwegs. Frühere Codes gelten nicht mehr.',
      once_more:
        'Danke. Ihre Bank fragt danach zweimal: erst, um Ihre Konten aufzulisten, jetzt, damit sie gelesen werden dürfen.',
      signers:
        'Danke, Ihr Teil ist getan. Ihre Bank möchte, dass noch jemand zustimmt. Sie können diese Seite schließen: Sieben Tage lang geht es von selbst weiter, sobald das geschehen ist.',
      bank_message: 'Eine Nachricht Ihrer Bank:',
    },
    redirect: (bank) => `Jetzt zu ${bank}`,
    redirectLead: (bank) => `Sie melden sich auf der Seite von ${bank} an und kommen danach von selbst hierher zurück.`,
    redirectHost: 'Die Seite der Bank hat die Adresse',
    redirectGo: (bank) => `Zu ${bank}`,
    redirectAuto: 'Gleich geht es von selbst weiter.',
    redirectBad:
      'Die Bank hat eine Adresse geschickt, die sich nicht öffnen lässt. Bitte brechen Sie ab und sagen Sie dem Support Bescheid.',
    wait: (bank) => `Bestätigen Sie in der App von ${bank}`,
    waitOthers: 'Es muss noch jemand zustimmen',
    waitLead: (bank) => `${bank} hat eine Anfrage auf Ihr Handy geschickt.`,
    waitHow: 'Was zu tun ist',
    waitSteps: (bank) => [
      `Öffnen Sie die App von ${bank}.`,
      'Bestätigen Sie die Anfrage, Ihre Konten zu lesen.',
      'Kommen Sie zurück: Diese Seite geht von selbst weiter.',
    ],
    waitUntil: (minutes) => `Meist dauert das weniger als eine Minute. Die Bank wartet bis zu ${minutes}.`,
    againLeft: (count) =>
      plural(count, {
        one: 'Sie lässt sich noch einmal schicken.',
        other: 'Sie lässt sich noch # Mal schicken.',
      }),
    againNone: 'In diesem Besuch lässt sie sich nicht noch einmal schicken.',
    cannot: 'Ich kann die App nicht benutzen',
    cannotPoints: [
      'Ist das Handy offline oder die App nicht eingerichtet? Die Anfrage wartet, bis Sie so weit sind.',
      'Vielleicht bietet Ihre Bank einen anderen Weg, etwa per SMS. Gehen Sie einen Schritt zurück, um ihn zu wählen.',
      'Oder brechen Sie ab: Es wurde nichts freigegeben.',
    ],
  },

  handover: {
    title: 'Geben Sie die sechs Ziffern ein',
    text: (bank) =>
      `Sie sind von ${bank} in einem anderen Browser zurückgekommen. Er zeigt sechs Ziffern: Geben Sie sie hier ein.`,
    textPhone: 'Ihr Handy zeigt sechs Ziffern: Geben Sie sie hier ein.',
    careful:
      'Geben Sie nur Ziffern ein, die Sie selbst auf Ihrem eigenen Gerät sehen. Ziffern, die Ihnen jemand schickt, sind nicht Ihre.',
    label: 'Sechs Ziffern',
    wrong: (left) =>
      plural(left, {
        one: 'Das war nicht richtig. Ein Versuch bleibt.',
        other: 'Das war nicht richtig. # Versuche bleiben.',
      }),
    send: 'Weiter',
  },

  phone: {
    offer: 'Auf dem Handy weitermachen',
    title: 'Auf dem Handy weitermachen?',
    lead: (bank) =>
      `Scannen Sie das mit der Kamera Ihres Handys, dort haben Sie ${bank} zur Hand. Diese Seite geht mit.`,
    code: 'QR-Code, der diesen Besuch auf Ihrem Handy öffnet',
    fresh: 'Er gilt eine Minute und für ein Handy. Ein neuer kommt von selbst.',
    here: 'Auf diesem Gerät weitermachen',
    carried: 'Weiter auf Ihrem Handy',
    carriedText: 'Ihr Handy hat übernommen. Diese Seite geht mit und von selbst weiter.',
    takeBack: 'Zurück auf dieses Gerät holen',
    welcome: (app) => `Hier weitermachen für ${app}?`,
    welcomeText: (app) =>
      `Sie haben einen Code von einem anderen Bildschirm gescannt. Machen Sie nur weiter, wenn es Ihr eigener Bildschirm ist und Sie das selbst bei ${app} begonnen haben.`,
    begunFor: 'Begonnen für',
    go: 'Ja, hier weitermachen',
    notMe: 'Das bin ich nicht',
    digits: 'Geben Sie diese Ziffern am anderen Bildschirm ein',
    digitsText: (app) =>
      `Ein Schritt fehlt noch: Geben Sie sie dort ein, wo Sie mit ${app} begonnen haben. Sie gelten fünf Minuten.`,
    digitsCareful: 'Geben Sie sie selbst ein, an Ihrem eigenen Bildschirm. Sagen Sie sie niemandem, wer auch fragt.',
    done: 'Weiter am anderen Bildschirm',
    doneText: 'Dieses Handy hat seinen Teil getan. Sie können diese Seite schließen.',
  },

  working: {
    title: 'Einen Moment',
    text: (bank) => `Wir sprechen mit ${bank}. Diese Seite geht von selbst weiter.`,
    check: 'Noch einmal nachsehen',
  },

  trouble: {
    actions: { retry: 'Noch einmal versuchen', other_bank: 'Andere Bank wählen', return: 'Aufhören und zurück' },
    quoteReference: 'Wenn Sie um Hilfe bitten, nennen Sie bitte',
    turn: {
      person: () => 'Sie können selbst etwas tun.',
      bank: () => 'Das liegt an der Bank. Sie haben nichts falsch gemacht.',
      app: (app) => `Das liegt an ${app}.`,
      operator: (_, operator) => `Das liegt an ${operator}, dem Betreiber dieser Seite.`,
    },
    write: (name) => `An ${name} schreiben`,
    codes: texts.codes,
  },

  grant: {
    title: 'Welche Konten dürfen freigegeben werden?',
    titleShown: 'Diese Konten werden freigegeben',
    lead: (app, count) =>
      plural(count, {
        one: `Wir haben ein Konto gefunden. Setzen Sie ein Häkchen, um es für ${app} freizugeben.`,
        other: `Wir haben # Konten gefunden. Setzen Sie ein Häkchen bei denen, die Sie für ${app} freigeben möchten.`,
      }),
    leadShown: (bank) => `Sie haben sie bei ${bank} ausgewählt.`,
    renews:
      'Diese Anmeldung ist schon verbunden. Die Freigabe erneuert diese Verbindung; nichts wird doppelt verbunden.',
    legend: 'Konten',
    what: 'Worin Sie eingewilligt haben',
    grant: 'Freigeben und abschließen',
    refuse: 'Nichts freigeben',
    ending: (ending) => `endet auf ${ending}`,
  },

  overview: {
    title: 'Ihre Bankverbindungen',
    lead: (app) => `Was ${app} lesen kann, und bis wann.`,
    none: 'Noch ist keine Bank verbunden.',
    status: { active: 'Aktiv', action_required: 'Braucht Sie', disconnected: 'Beendet' },
    reads: 'Liest',
    shortScopes: { accounts: 'Konten', balances: 'Kontostände', transactions: 'Umsätze' },
    since: 'Verbunden am',
    until: 'Bis',
    reconfirm: 'Bitte bestätigen bis',
    last: 'Zuletzt gelesen am',
    never: 'noch nicht',
    renew: 'Erneuern',
    revoke: 'Beenden',
    forBank: (verb, bank) => `${verb}: ${bank}`,
    add: 'Bank hinzufügen',
    leave: 'Fertig',
    sureTitle: (bank) => `Die Verbindung zu ${bank} beenden?`,
    sureText: (app) =>
      `Es wird sofort nichts mehr gelesen, und die Bank erfährt davon. Was ${app} schon gelesen hat, bleibt dort, bis es gelöscht wird.`,
    sure: 'Ja, beenden',
    keep: 'Nein, behalten',
  },

  ended: {
    title: {
      finished: 'Fertig',
      canceled: 'Abgebrochen',
      failed: 'Es hat nicht geklappt',
      expired: 'Dieser Besuch ist zu Ende',
    },
    titleConnected: (bank) => `${bank} ist verbunden`,
    text: {
      finished: 'Alles ist eingerichtet.',
      canceled: 'Es wurde nichts freigegeben.',
      failed: 'Es wurde nichts freigegeben. Sie können in der App neu beginnen.',
      expired: 'Er war zu lange unterbrochen. Sie können in der App neu beginnen.',
    },
    accounts: (count, app) =>
      plural(count, { one: `Ein Konto ist für ${app} freigegeben.`, other: `# Konten sind für ${app} freigegeben.` }),
    back: (app) => `Zurück zu ${app}`,
    going: (host) => `Sie werden zu ${host} zurückgebracht.`,
    close: 'Sie können diese Seite schließen.',
  },

  own: texts.own,
  ownRetry: 'Noch einmal versuchen',
  ownOption: (name) => `Der Teil heißt „${name}“.`,
  ownDigits:
    'Wenn Sie selbst dort begonnen haben, geben Sie dort innerhalb von fünf Minuten diese Ziffern ein. Sagen Sie sie niemandem:',
  guide: texts.guide,

  consent: texts.consent,
};
