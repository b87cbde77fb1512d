import type { texts as english } from './en-texts.ts';

/** The longer texts, in French. */
export const texts: typeof english = {
  codes: {
    refused_on_page: ['Annulé', 'Vous avez annulé. Rien n’a été partagé.'],
    refused_at_grant: ['Annulé', 'Vous n’avez rien partagé, et la banque apprend que l’autorisation a pris fin.'],
    session_expired: [
      'Cette visite est finie',
      'Elle est restée trop longtemps sans suite. Vous pouvez recommencer depuis l’application.',
    ],
    customer_erased: [
      'Cette visite est finie',
      'L’application a effacé vos données pendant la visite. Plus rien n’est lu.',
    ],
    bank_unavailable: [
      'La banque ne répond pas',
      'Son service est absent ou trop lent pour le moment. Rien n’a été partagé. Réessayez dans quelques minutes.',
    ],
    bank_rate_limited: [
      'La banque nous demande d’attendre',
      'Elle a reçu trop de demandes pour le moment. Réessayez dans quelques minutes.',
    ],
    wrong_credentials: [
      'L’identification a été refusée',
      'La banque ne connaît pas cet identifiant avec ce mot de passe. Vérifiez d’abord sur le site de votre banque : trop d’essais peuvent vous bloquer.',
    ],
    wrong_code: [
      'Le code n’a pas été accepté',
      'La banque ne permet plus d’essai avec ce code. Vous pouvez recommencer l’identification.',
    ],
    login_blocked: [
      'La banque a bloqué cet accès',
      'Adressez-vous à votre banque. Nous n’avons pas réessayé et ne le ferons pas.',
    ],
    refused_at_bank: ['Demande refusée', 'La demande a été refusée auprès de la banque. Rien n’a été partagé.'],
    bank_timed_out: [
      'Cela a pris trop de temps',
      'Le délai de la banque est écoulé. Rien n’a été partagé. Vous pouvez recommencer.',
    ],
    consent_gone: [
      'L’autorisation a pris fin à la banque',
      'La banque ne connaît plus cette autorisation. Vous pouvez la donner de nouveau.',
    ],
    superseded_at_bank: [
      'Une autorisation plus récente a pris sa place',
      'Votre banque n’en garde qu’une à la fois, et une plus récente a mis fin à celle-ci. Vous pouvez la donner de nouveau.',
    ],
    bank_misconfigured: [
      'Un réglage n’est pas bon',
      'La banque nous refuse nous, pas vous. L’exploitant de cette page doit s’en occuper.',
    ],
    not_supported: [
      'La banque ne propose pas cela',
      'Elle ne permet pas ce qui a été demandé, par exemple ce type de compte.',
    ],
    bank_unexpected: [
      'La réponse de la banque est incomprise',
      'Quelque chose ne va pas entre nous et la banque. Rien n’est perdu.',
    ],
    no_accounts: [
      'Aucun compte trouvé',
      'La banque n’a montré aucun compte de ce type avec ces identifiants. Il y en a peut-être d’un autre type.',
    ],
    login_not_linked: [
      'Cet accès n’est pas autorisé',
      'Cette application ne peut lire que les comptes des personnes qui la gèrent, et cet accès n’en fait pas partie. Rien n’est utilisé. La personne qui gère l’application peut l’autoriser.',
    ],
    too_many_tries: [
      'Trop d’essais',
      'Pour que votre accès ne soit pas bloqué, nous nous arrêtons ici. Réessayez plus tard.',
    ],
    interrupted: [
      'Nous avons été interrompus',
      'Une coupure est survenue de notre côté pendant l’échange avec la banque. Refaites cette étape.',
    ],
  },

  own: {
    unknown_link: [
      'Ce lien ne mène nulle part',
      'Il est peut-être incomplet ou n’est plus valable. Revenez à l’application et recommencez.',
    ],
    new_consent: [
      'Ce lien n’est pas encore prêt',
      'L’application n’a pas encore dit pour qui il est. Revenez-y ou prévenez son assistance.',
    ],
    finished: [
      'Ce lien a fait son travail',
      'Il n’y a plus rien à faire ici. Pour connecter une banque, recommencez depuis l’application.',
    ],
    canceled: ['Ceci a été annulé', 'Rien n’est partagé par ce lien. Vous pouvez recommencer depuis l’application.'],
    expired: ['Ce lien a expiré', 'Rien n’a été partagé. Recommencez depuis l’application.'],
    other_browser: [
      'Cette visite continue dans un autre navigateur',
      'L’identification auprès de la banque a commencé ailleurs. Par sécurité, elle ne peut se terminer que là-bas.',
    ],
    open_link_again: [
      'Veuillez rouvrir votre lien',
      'Ce navigateur n’a pas ouvert le lien de cette page. Revenez à l’application ou rouvrez le lien.',
    ],
    no_cookie: [
      'Revenez là où vous avez commencé',
      'Votre banque a ouvert un autre navigateur que le vôtre. Revenez au premier : il est toujours ouvert à la même étape. Rien n’a été partagé ici.',
    ],
    unknown_return: [
      'Ce retour n’est plus valable',
      'Il a déjà servi, ou la visite est finie. Regardez dans l’onglet du début ou recommencez depuis l’application.',
    ],
    handing_over: [
      'Un instant',
      'Votre banque a envoyé sa réponse d’une façon que seul un petit script de cette page peut lire. Si rien ne se passe, les scripts sont désactivés dans votre navigateur : autorisez-les pour cette page et rechargez-la. Rien n’est perdu d’ici là.',
    ],
    bad_option: [
      'Ce lien contient une partie inconnue',
      'Revenez à l’application et recommencez, ou prévenez son assistance.',
    ],
    qr_over: [
      'Ce code n’est plus valable',
      'Il vaut une minute et pour un seul téléphone. L’autre écran en montre un nouveau : scannez celui-là.',
    ],
    not_me: ['Merci de votre vigilance', 'Rien n’a été partagé. Vous pouvez fermer cette page.'],
    bad_request: ['Cela n’est pas bien arrivé', 'Rien n’a été fait. Revenez en arrière et réessayez.'],
    rate_limited: ['Un peu moins vite', 'Trop de demandes sont venues d’ici. Attendez une minute et réessayez.'],
    server_error: [
      'Quelque chose n’a pas marché chez nous',
      'Ce n’est pas votre faute. Rien n’est perdu ; veuillez réessayer.',
    ],
    database_away: [
      'De retour dans un instant',
      'Nous n’avons pas accès à votre visite pour le moment. Rien n’est perdu : elle reprend à la même étape.',
    ],
  },

  guide: {
    title: 'Aide pour connecter une banque',
    lead: 'Que faire quand quelque chose ne va pas comme prévu.',
    back: 'Fermez cette page pour revenir là où vous étiez.',
    topics: [
      {
        question: 'Je ne trouve pas ma banque.',
        answer: [
          'Saisissez votre IBAN : il mène à coup sûr à votre banque.',
          'Essayez le nom court, sans « banque » ni « SA ».',
          'Une banque en gris figure dans la liste mais ne peut être choisie ; la ligne sous son nom dit pourquoi.',
        ],
      },
      {
        question: 'Mon compte n’est pas dans la liste.',
        answer: [
          'Les banques séparent souvent comptes courants et cartes de crédit. Revenez, choisissez l’autre type de compte et connectez-le aussi.',
          'Les comptes joints et professionnels ont parfois d’autres identifiants à la même banque.',
        ],
      },
      {
        question: 'Mon identification est refusée.',
        answer: [
          'Utilisez vos identifiants de banque en ligne, pas le code de votre carte.',
          'Essayez sur le site de votre banque. Si elle refuse aussi, elle seule peut vous aider.',
          'Nous ne répétons jamais une identification de nous-mêmes, pour que vous ne soyez pas bloqué.',
        ],
      },
      {
        question: 'Aucun code n’arrive.',
        answer: [
          'Attendez une minute ; les SMS peuvent être lents.',
          'Demandez un nouveau code. Les précédents ne fonctionnent alors plus.',
          'Revenez et choisissez un autre moyen, si votre banque en propose plusieurs.',
        ],
      },
      {
        question: 'Mon téléphone ne montre rien à valider.',
        answer: [
          'Ouvrez vous-même l’application de la banque ; les notifications sont peut-être coupées.',
          'Vérifiez que le téléphone est connecté, puis renvoyez la demande.',
        ],
      },
      {
        question: 'Après la banque, je suis arrivé ailleurs.',
        answer: [
          'Revenez à l’onglet ou au navigateur du début et rechargez la page. La visite y est toujours.',
          'Sur un téléphone, l’application de la banque peut ouvrir un autre navigateur. Recommencez dans celui-là si le premier n’est plus là.',
        ],
      },
      {
        question: 'J’ai été interrompu.',
        answer: [
          'Rouvrez le même lien. Il reprend là où vous étiez ou dit clairement pourquoi non.',
          'Une visite laissée une demi-heure prend fin ; rien n’a alors été partagé.',
        ],
      },
      {
        question: 'Le code à l’écran ne se scanne pas.',
        answer: [
          'Agrandissez la page et augmentez la luminosité. Le code change chaque minute.',
          'Utilisez l’appareil photo du téléphone. Le téléphone doit être en ligne.',
          'Vous pouvez aussi continuer là où vous êtes.',
        ],
      },
      {
        question: 'L’application montre des chiffres anciens.',
        answer: [
          'Les banques se laissent lire quelques fois par jour. Une nouvelle opération peut mettre un jour à apparaître.',
          'Si l’application dit qu’elle a besoin de vous, renouvelez-y la connexion.',
        ],
      },
      {
        question: 'Quelqu’un m’a envoyé ce lien ou ce code.',
        answer: [
          'Alors ne l’utilisez pas. La personne qui a commencé la visite verrait vos comptes.',
          'Ne connectez une banque que si vous l’avez commencé vous-même, dans l’application que vous utilisez.',
        ],
      },
      {
        question: 'Je veux arrêter le partage.',
        answer: [
          'Dans l’application, dans la vue de vos connexions ici, ou à votre banque parmi les autorisations données.',
          'La lecture s’arrête aussitôt.',
        ],
      },
    ],
    contact: 'Toujours bloqué ?',
    contactText:
      'Écrivez à l’assistance et indiquez la référence en bas de la page. N’envoyez jamais de mot de passe ni de code.',
  },

  consent: {
    title: 'Autoriser {app} à lire vos comptes chez {bank} ?',
    who: {
      heading: 'Qui demande',
      same: '{app}',
      behalf: '{app}, par l’intermédiaire de {requester}',
      register: 'Inscrit sous {register}.',
      requester: '{requester} interroge la banque pour le compte de {app}.',
      operator: 'Cette page est exploitée par {operator}.',
    },
    purpose: { heading: 'Dans quel but', given: '{purpose}', none: '{app} n’a pas indiqué de but.' },
    what: {
      heading: 'Ce qui est lu',
      accounts: 'Comptes : nom, numéro, type, devise et titulaire.',
      balances: 'Soldes : ce qui est comptabilisé et ce qui est disponible.',
      transactions: 'Opérations (ancienneté : {history}) et les nouvelles : date, montant, libellé et autre partie.',
      transactionsOnce: 'Opérations (ancienneté : {history}) : date, montant, libellé et autre partie.',
      summary: { accounts: 'comptes', balances: 'soldes', transactions: 'opérations' },
      summaryLine: 'Vos {scopes} chez {bank}',
      types: 'Types de compte : {types}.',
      choose: 'Vous dites quels comptes après vous être identifié.',
      nothingElse: 'Rien d’autre. Aucun paiement n’est possible et rien ne peut être modifié.',
    },
    long: {
      heading: 'Combien de temps',
      once: 'Une fois, maintenant',
      onceMore: 'Ensuite, plus rien n’est lu.',
      until: 'Jusqu’au {until}',
      untilMore: 'Plusieurs fois par jour, même en votre absence. La banque peut fixer une fin plus proche.',
      reconfirm: 'À intervalles de {days}, on vous demande si cela doit continuer.',
    },
    sharing: {
      heading: 'Qui le voit',
      first: '{app} et personne d’autre par nous',
      operator: '{operator} conserve les données pour {app}, chiffrées et seulement pour cela.',
      further: 'Ce que {app} en fait est dit dans sa propre notice de confidentialité.',
    },
    stop: {
      heading: 'Comment arrêter',
      first: 'À tout moment : dans {app}, ici ou à votre banque',
      effect: 'La lecture s’arrête alors aussitôt. Ce qui a été lu reste chez {app} jusqu’à son effacement.',
      contact: 'Ou écrivez à {email}.',
    },
  },
};
