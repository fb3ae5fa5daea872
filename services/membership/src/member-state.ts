import {
  type CandidateId,
  evolveLife,
  type MemberLife,
  type OrganisationId,
  type Standing,
  type Stay,
} from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';
import type { Entry } from './entry.ts';
import type { MemberEvent } from './member-event.ts';

/** A move that was not decided by a person: the member followed a merged cell on that day. */
interface Following {
  readonly on: Day;
  readonly merged: OrganisationId;
}

export interface Member {
  readonly life: MemberLife;
  /** At admission, for those of whom no day of becoming official is known. */
  readonly standing: Standing;
  readonly candidate?: CandidateId | undefined;
  /** What is encrypted of the person, oldest first: the fields of a later one replace those of an earlier. */
  readonly sealed: readonly string[];
  readonly erased: boolean;
  readonly followings: readonly Following[];
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
      return event.following === undefined
        ? next
        : { ...next, followings: [...next.followings, { on: occurredAt, merged: event.following }] };
    case 'MemberCorrected': {
      const { standing = next.standing, sealed } = event;
      return { ...next, standing, sealed: sealed === undefined ? next.sealed : [...next.sealed, sealed] };
    }
    case 'MemberErased':
      return { ...next, erased: true };
    case 'MemberOfficialised':
    case 'MemberExempted':
    case 'MemberExemptionEnded':
    case 'MemberLeft':
      return next;
  }
}

function admitted(life: MemberLife, event: MemberEvent, entry: Entry): Member | undefined {
  if (event.type !== 'MemberAdmitted') return undefined;
  const { standing, candidate, sealed } = event;
  return { life, standing, candidate, sealed: [sealed], erased: false, followings: [], entries: [entry] };
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

/**
 * The life without the moves that only followed the cell of this stay: they no longer hold once the member was
 * not in it on the day of the merger.
 */
export function withoutFollowing({ life, followings }: Member, stay: Stay): MemberLife {
  const kept: Stay[] = [];
  for (const next of life.stays) {
    const last = kept.at(-1);
    const before = life.stays[life.stays.indexOf(next) - 1];
    const follows =
      before &&
      followings.some(({ on, merged }) => on === next.from && merged === before.cell) &&
      last?.from === stay.from;
    if (follows) kept[kept.length - 1] = { ...last, until: next.until };
    else kept.push(next);
  }
  return { ...life, stays: kept };
}
