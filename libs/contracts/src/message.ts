import { Day, EventId, Instant } from '@phancong/event-sourcing';
import { z } from 'zod';

export const ServiceName = z.enum(['membership', 'assignment', 'activity']);
/** The services that publish; each has one log and one feed. */
export type ServiceName = z.infer<typeof ServiceName>;

/** What every published message carries beside its own fields. */
export const envelope = {
  id: EventId,
  source: ServiceName,
  /** The stream that it comes from: messages of one key arrive in order. */
  key: z.string(),
  revision: z.int().nonnegative(),
  position: z.int().nonnegative(),
  recordedAt: Instant,
  by: z.string(),
  occurredAt: Day,
};

/** A span of days: from its first day up to, but not including, `until`; without `until` it goes on. */
export const Span = z.object({ from: Day, until: Day.optional() });
export type Span = z.infer<typeof Span>;

export const covers = (span: Span, day: Day): boolean =>
  span.from <= day && (span.until === undefined || day < span.until);

/** Messages without what only the feed needs: what an aggregate's own events have in common with them. */
export type Facts<M> = M extends unknown
  ? Omit<M, 'id' | 'source' | 'key' | 'revision' | 'position' | 'recordedAt' | 'by'>
  : never;
