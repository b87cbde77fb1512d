import type { Outgoing } from './wire.ts';

/** A return code about a segment of the request (by its number), or about the whole message when there is none. */
export type Feedback = { code: string; about?: number; text?: string; parameters?: readonly string[] };

/** What the bank answers: return codes, segments, and whether the dialog is over. */
export type Answer = { feedback: Feedback[]; segments: Outgoing[]; ended?: boolean };

/** The bank says no. `ends` when the dialog ends with it. */
export class No extends Error {
  readonly feedback: Feedback;
  readonly ends: boolean;

  constructor(code: string, about: number | undefined, text?: string, ends = false) {
    super(text ?? code);
    this.feedback = { code, ...(about === undefined ? {} : { about }), ...(text === undefined ? {} : { text }) };
    this.ends = ends;
  }
}

/** FinTS 3.0 return codes as the bank words them. */
const TEXTS: Record<string, string> = {
  '0010': 'Nachricht entgegengenommen.',
  '0020': 'Auftrag ausgeführt.',
  '0030': 'Auftrag empfangen - Sicherheitsfreigabe erforderlich.',
  '0100': 'Dialog beendet.',
  '3010': 'Es liegen keine Einträge vor.',
  '3040': 'Es liegen weitere Informationen vor.',
  '3050': 'BPD oder UPD nicht mehr aktuell, aktuelle Version enthalten.',
  '3060': 'Bitte beachten Sie die enthaltenen Warnungen/Hinweise.',
  '3076': 'Keine starke Authentifizierung erforderlich.',
  '3920': 'Zugelassene Ein- und Zwei-Schritt-Verfahren für den Benutzer.',
  '3955': 'Sicherheitsfreigabe erfolgt über anderen Kanal.',
  '3956': 'Starke Kundenauthentifizierung noch ausstehend.',
  '9010': 'Die Verarbeitung ist zurzeit nicht möglich.',
  '9050': 'Die Nachricht enthält Fehler.',
  '9075': 'Dialog abgebrochen - starke Authentifizierung erforderlich.',
  '9078': 'Die verwendete FinTS-Software ist nicht registriert.',
  '9110': 'Falsche Segmentzusammenstellung.',
  '9210': 'Auftrag abgelehnt.',
  '9340': 'Signatur ungültig.',
  '9370': 'Es liegt kein passender Auftrag vor.',
  '9800': 'Der Dialog wurde abgebrochen.',
  '9910': 'Kundensystem-ID unbekannt. Bitte synchronisieren.',
  '9930': 'PIN/TAN-Verfahren widerspricht dem Legitimationsvertrag.',
  '9931': 'Zugang gesperrt. Bitte wenden Sie sich an Ihre Bank.',
  '9941': 'TAN ungültig.',
  '9942': 'PIN ungültig.',
  '9951': 'TAN-Medium nicht bekannt oder nicht angegeben.',
};

/** `HIRMG` about the message and one `HIRMS` for each segment that something is said about. */
export function presentFeedback({ feedback, ended }: Answer): Outgoing[] {
  const general = feedback.filter((one) => one.about === undefined);
  const bad = feedback.some((one) => one.code.startsWith('9'));
  if (bad && !general.some((one) => one.code === '9050')) general.unshift({ code: '9050' });
  if (bad && ended) general.push({ code: '9800' });
  if (!bad && feedback.some((one) => one.code.startsWith('3'))) general.unshift({ code: '3060' });
  if (!bad) general.unshift({ code: '0010' });
  const about = [...new Set(feedback.flatMap((one) => one.about ?? []))];
  return [
    { id: 'HIRMG', version: 2, data: general.map(group) },
    ...about.map((number) => ({
      id: 'HIRMS',
      version: 2,
      about: number,
      data: feedback.filter((one) => one.about === number).map(group),
    })),
  ];
}

const group = ({ code, text, parameters = [] }: Feedback) => [
  code,
  '',
  (text ?? TEXTS[code] ?? '').slice(0, 80),
  ...parameters,
];
