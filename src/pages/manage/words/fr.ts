import type { ManageWords } from './en.ts';

/** French. */
export const fr: ManageWords = {
  confirm: {
    one: 'Confirmer',
    all: 'Tout confirmer',
    due: (app) => `${app} ne peut continuer à lire que si vous le redites. Rien n’est envoyé à la banque.`,
  },
  receipt: {
    link: 'Reçu',
    title: 'Reçu de votre consentement',
    lead: (app) => `Voici ce que vous avez permis à ${app}, mot pour mot comme vous l’avez lu.`,
    app: 'Application',
    operator: 'Exploitée par',
    bank: 'Banque',
    number: 'Numéro',
    state: 'État',
    states: {
      authorized: 'Actif',
      expired: 'Expiré',
      canceled: 'Terminé',
      pending: 'Inachevé',
      failed: 'Échoué',
    },
    agreed: 'Accepté le',
    authorized: 'Accordé le',
    ended: 'Terminé le',
    words: 'Ce que vous avez accepté',
    proof: 'Preuve',
    proofText: (url) => `Signé par l’exploitant. Chacun peut le vérifier sans nous, avec la clé publique de ${url}.`,
    code: 'La preuve signée sous forme de code QR',
    download: 'Télécharger',
  },
  control: {
    title: 'Ce que vous avez permis',
    ask: 'Saisissez votre adresse e-mail. Si elle appartient à une connexion bancaire, nous vous envoyons un lien pour la voir et y mettre fin.',
    email: 'Votre adresse e-mail',
    send: 'M’envoyer le lien',
    sentTitle: 'Regardez votre messagerie',
    sent: 'Si cette adresse a permis quelque chose, un lien est en route. Il est valable un jour.',
    wrong: 'Ce n’est pas une adresse e-mail.',
    noMail:
      'Ce serveur n’envoie pas d’e-mails. Écrivez à l’adresse ci-dessous, ou mettez-y fin dans l’application ou auprès de votre banque.',
    over: 'Ce lien n’est plus valable. Demandez-en un nouveau.',
    lead: 'Les applications qui peuvent lire vos comptes. Ni compte ni montant n’est affiché ici.',
    none: 'Rien n’est permis actuellement.',
    ended: (app) => `Terminé. ${app} ne lit plus rien.`,
    sureTitle: (app) => `Mettre fin à ce que ${app} peut lire ?`,
    erase: (email) => `Pour le faire effacer, écrivez à ${email}.`,
    all: 'Retour à la liste',
  },
  mail: {
    confirmed: {
      subject: (app) => `${app} peut maintenant lire vos comptes`,
      text: (app, bank) => `Vous venez de permettre à ${app} de lire chez ${bank} :`,
      not: 'Ce n’était pas vous ? Mettez-y fin tout de suite :',
    },
    expiring: {
      subject: (app) => `${app} ne pourra bientôt plus lire vos comptes`,
      text: (app, bank, day) =>
        `Ce que vous avez permis à ${app} chez ${bank} prend fin le ${day}. Pour continuer, renouvelez-le dans ${app}. Pour le laisser finir, ne faites rien.`,
    },
    reconfirm: {
      subject: (app) => `${app} peut-elle continuer à lire vos comptes ?`,
      text: (app, bank, day) =>
        `Veuillez confirmer dans ${app} avant le ${day} qu’elle peut continuer à lire chez ${bank}. Sinon, la lecture s’arrête d’elle-même.`,
    },
    ended: {
      subject: (app) => `${app} ne peut plus lire vos comptes`,
      text: (app, bank) =>
        `Ce que vous avez permis à ${app} chez ${bank} est terminé, et la banque en est informée. Ce qui a déjà été lu reste chez ${app} jusqu’à son effacement.`,
    },
    link: {
      subject: 'Votre lien vers ce que vous avez permis',
      text: 'Vous y voyez quelles applications peuvent lire vos comptes, et pouvez y mettre fin. Le lien est valable un jour.',
      not: 'Vous ne l’avez pas demandé ? Alors il n’y a rien à faire.',
    },
    until: (day) => `jusqu’au ${day}`,
    see: 'Voir ce que vous avez permis et y mettre fin :',
    open: 'Ouvrir',
    questions: (email) => `Questions : ${email}`,
    from: (operator) => `Envoyé par ${operator}.`,
    refuse: 'Ne plus recevoir ces e-mails :',
  },
  refusing: {
    title: 'E-mails',
    ask: (email) => `Ne plus envoyer ces e-mails à ${email} ?`,
    button: 'Plus d’e-mails',
    done: (email) => `Ces e-mails ne sont plus envoyés à ${email}.`,
    again: 'Les envoyer à nouveau',
    wanted: (email) => `Ces e-mails sont à nouveau envoyés à ${email}.`,
    over: 'Ce lien ne fonctionne plus.',
  },
};
