import type { ManageWords } from './en.ts';

/** Italian. */
export const it: ManageWords = {
  confirm: {
    one: 'Conferma',
    all: 'Conferma tutto',
    due: (app) => `${app} può continuare a leggere solo se lo dice di nuovo. Alla banca non viene inviato nulla.`,
  },
  receipt: {
    link: 'Ricevuta',
    title: 'Ricevuta del suo consenso',
    lead: (app) => `Ecco che cosa ha permesso a ${app}, parola per parola come l’ha letto.`,
    app: 'App',
    operator: 'Gestita da',
    bank: 'Banca',
    number: 'Numero',
    state: 'Stato',
    states: {
      authorized: 'Attivo',
      expired: 'Scaduto',
      canceled: 'Terminato',
      pending: 'Non concluso',
      failed: 'Non riuscito',
    },
    agreed: 'Accettato il',
    authorized: 'Concesso il',
    ended: 'Terminato il',
    words: 'Che cosa ha accettato',
    proof: 'Prova',
    proofText: (url) => `Firmata dal gestore. Chiunque può verificarla senza di noi, con la chiave pubblica di ${url}.`,
    code: 'La prova firmata come codice QR',
    download: 'Scarica',
  },
  control: {
    title: 'Che cosa ha permesso',
    ask: 'Scriva il suo indirizzo e-mail. Se appartiene a un collegamento bancario, le mandiamo un link per vederlo e terminarlo.',
    email: 'Il suo indirizzo e-mail',
    send: 'Mandami il link',
    sentTitle: 'Guardi nella sua posta',
    sent: 'Se questo indirizzo ha permesso qualcosa, un link è in arrivo. Vale un giorno.',
    wrong: 'Questo non è un indirizzo e-mail.',
    noMail:
      'Questo server non manda e-mail. Scriva all’indirizzo qui sotto, oppure termini nell’app o presso la sua banca.',
    over: 'Questo link non vale più. Ne chieda uno nuovo.',
    lead: 'Le app che possono leggere i suoi conti. Qui non compaiono né conti né importi.',
    none: 'Al momento non è permesso nulla.',
    ended: (app) => `Terminato. ${app} non legge più nulla.`,
    sureTitle: (app) => `Terminare ciò che ${app} può leggere?`,
    erase: (email) => `Per farlo cancellare, scriva a ${email}.`,
    all: 'Torna all’elenco',
  },
  mail: {
    confirmed: {
      subject: (app) => `${app} ora può leggere i suoi conti`,
      text: (app, bank) => `Ha appena permesso a ${app} di leggere presso ${bank}:`,
      not: 'Non è stato lei? Termini subito:',
    },
    expiring: {
      subject: (app) => `${app} presto non potrà più leggere i suoi conti`,
      text: (app, bank, day) =>
        `Ciò che ha permesso a ${app} presso ${bank} termina il ${day}. Per continuare, lo rinnovi in ${app}. Per lasciarlo terminare, non serve fare nulla.`,
    },
    reconfirm: {
      subject: (app) => `${app} può continuare a leggere i suoi conti?`,
      text: (app, bank, day) =>
        `Confermi in ${app} entro il ${day} che può continuare a leggere presso ${bank}. Altrimenti la lettura si ferma da sola.`,
    },
    ended: {
      subject: (app) => `${app} non può più leggere i suoi conti`,
      text: (app, bank) =>
        `Ciò che ha permesso a ${app} presso ${bank} è terminato, e la banca ne viene informata. Ciò che è già stato letto resta a ${app} finché non viene cancellato.`,
    },
    link: {
      subject: 'Il suo link a ciò che ha permesso',
      text: 'Qui vede quali app possono leggere i suoi conti e può terminarlo. Il link vale un giorno.',
      not: 'Non l’ha chiesto? Allora non serve fare nulla.',
    },
    until: (day) => `fino al ${day}`,
    see: 'Vedere e terminare ciò che ha permesso:',
    open: 'Apri',
    questions: (email) => `Domande: ${email}`,
    from: (operator) => `Inviata da ${operator}.`,
    refuse: 'Non ricevere più queste e-mail:',
  },
  refusing: {
    title: 'E-mail',
    ask: (email) => `Non mandare più queste e-mail a ${email}?`,
    button: 'Niente più e-mail',
    done: (email) => `Queste e-mail non vanno più a ${email}.`,
    again: 'Mandarle di nuovo',
    wanted: (email) => `Queste e-mail vanno di nuovo a ${email}.`,
    over: 'Questo link non funziona più.',
  },
};
