import { type CandidateId, covers, evolveLife, type MemberLife, type Standing, type Stay } from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';
import type { Entry } from './entry.ts';
import type { MemberEvent } from './member-event.ts';

export interface Member {
  readonly life: MemberLife;
  /** At admission, for those of whom no day of becoming official is known. */
  readonly standing: Standing;
  readonly candidate?: CandidateId | undefined;
  /** What is encrypted of the person, oldest first: the fields of a later one replace those of an earlier. */
  readonly sealed: readonly string[];
  readonly erased: boolean;
  /** First days of the stays that nobody decided: the member only followed a merged cell. */
  readonly followed: readonly Day[];
  /** Days on which an exemption ends because somebody said so, and not as planned from the beginning. */
  readonly exemptionsEnded: readonly Day[];
  readonly entries: readonly Entry[];
}

export function evolveMember(state: Member | undefined, event: MemberEvent): Member | undefined {
  const life = evolveLife(state?.life, event);
  if (!life) return state;
  const { type, occurredAt } = event;
  const entry = { type, occurredAt, revision: state?.entries.length ?? 0 };
  if (!state || event.type === 'MemberAdmitted') return admitted(life, event, entry);
  const next = { ...state, life, entries: [...state.entries, entry] };
  switch (event.type) {
    case 'MemberTransferred':
      return { ...next, followed: followedAfter(state, occurredAt, event.following !== undefined) };
    case 'MemberCorrected': {
      const { standing = next.standing, sealed } = event;
      const followed = next.followed.filter((on) => life.stays.slice(1).some(({ from }) => from === on));
      return { ...next, followed, standing, sealed: sealed === undefined ? next.sealed : [...next.sealed, sealed] };
    }
    case 'MemberErased':
      return { ...next, erased: true };
    case 'MemberExemptionEnded': {
      const span = state.life.exemptions.find((each) => covers(each, occurredAt));
      const others = state.exemptionsEnded.filter((on) => on !== span?.until);
      return { ...next, exemptionsEnded: span && span.from < occurredAt ? [...others, occurredAt] : others };
    }
    case 'MemberOfficialised':
    case 'MemberExempted':
    case 'MemberLeft':
      return next;
  }
}

function admitted(life: MemberLife, event: MemberEvent, entry: Entry): Member | undefined {
  if (event.type !== 'MemberAdmitted') return undefined;
  const { standing, candidate, sealed } = event;
  return {
    life,
    standing,
    candidate,
    sealed: [sealed],
    erased: false,
    followed: [],
    exemptionsEnded: [],
    entries: [entry],
  };
}

/** The day from which the member is no longer there. */
export const leftOn = ({ stays }: MemberLife): Day | undefined => stays.at(-1)?.until;

export const standingOn = ({ life, standing }: Pick<Member, 'life' | 'standing'>, day: Day): Standing =>
  (life.officialOn === undefined ? standing === 'official' : life.officialOn <= day) ? 'official' : 'probationary';

/** The entry that says this for that day; if a correction said it, the newest correction. */
export const entryFor = ({ entries }: Member, occurredAt: Day, type: string): Entry => {
  const said = entries.findLast((entry) => entry.type === type && entry.occurredAt === occurredAt);
  const corrected = entries.findLast((entry) => entry.type === 'MemberCorrected');
  return { type, revision: entries.length - 1, ...(said ?? corrected), occurredAt };
};

/** What was decided for a day stays decided: also when somebody decided otherwise, or the member was sent on, that day. */
function followedAfter({ life, followed }: Member, on: Day, following: boolean): readonly Day[] {
  const decided = life.stays.some(({ from }) => from === on) && !followed.includes(on);
  const others = followed.filter((each) => each !== on);
  return following && !decided ? [...others, on] : others;
}

/**
 * The life without the moves, from the day on, that only followed the cell in which the member is then: they no longer
 * hold once the member is elsewhere from that day.
 */
export function withoutFollowing({ life, followed }: Member, on: Day): MemberLife {
  const kept: Stay[] = [];
  for (const stay of life.stays) {
    const last = kept.at(-1);
    const follows = followed.includes(stay.from) && stay.from >= on && last !== undefined && last.from <= on;
    if (follows) kept[kept.length - 1] = { ...last, until: stay.until };
    else kept.push(stay);
  }
  return { ...life, stays: kept };
}

export const sameStays = (one: MemberLife, other: MemberLife): boolean =>
  one.stays.length === other.stays.length &&
  one.stays.every(({ cell, workUnit, from, until }, index) => {
    const stay = other.stays[index];
    return stay?.cell === cell && stay.workUnit === workUnit && stay.from === from && stay.until === until;
  });
