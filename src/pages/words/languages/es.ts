import { pluralsOf } from '../formats.ts';
import type { Words } from './en.ts';
import { texts } from './es-texts.ts';

const plural = pluralsOf('es');

/** Every word the hosted page says, in Spanish. */
export const es: Words = {
  name: 'Español',

  page: {
    test: 'Modo de prueba: bancos ficticios, ninguna cuenta real',
    testLabel: 'Modo de prueba',
    step: (at, of, name) => `Paso ${at} de ${of}: ${name}`,
    steps: ['Elegir el banco', 'Dar su acuerdo', 'Identificarse', 'Elegir las cuentas'],
    skip: 'Ir al contenido',
    back: 'Atrás',
    refuse: 'Cancelar',
    next: 'Continuar',
    bankSays: (bank) => `${bank} dice`,
    appSays: (app) => `${app} dice`,
    reference: 'Referencia',
    run: (operator) => `Esta página la gestiona ${operator}.`,
    privacy: 'Privacidad',
    terms: 'Condiciones',
    sent: 'Un momento…',
    offline: 'Ahora mismo no hay conexión. Seguimos intentándolo.',
    newTab: 'se abre en una pestaña nueva',
    yourBank: 'su banco',
    language: 'Idioma',
  },

  how: {
    title: 'Cómo funciona',
    read: 'Solo lectura. Nadie puede pagar, transferir ni cambiar nada con esto.',
    secret: (app) => `Sus claves van a su banco. ${app} nunca las ve.`,
    stop: 'Usted decide qué se comparte y puede pararlo en cualquier momento.',
  },

  help: {
    title: 'Ayuda',
    guide: 'Ayuda paso a paso',
    contact: (app) => `Preguntas sobre ${app}:`,
    operator: (operator) => `Preguntas sobre esta página (${operator}):`,
    tips: {
      intro: 'Si no lo ha empezado usted, o alguien le ha enviado el enlace, cancele. No se ha compartido nada.',
      bank: 'Su IBAN está en su tarjeta o en su extracto; con él se encuentra su banco con seguridad.',
      account_type: '¿Duda? Elija la cuenta donde cobra su sueldo. Luego puede añadir otras.',
      agree: 'Puede terminarlo en cualquier momento: en la aplicación, aquí o en su banco.',
      sign_in:
        'Use sus claves de banca en línea. Si se rechazan, pruebe antes en la página de su banco para no quedar bloqueado.',
      code: 'Un código sirve una vez y unos minutos. Si no llega, pida otro o vuelva atrás y elija otra forma.',
      redirect: '¿No se abre nada? Pulse el botón. Cuando termine, el banco le devuelve aquí por sí solo.',
      wait: '¿Ningún mensaje en el móvil? Abra usted la aplicación del banco y busque una solicitud pendiente.',
      grant: 'Las cuentas sin marcar no se guardan ni se comparten.',
      other: 'Puede cerrar esta página y abrir de nuevo el mismo enlace: sigue donde lo dejó.',
    },
  },

  scopes: {
    accounts: 'Sus cuentas: nombre, número, tipo y titular',
    balances: 'Sus saldos',
    transactions: 'Sus movimientos: fecha, importe, concepto y la otra parte',
  },
  accountTypes: {
    checking: 'Cuentas corrientes',
    savings: 'Cuentas de ahorro',
    credit_card: 'Tarjetas de crédito',
    loan: 'Préstamos',
    wallet: 'Monederos',
    investment: 'Inversiones',
    other: 'Otras cuentas',
  },
  accountType: {
    checking: 'Cuenta corriente',
    savings: 'Cuenta de ahorro',
    credit_card: 'Tarjeta de crédito',
    loan: 'Préstamo',
    wallet: 'Monedero',
    investment: 'Cuenta de inversión',
    other: 'Cuenta',
  },
  sca: {
    redirected: 'Se identifica en la página del propio banco.',
    embedded: 'Se identifica aquí y escribe el código que envía su banco.',
    decoupled: 'Lo aprueba en la aplicación del banco.',
  },

  intro: {
    title: {
      connect: (app) => `${app} quiere leer sus cuentas bancarias`,
      management: (app) => `Sus conexiones bancarias para ${app}`,
      synchronization: (app) => `${app} quiere actualizar sus cuentas`,
    },
    wants: 'Lo que se leería',
    bank: 'Banco',
    purpose: 'Finalidad',
    returns: 'Después vuelve a',
    resumes: 'Ya ha estado aquí. Puede seguir donde lo dejó.',
    manage: 'Vea qué bancos están conectados, renueve o termine una conexión, o añada otro banco.',
    yours: (app) => `Siga solo si lo ha empezado usted en ${app}. Si alguien le ha enviado este enlace, cancele.`,
    refuse: 'No, cancelar',
  },

  bank: {
    title: '¿Qué banco es?',
    label: 'Buscar su banco',
    hint: 'Nombre, IBAN, BIC, código de banco, sort code o ciudad',
    search: 'Buscar',
    found: (count) => plural(count, { one: '# banco', other: '# bancos' }),
    foundMore: (count) => `Los primeros ${count}. Escriba un poco más para ver el suyo.`,
    none: (query) => `No hay resultados para «${query}».`,
    noneHint: 'Revise cómo está escrito o escriba su IBAN: lleva a su banco con seguridad.',
    noneTell: (operator) => `Un banco que no aparece todavía no se puede conectar. Puede decírselo a ${operator}:`,
    tell: 'Avisar de que falta un banco',
    tellSubject: (query) => `Falta un banco: ${query}`,
    down: 'La búsqueda no responde ahora mismo. Pulse «Buscar» otra vez dentro de un momento.',
    last: 'Usado la última vez',
    choices: 'Bancos',
    within: (country) => `Solo bancos de ${country}`,
    everywhere: 'Buscar en todas partes',
    troubled: 'Tiene problemas ahora mismo',
    healthDown: 'No responde ahora mismo',
    needs_setup: 'Aún no está configurado aquí',
    no_address: 'Sin acceso conocido',
    account_type: 'No ofrece este tipo de cuenta',
  },

  unavailable: {
    title: {
      down: (bank) => `${bank} no responde ahora mismo`,
      not_supported: (bank) => `${bank} no se puede conectar`,
      needs_setup: (bank) => `${bank} aún no está configurado aquí`,
      no_address: (bank) => `${bank} todavía no se puede conectar`,
      unknown: () => 'No conocemos este banco',
    },
    text: {
      down: 'El servicio del banco no contesta. Suele pasar en unos minutos. Sus cuentas no se ven afectadas.',
      not_supported: 'Este banco, o este tipo de cuenta, no ofrece el acceso necesario.',
      needs_setup: 'El gestor de esta página aún tiene que registrarse en este banco.',
      no_address:
        'No se conoce ninguna dirección en la que responda este banco. El banco puede decir si ofrece FinTS o una interfaz de información sobre cuentas.',
      unknown: 'El enlace nombra un banco que no está en nuestro directorio.',
    },
    retry: 'Probar de todos modos',
    other: 'Elegir otro banco',
  },

  type: {
    title: '¿Qué tipo de cuenta?',
    lead: (bank) => `${bank} las separa. Elija una ahora; puede conectar las otras después.`,
    not: (types) => `No incluye: ${types}`,
  },

  agree: {
    more: 'En detalle',
    store: (bank) => `Guardar mis claves de ${bank}`,
    storeHint: (app) =>
      `Así sus cuentas se pueden actualizar sin usted. Se guardan cifradas, no se usan para nada más y se destruyen cuando termina la conexión. ${app} no las recibe. Déjelo sin marcar si prefiere identificarse cada vez.`,
    replaces: (bank) =>
      `${bank} solo mantiene un permiso por persona. Si sigue, puede terminar una conexión anterior con este banco.`,
    linked: (bank, accounts, read) =>
      `Ya ha vinculado ${bank}${accounts ? `: ${accounts}` : ''}${read ? `, leído por última vez el ${read}` : ''}. Con las mismas claves, renueve ese vínculo. Siga abajo solo con otras claves.`,
    renew: 'Renovar ese vínculo',
    agree: (bank) => `Aceptar y seguir a ${bank}`,
    agreeHere: 'Aceptar y continuar',
    refuse: 'No acepto',
  },

  step: {
    signIn: (bank) => `Identifíquese en ${bank}`,
    signInLead: (bank, app) => `Como en la banca en línea. Va a ${bank}; ${app} no lo ve.`,
    code: 'Escriba el código',
    codeLead: (bank) => `${bank} pide un código para asegurarse de que es usted.`,
    method: '¿Cómo quiere confirmar?',
    device: '¿Qué dispositivo?',
    accounts: '¿Qué cuentas?',
    chooseLead: (bank) => `Estas son las formas que le ofrece ${bank}.`,
    accountsLead: (bank) => `${bank} necesita saber de qué cuentas se trata.`,
    fields: {
      user_id: 'Usuario',
      corporate_id: 'Número de empresa o de cliente',
      password: 'Contraseña o PIN',
      second_password: 'Segunda contraseña',
      code: 'Código',
      iban: 'IBAN',
      text: 'Respuesta',
    },
    methodIs: 'Enviado por',
    picture: (bank) => `Imagen de ${bank} para su lector o su aplicación de fotos`,
    flicker: (bank) => `Código parpadeante de ${bank} para su lector de tarjetas`,
    flickerHint:
      'Ponga la tarjeta en el lector, inicie el parpadeo a una velocidad y acerque el lector a las barras. Tire de la esquina de la imagen hasta que las barras exteriores coincidan con las marcas del lector. Si no puede verlo: elija otra forma en su banco.',
    flickerStill: 'Parado',
    flickerSlow: 'Lento',
    flickerUsual: 'Normal',
    flickerFast: 'Rápido',
    flickerWidth: 'Anchura',
    flickerWidths: ['Estrecha', 'Media', 'Ancha'],
    pictureLink: (host) => `Abrir la imagen del banco en ${host}`,
    confirm: 'Confirmar',
    send: 'Identificarse',
    again: 'Enviar otro código',
    againPush: 'Enviar la solicitud otra vez',
    check: 'Ya lo he aprobado',
    tries: (count) => plural(count, { one: 'Queda un intento.', other: 'Quedan # intentos.' }),
    notices: {
      wrong_credentials: 'El banco no lo ha aceptado. Revise lo que ha escrito e inténtelo otra vez.',
      wrong_code: 'Ese código no era correcto. Inténtelo otra vez.',
      code_sent_again: 'Hay un código nuevo en camino. Los anteriores ya no sirven.',
      once_more:
        'Gracias. Su banco lo pide dos veces: primero para listar sus cuentas, ahora para permitir que se lean.',
      signers:
        'Gracias, su parte está hecha. Su banco quiere que otra persona lo apruebe también. Puede cerrar esta página: durante siete días seguimos por nuestra cuenta en cuanto lo haga.',
      bank_message: 'Un mensaje de su banco:',
    },
    redirect: (bank) => `Ahora a ${bank}`,
    redirectLead: (bank) => `Se identifica en la página de ${bank} y después vuelve aquí automáticamente.`,
    redirectHost: 'La página del banco está en',
    redirectGo: (bank) => `Ir a ${bank}`,
    redirectAuto: 'Sigue por sí solo dentro de un momento.',
    redirectBad: 'El banco envió una dirección que no se puede abrir. Cancele y avise al servicio de ayuda.',
    wait: (bank) => `Apruébelo en la aplicación de ${bank}`,
    waitOthers: 'Otra persona también debe aprobarlo',
    waitLead: (bank) => `${bank} ha enviado una solicitud a su móvil.`,
    waitHow: 'Qué hacer',
    waitSteps: (bank) => [
      `Abra la aplicación de ${bank}.`,
      'Apruebe la solicitud de leer sus cuentas.',
      'Vuelva aquí: esta página sigue por sí sola.',
    ],
    waitUntil: (minutes) => `Casi siempre basta menos de un minuto. El banco espera hasta ${minutes}.`,
    againLeft: (count) => plural(count, { one: 'Se puede enviar una vez más.', other: 'Se puede enviar # veces más.' }),
    againNone: 'No se puede enviar más en esta visita.',
    cannot: 'No puedo usar la aplicación',
    cannotPoints: [
      '¿El móvil no tiene conexión o la aplicación no está instalada? La solicitud espera mientras lo arregla.',
      'Quizá su banco ofrece otra forma, como un SMS. Vuelva un paso atrás para elegirla.',
      'O cancele: no se ha compartido nada.',
    ],
  },

  handover: {
    title: 'Escriba los seis dígitos',
    text: (bank) => `Ha vuelto de ${bank} en otro navegador. Allí se ven seis dígitos: escríbalos aquí.`,
    textPhone: 'Su móvil muestra seis dígitos: escríbalos aquí.',
    careful:
      'Escriba solo dígitos que vea usted mismo, en su propio dispositivo. Los que alguien le envía no son suyos.',
    label: 'Seis dígitos',
    wrong: (left) =>
      plural(left, { one: 'No era correcto. Queda un intento.', other: 'No era correcto. Quedan # intentos.' }),
    send: 'Seguir',
  },

  phone: {
    offer: 'Continuar en su móvil',
    title: '¿Continuar en su móvil?',
    lead: (bank) => `Escanee esto con la cámara del móvil: allí tiene ${bank} a mano. Esta página le acompaña.`,
    code: 'Código QR que abre esta visita en su móvil',
    fresh: 'Vale un minuto y para un solo móvil. Aparece otro por sí solo.',
    here: 'Seguir en este dispositivo',
    carried: 'Siga en su móvil',
    carriedText: 'Su móvil ha tomado el relevo. Esta página le acompaña y sigue por sí sola.',
    takeBack: 'Recuperarlo en este dispositivo',
    welcome: (app) => `¿Seguir aquí para ${app}?`,
    welcomeText: (app) =>
      `Ha escaneado un código de otra pantalla. Siga solo si esa pantalla es suya y lo ha empezado usted en ${app}.`,
    begunFor: 'Empezado para',
    go: 'Sí, seguir aquí',
    notMe: 'No soy yo',
    digits: 'Escriba estos dígitos en la otra pantalla',
    digitsText: (app) => `Falta un paso: escríbalos donde empezó con ${app}. Valen cinco minutos.`,
    digitsCareful: 'Escríbalos usted mismo, en su propia pantalla. No se los diga a nadie, pregunte quien pregunte.',
    done: 'Siga en la otra pantalla',
    doneText: 'Este móvil ha hecho su parte. Puede cerrar esta página.',
  },

  working: {
    title: 'Un momento',
    text: (bank) => `Estamos hablando con ${bank}. Esta página sigue por sí sola.`,
    check: 'Mirar otra vez',
  },

  trouble: {
    actions: { retry: 'Intentar otra vez', other_bank: 'Elegir otro banco', return: 'Parar y volver' },
    quoteReference: 'Si pide ayuda, indique',
    turn: {
      person: () => 'Puede hacer algo usted mismo.',
      bank: () => 'Es cosa del banco. Usted no ha hecho nada mal.',
      app: (app) => `Es cosa de ${app}.`,
      operator: (_, operator) => `Es cosa de ${operator}, que gestiona esta página.`,
    },
    write: (name) => `Escribir a ${name}`,
    codes: texts.codes,
  },

  grant: {
    title: '¿Qué cuentas se comparten?',
    titleShown: 'Se compartirán estas cuentas',
    lead: (app, count) =>
      plural(count, {
        one: `Hemos encontrado una cuenta. Márquela para compartirla con ${app}.`,
        other: `Hemos encontrado # cuentas. Marque las que quiera compartir con ${app}.`,
      }),
    leadShown: (bank) => `Las ha elegido en ${bank}.`,
    renews: 'Ya ha vinculado estas claves. Compartir renueva ese vínculo; nada se vincula dos veces.',
    legend: 'Cuentas',
    what: 'Lo que ha aceptado',
    grant: 'Compartir y terminar',
    refuse: 'No compartir nada',
    ending: (ending) => `terminada en ${ending}`,
  },

  overview: {
    title: 'Sus conexiones bancarias',
    lead: (app) => `Lo que ${app} puede leer y hasta cuándo.`,
    none: 'Aún no hay ningún banco conectado.',
    status: { active: 'Activa', action_required: 'Le espera', disconnected: 'Terminada' },
    reads: 'Lee',
    shortScopes: { accounts: 'cuentas', balances: 'saldos', transactions: 'movimientos' },
    since: 'Conectado el',
    until: 'Hasta el',
    reconfirm: 'Confirmar antes del',
    last: 'Última lectura el',
    never: 'todavía no',
    renew: 'Renovar',
    revoke: 'Terminar',
    forBank: (verb, bank) => `${verb}: ${bank}`,
    add: 'Añadir un banco',
    leave: 'Listo',
    sureTitle: (bank) => `¿Terminar la conexión con ${bank}?`,
    sureText: (app) =>
      `La lectura se detiene enseguida y se avisa al banco. Lo que ${app} ya ha leído permanece allí hasta que se borre.`,
    sure: 'Sí, terminar',
    keep: 'No, mantener',
  },

  ended: {
    title: {
      finished: 'Listo',
      canceled: 'Cancelado',
      failed: 'No ha funcionado',
      expired: 'Esta visita ha terminado',
    },
    titleConnected: (bank) => `${bank} está conectado`,
    text: {
      finished: 'Todo está en su sitio.',
      canceled: 'No se ha compartido nada.',
      failed: 'No se ha compartido nada. Puede empezar de nuevo desde la aplicación.',
      expired: 'Estuvo demasiado tiempo sin uso. Puede empezar de nuevo desde la aplicación.',
    },
    accounts: (count, app) =>
      plural(count, { one: `Se comparte una cuenta con ${app}.`, other: `Se comparten # cuentas con ${app}.` }),
    back: (app) => `Volver a ${app}`,
    going: (host) => `Le llevamos de vuelta a ${host}.`,
    close: 'Puede cerrar esta página.',
  },

  own: texts.own,
  ownRetry: 'Intentar otra vez',
  ownOption: (name) => `La parte se llama «${name}».`,
  ownDigits: 'Si fue usted quien empezó allí, escriba allí estos dígitos en cinco minutos. No se los diga a nadie:',
  guide: texts.guide,

  consent: texts.consent,
};
