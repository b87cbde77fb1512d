import type { ManageWords } from './en.ts';

/** Spanish. */
export const es: ManageWords = {
  confirm: {
    one: 'Confirmar',
    all: 'Confirmar todo',
    due: (app) => `${app} solo puede seguir leyendo si usted lo dice otra vez. Al banco no se le envía nada.`,
  },
  receipt: {
    link: 'Recibo',
    title: 'Recibo de su consentimiento',
    lead: (app) => `Esto es lo que permitió a ${app}, palabra por palabra como lo leyó.`,
    app: 'Aplicación',
    operator: 'Operada por',
    bank: 'Banco',
    number: 'Número',
    state: 'Estado',
    states: {
      authorized: 'Activo',
      expired: 'Vencido',
      canceled: 'Terminado',
      pending: 'Sin terminar',
      failed: 'Fallido',
    },
    agreed: 'Aceptado el',
    authorized: 'Concedido el',
    ended: 'Terminado el',
    words: 'Lo que usted aceptó',
    proof: 'Prueba',
    proofText: (url) =>
      `Firmado por el operador. Cualquiera puede comprobarlo sin nosotros, con la clave pública de ${url}.`,
    code: 'La prueba firmada como código QR',
    download: 'Descargar',
  },
  control: {
    title: 'Lo que usted ha permitido',
    ask: 'Escriba su dirección de correo. Si pertenece a una conexión bancaria, le enviamos un enlace para verla y terminarla.',
    email: 'Su dirección de correo',
    send: 'Enviarme el enlace',
    sentTitle: 'Mire su correo',
    sent: 'Si esta dirección ha permitido algo, hay un enlace en camino. Vale un día.',
    wrong: 'Esto no es una dirección de correo.',
    noMail:
      'Este servidor no envía correo. Escriba a la dirección de abajo, o termínelo en la aplicación o en su banco.',
    over: 'Este enlace ya no vale. Pida uno nuevo.',
    lead: 'Aplicaciones que pueden leer sus cuentas. Aquí no se muestra ninguna cuenta ni ningún importe.',
    none: 'Ahora no hay nada permitido.',
    ended: (app) => `Terminado. ${app} ya no lee nada.`,
    sureTitle: (app) => `¿Terminar lo que ${app} puede leer?`,
    erase: (email) => `Para que se borre, escriba a ${email}.`,
    all: 'Volver a todas',
  },
  mail: {
    confirmed: {
      subject: (app) => `${app} ya puede leer sus cuentas`,
      text: (app, bank) => `Acaba de permitir a ${app} leer en ${bank}:`,
      not: '¿No ha sido usted? Termínelo enseguida:',
    },
    expiring: {
      subject: (app) => `${app} pronto dejará de poder leer sus cuentas`,
      text: (app, bank, day) =>
        `Lo que permitió a ${app} en ${bank} termina el ${day}. Para seguir, renuévelo en ${app}. Para que termine, no haga nada.`,
    },
    reconfirm: {
      subject: (app) => `¿Puede ${app} seguir leyendo sus cuentas?`,
      text: (app, bank, day) =>
        `Confirme en ${app} antes del ${day} que puede seguir leyendo en ${bank}. Si no, la lectura se detiene sola.`,
    },
    ended: {
      subject: (app) => `${app} ya no puede leer sus cuentas`,
      text: (app, bank) =>
        `Lo que permitió a ${app} en ${bank} ha terminado, y se avisa al banco. Lo que ya se leyó se queda en ${app} hasta que se borre.`,
    },
    link: {
      subject: 'Su enlace a lo que ha permitido',
      text: 'Aquí ve qué aplicaciones pueden leer sus cuentas y puede terminarlo. El enlace vale un día.',
      not: '¿No lo ha pedido? Entonces no hay que hacer nada.',
    },
    until: (day) => `hasta el ${day}`,
    see: 'Ver y terminar lo que ha permitido:',
    open: 'Abrir',
    questions: (email) => `Preguntas: ${email}`,
    from: (operator) => `Enviado por ${operator}.`,
    refuse: 'No recibir más estos correos:',
  },
  refusing: {
    title: 'Correo',
    ask: (email) => `¿No enviar más estos correos a ${email}?`,
    button: 'No más correos',
    done: (email) => `Estos correos ya no se envían a ${email}.`,
    again: 'Enviarlos otra vez',
    wanted: (email) => `Estos correos se envían otra vez a ${email}.`,
    over: 'Este enlace ya no funciona.',
  },
};
