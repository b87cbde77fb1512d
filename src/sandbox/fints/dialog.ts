import { createHash, randomBytes } from 'node:crypto';
import type { Tx } from '../../base/database.ts';
import type { Stage } from '../stage.ts';
import { findPerson } from '../world/banks.ts';
import { type Answer, type Feedback, No } from './answer.ts';
import { approved, ask, proved, settle, waive } from './approval.ts';
import {
  findDialog,
  findSettings,
  lockLogin,
  removeDialog,
  removeSilentDialogs,
  type Settings,
  storeDialog,
  storeLogin,
} from './dialog-store.ts';
import type { Message } from './envelope.ts';
import { carryOut, demandOf, isSpoken } from './orders.ts';
import { bankParameters, type FintsBank, securityFunctions, userParameters } from './parameters.ts';
import { checkCode, checkPin, isCodeWanted, type Talk } from './talk.ts';
import { component, type Outgoing, type Segment } from './wire.ts';

/** A bank answering one message: `dialogId` is what the answer calls the dialog. */
export type Spoken = Answer & { dialogId: string };
/** Where a message arrived. */
export type Place = { tx: Tx; stage: Stage; bank: FintsBank; now: Date; address: string };

const ANYBODY = '9999999999';
/** A dialog that nobody speaks in ends. */
const SILENT_MS = 10 * 60_000;

/** Answers a message and keeps what it changed. Refusals are answers too. */
export async function converse(arrived: Place, message: Message): Promise<Spoken> {
  const { signature } = message;
  const settings = await findSettings(arrived.tx, arrived.bank.slug);
  const place = { ...arrived, bank: asSet(arrived.bank, settings) };
  if (!signature) return anonymous(place, settings, message);
  const person = findPerson(place.bank, signature.login);
  const dialogId = message.dialogId === '0' ? newId() : message.dialogId;
  const nobody = new No('9942', signature.segment, undefined, true);
  if (!person) return { ...refusal(nobody), dialogId };
  const counted = await lockLogin(place.tx, place.bank.slug, person.login);
  const speaking = { ...place, person, signature, counted, settings };
  const answer =
    message.dialogId === '0' ? await begin(speaking, message, dialogId) : await goOn(speaking, message, dialogId);
  await storeLogin(place.tx, place.bank.slug, person.login, counted);
  return { ...answer, dialogId };
}

/** The bank with what control has changed. */
function asSet(bank: FintsBank, { versions = {} }: Settings): FintsBank {
  const { bankParameterVersion, userParameterVersion } = bank.fints;
  const fints = {
    ...bank.fints,
    bankParameterVersion: versions.bank ?? bankParameterVersion,
    userParameterVersion: versions.user ?? userParameterVersion,
  };
  return { ...bank, fints };
}

type Speaking = Place & Omit<Talk, 'dialog'>;

/** A dialog without a person: the bank's parameters for anybody. */
async function anonymous({ bank, address }: Place, settings: Settings, message: Message): Promise<Spoken> {
  const [hkidn, hkvvb] = message.orders;
  const dialogId = message.dialogId === '0' ? newId() : message.dialogId;
  if (hkidn?.id === 'HKEND') return { feedback: [{ code: '0100' }], segments: [], ended: true, dialogId };
  try {
    if (hkidn?.id !== 'HKIDN' || hkvvb?.id !== 'HKVVB') throw new No('9110', undefined, undefined, true);
    if (component(hkidn, 2) !== ANYBODY) throw new No('9340', hkidn.number, 'Die Signatur fehlt.', true);
    checkGreeting(bank, settings, hkidn, hkvvb);
    const feedback = [{ code: '0020', about: hkidn.number }, ...news(hkvvb, true)];
    return { feedback, segments: bankParameters(bank, address, hkvvb.number), dialogId };
  } catch (error) {
    return { ...refusal(error), dialogId };
  }
}

async function begin(speaking: Speaking, { orders, number }: Message, id: string): Promise<Answer> {
  const { bank, tx, counted, settings, signature, now } = speaking;
  try {
    const hkidn = orders.find((order) => order.id === 'HKIDN');
    const hkvvb = orders.find((order) => order.id === 'HKVVB');
    const hktan = orders.find((order) => order.id === 'HKTAN');
    if (!hkidn || !hkvvb) throw new No('9110', undefined, undefined, true);
    // The program is checked before the PIN: an unknown one must not cost the person an attempt.
    checkGreeting(bank, settings, hkidn, hkvvb);
    if (component(hkidn, 2) !== signature.login) throw new No('9210', hkidn.number, 'Kundennummer unbekannt.', true);
    await checkPin(speaking);
    const wantsSystem = orders.some((order) => order.id === 'HKSYN');
    const talk: Talk = {
      ...speaking,
      dialog: {
        id,
        bank: bank.slug,
        login: signature.login,
        systemId: systemFor(speaking, hkidn, wantsSystem),
        securityFunction: signature.securityFunction,
        messages: number,
        state: 'opening',
        knows: { bank: Number(component(hkvvb, 1)), user: Number(component(hkvvb, 2)) },
        wantsSystem,
        touchedAt: now.getTime(),
      },
    };
    counted.dialogs += 1;
    await removeSilentDialogs(tx, bank.slug, signature.login, now.getTime() - SILENT_MS);
    const answer = await greet(talk, hkidn, hkvvb, hktan);
    await storeDialog(tx, talk.dialog);
    return answer;
  } catch (error) {
    return refusal(error);
  }
}

/** The first answer to a person whose PIN was right: parameters, or a challenge before them. */
async function greet(talk: Talk, hkidn: Segment, hkvvb: Segment, hktan: Segment | undefined): Promise<Answer> {
  const { dialog, person, signature } = talk;
  const allowed = securityFunctions(person);
  const methods: Feedback = { code: '3920', about: hkvvb.number, parameters: allowed };
  if (signature.securityFunction === '999' && !allowed.includes('999')) {
    // One step is enough to learn which methods there are, and for nothing else.
    dialog.state = 'limited';
    const known = parameters(talk, hkvvb.number, false);
    return { feedback: [{ code: '0020', about: hkidn.number }, methods, ...known.feedback], segments: known.segments };
  }
  if (!allowed.includes(signature.securityFunction)) throw new No('9930', signature.segment, undefined, true);
  if (signature.securityFunction !== '999' && !hktan) throw new No('9075', hkidn.number, undefined, true);
  if (hktan && component(hktan, 2) === 'HKTAB') {
    dialog.state = 'devices_only';
    const waived = waive(hktan);
    return {
      feedback: [{ code: '0020', about: hkidn.number }, methods, ...waived.feedback],
      segments: waived.segments,
    };
  }
  if (hktan && isCodeWanted(talk, 'dialog')) {
    const asked = ask(talk, hktan, { opening: true, orders: [] });
    return { feedback: [methods, ...asked.feedback], segments: asked.segments };
  }
  dialog.state = 'open';
  const known = parameters(talk, hkvvb.number, true);
  const waived = hktan ? waive(hktan) : { feedback: [], segments: [] };
  return {
    feedback: [{ code: '0020', about: hkidn.number }, ...known.feedback, methods, ...waived.feedback],
    segments: [...known.segments, ...waived.segments],
  };
}

async function goOn(speaking: Speaking, message: Message, id: string): Promise<Answer> {
  const { bank, tx, now, signature } = speaking;
  const dialog = await findDialog(tx, bank.slug, id);
  const gone = (text: string) => refusal(new No('9010', undefined, text, true));
  if (!dialog || dialog.login !== signature.login) return gone('Der Dialog ist unbekannt.');
  const talk: Talk = { ...speaking, dialog };
  const answer = await proceed(talk, message).catch(refusal);
  if (answer.ended) await removeDialog(tx, bank.slug, id);
  else await storeDialog(tx, { ...dialog, messages: message.number, touchedAt: now.getTime() });
  return answer;
}

async function proceed(talk: Talk, { orders, number }: Message): Promise<Answer> {
  const { dialog, signature, now } = talk;
  if (now.getTime() - dialog.touchedAt > SILENT_MS) throw new No('9010', undefined, 'Der Dialog ist abgelaufen.', true);
  if (number !== dialog.messages + 1) throw new No('9010', undefined, 'Unerwartete Nachrichtennummer.', true);
  await checkPin(talk);
  const [first] = orders;
  if (!first) throw new No('9110', undefined);
  // Some clients end a dialog that they began in one step by the method they have learnt meanwhile.
  if (first.id === 'HKEND')
    return { feedback: [{ code: '0100' }, { code: '0020', about: first.number }], segments: [], ended: true };
  if (signature.securityFunction !== dialog.securityFunction) throw new No('9930', signature.segment, undefined, true);
  if (first.id === 'HKTAN' && ['2', 'S'].includes(component(first, 1))) return afterApproval(talk, first);
  if (dialog.state === 'opening') throw new No('9210', first.number, 'Die Anmeldung ist noch nicht freigegeben.');
  return doOrders(talk, orders);
}

async function afterApproval(talk: Talk, hktan: Segment): Promise<Answer> {
  const settled = await settle(talk, hktan);
  if ('feedback' in settled) return settled;
  const end = approved(hktan, settled);
  if (settled.opening) {
    talk.dialog.state = 'open';
    const known = parameters(talk, hktan.number, true);
    const methods = { code: '3920', about: hktan.number, parameters: securityFunctions(talk.person) };
    return {
      feedback: [{ code: '0020', about: hktan.number }, ...known.feedback, methods],
      segments: [end, ...known.segments],
    };
  }
  const done = await all(
    talk,
    settled.orders.map((order) => ({ ...order, number: hktan.number })),
  );
  return { ...done, segments: [end, ...done.segments] };
}

async function doOrders(talk: Talk, segments: readonly Segment[]): Promise<Answer> {
  const { bank, dialog, signature } = talk;
  const hktan = segments.find((segment) => segment.id === 'HKTAN');
  const orders = segments.filter((segment) => segment !== hktan);
  for (const order of orders) {
    if (!isSpoken(bank, order)) throw new No('9110', order.number, 'Das Segment ist unbekannt.');
    if (dialog.state === 'devices_only' && order.id !== 'HKTAB') throw new No('9075', order.number);
    if (dialog.state === 'limited') throw new No('9075', order.number);
  }
  // Process 1: the order's hash is announced first, then the order comes with the code.
  if (hktan && component(hktan, 1) === '1')
    return ask(talk, hktan, { opening: false, orders: [] }, component(hktan, 4));
  if (dialog.pending?.hash !== undefined && signature.code !== '') return afterHash(talk, orders);
  const wanted = orders.find((order) => {
    const demand = demandOf(talk, order);
    return demand !== undefined && isCodeWanted(talk, demand);
  });
  if (wanted) {
    if (!hktan || component(hktan, 2) !== wanted.id) throw new No('9075', wanted.number);
    return ask(talk, hktan, { opening: false, orders });
  }
  const done = await all(talk, orders);
  const waived = hktan ? waive(hktan) : { feedback: [], segments: [] };
  return { feedback: [...done.feedback, ...waived.feedback], segments: [...done.segments, ...waived.segments] };
}

async function afterHash(talk: Talk, orders: Segment[]): Promise<Answer> {
  const pending = talk.dialog.pending!;
  const [order] = orders;
  if (!order || !isHashOf(pending.hash!, order)) throw new No('9370', order?.number);
  await checkCode(talk, talk.person.methods.find((one) => one.id === pending.method)?.code, order.number);
  await proved(talk, pending);
  return all(talk, orders);
}

async function all(talk: Talk, orders: readonly Segment[]): Promise<Answer> {
  const feedback: Feedback[] = [];
  const segments: Outgoing[] = [];
  for (const order of orders) {
    const answer = await carryOut(talk, order);
    feedback.push(...answer.feedback);
    segments.push(...answer.segments);
  }
  return { feedback, segments };
}

/** The parameters that the customer does not know in this version, and a new system id where one was asked for. */
function parameters(talk: Talk, about: number, withUser: boolean): Answer {
  const { bank, person, dialog } = talk;
  const { fints } = bank;
  const bankIsNew = dialog.knows.bank !== fints.bankParameterVersion;
  const userIsNew = withUser && dialog.knows.user !== fints.userParameterVersion;
  const address = (talk as Talk & Place).address;
  const news = [
    ...(bankIsNew ? [{ code: '3050', about, text: 'BPD nicht mehr aktuell, aktuelle Version enthalten.' }] : []),
    ...(userIsNew ? [{ code: '3050', about, text: 'UPD nicht mehr aktuell, aktuelle Version enthalten.' }] : []),
  ];
  const segments: Outgoing[] = [
    ...(bankIsNew ? bankParameters(bank, address, about) : []),
    ...(userIsNew ? userParameters(bank, person, about) : []),
    ...(dialog.wantsSystem ? [{ id: 'HISYN', version: 4, about, data: [dialog.systemId] }] : []),
  ];
  return { feedback: [...news, { code: '0020', about }], segments };
}

/** Which of the two hash procedures of process 1 is used is the customer's choice (`HITANS`, order hash value). */
function isHashOf(hash: string, { raw }: Segment): boolean {
  return ['sha1', 'ripemd160'].some(
    (name) => createHash(name).update(raw, 'latin1').digest().toString('latin1') === hash,
  );
}

/** A known system, a new one when it was asked for, or `0`: then codes are asked for every time. */
function systemFor({ counted, now }: Speaking, hkidn: Segment, wantsNew: boolean): string {
  const said = component(hkidn, 3) || '0';
  if (wantsNew) {
    const made = randomBytes(20).toString('base64');
    counted.systems[made] = { since: now.getTime() };
    return made;
  }
  if (said !== '0' && !counted.systems[said]) throw new No('9910', hkidn.number, undefined, true);
  return said;
}

function checkGreeting(bank: FintsBank, { products }: Settings, hkidn: Segment, hkvvb: Segment): void {
  if (component(hkidn, 1, 2) !== bank.bankCode) {
    throw new No('9210', hkidn.number, 'Die Bankleitzahl ist unbekannt.', true);
  }
  const product = component(hkvvb, 4);
  const registered = products ? products.includes(product) : product !== '' && !product.startsWith('UNKNOWN');
  if (!registered || product.length > 25) throw new No('9078', hkvvb.number, undefined, true);
}

const news = (hkvvb: Segment, bankIsNew: boolean): Feedback[] =>
  bankIsNew ? [{ code: '3050', about: hkvvb.number, text: 'BPD nicht mehr aktuell, aktuelle Version enthalten.' }] : [];

/** A refusal as an answer; anything else is a mistake of ours and passed on. */
function refusal(error: unknown): Answer {
  if (!(error instanceof No)) throw error;
  return { feedback: [error.feedback], segments: [], ...(error.ends ? { ended: true } : {}) };
}

/** Ids of dialogs have at most 30 characters. */
const newId = () => randomBytes(15).toString('base64url');
