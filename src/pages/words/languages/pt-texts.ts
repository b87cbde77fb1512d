import type { texts as english } from './en-texts.ts';

/** The longer texts, in Portuguese. */
export const texts: typeof english = {
  codes: {
    refused_on_page: ['Cancelado', 'Cancelou. Nada foi partilhado.'],
    refused_at_grant: ['Cancelado', 'Não partilhou nada, e o banco é avisado de que a autorização terminou.'],
    session_expired: ['Esta visita terminou', 'Ficou parada demasiado tempo. Pode recomeçar na aplicação.'],
    customer_erased: ['Esta visita terminou', 'A aplicação apagou os seus dados durante a visita. Nada mais é lido.'],
    bank_unavailable: [
      'O banco não responde',
      'O serviço está em baixo ou demasiado lento. Nada foi partilhado. Tente outra vez daqui a uns minutos.',
    ],
    bank_rate_limited: [
      'O banco pede-nos que esperemos',
      'Recebeu demasiados pedidos por agora. Tente outra vez daqui a uns minutos.',
    ],
    wrong_credentials: [
      'A entrada foi recusada',
      'O banco não conhece este utilizador com esta palavra-passe. Verifique primeiro na página do banco: demasiadas tentativas podem bloqueá-lo.',
    ],
    wrong_code: [
      'O código não foi aceite',
      'O banco não permite mais tentativas com este código. Pode entrar de novo.',
    ],
    login_blocked: ['O banco bloqueou este acesso', 'Fale com o seu banco. Não voltámos a tentar nem vamos tentar.'],
    refused_at_bank: ['Foi recusado', 'O pedido foi recusado no banco. Nada foi partilhado.'],
    bank_timed_out: ['Demorou demasiado', 'O prazo do banco passou. Nada foi partilhado. Pode recomeçar.'],
    consent_gone: ['A autorização terminou no banco', 'O banco já não conhece esta autorização. Pode dá-la outra vez.'],
    superseded_at_bank: [
      'Uma autorização mais recente tomou o seu lugar',
      'O banco mantém uma autorização de cada vez, e uma mais recente terminou esta. Pode dá-la outra vez.',
    ],
    bank_misconfigured: [
      'Algo não está bem configurado',
      'O banco recusa-nos a nós, não a si. O gestor desta página tem de ver.',
    ],
    not_supported: ['O banco não oferece isto', 'Não permite o que foi pedido, por exemplo este tipo de conta.'],
    bank_unexpected: ['A resposta do banco não foi entendida', 'Algo está mal entre nós e o banco. Nada se perdeu.'],
    no_accounts: [
      'Nenhuma conta encontrada',
      'O banco não mostrou contas deste tipo com estes dados. Pode haver de outro tipo.',
    ],
    login_not_linked: [
      'Este acesso não está associado',
      'Esta aplicação só pode ler contas de quem a gere, e este acesso não é um deles. Nada é utilizado. Quem gere a aplicação pode associá-lo.',
    ],
    too_many_tries: [
      'Demasiadas tentativas',
      'Para que o seu acesso não fique bloqueado, paramos aqui. Tente mais tarde.',
    ],
    interrupted: [
      'Fomos interrompidos',
      'Algo se cortou do nosso lado enquanto se perguntava ao banco. Repita este passo.',
    ],
  },

  own: {
    unknown_link: [
      'Esta ligação não leva a lado nenhum',
      'Pode estar incompleta ou já não ser válida. Volte à aplicação e recomece lá.',
    ],
    new_consent: [
      'Esta ligação ainda não está pronta',
      'A aplicação ainda não disse para quem é. Volte à aplicação ou avise o seu apoio.',
    ],
    finished: ['Esta ligação já cumpriu', 'Não há mais nada a fazer aqui. Para ligar um banco, recomece na aplicação.'],
    canceled: ['Isto foi cancelado', 'Nada é partilhado com ela. Pode recomeçar na aplicação.'],
    expired: ['Esta ligação expirou', 'Nada foi partilhado. Recomece na aplicação.'],
    other_browser: [
      'Esta visita continua noutro navegador',
      'A entrada no banco começou noutro lado. Para sua segurança, só lá pode ser terminada.',
    ],
    open_link_again: [
      'Abra a sua ligação outra vez',
      'Este navegador não abriu a ligação desta página. Volte à aplicação ou abra a ligação de novo.',
    ],
    no_cookie: [
      'Volte ao sítio onde começou',
      'O banco abriu um navegador diferente do primeiro. Volte a esse: continua aberto no mesmo passo. Aqui nada foi partilhado.',
    ],
    unknown_return: [
      'Este regresso já não é válido',
      'Já foi usado ou a visita terminou. Veja no separador onde começou ou recomece na aplicação.',
    ],
    handing_over: [
      'Um momento',
      'O banco enviou a resposta de uma forma que só um pequeno script desta página pode ler. Se nada acontecer, os scripts estão desligados no seu navegador: permita-os para esta página e recarregue-a. Até lá nada se perde.',
    ],
    bad_option: ['Esta ligação tem uma parte desconhecida', 'Volte à aplicação e recomece lá, ou avise o seu apoio.'],
    qr_over: [
      'Este código já não vale',
      'Vale um minuto e para um só telemóvel. O outro ecrã mostra um novo: leia esse.',
    ],
    not_me: ['Obrigado pelo cuidado', 'Nada foi partilhado. Pode fechar esta página.'],
    bad_request: ['Isso não chegou bem', 'Nada foi feito. Volte atrás e tente outra vez.'],
    rate_limited: ['Um pouco mais devagar', 'Vieram demasiados pedidos daqui. Espere um minuto e tente outra vez.'],
    server_error: ['Algo correu mal do nosso lado', 'A culpa não é sua. Nada se perdeu; tente outra vez.'],
    database_away: [
      'Voltamos num momento',
      'Neste momento não chegamos à sua visita. Nada se perdeu: continua no mesmo passo.',
    ],
  },

  guide: {
    title: 'Ajuda para ligar um banco',
    lead: 'O que fazer quando algo não corre como devia.',
    back: 'Feche esta página para voltar onde estava.',
    topics: [
      {
        question: 'Não encontro o meu banco.',
        answer: [
          'Escreva o seu IBAN: leva ao seu banco com certeza.',
          'Experimente o nome curto, sem «banco» nem «S.A.».',
          'Um banco a cinzento está na lista mas agora não pode ser escolhido; a linha por baixo diz porquê.',
        ],
      },
      {
        question: 'A minha conta não está na lista.',
        answer: [
          'Os bancos separam muitas vezes contas à ordem e cartões de crédito. Volte atrás, escolha o outro tipo de conta e ligue-o também.',
          'Contas conjuntas e de empresa podem ter outros dados de acesso no mesmo banco.',
        ],
      },
      {
        question: 'A minha entrada é recusada.',
        answer: [
          'Use os dados da banca online, não o PIN do cartão.',
          'Experimente na página do banco. Se também lá for recusada, só o banco pode ajudar.',
          'Nunca repetimos uma entrada por nós mesmos, para que não fique bloqueado.',
        ],
      },
      {
        question: 'Não chega nenhum código.',
        answer: [
          'Espere um minuto; os SMS podem ser lentos.',
          'Peça um novo código. Os anteriores deixam de servir.',
          'Volte atrás e escolha outra forma, se o banco oferecer várias.',
        ],
      },
      {
        question: 'O telemóvel não mostra nada para aprovar.',
        answer: [
          'Abra a aplicação do banco; as notificações podem estar desligadas.',
          'Verifique se o telemóvel tem rede e envie o pedido outra vez.',
        ],
      },
      {
        question: 'Depois do banco fui parar a outro sítio.',
        answer: [
          'Volte ao separador ou navegador onde começou e recarregue-o. A visita continua lá.',
          'Num telemóvel, a aplicação do banco pode abrir outro navegador. Recomece nesse se o primeiro já não existe.',
        ],
      },
      {
        question: 'Fui interrompido.',
        answer: [
          'Abra a mesma ligação. Continua onde ficou ou diz claramente porque não.',
          'Uma visita deixada meia hora termina; nesse caso nada foi partilhado.',
        ],
      },
      {
        question: 'O código no ecrã não se consegue ler.',
        answer: [
          'Aumente a página e a luminosidade do ecrã. O código muda a cada minuto.',
          'Use a câmara do próprio telemóvel. O telemóvel tem de ter rede.',
          'Também pode continuar onde está.',
        ],
      },
      {
        question: 'A aplicação mostra dados antigos.',
        answer: [
          'Os bancos deixam-se ler algumas vezes por dia. Um novo movimento pode demorar um dia a aparecer.',
          'Se a aplicação disser que precisa de si, renove lá a ligação.',
        ],
      },
      {
        question: 'Alguém me enviou esta ligação ou código.',
        answer: [
          'Então não o use. Quem começou a visita veria as suas contas.',
          'Ligue um banco apenas se foi você que começou, na aplicação que usa.',
        ],
      },
      {
        question: 'Quero deixar de partilhar.',
        answer: [
          'Na aplicação, no resumo das suas ligações aqui, ou no banco entre as autorizações dadas.',
          'A leitura para logo.',
        ],
      },
    ],
    contact: 'Continua sem conseguir?',
    contactText:
      'Escreva ao apoio e indique a referência no fundo da página. Nunca envie uma palavra-passe nem um código.',
  },

  consent: {
    title: 'Permitir que {app} leia as suas contas em {bank}?',
    who: {
      heading: 'Quem pede',
      same: '{app}',
      behalf: '{app}, através de {requester}',
      register: 'Registado como {register}.',
      requester: '{requester} pergunta ao banco em nome de {app}.',
      operator: 'Esta página é gerida por {operator}.',
    },
    purpose: { heading: 'Para quê', given: '{purpose}', none: '{app} não indicou uma finalidade.' },
    what: {
      heading: 'O que é lido',
      accounts: 'Contas: nome, número, tipo, moeda e titular.',
      balances: 'Saldos: o contabilístico e o disponível.',
      transactions: 'Movimentos (até {history} para trás) e os novos: data, montante, descrição e a outra parte.',
      transactionsOnce: 'Movimentos (até {history} para trás): data, montante, descrição e a outra parte.',
      summary: { accounts: 'contas', balances: 'saldos', transactions: 'movimentos' },
      summaryLine: 'Os seus dados em {bank}: {scopes}',
      types: 'Tipos de conta: {types}.',
      choose: 'Diz que contas depois de entrar.',
      nothingElse: 'Mais nada. Não se pode fazer nenhum pagamento nem alterar nada.',
    },
    long: {
      heading: 'Durante quanto tempo',
      once: 'Uma vez, agora',
      onceMore: 'Depois nada mais é lido.',
      until: 'Até {until}',
      untilMore: 'Várias vezes por dia, mesmo sem si. O banco pode marcar um fim mais próximo.',
      reconfirm: 'De {days} em {days} é-lhe perguntado se deve continuar.',
    },
    sharing: {
      heading: 'Quem vê',
      first: '{app} e mais ninguém através de nós',
      operator: '{operator} guarda os dados para {app}, cifrados e só para isto.',
      further: 'O que {app} faz com eles está no seu próprio aviso de privacidade.',
    },
    stop: {
      heading: 'Como parar',
      first: 'A qualquer momento: em {app}, aqui ou no seu banco',
      effect: 'A leitura para então logo. O que foi lido antes fica em {app} até ser apagado.',
      contact: 'Ou escreva para {email}.',
    },
  },
};
