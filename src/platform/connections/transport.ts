import { BankError } from '../../banking/bank-error.ts';
import type { Seal } from '../../base/message-signature.ts';
import type { SigningKey } from '../../base/oauth/keys.ts';
import { getTenant } from '../apps/apps.ts';
import { findCredentials, findIdentity } from '../apps/identities.ts';
import { SANDBOX_IDENTITY } from '../apps/registrations.ts';
import type { Platform, Tenant } from '../platform.ts';
import type { Environment, Need } from '../providers/provider.ts';

/** In whose name a bank is called, and with which client certificate. */
export type Transport = {
  name: string;
  organizationId?: string;
  registerNumber?: string;
  /** Of the FinTS registration. */
  productId?: string;
  /** Under which its registrations at banks are kept. */
  identity: string;
  /** The key to sign with, where there is one; opened when it is asked for. */
  findSigning: () => Promise<SigningKey | undefined>;
  /** The same key with its certificate, for banks that want requests sealed. */
  findSeal: () => Promise<Seal | undefined>;
  certificate?: string;
  privateKey?: string;
  /** The authority to trust besides the public ones; only the pretend banks have one of their own. */
  authority?: string;
};

/** The product id that the pretend FinTS banks know; it is worth nothing anywhere else. */
const SANDBOX_PRODUCT_ID = 'DRAWBRIDGESANDBOX0000001';

/** The app's identity for banks; at pretend banks the sandbox's own. Throws `misconfigured` where an identity is missing. */
export async function findTransport(platform: Platform, tenant: Tenant, environment: Environment): Promise<Transport> {
  if (environment === 'sandbox') {
    if (!platform.sandboxIdentity) throw new BankError('misconfigured', 'the pretend banks are not running');
    const { signing, ...known } = platform.sandboxIdentity;
    return {
      productId: SANDBOX_PRODUCT_ID,
      identity: SANDBOX_IDENTITY,
      findSigning: async () => signing,
      // One certificate does both at the pretend banks.
      findSeal: async () => ({ certificate: known.certificate, privateKey: known.privateKey }),
      ...known,
      ...(platform.sandboxAuthority ? { authority: platform.sandboxAuthority } : {}),
    };
  }
  return recallTransport(platform, tenant);
}

/** How long a found transport is used before identity and certificate are looked up again. */
const USED_MS = 1000;
const MOST_USED = 1000;
const inUse = new WeakMap<object, Map<Tenant, { transport: Promise<Transport>; untilMs: number }>>();

/** What of the needs an interface may have the app's identity meets; test apps have no identity, and pretend banks no needs. */
export async function listMet(platform: Platform, tenant: Tenant, mode: 'test' | 'live'): Promise<ReadonlySet<Need>> {
  const met = new Set<Need>();
  if (mode === 'test') return met;
  try {
    const { productId, certificate } = await recallTransport(platform, tenant);
    if (productId) met.add('product_id');
    if (certificate) met.add('certificate');
  } catch (error) {
    // Without an identity nothing is met: the banks are listed as needing it.
    if (!(error instanceof BankError)) throw error;
  }
  return met;
}

/** A visit opens its bank at every turn: within a second the same identity need not be read and unsealed again. */
function recallTransport(platform: Platform, tenant: Tenant): Promise<Transport> {
  let known = inUse.get(platform.database);
  if (!known || known.size > MOST_USED) {
    known = new Map();
    inUse.set(platform.database, known);
  }
  const all = known;
  const recent = known.get(tenant);
  if (recent && recent.untilMs > performance.now()) return recent.transport;
  const transport = readTransport(platform, tenant);
  known.set(tenant, { transport, untilMs: performance.now() + USED_MS });
  // What failed is looked for again at once: an operator may be setting it right just now.
  transport.catch(() => all.delete(tenant));
  return transport;
}

async function readTransport(platform: Platform, tenant: Tenant): Promise<Transport> {
  const { identity: id } = await getTenant(platform.database.read, tenant);
  const identity = id === null ? undefined : await findIdentity(platform, id);
  if (!identity) throw new BankError('misconfigured', 'the app has no identity in whose name a bank could be asked');
  const credentials = await findCredentials(platform, identity.id, 'transport');
  return {
    name: identity.legal_name,
    identity: identity.id,
    findSigning: () => findCredentials(platform, identity.id, 'signature'),
    findSeal: () => findCredentials(platform, identity.id, 'signature'),
    ...(identity.organization_id ? { organizationId: identity.organization_id } : {}),
    ...(identity.register_number ? { registerNumber: identity.register_number } : {}),
    ...(identity.fints_product_id ? { productId: identity.fints_product_id } : {}),
    ...(credentials ? { certificate: credentials.certificate, privateKey: credentials.privateKey } : {}),
  };
}
