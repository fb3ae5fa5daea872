import { randomUUID } from 'node:crypto';
import { ServiceName } from '@phancong/contracts';
import { Refusal } from '@phancong/event-sourcing';
import { textOf } from '@phancong/event-feed';
import type { Message as KafkaRecord } from 'kafkajs';
import { z } from 'zod';
import { DroppedRecord } from './dead-letter-records.ts';

const Name = { consumer: z.string(), source: ServiceName, key: z.string() };
const Held = z.object({ messages: z.int(), through: z.int() });
const Wish = z.discriminatedUnion('wish', [
  z.object({ wish: z.literal('replay'), ...Name }),
  z.object({ wish: z.literal('drop'), ...Name, reason: z.string(), by: z.string() }),
]);
export type Wish = z.infer<typeof Wish>;
const Facts = z.record(z.string(), z.union([z.string(), z.number()]));
const Answer = z.union([
  z.object({ held: Held }),
  z.object({ dropped: DroppedRecord }),
  z.object({
    refused: z.object({ kind: z.enum(['not-found', 'conflict', 'invalid']), code: z.string(), facts: Facts }),
  }),
  z.object({ error: z.string() }),
]);
export type Answer = z.infer<typeof Answer>;
const Errand = z.object({ id: z.string(), wish: Wish, answer: Answer.optional() });

export const isErrand = (key: string): boolean => key.startsWith('errand ');

const errandRecord = (errand: z.infer<typeof Errand>): KafkaRecord => ({
  key: `errand ${errand.id}`,
  value: JSON.stringify(errand),
});

/** What another copy answered: its result, or thrown as it was thrown there. */
export function resultOf(answer: Answer): Exclude<Answer, { error: string } | { refused: unknown }> {
  if ('refused' in answer) throw new Refusal(answer.refused.kind, answer.refused.code, answer.refused.facts);
  if ('error' in answer) throw new Error(answer.error);
  return answer;
}

export interface ErrandTerms {
  readonly write: (source: ServiceName, records: KafkaRecord[]) => Promise<void>;
  /** Does what is wished; `undefined` where the reader is not delivered to in this copy. */
  readonly fulfil: (wish: Wish) => Promise<Answer> | undefined;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Lets the copy of a service that delivers to a reader replay or drop what is parked, whichever copy was asked: wish and
 * answer go through the dead-letter topic.
 */
export class Errands {
  readonly #terms: ErrandTerms;
  readonly #asked = new Map<string, (answer: Answer) => void>();

  constructor(terms: ErrandTerms) {
    this.#terms = terms;
  }

  /** @returns `undefined` if nobody has answered in time */
  async ask(wish: Wish, withinMs: number): Promise<Answer | undefined> {
    const id = randomUUID();
    const answered = new Promise<Answer>((resolve) => this.#asked.set(id, resolve));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), withinMs)));
    try {
      await this.#terms.write(wish.source, [errandRecord({ id, wish })]);
      return await Promise.race([answered, late]);
    } finally {
      clearTimeout(timer);
      this.#asked.delete(id);
      await this.#terms.write(wish.source, [{ key: `errand ${id}`, value: null }]);
    }
  }

  /** A record of an errand, written since this process follows the topic. */
  take(value: Buffer | null): void {
    if (!value) return;
    const { id, wish, answer } = Errand.parse(JSON.parse(value.toString()));
    if (answer) this.#asked.get(id)?.(answer);
    else this.#serve(id, wish).catch(this.#terms.onFailure);
  }

  async #serve(id: string, wish: Wish): Promise<void> {
    const fulfilling = this.#terms.fulfil(wish);
    if (!fulfilling) return;
    const answer = await fulfilling.catch(
      (error: unknown): Answer =>
        error instanceof Refusal
          ? { refused: { kind: error.kind, code: error.code, facts: { ...error.facts } } }
          : { error: textOf(error) },
    );
    await this.#terms.write(wish.source, [errandRecord({ id, wish, answer })]);
  }
}
