import { MembershipMessage } from '@phancong/contracts';
import type { Publish } from '@phancong/event-feed';

const published: ReadonlySet<string> = new Set(MembershipMessage.options.map(({ shape }) => shape.type.value));

/**
 * Membership's events as others read them. The contract's schemas drop what is private: all that is sealed, reasons
 * in free text, consent. Claims of codes and refused admissions are not published.
 */
export const publish: Publish = ({ id, stream, revision, position, recordedAt, by, type, occurredAt, data }) =>
  published.has(type)
    ? MembershipMessage.parse({
        ...JSON.parse(data),
        ...{ id, source: 'membership', key: stream, revision, position, recordedAt, by, type, occurredAt },
      })
    : undefined;
