/**
 * A secret a person typed for their bank: a password, a code. It refuses to become text by accident; whoever needs the
 * value says so with `reveal()`. Nothing that holds one may be stored unsealed or logged.
 */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}
