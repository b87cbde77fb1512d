import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** What a receipt was found to be. */
export type Checked = { good: true; claims: Record<string, unknown>; text: string } | { good: false; why: string };

type Keys = { keys: { kid: string; kty: string; crv: string; x: string }[] };

/** Checks a receipt, as the page that was downloaded or as the API's JSON, with nothing but the public keys. */
export function checkReceipt(receipt: string, keys: Keys): Checked {
  const proof = readProof(receipt);
  if (!proof) return { good: false, why: 'There is no proof in this file.' };
  const [head = '', body = '', mark = ''] = proof.signature.split('.');
  const { alg, kid } = JSON.parse(Buffer.from(head, 'base64url').toString());
  const jwk = keys.keys.find((key) => key.kid === kid);
  if (!jwk || alg !== 'EdDSA') return { good: false, why: `It is signed with a key that is not among these: ${kid}.` };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  if (!verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(mark, 'base64url')))
    return { good: false, why: 'The signature is wrong: this is not what the server signed.' };
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
  const hash = createHash('sha256').update(proof.text).digest('hex');
  if (claims.text_sha256 !== hash) return { good: false, why: 'The words are not those that were signed.' };
  return { good: true, claims, text: proof.text };
}

/** The page keeps its proof as JSON in one place; the API's answer is JSON all over. */
function readProof(receipt: string): { signature: string; text: string } | undefined {
  const page = /<pre[^>]* id="proof"[^>]*>([^<]*)<\/pre>/.exec(receipt)?.[1];
  try {
    if (page === undefined) {
      const { signature, text } = JSON.parse(receipt);
      return { signature, text: JSON.stringify(text) };
    }
    return JSON.parse(page.replace(/&(?:quot|#39|lt|gt|#96|amp);/g, (entity) => ENTITIES[entity] ?? entity));
  } catch {
    return undefined;
  }
}

const ENTITIES: Record<string, string> = {
  '&quot;': '"',
  '&#39;': "'",
  '&lt;': '<',
  '&gt;': '>',
  '&#96;': '`',
  '&amp;': '&',
};

if (import.meta.main) {
  const [receipt, keys] = process.argv.slice(2);
  if (!receipt || !keys) {
    console.error('node clients/receipts/verify.ts <receipt.html or .json> <keys.json>');
    process.exit(2);
  }
  const checked = checkReceipt(await readFile(receipt, 'utf8'), JSON.parse(await readFile(keys, 'utf8')));
  if (!checked.good) {
    console.error(checked.why);
    process.exit(1);
  }
  console.log('Good: signed by this server, word for word.');
  for (const [name, value] of Object.entries(checked.claims)) console.log(`  ${name}: ${value}`);
}
