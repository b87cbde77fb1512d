import type { texts as english } from './en-texts.ts';

/** What people are told when something is amiss, in German. */
export const texts: typeof english = {
  codes: {
    refused_on_page: ['Abgebrochen', 'Sie haben abgebrochen. Es wurde nichts freigegeben.'],
    refused_at_grant: [
      'Abgebrochen',
      'Sie haben nichts freigegeben, und die Bank erfährt, dass die Freigabe beendet ist.',
    ],
    session_expired: ['Dieser Besuch ist zu Ende', 'Er war zu lange unterbrochen. Sie können in der App neu beginnen.'],
    customer_erased: [
      'Dieser Besuch ist zu Ende',
      'Die App hat Ihre Daten gelöscht, während der Besuch lief. Es wird nichts mehr gelesen.',
    ],
    bank_unavailable: [
      'Die Bank antwortet nicht',
      'Ihr Dienst ist gerade nicht da oder zu langsam. Es wurde nichts freigegeben. Bitte versuchen Sie es in einigen Minuten noch einmal.',
    ],
    bank_rate_limited: [
      'Die Bank bittet uns zu warten',
      'Sie hatte gerade zu viele Anfragen. Bitte versuchen Sie es in einigen Minuten noch einmal.',
    ],
    wrong_credentials: [
      'Die Anmeldung wurde abgelehnt',
      'Die Bank kennt diesen Benutzernamen mit diesem Passwort nicht. Prüfen Sie beides zuerst auf der Seite Ihrer Bank: Zu viele Fehlversuche können Ihren Zugang sperren.',
    ],
    wrong_code: [
      'Der Code wurde nicht angenommen',
      'Die Bank erlaubt mit diesem Code keinen weiteren Versuch. Sie können die Anmeldung neu beginnen.',
    ],
    login_blocked: [
      'Die Bank hat diesen Zugang gesperrt',
      'Bitte sprechen Sie mit Ihrer Bank. Wir haben es nicht noch einmal versucht und werden es auch nicht.',
    ],
    refused_at_bank: ['Es wurde abgelehnt', 'Die Anfrage wurde bei der Bank abgelehnt. Es wurde nichts freigegeben.'],
    bank_timed_out: [
      'Das hat zu lange gedauert',
      'Die Frist der Bank ist vorbei. Es wurde nichts freigegeben. Sie können neu beginnen.',
    ],
    consent_gone: [
      'Die Freigabe ist bei der Bank beendet',
      'Die Bank kennt diese Freigabe nicht mehr. Sie können sie neu erteilen.',
    ],
    superseded_at_bank: [
      'Eine neuere Freigabe ist an ihre Stelle getreten',
      'Ihre Bank führt nur eine Freigabe zur Zeit, und eine neuere hat diese beendet. Sie können sie neu erteilen.',
    ],
    bank_misconfigured: [
      'Hier ist etwas nicht richtig eingerichtet',
      'Die Bank weist uns ab, nicht Sie. Der Betreiber dieser Seite muss sich darum kümmern.',
    ],
    not_supported: [
      'Die Bank bietet das nicht an',
      'Sie unterstützt nicht, was angefragt wurde, zum Beispiel diese Kontoart.',
    ],
    bank_unexpected: [
      'Die Antwort der Bank war nicht zu verstehen',
      'Zwischen uns und der Bank stimmt etwas nicht. Es ist nichts verloren gegangen.',
    ],
    no_accounts: [
      'Keine Konten gefunden',
      'Die Bank hat unter dieser Anmeldung keine Konten dieser Art gezeigt. Vielleicht gibt es dort welche einer anderen Art.',
    ],
    login_not_linked: [
      'Diese Anmeldung ist nicht freigegeben',
      'Diese App darf nur Konten derer lesen, die sie betreiben, und diese Anmeldung gehört nicht dazu. Nichts davon wird verwendet. Wer die App betreibt, kann sie freigeben.',
    ],
    too_many_tries: [
      'Zu viele Versuche',
      'Damit Ihr Zugang nicht gesperrt wird, hören wir hier auf. Bitte versuchen Sie es später noch einmal.',
    ],
    interrupted: [
      'Wir wurden unterbrochen',
      'Auf unserer Seite ist etwas abgebrochen, während die Bank gefragt wurde. Bitte machen Sie diesen Schritt noch einmal.',
    ],
  },

  own: {
    unknown_link: [
      'Dieser Link führt nirgendwohin',
      'Vielleicht ist er unvollständig oder nicht mehr gültig. Bitte gehen Sie zurück zur App und beginnen Sie dort neu.',
    ],
    new_consent: [
      'Dieser Link ist noch nicht so weit',
      'Die App hat noch nicht gesagt, für wen er ist. Bitte gehen Sie zurück zur App oder sagen Sie deren Support Bescheid.',
    ],
    finished: [
      'Dieser Link hat seinen Dienst getan',
      'Hier ist nichts mehr zu tun. Um eine Bank zu verbinden, beginnen Sie bitte in der App neu.',
    ],
    canceled: ['Das wurde abgebrochen', 'Hierüber ist nichts freigegeben. Sie können in der App neu beginnen.'],
    expired: ['Dieser Link ist abgelaufen', 'Es wurde nichts freigegeben. Bitte beginnen Sie in der App neu.'],
    other_browser: [
      'Dieser Besuch geht in einem anderen Browser weiter',
      'Die Anmeldung bei der Bank hat woanders begonnen. Zu Ihrer Sicherheit lässt sie sich nur dort abschließen.',
    ],
    open_link_again: [
      'Bitte öffnen Sie Ihren Link noch einmal',
      'Dieser Browser hat den Link, zu dem diese Seite gehört, nicht geöffnet. Gehen Sie zurück zur App, oder öffnen Sie den Link noch einmal.',
    ],
    no_cookie: [
      'Bitte gehen Sie dorthin zurück, wo Sie begonnen haben',
      'Ihre Bank hat einen anderen Browser geöffnet als den, in dem Sie begonnen haben. Gehen Sie zum ersten zurück: Dort ist derselbe Schritt noch offen. Hier wurde nichts freigegeben.',
    ],
    unknown_return: [
      'Dieser Rückweg gilt nicht mehr',
      'Er wurde schon benutzt, oder der Besuch ist zu Ende. Sehen Sie in dem Tab nach, in dem Sie begonnen haben, oder beginnen Sie in der App neu.',
    ],
    handing_over: [
      'Einen Augenblick',
      'Ihre Bank hat ihre Antwort so geschickt, dass nur ein kleines Skript dieser Seite sie lesen kann. Geschieht nichts, sind Skripte in Ihrem Browser abgeschaltet: Erlauben Sie sie für diese Seite und laden Sie sie neu. Bis dahin geht nichts verloren.',
    ],
    bad_option: [
      'Einen Teil dieses Links kennen wir nicht',
      'Bitte gehen Sie zurück zur App und beginnen Sie dort neu, oder sagen Sie deren Support Bescheid.',
    ],
    qr_over: [
      'Dieser Code gilt nicht mehr',
      'Er gilt eine Minute und für ein Handy. Der andere Bildschirm zeigt einen neuen: Bitte scannen Sie den.',
    ],
    not_me: ['Danke, dass Sie aufpassen', 'Es wurde nichts freigegeben. Sie können diese Seite schließen.'],
    bad_request: [
      'Das ist nicht richtig angekommen',
      'Es ist nichts geschehen. Bitte gehen Sie zurück und versuchen Sie es noch einmal.',
    ],
    rate_limited: [
      'Bitte etwas langsamer',
      'Von hier kamen zu viele Anfragen. Bitte warten Sie eine Minute und versuchen Sie es noch einmal.',
    ],
    server_error: [
      'Bei uns ist etwas schiefgegangen',
      'Es liegt nicht an Ihnen. Es ist nichts verloren gegangen; bitte versuchen Sie es noch einmal.',
    ],
    database_away: [
      'Gleich wieder da',
      'Wir kommen gerade nicht an Ihren Besuch heran. Es ist nichts verloren gegangen: Es geht beim selben Schritt weiter.',
    ],
  },

  guide: {
    title: 'Hilfe beim Verbinden einer Bank',
    lead: 'Was zu tun ist, wenn etwas nicht so geht, wie es soll.',
    back: 'Schließen Sie diese Seite, um dorthin zurückzukehren, wo Sie waren.',
    topics: [
      {
        question: 'Ich finde meine Bank nicht.',
        answer: [
          'Geben Sie Ihre IBAN ein: Sie führt sicher zu Ihrer Bank.',
          'Versuchen Sie den kurzen Namen, ohne „Bank“ oder „AG“.',
          'Eine graue Bank ist bekannt, kann aber gerade nicht gewählt werden; warum, steht unter ihrem Namen.',
        ],
      },
      {
        question: 'Mein Konto fehlt in der Liste.',
        answer: [
          'Banken halten Girokonten und Kreditkarten oft getrennt. Gehen Sie zurück, wählen Sie die andere Kontoart und verbinden Sie sie ebenfalls.',
          'Gemeinschafts- und Geschäftskonten gehören manchmal zu einem anderen Zugang bei derselben Bank.',
        ],
      },
      {
        question: 'Meine Anmeldung wird abgelehnt.',
        answer: [
          'Verwenden Sie die Zugangsdaten des Online-Bankings, nicht die PIN Ihrer Karte.',
          'Versuchen Sie es auf der Seite Ihrer Bank. Wird sie auch dort abgelehnt, kann nur Ihre Bank helfen.',
          'Wir wiederholen eine Anmeldung nie von selbst, damit Ihr Zugang nicht gesperrt wird.',
        ],
      },
      {
        question: 'Es kommt kein Code an.',
        answer: [
          'Warten Sie eine Minute; SMS können langsam sein.',
          'Fordern Sie einen neuen Code an. Frühere gelten dann nicht mehr.',
          'Gehen Sie zurück und wählen Sie einen anderen Weg, wenn Ihre Bank mehrere anbietet.',
        ],
      },
      {
        question: 'Auf meinem Handy ist nichts zu bestätigen.',
        answer: [
          'Öffnen Sie selbst die App der Bank; vielleicht sind Mitteilungen ausgeschaltet.',
          'Prüfen Sie, ob das Handy online ist, und schicken Sie die Anfrage dann noch einmal.',
        ],
      },
      {
        question: 'Nach der Bank bin ich woanders gelandet.',
        answer: [
          'Kehren Sie zu dem Tab oder Browser zurück, in dem Sie begonnen haben, und laden Sie ihn neu. Der Besuch ist noch da.',
          'Auf dem Handy öffnet die App der Bank manchmal einen anderen Browser. Ist der erste weg, beginnen Sie in diesem neu.',
        ],
      },
      {
        question: 'Ich wurde unterbrochen.',
        answer: [
          'Öffnen Sie denselben Link noch einmal. Es geht dort weiter, wo Sie aufgehört haben, oder es steht da, warum nicht.',
          'Ein Besuch, der eine halbe Stunde ruht, endet; freigegeben ist dann nichts.',
        ],
      },
      {
        question: 'Der Code auf dem Bildschirm lässt sich nicht scannen.',
        answer: [
          'Vergrößern Sie die Seite und machen Sie den Bildschirm heller. Der Code wechselt jede Minute.',
          'Nehmen Sie die Kamera des Handys. Das Handy muss online sein.',
          'Sie können auch dort weitermachen, wo Sie sind.',
        ],
      },
      {
        question: 'Die App zeigt alte Zahlen.',
        answer: [
          'Banken lassen sich einige Male am Tag lesen. Bis neue Umsätze erscheinen, kann ein Tag vergehen.',
          'Sagt die App, dass sie Sie braucht, erneuern Sie dort die Verbindung.',
        ],
      },
      {
        question: 'Jemand hat mir diesen Link oder Code geschickt.',
        answer: [
          'Dann verwenden Sie ihn nicht. Wer den Besuch begonnen hat, würde Ihre Konten sehen.',
          'Verbinden Sie eine Bank nur, wenn Sie das selbst in der App begonnen haben, die Sie benutzen.',
        ],
      },
      {
        question: 'Ich möchte die Freigabe beenden.',
        answer: [
          'In der App, hier in der Übersicht Ihrer Verbindungen, oder bei Ihrer Bank unter den Freigaben für andere.',
          'Es wird dann sofort nichts mehr gelesen.',
        ],
      },
    ],
    contact: 'Kommen Sie nicht weiter?',
    contactText:
      'Schreiben Sie dem Support und nennen Sie die Kennung am Ende der Seite. Schicken Sie nie ein Passwort oder einen Code.',
  },

  consent: {
    title: 'Darf {app} Ihre Konten bei {bank} lesen?',
    who: {
      heading: 'Wer fragt',
      same: '{app}',
      behalf: '{app}, durch {requester}',
      register: 'Registriert als {register}.',
      requester: '{requester} fragt die Bank im Auftrag von {app}.',
      operator: 'Diese Seite wird betrieben von {operator}.',
    },
    purpose: { heading: 'Wofür', given: '{purpose}', none: '{app} hat keinen Zweck genannt.' },
    what: {
      heading: 'Was gelesen wird',
      accounts: 'Konten: Name, Nummer, Art, Währung und Inhaber.',
      balances: 'Kontostände: was gebucht und was verfügbar ist.',
      transactions: 'Umsätze im Zeitraum von bis zu {history} zurück und neue: Datum, Betrag, Text und Gegenseite.',
      transactionsOnce: 'Umsätze im Zeitraum von bis zu {history} zurück: Datum, Betrag, Text und Gegenseite.',
      summary: { accounts: 'Konten', balances: 'Kontostände', transactions: 'Umsätze' },
      summaryLine: 'Ihre {scopes} bei {bank}',
      types: 'Arten von Konten: {types}.',
      choose: 'Welche Konten es sind, sagen Sie nach der Anmeldung.',
      nothingElse: 'Sonst nichts. Es kann nichts bezahlt und nichts geändert werden.',
    },
    long: {
      heading: 'Wie lange',
      once: 'Einmal, jetzt',
      onceMore: 'Danach wird nichts mehr gelesen.',
      until: 'Bis {until}',
      untilMore: 'Mehrmals am Tag, auch wenn Sie nicht dabei sind. Die Bank kann ein früheres Ende setzen.',
      reconfirm: 'Alle {days} werden Sie gefragt, ob es weitergehen soll.',
    },
    sharing: {
      heading: 'Wer es sieht',
      first: '{app} und durch uns niemand sonst',
      operator: '{operator} bewahrt die Daten für {app} auf, versiegelt und nur dafür.',
      further: 'Was {app} damit macht, steht in deren eigener Datenschutzerklärung.',
    },
    stop: {
      heading: 'Wie Sie es beenden',
      first: 'Jederzeit: in {app}, hier oder bei Ihrer Bank',
      effect:
        'Es wird dann sofort nichts mehr gelesen. Was vorher gelesen wurde, bleibt bei {app}, bis es gelöscht wird.',
      contact: 'Oder schreiben Sie an {email}.',
    },
  },
};
