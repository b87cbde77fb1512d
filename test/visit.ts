import assert from 'node:assert/strict';
import type { BankContext, Conversation } from '../src/banking/connector.ts';
import type { Answer, Json, Step, Turn } from '../src/banking/step.ts';

/** A person in front of one conversation: sees steps, answers them, with everything through JSON between two turns. */
export class Visit<Result> {
  #turn: Turn<Result>;
  readonly #talk: (answer?: Answer, memory?: Json) => Promise<Turn<Result>>;
  readonly memories: string[] = [];

  private constructor(turn: Turn<Result>, talk: (answer?: Answer, memory?: Json) => Promise<Turn<Result>>) {
    this.#turn = turn;
    this.#talk = talk;
    this.#remember();
  }

  /** The first turn of a conversation. */
  static async begins<Request, Result>(
    conversation: Conversation<Request, Result>,
    context: BankContext,
    request: Request,
  ): Promise<Visit<Result>> {
    const talk = (answer?: Answer, memory?: Json) =>
      conversation(context, request, answer && { memory: memory ?? null, answer });
    return new Visit<Result>(await talk(), talk);
  }

  get step(): Step {
    assert.ok(this.#turn.kind === 'ask', 'the conversation is done');
    return this.#turn.step;
  }

  get isDone(): boolean {
    return this.#turn.kind === 'done';
  }

  get result(): Result {
    assert.ok(this.#turn.kind === 'done', `still asks: ${JSON.stringify(this.#turn)}`);
    return this.#turn.result;
  }

  async answers(answer: Answer): Promise<void> {
    assert.ok(this.#turn.kind === 'ask', 'the conversation is done');
    this.#turn = await this.#talk(answer, JSON.parse(JSON.stringify(this.#turn.memory)) as Json);
    this.#remember();
  }

  #remember(): void {
    if (this.#turn.kind === 'ask') this.memories.push(JSON.stringify(this.#turn.memory));
  }
}
