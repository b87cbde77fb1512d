import { pluralsOf } from '../formats.ts';
import type { Words } from './en.ts';
import { texts } from './it-texts.ts';

const plural = pluralsOf('it');

/** Every word the hosted page says, in Italian. */
export const it: Words = {
  name: 'Italiano',

  page: {
    test: 'Modalità di prova: banche fittizie, nessun conto reale',
    testLabel: 'Modalità di prova',
    step: (at, of, name) => `Passo ${at} di ${of}: ${name}`,
    steps: ['Scegliere la banca', 'Dare il consenso', 'Accedere alla banca', 'Scegliere i conti'],
    skip: 'Vai al contenuto',
    back: 'Indietro',
    refuse: 'Annulla',
    next: 'Continua',
    bankSays: (bank) => `${bank} comunica`,
    appSays: (app) => `${app} comunica`,
    reference: 'Riferimento',
    run: (operator) => `Questa pagina è gestita da ${operator}.`,
    privacy: 'Privacy',
    terms: 'Condizioni',
    sent: 'Un momento…',
    offline: 'Al momento nessuna connessione. Continuiamo a provare.',
    newTab: 'si apre in una nuova scheda',
    yourBank: 'la Sua banca',
    language: 'Lingua',
  },

  how: {
    title: 'Come funziona',
    read: 'Sola lettura. Nessuno può pagare, trasferire o cambiare qualcosa.',
    secret: (app) => `Le credenziali vanno alla Sua banca. ${app} non le vede mai.`,
    stop: 'Decide Lei che cosa condividere e può fermarlo in ogni momento.',
  },

  help: {
    title: 'Aiuto',
    guide: 'Aiuto passo per passo',
    contact: (app) => `Domande su ${app}:`,
    operator: (operator) => `Domande su questa pagina (${operator}):`,
    tips: {
      intro: 'Se non ha iniziato Lei, o se qualcuno Le ha mandato il link, annulli. Nulla è stato condiviso.',
      bank: 'L’IBAN è sulla carta o sull’estratto conto; con quello la banca si trova di sicuro.',
      account_type: 'In dubbio? Scelga il conto su cui arriva lo stipendio. Potrà aggiungerne altri.',
      agree: 'Può terminarlo in ogni momento: nell’app, qui o presso la banca.',
      sign_in:
        'Usi le credenziali dell’online banking. Se vengono rifiutate, provi prima sul sito della banca, per non essere bloccato.',
      code: 'Un codice vale una volta e pochi minuti. Se non arriva, ne chieda un altro o torni indietro e scelga un altro modo.',
      redirect: 'Non si apre nulla? Prema il pulsante. Alla fine la banca La riporta qui da sola.',
      wait: 'Nessun messaggio sul telefono? Apra Lei l’app della banca e cerchi una richiesta in attesa.',
      grant: 'I conti non selezionati non vengono salvati né condivisi.',
      other: 'Può chiudere questa pagina e riaprire lo stesso link: si riprende da dove era rimasto.',
    },
  },

  scopes: {
    accounts: 'I Suoi conti: nome, numero, tipo e intestatario',
    balances: 'I Suoi saldi',
    transactions: 'I Suoi movimenti: data, importo, causale e controparte',
  },
  accountTypes: {
    checking: 'Conti correnti',
    savings: 'Conti di risparmio',
    credit_card: 'Carte di credito',
    loan: 'Prestiti',
    wallet: 'Portafogli elettronici',
    investment: 'Investimenti',
    other: 'Altri conti',
  },
  accountType: {
    checking: 'Conto corrente',
    savings: 'Conto di risparmio',
    credit_card: 'Carta di credito',
    loan: 'Prestito',
    wallet: 'Portafoglio elettronico',
    investment: 'Conto d’investimento',
    other: 'Conto',
  },
  sca: {
    redirected: 'Accede sulla pagina della banca.',
    embedded: 'Accede qui e inserisce il codice inviato dalla banca.',
    decoupled: 'Approva nell’app della banca.',
  },

  intro: {
    title: {
      connect: (app) => `${app} vorrebbe leggere i Suoi conti bancari`,
      management: (app) => `Le Sue connessioni bancarie per ${app}`,
      synchronization: (app) => `${app} vorrebbe aggiornare i Suoi conti`,
    },
    wants: 'Che cosa verrebbe letto',
    bank: 'Banca',
    purpose: 'Scopo',
    returns: 'Dopo torna a',
    resumes: 'È già stato qui. Può riprendere da dove era rimasto.',
    manage: 'Veda quali banche sono collegate, rinnovi o termini una connessione, o aggiunga un’altra banca.',
    yours: (app) =>
      `Continui solo se ha iniziato Lei stesso in ${app}. Se qualcuno Le ha mandato questo link, annulli.`,
    refuse: 'No, annulla',
  },

  bank: {
    title: 'Di quale banca si tratta?',
    label: 'Cerchi la Sua banca',
    hint: 'Nome, IBAN, BIC, codice ABI, sort code o città',
    search: 'Cerca',
    found: (count) => plural(count, { one: '# banca', other: '# banche' }),
    foundMore: (count) => `Le prime ${count}. Scriva qualcosa in più per vedere quella giusta.`,
    none: (query) => `Nessun risultato per «${query}».`,
    noneHint: 'Controlli come è scritto o inserisca l’IBAN: porta di sicuro alla Sua banca.',
    noneTell: (operator) => `Una banca non in elenco non si può ancora collegare. Può segnalarla a ${operator}:`,
    tell: 'Segnala una banca mancante',
    tellSubject: (query) => `Banca mancante: ${query}`,
    down: 'La ricerca al momento non risponde. Prema di nuovo «Cerca» tra poco.',
    last: 'Usata l’ultima volta',
    choices: 'Banche',
    within: (country) => `Solo banche in questo Paese: ${country}`,
    everywhere: 'Cerca ovunque',
    troubled: 'Ha problemi in questo momento',
    healthDown: 'Non raggiungibile in questo momento',
    needs_setup: 'Non ancora configurata qui',
    no_address: 'Nessun accesso noto',
    account_type: 'Non offre questo tipo di conto',
  },

  unavailable: {
    title: {
      down: (bank) => `${bank} al momento non è raggiungibile`,
      not_supported: (bank) => `${bank} non si può collegare`,
      needs_setup: (bank) => `${bank} non è ancora configurata qui`,
      no_address: (bank) => `${bank} non può ancora essere collegata`,
      unknown: () => 'Non conosciamo questa banca',
    },
    text: {
      down: 'Il servizio della banca non risponde. Di solito passa in pochi minuti. I Suoi conti non ne risentono.',
      not_supported: 'Questa banca, o questo tipo di conto, non offre l’accesso necessario.',
      needs_setup: 'Il gestore di questa pagina deve ancora registrarsi presso questa banca.',
      no_address:
        'Non è noto alcun indirizzo al quale questa banca risponda. La banca può dire se offre FinTS o un’interfaccia per le informazioni sui conti.',
      unknown: 'Il link indica una banca che non è nel nostro elenco.',
    },
    retry: 'Prova comunque',
    other: 'Scegli un’altra banca',
  },

  type: {
    title: 'Quale tipo di conto?',
    lead: (bank) => `${bank} li tiene separati. Ne scelga uno ora; potrà collegare gli altri dopo.`,
    not: (types) => `Non compresi: ${types}`,
  },

  agree: {
    more: 'In dettaglio',
    store: (bank) => `Conserva le mie credenziali per ${bank}`,
    storeHint: (app) =>
      `Così i Suoi conti si possono aggiornare senza di Lei. Le credenziali sono conservate cifrate, non servono ad altro e vengono distrutte quando termina la connessione. ${app} non le riceve. Lasci vuoto se preferisce accedere ogni volta.`,
    replaces: (bank) =>
      `${bank} mantiene un solo permesso per persona. Se continua, una connessione precedente con questa banca può terminare.`,
    linked: (bank, accounts, read) =>
      `Ha già collegato ${bank}${accounts ? `: ${accounts}` : ''}${read ? `, letto l’ultima volta il ${read}` : ''}. Con le stesse credenziali, rinnovi quel collegamento. Continui qui sotto solo con altre credenziali.`,
    renew: 'Rinnova quel collegamento',
    agree: (bank) => `Accetto, vai a ${bank}`,
    agreeHere: 'Accetto e continuo',
    refuse: 'Non accetto',
  },

  step: {
    signIn: (bank) => `Acceda a ${bank}`,
    signInLead: (bank, app) => `Come per l’online banking. Va a ${bank}; ${app} non lo vede.`,
    code: 'Inserisca il codice',
    codeLead: (bank) => `${bank} chiede un codice per essere sicura che sia Lei.`,
    method: 'Come vuole confermare?',
    device: 'Quale dispositivo?',
    accounts: 'Quali conti?',
    chooseLead: (bank) => `Questi sono i modi che ${bank} Le offre.`,
    accountsLead: (bank) => `${bank} deve sapere di quali conti si tratta.`,
    fields: {
      user_id: 'Nome utente',
      corporate_id: 'Numero azienda o cliente',
      password: 'Password o PIN',
      second_password: 'Seconda password',
      code: 'Codice',
      iban: 'IBAN',
      text: 'Risposta',
    },
    methodIs: 'Inviato tramite',
    picture: (bank) => `Immagine di ${bank} per il Suo lettore o la Sua app fotografica`,
    flicker: (bank) => `Codice lampeggiante di ${bank} per il Suo lettore di carte`,
    flickerHint:
      'Inserisca la carta nel lettore, avvii il lampeggio a una velocità e avvicini il lettore alle barre. Tiri l’angolo dell’immagine finché le barre esterne combaciano con i segni del lettore. Se non può vederla: scelga un altro modo presso la banca.',
    flickerStill: 'Fermo',
    flickerSlow: 'Lento',
    flickerUsual: 'Normale',
    flickerFast: 'Veloce',
    flickerWidth: 'Larghezza',
    flickerWidths: ['Stretta', 'Media', 'Larga'],
    pictureLink: (host) => `Apri l’immagine della banca su ${host}`,
    confirm: 'Conferma',
    send: 'Accedi',
    again: 'Invia un nuovo codice',
    againPush: 'Invia di nuovo la richiesta',
    check: 'Ho approvato',
    tries: (count) => plural(count, { one: 'Resta un tentativo.', other: 'Restano # tentativi.' }),
    notices: {
      wrong_credentials: 'La banca non ha accettato questi dati. Controlli quanto ha scritto e riprovi.',
      wrong_code: 'Il codice non era giusto. Riprovi.',
      code_sent_again: 'Un nuovo codice è in arrivo. I precedenti non valgono più.',
      once_more: 'Grazie. La banca lo chiede due volte: prima per elencare i conti, ora per permetterne la lettura.',
      signers:
        'Grazie, la Sua parte è fatta. La banca vuole che approvi anche un’altra persona. Può chiudere questa pagina: per sette giorni si prosegue da soli appena è fatto.',
      bank_message: 'Un messaggio della Sua banca:',
    },
    redirect: (bank) => `Ora si va a ${bank}`,
    redirectLead: (bank) => `Accede sulla pagina di ${bank} e poi torna qui automaticamente.`,
    redirectHost: 'La pagina della banca è su',
    redirectGo: (bank) => `Vai a ${bank}`,
    redirectAuto: 'Si prosegue da soli tra un momento.',
    redirectBad: 'La banca ha inviato un indirizzo che non si può aprire. Annulli e avvisi l’assistenza.',
    wait: (bank) => `Approvi nell’app di ${bank}`,
    waitOthers: 'Anche un’altra persona deve approvare',
    waitLead: (bank) => `${bank} ha inviato una richiesta al Suo telefono.`,
    waitHow: 'Che cosa fare',
    waitSteps: (bank) => [
      `Apra l’app di ${bank}.`,
      'Approvi la richiesta di leggere i Suoi conti.',
      'Torni qui: questa pagina prosegue da sola.',
    ],
    waitUntil: (minutes) => `Di solito basta meno di un minuto. La banca aspetta fino a ${minutes}.`,
    againLeft: (count) =>
      plural(count, { one: 'Si può inviare ancora una volta.', other: 'Si può inviare ancora # volte.' }),
    againNone: 'In questa visita non si può più inviare.',
    cannot: 'Non posso usare l’app',
    cannotPoints: [
      'Il telefono è senza rete o l’app non è attivata? La richiesta aspetta finché è pronto.',
      'Forse la banca offre un altro modo, come un SMS. Torni indietro di un passo per sceglierlo.',
      'Oppure annulli: nulla è stato condiviso.',
    ],
  },

  handover: {
    title: 'Inserisca le sei cifre',
    text: (bank) => `È tornato da ${bank} in un altro browser. Mostra sei cifre: le inserisca qui.`,
    textPhone: 'Il Suo telefono mostra sei cifre: le inserisca qui.',
    careful:
      'Inserisca solo cifre che vede Lei stesso, sul Suo dispositivo. Quelle che qualcuno Le manda non sono Sue.',
    label: 'Sei cifre',
    wrong: (left) =>
      plural(left, { one: 'Non era giusto. Resta un tentativo.', other: 'Non era giusto. Restano # tentativi.' }),
    send: 'Avanti',
  },

  phone: {
    offer: 'Continua sul telefono',
    title: 'Continuare sul telefono?',
    lead: (bank) =>
      `Inquadri questo codice con la fotocamera del telefono: lì ${bank} è a portata di mano. Questa pagina La segue.`,
    code: 'Codice QR che apre questa visita sul Suo telefono',
    fresh: 'Vale un minuto e per un solo telefono. Uno nuovo arriva da solo.',
    here: 'Continua su questo dispositivo',
    carried: 'Continui sul telefono',
    carriedText: 'Il telefono ha preso il posto di questo schermo. La pagina segue e prosegue da sola.',
    takeBack: 'Riporta su questo dispositivo',
    welcome: (app) => `Continuare qui per ${app}?`,
    welcomeText: (app) =>
      `Ha inquadrato un codice su un altro schermo. Continui solo se quello schermo è Suo e ha iniziato Lei stesso in ${app}.`,
    begunFor: 'Iniziato per',
    go: 'Sì, continua qui',
    notMe: 'Non sono io',
    digits: 'Inserisca queste cifre sull’altro schermo',
    digitsText: (app) => `Manca un passo: le inserisca dove ha iniziato con ${app}. Valgono cinque minuti.`,
    digitsCareful: 'Le inserisca Lei stesso, sul Suo schermo. Non le dica a nessuno, chiunque le chieda.',
    done: 'Continui sull’altro schermo',
    doneText: 'Questo telefono ha fatto la sua parte. Può chiudere questa pagina.',
  },

  working: {
    title: 'Un momento',
    text: (bank) => `Stiamo parlando con ${bank}. Questa pagina prosegue da sola.`,
    check: 'Guarda di nuovo',
  },

  trouble: {
    actions: { retry: 'Riprova', other_bank: 'Scegli un’altra banca', return: 'Fermati e torna' },
    quoteReference: 'Se chiede aiuto, indichi',
    turn: {
      person: () => 'Può fare qualcosa Lei stesso.',
      bank: () => 'Dipende dalla banca. Lei non ha sbagliato nulla.',
      app: (app) => `Dipende da ${app}.`,
      operator: (_, operator) => `Dipende da ${operator}, che gestisce questa pagina.`,
    },
    write: (name) => `Scrivi a ${name}`,
    codes: texts.codes,
  },

  grant: {
    title: 'Quali conti condividere?',
    titleShown: 'Questi conti saranno condivisi',
    lead: (app, count) =>
      plural(count, {
        one: `Abbiamo trovato un conto. Lo selezioni per condividerlo con ${app}.`,
        other: `Abbiamo trovato # conti. Selezioni quelli da condividere con ${app}.`,
      }),
    leadShown: (bank) => `Li ha scelti presso ${bank}.`,
    renews:
      'Ha già collegato queste credenziali. Condividendo si rinnova quel collegamento; nulla viene collegato due volte.',
    legend: 'Conti',
    what: 'Che cosa ha accettato',
    grant: 'Condividi e termina',
    refuse: 'Non condividere nulla',
    ending: (ending) => `che termina con ${ending}`,
  },

  overview: {
    title: 'Le Sue connessioni bancarie',
    lead: (app) => `Che cosa può leggere ${app}, e fino a quando.`,
    none: 'Nessuna banca è ancora collegata.',
    status: { active: 'Attiva', action_required: 'La aspetta', disconnected: 'Terminata' },
    reads: 'Legge',
    shortScopes: { accounts: 'conti', balances: 'saldi', transactions: 'movimenti' },
    since: 'Collegata il',
    until: 'Fino al',
    reconfirm: 'Da confermare entro il',
    last: 'Ultima lettura il',
    never: 'non ancora',
    renew: 'Rinnova',
    revoke: 'Termina',
    forBank: (verb, bank) => `${verb}: ${bank}`,
    add: 'Aggiungi una banca',
    leave: 'Fatto',
    sureTitle: (bank) => `Terminare la connessione con ${bank}?`,
    sureText: (app) =>
      `La lettura si ferma subito e la banca viene avvisata. Quanto ${app} ha già letto resta lì finché non viene cancellato.`,
    sure: 'Sì, termina',
    keep: 'No, mantieni',
  },

  ended: {
    title: { finished: 'Fatto', canceled: 'Annullato', failed: 'Non ha funzionato', expired: 'Questa visita è finita' },
    titleConnected: (bank) => `${bank} è collegata`,
    text: {
      finished: 'È tutto a posto.',
      canceled: 'Nulla è stato condiviso.',
      failed: 'Nulla è stato condiviso. Può ricominciare dall’app.',
      expired: 'È rimasta ferma troppo a lungo. Può ricominciare dall’app.',
    },
    accounts: (count, app) =>
      plural(count, { one: `Un conto è condiviso con ${app}.`, other: `# conti sono condivisi con ${app}.` }),
    back: (app) => `Torna a ${app}`,
    going: (host) => `La riportiamo a ${host}.`,
    close: 'Può chiudere questa pagina.',
  },

  own: texts.own,
  ownRetry: 'Riprova',
  ownOption: (name) => `La parte si chiama «${name}».`,
  ownDigits: 'Se è stato Lei a iniziare là, inserisca là queste cifre entro cinque minuti. Non le dica a nessuno:',
  guide: texts.guide,

  consent: texts.consent,
};
