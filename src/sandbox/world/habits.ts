import type { Life } from './holdings.ts';

/** What money is spent on or comes from. */
export type Kind =
  | 'groceries'
  | 'bakery'
  | 'coffee'
  | 'fuel'
  | 'eating'
  | 'online'
  | 'travel'
  | 'salary'
  | 'parents'
  | 'rent'
  | 'power'
  | 'phone'
  | 'insurance'
  | 'club'
  | 'saving'
  | 'saved'
  | 'settlement'
  | 'interest'
  | 'repayment'
  | 'charge'
  | 'cash';

/** A booking that returns every month: on which day and how many cents, from the account holder's view. */
export type Standing = { kind: Kind; day: number; cents: number; months?: readonly number[] };

/** Something that may happen on a day: how likely, between how many cents; `twice` books two alike. */
export type Chance = {
  kind: Kind;
  chance: number;
  from: number;
  to: number;
  hour: number;
  weekday?: number;
  twice?: true;
};

/** Opening balance and habits of one kind of life. Sums were chosen so that a balance neither grows nor sinks for long. */
export const LIVES: Record<Life, { openingCents: number; standing: readonly Standing[]; chances: readonly Chance[] }> =
  {
    employee: {
      openingCents: 184_230,
      standing: [
        { kind: 'salary', day: 27, cents: 268_417 },
        { kind: 'rent', day: 1, cents: -117_000 },
        { kind: 'power', day: 3, cents: -8_900 },
        { kind: 'phone', day: 12, cents: -2_499 },
        { kind: 'insurance', day: 15, cents: -21_360, months: [1, 4, 7, 10] },
        { kind: 'club', day: 5, cents: -2_990 },
        { kind: 'saving', day: 2, cents: -20_000 },
      ],
      chances: [
        { kind: 'groceries', chance: 0.34, from: 1_240, to: 8_960, hour: 17 },
        { kind: 'bakery', chance: 0.16, from: 240, to: 1_180, hour: 8 },
        { kind: 'coffee', chance: 0.5, from: 340, to: 340, hour: 10, weekday: 3, twice: true },
        { kind: 'fuel', chance: 0.08, from: 4_100, to: 8_400, hour: 18 },
        { kind: 'eating', chance: 0.1, from: 1_450, to: 6_300, hour: 20 },
        { kind: 'online', chance: 0.06, from: 990, to: 11_900, hour: 21 },
        { kind: 'cash', chance: 0.04, from: 5_000, to: 5_000, hour: 12 },
      ],
    },
    student: {
      openingCents: 41_877,
      standing: [
        { kind: 'parents', day: 1, cents: 21_000 },
        { kind: 'salary', day: 15, cents: 52_000 },
        { kind: 'rent', day: 3, cents: -41_000 },
        { kind: 'phone', day: 20, cents: -999 },
      ],
      chances: [
        { kind: 'groceries', chance: 0.3, from: 480, to: 3_900, hour: 18 },
        { kind: 'coffee', chance: 0.4, from: 280, to: 280, hour: 11, weekday: 2, twice: true },
        { kind: 'eating', chance: 0.14, from: 690, to: 2_400, hour: 19 },
      ],
    },
    saver: {
      openingCents: 512_000,
      standing: [
        { kind: 'saved', day: 2, cents: 20_000 },
        { kind: 'interest', day: 30, cents: 1_184, months: [3, 6, 9, 12] },
      ],
      chances: [],
    },
    card: {
      openingCents: -18_650,
      standing: [{ kind: 'settlement', day: 22, cents: 40_500 }],
      chances: [
        { kind: 'online', chance: 0.14, from: 890, to: 9_400, hour: 21 },
        { kind: 'eating', chance: 0.08, from: 1_600, to: 5_900, hour: 20 },
        { kind: 'travel', chance: 0.03, from: 2_900, to: 18_900, hour: 9 },
      ],
    },
    borrower: {
      openingCents: -1_284_500,
      standing: [
        { kind: 'repayment', day: 20, cents: 28_500 },
        { kind: 'charge', day: 30, cents: -4_870 },
      ],
      chances: [],
    },
  };

/** Names on the other side, the text of the booking, and the ISO 20022 bank transaction code. All names are invented. */
type Words = { names: readonly string[]; text: string };

/** ISO 20022 bank transaction codes by kind. */
export const CODES: Record<Kind, string> = {
  groceries: 'PMNT-CCRD-POSD',
  bakery: 'PMNT-CCRD-POSD',
  coffee: 'PMNT-CCRD-POSD',
  fuel: 'PMNT-CCRD-POSD',
  eating: 'PMNT-CCRD-POSD',
  online: 'PMNT-CCRD-POSD',
  travel: 'PMNT-CCRD-POSD',
  cash: 'PMNT-CCRD-CWDL',
  salary: 'PMNT-RCDT-SALA',
  parents: 'PMNT-RCDT-ESCT',
  rent: 'PMNT-ICDT-STDO',
  power: 'PMNT-RDDT-ESDD',
  phone: 'PMNT-RDDT-ESDD',
  insurance: 'PMNT-RDDT-ESDD',
  club: 'PMNT-RDDT-ESDD',
  saving: 'PMNT-ICDT-STDO',
  saved: 'PMNT-RCDT-ESCT',
  settlement: 'PMNT-RCDT-BOOK',
  interest: 'ACMT-MCOP-INTR',
  repayment: 'PMNT-RCDT-STDO',
  charge: 'LDAS-MDOP-INTR',
};

/** What the bookings of a country's banks say; `{month}` becomes such as 11/2026. */
export const WORDS: Record<'de' | 'en' | 'nl', Record<Kind, Words>> = {
  de: {
    groceries: { names: ['Kornblume Markt', 'Frischhof Lenz', 'Hofladen Ähre'], text: 'Kartenzahlung' },
    bakery: { names: ['Bäckerei Sonntag', 'Backstube Weißdorn'], text: 'Kartenzahlung' },
    coffee: { names: ['Café Möwe'], text: 'Kartenzahlung Café Möwe' },
    fuel: { names: ['Tankhof Süd', 'Stern & Söhne Tankstelle'], text: 'Kartenzahlung Zapfsäule 4' },
    eating: { names: ['Gasthaus Zur Linde', 'Trattoria Colombo', 'Wok & Reis'], text: 'Kartenzahlung' },
    online: { names: ['Bücherkiste Online', 'Radwerk Versand', 'Fadenlauf Mode'], text: 'Bestellung 40-{serial}' },
    travel: { names: ['Fernweh Reisen', 'Küstenbahn'], text: 'Buchung {serial}' },
    cash: { names: ['Geldautomat Marktplatz'], text: 'Auszahlung' },
    salary: { names: ['Kontor Hansen GmbH'], text: 'LOHN/GEHALT {month} Personalnr. 20817' },
    parents: { names: ['Dauerauftrag Eltern'], text: 'Unterhalt {month}' },
    rent: { names: ['Hausverwaltung Birkenallee'], text: 'Miete {month} Whg. 12' },
    power: { names: ['Stadtwerke Musterau'], text: 'Abschlag Strom/Gas {month} Vertragskonto 77120' },
    phone: { names: ['Funkhaus Mobil'], text: 'Rechnung {month} Kundennr. 558213' },
    insurance: { names: ['Hanseat Versicherung aG'], text: 'Beitrag Haftpflicht/Hausrat {month}' },
    club: { names: ['Turnverein Musterau 1902 e.V.'], text: 'Mitgliedsbeitrag {month}' },
    saving: { names: ['Eigenes Sparkonto'], text: 'Sparen {month}' },
    saved: { names: ['Eigenes Girokonto'], text: 'Sparen {month}' },
    settlement: { names: ['Kartenabrechnung'], text: 'Ausgleich Kreditkarte {month}' },
    interest: { names: ['Zinsen'], text: 'Habenzinsen {month}' },
    repayment: { names: ['Eigenes Girokonto'], text: 'Rate {month}' },
    charge: { names: ['Zinsen'], text: 'Kreditzinsen {month}' },
  },
  en: {
    groceries: { names: ['Cornflower Market', 'Barrow & Daughters', 'The Green Crate'], text: 'Card payment' },
    bakery: { names: ['Whitethorn Bakery'], text: 'Card payment' },
    coffee: { names: ['Gull Street Coffee'], text: 'Card payment Gull Street Coffee' },
    fuel: { names: ['Southgate Fuel'], text: 'Card payment pump 4' },
    eating: { names: ['The Bent Oak', 'Noodle Yard'], text: 'Card payment' },
    online: { names: ['Paperlark Books', 'Spoke & Chain'], text: 'Order 40-{serial}' },
    travel: { names: ['Coastline Rail'], text: 'Booking {serial}' },
    cash: { names: ['Cash machine Market Place'], text: 'Cash withdrawal' },
    salary: { names: ['Hartwell Offices Ltd'], text: 'SALARY {month} REF 20817' },
    parents: { names: ['Standing order parents'], text: 'Allowance {month}' },
    rent: { names: ['Birch Lane Lettings'], text: 'Rent {month} Flat 12' },
    power: { names: ['Harrowby Energy'], text: 'Gas and electricity {month} 77120' },
    phone: { names: ['Beacon Mobile'], text: 'Bill {month} account 558213' },
    insurance: { names: ['Anchor Mutual Insurance'], text: 'Home cover {month}' },
    club: { names: ['Harrowby Rowing Club'], text: 'Membership {month}' },
    saving: { names: ['Own savings'], text: 'Savings {month}' },
    saved: { names: ['Own current account'], text: 'Savings {month}' },
    settlement: { names: ['Card settlement'], text: 'Credit card {month}' },
    interest: { names: ['Interest'], text: 'Interest paid {month}' },
    repayment: { names: ['Own current account'], text: 'Loan repayment {month}' },
    charge: { names: ['Interest'], text: 'Loan interest {month}' },
  },
  nl: {
    groceries: { names: ['Korenbloem Markt', 'Groenteman De Dijk'], text: 'Betaalpas' },
    bakery: { names: ['Bakkerij Zondag'], text: 'Betaalpas' },
    coffee: { names: ['Koffie aan de Vaart'], text: 'Betaalpas Koffie aan de Vaart' },
    fuel: { names: ['Tankpunt Zuid'], text: 'Betaalpas pomp 4' },
    eating: { names: ['Eethuis De Linde', 'Pannenkoekenhuis Fien'], text: 'Betaalpas' },
    online: { names: ['Boekenkist Online', 'Fietswerk Webwinkel'], text: 'Bestelling 40-{serial}' },
    travel: { names: ['Kustspoor'], text: 'Boeking {serial}' },
    cash: { names: ['Geldautomaat Marktplein'], text: 'Geldopname' },
    salary: { names: ['Kantoor Hanssen BV'], text: 'SALARIS {month} pers.nr. 20817' },
    parents: { names: ['Periodieke overboeking ouders'], text: 'Toelage {month}' },
    rent: { names: ['Woonbeheer Berkenlaan'], text: 'Huur {month} nr. 12' },
    power: { names: ['Energie Lelywaard'], text: 'Termijnbedrag {month} 77120' },
    phone: { names: ['Zendmast Mobiel'], text: 'Factuur {month} klant 558213' },
    insurance: { names: ['Anker Onderlinge'], text: 'Premie inboedel {month}' },
    club: { names: ['Roeivereniging De Vaart'], text: 'Contributie {month}' },
    saving: { names: ['Eigen spaarrekening'], text: 'Sparen {month}' },
    saved: { names: ['Eigen betaalrekening'], text: 'Sparen {month}' },
    settlement: { names: ['Kaartafrekening'], text: 'Creditcard {month}' },
    interest: { names: ['Rente'], text: 'Creditrente {month}' },
    repayment: { names: ['Eigen rekening'], text: 'Aflossing {month}' },
    charge: { names: ['Rente'], text: 'Kredietrente {month}' },
  },
};
