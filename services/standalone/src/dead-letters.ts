import { ServiceName } from '@phancong/contracts';
import { Instant } from '@phancong/event-sourcing';
import { z } from 'zod';

/** Names of readers, e.g. `reporting/facts`, and of streams, e.g. `member-dv-1`. */
export const text = z.string().min(1).max(200);
export const Name = { consumer: text, source: ServiceName, key: text };

const Parked = {
  ...Name,
  /** Of the message that could not be consumed. Opaque. */
  position: z.string(),
  error: z.string(),
  parkedAt: Instant,
};
export const ParkedList = z
  .object({
    /** `waiting`: how many messages wait behind the one that could not be consumed. */
    items: z.array(z.object({ ...Parked, waiting: z.int() })),
    next: z.string().optional(),
  })
  .meta({ id: 'ParkedList' });
export const Dropped = z
  .object({
    ...Parked,
    /** How many were given up, through which of them. They stay in the log. */
    messages: z.int(),
    through: z.string(),
    reason: z.string(),
    by: z.string(),
    droppedAt: Instant,
  })
  .meta({ id: 'DroppedKey' });
export const DroppedList = z
  .object({ items: z.array(Dropped), next: z.string().optional() })
  .meta({ id: 'DroppedList' });
export const Replayed = z
  .object({
    ...Name,
    outcome: z.enum(['replayed', 'still-parked']),
    /** Consumed by the replay. */
    messages: z.int(),
    /** Why it is still parked. */
    error: z.string().optional(),
  })
  .meta({ id: 'ReplayedKey' });
