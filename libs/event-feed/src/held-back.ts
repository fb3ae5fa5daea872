import { type Position, Refusal, instantOf, systemClock } from '@phancong/event-sourcing';
import type { DropDecision, DroppedKey, Held, ParkedKey, ParkedKeyName, ParkedKeys } from './parked-keys.ts';
import { textOf } from './retrying.ts';

type Consumer = Pick<ParkedKey, 'consumer' | 'source'>;

/** The parked keys at hand, in step with where they are remembered. */
export class HeldBack {
  readonly #keys: ParkedKeys;
  readonly #held = new Map<string, Map<string, ParkedKey>>();
  #loading: Promise<void> | undefined;

  constructor(keys: ParkedKeys) {
    this.#keys = keys;
  }

  /** Reads what earlier runs have parked, once. */
  async load(): Promise<void> {
    this.#loading ??= this.#keys.all().then((all) => {
      for (const parked of all) this.#of(parked).set(parked.key, parked);
    });
    await this.#loading.catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
  }

  /** By key, what is held back from a consumer. */
  from(consumer: Consumer): ReadonlyMap<string, ParkedKey> {
    return this.#of(consumer);
  }

  all(): readonly ParkedKey[] {
    return [...this.#held.values()].flatMap((keys) => [...keys.values()]);
  }

  /** @throws Refusal `not-parked` */
  named({ consumer, source, key }: ParkedKeyName): ParkedKey {
    const parked = this.#of({ consumer, source }).get(key);
    if (!parked) throw new Refusal('not-found', 'not-parked', { consumer, source, key });
    return parked;
  }

  async park({ consumer, source }: Consumer, key: string, position: Position, error: unknown): Promise<void> {
    const held = this.#of({ consumer, source });
    const known = held.get(key);
    if (known && known.position <= position) return;
    const parked = { consumer, source, key, position, error: textOf(error), parkedAt: instantOf(systemClock()) };
    await this.#keys.add(parked);
    held.set(key, parked);
  }

  async release(name: ParkedKeyName): Promise<void> {
    await this.#keys.remove(name);
    this.#of(name).delete(name.key);
  }

  async drop(parked: ParkedKey, held: Held, { reason, by }: DropDecision): Promise<DroppedKey> {
    const dropped = { ...parked, ...held, reason, by, droppedAt: instantOf(systemClock()) };
    await this.#keys.drop(dropped);
    this.#of(parked).delete(parked.key);
    return dropped;
  }

  #of({ consumer, source }: Consumer): Map<string, ParkedKey> {
    const known = this.#held.get(`${source} ${consumer}`);
    if (known) return known;
    const keys = new Map<string, ParkedKey>();
    this.#held.set(`${source} ${consumer}`, keys);
    return keys;
  }
}
