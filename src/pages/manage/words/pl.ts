import type { ManageWords } from './en.ts';

/** Polish. */
export const pl: ManageWords = {
  confirm: {
    one: 'Potwierdź',
    all: 'Potwierdź wszystko',
    due: (app) =>
      `${app} może czytać dalej tylko wtedy, gdy jeszcze raz się na to zgodzisz. Do banku nic nie jest wysyłane.`,
  },
  receipt: {
    link: 'Pokwitowanie',
    title: 'Pokwitowanie Twojej zgody',
    lead: (app) => `Tyle może ${app} – słowo w słowo tak, jak to przeczytano przed zgodą.`,
    app: 'Aplikacja',
    operator: 'Prowadzi',
    bank: 'Bank',
    number: 'Numer',
    state: 'Stan',
    states: {
      authorized: 'Aktywna',
      expired: 'Wygasła',
      canceled: 'Zakończona',
      pending: 'Nieukończona',
      failed: 'Nieudana',
    },
    agreed: 'Zgoda z dnia',
    authorized: 'Udzielono dnia',
    ended: 'Zakończono dnia',
    words: 'Treść zgody',
    proof: 'Dowód',
    proofText: (url) => `Podpisany przez operatora. Każdy może go sprawdzić bez nas, kluczem publicznym z ${url}.`,
    code: 'Podpisany dowód jako kod QR',
    download: 'Pobierz',
  },
  control: {
    title: 'Twoje zgody',
    ask: 'Wpisz swój adres e-mail. Jeśli należy do połączenia z bankiem, wyślemy link, aby je zobaczyć i zakończyć.',
    email: 'Twój adres e-mail',
    send: 'Wyślij mi link',
    sentTitle: 'Zajrzyj do skrzynki',
    sent: 'Jeśli z tym adresem wiąże się jakaś zgoda, link jest w drodze. Działa przez jeden dzień.',
    wrong: 'To nie jest adres e-mail.',
    noMail: 'Ten serwer nie wysyła poczty. Napisz na adres poniżej albo zakończ zgodę w aplikacji lub w swoim banku.',
    over: 'Ten link już nie działa. Poproś o nowy.',
    lead: 'Aplikacje, które mogą czytać Twoje rachunki. Nie ma tu rachunków ani kwot.',
    none: 'Obecnie nie ma żadnej zgody.',
    ended: (app) => `Zakończono. ${app} nic już nie czyta.`,
    sureTitle: (app) => `Zakończyć odczyt przez ${app}?`,
    erase: (email) => `Aby usunąć dane, napisz na ${email}.`,
    all: 'Wróć do wszystkich',
  },
  mail: {
    confirmed: {
      subject: (app) => `${app} może teraz czytać Twoje rachunki`,
      text: (app, bank) => `Właśnie udzielono zgody: ${app} może czytać w ${bank}:`,
      not: 'To nie Ty? Zakończ to od razu:',
    },
    expiring: {
      subject: (app) => `${app} wkrótce nie będzie mogła czytać Twoich rachunków`,
      text: (app, bank, day) =>
        `Zgoda dla ${app} w ${bank} kończy się ${day}. Aby czytanie trwało dalej, odnów ją w ${app}. Jeśli ma się skończyć, nie rób nic.`,
    },
    reconfirm: {
      subject: (app) => `Czy ${app} może dalej czytać Twoje rachunki?`,
      text: (app, bank, day) =>
        `Potwierdź w ${app} do ${day}, że wolno dalej czytać w ${bank}. Bez tego odczyt sam się zatrzyma.`,
    },
    ended: {
      subject: (app) => `${app} nie może już czytać Twoich rachunków`,
      text: (app, bank) =>
        `Zgoda dla ${app} w ${bank} jest zakończona, a bank dostaje wiadomość. To, co już odczytano, zostaje w ${app} do usunięcia.`,
    },
    link: {
      subject: 'Twój link do udzielonych zgód',
      text: 'Zobaczysz tu, które aplikacje mogą czytać Twoje rachunki, i możesz to zakończyć. Link działa przez jeden dzień.',
      not: 'To nie była Twoja prośba? Nic nie trzeba robić.',
    },
    until: (day) => `do ${day}`,
    see: 'Zobacz i zakończ swoje zgody:',
    open: 'Otwórz',
    questions: (email) => `Pytania: ${email}`,
    from: (operator) => `Wysyła ${operator}.`,
    refuse: 'Nie chcę więcej takich wiadomości:',
  },
  refusing: {
    title: 'Poczta',
    ask: (email) => `Nie wysyłać więcej takich wiadomości na ${email}?`,
    button: 'Nie wysyłaj więcej',
    done: (email) => `Na ${email} nie idą już takie wiadomości.`,
    again: 'Wysyłaj znowu',
    wanted: (email) => `Na ${email} znowu idą takie wiadomości.`,
    over: 'Ten link już nie działa.',
  },
};
