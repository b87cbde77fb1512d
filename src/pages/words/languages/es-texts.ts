import type { texts as english } from './en-texts.ts';

/** The longer texts, in Spanish. */
export const texts: typeof english = {
  codes: {
    refused_on_page: ['Cancelado', 'Ha cancelado. No se ha compartido nada.'],
    refused_at_grant: ['Cancelado', 'No ha compartido nada, y se avisa al banco de que el permiso ha terminado.'],
    session_expired: [
      'Esta visita ha terminado',
      'Estuvo demasiado tiempo sin uso. Puede empezar de nuevo desde la aplicación.',
    ],
    customer_erased: [
      'Esta visita ha terminado',
      'La aplicación ha borrado sus datos durante la visita. Ya no se lee nada.',
    ],
    bank_unavailable: [
      'El banco no contesta',
      'Su servicio no está o va demasiado lento ahora mismo. No se ha compartido nada. Inténtelo dentro de unos minutos.',
    ],
    bank_rate_limited: [
      'El banco nos pide que esperemos',
      'Ha recibido demasiadas peticiones por ahora. Inténtelo dentro de unos minutos.',
    ],
    wrong_credentials: [
      'Se ha rechazado la identificación',
      'El banco no conoce este usuario con esta contraseña. Compruébelo antes en la página de su banco: demasiados intentos pueden bloquearle.',
    ],
    wrong_code: [
      'El código no se ha aceptado',
      'El banco no permite más intentos con este código. Puede empezar la identificación de nuevo.',
    ],
    login_blocked: [
      'El banco ha bloqueado este acceso',
      'Hable con su banco. No lo hemos vuelto a intentar ni lo haremos.',
    ],
    refused_at_bank: ['Solicitud rechazada', 'La solicitud se ha rechazado en el banco. No se ha compartido nada.'],
    bank_timed_out: [
      'Ha tardado demasiado',
      'El plazo del banco ha pasado. No se ha compartido nada. Puede empezar de nuevo.',
    ],
    consent_gone: ['El permiso ha terminado en el banco', 'El banco ya no conoce este permiso. Puede darlo otra vez.'],
    superseded_at_bank: [
      'Un permiso más reciente ha ocupado su lugar',
      'Su banco mantiene solo un permiso a la vez, y uno más reciente terminó este. Puede darlo otra vez.',
    ],
    bank_misconfigured: [
      'Algo no está bien configurado',
      'El banco nos rechaza a nosotros, no a usted. El gestor de esta página tiene que revisarlo.',
    ],
    not_supported: ['El banco no ofrece esto', 'No permite lo que se ha pedido, por ejemplo este tipo de cuenta.'],
    bank_unexpected: [
      'No se ha entendido la respuesta del banco',
      'Algo falla entre nosotros y el banco. No se ha perdido nada.',
    ],
    no_accounts: [
      'No se han encontrado cuentas',
      'El banco no mostró cuentas de este tipo con estas claves. Quizá haya de otro tipo.',
    ],
    login_not_linked: [
      'Este acceso no está vinculado',
      'Esta aplicación solo puede leer cuentas de quienes la gestionan, y este acceso no es uno de ellos. No se utiliza nada. Quien gestiona la aplicación puede vincularlo.',
    ],
    too_many_tries: ['Demasiados intentos', 'Para que su acceso no se bloquee, paramos aquí. Inténtelo más tarde.'],
    interrupted: [
      'Nos han interrumpido',
      'Algo se cortó por nuestra parte mientras se preguntaba al banco. Repita este paso.',
    ],
  },

  own: {
    unknown_link: [
      'Este enlace no lleva a ninguna parte',
      'Puede estar incompleto o ya no ser válido. Vuelva a la aplicación y empiece allí de nuevo.',
    ],
    new_consent: [
      'Este enlace aún no está listo',
      'La aplicación todavía no ha dicho para quién es. Vuelva a ella o avise a su servicio de ayuda.',
    ],
    finished: [
      'Este enlace ya ha cumplido',
      'No queda nada que hacer aquí. Para conectar un banco, empiece de nuevo desde la aplicación.',
    ],
    canceled: ['Esto se canceló', 'Con él no se comparte nada. Puede empezar de nuevo desde la aplicación.'],
    expired: ['Este enlace ha caducado', 'No se ha compartido nada. Empiece de nuevo desde la aplicación.'],
    other_browser: [
      'Esta visita sigue en otro navegador',
      'La identificación en el banco empezó en otro lugar. Por su seguridad, solo se puede terminar allí.',
    ],
    open_link_again: [
      'Abra su enlace otra vez',
      'Este navegador no ha abierto el enlace de esta página. Vuelva a la aplicación o abra el enlace de nuevo.',
    ],
    no_cookie: [
      'Vuelva a donde empezó',
      'Su banco abrió un navegador distinto del que usaba. Vuelva al primero: sigue abierto en el mismo paso. Aquí no se ha compartido nada.',
    ],
    unknown_return: [
      'Este regreso ya no es válido',
      'Ya se ha usado o la visita ha terminado. Mire en la pestaña donde empezó o comience de nuevo desde la aplicación.',
    ],
    handing_over: [
      'Un momento',
      'Su banco ha enviado la respuesta de una forma que solo un pequeño script de esta página puede leer. Si no pasa nada, los scripts están desactivados en su navegador: permítalos para esta página y vuelva a cargarla. Hasta entonces no se pierde nada.',
    ],
    bad_option: [
      'Este enlace tiene una parte desconocida',
      'Vuelva a la aplicación y empiece allí de nuevo, o avise a su servicio de ayuda.',
    ],
    qr_over: [
      'Este código ya no vale',
      'Vale un minuto y para un solo móvil. La otra pantalla muestra uno nuevo: escanee ese.',
    ],
    not_me: ['Gracias por tener cuidado', 'No se ha compartido nada. Puede cerrar esta página.'],
    bad_request: ['Eso no ha llegado bien', 'No se ha hecho nada. Vuelva atrás e inténtelo otra vez.'],
    rate_limited: [
      'Un poco más despacio',
      'Han llegado demasiadas peticiones desde aquí. Espere un minuto e inténtelo otra vez.',
    ],
    server_error: ['Algo ha fallado por nuestra parte', 'No es culpa suya. No se ha perdido nada; inténtelo otra vez.'],
    database_away: [
      'Volvemos en un momento',
      'Ahora no podemos acceder a su visita. No se ha perdido nada: sigue en el mismo paso.',
    ],
  },

  guide: {
    title: 'Ayuda para conectar un banco',
    lead: 'Qué hacer cuando algo no va como debería.',
    back: 'Cierre esta página para volver a donde estaba.',
    topics: [
      {
        question: 'No encuentro mi banco.',
        answer: [
          'Escriba su IBAN: lleva a su banco con seguridad.',
          'Pruebe el nombre corto, sin «banco» ni «S. A.».',
          'Un banco en gris está en la lista pero ahora no se puede elegir; la línea bajo su nombre dice por qué.',
        ],
      },
      {
        question: 'Mi cuenta no está en la lista.',
        answer: [
          'Los bancos suelen separar cuentas corrientes y tarjetas de crédito. Vuelva atrás, elija el otro tipo de cuenta y conéctelo también.',
          'Las cuentas conjuntas y de empresa pueden tener otras claves en el mismo banco.',
        ],
      },
      {
        question: 'Se rechaza mi identificación.',
        answer: [
          'Use sus claves de banca en línea, no el PIN de la tarjeta.',
          'Pruebe en la página de su banco. Si allí también se rechaza, solo su banco puede ayudarle.',
          'Nunca repetimos una identificación por nuestra cuenta, para que no quede bloqueado.',
        ],
      },
      {
        question: 'No llega ningún código.',
        answer: [
          'Espere un minuto; los SMS pueden tardar.',
          'Pida un código nuevo. Los anteriores dejan de servir.',
          'Vuelva atrás y elija otra forma, si su banco ofrece varias.',
        ],
      },
      {
        question: 'Mi móvil no muestra nada que aprobar.',
        answer: [
          'Abra usted la aplicación del banco; quizá las notificaciones estén desactivadas.',
          'Compruebe que el móvil tiene conexión y envíe la solicitud otra vez.',
        ],
      },
      {
        question: 'Después del banco acabé en otro sitio.',
        answer: [
          'Vuelva a la pestaña o al navegador donde empezó y recargue la página. La visita sigue ahí.',
          'En un móvil, la aplicación del banco puede abrir otro navegador. Empiece de nuevo en ese si el primero ya no está.',
        ],
      },
      {
        question: 'Me han interrumpido.',
        answer: [
          'Abra el mismo enlace otra vez. Sigue donde lo dejó o dice claramente por qué no.',
          'Una visita abandonada media hora termina; entonces no se ha compartido nada.',
        ],
      },
      {
        question: 'El código de la pantalla no se puede escanear.',
        answer: [
          'Amplíe la página y suba el brillo de la pantalla. El código cambia cada minuto.',
          'Use la cámara del propio móvil. El móvil debe tener conexión.',
          'También puede seguir donde está.',
        ],
      },
      {
        question: 'La aplicación muestra datos antiguos.',
        answer: [
          'Los bancos se dejan leer unas pocas veces al día. Un movimiento nuevo puede tardar un día en aparecer.',
          'Si la aplicación dice que le necesita, renueve allí la conexión.',
        ],
      },
      {
        question: 'Alguien me ha enviado este enlace o código.',
        answer: [
          'Entonces no lo use. Quien empezó la visita vería sus cuentas.',
          'Conecte un banco solo si lo ha empezado usted mismo, en la aplicación que usa.',
        ],
      },
      {
        question: 'Quiero dejar de compartir.',
        answer: [
          'En la aplicación, en el resumen de sus conexiones aquí, o en su banco entre los permisos concedidos.',
          'La lectura se detiene enseguida.',
        ],
      },
    ],
    contact: '¿Sigue sin poder?',
    contactText:
      'Escriba al servicio de ayuda e indique la referencia al pie de la página. Nunca envíe una contraseña ni un código.',
  },

  consent: {
    title: '¿Permitir que {app} lea sus cuentas en {bank}?',
    who: {
      heading: 'Quién lo pide',
      same: '{app}',
      behalf: '{app}, a través de {requester}',
      register: 'Registrado como {register}.',
      requester: '{requester} pregunta al banco en nombre de {app}.',
      operator: 'Esta página la gestiona {operator}.',
    },
    purpose: { heading: 'Para qué', given: '{purpose}', none: '{app} no ha indicado una finalidad.' },
    what: {
      heading: 'Qué se lee',
      accounts: 'Cuentas: nombre, número, tipo, moneda y titular.',
      balances: 'Saldos: lo contabilizado y lo disponible.',
      transactions: 'Movimientos (antigüedad: {history}) y los nuevos: fecha, importe, concepto y la otra parte.',
      transactionsOnce: 'Movimientos (antigüedad: {history}): fecha, importe, concepto y la otra parte.',
      summary: { accounts: 'cuentas', balances: 'saldos', transactions: 'movimientos' },
      summaryLine: 'Sus {scopes} en {bank}',
      types: 'Tipos de cuenta: {types}.',
      choose: 'Usted dice qué cuentas después de identificarse.',
      nothingElse: 'Nada más. No se puede hacer ningún pago ni cambiar nada.',
    },
    long: {
      heading: 'Cuánto tiempo',
      once: 'Una vez, ahora',
      onceMore: 'Después no se lee nada más.',
      until: 'Hasta el {until}',
      untilMore: 'Varias veces al día, también sin usted. El banco puede fijar un final anterior.',
      reconfirm: 'Cada {days} se le pregunta si debe continuar.',
    },
    sharing: {
      heading: 'Quién lo ve',
      first: '{app} y nadie más a través de nosotros',
      operator: '{operator} guarda los datos para {app}, cifrados y solo para esto.',
      further: 'Lo que {app} hace con ellos está en su propio aviso de privacidad.',
    },
    stop: {
      heading: 'Cómo pararlo',
      first: 'En cualquier momento: en {app}, aquí o en su banco',
      effect: 'La lectura se detiene enseguida. Lo leído antes permanece en {app} hasta que se borre.',
      contact: 'O escriba a {email}.',
    },
  },
};
