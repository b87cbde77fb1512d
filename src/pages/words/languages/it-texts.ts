import type { texts as english } from './en-texts.ts';

/** The longer texts, in Italian. */
export const texts: typeof english = {
  codes: {
    refused_on_page: ['Annullato', 'Ha annullato. Nulla è stato condiviso.'],
    refused_at_grant: ['Annullato', 'Non ha condiviso nulla, e la banca viene avvisata che il permesso è terminato.'],
    session_expired: ['Questa visita è finita', 'È rimasta ferma troppo a lungo. Può ricominciare dall’app.'],
    customer_erased: [
      'Questa visita è finita',
      'L’app ha cancellato i Suoi dati durante la visita. Non si legge più nulla.',
    ],
    bank_unavailable: [
      'La banca non risponde',
      'Il suo servizio è assente o troppo lento al momento. Nulla è stato condiviso. Riprovi tra qualche minuto.',
    ],
    bank_rate_limited: [
      'La banca ci chiede di aspettare',
      'Ha ricevuto troppe richieste per ora. Riprovi tra qualche minuto.',
    ],
    wrong_credentials: [
      'L’accesso è stato rifiutato',
      'La banca non conosce questo nome utente con questa password. Controlli prima sul sito della banca: troppi tentativi possono bloccarla.',
    ],
    wrong_code: [
      'Il codice non è stato accettato',
      'La banca non permette altri tentativi con questo codice. Può ricominciare l’accesso.',
    ],
    login_blocked: [
      'La banca ha bloccato questo accesso',
      'Si rivolga alla Sua banca. Non abbiamo riprovato e non lo faremo.',
    ],
    refused_at_bank: ['È stato rifiutato', 'La richiesta è stata rifiutata presso la banca. Nulla è stato condiviso.'],
    bank_timed_out: [
      'È passato troppo tempo',
      'Il limite di tempo della banca è scaduto. Nulla è stato condiviso. Può ricominciare.',
    ],
    consent_gone: [
      'Il permesso è terminato presso la banca',
      'La banca non conosce più questo permesso. Può darlo di nuovo.',
    ],
    superseded_at_bank: [
      'Un permesso più recente ha preso il suo posto',
      'La banca tiene un solo permesso per volta, e uno più recente ha terminato questo. Può darlo di nuovo.',
    ],
    bank_misconfigured: [
      'Qualcosa non è configurato bene',
      'La banca rifiuta noi, non Lei. Deve occuparsene il gestore di questa pagina.',
    ],
    not_supported: ['La banca non lo offre', 'Non permette ciò che è stato chiesto, per esempio questo tipo di conto.'],
    bank_unexpected: [
      'La risposta della banca non è stata capita',
      'Qualcosa non va tra noi e la banca. Nulla è andato perso.',
    ],
    no_accounts: [
      'Nessun conto trovato',
      'La banca non ha mostrato conti di questo tipo con queste credenziali. Forse ce n’è un altro tipo.',
    ],
    login_not_linked: [
      'Questo accesso non è collegato',
      'Questa app può leggere solo i conti di chi la gestisce, e queste credenziali non ne fanno parte. Nulla viene utilizzato. Chi gestisce l’app può collegarle.',
    ],
    too_many_tries: [
      'Troppi tentativi',
      'Perché il Suo accesso non venga bloccato, ci fermiamo qui. Riprovi più tardi.',
    ],
    interrupted: [
      'Siamo stati interrotti',
      'Qualcosa si è interrotto da parte nostra mentre si chiedeva alla banca. Ripeta questo passo.',
    ],
  },

  own: {
    unknown_link: [
      'Questo link non porta da nessuna parte',
      'Forse è incompleto o non più valido. Torni all’app e ricominci da lì.',
    ],
    new_consent: [
      'Questo link non è ancora pronto',
      'L’app non ha ancora detto per chi è. Torni all’app o avvisi la sua assistenza.',
    ],
    finished: [
      'Questo link ha fatto il suo lavoro',
      'Qui non resta nulla da fare. Per collegare una banca, ricominci dall’app.',
    ],
    canceled: ['È stato annullato', 'Con questo link non si condivide nulla. Può ricominciare dall’app.'],
    expired: ['Questo link è scaduto', 'Nulla è stato condiviso. Ricominci dall’app.'],
    other_browser: [
      'Questa visita prosegue in un altro browser',
      'L’accesso alla banca è iniziato altrove. Per la Sua sicurezza si può terminare solo là.',
    ],
    open_link_again: [
      'Riapra il Suo link',
      'Questo browser non ha aperto il link di questa pagina. Torni all’app o riapra il link.',
    ],
    no_cookie: [
      'Torni dove ha iniziato',
      'La banca ha aperto un browser diverso dal primo. Torni a quello: è ancora aperto allo stesso passo. Qui nulla è stato condiviso.',
    ],
    unknown_return: [
      'Questo ritorno non è più valido',
      'È già stato usato o la visita è finita. Guardi nella scheda in cui ha iniziato, o ricominci dall’app.',
    ],
    handing_over: [
      'Un momento',
      'La banca ha inviato la risposta in un modo che solo un piccolo script di questa pagina può leggere. Se non succede nulla, gli script sono disattivati nel Suo browser: li permetta per questa pagina e la ricarichi. Fino ad allora nulla va perso.',
    ],
    bad_option: [
      'Questo link ha una parte sconosciuta',
      'Torni all’app e ricominci da lì, o avvisi la sua assistenza.',
    ],
    qr_over: [
      'Questo codice non vale più',
      'Vale un minuto e per un solo telefono. L’altro schermo ne mostra uno nuovo: inquadri quello.',
    ],
    not_me: ['Grazie per l’attenzione', 'Nulla è stato condiviso. Può chiudere questa pagina.'],
    bad_request: ['Non è arrivato bene', 'Non è stato fatto nulla. Torni indietro e riprovi.'],
    rate_limited: ['Un po’ più piano', 'Da qui sono arrivate troppe richieste. Aspetti un minuto e riprovi.'],
    server_error: ['Qualcosa è andato storto da noi', 'Non è colpa Sua. Nulla è andato perso; riprovi.'],
    database_away: [
      'Torniamo tra un momento',
      'Al momento non possiamo accedere alla Sua visita. Nulla è andato perso: prosegue allo stesso passo.',
    ],
  },

  guide: {
    title: 'Aiuto per collegare una banca',
    lead: 'Che cosa fare quando qualcosa non va come dovrebbe.',
    back: 'Chiuda questa pagina per tornare dov’era.',
    topics: [
      {
        question: 'Non trovo la mia banca.',
        answer: [
          'Inserisca l’IBAN: porta di sicuro alla Sua banca.',
          'Provi il nome breve, senza «banca» o «S.p.A.».',
          'Una banca in grigio è in elenco ma ora non si può scegliere; la riga sotto il nome dice perché.',
        ],
      },
      {
        question: 'Il mio conto non è nell’elenco.',
        answer: [
          'Le banche spesso separano conti correnti e carte di credito. Torni indietro, scelga l’altro tipo di conto e colleghi anche quello.',
          'I conti cointestati e aziendali possono avere altre credenziali nella stessa banca.',
        ],
      },
      {
        question: 'Il mio accesso viene rifiutato.',
        answer: [
          'Usi le credenziali dell’online banking, non il PIN della carta.',
          'Provi sul sito della banca. Se viene rifiutato anche lì, può aiutarla solo la banca.',
          'Non ripetiamo mai un accesso da soli, perché non venga bloccato.',
        ],
      },
      {
        question: 'Non arriva nessun codice.',
        answer: [
          'Aspetti un minuto; gli SMS possono essere lenti.',
          'Chieda un nuovo codice. I precedenti allora non valgono più.',
          'Torni indietro e scelga un altro modo, se la banca ne offre diversi.',
        ],
      },
      {
        question: 'Il telefono non mostra nulla da approvare.',
        answer: [
          'Apra Lei l’app della banca; forse le notifiche sono disattivate.',
          'Controlli che il telefono sia in rete, poi invii di nuovo la richiesta.',
        ],
      },
      {
        question: 'Dopo la banca sono finito altrove.',
        answer: [
          'Torni alla scheda o al browser in cui ha iniziato e ricarichi la pagina. La visita è ancora lì.',
          'Su un telefono l’app della banca può aprire un altro browser. Ricominci in quello se il primo non c’è più.',
        ],
      },
      {
        question: 'Sono stato interrotto.',
        answer: [
          'Riapra lo stesso link. Riprende da dove era rimasto o dice chiaramente perché no.',
          'Una visita lasciata ferma mezz’ora finisce; in quel caso nulla è stato condiviso.',
        ],
      },
      {
        question: 'Il codice sullo schermo non si riesce a leggere.',
        answer: [
          'Ingrandisca la pagina e aumenti la luminosità. Il codice cambia ogni minuto.',
          'Usi la fotocamera del telefono. Il telefono deve essere in rete.',
          'Può anche continuare dove si trova.',
        ],
      },
      {
        question: 'L’app mostra dati vecchi.',
        answer: [
          'Le banche si lasciano leggere poche volte al giorno. Un nuovo movimento può apparire dopo un giorno.',
          'Se l’app dice che ha bisogno di Lei, rinnovi lì la connessione.',
        ],
      },
      {
        question: 'Qualcuno mi ha mandato questo link o codice.',
        answer: [
          'Allora non lo usi. Chi ha iniziato la visita vedrebbe i Suoi conti.',
          'Colleghi una banca solo se ha iniziato Lei stesso, nell’app che usa.',
        ],
      },
      {
        question: 'Voglio smettere di condividere.',
        answer: [
          'Nell’app, nel riepilogo delle Sue connessioni qui, o presso la banca tra i permessi concessi.',
          'La lettura si ferma subito.',
        ],
      },
    ],
    contact: 'Ancora bloccato?',
    contactText:
      'Scriva all’assistenza e indichi il riferimento in fondo alla pagina. Non mandi mai una password o un codice.',
  },

  consent: {
    title: 'Permettere a {app} di leggere i Suoi conti presso {bank}?',
    who: {
      heading: 'Chi chiede',
      same: '{app}',
      behalf: '{app}, tramite {requester}',
      register: 'Registrato come {register}.',
      requester: '{requester} interroga la banca per conto di {app}.',
      operator: 'Questa pagina è gestita da {operator}.',
    },
    purpose: { heading: 'A che scopo', given: '{purpose}', none: '{app} non ha indicato uno scopo.' },
    what: {
      heading: 'Che cosa viene letto',
      accounts: 'Conti: nome, numero, tipo, valuta e intestatario.',
      balances: 'Saldi: quanto è contabilizzato e quanto è disponibile.',
      transactions: 'Movimenti (fino a {history} indietro) e quelli nuovi: data, importo, causale e controparte.',
      transactionsOnce: 'Movimenti (fino a {history} indietro): data, importo, causale e controparte.',
      summary: { accounts: 'conti', balances: 'saldi', transactions: 'movimenti' },
      summaryLine: 'I Suoi dati presso {bank}: {scopes}',
      types: 'Tipi di conto: {types}.',
      choose: 'Quali conti, lo dice Lei dopo l’accesso.',
      nothingElse: 'Nient’altro. Non si può fare alcun pagamento né cambiare nulla.',
    },
    long: {
      heading: 'Per quanto tempo',
      once: 'Una volta, adesso',
      onceMore: 'Dopo non si legge più nulla.',
      until: 'Fino al {until}',
      untilMore: 'Più volte al giorno, anche in Sua assenza. La banca può fissare un termine più vicino.',
      reconfirm: 'Ogni {days} Le viene chiesto se deve continuare.',
    },
    sharing: {
      heading: 'Chi lo vede',
      first: '{app} e nessun altro tramite noi',
      operator: '{operator} conserva i dati per {app}, cifrati e solo per questo.',
      further: 'Che cosa ne fa {app} è detto nella sua informativa sulla privacy.',
    },
    stop: {
      heading: 'Come fermarlo',
      first: 'In ogni momento: in {app}, qui o presso la banca',
      effect: 'La lettura si ferma subito. Quanto letto prima resta presso {app} finché non viene cancellato.',
      contact: 'Oppure scriva a {email}.',
    },
  },
};
