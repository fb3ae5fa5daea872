import type { CandidateId, LeavingReason, MemberId, OrganisationId, Standing } from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';
import type { Organisations } from './organisations.ts';

/** What a correction may replace; absent fields stay, `null` removes. */
export interface LifeCorrection {
  readonly code?: string | undefined;
  readonly cell?: OrganisationId | undefined;
  /** First day in the first cell. */
  readonly from?: Day | undefined;
  /** Of the first stay: later ones are corrected by a transfer on their first day. */
  readonly workUnit?: string | null | undefined;
  readonly expertise?: string | null | undefined;
  readonly standing?: Standing | undefined;
  readonly admittedOn?: Day | undefined;
  readonly officialOn?: Day | null | undefined;
}

/** `organisations`: the tree as it is known when the command is given. */
export type MemberCommand =
  | {
      readonly type: 'admit';
      readonly member: MemberId;
      readonly code: string;
      readonly cell: OrganisationId;
      readonly workUnit?: string | undefined;
      readonly expertise?: string | undefined;
      readonly standing: Standing;
      readonly admittedOn: Day;
      readonly officialOn?: Day | undefined;
      /** First day in the cell; if absent, the day of admission or the cell's first day, whichever is later. */
      readonly from?: Day | undefined;
      readonly candidate?: CandidateId | undefined;
      readonly sealed: string;
      readonly organisations: Organisations;
    }
  | {
      readonly type: 'transfer';
      readonly cell: OrganisationId;
      readonly on: Day;
      readonly workUnit?: string | undefined;
      readonly successor?: MemberId | undefined;
      readonly organisations: Organisations;
    }
  | { readonly type: 'officialise'; readonly on: Day }
  | { readonly type: 'exempt'; readonly from: Day; readonly until?: Day | undefined; readonly sealed: string }
  | { readonly type: 'end-exemption'; readonly on: Day }
  | {
      readonly type: 'leave';
      readonly on: Day;
      readonly reason: LeavingReason;
      readonly successor?: MemberId | undefined;
    }
  | {
      readonly type: 'correct';
      readonly today: Day;
      readonly life: LifeCorrection;
      readonly sealed: string;
      readonly organisations: Organisations;
    }
  | { readonly type: 'erase'; readonly today: Day; readonly reason: string }
  /** Goes with the cells that were merged; asked by a process, possible for the erased too. */
  | { readonly type: 'follow'; readonly organisations: Organisations };
