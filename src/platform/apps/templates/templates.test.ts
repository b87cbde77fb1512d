import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readCss } from './css.ts';
import { contrast, findBadContrast, readableOn, readLogo } from './look.ts';

describe('an app’s own rules', () => {
  test('are written anew from what is known', () => {
    assert.deepEqual(readCss('.button,h1{border-radius:0;font-weight:700}'), {
      css: 'main .button, main h1 { border-radius: 0; font-weight: 700 }',
    });
    assert.deepEqual(readCss('  '), { css: '' });
  });

  for (const [what, css] of [
    ['load', '@import "https://evil.example/x.css";'],
    ['load a picture', '.button { background: url(https://evil.example/x.png) }'],
    ['load with an escape', '.button { b\\61ckground: u\\72l(x) }'],
    ['select by attribute', 'input[value^="1"] { border-width: 1px }'],
    ['select what has a state', '.button:has(:checked) { border-width: 1px }'],
    ['select everything', '* { font-size: 1rem }'],
    ['select the consent', '.consent { font-size: 1rem }'],
    ['hide', '.button { display: none }'],
    ['make transparent', '.button { opacity: 0 }'],
    ['make unreadable', '.button { color: #fff }'],
    ['make tiny', '.button { font-size: .1rem }'],
    ['cover', '.card { position: fixed; inset: 0 }'],
    ['push away', 'h1 { margin-left: -9999px }'],
    ['make words', 'h1::before { content: "Free money" }'],
    ['script', '.button { behavior: expression(alert(1)) }'],
    ['break out of the style', '.button { border-radius: 0 } </style><script>alert(1)</script>'],
    ['hide in a comment', '.button { border-radius: 0 /* */ }'],
    ['reach a prototype', 'constructor { border-radius: 0 }'],
    ['set a prototype', '.button { __proto__: 0 }'],
    ['forget a brace', '.button { border-radius: 0'],
    ['animate', '@keyframes x { from { border-radius: 0 } }'],
    ['be endless', '.button { border-radius: 0 } '.repeat(100)],
  ] as const)
    test(`cannot ${what}`, () => assert.ok('refused' in readCss(css)));
});

describe('colours', () => {
  test('are refused where words could not be read, with how far they are from it', () => {
    assert.deepEqual(findBadContrast({ accent: '#0b5a4e', accentDark: '#83d0bc' }), []);
    const [wrong] = findBadContrast({ accent: '#ffcc00' });
    assert.equal(wrong?.pointer, '/colours/accent');
    assert.match(wrong?.detail ?? '', /1\.\d\d to 1, and 4\.5/);
    assert.equal(findBadContrast({ paper: '#404040' })[0]?.pointer, '/colours/paper');
    assert.equal(findBadContrast({ accentDark: '#202020' })[0]?.pointer, '/colours/accent_dark');
    assert.equal(findBadContrast({ accent: '#0b5a4e', paper: '#104030' }).length > 0, true);
  });

  test('contrast is WCAG’s', () => {
    assert.equal(contrast('#000000', '#ffffff'), 21);
    assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48');
    for (const colour of ['#777777', '#808080', '#ff0000', '#00ff00', '#757575'])
      assert.ok(contrast(colour, readableOn(colour)) >= 4.5, colour);
  });
});

test('a logo is what its bytes say', () => {
  const png = Buffer.from('89504e470d0a1a0a0000', 'hex').toString('base64');
  assert.deepEqual(readLogo(`data:image/png;base64,${png}`), { mediaType: 'image/png', base64: png });
  const text = Buffer.from('<svg onload="alert(1)">').toString('base64');
  for (const wrong of [
    `data:image/png;base64,${text}`,
    `data:image/svg+xml;base64,${text}`,
    'https://evil.example/logo.png',
    'data:image/png;base64,<script>',
    `data:image/png;base64,${Buffer.concat([Buffer.from(png, 'base64'), Buffer.alloc(30_000)]).toString('base64')}`,
  ])
    assert.ok('refused' in readLogo(wrong), wrong.slice(0, 40));
});
