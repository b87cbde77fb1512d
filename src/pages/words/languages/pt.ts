import { pluralsOf } from '../formats.ts';
import type { Words } from './en.ts';
import { texts } from './pt-texts.ts';

const plural = pluralsOf('pt-PT');

/** Every word the hosted page says, in Portuguese as written in Portugal. */
export const pt: Words = {
  name: 'Português',

  page: {
    test: 'Modo de teste: bancos fictícios, nenhuma conta real',
    testLabel: 'Modo de teste',
    step: (at, of, name) => `Passo ${at} de ${of}: ${name}`,
    steps: ['Escolher o banco', 'Dar o seu acordo', 'Entrar no banco', 'Escolher as contas'],
    skip: 'Ir para o conteúdo',
    back: 'Voltar',
    refuse: 'Cancelar',
    next: 'Continuar',
    bankSays: (bank) => `${bank} diz`,
    appSays: (app) => `${app} diz`,
    reference: 'Referência',
    run: (operator) => `Esta página é gerida por ${operator}.`,
    privacy: 'Privacidade',
    terms: 'Condições',
    sent: 'Um momento…',
    offline: 'De momento não há ligação. Continuamos a tentar.',
    newTab: 'abre num novo separador',
    yourBank: 'o seu banco',
    language: 'Língua',
  },

  how: {
    title: 'Como funciona',
    read: 'Apenas leitura. Ninguém pode pagar, transferir ou alterar nada com isto.',
    secret: (app) => `Os seus dados de acesso vão para o seu banco. ${app} nunca os vê.`,
    stop: 'É você que decide o que é partilhado e pode parar a qualquer momento.',
  },

  help: {
    title: 'Ajuda',
    guide: 'Ajuda passo a passo',
    contact: (app) => `Perguntas sobre ${app}:`,
    operator: (operator) => `Perguntas sobre esta página (${operator}):`,
    tips: {
      intro: 'Se não foi você que começou, ou se alguém lhe enviou a ligação, cancele. Nada foi partilhado.',
      bank: 'O seu IBAN está no cartão ou no extrato; com ele encontra o seu banco com certeza.',
      account_type: 'Tem dúvidas? Escolha a conta onde recebe o ordenado. Pode juntar outras depois.',
      agree: 'Pode terminar a qualquer momento: na aplicação, aqui ou no seu banco.',
      sign_in:
        'Use os dados da banca online. Se forem recusados, experimente primeiro na página do banco, para não ficar bloqueado.',
      code: 'Um código serve uma vez e poucos minutos. Se não chegar, peça outro ou volte atrás e escolha outra forma.',
      redirect: 'Não abre nada? Carregue no botão. Quando terminar, o banco traz-lhe de volta sozinho.',
      wait: 'Nenhuma mensagem no telemóvel? Abra a aplicação do banco e procure um pedido à espera.',
      grant: 'As contas sem visto não são guardadas nem partilhadas.',
      other: 'Pode fechar esta página e abrir a mesma ligação outra vez: continua onde ficou.',
    },
  },

  scopes: {
    accounts: 'As suas contas: nome, número, tipo e titular',
    balances: 'Os seus saldos',
    transactions: 'Os seus movimentos: data, montante, descrição e a outra parte',
  },
  accountTypes: {
    checking: 'Contas à ordem',
    savings: 'Contas poupança',
    credit_card: 'Cartões de crédito',
    loan: 'Empréstimos',
    wallet: 'Carteiras eletrónicas',
    investment: 'Investimentos',
    other: 'Outras contas',
  },
  accountType: {
    checking: 'Conta à ordem',
    savings: 'Conta poupança',
    credit_card: 'Cartão de crédito',
    loan: 'Empréstimo',
    wallet: 'Carteira eletrónica',
    investment: 'Conta de investimento',
    other: 'Conta',
  },
  sca: {
    redirected: 'Entra na página do próprio banco.',
    embedded: 'Entra aqui e escreve o código que o banco envia.',
    decoupled: 'Aprova na aplicação do banco.',
  },

  intro: {
    title: {
      connect: (app) => `${app} gostaria de ler as suas contas bancárias`,
      management: (app) => `As suas ligações bancárias para ${app}`,
      synchronization: (app) => `${app} gostaria de atualizar as suas contas`,
    },
    wants: 'O que seria lido',
    bank: 'Banco',
    purpose: 'Finalidade',
    returns: 'Depois volta a',
    resumes: 'Já esteve aqui. Pode continuar onde ficou.',
    manage: 'Veja que bancos estão ligados, renove ou termine uma ligação, ou junte outro banco.',
    yours: (app) => `Continue apenas se foi você que começou em ${app}. Se alguém lhe enviou esta ligação, cancele.`,
    refuse: 'Não, cancelar',
  },

  bank: {
    title: 'Qual é o banco?',
    label: 'Procurar o seu banco',
    hint: 'Nome, IBAN, BIC, código do banco, sort code ou cidade',
    search: 'Procurar',
    found: (count) => plural(count, { one: '# banco', other: '# bancos' }),
    foundMore: (count) => `Os primeiros ${count}. Escreva um pouco mais para ver o certo.`,
    none: (query) => `Nada encontrado para «${query}».`,
    noneHint: 'Verifique como está escrito ou escreva o seu IBAN: leva ao seu banco com certeza.',
    noneTell: (operator) => `Um banco que não está na lista ainda não pode ser ligado. Pode dizê-lo a ${operator}:`,
    tell: 'Avisar que falta um banco',
    tellSubject: (query) => `Falta um banco: ${query}`,
    down: 'A pesquisa não responde neste momento. Carregue outra vez em «Procurar» daqui a pouco.',
    last: 'Usado da última vez',
    choices: 'Bancos',
    within: (country) => `Só bancos deste país: ${country}`,
    everywhere: 'Procurar em todo o lado',
    troubled: 'Tem problemas neste momento',
    healthDown: 'Não responde neste momento',
    needs_setup: 'Ainda não configurado aqui',
    no_address: 'Sem acesso conhecido',
    account_type: 'Não oferece este tipo de conta',
  },

  unavailable: {
    title: {
      down: (bank) => `${bank} não responde neste momento`,
      not_supported: (bank) => `${bank} não pode ser ligado`,
      needs_setup: (bank) => `${bank} ainda não está configurado aqui`,
      no_address: (bank) => `${bank} ainda não pode ser ligado`,
      unknown: () => 'Não conhecemos este banco',
    },
    text: {
      down: 'O serviço do banco não responde. Costuma passar em poucos minutos. As suas contas não são afetadas.',
      not_supported: 'Este banco, ou este tipo de conta, não oferece o acesso necessário.',
      needs_setup: 'O gestor desta página ainda tem de se registar neste banco.',
      no_address:
        'Não se conhece nenhum endereço em que este banco responda. O banco pode dizer se oferece FinTS ou uma interface de informação sobre contas.',
      unknown: 'A ligação indica um banco que não está na nossa lista.',
    },
    retry: 'Tentar mesmo assim',
    other: 'Escolher outro banco',
  },

  type: {
    title: 'Que tipo de conta?',
    lead: (bank) => `${bank} separa-as. Escolha uma agora; pode ligar as outras depois.`,
    not: (types) => `Não inclui: ${types}`,
  },

  agree: {
    more: 'Em pormenor',
    store: (bank) => `Guardar os meus dados de acesso a ${bank}`,
    storeHint: (app) =>
      `Assim as suas contas podem ser atualizadas sem si. Os dados ficam cifrados, não servem para mais nada e são destruídos quando terminar a ligação. ${app} não os recebe. Deixe vazio se preferir entrar de cada vez.`,
    replaces: (bank) =>
      `${bank} mantém apenas uma autorização por pessoa. Se continuar, uma ligação anterior a este banco pode terminar.`,
    linked: (bank, accounts, read) =>
      `Já ligou ${bank}${accounts ? `: ${accounts}` : ''}${read ? `, lido pela última vez a ${read}` : ''}. Com os mesmos dados de acesso, renove essa ligação. Continue abaixo apenas com outros dados.`,
    renew: 'Renovar essa ligação',
    agree: (bank) => `Aceitar e seguir para ${bank}`,
    agreeHere: 'Aceitar e continuar',
    refuse: 'Não aceito',
  },

  step: {
    signIn: (bank) => `Entrar em ${bank}`,
    signInLead: (bank, app) => `Como na banca online. Vai para ${bank}; ${app} não vê.`,
    code: 'Escreva o código',
    codeLead: (bank) => `${bank} pede um código para ter a certeza de que é você.`,
    method: 'Como quer confirmar?',
    device: 'Que dispositivo?',
    accounts: 'Que contas?',
    chooseLead: (bank) => `Estas são as formas que ${bank} lhe oferece.`,
    accountsLead: (bank) => `${bank} precisa de saber de que contas se trata.`,
    fields: {
      user_id: 'Utilizador',
      corporate_id: 'Número de empresa ou de cliente',
      password: 'Palavra-passe ou PIN',
      second_password: 'Segunda palavra-passe',
      code: 'Código',
      iban: 'IBAN',
      text: 'Resposta',
    },
    methodIs: 'Enviado por',
    picture: (bank) => `Imagem de ${bank} para o seu leitor ou a sua aplicação`,
    flicker: (bank) => `Código intermitente de ${bank} para o seu leitor de cartões`,
    flickerHint:
      'Ponha o cartão no leitor, inicie a intermitência a uma velocidade e aproxime o leitor das barras. Puxe o canto da imagem até as barras exteriores coincidirem com as marcas do leitor. Se não a consegue ver: escolha outra forma no seu banco.',
    flickerStill: 'Parado',
    flickerSlow: 'Lento',
    flickerUsual: 'Normal',
    flickerFast: 'Rápido',
    flickerWidth: 'Largura',
    flickerWidths: ['Estreita', 'Média', 'Larga'],
    pictureLink: (host) => `Abrir a imagem do banco em ${host}`,
    confirm: 'Confirmar',
    send: 'Entrar',
    again: 'Enviar outro código',
    againPush: 'Enviar o pedido outra vez',
    check: 'Já aprovei',
    tries: (count) => plural(count, { one: 'Resta uma tentativa.', other: 'Restam # tentativas.' }),
    notices: {
      wrong_credentials: 'O banco não aceitou. Verifique o que escreveu e tente outra vez.',
      wrong_code: 'Esse código não estava certo. Tente outra vez.',
      code_sent_again: 'Um novo código vem a caminho. Os anteriores já não servem.',
      once_more:
        'Obrigado. O banco pede isto duas vezes: primeiro para listar as contas, agora para permitir que sejam lidas.',
      signers:
        'Obrigado, a sua parte está feita. O banco quer que outra pessoa também aprove. Pode fechar esta página: durante sete dias continua sozinho assim que isso acontecer.',
      bank_message: 'Uma mensagem do seu banco:',
    },
    redirect: (bank) => `Agora para ${bank}`,
    redirectLead: (bank) => `Entra na página de ${bank} e depois volta aqui automaticamente.`,
    redirectHost: 'A página do banco está em',
    redirectGo: (bank) => `Ir para ${bank}`,
    redirectAuto: 'Continua sozinho daqui a um momento.',
    redirectBad: 'O banco enviou um endereço que não se pode abrir. Cancele e avise o apoio.',
    wait: (bank) => `Aprove na aplicação de ${bank}`,
    waitOthers: 'Outra pessoa também tem de aprovar',
    waitLead: (bank) => `${bank} enviou um pedido para o seu telemóvel.`,
    waitHow: 'O que fazer',
    waitSteps: (bank) => [
      `Abra a aplicação de ${bank}.`,
      'Aprove o pedido para ler as suas contas.',
      'Volte aqui: esta página continua sozinha.',
    ],
    waitUntil: (minutes) => `Quase sempre basta menos de um minuto. O banco espera até ${minutes}.`,
    againLeft: (count) =>
      plural(count, { one: 'Pode ser enviado mais uma vez.', other: 'Pode ser enviado mais # vezes.' }),
    againNone: 'Nesta visita já não pode ser enviado.',
    cannot: 'Não posso usar a aplicação',
    cannotPoints: [
      'O telemóvel está sem rede ou a aplicação não está ativada? O pedido espera enquanto trata disso.',
      'Talvez o banco ofereça outra forma, como um SMS. Volte um passo atrás para a escolher.',
      'Ou cancele: nada foi partilhado.',
    ],
  },

  handover: {
    title: 'Escreva os seis algarismos',
    text: (bank) => `Voltou de ${bank} noutro navegador. Ele mostra seis algarismos: escreva-os aqui.`,
    textPhone: 'O seu telemóvel mostra seis algarismos: escreva-os aqui.',
    careful:
      'Escreva apenas algarismos que você mesmo vê, no seu próprio dispositivo. Os que alguém lhe envia não são seus.',
    label: 'Seis algarismos',
    wrong: (left) =>
      plural(left, { one: 'Não estava certo. Resta uma tentativa.', other: 'Não estava certo. Restam # tentativas.' }),
    send: 'Seguir',
  },

  phone: {
    offer: 'Continuar no telemóvel',
    title: 'Continuar no telemóvel?',
    lead: (bank) => `Leia isto com a câmara do telemóvel: aí tem ${bank} à mão. Esta página acompanha.`,
    code: 'Código QR que abre esta visita no seu telemóvel',
    fresh: 'Vale um minuto e para um só telemóvel. Um novo aparece sozinho.',
    here: 'Continuar neste dispositivo',
    carried: 'Continue no telemóvel',
    carriedText: 'O seu telemóvel tomou conta da visita. Esta página acompanha e continua sozinha.',
    takeBack: 'Trazer de volta para aqui',
    welcome: (app) => `Continuar aqui para ${app}?`,
    welcomeText: (app) =>
      `Leu um código noutro ecrã. Continue apenas se esse ecrã é seu e foi você que começou em ${app}.`,
    begunFor: 'Começado para',
    go: 'Sim, continuar aqui',
    notMe: 'Não sou eu',
    digits: 'Escreva estes algarismos no outro ecrã',
    digitsText: (app) => `Falta um passo: escreva-os onde começou com ${app}. Valem cinco minutos.`,
    digitsCareful: 'Escreva-os você mesmo, no seu próprio ecrã. Não os diga a ninguém, seja quem for que pergunte.',
    done: 'Continue no outro ecrã',
    doneText: 'Este telemóvel fez a sua parte. Pode fechar esta página.',
  },

  working: {
    title: 'Um momento',
    text: (bank) => `Estamos a falar com ${bank}. Esta página continua sozinha.`,
    check: 'Ver outra vez',
  },

  trouble: {
    actions: { retry: 'Tentar outra vez', other_bank: 'Escolher outro banco', return: 'Parar e voltar' },
    quoteReference: 'Se pedir ajuda, indique',
    turn: {
      person: () => 'Pode fazer algo você mesmo.',
      bank: () => 'Isto é com o banco. Não fez nada de errado.',
      app: (app) => `Isto é com ${app}.`,
      operator: (_, operator) => `Isto é com ${operator}, que gere esta página.`,
    },
    write: (name) => `Escrever a ${name}`,
    codes: texts.codes,
  },

  grant: {
    title: 'Que contas quer partilhar?',
    titleShown: 'Estas contas serão partilhadas',
    lead: (app, count) =>
      plural(count, {
        one: `Encontrámos uma conta. Marque-a para a partilhar com ${app}.`,
        other: `Encontrámos # contas. Marque as que quer partilhar com ${app}.`,
      }),
    leadShown: (bank) => `Escolheu-as em ${bank}.`,
    renews: 'Já ligou estes dados de acesso. Partilhar renova essa ligação; nada é ligado duas vezes.',
    legend: 'Contas',
    what: 'O que aceitou',
    grant: 'Partilhar e terminar',
    refuse: 'Não partilhar nada',
    ending: (ending) => `terminada em ${ending}`,
  },

  overview: {
    title: 'As suas ligações bancárias',
    lead: (app) => `O que ${app} pode ler, e até quando.`,
    none: 'Ainda não há nenhum banco ligado.',
    status: { active: 'Ativa', action_required: 'À sua espera', disconnected: 'Terminada' },
    reads: 'Lê',
    shortScopes: { accounts: 'contas', balances: 'saldos', transactions: 'movimentos' },
    since: 'Ligado a',
    until: 'Até',
    reconfirm: 'Confirmar até',
    last: 'Última leitura a',
    never: 'ainda não',
    renew: 'Renovar',
    revoke: 'Terminar',
    forBank: (verb, bank) => `${verb}: ${bank}`,
    add: 'Juntar um banco',
    leave: 'Concluir',
    sureTitle: (bank) => `Terminar a ligação a ${bank}?`,
    sureText: (app) => `A leitura para logo e o banco é avisado. O que ${app} já leu fica lá até ser apagado.`,
    sure: 'Sim, terminar',
    keep: 'Não, manter',
  },

  ended: {
    title: { finished: 'Concluído', canceled: 'Cancelado', failed: 'Não resultou', expired: 'Esta visita terminou' },
    titleConnected: (bank) => `${bank} está ligado`,
    text: {
      finished: 'Está tudo pronto.',
      canceled: 'Nada foi partilhado.',
      failed: 'Nada foi partilhado. Pode recomeçar na aplicação.',
      expired: 'Ficou parada demasiado tempo. Pode recomeçar na aplicação.',
    },
    accounts: (count, app) =>
      plural(count, { one: `Uma conta é partilhada com ${app}.`, other: `# contas são partilhadas com ${app}.` }),
    back: (app) => `Voltar a ${app}`,
    going: (host) => `Está a voltar a ${host}.`,
    close: 'Pode fechar esta página.',
  },

  own: texts.own,
  ownRetry: 'Tentar outra vez',
  ownOption: (name) => `A parte chama-se «${name}».`,
  ownDigits: 'Se foi você que começou lá, escreva lá estes algarismos em cinco minutos. Não os diga a ninguém:',
  guide: texts.guide,

  consent: texts.consent,
};
