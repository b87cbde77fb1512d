import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import jsQRModule from 'jsqr';
import type { Page } from 'playwright-core';
import type { BrowserVisitor } from '../visitor/browser.ts';
import { type World, world } from '../world.ts';
import { comesHome } from './ways.ts';

// The package is CommonJS: what Node hands over is its module, whatever its types say.
const jsQR = ((jsQRModule as unknown as { default?: unknown }).default ?? jsQRModule) as typeof jsQRModule.default;

const HENRIK = { bank: 'de-rotfels', user: 'henrik', password: 'rotfels-1' };

describe('codes that a device reads from our page', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here?.close());

  test('a picture is read from what the screen shows, and what it says connects the bank', async () => {
    const { person, consent } = await reaches(/^Photo-TAN/);
    const shown = await person.page.locator('.picture img').screenshot();
    const said = await readQr(person.page, shown);
    assert.match(said, /^Rotfels Bank: TAN \d{6} /);
    await types(person, /TAN (\d{6})/.exec(said)?.[1] ?? '');
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
  });

  test('a flickering picture is read bar by bar, and says what the bank says in words', async () => {
    const { person, consent } = await reaches(/^chipTAN optisch/);
    await person.chooses(/slow/i);
    const bars = person.page.locator('.bars:visible img');
    assert.equal(await bars.count(), 1);
    const source = await bars.getAttribute('src');
    const written = /Start code (\d+)/.exec(await person.text())?.[1];
    assert.ok(source && written);
    const { startCode, elements } = hhd(await readBars(person.page, source));
    assert.equal(startCode, written);
    assert.deepEqual(elements, ['0000000000']);
    await types(person, '654321');
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
  });

  /** As far as the code by that method. */
  async function reaches(method: RegExp): Promise<{ person: BrowserVisitor; consent: string }> {
    const person = (await here.person('Chromium')) as BrowserVisitor;
    const { consent, url } = await here.asksForConsent({ provider: HENRIK.bank });
    await person.opens(url);
    for (let turns = 0; turns < 12 && !(await person.canFill(/^Code/)); turns += 1) {
      if (await person.canPress('Continue')) await person.presses('Continue');
      else if (await person.canPress(/^Agree/)) await person.presses(/^Agree/);
      else if (await person.canPress(method)) await person.presses(method);
      else {
        if (await person.canFill(/^User ?name/i)) await person.fills(/^User ?name/i, HENRIK.user);
        if (await person.canFill(/password/i)) await person.fills(/password/i, HENRIK.password);
        await person.presses('Sign in');
      }
    }
    return { person, consent };
  }

  async function types(person: BrowserVisitor, code: string): Promise<void> {
    await person.fills(/^Code/, code);
    await person.presses('Confirm');
    for (let turns = 0; turns < 4 && !/Welcome back|Back to Leafbook/.test(await person.text()); turns += 1) {
      if (!(await person.canPress('Share and finish'))) break;
      await person.ticksAll();
      await person.presses('Share and finish');
    }
    await comesHome(person);
    assert.deepEqual(person.complaints, []);
    await person.close();
  }
});

/** What a decoder that nobody here wrote reads in a screenshot. */
async function readQr(page: Page, png: Buffer): Promise<string> {
  const pixels = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0);
    const { data, width, height } = context!.getImageData(0, 0, image.width, image.height);
    return { data: Array.from(data), width, height };
  }, png.toString('base64'));
  const read = jsQR(Uint8ClampedArray.from(pixels.data), pixels.width, pixels.height);
  assert.ok(read, 'the picture cannot be read');
  return read.data;
}

/** The colours that the browser gives the five bars, one half of the clock after the other: half bytes, as a reader takes them. */
async function readBars(page: Page, source: string): Promise<string> {
  const markup = decodeURIComponent(source.slice(source.indexOf(',') + 1));
  const svg = /;base64,/.test(source)
    ? Buffer.from(source.slice(source.indexOf(',') + 1), 'base64').toString()
    : markup;
  const drawn = await page.context().newPage();
  await drawn.setContent(svg);
  const steps = await drawn.evaluate(() => {
    const picture = document.querySelector('svg') as SVGSVGElement;
    const animate = picture.querySelector('animate')!;
    const count = animate.getAttribute('values')!.split(';').length;
    const stepS = Number.parseFloat(animate.getAttribute('dur')!) / 1000 / count;
    picture.pauseAnimations();
    return Array.from({ length: count }, (_, at) => {
      picture.setCurrentTime((at + 0.5) * stepS);
      return Array.from(picture.querySelectorAll('rect')).map((bar) =>
        Number(getComputedStyle(bar).fill === 'rgb(255, 255, 255)'),
      );
    });
  });
  await drawn.close();
  let halves = '';
  let clock = 0;
  for (const [now = 0, ...bits] of steps) {
    if (clock === 0 && now === 1)
      halves += bits
        .reduce((sum, bit, at) => sum + (bit << at), 0)
        .toString(16)
        .toUpperCase();
    clock = now;
  }
  return [...halves].map((_, at) => halves[at % 2 === 0 ? at + 1 : at - 1]).join('');
}

/** HHD_UC: a start signal, a length, the start code and elements behind their lengths, and two checks. */
function hhd(signal: string): { startCode: string; elements: string[] } {
  assert.match(signal, /^0FFF/);
  const code = signal.slice(4);
  const byte = (at: number) => Number.parseInt(code.slice(at, at + 2), 16);
  assert.equal(byte(0), code.length / 2 - 1);
  const xor = [...code.slice(0, -2)].reduce((sum, half) => sum ^ Number.parseInt(half, 16), 0);
  assert.equal(xor, Number.parseInt(code.at(-1)!, 16), 'the check over all half bytes');
  let at = 4;
  // Control bytes, of which each but the last says that another follows.
  if (byte(2) & 0x80) for (let more = true; more; at += 2) more = (byte(at) & 0x80) !== 0;
  const take = (length: number) => {
    const digits = code.slice(at, at + length * 2).replace(/F$/, '');
    at += length * 2;
    return digits;
  };
  const startCode = take(byte(2) & 0x3f);
  const elements: string[] = [];
  while (at < code.length - 2) {
    const length = byte(at) & 0x3f;
    at += 2;
    elements.push(take(length));
  }
  return { startCode, elements };
}
