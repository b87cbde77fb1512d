import { registerAtPretendBanks } from '../../src/commands/trying/registrations.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { type World, world } from '../world.ts';
import { approvesAtBank, logsInAtBank, type Way } from './ways.ts';

/** A world whose pretend banks of the United Kingdom know us. */
export async function ukWorld(change: Parameters<typeof world>[0] = {}): Promise<World> {
  const here = await world(change);
  await register(here);
  return here;
}

/** The same world after a restart: nothing of a bank's server is remembered. */
export async function ukRestart(here: World): Promise<void> {
  await here.restart();
  await register(here);
}

const register = ({ server, settings }: World) =>
  registerAtPretendBanks(server.platform, server.sandbox!, settings.dataDir);

/** To the bank's page on this device: a bank that lives in an app offers the phone first, to who sits at a desk. */
export async function goesToUkBank(person: Visitor, bankName: string): Promise<void> {
  await person.sees(/Now to|Continue on your phone/);
  await person.follows(new RegExp(`^(Go to ${bankName}|.* on this device)`));
}

const redirected = (bankName: string, login: string, password: string) => async (person: Visitor) => {
  await goesToUkBank(person, bankName);
  await logsInAtBank(person, login, password);
  await approvesAtBank(person);
};

const thornfield = { bank: 'gb-thornfield', bankName: 'Thornfield Bank', login: 'edith', password: 'thornfield-1' };
const calderwye = {
  bank: 'gb-calderwye',
  bankName: 'Calderwye Building Society',
  login: 'maud',
  password: 'calderwye-1',
};

/** The ways of proving who one is at the pretend banks of the United Kingdom. */
export const UK_WAYS = {
  hybrid: {
    ...thornfield,
    name: 'the hybrid flow of 3.1.11',
    signIn: redirected(thornfield.bankName, thornfield.login, thornfield.password),
    grants: false,
  },
  jarm: {
    ...calderwye,
    name: 'PAR and JARM of 4.0',
    signIn: redirected(calderwye.bankName, calderwye.login, calderwye.password),
    grants: false,
  },
} as const satisfies Record<string, Way>;
