import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { hostOf, html, imageData, localPath, mailAddress, webAddress } from './markup.ts';

describe('markup', () => {
  test('escapes every string, nested markup only once', () => {
    const name = `<b onclick="x">'\`&`;
    const inner = html`<i>${name}</i>`;
    assert.equal(
      html`<p title="${name}">${inner}${['<', 1, false, null]}</p>`.toString(),
      '<p title="&lt;b onclick=&quot;x&quot;&gt;&#39;&#96;&amp;"><i>&lt;b onclick=&quot;x&quot;&gt;&#39;&#96;&amp;</i>&lt;1</p>',
    );
  });

  test('no text whatever opens a tag or leaves its attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const page = html`<p title="${text}">${text}</p>`.toString();
        assert.equal(page.match(/[<>]/g)?.length, 4);
        assert.equal(page.match(/"/g)?.length, 2);
      }),
    );
  });

  test('a value outside quotes, in a handler or in a style is a mistake of ours and throws', () => {
    assert.throws(() => html`<p title=${'x'}>`, /quotes/);
    assert.throws(() => html`<p onclick="${'x'}">`, /may stand/);
    assert.throws(() => html`<p style="color:${'x'}">`, /may stand/);
    assert.throws(() => html`<a href="${'https://example.org'}">`, /checked/);
  });

  test('addresses are http or https and keep every byte', () => {
    const kept = 'https://app.example/back?state=a%2Fb+c&x=%C3%A4&fx_session=ses_1';
    assert.equal(webAddress(kept)?.toString(), kept);
    assert.equal(webAddress('http://127.0.0.1:8400/x')?.toString(), 'http://127.0.0.1:8400/x');
    for (const bad of [
      'javascript:alert(1)',
      'data:text/html,x',
      '//evil.example',
      '/x',
      'https:/\\evil.example',
      'https://user@evil.example/',
      ' https://x.example',
      'https://',
    ]) {
      assert.equal(webAddress(bad), undefined, bad);
    }
    assert.equal(hostOf('https://bank.example:8443/x'), 'bank.example:8443');
  });

  test('paths stay on this server', () => {
    assert.equal(localPath('/visit/ses_1?provider=de-nordwind').toString(), '/visit/ses_1?provider=de-nordwind');
    for (const bad of ['//evil.example', '/\\evil.example', 'https://evil.example', '/x"y', 'x']) {
      assert.throws(() => localPath(bad), bad);
    }
  });

  test('mail addresses and pictures are taken only in their plain form', () => {
    assert.equal(mailAddress('help+bank@app.example')?.toString(), 'mailto:help%2Bbank@app.example');
    assert.equal(mailAddress('x@y?bcc=z@w'), undefined);
    assert.equal(imageData('image/png', 'iVBORw0KGgo=')?.toString(), 'data:image/png;base64,iVBORw0KGgo=');
    assert.equal(imageData('image/svg+xml', 'PHN2Zz4='), undefined);
    assert.equal(imageData('image/png', 'x" onerror="y'), undefined);
  });
});
