type Metadata = Map<unknown, Map<string, unknown>>;

/**
 * Gives `Reflect` the few metadata functions that the certificate library's dependency injection expects at load, so that
 * no package has to be added for them. Does nothing when a fuller version is there.
 */
export function allowDecorators(): void {
  const reflect = Reflect as unknown as Record<string, unknown>;
  if (typeof reflect.getMetadata === 'function') return;
  const kept = new WeakMap<object, Metadata>();
  const own = (key: unknown, target: object, property?: string) =>
    kept
      .get(target)
      ?.get(key)
      ?.get(property ?? '');
  const define = (key: unknown, value: unknown, target: object, property?: string) => {
    const metadata: Metadata = kept.get(target) ?? new Map();
    const values = metadata.get(key) ?? new Map();
    kept.set(target, metadata.set(key, values.set(property ?? '', value)));
  };
  const inherited = (key: unknown, target: object | null, property?: string): unknown =>
    target ? (own(key, target, property) ?? inherited(key, Object.getPrototypeOf(target), property)) : undefined;
  Object.assign(reflect, {
    defineMetadata: define,
    getOwnMetadata: own,
    getMetadata: inherited,
    hasOwnMetadata: (key: unknown, target: object, property?: string) => own(key, target, property) !== undefined,
    hasMetadata: (key: unknown, target: object, property?: string) => inherited(key, target, property) !== undefined,
    metadata: (key: unknown, value: unknown) => (target: object, property?: string) =>
      define(key, value, target, property),
  });
}
