import { v5, v7 } from 'uuid';
import { z } from 'zod';

/** What a client may use as an id: it stands in addresses, stream names and file names. */
export const idText = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._~-]{0,63}$/, { error: 'invalid-id' });

export const EventId = z.uuid().toLowerCase().brand<'EventId'>();
export type EventId = z.infer<typeof EventId>;

/** Names one command. The ids of its events derive from it, so that a retry is recognised. */
export const CommandId = z.uuid().toLowerCase().brand<'CommandId'>();
export type CommandId = z.infer<typeof CommandId>;

const NAMESPACE = '5f2f0a4e-6f0c-5b0e-9d0a-7a1f5c3b8e21';

/** A new, time-ordered id (UUIDv7, RFC 9562): appends stay at the end of the store's index. */
export const newCommandId = (): CommandId => CommandId.parse(v7());

/** The same parts always give the same id: an idempotency key, or the event and the process that reacts to it. */
export const commandIdFrom = (...parts: readonly string[]): CommandId =>
  CommandId.parse(v5(JSON.stringify(parts), NAMESPACE));

/** The id for a thing that the command creates and the client did not name; the same again when the command is retried. */
export const createdId = (command: CommandId): string => command;

/**
 * The id of the command's `index`-th event. The first keeps the command's own id; the others keep its first 48 bits,
 * which in a UUIDv7 are its time (UUIDv8, RFC 9562): so they too stand at the end of the store's index.
 */
export const eventIdOf = (command: CommandId, index: number): EventId =>
  EventId.parse(index === 0 ? command : `${command.slice(0, 13)}-8${v5(String(index), command).slice(15)}`);
