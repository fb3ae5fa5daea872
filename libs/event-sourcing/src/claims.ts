import { type CommandContext, type CommandHandler, commandHandler } from './command-handler.ts';
import type { DomainEvent, EventCodec } from './event-codec.ts';
import type { EventStore } from './event-store.ts';
import { commandIdFrom } from './ids.ts';
import { KeyedQueue } from './keyed-queue.ts';
import type { Refusal } from './refusal.ts';

/** A name (a code, an id) that only one thing may carry, and the thing that is to carry it. */
export interface Naming<Claim> {
  /** The stream of the name: its last event says for whom it was claimed. */
  readonly stream: string;
  /** What to write there. */
  readonly claim: Claim;
  /** The stream that the work writes to. */
  readonly thing: string;
  /** Throws what the work would be refused with now: a refused command is to leave nothing behind. */
  readonly check: () => Promise<void>;
  /** Whether what the claim was for carries the name now. */
  readonly carries: (holder: Claim) => Promise<boolean>;
  /** What to tell whoever comes too late. */
  readonly taken: (holder: Claim) => Refusal;
}

interface Taking<Claim> {
  readonly claim: Claim;
  /** Whose claim does not count any more. */
  readonly lapsed: string | undefined;
  readonly taken: (holder: Claim) => Refusal;
}

/**
 * Names are claimed before their things are made, as the two stand in different streams. A claim counts only while its
 * thing carries the name: one whose command was refused after all, or whose process died, is taken over by the next.
 * Holds for all commands of one process.
 */
export class Claims<Claim extends DomainEvent> {
  readonly #names = new KeyedQueue();
  readonly #things = new KeyedQueue();
  readonly #claims: CommandHandler<Claim | undefined, Taking<Claim>>;
  readonly #ownerOf: (claim: Claim) => string;

  /** @param ownerOf the id of the thing that a claim is for */
  constructor(store: EventStore, codec: EventCodec<Claim>, ownerOf: (claim: Claim) => string) {
    this.#ownerOf = ownerOf;
    this.#claims = commandHandler<Claim | undefined, Taking<Claim>, Claim>(
      store,
      {
        initialState: undefined,
        decide: ({ claim, lapsed, taken }, holder) => {
          if (holder !== undefined && ownerOf(holder) !== lapsed) throw taken(holder);
          return [claim];
        },
        evolve: (_, claim) => claim,
      },
      codec,
      100,
    );
  }

  /**
   * Claims the name, then does the work that makes its thing carry it. Nobody else claims the name meanwhile, or anything
   * for that thing. The work may not call `inTurn` of the same thing.
   * @throws Refusal `check`’s or `taken`
   */
  claim<Result>(
    { stream, claim, thing, check, carries, taken }: Naming<Claim>,
    { by, command }: CommandContext,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const task = async (): Promise<Result> => {
      await this.mustBeFree({ stream, claim, carries, taken });
      await check();
      const { state: holder, revision } = await this.#claims.load(stream);
      const lapsed = holder && this.#ownerOf(holder);
      // By the revision, so that who had the name, lost it and takes it again writes that down, too.
      const id = commandIdFrom('claim', command, stream, String(revision));
      if (lapsed !== this.#ownerOf(claim))
        await this.#claims.handle(stream, { claim, lapsed, taken }, { by, command: id });
      return work();
    };
    // The thing first: a claim that waits for its name then blocks nothing but its own thing.
    return this.inTurn(thing, () => this.#names.run(stream, task));
  }

  /** For other work on a thing, which could make a claim’s work be refused that `check` has let pass. */
  inTurn<Result>(thing: string, work: () => Promise<Result>): Promise<Result> {
    return this.#things.run(thing, work);
  }

  /** @throws Refusal `taken` as `claim` would now */
  async mustBeFree({ stream, claim, carries, taken }: Omit<Naming<Claim>, 'thing' | 'check'>): Promise<void> {
    const { state: holder } = await this.#claims.load(stream);
    if (holder && this.#ownerOf(holder) !== this.#ownerOf(claim) && (await carries(holder))) throw taken(holder);
  }
}
