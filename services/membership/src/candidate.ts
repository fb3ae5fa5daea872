import {
  type CandidateId,
  type GroupId,
  type MemberId,
  type MemberLife,
  type OrganisationId,
  stayOn,
} from '@phancong/contracts';
import { type Day, type Decider, Refusal } from '@phancong/event-sourcing';
import type { CandidateEvent } from './candidate-event.ts';
import { conflictsWith, type Entry } from './entry.ts';
import { cellFor, type Organisations } from './organisations.ts';

export interface Candidate {
  readonly candidate: CandidateId;
  readonly introducedBy: MemberId;
  readonly group?: GroupId | undefined;
  readonly introducedOn: Day;
  readonly consentOn: Day;
  readonly sealed: string;
  /** Newest entries of their kind. */
  readonly trained?: Entry | undefined;
  readonly withdrawn?: Entry | undefined;
  readonly admission?: Admission | undefined;
  readonly erased: boolean;
  readonly revision: number;
}

/** Decided; `refusal`: why the member could not be made, after all. */
export interface Admission {
  readonly on: Day;
  readonly cell: OrganisationId;
  readonly code: string;
  readonly member: MemberId;
  readonly refusal?: string | undefined;
}

export type CandidateCommand =
  | {
      readonly type: 'introduce';
      readonly candidate: CandidateId;
      readonly introducedBy: MemberId;
      /** Of who introduces; `undefined` when there is no such member. */
      readonly introducer: MemberLife | undefined;
      readonly group?: GroupId | undefined;
      readonly on: Day;
      readonly consentOn: Day;
      readonly sealed: string;
    }
  | { readonly type: 'train'; readonly on: Day }
  | {
      readonly type: 'admit';
      readonly on: Day;
      readonly cell: OrganisationId;
      readonly code: string;
      /** Id that the member will have. */
      readonly member: MemberId;
      readonly organisations: Organisations;
    }
  /** The member is there: told by the process, when who gave the command could not. */
  | ({ readonly type: 'note-admission' } & Admission)
  /** The member could not be made: told by the process, of admissions that were noted before the member was there. */
  | { readonly type: 'refuse-admission'; readonly member: MemberId; readonly refusal: string }
  | { readonly type: 'withdraw'; readonly on: Day; readonly sealed: string }
  | { readonly type: 'erase'; readonly today: Day; readonly reason: string };

type Command<Type extends CandidateCommand['type']> = Extract<CandidateCommand, { type: Type }>;

/** Someone whom a member introduces, with consent: trained, admitted or withdrawn. */
export const candidateDecider: Decider<Candidate | undefined, CandidateCommand, CandidateEvent> = {
  initialState: undefined,
  evolve: evolveCandidate,
  decide: (command, state) => {
    if (command.type === 'introduce') return introduce(command, state);
    if (!state) throw new Refusal('not-found', 'candidate-not-found');
    const { candidate, introducedBy } = state;
    if (command.type === 'note-admission') return noteAdmission(command, state);
    if (state.erased) {
      if (command.type === 'refuse-admission') return [];
      throw new Refusal('conflict', 'candidate-erased', { candidate });
    }
    switch (command.type) {
      case 'train': {
        const { on } = command;
        possibleOn(state, on);
        if (state.trained) throw new Refusal('conflict', 'already-trained', { on: state.trained.occurredAt });
        return [{ type: 'CandidateTrained', occurredAt: on, candidate, introducedBy }];
      }
      case 'admit':
        return admit(command, state);
      case 'refuse-admission': {
        const { admission } = state;
        if (admission?.member !== command.member || admission.refusal !== undefined) return [];
        const { member, refusal } = command;
        return [{ type: 'CandidateAdmissionRefused', occurredAt: admission.on, candidate, member, refusal }];
      }
      case 'withdraw': {
        const { on, sealed } = command;
        possibleOn(state, on);
        refuseIfAdmitted(state);
        if (state.withdrawn) throw conflictsWith(state.withdrawn);
        if (state.trained && state.trained.occurredAt >= on) throw conflictsWith(state.trained);
        return [{ type: 'CandidateWithdrawn', occurredAt: on, candidate, introducedBy, sealed }];
      }
      case 'erase':
        return [{ type: 'CandidateErased', occurredAt: command.today, candidate, reason: command.reason }];
    }
  },
};

function introduce({ type: _, introducer, on, ...fields }: Command<'introduce'>, state: Candidate | undefined) {
  const { candidate, introducedBy, consentOn } = fields;
  if (state) throw new Refusal('conflict', 'already-exists', { id: candidate });
  if (consentOn > on) throw new Refusal('invalid', 'consent-after-introduction', { consentOn, on });
  if (!introducer) throw new Refusal('not-found', 'introducer-not-found', { member: introducedBy });
  if (!stayOn(introducer, on)) {
    throw new Refusal('conflict', 'introducer-not-a-member', { member: introducedBy, on });
  }
  const event: CandidateEvent = { type: 'CandidateIntroduced', occurredAt: on, ...fields };
  return [event];
}

function admit({ on, cell, code, member, organisations }: Command<'admit'>, state: Candidate) {
  const { candidate, introducedBy, trained } = state;
  possibleOn(state, on);
  refuseIfAdmitted(state);
  if (state.withdrawn) throw conflictsWith(state.withdrawn);
  if (!trained || trained.occurredAt > on) throw new Refusal('conflict', 'not-trained', { on });
  cellFor(organisations, { id: cell, from: on });
  const event: CandidateEvent = {
    ...{ type: 'CandidateAdmitted', occurredAt: on, candidate },
    ...{ introducedBy, cell, code, member },
  };
  return [event];
}

/** The member was made, whatever has become of the candidate since. */
function noteAdmission({ on, ...told }: Command<'note-admission'>, state: Candidate): readonly CandidateEvent[] {
  const { candidate, introducedBy, admission } = state;
  const { cell, code, member } = told;
  if (!admission || admission.refusal !== undefined) {
    return [{ type: 'CandidateAdmitted', occurredAt: on, candidate, introducedBy, cell, code, member }];
  }
  if (admission.member === member) return [];
  return [{ type: 'CandidateAdmissionRefused', occurredAt: on, candidate, member, refusal: 'already-admitted' }];
}

/** What makes a candidate a member. `sealed`: the name. */
export const asMember = (
  { on, cell, code, member }: Admission,
  candidate: CandidateId,
  sealed: string,
  organisations: Organisations,
) => ({
  ...{ type: 'admit' as const, member, code, cell, candidate, sealed, organisations },
  ...{ standing: 'probationary' as const, admittedOn: on, from: on },
});

/** Between the introduction and the withdrawal. */
function possibleOn({ introducedOn, withdrawn }: Candidate, on: Day): void {
  if (on < introducedOn) throw new Refusal('conflict', 'before-introduction', { on, introducedOn });
  if (withdrawn && withdrawn.occurredAt <= on) {
    throw new Refusal('conflict', 'candidate-withdrawn', { on: withdrawn.occurredAt });
  }
}

function refuseIfAdmitted({ admission }: Candidate): void {
  if (admission && admission.refusal === undefined) {
    throw new Refusal('conflict', 'already-admitted', { on: admission.on });
  }
}

function evolveCandidate(state: Candidate | undefined, event: CandidateEvent): Candidate | undefined {
  const { type, occurredAt } = event;
  if (event.type === 'CandidateIntroduced') {
    const { candidate, introducedBy, group, consentOn, sealed } = event;
    const introduced = { candidate, introducedBy, group, introducedOn: occurredAt, consentOn, sealed };
    return { ...introduced, erased: false, revision: 0 };
  }
  if (!state) return undefined;
  const next = { ...state, revision: state.revision + 1 };
  const entry = { type, occurredAt, revision: next.revision };
  switch (event.type) {
    case 'CandidateTrained':
      return { ...next, trained: entry };
    case 'CandidateAdmitted': {
      const { cell, code, member } = event;
      return { ...next, admission: { on: occurredAt, cell, code, member } };
    }
    case 'CandidateAdmissionRefused': {
      const { admission } = next;
      if (admission?.member !== event.member) return next;
      return { ...next, admission: { ...admission, refusal: event.refusal } };
    }
    case 'CandidateWithdrawn':
      return { ...next, withdrawn: entry };
    case 'CandidateErased':
      return { ...next, erased: true };
  }
}
