import { aispPath } from '../open-banking-uk/face.ts';
import type { Stage } from '../stage.ts';
import type { Approach, Bank, Model } from './banks.ts';
import { numberOf } from './holdings.ts';

/** A pretend bank as others may know it: where it is, how it works, and who can log in. */
export type SandboxBank = {
  slug: string;
  name: string;
  country: string;
  city: string;
  bic: string;
  bankCode: string;
  timeZone: string;
  /** Where its people's pages are. */
  peopleUrl: string;
  interfaces: {
    /** Empty at banks with one interface. */
    path: string;
    /** Base address, to which `/v1/…` is added. */
    url: string;
    accountTypes: string[];
    approach: Approach;
    start: 'implicit' | 'explicit';
    consentModels: Model[];
    longestDays: number;
    historyMinutes: number;
    bookingStatus: string[];
    errors: 'tppMessages' | 'problem';
  }[];
  /** Where it is reached by FinTS, at banks that speak it. */
  fintsUrl?: string;
  /** Its UK Open Banking interface: where it is, which version, and to whom registrations are addressed. */
  openBanking?: { url: string; version: '3.1' | '4.0'; issuer: string; organisationId: string; decoupled: boolean };
  logins: {
    login: string;
    password: string;
    name: string;
    note: string;
    /** Ways to approve, with the code to type; a push has none and is approved on the phone page. */
    methods: { id: string; type: string; name: string; code?: string; devices?: string[] }[];
    accounts: { type: string; number: string }[];
  }[];
};

/** What everyone may know of a bank. */
export function presentBank(stage: Pick<Stage, 'machineUrl' | 'peopleUrl'>, bank: Bank): SandboxBank {
  const { slug, name, country, city, bic, bankCode, zone } = bank;
  return {
    slug,
    name,
    country,
    city,
    bic,
    bankCode,
    timeZone: zone,
    peopleUrl: stage.peopleUrl(slug),
    interfaces: bank.faces.map((face) => ({
      path: face.path,
      url: `${stage.machineUrl(slug)}${face.path ? `/${face.path}` : ''}`,
      accountTypes: [...face.accountTypes],
      approach: face.approach,
      start: face.start,
      consentModels: [...face.consentModels],
      longestDays: face.longestConsentDays,
      historyMinutes: face.historyMinutes,
      bookingStatus: [...face.bookingStatus],
      errors: face.errors,
    })),
    ...(bank.fints ? { fintsUrl: `${stage.machineUrl(slug)}/fints` } : {}),
    ...(bank.openBanking
      ? {
          openBanking: {
            url: `${stage.machineUrl(slug)}${aispPath(bank.openBanking)}`,
            version: bank.openBanking.version,
            issuer: stage.machineUrl(slug),
            organisationId: bank.openBanking.organisationId,
            decoupled: bank.openBanking.decoupled,
          },
        }
      : {}),
    logins: bank.people.map((person) => ({
      login: person.login,
      password: person.password,
      name: person.name,
      note: person.note,
      methods: person.methods.map((method) => ({
        id: method.id,
        type: method.type,
        name: method.name,
        ...(method.code ? { code: method.code } : {}),
        ...(method.media ? { devices: [...method.media] } : {}),
      })),
      accounts: person.holdings.map((holding) => ({ type: holding.type, number: numberOf(holding) })),
    })),
  };
}
