import type { texts as english } from './en-texts.ts';

/** The longer texts, in Polish. */
export const texts: typeof english = {
  codes: {
    refused_on_page: ['Anulowano', 'Wizyta została anulowana. Nic nie zostało udostępnione.'],
    refused_at_grant: ['Anulowano', 'Nic nie zostało udostępnione, a bank dowie się, że zgoda się skończyła.'],
    session_expired: ['Ta wizyta się skończyła', 'Zbyt długo nic się nie działo. Możesz zacząć od nowa w aplikacji.'],
    customer_erased: [
      'Ta wizyta się skończyła',
      'Aplikacja usunęła Twoje dane w czasie wizyty. Nic więcej nie jest odczytywane.',
    ],
    bank_unavailable: [
      'Bank nie odpowiada',
      'Jego usługa jest niedostępna lub teraz zbyt wolna. Nic nie zostało udostępnione. Spróbuj za kilka minut.',
    ],
    bank_rate_limited: ['Bank prosi, by poczekać', 'Ma teraz zbyt wiele zapytań. Spróbuj za kilka minut.'],
    wrong_credentials: [
      'Logowanie zostało odrzucone',
      'Bank nie zna tej nazwy użytkownika z tym hasłem. Sprawdź ją najpierw na stronie banku: zbyt wiele błędnych prób może zablokować dostęp.',
    ],
    wrong_code: [
      'Kod nie został przyjęty',
      'Bank nie pozwala na kolejną próbę z tym kodem. Możesz zalogować się od nowa.',
    ],
    login_blocked: [
      'Bank zablokował ten dostęp',
      'Skontaktuj się z bankiem. Nie próbowaliśmy ponownie i nie będziemy.',
    ],
    refused_at_bank: ['Odmowa', 'Prośba została odrzucona w banku. Nic nie zostało udostępnione.'],
    bank_timed_out: [
      'To trwało za długo',
      'Minął czas wyznaczony przez bank. Nic nie zostało udostępnione. Możesz zacząć od nowa.',
    ],
    consent_gone: ['Zgoda w banku się skończyła', 'Bank nie zna już tej zgody. Możesz jej udzielić ponownie.'],
    superseded_at_bank: [
      'Zastąpiła ją nowsza zgoda',
      'Bank utrzymuje jedną zgodę naraz, a nowsza zakończyła tę. Możesz jej udzielić ponownie.',
    ],
    bank_misconfigured: [
      'Coś jest źle ustawione',
      'Bank odrzuca nas, nie Ciebie. Musi się temu przyjrzeć operator tej strony.',
    ],
    not_supported: ['Bank tego nie oferuje', 'Nie obsługuje tego, o co poproszono, na przykład tego rodzaju rachunku.'],
    bank_unexpected: [
      'Odpowiedź banku jest niezrozumiała',
      'Coś jest nie tak między nami a bankiem. Nic nie zostało stracone.',
    ],
    no_accounts: [
      'Nie znaleziono rachunków',
      'Bank nie pokazał przy tym logowaniu rachunków tego rodzaju. Może jest tam inny rodzaj.',
    ],
    login_not_linked: [
      'To logowanie nie jest powiązane',
      'Ta aplikacja może odczytywać tylko rachunki osób, które ją prowadzą, a to logowanie do nich nie należy. Nic nie zostanie użyte. Osoba prowadząca aplikację może je powiązać.',
    ],
    too_many_tries: ['Zbyt wiele prób', 'Aby Twój dostęp nie został zablokowany, przerywamy. Spróbuj później.'],
    interrupted: [
      'Nastąpiła przerwa',
      'Coś po naszej stronie przerwało pytanie do banku. Wykonaj ten krok jeszcze raz.',
    ],
  },

  own: {
    unknown_link: [
      'Ten link donikąd nie prowadzi',
      'Może jest niepełny albo już nieważny. Wróć do aplikacji i zacznij tam od nowa.',
    ],
    new_consent: [
      'Ten link nie jest jeszcze gotowy',
      'Aplikacja nie podała jeszcze, dla kogo on jest. Wróć do niej albo powiadom jej pomoc.',
    ],
    finished: [
      'Ten link zrobił już swoje',
      'Nie ma tu nic więcej do zrobienia. Aby połączyć bank, zacznij od nowa w aplikacji.',
    ],
    canceled: ['To zostało anulowane', 'Nic nie jest w ten sposób udostępniane. Możesz zacząć od nowa w aplikacji.'],
    expired: ['Ten link wygasł', 'Nic nie zostało udostępnione. Zacznij od nowa w aplikacji.'],
    other_browser: [
      'Ta wizyta trwa w innej przeglądarce',
      'Logowanie w banku zaczęło się gdzie indziej. Dla Twojego bezpieczeństwa tylko tam można je skończyć.',
    ],
    open_link_again: [
      'Otwórz swój link jeszcze raz',
      'Ta przeglądarka nie otwierała linku do tej strony. Wróć do aplikacji albo otwórz link ponownie.',
    ],
    no_cookie: [
      'Wróć tam, gdzie był początek',
      'Bank otworzył inną przeglądarkę niż ta z początku. Wróć do pierwszej: nadal jest otwarta na tym samym kroku. Tutaj nic nie zostało udostępnione.',
    ],
    unknown_return: [
      'Ta droga powrotna jest już nieważna',
      'Została użyta albo wizyta się skończyła. Zajrzyj do karty z początku albo zacznij od nowa w aplikacji.',
    ],
    handing_over: [
      'Chwileczkę',
      'Bank przysłał odpowiedź w sposób, który może odczytać tylko mały skrypt tej strony. Jeśli nic się nie dzieje, skrypty są w przeglądarce wyłączone: zezwól na nie dla tej strony i odśwież ją. Do tego czasu nic nie przepada.',
    ],
    bad_option: ['Ten link ma nieznaną część', 'Wróć do aplikacji i zacznij tam od nowa albo powiadom jej pomoc.'],
    qr_over: [
      'Ten kod jest już nieważny',
      'Jest ważny minutę i dla jednego telefonu. Drugi ekran pokazuje nowy: zeskanuj tamten.',
    ],
    not_me: ['Dziękujemy za czujność', 'Nic nie zostało udostępnione. Możesz zamknąć tę stronę.'],
    bad_request: ['To nie dotarło jak trzeba', 'Nic nie zostało zrobione. Wróć i spróbuj ponownie.'],
    rate_limited: ['Trochę wolniej', 'Przyszło stąd zbyt wiele zapytań. Poczekaj minutę i spróbuj ponownie.'],
    server_error: [
      'Coś poszło nie tak po naszej stronie',
      'To nie Twoja wina. Nic nie zostało stracone; spróbuj ponownie.',
    ],
    database_away: [
      'Zaraz wracamy',
      'Nie mamy teraz dostępu do Twojej wizyty. Nic nie zostało stracone: pójdzie dalej od tego samego kroku.',
    ],
  },

  guide: {
    title: 'Pomoc w łączeniu banku',
    lead: 'Co zrobić, gdy coś nie idzie tak, jak powinno.',
    back: 'Zamknij tę stronę, aby wrócić do poprzedniej.',
    topics: [
      {
        question: 'Nie mogę znaleźć swojego banku.',
        answer: [
          'Wpisz IBAN: na pewno doprowadzi do Twojego banku.',
          'Spróbuj krótkiej nazwy, bez słów „bank” i „S.A.”.',
          'Szary bank jest na liście, ale nie można go teraz wybrać; wiersz pod nazwą mówi dlaczego.',
        ],
      },
      {
        question: 'Mojego rachunku nie ma na liście.',
        answer: [
          'Banki często rozdzielają rachunki bieżące i karty kredytowe. Wróć, wybierz drugi rodzaj rachunku i połącz go także.',
          'Rachunki wspólne i firmowe mogą mieć w tym samym banku inne logowanie.',
        ],
      },
      {
        question: 'Moje logowanie jest odrzucane.',
        answer: [
          'Użyj danych do bankowości internetowej, nie kodu PIN karty.',
          'Spróbuj na stronie banku. Jeśli i tam jest odmowa, pomóc może tylko bank.',
          'Nigdy sami nie ponawiamy logowania, aby dostęp nie został zablokowany.',
        ],
      },
      {
        question: 'Kod nie przychodzi.',
        answer: [
          'Poczekaj minutę; SMS-y bywają powolne.',
          'Poproś o nowy kod. Wcześniejsze przestają wtedy działać.',
          'Wróć i wybierz inny sposób, jeśli bank oferuje kilka.',
        ],
      },
      {
        question: 'Telefon nie pokazuje niczego do zatwierdzenia.',
        answer: [
          'Otwórz aplikację banku; powiadomienia mogą być wyłączone.',
          'Sprawdź, czy telefon jest online, i wyślij prośbę ponownie.',
        ],
      },
      {
        question: 'Po wizycie w banku jestem gdzie indziej.',
        answer: [
          'Wróć do karty lub przeglądarki z początku i odśwież ją. Wizyta nadal tam jest.',
          'Na telefonie aplikacja banku może otworzyć inną przeglądarkę. Jeśli pierwszej już nie ma, zacznij w tej od nowa.',
        ],
      },
      {
        question: 'Coś mi przerwało.',
        answer: [
          'Otwórz ten sam link. Zaczniesz tam, gdzie było przerwane, albo zobaczysz, dlaczego to niemożliwe.',
          'Wizyta pozostawiona na pół godziny się kończy; nic wtedy nie zostało udostępnione.',
        ],
      },
      {
        question: 'Kodu z ekranu nie da się zeskanować.',
        answer: [
          'Powiększ stronę i rozjaśnij ekran. Kod zmienia się co minutę.',
          'Użyj aparatu telefonu. Telefon musi być online.',
          'Możesz też kontynuować tam, gdzie jesteś.',
        ],
      },
      {
        question: 'Aplikacja pokazuje stare dane.',
        answer: [
          'Banki można odczytywać kilka razy dziennie. Nowa transakcja może pojawić się po dniu.',
          'Jeśli aplikacja mówi, że Cię potrzebuje, odnów tam połączenie.',
        ],
      },
      {
        question: 'Ktoś przysłał mi ten link lub kod.',
        answer: [
          'Nie używaj go. Osoba, która zaczęła wizytę, widziałaby Twoje rachunki.',
          'Łącz bank tylko wtedy, gdy to Ty zaczynasz, w aplikacji, której używasz.',
        ],
      },
      {
        question: 'Chcę przestać udostępniać.',
        answer: [
          'W aplikacji, w przeglądzie połączeń tutaj albo w banku, wśród udzielonych zgód.',
          'Odczyt ustaje od razu.',
        ],
      },
    ],
    contact: 'Nadal nie działa?',
    contactText: 'Napisz do pomocy i podaj numer sprawy z dołu strony. Nigdy nie wysyłaj hasła ani kodu.',
  },

  consent: {
    title: 'Czy {app} może odczytywać Twoje rachunki: {bank}?',
    who: {
      heading: 'Kto prosi',
      same: '{app}',
      behalf: '{app}, za pośrednictwem {requester}',
      register: 'Wpis w rejestrze: {register}.',
      requester: '{requester} pyta bank w imieniu {app}.',
      operator: 'Stronę prowadzi {operator}.',
    },
    purpose: { heading: 'W jakim celu', given: '{purpose}', none: '{app} nie podaje celu.' },
    what: {
      heading: 'Co jest odczytywane',
      accounts: 'Rachunki: nazwa, numer, rodzaj, waluta i posiadacz.',
      balances: 'Salda: zaksięgowane i dostępne.',
      transactions: 'Transakcje (okres wstecz: {history}) i nowe: data, kwota, tytuł i druga strona.',
      transactionsOnce: 'Transakcje (okres wstecz: {history}): data, kwota, tytuł i druga strona.',
      summary: { accounts: 'rachunki', balances: 'salda', transactions: 'transakcje' },
      summaryLine: 'Twoje {scopes}: {bank}',
      types: 'Rodzaje rachunków: {types}.',
      choose: 'Które rachunki, powiesz po zalogowaniu.',
      nothingElse: 'Nic więcej. Nie można zlecić płatności ani niczego zmienić.',
    },
    long: {
      heading: 'Jak długo',
      once: 'Raz, teraz',
      onceMore: 'Potem nic więcej nie jest odczytywane.',
      until: 'Do {until}',
      untilMore: 'Kilka razy dziennie, także bez Ciebie. Bank może wyznaczyć wcześniejszy koniec.',
      reconfirm: 'Regularnie (co {days}) pytamy, czy ma to trwać dalej.',
    },
    sharing: {
      heading: 'Kto to widzi',
      first: '{app} i przez nas nikt inny',
      operator: '{operator} przechowuje dane dla {app}, zaszyfrowane i tylko w tym celu.',
      further: 'Co robi z nimi {app}, mówi jej własna informacja o prywatności.',
    },
    stop: {
      heading: 'Jak to przerwać',
      first: 'W każdej chwili: w {app}, tutaj albo w banku',
      effect: 'Odczyt ustaje wtedy od razu. To, co odczytano wcześniej, pozostaje w {app} do usunięcia.',
      contact: 'Albo napisz: {email}.',
    },
  },
};
