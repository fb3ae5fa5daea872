import { ActivityId, AssignmentId, CampaignId, Dong } from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { body } from '@phancong/nest';
import { z } from 'zod';
import type { Account, Changes } from './activity.ts';

const MOST_DONG = 9_000_000_000_000_000;
const Count = z.int().nonnegative();
const Kind = z.string().trim().min(1).max(100);
const Note = z.string().trim().max(500);
const Reason = z.string().trim().min(1).max(500);
const Results = z.strictObject({
  savings: Dong.max(MOST_DONG).optional(),
  charity: Dong.max(MOST_DONG).optional(),
  bloodDonations: Count.optional(),
});

const told = {
  id: ActivityId.optional(),
  assignment: AssignmentId,
  kind: Kind,
  campaign: CampaignId.optional(),
  on: Day,
  reached: Count,
  visits: Count.optional(),
  results: Results.optional(),
  note: Note.optional(),
};
const Told = z.strictObject(told);
export const LogActivity = body(told);
export type LogActivity = z.infer<typeof LogActivity>;

export const LogActivities = body({ activities: z.array(Told).min(1).max(1_000) });
export type LogActivities = z.infer<typeof LogActivities>;

export const AmendActivity = body({
  assignment: AssignmentId.optional(),
  kind: Kind.optional(),
  campaign: CampaignId.nullable().optional(),
  on: Day.optional(),
  reached: Count.optional(),
  visits: Count.optional(),
  results: Results.optional(),
  note: Note.optional(),
  reason: Reason,
});
export type AmendActivity = z.infer<typeof AmendActivity>;

export const VoidActivity = body({ reason: Reason });
export type VoidActivity = z.infer<typeof VoidActivity>;

export const accountOf = ({ assignment, kind, campaign, on, reached, visits = 0, results }: LogActivity): Account => ({
  assignment,
  kind,
  campaign,
  on,
  reached,
  visits,
  savings: results?.savings ?? 0,
  charity: results?.charity ?? 0,
  bloodDonations: results?.bloodDonations ?? 0,
});

export const changesOf = ({ results, reason: _, note: __, ...fields }: AmendActivity): Changes => ({
  ...fields,
  ...results,
});
