import { pluralsOf } from '../formats.ts';
import type { Words } from './en.ts';
import { texts } from './fr-texts.ts';

const plural = pluralsOf('fr');

/** Every word the hosted page says, in French. */
export const fr: Words = {
  name: 'Français',

  page: {
    test: 'Mode test : banques fictives, aucun compte réel',
    testLabel: 'Mode test',
    step: (at, of, name) => `Étape ${at} sur ${of} : ${name}`,
    steps: ['Choisir la banque', 'Donner votre accord', 'Vous identifier', 'Choisir les comptes'],
    skip: 'Aller au contenu',
    back: 'Retour',
    refuse: 'Annuler',
    next: 'Continuer',
    bankSays: (bank) => `${bank} indique`,
    appSays: (app) => `${app} indique`,
    reference: 'Référence',
    run: (operator) => `Cette page est exploitée par ${operator}.`,
    privacy: 'Confidentialité',
    terms: 'Conditions',
    sent: 'Un instant…',
    offline: 'Pas de connexion pour le moment. Nous réessayons.',
    newTab: 's’ouvre dans un nouvel onglet',
    yourBank: 'votre banque',
    language: 'Langue',
  },

  how: {
    title: 'Comment ça marche',
    read: 'Lecture seule. Personne ne peut payer, virer ou modifier quoi que ce soit.',
    secret: (app) => `Vos identifiants vont à votre banque. ${app} ne les voit jamais.`,
    stop: 'Vous décidez de ce qui est partagé et pouvez l’arrêter à tout moment.',
  },

  help: {
    title: 'Aide',
    guide: 'Aide pas à pas',
    contact: (app) => `Questions sur ${app} :`,
    operator: (operator) => `Questions sur cette page (${operator}) :`,
    tips: {
      intro:
        'Si vous n’avez pas commencé vous-même, ou si quelqu’un vous a envoyé ce lien, annulez. Rien n’a été partagé.',
      bank: 'Votre IBAN figure sur votre carte ou votre relevé ; il mène à coup sûr à votre banque.',
      account_type: 'Vous hésitez ? Prenez le compte qui reçoit votre salaire. Vous pourrez en ajouter d’autres.',
      agree: 'Vous pouvez y mettre fin à tout moment : dans l’application, ici ou auprès de votre banque.',
      sign_in:
        'Utilisez vos identifiants de banque en ligne. S’ils sont refusés, essayez d’abord sur le site de votre banque pour ne pas être bloqué.',
      code: 'Un code sert une fois et quelques minutes. S’il n’arrive pas, demandez-en un autre ou revenez choisir un autre moyen.',
      redirect: 'Rien ne s’ouvre ? Appuyez sur le bouton. À la fin, la banque vous ramène ici toute seule.',
      wait: 'Aucun message sur votre téléphone ? Ouvrez l’application de la banque et cherchez une demande en attente.',
      grant: 'Les comptes non cochés ne sont ni enregistrés ni partagés.',
      other: 'Vous pouvez fermer cette page et rouvrir le même lien : tout reprend là où vous étiez.',
    },
  },

  scopes: {
    accounts: 'Vos comptes : nom, numéro, type et titulaire',
    balances: 'Vos soldes',
    transactions: 'Vos opérations : date, montant, libellé et autre partie',
  },
  accountTypes: {
    checking: 'Comptes courants',
    savings: 'Comptes d’épargne',
    credit_card: 'Cartes de crédit',
    loan: 'Prêts',
    wallet: 'Portefeuilles électroniques',
    investment: 'Placements',
    other: 'Autres comptes',
  },
  accountType: {
    checking: 'Compte courant',
    savings: 'Compte d’épargne',
    credit_card: 'Carte de crédit',
    loan: 'Prêt',
    wallet: 'Portefeuille électronique',
    investment: 'Compte de placement',
    other: 'Compte',
  },
  sca: {
    redirected: 'Vous vous identifiez sur la page de la banque.',
    embedded: 'Vous vous identifiez ici et saisissez le code envoyé par la banque.',
    decoupled: 'Vous validez dans l’application de la banque.',
  },

  intro: {
    title: {
      connect: (app) => `${app} souhaite consulter vos comptes bancaires`,
      management: (app) => `Vos connexions bancaires pour ${app}`,
      synchronization: (app) => `${app} souhaite actualiser vos comptes`,
    },
    wants: 'Ce qui serait lu',
    bank: 'Banque',
    purpose: 'But',
    returns: 'Vous revenez ensuite sur',
    resumes: 'Vous êtes déjà venu ici. Vous pouvez reprendre là où vous étiez.',
    manage: 'Voyez quelles banques sont connectées, renouvelez ou arrêtez une connexion, ou ajoutez une banque.',
    yours: (app) =>
      `Ne continuez que si vous avez commencé vous-même dans ${app}. Si quelqu’un vous a envoyé ce lien, annulez.`,
    refuse: 'Non, annuler',
  },

  bank: {
    title: 'Quelle est votre banque ?',
    label: 'Chercher votre banque',
    hint: 'Nom, IBAN, BIC, code banque, sort code ou ville',
    search: 'Chercher',
    found: (count) => plural(count, { one: '# banque', other: '# banques' }),
    foundMore: (count) => `Les ${count} premières. Précisez un peu pour voir la bonne.`,
    none: (query) => `Aucun résultat pour « ${query} ».`,
    noneHint: 'Vérifiez l’orthographe ou saisissez votre IBAN : il mène à coup sûr à votre banque.',
    noneTell: (operator) =>
      `Une banque absente de la liste ne peut pas encore être connectée. Vous pouvez le dire à ${operator} :`,
    tell: 'Signaler une banque absente',
    tellSubject: (query) => `Banque absente : ${query}`,
    down: 'La recherche ne répond pas pour le moment. Appuyez de nouveau sur « Chercher » dans un instant.',
    last: 'Utilisée la dernière fois',
    choices: 'Banques',
    within: (country) => `Seulement les banques de ce pays : ${country}`,
    everywhere: 'Chercher partout',
    troubled: 'Rencontre des problèmes en ce moment',
    healthDown: 'Injoignable en ce moment',
    needs_setup: 'Pas encore configurée ici',
    no_address: 'Aucun accès connu',
    account_type: 'Ne propose pas ce type de compte',
  },

  unavailable: {
    title: {
      down: (bank) => `${bank} est injoignable pour le moment`,
      not_supported: (bank) => `${bank} ne peut pas être connectée`,
      needs_setup: (bank) => `${bank} n’est pas encore configurée ici`,
      no_address: (bank) => `${bank} ne peut pas encore être connectée`,
      unknown: () => 'Nous ne connaissons pas cette banque',
    },
    text: {
      down: 'Le service de la banque ne répond pas. Cela ne dure en général que quelques minutes. Vos comptes ne sont pas touchés.',
      not_supported: 'Cette banque, ou ce type de compte, n’offre pas l’accès nécessaire.',
      needs_setup: 'L’exploitant de cette page doit d’abord s’inscrire auprès de cette banque.',
      no_address:
        'Aucune adresse n’est connue à laquelle cette banque réponde. La banque peut dire si elle propose FinTS ou une interface d’information sur les comptes.',
      unknown: 'Le lien nomme une banque qui n’est pas dans notre annuaire.',
    },
    retry: 'Essayer quand même',
    other: 'Choisir une autre banque',
  },

  type: {
    title: 'Quel type de compte ?',
    lead: (bank) => `${bank} les sépare. Choisissez-en un ; vous pourrez connecter les autres ensuite.`,
    not: (types) => `Non compris : ${types}`,
  },

  agree: {
    more: 'En détail',
    store: (bank) => `Conserver mes identifiants pour ${bank}`,
    storeHint: (app) =>
      `Vos comptes pourront alors être actualisés sans vous. Les identifiants sont conservés chiffrés, ne servent à rien d’autre et sont détruits quand vous mettez fin à la connexion. ${app} ne les reçoit pas. Ne cochez pas si vous préférez vous identifier à chaque fois.`,
    replaces: (bank) =>
      `${bank} ne garde qu’une autorisation par personne. Si vous continuez, une connexion antérieure à cette banque peut prendre fin.`,
    linked: (bank, accounts, read) =>
      `Vous avez déjà lié ${bank}${accounts ? ` : ${accounts}` : ''}${read ? `, lu en dernier le ${read}` : ''}. Avec les mêmes identifiants, renouvelez ce lien. Ne continuez ci-dessous qu’avec d’autres identifiants.`,
    renew: 'Renouveler ce lien',
    agree: (bank) => `Accepter et continuer vers ${bank}`,
    agreeHere: 'Accepter et continuer',
    refuse: 'Je refuse',
  },

  step: {
    signIn: (bank) => `Identification : ${bank}`,
    signInLead: (bank, app) => `Comme pour la banque en ligne. Tout va à ${bank} ; ${app} ne le voit pas.`,
    code: 'Saisissez le code',
    codeLead: (bank) => `${bank} demande un code pour s’assurer que c’est bien vous.`,
    method: 'Comment voulez-vous confirmer ?',
    device: 'Quel appareil ?',
    accounts: 'Quels comptes ?',
    chooseLead: (bank) => `Voici les moyens que ${bank} vous propose.`,
    accountsLead: (bank) => `${bank} doit savoir de quels comptes il s’agit.`,
    fields: {
      user_id: 'Identifiant',
      corporate_id: 'Numéro d’entreprise ou de client',
      password: 'Mot de passe ou PIN',
      second_password: 'Second mot de passe',
      code: 'Code',
      iban: 'IBAN',
      text: 'Réponse',
    },
    methodIs: 'Envoyé par',
    picture: (bank) => `Image de ${bank} pour votre lecteur ou votre application photo`,
    flicker: (bank) => `Code clignotant de ${bank} pour votre lecteur de carte`,
    flickerHint:
      'Insérez la carte dans le lecteur, lancez le clignotement à une vitesse et tenez le lecteur devant les barres. Tirez le coin de l’image jusqu’à ce que les barres extérieures correspondent aux repères du lecteur. Si vous ne pouvez pas la voir : choisissez un autre moyen auprès de votre banque.',
    flickerStill: 'Arrêté',
    flickerSlow: 'Lent',
    flickerUsual: 'Normal',
    flickerFast: 'Rapide',
    flickerWidth: 'Largeur',
    flickerWidths: ['Étroite', 'Moyenne', 'Large'],
    pictureLink: (host) => `Ouvrir l’image de la banque sur ${host}`,
    confirm: 'Confirmer',
    send: 'S’identifier',
    again: 'Envoyer un nouveau code',
    againPush: 'Renvoyer la demande',
    check: 'J’ai validé',
    tries: (count) => plural(count, { one: 'Il reste # essai.', other: 'Il reste # essais.' }),
    notices: {
      wrong_credentials: 'La banque n’a pas accepté ces données. Vérifiez votre saisie et réessayez.',
      wrong_code: 'Ce code n’est pas le bon. Veuillez réessayer.',
      code_sent_again: 'Un nouveau code est en route. Les précédents ne fonctionnent plus.',
      once_more:
        'Merci. Votre banque le demande deux fois : d’abord pour lister vos comptes, maintenant pour en permettre la lecture.',
      signers:
        'Merci, votre part est faite. Votre banque veut qu’une autre personne valide aussi. Vous pouvez fermer cette page : pendant sept jours, tout continue de soi-même dès que c’est fait.',
      bank_message: 'Un message de votre banque :',
    },
    redirect: (bank) => `Direction ${bank}`,
    redirectLead: (bank) => `Vous vous identifiez sur la page de ${bank}, puis revenez ici automatiquement.`,
    redirectHost: 'La page de la banque se trouve sur',
    redirectGo: (bank) => `Aller à ${bank}`,
    redirectAuto: 'La suite vient toute seule dans un instant.',
    redirectBad: 'La banque a envoyé une adresse qui ne s’ouvre pas. Annulez et prévenez l’assistance.',
    wait: (bank) => `Validez dans l’application de ${bank}`,
    waitOthers: 'Une autre personne doit aussi approuver',
    waitLead: (bank) => `${bank} a envoyé une demande sur votre téléphone.`,
    waitHow: 'Que faire',
    waitSteps: (bank) => [
      `Ouvrez l’application de ${bank}.`,
      'Validez la demande de lecture de vos comptes.',
      'Revenez ici : cette page continue toute seule.',
    ],
    waitUntil: (minutes) => `Il faut le plus souvent moins d’une minute. La banque attend jusqu’à ${minutes}.`,
    againLeft: (count) =>
      plural(count, { one: 'Elle peut encore être renvoyée # fois.', other: 'Elle peut encore être renvoyée # fois.' }),
    againNone: 'Elle ne peut plus être renvoyée au cours de cette visite.',
    cannot: 'Je ne peux pas utiliser l’application',
    cannotPoints: [
      'Le téléphone est hors ligne, ou l’application pas installée ? La demande attend que vous soyez prêt.',
      'Votre banque propose peut-être un autre moyen, comme un SMS. Revenez d’une étape pour le choisir.',
      'Ou annulez : rien n’a été partagé.',
    ],
  },

  handover: {
    title: 'Saisissez les six chiffres',
    text: (bank) =>
      `Vous êtes revenu de ${bank} dans un autre navigateur. Il affiche six chiffres : saisissez-les ici.`,
    textPhone: 'Votre téléphone affiche six chiffres : saisissez-les ici.',
    careful:
      'Ne saisissez que des chiffres que vous voyez vous-même, sur votre appareil. Ceux que quelqu’un vous envoie ne sont pas les vôtres.',
    label: 'Six chiffres',
    wrong: (left) =>
      plural(left, {
        one: 'Ce n’était pas cela. Il reste # essai.',
        other: 'Ce n’était pas cela. Il reste # essais.',
      }),
    send: 'Continuer',
  },

  phone: {
    offer: 'Continuer sur votre téléphone',
    title: 'Continuer sur votre téléphone ?',
    lead: (bank) =>
      `Scannez ceci avec l’appareil photo de votre téléphone : ${bank} y est à portée de main. Cette page suivra.`,
    code: 'Code QR qui ouvre cette visite sur votre téléphone',
    fresh: 'Il vaut une minute et pour un seul téléphone. Un nouveau arrive tout seul.',
    here: 'Continuer sur cet appareil',
    carried: 'Continuez sur votre téléphone',
    carriedText: 'Votre téléphone a pris le relais. Cette page suit et continue toute seule.',
    takeBack: 'Reprendre sur cet appareil',
    welcome: (app) => `Continuer ici pour ${app} ?`,
    welcomeText: (app) =>
      `Vous avez scanné un code sur un autre écran. Ne continuez que si cet écran est le vôtre et que vous avez commencé vous-même dans ${app}.`,
    begunFor: 'Commencé pour',
    go: 'Oui, continuer ici',
    notMe: 'Ce n’est pas moi',
    digits: 'Saisissez ces chiffres sur l’autre écran',
    digitsText: (app) =>
      `Il reste une étape : saisissez-les là où vous avez commencé avec ${app}. Ils valent cinq minutes.`,
    digitsCareful: 'Saisissez-les vous-même, sur votre propre écran. Ne les dites à personne, qui que ce soit.',
    done: 'Continuez sur l’autre écran',
    doneText: 'Ce téléphone a fait sa part. Vous pouvez fermer cette page.',
  },

  working: {
    title: 'Un instant',
    text: (bank) => `Nous échangeons avec ${bank}. Cette page continue toute seule.`,
    check: 'Regarder de nouveau',
  },

  trouble: {
    actions: { retry: 'Réessayer', other_bank: 'Choisir une autre banque', return: 'Arrêter et revenir' },
    quoteReference: 'Si vous demandez de l’aide, indiquez',
    turn: {
      person: () => 'Vous pouvez agir vous-même.',
      bank: () => 'Cela vient de la banque. Vous n’avez rien fait de mal.',
      app: (app) => `Cela vient de ${app}.`,
      operator: (_, operator) => `Cela vient de ${operator}, qui exploite cette page.`,
    },
    write: (name) => `Écrire à ${name}`,
    codes: texts.codes,
  },

  grant: {
    title: 'Quels comptes partager ?',
    titleShown: 'Ces comptes seront partagés',
    lead: (app, count) =>
      plural(count, {
        one: `Nous avons trouvé # compte. Cochez-le pour le partager avec ${app}.`,
        other: `Nous avons trouvé # comptes. Cochez ceux que vous voulez partager avec ${app}.`,
      }),
    leadShown: (bank) => `Vous les avez choisis chez ${bank}.`,
    renews: 'Vous avez déjà lié ces identifiants. Partager renouvelle ce lien ; rien n’est lié deux fois.',
    legend: 'Comptes',
    what: 'Ce que vous avez accepté',
    grant: 'Partager et terminer',
    refuse: 'Ne rien partager',
    ending: (ending) => `se terminant par ${ending}`,
  },

  overview: {
    title: 'Vos connexions bancaires',
    lead: (app) => `Ce que ${app} peut lire, et jusqu’à quand.`,
    none: 'Aucune banque n’est encore connectée.',
    status: { active: 'Active', action_required: 'Vous attend', disconnected: 'Terminée' },
    reads: 'Lit',
    shortScopes: { accounts: 'comptes', balances: 'soldes', transactions: 'opérations' },
    since: 'Connectée le',
    until: 'Jusqu’au',
    reconfirm: 'À confirmer avant le',
    last: 'Dernière lecture le',
    never: 'pas encore',
    renew: 'Renouveler',
    revoke: 'Arrêter',
    forBank: (verb, bank) => `${verb} : ${bank}`,
    add: 'Ajouter une banque',
    leave: 'Terminé',
    sureTitle: (bank) => `Mettre fin à la connexion avec ${bank} ?`,
    sureText: (app) =>
      `La lecture s’arrête aussitôt et la banque est prévenue. Ce que ${app} a déjà lu y reste jusqu’à son effacement.`,
    sure: 'Oui, arrêter',
    keep: 'Non, garder',
  },

  ended: {
    title: {
      finished: 'Terminé',
      canceled: 'Annulé',
      failed: 'Cela n’a pas marché',
      expired: 'Cette visite est finie',
    },
    titleConnected: (bank) => `${bank} est connectée`,
    text: {
      finished: 'Tout est en place.',
      canceled: 'Rien n’a été partagé.',
      failed: 'Rien n’a été partagé. Vous pouvez recommencer depuis l’application.',
      expired: 'Elle est restée trop longtemps sans suite. Vous pouvez recommencer depuis l’application.',
    },
    accounts: (count, app) =>
      plural(count, { one: `# compte est partagé avec ${app}.`, other: `# comptes sont partagés avec ${app}.` }),
    back: (app) => `Retour à ${app}`,
    going: (host) => `Vous êtes ramené à ${host}.`,
    close: 'Vous pouvez fermer cette page.',
  },

  own: texts.own,
  ownRetry: 'Réessayer',
  ownOption: (name) => `Cette partie s’appelle « ${name} ».`,
  ownDigits:
    'Si c’est bien vous qui avez commencé là-bas, saisissez-y ces chiffres dans les cinq minutes. Ne les dites à personne :',
  guide: texts.guide,

  consent: texts.consent,
};
