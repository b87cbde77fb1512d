import assert from 'node:assert/strict';
import type { Visitor } from '../visitor/visitor.ts';

/** Somebody with a login at a pretend FinTS bank, and what they choose and type. */
export type Person = { bank: string; login: string; password: string; method?: RegExp; medium?: RegExp; code?: string };

/** Whom the bank asks for no code. */
export const OTTO: Person = { bank: 'de-havelstein', login: 'otto', password: 'havelstein-5' };
/** Who approves in the app. */
export const RUBEN: Person = { bank: 'de-havelstein', login: 'ruben', password: 'havelstein-2' };
/** Whose code comes as a picture, with marks in the password. */
export const FINE: Person = { bank: 'de-havelstein', login: 'fine', password: "h+2:1=?'", code: '314159' };
/** Who chooses between SMS, a card reader, a picture and the app, and has a picture drawn. */
export const NELE: Person = {
  bank: 'de-havelstein',
  login: 'nele',
  password: 'havelstein-1',
  method: /photo/i,
  code: '314159',
};
/** Whose card reader reads flickering bars. */
export const TILL: Person = { bank: 'de-havelstein', login: 'till', password: 'havelstein-4', code: '654321' };
/** Who has an account, a card and a depot. */
export const GESA: Person = { bank: 'de-havelstein', login: 'gesa', password: 'havelstein-6', code: '123456' };
/** At an older bank, which asks for a code at every statement. */
export const WANDA: Person = { bank: 'de-moorwerder', login: 'wanda', password: 'moorwerder-1', code: '123456' };

const SETTLED =
  /Sign in to|How would you like|Enter the code|Approve it in|accounts may be shared|accounts will be shared|Welcome back|Back to Leafbook|went wrong|did not/;
const USER = /^(User name|Username|.*Anmeldename)/i;
/** The field for the PIN. */
export const PASSWORD = /^(Password|PIN)/i;

/** Signs in with user name, where it is asked, and PIN. */
export async function typesLogin(person: Visitor, who: Person): Promise<void> {
  await person.sees('Sign in to', 30_000);
  if (await person.canFill(USER)) await person.fills(USER, who.login);
  await person.fills(PASSWORD, who.password);
  await person.presses(/^Sign in$/);
}

/** Types the code they have. */
export async function typesCode(person: Visitor, who: Person): Promise<void> {
  await person.sees('Enter the code', 30_000);
  await person.fills(/^Code/, who.code!);
  await person.presses('Confirm');
}

/** Shares all accounts found. */
export async function shares(person: Visitor): Promise<void> {
  await person.sees(/accounts may be shared|accounts will be shared/, 30_000);
  await person.ticksAll();
  await person.presses('Share and finish');
}

/** Answers whatever is asked, before and after the accounts are ticked; how many codes that took. */
export async function answersEverything(person: Visitor, who: Person): Promise<number> {
  let codes = 0;
  for (let answers = 0; answers < 30; answers++) {
    await person.sees(SETTLED, 30_000);
    if (await person.canFill(PASSWORD)) await typesLogin(person, who);
    else if (await person.canPress('Share and finish')) await shares(person);
    else if (who.code && (await person.canFill(/^Code/))) {
      codes += 1;
      await typesCode(person, who);
    } else if (who.method && (await person.canPress(who.method))) await person.presses(who.method);
    else if (await person.canFollow(/^Back to Leafbook/)) return codes;
    else {
      await person.sees(/accounts may be shared|accounts will be shared|Welcome back|Back to Leafbook/, 30_000);
      if (!(await person.canPress('Share and finish'))) return codes;
    }
  }
  return assert.fail('no end');
}
