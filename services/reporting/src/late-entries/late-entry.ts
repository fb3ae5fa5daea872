import type { Message } from '@phancong/contracts';
import { Day, Instant } from '@phancong/event-sourcing';
import type { Evolving, ReadModel } from '@phancong/read-models';
import { z } from 'zod';

const DAY = 86_400_000;

/** Something written down long after it was true. */
export const LateEntry = z.object({
  /** Type of the event, e.g. `MemberTransferred`, and the service that wrote it down. */
  what: z.string(),
  source: z.string(),
  /** Ids of whom and what it concerns, as far as the message names them. */
  organisation: z.string().optional(),
  member: z.string().optional(),
  candidate: z.string().optional(),
  group: z.string().optional(),
  assignment: z.string().optional(),
  activity: z.string().optional(),
  campaign: z.string().optional(),
  by: z.string(),
  occurredAt: Day,
  recordedAt: Instant,
  recordedOn: Day,
  /** In days. */
  delay: z.int(),
});
export type LateEntry = Readonly<z.infer<typeof LateEntry>>;

export const lateEntries: ReadModel<LateEntry> = {
  name: 'late-entries',
  schema: LateEntry,
  indexes: { recorded: ({ recordedOn, recordedAt }) => [recordedOn, recordedAt] },
};

export interface LatePolicy {
  /** An entry is late when it was written down more than so many days after it was true. */
  readonly lateAfterDays: number;
  /** IANA name of the zone in which an instant is a day. */
  readonly timeZone: string;
}

/** Which messages were late. Their ids are those of the messages. */
export function lateFacts({ lateAfterDays, timeZone }: LatePolicy): Evolving<LateEntry> {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  const lateness = ({ occurredAt, recordedAt }: Message) => {
    const elapsed = Date.parse(recordedAt) - Date.parse(occurredAt);
    // Zones differ from UTC by less than a day: no need to ask the calendar about what was written down in time.
    if (elapsed < (lateAfterDays - 1) * DAY) return undefined;
    const recordedOn = Day.parse(format.format(new Date(recordedAt)));
    const delay = (Date.parse(recordedOn) - Date.parse(occurredAt)) / DAY;
    return delay > lateAfterDays ? { recordedOn, delay } : undefined;
  };
  return {
    model: lateEntries,
    ids: (message) => (lateness(message) ? [message.id] : []),
    evolve(known, message) {
      const late = lateness(message);
      if (known || !late) return known;
      const { type: what, source, by, occurredAt, recordedAt } = message;
      return { what, source, ...concerned(message), by, occurredAt, recordedAt, ...late };
    },
  };
}

/** The ids that a message names; the member of a candidate's step is who introduced the candidate. */
function concerned(message: Message) {
  switch (message.source) {
    case 'membership':
      if ('organisation' in message) return { organisation: message.organisation };
      if ('candidate' in message) {
        const { candidate } = message;
        return message.type === 'CandidateErased' ? { candidate } : { candidate, member: message.introducedBy };
      }
      return { member: message.member };
    case 'assignment':
      if ('assignment' in message) return { member: message.member, assignment: message.assignment };
      return { group: message.group };
    case 'activity':
      if ('activity' in message) return { member: message.member, activity: message.activity };
      return { campaign: message.campaign };
  }
}
