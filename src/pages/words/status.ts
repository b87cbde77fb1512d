import { pluralsOf } from './formats.ts';

/** What the page of banks' health says. */
export type StatusWords = {
  title: string;
  lead: string;
  search: string;
  country: string;
  anyCountry: string;
  type: string;
  anyType: string;
  show: string;
  none: string;
  more: string;
  now: Record<'good' | 'troubled' | 'down', string>;
  sca: Record<'redirected' | 'embedded' | 'decoupled', string>;
  available: (share: string) => string;
  untroubled: string;
  uncalled: string;
  noWay: string;
  away: (day: string, share: string) => string;
  found: (count: number) => string;
};

/** By language; English where one is missing. */
export const STATUS_WORDS: Record<string, StatusWords> = {
  en: {
    title: 'How banks answer',
    lead: 'Seen from here, by real calls: now and over the last 30 days.',
    search: 'Bank',
    country: 'Country',
    anyCountry: 'All countries',
    type: 'Kind of account',
    anyType: 'All kinds',
    show: 'Show',
    none: 'No bank like this.',
    more: 'More banks',
    now: { good: 'Answers', troubled: 'Has problems', down: 'Does not answer' },
    sca: { redirected: 'on the bank’s page', embedded: 'with a code typed here', decoupled: 'in the bank’s app' },
    available: (share) => `${share} of 30 days`,
    untroubled: 'No outage seen in 30 days',
    uncalled: 'Not called in 30 days',
    noWay: 'There is no way to connect it yet.',
    away: (day, share) => `${day}: away ${share} of the day`,
    found: (count) => pluralsOf('en')(count, { one: '# bank', other: '# banks' }),
  },
  de: {
    title: 'Wie Banken antworten',
    lead: 'Von hier aus gesehen, an echten Aufrufen: jetzt und in den letzten 30 Tagen.',
    search: 'Bank',
    country: 'Land',
    anyCountry: 'Alle Länder',
    type: 'Kontoart',
    anyType: 'Alle Arten',
    show: 'Zeigen',
    none: 'Keine solche Bank.',
    more: 'Weitere Banken',
    now: { good: 'Antwortet', troubled: 'Hat Störungen', down: 'Antwortet nicht' },
    sca: { redirected: 'auf der Seite der Bank', embedded: 'mit einem Code hier', decoupled: 'in der App der Bank' },
    available: (share) => `${share} von 30 Tagen`,
    untroubled: 'Kein Ausfall in 30 Tagen gesehen',
    uncalled: 'Seit 30 Tagen nicht gefragt',
    noWay: 'Sie lässt sich noch nicht verbinden.',
    away: (day, share) => `${day}: ${share} des Tages nicht erreichbar`,
    found: (count) => pluralsOf('de')(count, { one: '# Bank', other: '# Banken' }),
  },
};
