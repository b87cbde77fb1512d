import { pluralsOf } from '../formats.ts';
import type { Words } from './en.ts';
import { texts } from './nl-texts.ts';

const plural = pluralsOf('nl');

/** Every word the hosted page says, in Dutch. */
export const nl: Words = {
  name: 'Nederlands',

  page: {
    test: 'Testmodus: verzonnen banken, geen echte rekeningen',
    testLabel: 'Testmodus',
    step: (at, of, name) => `Stap ${at} van ${of}: ${name}`,
    steps: ['Uw bank kiezen', 'Toestemming geven', 'Inloggen bij de bank', 'Rekeningen kiezen'],
    skip: 'Naar de inhoud',
    back: 'Terug',
    refuse: 'Annuleren',
    next: 'Verder',
    bankSays: (bank) => `${bank} zegt`,
    appSays: (app) => `${app} zegt`,
    reference: 'Kenmerk',
    run: (operator) => `Deze pagina wordt beheerd door ${operator}.`,
    privacy: 'Privacy',
    terms: 'Voorwaarden',
    sent: 'Een ogenblik…',
    offline: 'Op dit moment geen verbinding. We blijven het proberen.',
    newTab: 'opent in een nieuw tabblad',
    yourBank: 'uw bank',
    language: 'Taal',
  },

  how: {
    title: 'Zo werkt het',
    read: 'Alleen lezen. Niemand kan hiermee betalen, overboeken of iets wijzigen.',
    secret: (app) => `Uw inloggegevens gaan naar uw bank. ${app} ziet ze nooit.`,
    stop: 'U bepaalt wat er gedeeld wordt en kunt er altijd mee stoppen.',
  },

  help: {
    title: 'Hulp',
    guide: 'Hulp stap voor stap',
    contact: (app) => `Vragen over ${app}:`,
    operator: (operator) => `Vragen over deze pagina (${operator}):`,
    tips: {
      intro: 'Bent u hier niet zelf mee begonnen of kreeg u de link van iemand? Annuleer dan. Er is niets gedeeld.',
      bank: 'Uw IBAN staat op uw bankpas of afschrift; daarmee vindt u uw bank zeker.',
      account_type: 'Twijfelt u? Kies de rekening waarop uw salaris komt. Andere kunt u later toevoegen.',
      agree: 'U kunt hier altijd mee stoppen: in de app, hier of bij uw bank.',
      sign_in:
        'Gebruik wat u voor internetbankieren gebruikt. Wordt het geweigerd, probeer het dan eerst bij uw bank, zodat u niet geblokkeerd raakt.',
      code: 'Een code geldt één keer en een paar minuten. Komt er geen, vraag dan een nieuwe of ga terug en kies een andere manier.',
      redirect: 'Gaat er niets open? Druk op de knop. Als u bij de bank klaar bent, komt u vanzelf hier terug.',
      wait: 'Geen bericht op uw telefoon? Open zelf de app van de bank en zoek een openstaande goedkeuring.',
      grant: 'Rekeningen zonder vinkje worden niet opgeslagen en niet gedeeld.',
      other: 'U kunt deze pagina sluiten en dezelfde link opnieuw openen: u gaat verder waar u was.',
    },
  },

  scopes: {
    accounts: 'Uw rekeningen: naam, nummer, soort en houder',
    balances: 'Uw saldi',
    transactions: 'Uw transacties: datum, bedrag, omschrijving en tegenpartij',
  },
  accountTypes: {
    checking: 'Betaalrekeningen',
    savings: 'Spaarrekeningen',
    credit_card: 'Creditcards',
    loan: 'Leningen',
    wallet: 'Portemonnees',
    investment: 'Beleggingen',
    other: 'Overige rekeningen',
  },
  accountType: {
    checking: 'Betaalrekening',
    savings: 'Spaarrekening',
    credit_card: 'Creditcard',
    loan: 'Lening',
    wallet: 'Portemonnee',
    investment: 'Beleggingsrekening',
    other: 'Rekening',
  },
  sca: {
    redirected: 'U logt in op de eigen pagina van de bank.',
    embedded: 'U logt hier in en typt de code die uw bank stuurt.',
    decoupled: 'U keurt het goed in de app van de bank.',
  },

  intro: {
    title: {
      connect: (app) => `${app} wil graag uw bankrekeningen lezen`,
      management: (app) => `Uw bankkoppelingen voor ${app}`,
      synchronization: (app) => `${app} wil graag uw rekeningen bijwerken`,
    },
    wants: 'Wat er gelezen zou worden',
    bank: 'Bank',
    purpose: 'Doel',
    returns: 'Daarna gaat u terug naar',
    resumes: 'U was hier al eerder. U kunt verder waar u was.',
    manage: 'Bekijk welke banken gekoppeld zijn, verleng of beëindig een koppeling, of voeg een bank toe.',
    yours: (app) =>
      `Ga alleen verder als u hier zelf mee begon bij ${app}. Kreeg u deze link van iemand? Annuleer dan.`,
    refuse: 'Nee, annuleren',
  },

  bank: {
    title: 'Om welke bank gaat het?',
    label: 'Zoek uw bank',
    hint: 'Naam, IBAN, BIC, bankcode, sort code of plaats',
    search: 'Zoeken',
    found: (count) => plural(count, { one: '# bank', other: '# banken' }),
    foundMore: (count) => `De eerste ${count}. Typ nog iets meer om de juiste te zien.`,
    none: (query) => `Niets gevonden voor ‘${query}’.`,
    noneHint: 'Controleer de spelling of typ uw IBAN: die leidt zeker naar uw bank.',
    noneTell: (operator) =>
      `Een bank die niet in de lijst staat, kan nog niet gekoppeld worden. Laat het ${operator} weten:`,
    tell: 'Ontbrekende bank melden',
    tellSubject: (query) => `Ontbrekende bank: ${query}`,
    down: 'Het zoeken antwoordt nu niet. Druk zo meteen nog eens op ‘Zoeken’.',
    last: 'Vorige keer gebruikt',
    choices: 'Banken',
    within: (country) => `Alleen banken in dit land: ${country}`,
    everywhere: 'Overal zoeken',
    troubled: 'Heeft op dit moment problemen',
    healthDown: 'Op dit moment niet bereikbaar',
    needs_setup: 'Hier nog niet ingericht',
    no_address: 'Geen toegang bekend',
    account_type: 'Biedt dit soort rekening niet aan',
  },

  unavailable: {
    title: {
      down: (bank) => `${bank} is op dit moment niet bereikbaar`,
      not_supported: (bank) => `${bank} kan niet gekoppeld worden`,
      needs_setup: (bank) => `${bank} is hier nog niet ingericht`,
      no_address: (bank) => `${bank} kan nog niet worden gekoppeld`,
      unknown: () => 'We kennen deze bank niet',
    },
    text: {
      down: 'De dienst van de bank antwoordt niet. Meestal is dat binnen enkele minuten voorbij. Uw rekeningen merken er niets van.',
      not_supported: 'Deze bank, of dit soort rekening, biedt de benodigde toegang niet.',
      needs_setup: 'De beheerder van deze pagina moet zich nog bij deze bank aanmelden.',
      no_address:
        'Er is geen adres bekend waarop deze bank antwoordt. Uw bank kan zeggen of zij FinTS of een interface voor rekeninginformatie aanbiedt.',
      unknown: 'De link noemt een bank die niet in onze lijst staat.',
    },
    retry: 'Toch proberen',
    other: 'Andere bank kiezen',
  },

  type: {
    title: 'Welk soort rekening?',
    lead: (bank) => `${bank} houdt deze apart. Kies er nu een; de andere kunt u daarna koppelen.`,
    not: (types) => `Niet inbegrepen: ${types}`,
  },

  agree: {
    more: 'Meer uitleg',
    store: (bank) => `Mijn inloggegevens voor ${bank} bewaren`,
    storeHint: (app) =>
      `Dan kunnen uw rekeningen zonder u worden bijgewerkt. Ze worden versleuteld bewaard, nergens anders voor gebruikt en vernietigd zodra u de koppeling beëindigt. ${app} krijgt ze niet. Laat dit leeg als u liever elke keer inlogt.`,
    replaces: (bank) =>
      `${bank} bewaart maar één toestemming per persoon. Gaat u verder, dan kan een eerdere koppeling met deze bank eindigen.`,
    linked: (bank, accounts, read) =>
      `U hebt ${bank} al gekoppeld${accounts ? `: ${accounts}` : ''}${read ? `, laatst gelezen op ${read}` : ''}. Verleng die koppeling als u dezelfde inlog gebruikt. Ga hieronder alleen verder met een andere inlog.`,
    renew: 'Die koppeling verlengen',
    agree: (bank) => `Akkoord en verder naar ${bank}`,
    agreeHere: 'Akkoord en verder',
    refuse: 'Niet akkoord',
  },

  step: {
    signIn: (bank) => `Inloggen bij ${bank}`,
    signInLead: (bank, app) => `Zoals bij internetbankieren. Het gaat naar ${bank}; ${app} ziet het niet.`,
    code: 'Voer de code in',
    codeLead: (bank) => `${bank} vraagt een code om zeker te weten dat u het bent.`,
    method: 'Hoe wilt u bevestigen?',
    device: 'Welk apparaat?',
    accounts: 'Welke rekeningen?',
    chooseLead: (bank) => `Dit zijn de manieren die ${bank} u biedt.`,
    accountsLead: (bank) => `${bank} moet weten om welke rekeningen het gaat.`,
    fields: {
      user_id: 'Gebruikersnaam',
      corporate_id: 'Bedrijfs- of klantnummer',
      password: 'Wachtwoord of pincode',
      second_password: 'Tweede wachtwoord',
      code: 'Code',
      iban: 'IBAN',
      text: 'Antwoord',
    },
    methodIs: 'Verstuurd via',
    picture: (bank) => `Afbeelding van ${bank} voor uw codeapparaat of foto-app`,
    flicker: (bank) => `Flikkercode van ${bank} voor uw kaartlezer`,
    flickerHint:
      'Steek de pas in de lezer, start het flikkeren op een snelheid en houd de lezer voor de balken. Trek aan de hoek van de afbeelding tot de buitenste balken bij de merktekens van de lezer passen. Kunt u het niet zien: kies bij uw bank een andere manier.',
    flickerStill: 'Gestopt',
    flickerSlow: 'Langzaam',
    flickerUsual: 'Normaal',
    flickerFast: 'Snel',
    flickerWidth: 'Breedte',
    flickerWidths: ['Smal', 'Middel', 'Breed'],
    pictureLink: (host) => `De afbeelding van de bank openen op ${host}`,
    confirm: 'Bevestigen',
    send: 'Inloggen',
    again: 'Nieuwe code sturen',
    againPush: 'Verzoek opnieuw sturen',
    check: 'Ik heb het goedgekeurd',
    tries: (count) => plural(count, { one: 'Nog één poging.', other: 'Nog # pogingen.' }),
    notices: {
      wrong_credentials: 'De bank heeft dit niet geaccepteerd. Controleer wat u typte en probeer het opnieuw.',
      wrong_code: 'Die code klopte niet. Probeer het opnieuw.',
      code_sent_again: 'Er is een nieuwe code onderweg. Eerdere codes werken niet meer.',
      once_more: 'Dank u. Uw bank vraagt dit twee keer: eerst om uw rekeningen te tonen, nu om ze te laten lezen.',
      signers:
        'Dank u, uw deel is gedaan. Uw bank wil dat nog iemand goedkeurt. U kunt deze pagina sluiten: zeven dagen lang gaat het vanzelf verder zodra dat gebeurd is.',
      bank_message: 'Een bericht van uw bank:',
    },
    redirect: (bank) => `Nu naar ${bank}`,
    redirectLead: (bank) => `U logt in op de pagina van ${bank} en komt daarna vanzelf hier terug.`,
    redirectHost: 'De pagina van de bank staat op',
    redirectGo: (bank) => `Naar ${bank}`,
    redirectAuto: 'Dit gaat zo vanzelf verder.',
    redirectBad: 'De bank stuurde een adres dat niet te openen is. Annuleer en laat het de helpdesk weten.',
    wait: (bank) => `Keur het goed in de app van ${bank}`,
    waitOthers: 'Iemand anders moet ook akkoord gaan',
    waitLead: (bank) => `${bank} heeft een verzoek naar uw telefoon gestuurd.`,
    waitHow: 'Wat u doet',
    waitSteps: (bank) => [
      `Open de app van ${bank}.`,
      'Keur het verzoek goed om uw rekeningen te lezen.',
      'Kom terug: deze pagina gaat vanzelf verder.',
    ],
    waitUntil: (minutes) => `Meestal duurt het nog geen minuut. De bank wacht tot ${minutes}.`,
    againLeft: (count) =>
      plural(count, { one: 'Het kan nog één keer gestuurd worden.', other: 'Het kan nog # keer gestuurd worden.' }),
    againNone: 'In dit bezoek kan het niet nog eens gestuurd worden.',
    cannot: 'Ik kan de app niet gebruiken',
    cannotPoints: [
      'Is de telefoon offline of de app niet ingesteld? Het verzoek wacht tot u zover bent.',
      'Misschien biedt uw bank een andere manier, zoals een sms. Ga een stap terug om die te kiezen.',
      'Of annuleer: er is niets gedeeld.',
    ],
  },

  handover: {
    title: 'Typ de zes cijfers',
    text: (bank) => `U kwam van ${bank} terug in een andere browser. Die toont zes cijfers: typ ze hier.`,
    textPhone: 'Uw telefoon toont zes cijfers: typ ze hier.',
    careful: 'Typ alleen cijfers die u zelf ziet, op uw eigen apparaat. Cijfers die iemand u stuurt, zijn niet van u.',
    label: 'Zes cijfers',
    wrong: (left) =>
      plural(left, { one: 'Dat klopte niet. Nog één poging.', other: 'Dat klopte niet. Nog # pogingen.' }),
    send: 'Verder',
  },

  phone: {
    offer: 'Verder op uw telefoon',
    title: 'Verder op uw telefoon?',
    lead: (bank) => `Scan dit met de camera van uw telefoon: daar hebt u ${bank} bij de hand. Deze pagina gaat mee.`,
    code: 'QR-code die dit bezoek op uw telefoon opent',
    fresh: 'Hij geldt een minuut en voor één telefoon. Een nieuwe komt vanzelf.',
    here: 'Verder op dit apparaat',
    carried: 'Ga verder op uw telefoon',
    carriedText: 'Uw telefoon heeft het overgenomen. Deze pagina volgt en gaat vanzelf verder.',
    takeBack: 'Terughalen naar dit apparaat',
    welcome: (app) => `Hier verder voor ${app}?`,
    welcomeText: (app) =>
      `U scande een code op een ander scherm. Ga alleen verder als dat scherm van u is en u hier zelf mee begon bij ${app}.`,
    begunFor: 'Begonnen voor',
    go: 'Ja, hier verder',
    notMe: 'Dit ben ik niet',
    digits: 'Typ deze cijfers op het andere scherm',
    digitsText: (app) => `Nog één stap: typ ze waar u met ${app} begon. Ze gelden vijf minuten.`,
    digitsCareful: 'Typ ze zelf, op uw eigen scherm. Vertel ze aan niemand, wie er ook om vraagt.',
    done: 'Ga verder op het andere scherm',
    doneText: 'Deze telefoon heeft zijn deel gedaan. U kunt deze pagina sluiten.',
  },

  working: {
    title: 'Een ogenblik',
    text: (bank) => `We praten met ${bank}. Deze pagina gaat vanzelf verder.`,
    check: 'Opnieuw kijken',
  },

  trouble: {
    actions: { retry: 'Opnieuw proberen', other_bank: 'Andere bank kiezen', return: 'Stoppen en terug' },
    quoteReference: 'Vraagt u om hulp, noem dan',
    turn: {
      person: () => 'U kunt er zelf iets aan doen.',
      bank: () => 'Dit ligt aan de bank. U hebt niets verkeerd gedaan.',
      app: (app) => `Dit ligt aan ${app}.`,
      operator: (_, operator) => `Dit ligt aan ${operator}, die deze pagina beheert.`,
    },
    write: (name) => `Schrijf aan ${name}`,
    codes: texts.codes,
  },

  grant: {
    title: 'Welke rekeningen deelt u?',
    titleShown: 'Deze rekeningen worden gedeeld',
    lead: (app, count) =>
      plural(count, {
        one: `We vonden één rekening. Vink hem aan om hem met ${app} te delen.`,
        other: `We vonden # rekeningen. Vink aan welke u met ${app} wilt delen.`,
      }),
    leadShown: (bank) => `U hebt ze bij ${bank} gekozen.`,
    renews: 'U hebt deze inlog al gekoppeld. Delen verlengt die koppeling; niets wordt dubbel gekoppeld.',
    legend: 'Rekeningen',
    what: 'Waarmee u akkoord ging',
    grant: 'Delen en afronden',
    refuse: 'Niets delen',
    ending: (ending) => `eindigend op ${ending}`,
  },

  overview: {
    title: 'Uw bankkoppelingen',
    lead: (app) => `Wat ${app} mag lezen, en tot wanneer.`,
    none: 'Er is nog geen bank gekoppeld.',
    status: { active: 'Actief', action_required: 'Wacht op u', disconnected: 'Beëindigd' },
    reads: 'Leest',
    shortScopes: { accounts: 'rekeningen', balances: 'saldi', transactions: 'transacties' },
    since: 'Gekoppeld op',
    until: 'Tot',
    reconfirm: 'Bevestigen voor',
    last: 'Laatst gelezen op',
    never: 'nog niet',
    renew: 'Verlengen',
    revoke: 'Beëindigen',
    forBank: (verb, bank) => `${verb}: ${bank}`,
    add: 'Bank toevoegen',
    leave: 'Klaar',
    sureTitle: (bank) => `Koppeling met ${bank} beëindigen?`,
    sureText: (app) =>
      `Het lezen stopt meteen en de bank krijgt bericht. Wat ${app} al gelezen heeft, blijft daar tot het gewist wordt.`,
    sure: 'Ja, beëindigen',
    keep: 'Nee, behouden',
  },

  ended: {
    title: {
      finished: 'Klaar',
      canceled: 'Geannuleerd',
      failed: 'Het is niet gelukt',
      expired: 'Dit bezoek is voorbij',
    },
    titleConnected: (bank) => `${bank} is gekoppeld`,
    text: {
      finished: 'Alles is geregeld.',
      canceled: 'Er is niets gedeeld.',
      failed: 'Er is niets gedeeld. U kunt vanuit de app opnieuw beginnen.',
      expired: 'Er gebeurde te lang niets. U kunt vanuit de app opnieuw beginnen.',
    },
    accounts: (count, app) =>
      plural(count, {
        one: `Eén rekening wordt gedeeld met ${app}.`,
        other: `# rekeningen worden gedeeld met ${app}.`,
      }),
    back: (app) => `Terug naar ${app}`,
    going: (host) => `U gaat terug naar ${host}.`,
    close: 'U kunt deze pagina sluiten.',
  },

  own: texts.own,
  ownRetry: 'Opnieuw proberen',
  ownOption: (name) => `Het deel heet ‘${name}’.`,
  ownDigits: 'Bent u daar zelf begonnen, typ daar dan binnen vijf minuten deze cijfers. Vertel ze aan niemand:',
  guide: texts.guide,

  consent: texts.consent,
};
