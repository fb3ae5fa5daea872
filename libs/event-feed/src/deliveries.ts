import { setImmediate } from 'node:timers/promises';
import type { Message } from '@phancong/contracts';
import { KeyedQueue, type Position } from '@phancong/event-sourcing';
import type { Subscriber, Subscription } from './feed.ts';
import type { HeldBack } from './held-back.ts';
import type { ParkedKey } from './parked-keys.ts';
import { type Retries, isTransient } from './retrying.ts';
import type { Item, Pages, SourcePage } from './source-pages.ts';

/** A delivery that did not succeed, for logs and metrics. */
export interface Failure {
  readonly consumer: string;
  readonly source: Subscriber['source'];
  readonly error: unknown;
  /** The key that is held back because of it; otherwise the delivery is tried again. */
  readonly parked?: string;
}

export interface DeliveryTerms {
  readonly pages: Pages;
  readonly heldBack: HeldBack;
  readonly queue: KeyedQueue;
  readonly retries: Retries;
  readonly onFailure: (failure: Failure) => void;
}

/**
 * Turns of the event loop from one delivery to the next where the log is read to its end. They take no time when
 * nothing goes on; while commands come in, they let more of them come together (ADR 0086).
 */
const GATHERING = 8;

function messagesOf(items: readonly Item[]): readonly Message[] {
  const messages: Message[] = [];
  for (const { message } of items) if (message) messages.push(message);
  return messages;
}

/** Deliveries to one subscriber: page after page, message by message where a page fails. */
export class Deliveries implements Subscription {
  readonly subscriber: Subscriber;
  readonly #terms: DeliveryTerms;
  readonly #held: ReadonlyMap<string, ParkedKey>;
  readonly #unsubscribe: () => void;
  readonly #running: Promise<void>;
  #position: Position | undefined;
  #page: SourcePage | undefined;
  #singlyThrough: Position = 0;
  #failures = 0;
  #stopped = false;
  #woken = false;
  #wake: () => void = () => undefined;

  constructor(subscriber: Subscriber, terms: DeliveryTerms) {
    this.subscriber = subscriber;
    this.#terms = terms;
    this.#held = terms.heldBack.from(subscriber);
    this.#unsubscribe = terms.pages.onAppended(() => {
      this.#woken = true;
      this.#wake();
    });
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe();
    this.#wake();
    await this.#running;
  }

  /** Runs when no delivery to a subscriber of the same name is under way. */
  static queueOf = ({ consumer, source }: Pick<Subscriber, 'consumer' | 'source'>): string => `${source} ${consumer}`;

  /** Delivers what was held back of a key; inside the subscriber's queue. */
  async replay({ key, position }: ParkedKey): Promise<void> {
    const through = this.#position ?? (await this.subscriber.position());
    const items = await this.#terms.pages.ofKey(key, position - 1, through);
    const unreadable = items.find(({ message }) => !message);
    if (unreadable) throw unreadable.error;
    const { source } = this.subscriber;
    if (items.length > 0) await this.subscriber.consume({ source, messages: messagesOf(items), through, replay: true });
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#terms.heldBack.load();
        this.#position ??= await this.subscriber.position();
        this.#woken = false;
        const page = await this.#pageAfter(this.#position);
        this.#page = page;
        if (page) {
          await this.#terms.queue.run(Deliveries.queueOf(this.subscriber), () => this.#deliver(page));
          // Embedded stores answer at once: without a turn, a long log would keep requests and timers waiting to its end.
          for (let turns = page.full ? 1 : GATHERING; turns > 0; turns -= 1) await setImmediate();
        } else if (!this.#woken) await this.#until(undefined);
      } catch (error) {
        await this.#pause(error);
      }
    }
  }

  async #pageAfter(position: Position): Promise<SourcePage | undefined> {
    const page = this.#page;
    return page && page.after <= position && position < page.through ? page : this.#terms.pages.after(position);
  }

  async #deliver(page: SourcePage): Promise<void> {
    const after = this.#position ?? page.after;
    const left = page.items.filter(({ position }) => position > after);
    const singly = after < this.#singlyThrough;
    const chosen = singly ? left.slice(0, 1) : left;
    const through = (singly && left.length > 1 ? chosen[0]?.position : undefined) ?? page.through;
    let free: readonly Item[] = [];
    try {
      for (const item of chosen) if (!item.message) await this.#park(item, item.error);
      free = chosen.filter((item) => !this.#isParked(item));
      await this.subscriber.consume({ source: this.subscriber.source, messages: messagesOf(free), through });
      this.#position = through;
      this.#failures = 0;
    } catch (error) {
      this.#position = undefined;
      if (!(await this.#setAside(error, page, free))) throw error;
      this.#failures = 0;
    }
  }

  #isParked({ key, position }: Item): boolean {
    const parked = this.#held.get(key);
    return parked !== undefined && parked.position <= position;
  }

  async #park({ key, position }: Item, error: unknown): Promise<void> {
    const { consumer, source } = this.subscriber;
    await this.#terms.heldBack.park(this.subscriber, key, position, error);
    this.#terms.onFailure({ consumer, source, error, parked: key });
  }

  /** After enough tries: a page goes on message by message, a single message is parked. */
  async #setAside(error: unknown, page: SourcePage, tried: readonly Item[]): Promise<boolean> {
    const [first] = tried;
    if (!first || isTransient(error) || this.#failures + 1 < this.#terms.retries.tries) return false;
    if (tried.length > 1) this.#singlyThrough = page.through;
    else await this.#park(first, error);
    return true;
  }

  async #pause(error: unknown): Promise<void> {
    const { consumer, source } = this.subscriber;
    this.#failures += 1;
    this.#terms.onFailure({ consumer, source, error });
    await this.#until(this.#terms.retries.delayMs(this.#failures));
  }

  /** Waits for news, or for a time; a stop ends both. */
  async #until(delayMs: number | undefined): Promise<void> {
    if (this.#stopped) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = delayMs === undefined ? resolve : () => this.#stopped && resolve();
      if (delayMs !== undefined) timer = setTimeout(resolve, delayMs);
    });
    clearTimeout(timer);
    this.#wake = () => undefined;
  }
}
