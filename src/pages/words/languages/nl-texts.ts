import type { texts as english } from './en-texts.ts';

/** The longer texts, in Dutch. */
export const texts: typeof english = {
  codes: {
    refused_on_page: ['Geannuleerd', 'U hebt geannuleerd. Er is niets gedeeld.'],
    refused_at_grant: ['Geannuleerd', 'U hebt niets gedeeld, en de bank krijgt bericht dat de toestemming voorbij is.'],
    session_expired: ['Dit bezoek is voorbij', 'Er gebeurde te lang niets. U kunt vanuit de app opnieuw beginnen.'],
    customer_erased: [
      'Dit bezoek is voorbij',
      'De app heeft uw gegevens tijdens het bezoek gewist. Er wordt niets meer gelezen.',
    ],
    bank_unavailable: [
      'De bank antwoordt niet',
      'De dienst is weg of op dit moment te traag. Er is niets gedeeld. Probeer het over een paar minuten opnieuw.',
    ],
    bank_rate_limited: [
      'De bank vraagt ons te wachten',
      'Ze heeft nu te veel verzoeken gehad. Probeer het over een paar minuten opnieuw.',
    ],
    wrong_credentials: [
      'Het inloggen werd geweigerd',
      'De bank kent deze gebruikersnaam niet met dit wachtwoord. Controleer het eerst op de pagina van uw bank: te veel foute pogingen kunnen u blokkeren.',
    ],
    wrong_code: [
      'De code werd niet geaccepteerd',
      'De bank staat met deze code geen poging meer toe. U kunt opnieuw inloggen.',
    ],
    login_blocked: [
      'De bank heeft deze toegang geblokkeerd',
      'Neem contact op met uw bank. We hebben het niet opnieuw geprobeerd en doen dat ook niet.',
    ],
    refused_at_bank: ['Het is geweigerd', 'Het verzoek is bij de bank geweigerd. Er is niets gedeeld.'],
    bank_timed_out: [
      'Dat duurde te lang',
      'De tijd die de bank geeft, is voorbij. Er is niets gedeeld. U kunt opnieuw beginnen.',
    ],
    consent_gone: [
      'De toestemming is bij de bank voorbij',
      'De bank kent deze toestemming niet meer. U kunt haar opnieuw geven.',
    ],
    superseded_at_bank: [
      'Een nieuwere toestemming nam de plaats in',
      'Uw bank houdt één toestemming tegelijk aan, en een nieuwere beëindigde deze. U kunt haar opnieuw geven.',
    ],
    bank_misconfigured: [
      'Er is iets niet goed ingesteld',
      'De bank weigert ons, niet u. De beheerder van deze pagina moet ernaar kijken.',
    ],
    not_supported: [
      'De bank biedt dit niet aan',
      'Ze ondersteunt niet wat gevraagd werd, bijvoorbeeld dit soort rekening.',
    ],
    bank_unexpected: [
      'Het antwoord van de bank is niet begrepen',
      'Er gaat iets mis tussen ons en de bank. Er is niets verloren.',
    ],
    no_accounts: [
      'Geen rekeningen gevonden',
      'De bank toonde met deze inlog geen rekening van dit soort. Misschien is er een ander soort.',
    ],
    login_not_linked: [
      'Deze inlog is niet gekoppeld',
      'Deze app mag alleen rekeningen lezen van wie haar beheert, en deze inlog hoort daar niet bij. Er wordt niets gebruikt. De beheerder van de app kan hem koppelen.',
    ],
    too_many_tries: [
      'Te veel pogingen',
      'Om te voorkomen dat uw toegang geblokkeerd raakt, stoppen we hier. Probeer het later opnieuw.',
    ],
    interrupted: [
      'We werden onderbroken',
      'Aan onze kant brak iets af terwijl de bank bevraagd werd. Doe deze stap nog een keer.',
    ],
  },

  own: {
    unknown_link: [
      'Deze link leidt nergens heen',
      'Misschien is hij onvolledig of niet meer geldig. Ga terug naar de app en begin daar opnieuw.',
    ],
    new_consent: [
      'Deze link is nog niet klaar',
      'De app heeft nog niet gezegd voor wie hij is. Ga terug naar de app of laat het de helpdesk weten.',
    ],
    finished: [
      'Deze link heeft zijn werk gedaan',
      'Hier is niets meer te doen. Wilt u een bank koppelen, begin dan opnieuw in de app.',
    ],
    canceled: ['Dit is geannuleerd', 'Er wordt niets mee gedeeld. U kunt vanuit de app opnieuw beginnen.'],
    expired: ['Deze link is verlopen', 'Er is niets gedeeld. Begin opnieuw vanuit de app.'],
    other_browser: [
      'Dit bezoek gaat verder in een andere browser',
      'Het inloggen bij de bank is elders begonnen. Voor uw veiligheid kan het alleen daar afgerond worden.',
    ],
    open_link_again: [
      'Open uw link nog eens',
      'Deze browser heeft de link van deze pagina niet geopend. Ga terug naar de app of open de link opnieuw.',
    ],
    no_cookie: [
      'Ga terug naar waar u begon',
      'Uw bank opende een andere browser dan die waarin u begon. Ga terug naar de eerste: die staat nog bij dezelfde stap. Hier is niets gedeeld.',
    ],
    unknown_return: [
      'Deze weg terug is niet meer geldig',
      'Hij is al gebruikt of het bezoek is voorbij. Kijk in het tabblad waarin u begon, of begin opnieuw vanuit de app.',
    ],
    handing_over: [
      'Een ogenblik',
      'Uw bank stuurde haar antwoord op een manier die alleen een klein script van deze pagina kan lezen. Gebeurt er niets, dan staan scripts uit in uw browser: sta ze toe voor deze pagina en laad haar opnieuw. Tot dan gaat er niets verloren.',
    ],
    bad_option: [
      'Deze link heeft een onbekend deel',
      'Ga terug naar de app en begin daar opnieuw, of laat het de helpdesk weten.',
    ],
    qr_over: [
      'Deze code geldt niet meer',
      'Hij geldt een minuut en voor één telefoon. Het andere scherm toont een nieuwe: scan die.',
    ],
    not_me: ['Dank u voor het opletten', 'Er is niets gedeeld. U kunt deze pagina sluiten.'],
    bad_request: ['Dat kwam niet goed aan', 'Er is niets gedaan. Ga terug en probeer het opnieuw.'],
    rate_limited: [
      'Iets rustiger graag',
      'Er kwamen te veel verzoeken van hier. Wacht een minuut en probeer het opnieuw.',
    ],
    server_error: ['Bij ons ging iets mis', 'Het ligt niet aan u. Er is niets verloren; probeer het opnieuw.'],
    database_away: [
      'Zo weer terug',
      'We kunnen nu niet bij uw bezoek. Er is niets verloren: het gaat verder bij dezelfde stap.',
    ],
  },

  guide: {
    title: 'Hulp bij het koppelen van een bank',
    lead: 'Wat u doet als iets niet gaat zoals het zou moeten.',
    back: 'Sluit deze pagina om terug te gaan naar waar u was.',
    topics: [
      {
        question: 'Ik kan mijn bank niet vinden.',
        answer: [
          'Typ uw IBAN: die leidt zeker naar uw bank.',
          'Probeer de korte naam, zonder ‘bank’ of ‘N.V.’.',
          'Een grijze bank staat in de lijst maar kan nu niet gekozen worden; de regel eronder zegt waarom.',
        ],
      },
      {
        question: 'Mijn rekening staat niet in de lijst.',
        answer: [
          'Banken houden betaalrekeningen en creditcards vaak apart. Ga terug, kies het andere soort rekening en koppel dat ook.',
          'Gezamenlijke en zakelijke rekeningen horen soms bij een andere inlog bij dezelfde bank.',
        ],
      },
      {
        question: 'Mijn inlog wordt geweigerd.',
        answer: [
          'Gebruik wat u voor internetbankieren gebruikt, niet de pincode van uw pas.',
          'Probeer het op de pagina van uw bank. Lukt het daar ook niet, dan kan alleen uw bank helpen.',
          'We herhalen een inlog nooit uit onszelf, zodat u niet geblokkeerd raakt.',
        ],
      },
      {
        question: 'Er komt geen code.',
        answer: [
          'Wacht een minuut; sms’jes kunnen traag zijn.',
          'Vraag een nieuwe code. Eerdere werken dan niet meer.',
          'Ga terug en kies een andere manier, als uw bank er meer biedt.',
        ],
      },
      {
        question: 'Mijn telefoon toont niets om goed te keuren.',
        answer: [
          'Open zelf de app van de bank; misschien staan meldingen uit.',
          'Controleer of de telefoon online is en stuur het verzoek opnieuw.',
        ],
      },
      {
        question: 'Na de bank kwam ik ergens anders uit.',
        answer: [
          'Ga terug naar het tabblad of de browser waarin u begon en laad de pagina opnieuw. Het bezoek is er nog.',
          'Op een telefoon kan de app van de bank een andere browser openen. Begin daarin opnieuw als de eerste weg is.',
        ],
      },
      {
        question: 'Ik werd onderbroken.',
        answer: [
          'Open dezelfde link opnieuw. U gaat verder waar u was, of er staat duidelijk waarom niet.',
          'Een bezoek waarin een half uur niets gebeurt, eindigt; er is dan niets gedeeld.',
        ],
      },
      {
        question: 'De code op het scherm laat zich niet scannen.',
        answer: [
          'Vergroot de pagina en maak het scherm lichter. De code verandert elke minuut.',
          'Gebruik de camera van de telefoon zelf. De telefoon moet online zijn.',
          'U kunt ook verdergaan waar u bent.',
        ],
      },
      {
        question: 'De app toont oude cijfers.',
        answer: [
          'Banken laten zich een paar keer per dag lezen. Nieuwe transacties kunnen pas na een dag verschijnen.',
          'Zegt de app dat ze u nodig heeft, verleng daar dan de koppeling.',
        ],
      },
      {
        question: 'Iemand stuurde me deze link of code.',
        answer: [
          'Gebruik hem dan niet. Wie het bezoek begon, zou uw rekeningen zien.',
          'Koppel alleen een bank als u er zelf mee begon, in de app die u gebruikt.',
        ],
      },
      {
        question: 'Ik wil stoppen met delen.',
        answer: [
          'In de app, in het overzicht van uw koppelingen hier, of bij uw bank onder gegeven toestemmingen.',
          'Het lezen stopt meteen.',
        ],
      },
    ],
    contact: 'Komt u er niet uit?',
    contactText: 'Schrijf naar de helpdesk en noem het kenmerk onderaan de pagina. Stuur nooit een wachtwoord of code.',
  },

  consent: {
    title: 'Mag {app} uw rekeningen bij {bank} lezen?',
    who: {
      heading: 'Wie vraagt',
      same: '{app}',
      behalf: '{app}, via {requester}',
      register: 'Geregistreerd als {register}.',
      requester: '{requester} vraagt het de bank namens {app}.',
      operator: 'Deze pagina wordt beheerd door {operator}.',
    },
    purpose: { heading: 'Waarvoor', given: '{purpose}', none: '{app} heeft geen doel genoemd.' },
    what: {
      heading: 'Wat er gelezen wordt',
      accounts: 'Rekeningen: naam, nummer, soort, valuta en houder.',
      balances: 'Saldi: wat geboekt is en wat beschikbaar is.',
      transactions: 'Transacties van de laatste {history} en nieuwe: datum, bedrag, omschrijving en tegenpartij.',
      transactionsOnce: 'Transacties van de laatste {history}: datum, bedrag, omschrijving en tegenpartij.',
      summary: { accounts: 'rekeningen', balances: 'saldi', transactions: 'transacties' },
      summaryLine: 'Uw {scopes} bij {bank}',
      types: 'Soorten rekening: {types}.',
      choose: 'Welke rekeningen, zegt u na het inloggen.',
      nothingElse: 'Verder niets. Er kan niet betaald en niets gewijzigd worden.',
    },
    long: {
      heading: 'Hoe lang',
      once: 'Eén keer, nu',
      onceMore: 'Daarna wordt niets meer gelezen.',
      until: 'Tot en met {until}',
      untilMore: 'Enkele keren per dag, ook als u er niet bij bent. De bank kan een eerder einde bepalen.',
      reconfirm: 'Elke {days} wordt u gevraagd of het door moet gaan.',
    },
    sharing: {
      heading: 'Wie het ziet',
      first: '{app} en via ons niemand anders',
      operator: '{operator} bewaart de gegevens voor {app}, versleuteld en alleen hiervoor.',
      further: 'Wat {app} ermee doet, staat in de eigen privacyverklaring.',
    },
    stop: {
      heading: 'Hoe u stopt',
      first: 'Altijd mogelijk: in {app}, hier of bij uw bank',
      effect: 'Het lezen stopt dan meteen. Wat eerder gelezen is, blijft bij {app} tot het gewist wordt.',
      contact: 'Of schrijf naar {email}.',
    },
  },
};
