import type { ServiceName } from '@phancong/contracts';
import { type Position, instantOf, systemClock } from '@phancong/event-sourcing';
import { type ParkedKey, type ParkedKeyName, type ParkedKeys, nameOf } from './parked-keys.ts';
import { textOf } from './retrying.ts';

/** The parked keys at hand, in step with where they are remembered. */
export class HeldBack {
  readonly #keys: ParkedKeys;
  readonly #held = new Map<string, ParkedKey>();
  #loading: Promise<void> | undefined;

  constructor(keys: ParkedKeys) {
    this.#keys = keys;
  }

  /** Reads what earlier runs have parked, once. */
  async load(): Promise<void> {
    this.#loading ??= this.#keys.all().then((all) => all.forEach((parked) => this.#held.set(nameOf(parked), parked)));
    await this.#loading.catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
  }

  get(name: ParkedKeyName): ParkedKey | undefined {
    return this.#held.get(nameOf(name));
  }

  all(): readonly ParkedKey[] {
    return [...this.#held.values()];
  }

  async park(consumer: string, source: ServiceName, key: string, position: Position, error: unknown): Promise<void> {
    const known = this.get({ consumer, source, key });
    if (known && known.position <= position) return;
    const parked = { consumer, source, key, position, error: textOf(error), parkedAt: instantOf(systemClock()) };
    await this.#keys.add(parked);
    this.#held.set(nameOf(parked), parked);
  }

  async release(name: ParkedKeyName): Promise<void> {
    await this.#keys.remove(name);
    this.#held.delete(nameOf(name));
  }
}
