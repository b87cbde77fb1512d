import { pluralsOf } from '../formats.ts';
import type { Words } from './en.ts';
import { texts } from './pl-texts.ts';

const plural = pluralsOf('pl');

/** Every word the hosted page says, in Polish. */
export const pl: Words = {
  name: 'Polski',

  page: {
    test: 'Tryb testowy: udawane banki, żadnych prawdziwych rachunków',
    testLabel: 'Tryb testowy',
    step: (at, of, name) => `Krok ${at} z ${of}: ${name}`,
    steps: ['Wybór banku', 'Zgoda', 'Logowanie w banku', 'Wybór rachunków'],
    skip: 'Przejdź do treści',
    back: 'Wstecz',
    refuse: 'Anuluj',
    next: 'Dalej',
    bankSays: (bank) => `Wiadomość (${bank})`,
    appSays: (app) => `Wiadomość (${app})`,
    reference: 'Numer sprawy',
    run: (operator) => `Stronę prowadzi ${operator}.`,
    privacy: 'Prywatność',
    terms: 'Regulamin',
    sent: 'Chwileczkę…',
    offline: 'W tej chwili brak połączenia. Próbujemy dalej.',
    newTab: 'otwiera się w nowej karcie',
    yourBank: 'Twój bank',
    language: 'Język',
  },

  how: {
    title: 'Jak to działa',
    read: 'Tylko odczyt. Nikt nie może w ten sposób zapłacić, zrobić przelewu ani niczego zmienić.',
    secret: (app) => `Dane logowania trafiają do banku. ${app} nigdy ich nie widzi.`,
    stop: 'Ty decydujesz, co udostępniasz, i możesz to przerwać w każdej chwili.',
  },

  help: {
    title: 'Pomoc',
    guide: 'Pomoc krok po kroku',
    contact: (app) => `Pytania o ${app}:`,
    operator: (operator) => `Pytania o tę stronę (${operator}):`,
    tips: {
      intro: 'Jeśli to nie Ty zaczynasz albo ktoś przysłał Ci ten link, anuluj. Nic nie zostało udostępnione.',
      bank: 'IBAN znajdziesz na wyciągu lub w bankowości internetowej; po nim na pewno znajdziesz swój bank.',
      account_type: 'Nie wiesz? Wybierz rachunek, na który wpływa wynagrodzenie. Inne dodasz później.',
      agree: 'Możesz to zakończyć w każdej chwili: w aplikacji, tutaj albo w banku.',
      sign_in:
        'Użyj danych do bankowości internetowej. Jeśli bank je odrzuca, sprawdź je najpierw na jego stronie, aby nie zablokować dostępu.',
      code: 'Kod działa raz i tylko kilka minut. Jeśli nie przychodzi, poproś o nowy albo wróć i wybierz inny sposób.',
      redirect: 'Nic się nie otwiera? Naciśnij przycisk. Po zakończeniu bank sam Cię tu przywróci.',
      wait: 'Brak wiadomości na telefonie? Otwórz aplikację banku i poszukaj oczekującej prośby.',
      grant: 'Rachunki niezaznaczone nie są zapisywane ani udostępniane.',
      other: 'Możesz zamknąć tę stronę i otworzyć ten sam link ponownie: zaczniesz tam, gdzie było przerwane.',
    },
  },

  scopes: {
    accounts: 'Twoje rachunki: nazwa, numer, rodzaj i posiadacz',
    balances: 'Twoje salda',
    transactions: 'Twoje transakcje: data, kwota, tytuł i druga strona',
  },
  accountTypes: {
    checking: 'Rachunki bieżące',
    savings: 'Konta oszczędnościowe',
    credit_card: 'Karty kredytowe',
    loan: 'Kredyty',
    wallet: 'Portfele elektroniczne',
    investment: 'Inwestycje',
    other: 'Inne rachunki',
  },
  accountType: {
    checking: 'Rachunek bieżący',
    savings: 'Konto oszczędnościowe',
    credit_card: 'Karta kredytowa',
    loan: 'Kredyt',
    wallet: 'Portfel elektroniczny',
    investment: 'Rachunek inwestycyjny',
    other: 'Rachunek',
  },
  sca: {
    redirected: 'Logujesz się na stronie banku.',
    embedded: 'Logujesz się tutaj i wpisujesz kod przysłany przez bank.',
    decoupled: 'Zatwierdzasz w aplikacji banku.',
  },

  intro: {
    title: {
      connect: (app) => `${app} chce odczytać Twoje rachunki bankowe`,
      management: (app) => `Twoje połączenia z bankami: ${app}`,
      synchronization: (app) => `${app} chce odświeżyć Twoje rachunki`,
    },
    wants: 'Co byłoby odczytywane',
    bank: 'Bank',
    purpose: 'Cel',
    returns: 'Potem wrócisz do',
    resumes: 'To nie pierwsza wizyta tutaj. Możesz dokończyć to, co zostało przerwane.',
    manage: 'Zobacz połączone banki, odnów lub zakończ połączenie albo dodaj kolejny bank.',
    yours: (app) => `Idź dalej tylko wtedy, gdy to Ty zaczynasz w ${app}. Jeśli ktoś przysłał Ci ten link, anuluj.`,
    refuse: 'Nie, anuluj',
  },

  bank: {
    title: 'Który to bank?',
    label: 'Znajdź swój bank',
    hint: 'Nazwa, IBAN, BIC, numer rozliczeniowy, sort code lub miasto',
    search: 'Szukaj',
    found: (count) => plural(count, { one: '# bank', few: '# banki', many: '# banków', other: '# banku' }),
    foundMore: (count) => `Pierwsze wyniki (${count}). Wpisz trochę więcej, aby zobaczyć właściwy.`,
    none: (query) => `Brak wyników dla „${query}”.`,
    noneHint: 'Sprawdź pisownię albo wpisz IBAN: na pewno doprowadzi do Twojego banku.',
    noneTell: (operator) => `Banku spoza listy nie można jeszcze połączyć. Możesz o tym napisać (${operator}):`,
    tell: 'Zgłoś brakujący bank',
    tellSubject: (query) => `Brakujący bank: ${query}`,
    down: 'Wyszukiwarka teraz nie odpowiada. Za chwilę naciśnij „Szukaj” jeszcze raz.',
    last: 'Ostatnio używany',
    choices: 'Banki',
    within: (country) => `Tylko banki w kraju: ${country}`,
    everywhere: 'Szukaj wszędzie',
    troubled: 'Ma teraz problemy',
    healthDown: 'Teraz nieosiągalny',
    needs_setup: 'Tu jeszcze nieskonfigurowany',
    no_address: 'Brak znanego dostępu',
    account_type: 'Nie oferuje tego rodzaju rachunku',
  },

  unavailable: {
    title: {
      down: (bank) => `${bank} jest teraz nieosiągalny`,
      not_supported: (bank) => `Nie można połączyć: ${bank}`,
      needs_setup: (bank) => `${bank} nie jest tu jeszcze skonfigurowany`,
      no_address: (bank) => `${bank} nie można jeszcze połączyć`,
      unknown: () => 'Nie znamy tego banku',
    },
    text: {
      down: 'Usługa banku nie odpowiada. Zwykle mija to po kilku minutach. Twoim rachunkom nic się nie dzieje.',
      not_supported: 'Ten bank lub ten rodzaj rachunku nie daje potrzebnego dostępu.',
      needs_setup: 'Operator tej strony musi się jeszcze zarejestrować w tym banku.',
      no_address:
        'Nie jest znany adres, pod którym ten bank odpowiada. Bank może powiedzieć, czy oferuje FinTS lub interfejs informacji o rachunku.',
      unknown: 'Link wskazuje bank, którego nie ma w naszym spisie.',
    },
    retry: 'Spróbuj mimo to',
    other: 'Wybierz inny bank',
  },

  type: {
    title: 'Jaki rodzaj rachunku?',
    lead: (bank) => `${bank} prowadzi je osobno. Wybierz teraz jeden; pozostałe możesz połączyć potem.`,
    not: (types) => `Nie obejmuje: ${types}`,
  },

  agree: {
    more: 'Szczegóły',
    store: (bank) => `Zachowaj moje dane logowania: ${bank}`,
    storeHint: (app) =>
      `Wtedy Twoje rachunki można odświeżać bez Ciebie. Dane są zaszyfrowane, nie służą do niczego innego i są niszczone, gdy zakończysz połączenie. ${app} ich nie dostaje. Zostaw puste, jeśli wolisz logować się za każdym razem.`,
    replaces: (bank) =>
      `${bank} utrzymuje tylko jedną zgodę na osobę. Jeśli pójdziesz dalej, wcześniejsze połączenie z tym bankiem może się zakończyć.`,
    linked: (bank, accounts, read) =>
      `${bank} jest już połączony${accounts ? `: ${accounts}` : ''}${read ? `, ostatni odczyt ${read}` : ''}. Przy tych samych danych logowania odnów to połączenie. Niżej idź dalej tylko z innymi danymi logowania.`,
    renew: 'Odnów to połączenie',
    agree: (bank) => `Zgadzam się, dalej do: ${bank}`,
    agreeHere: 'Zgadzam się i idę dalej',
    refuse: 'Nie zgadzam się',
  },

  step: {
    signIn: (bank) => `Zaloguj się: ${bank}`,
    signInLead: (bank, app) => `Tak jak w bankowości internetowej. Dane otrzyma ${bank}; ${app} ich nie widzi.`,
    code: 'Wpisz kod',
    codeLead: (bank) => `${bank} prosi o kod, aby mieć pewność, że to Ty.`,
    method: 'Jak chcesz potwierdzić?',
    device: 'Które urządzenie?',
    accounts: 'Które rachunki?',
    chooseLead: (bank) => `Oto sposoby, które oferuje ${bank}.`,
    accountsLead: (bank) => `${bank} musi wiedzieć, o które rachunki chodzi.`,
    fields: {
      user_id: 'Nazwa użytkownika',
      corporate_id: 'Numer firmy lub klienta',
      password: 'Hasło lub PIN',
      second_password: 'Drugie hasło',
      code: 'Kod',
      iban: 'IBAN',
      text: 'Odpowiedź',
    },
    methodIs: 'Wysłano przez',
    picture: (bank) => `Obraz (${bank}) dla Twojego czytnika lub aplikacji`,
    flicker: (bank) => `Migający kod (${bank}) dla Twojego czytnika kart`,
    flickerHint:
      'Włóż kartę do czytnika, uruchom miganie w wybranym tempie i przyłóż czytnik do pasków. Pociągnij za róg obrazu, aż zewnętrzne paski zrównają się ze znakami czytnika. Jeśli go nie widzisz: wybierz w banku inny sposób.',
    flickerStill: 'Zatrzymane',
    flickerSlow: 'Wolno',
    flickerUsual: 'Zwykle',
    flickerFast: 'Szybko',
    flickerWidth: 'Szerokość',
    flickerWidths: ['Wąska', 'Średnia', 'Szeroka'],
    pictureLink: (host) => `Otwórz obraz banku na ${host}`,
    confirm: 'Potwierdź',
    send: 'Zaloguj się',
    again: 'Wyślij nowy kod',
    againPush: 'Wyślij prośbę ponownie',
    check: 'Już zatwierdzone',
    tries: (count) =>
      plural(count, {
        one: 'Została jedna próba.',
        few: 'Zostały # próby.',
        many: 'Zostało # prób.',
        other: 'Zostało # próby.',
      }),
    notices: {
      wrong_credentials: 'Bank tego nie przyjął. Sprawdź, co zostało wpisane, i spróbuj ponownie.',
      wrong_code: 'Kod był nieprawidłowy. Spróbuj ponownie.',
      code_sent_again: 'Nowy kod jest w drodze. Wcześniejsze już nie działają.',
      once_more: 'Dziękujemy. Bank pyta o to dwa razy: najpierw o listę rachunków, teraz o zgodę na ich odczyt.',
      signers:
        'Dziękujemy, Twoja część jest gotowa. Bank chce, by zatwierdziła to jeszcze inna osoba. Możesz zamknąć tę stronę: przez siedem dni wszystko ruszy samo, gdy to nastąpi.',
      bank_message: 'Wiadomość z Twojego banku:',
    },
    redirect: (bank) => `Teraz: ${bank}`,
    redirectLead: (bank) => `Zalogujesz się na stronie ${bank}, a potem wrócisz tu automatycznie.`,
    redirectHost: 'Strona banku ma adres',
    redirectGo: (bank) => `Przejdź do: ${bank}`,
    redirectAuto: 'Za chwilę pójdzie to dalej samo.',
    redirectBad: 'Bank przysłał adres, którego nie da się otworzyć. Anuluj i powiadom pomoc.',
    wait: (bank) => `Zatwierdź w aplikacji: ${bank}`,
    waitOthers: 'Ktoś jeszcze musi to zatwierdzić',
    waitLead: (bank) => `${bank} wysłał prośbę na Twój telefon.`,
    waitHow: 'Co zrobić',
    waitSteps: (bank) => [
      `Otwórz aplikację: ${bank}.`,
      'Zatwierdź prośbę o odczyt rachunków.',
      'Wróć tutaj: strona pójdzie dalej sama.',
    ],
    waitUntil: (minutes) => `Zwykle trwa to niecałą minutę. Najdłuższy czas oczekiwania banku: ${minutes}.`,
    againLeft: (count) =>
      plural(count, {
        one: 'Można ją wysłać jeszcze raz.',
        few: 'Można ją wysłać jeszcze # razy.',
        many: 'Można ją wysłać jeszcze # razy.',
        other: 'Można ją wysłać jeszcze # razu.',
      }),
    againNone: 'Podczas tej wizyty nie można jej już wysłać.',
    cannot: 'Nie mogę użyć aplikacji',
    cannotPoints: [
      'Telefon jest offline albo aplikacja nie jest aktywna? Prośba poczeka, aż to załatwisz.',
      'Może bank oferuje inny sposób, na przykład SMS. Wróć o krok, aby go wybrać.',
      'Albo anuluj: nic nie zostało udostępnione.',
    ],
  },

  handover: {
    title: 'Wpisz sześć cyfr',
    text: (bank) => `Powrót z ${bank} nastąpił w innej przeglądarce. Pokazuje ona sześć cyfr: wpisz je tutaj.`,
    textPhone: 'Twój telefon pokazuje sześć cyfr: wpisz je tutaj.',
    careful: 'Wpisuj tylko cyfry, które widzisz na własnym urządzeniu. Cyfry przysłane przez kogoś nie są Twoje.',
    label: 'Sześć cyfr',
    wrong: (left) =>
      plural(left, {
        one: 'To nie te cyfry. Została jedna próba.',
        few: 'To nie te cyfry. Zostały # próby.',
        many: 'To nie te cyfry. Zostało # prób.',
        other: 'To nie te cyfry. Zostało # próby.',
      }),
    send: 'Dalej',
  },

  phone: {
    offer: 'Kontynuuj na telefonie',
    title: 'Kontynuować na telefonie?',
    lead: (bank) => `Zeskanuj to aparatem telefonu: tam masz pod ręką ${bank}. Ta strona będzie nadążać.`,
    code: 'Kod QR, który otwiera tę wizytę na telefonie',
    fresh: 'Jest ważny minutę i dla jednego telefonu. Nowy pojawi się sam.',
    here: 'Kontynuuj na tym urządzeniu',
    carried: 'Kontynuuj na telefonie',
    carriedText: 'Telefon przejął wizytę. Ta strona nadąża i pójdzie dalej sama.',
    takeBack: 'Przenieś z powrotem tutaj',
    welcome: (app) => `Kontynuować tutaj dla ${app}?`,
    welcomeText: (app) =>
      `To jest kod z innego ekranu. Idź dalej tylko wtedy, gdy to Twój ekran i Ty zaczynasz to w ${app}.`,
    begunFor: 'Zaczęte dla',
    go: 'Tak, kontynuuj tutaj',
    notMe: 'To nie ja',
    digits: 'Wpisz te cyfry na drugim ekranie',
    digitsText: (app) => `Jeszcze jeden krok: wpisz je tam, gdzie zaczyna się ${app}. Są ważne pięć minut.`,
    digitsCareful: 'Wpisz je samodzielnie, na własnym ekranie. Nie podawaj ich nikomu, ktokolwiek pyta.',
    done: 'Kontynuuj na drugim ekranie',
    doneText: 'Ten telefon zrobił swoje. Możesz zamknąć tę stronę.',
  },

  working: {
    title: 'Chwileczkę',
    text: (bank) => `Trwa rozmowa z bankiem (${bank}). Ta strona pójdzie dalej sama.`,
    check: 'Sprawdź ponownie',
  },

  trouble: {
    actions: { retry: 'Spróbuj ponownie', other_bank: 'Wybierz inny bank', return: 'Zakończ i wróć' },
    quoteReference: 'Prosząc o pomoc, podaj',
    turn: {
      person: () => 'Możesz coś z tym zrobić samodzielnie.',
      bank: () => 'To leży po stronie banku. To nie Twój błąd.',
      app: (app) => `To leży po stronie ${app}.`,
      operator: (_, operator) => `To leży po stronie operatora tej strony (${operator}).`,
    },
    write: (name) => `Napisz: ${name}`,
    codes: texts.codes,
  },

  grant: {
    title: 'Które rachunki udostępnić?',
    titleShown: 'Te rachunki zostaną udostępnione',
    lead: (app, count) =>
      plural(count, {
        one: `Znaleźliśmy jeden rachunek. Zaznacz go, aby go udostępnić: ${app}.`,
        few: `Znaleźliśmy # rachunki. Zaznacz te, które chcesz udostępnić: ${app}.`,
        many: `Znaleźliśmy # rachunków. Zaznacz te, które chcesz udostępnić: ${app}.`,
        other: `Znaleźliśmy # rachunku. Zaznacz te, które chcesz udostępnić: ${app}.`,
      }),
    leadShown: (bank) => `Wybór nastąpił na stronie ${bank}.`,
    renews: 'To logowanie jest już połączone. Udostępnienie odnawia to połączenie; nic nie łączy się dwa razy.',
    legend: 'Rachunki',
    what: 'Na co jest Twoja zgoda',
    grant: 'Udostępnij i zakończ',
    refuse: 'Nie udostępniaj nic',
    ending: (ending) => `z końcówką ${ending}`,
  },

  overview: {
    title: 'Twoje połączenia z bankami',
    lead: (app) => `Co może odczytywać ${app} i do kiedy.`,
    none: 'Żaden bank nie jest jeszcze połączony.',
    status: { active: 'Aktywne', action_required: 'Czeka na Ciebie', disconnected: 'Zakończone' },
    reads: 'Odczyt',
    shortScopes: { accounts: 'rachunki', balances: 'salda', transactions: 'transakcje' },
    since: 'Połączono',
    until: 'Do',
    reconfirm: 'Potwierdź do',
    last: 'Ostatni odczyt',
    never: 'jeszcze nie',
    renew: 'Odnów',
    revoke: 'Zakończ',
    forBank: (verb, bank) => `${verb}: ${bank}`,
    add: 'Dodaj bank',
    leave: 'Gotowe',
    sureTitle: (bank) => `Zakończyć połączenie: ${bank}?`,
    sureText: (app) =>
      `Odczyt ustaje od razu, a bank dostaje wiadomość. To, co ${app} już ma, zostaje tam do usunięcia.`,
    sure: 'Tak, zakończ',
    keep: 'Nie, zachowaj',
  },

  ended: {
    title: { finished: 'Gotowe', canceled: 'Anulowano', failed: 'Nie udało się', expired: 'Ta wizyta się skończyła' },
    titleConnected: (bank) => `${bank} jest połączony`,
    text: {
      finished: 'Wszystko gotowe.',
      canceled: 'Nic nie zostało udostępnione.',
      failed: 'Nic nie zostało udostępnione. Możesz zacząć od nowa w aplikacji.',
      expired: 'Zbyt długo nic się nie działo. Możesz zacząć od nowa w aplikacji.',
    },
    accounts: (count, app) =>
      plural(count, {
        one: `Udostępniono jeden rachunek: ${app}.`,
        few: `Udostępniono # rachunki: ${app}.`,
        many: `Udostępniono # rachunków: ${app}.`,
        other: `Udostępniono # rachunku: ${app}.`,
      }),
    back: (app) => `Wróć do: ${app}`,
    going: (host) => `Wracasz do ${host}.`,
    close: 'Możesz zamknąć tę stronę.',
  },

  own: texts.own,
  ownRetry: 'Spróbuj ponownie',
  ownOption: (name) => `Ta część nazywa się „${name}”.`,
  ownDigits: 'Jeśli to Ty zaczynasz tam, wpisz tam te cyfry w ciągu pięciu minut. Nie podawaj ich nikomu:',
  guide: texts.guide,

  consent: texts.consent,
};
