import type { ManageWords } from './en.ts';

/** Portuguese. */
export const pt: ManageWords = {
  confirm: {
    one: 'Confirmar',
    all: 'Confirmar tudo',
    due: (app) => `${app} só pode continuar a ler se o disser de novo. Nada é enviado ao banco.`,
  },
  receipt: {
    link: 'Recibo',
    title: 'Recibo do seu consentimento',
    lead: (app) => `Isto é o que permitiu a ${app}, palavra por palavra como o leu.`,
    app: 'Aplicação',
    operator: 'Operada por',
    bank: 'Banco',
    number: 'Número',
    state: 'Estado',
    states: {
      authorized: 'Ativo',
      expired: 'Expirado',
      canceled: 'Terminado',
      pending: 'Por concluir',
      failed: 'Falhado',
    },
    agreed: 'Aceite em',
    authorized: 'Concedido em',
    ended: 'Terminado em',
    words: 'O que aceitou',
    proof: 'Prova',
    proofText: (url) =>
      `Assinado pelo operador. Qualquer pessoa pode verificá-lo sem nós, com a chave pública de ${url}.`,
    code: 'A prova assinada como código QR',
    download: 'Descarregar',
  },
  control: {
    title: 'O que permitiu',
    ask: 'Escreva o seu endereço de e-mail. Se pertencer a uma ligação bancária, enviamos-lhe um link para a ver e terminar.',
    email: 'O seu endereço de e-mail',
    send: 'Enviar-me o link',
    sentTitle: 'Veja a sua caixa de correio',
    sent: 'Se este endereço permitiu alguma coisa, há um link a caminho. Vale um dia.',
    wrong: 'Isto não é um endereço de e-mail.',
    noMail: 'Este servidor não envia e-mails. Escreva para o endereço abaixo, ou termine na aplicação ou no seu banco.',
    over: 'Este link já não vale. Peça um novo.',
    lead: 'Aplicações que podem ler as suas contas. Aqui não aparecem contas nem montantes.',
    none: 'Neste momento nada está permitido.',
    ended: (app) => `Terminado. ${app} já não lê nada.`,
    sureTitle: (app) => `Terminar o que ${app} pode ler?`,
    erase: (email) => `Para que seja apagado, escreva para ${email}.`,
    all: 'Voltar a todas',
  },
  mail: {
    confirmed: {
      subject: (app) => `${app} já pode ler as suas contas`,
      text: (app, bank) => `Acabou de permitir a ${app} ler em ${bank}:`,
      not: 'Não foi você? Termine já:',
    },
    expiring: {
      subject: (app) => `${app} em breve deixa de poder ler as suas contas`,
      text: (app, bank, day) =>
        `O que permitiu a ${app} em ${bank} termina em ${day}. Para continuar, renove em ${app}. Para deixar terminar, não faça nada.`,
    },
    reconfirm: {
      subject: (app) => `${app} pode continuar a ler as suas contas?`,
      text: (app, bank, day) =>
        `Confirme em ${app} até ${day} que pode continuar a ler em ${bank}. Sem isso, a leitura para por si.`,
    },
    ended: {
      subject: (app) => `${app} já não pode ler as suas contas`,
      text: (app, bank) =>
        `O que permitiu a ${app} em ${bank} terminou, e o banco é avisado. O que já foi lido fica em ${app} até ser apagado.`,
    },
    link: {
      subject: 'O seu link para o que permitiu',
      text: 'Aqui vê que aplicações podem ler as suas contas e pode terminar isso. O link vale um dia.',
      not: 'Não o pediu? Então não é preciso fazer nada.',
    },
    until: (day) => `até ${day}`,
    see: 'Ver e terminar o que permitiu:',
    open: 'Abrir',
    questions: (email) => `Perguntas: ${email}`,
    from: (operator) => `Enviado por ${operator}.`,
    refuse: 'Não receber mais estes e-mails:',
  },
  refusing: {
    title: 'E-mail',
    ask: (email) => `Não enviar mais estes e-mails para ${email}?`,
    button: 'Sem mais e-mails',
    done: (email) => `Estes e-mails já não vão para ${email}.`,
    again: 'Enviar de novo',
    wanted: (email) => `Estes e-mails vão de novo para ${email}.`,
    over: 'Este link já não funciona.',
  },
};
