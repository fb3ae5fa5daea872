import { type ActivityMessageOfDeed, type CandidateMessage, Deed, MemberId, type Message } from '@phancong/contracts';
import { Day, Instant } from '@phancong/event-sourcing';
import type { Evolving, ReadModel } from '@phancong/read-models';
import { z } from 'zod';
import { type Figures, none, plus } from '../figures.ts';
import { isNews, lastRecorded } from './members.ts';

const told = { revision: z.int(), recordedAt: Instant };

/** An activity in all its versions; `null` once it is voided. */
const Activity = z.object({ member: MemberId, entries: z.array(z.object({ ...told, deed: Deed.nullable() })) });
export type Activity = z.infer<typeof Activity>;
export const activities: ReadModel<Activity> = {
  name: 'activities',
  schema: Activity,
  indexes: { member: ({ member }) => [member], recorded: lastRecorded },
};

const Step = z.enum(['introduced', 'trained', 'admitted', 'withdrawn']);
/** The steps of a candidate; each counts for the member who introduced the candidate. */
const Candidate = z.object({ member: MemberId, entries: z.array(z.object({ ...told, step: Step, on: Day })) });
export type Candidate = z.infer<typeof Candidate>;
export const candidates: ReadModel<Candidate> = {
  name: 'candidates',
  schema: Candidate,
  indexes: { member: ({ member }) => [member], recorded: lastRecorded },
};

export const activityFacts: Evolving<Activity> = {
  model: activities,
  ids: (message) => (isOfActivity(message) ? [message.activity] : []),
  evolve(activity, message) {
    if (!isOfActivity(message) || !isNews(activity?.entries, message)) return activity;
    const { revision, recordedAt, member } = message;
    const deed = message.type === 'ActivityVoided' ? null : message.deed;
    return { member, entries: [...(activity?.entries ?? []), { revision, recordedAt, deed }] };
  },
};

export const candidateFacts: Evolving<Candidate> = {
  model: candidates,
  ids: (message) => (isOfCandidate(message) ? [message.candidate] : []),
  evolve(candidate, message) {
    if (!isOfCandidate(message) || !isNews(candidate?.entries, message)) return candidate;
    const { revision, recordedAt, occurredAt: on } = message;
    const entry = { revision, recordedAt, step: steps[message.type], on };
    return { member: message.introducedBy, entries: [...(candidate?.entries ?? []), entry] };
  },
};

/** Something done by a member on a day. */
export interface Done {
  readonly on: Day;
  readonly campaign?: string | undefined;
  readonly figures: Figures;
}

/** What the activity was, as it was told at the instant; as it is told now without one. */
export function doneIn(activity: Activity | undefined, knownAt?: Instant): readonly Done[] {
  const told = activity?.entries.findLast(({ recordedAt }) => knownAt === undefined || recordedAt <= knownAt)?.deed;
  if (!told) return [];
  const { on, campaign, reached, visits, savings, charity, bloodDonations } = told;
  const counted = { activities: 1, bloodDonations, charity, reached, savings, visits };
  return [{ on, campaign, figures: plus(none, counted) }];
}

/** The candidate's steps, as they were told at the instant; as they are told now without one. */
export const stepsOf = (candidate: Candidate | undefined, knownAt?: Instant): readonly Done[] =>
  (candidate?.entries ?? [])
    .filter(({ recordedAt }) => knownAt === undefined || recordedAt <= knownAt)
    .map(({ step, on }) => ({ on, figures: { [step]: 1 } }));

const steps = {
  CandidateIntroduced: 'introduced',
  CandidateTrained: 'trained',
  CandidateAdmitted: 'admitted',
  CandidateWithdrawn: 'withdrawn',
} as const;

const isOfActivity = (message: Message): message is ActivityMessageOfDeed =>
  message.source === 'activity' && 'activity' in message;

const isOfCandidate = (message: Message): message is Exclude<CandidateMessage, { readonly type: 'CandidateErased' }> =>
  message.source === 'membership' && 'candidate' in message && message.type !== 'CandidateErased';
