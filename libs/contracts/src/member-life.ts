import type { Day } from '@phancong/event-sourcing';
import { covers, type Facts, type Span } from './message.ts';
import type { MemberLife, MemberMessage, Stay } from './membership.ts';

/**
 * The member's life after a message. Messages of one member come in the order in which they were written down,
 * their days in any order: a late transfer splits the stay that it falls into.
 */
export function evolveLife(life: MemberLife | undefined, message: MemberFact): MemberLife | undefined {
  if (message.type === 'MemberAdmitted') {
    const { member, code, admittedOn, officialOn, expertise, occurredAt, cell, workUnit } = message;
    const stay = { cell, from: occurredAt, workUnit };
    return { member, code, admittedOn, officialOn, expertise, stays: [stay], exemptions: [] };
  }
  if (!life) return undefined;
  const on = message.occurredAt;
  switch (message.type) {
    case 'MemberTransferred':
      return { ...life, stays: move(life.stays, on, { cell: message.to, workUnit: message.workUnit }) };
    case 'MemberOfficialised':
      return { ...life, officialOn: on };
    case 'MemberExempted':
      return { ...life, exemptions: byDay([...life.exemptions, { from: on, until: message.until }]) };
    case 'MemberExemptionEnded':
      return { ...life, exemptions: endOn(life.exemptions, on) };
    case 'MemberLeft':
      return { ...life, stays: endOn(life.stays, on) };
    case 'MemberCorrected':
      return message.life;
    case 'MemberErased':
      return life;
  }
}

export const stayOn = (life: MemberLife, day: Day): Stay | undefined => life.stays.find((stay) => covers(stay, day));

/** A member message without what only the feed needs. */
export type MemberFact = Facts<MemberMessage>;

const byDay = <S extends Span>(spans: readonly S[]): S[] =>
  [...spans].sort((one, other) => (one.from < other.from ? -1 : one.from > other.from ? 1 : 0));

/** Ends the span that covers the day, and drops what would begin after it only if it is empty. */
const endOn = <S extends Span>(spans: readonly S[], on: Day): S[] =>
  spans.flatMap((span) => {
    if (!covers(span, on)) return [span];
    return span.from === on ? [] : [{ ...span, until: on }];
  });

const move = (stays: readonly Stay[], on: Day, place: Pick<Stay, 'cell' | 'workUnit'>): Stay[] => {
  const left = stays.find((stay) => covers(stay, on));
  return byDay([...endOn(stays, on), { ...place, from: on, until: left?.until }]);
};
