import { type Decider, fold } from './decider.ts';
import type { DomainEvent, EventCodec } from './event-codec.ts';
import { type EventStore, type Position, type Revision, WrongExpectedRevision } from './event-store.ts';
import { type CommandId, eventIdOf } from './ids.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { LeastRecentlyUsed } from './least-recently-used.ts';
import { Refusal } from './refusal.ts';

export interface CommandContext {
  /** Id of who gives the command. */
  readonly by: string;
  readonly command: CommandId;
  /** Revision that the client saw (If-Match): the command is refused with `revision-mismatch` if the stream has moved on. */
  readonly ifRevision?: Revision | undefined;
}

export interface Handled<State> {
  readonly state: State;
  /** Revision of the stream and position of its last event; -1 and 0 when the stream has no event. */
  readonly revision: Revision;
  readonly position: Position;
}

export interface CommandHandler<State, Command> {
  /**
   * Reads and folds the stream, decides, appends at the revision that was read; starts again when someone was faster.
   * A command id that the stream already holds is answered from it, without deciding again.
   * @throws Refusal from the decider, or kind `conflict`, code `revision-mismatch`
   */
  handle(stream: string, command: Command, context: CommandContext): Promise<Handled<State>>;
  /**
   * Decides and appends nothing: for whoever must write something else first, which a refused command is not to leave behind.
   * @throws Refusal as `handle` would now
   */
  check(stream: string, command: Command, context: CommandContext): Promise<void>;
  /** The state now. */
  load(stream: string): Promise<Handled<State>>;
}

interface Folded<State> extends Handled<State> {
  /** Of each command that the stream holds, the revision and position of its last event. */
  readonly commands: Map<CommandId, Pick<Handled<State>, 'revision' | 'position'>>;
}

const ATTEMPTS = 10;

const told = <State>({ state, revision, position }: Handled<State>): Handled<State> => ({ state, revision, position });

/**
 * @param cached how many folded streams to keep in memory; a kept one is brought up to date before each use,
 *   so that a long stream costs no more than what is new in it
 */
export function commandHandler<State, Command, Event extends DomainEvent>(
  store: EventStore,
  decider: Decider<State, Command, Event>,
  codec: EventCodec<Event>,
  cached = 1_000,
): CommandHandler<State, Command> {
  const cache = new LeastRecentlyUsed<string, Folded<State>>(cached);
  const queue = new KeyedQueue();

  const read = async (stream: string): Promise<Folded<State>> => {
    const known = cache.get(stream) ?? { state: decider.initialState, revision: -1, position: 0, commands: new Map() };
    const events = await store.readStream(stream, known.revision + 1);
    const last = events.at(-1);
    if (!last) return known;
    // Grows in place: copying it would make a long stream cost its length at every append.
    const { commands } = known;
    let state = known.state;
    for (const event of events) {
      state = decider.evolve(state, codec.decode(event));
      commands.set(event.command, { revision: event.revision, position: event.position });
    }
    const folded = { state, revision: last.revision, position: last.position, commands };
    cache.set(stream, folded);
    return folded;
  };

  const decide = ({ state, revision }: Folded<State>, command: Command, { ifRevision }: CommandContext) => {
    if (ifRevision !== undefined && ifRevision !== revision) {
      throw new Refusal('conflict', 'revision-mismatch', { expected: ifRevision, actual: revision });
    }
    return decider.decide(command, state);
  };

  const attempt = async (stream: string, command: Command, context: CommandContext): Promise<Handled<State>> => {
    const before = await read(stream);
    const made = before.commands.get(context.command);
    if (made) return { state: before.state, ...made };
    const events = decide(before, command, context);
    if (events.length === 0) return told(before);
    const encoded = events.map((event) => codec.encode(event));
    // As it will be read one day, and before it is stored: what cannot be read again must not get into the log.
    const state = fold(
      decider,
      before.state,
      encoded.map((event) => codec.decode(event)),
    );
    const { revision, position } = await store.append(
      stream,
      before.revision === -1 ? 'none' : before.revision,
      encoded.map((event, index) => ({
        ...event,
        id: eventIdOf(context.command, index),
        by: context.by,
        command: context.command,
      })),
    );
    const commands = before.commands.set(context.command, { revision, position });
    cache.set(stream, { state, revision, position, commands });
    return { state, revision, position };
  };

  return {
    load: async (stream) => told(await read(stream)),
    async check(stream, command, context) {
      const before = await read(stream);
      if (!before.commands.has(context.command)) decide(before, command, context);
    },
    handle: (stream, command, context) =>
      queue.run(stream, async () => {
        for (let left = ATTEMPTS; ; left -= 1) {
          try {
            return await attempt(stream, command, context);
          } catch (error) {
            if (!(error instanceof WrongExpectedRevision) || left === 0) throw error;
          }
        }
      }),
  };
}
