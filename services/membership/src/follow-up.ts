import type { CandidateMessage, MemberId, MemberMessage, Message, OrganisationId } from '@phancong/contracts';
import { type CommandContext, type CommandHandler, commandIdFrom, Refusal } from '@phancong/event-sourcing';
import type { PersonKeys } from '@phancong/privacy';
import type { Projection } from '@phancong/read-models';
import { candidateStream } from './candidate-event.ts';
import type { Candidates } from './candidates.ts';
import { memberStream } from './member-event.ts';
import type { Members } from './members.ts';
import type { Occupants } from './occupants.ts';
import { ORGANISATIONS } from './organisation-event.ts';
import type { OrganisationCommand } from './organisation-tree.ts';
import type { Organisations } from './organisations.ts';
import { openCandidate } from './personal.ts';

export interface FollowUpOptions {
  readonly members: Members;
  readonly candidates: Candidates;
  readonly organisations: CommandHandler<Organisations, OrganisationCommand>;
  readonly occupants: Occupants;
  readonly keys: PersonKeys;
}

const BY = 'process:membership-follow-up';

/**
 * What spans two streams: members go with their merged cell, the admission of a candidate who has become a member is
 * noted with the candidate, an erased person's key is destroyed. It keeps no documents; ids of its commands derive from
 * the message, so that a repeat does nothing.
 * A merger and a member who comes into the cell at the same time see each other whichever is told first.
 */
export function followUp(options: FollowUpOptions): Projection {
  return {
    name: 'membership-follow-up',
    version: 1,
    models: [],
    sources: ['membership'],
    apply: async (messages) => {
      const lines = new Map<string, Message[]>();
      for (const message of messages) {
        const line = lines.get(message.key);
        if (line) line.push(message);
        else lines.set(message.key, [message]);
      }
      const done = await Promise.allSettled([...lines.values()].map((line) => reactInTurn(options, line)));
      for (const each of done) if (each.status === 'rejected') throw each.reason;
    },
  };
}

async function reactInTurn(options: FollowUpOptions, line: readonly Message[]): Promise<void> {
  for (const message of line) await react(options, message);
}

async function react(options: FollowUpOptions, message: Message): Promise<void> {
  const { type } = message;
  if (type === 'OrganisationMerged') return followMerger(options, message);
  if (type === 'MemberAdmitted') {
    await noteAdmission(options, message);
    return followFrom(options, [message.cell], message);
  }
  if (type === 'MemberTransferred') return followFrom(options, [message.to], message);
  if (type === 'MemberCorrected') {
    const cells = message.life.stays.map(({ cell }) => cell);
    return followFrom(options, cells, message);
  }
  if (type === 'CandidateAdmitted') return makeMember(options, message);
  if (type === 'MemberErased') return eraseMember(options, message);
  if (type === 'CandidateErased') return options.keys.erase(candidateStream(message.candidate));
}

type Merged = Extract<Message, { readonly type: 'OrganisationMerged' }>;

async function followMerger(options: FollowUpOptions, message: Merged): Promise<void> {
  const members = await options.occupants(message.organisation, message.occurredAt);
  await Promise.all(members.map((member) => follow(options, member, message)));
}

const context = (message: Message, ...what: readonly string[]): CommandContext => ({
  by: BY,
  command: commandIdFrom('membership-follow-up', message.id, ...what),
});

async function followFrom(options: FollowUpOptions, cells: readonly OrganisationId[], message: MemberMessage) {
  const { tree } = (await options.organisations.load(ORGANISATIONS)).state;
  if (cells.some((cell) => tree.get(cell)?.closed?.into !== undefined)) await follow(options, message.member, message);
}

async function follow({ members }: FollowUpOptions, member: MemberId, message: Message): Promise<void> {
  await members.follow(member, context(message, 'follow', member));
}

type NewMember = Extract<MemberMessage, { readonly type: 'MemberAdmitted' }>;

/** Ends the admission of a candidate that was cut off once the member was there. */
async function noteAdmission({ members, candidates }: FollowUpOptions, message: NewMember): Promise<void> {
  const { member, cell, code, occurredAt: on } = message;
  const { candidate } = (await members.get(member)).state;
  if (candidate === undefined) return;
  await candidates.noteAdmission(candidate, { member, cell, code, on }, message.id, BY);
}

type Admitted = Extract<CandidateMessage, { readonly type: 'CandidateAdmitted' }>;

/** Of a log in which admissions were noted first: the member, if nobody has made it yet. */
async function makeMember({ members, candidates, keys }: FollowUpOptions, message: Admitted): Promise<void> {
  const { candidate, member } = message;
  const { admission, sealed } = (await candidates.get(candidate)).state;
  if (admission?.member !== member || admission.refusal !== undefined) return;
  try {
    if (await members.exists(member)) {
      if ((await members.get(member)).state.candidate === candidate) return;
      throw new Refusal('conflict', 'already-exists', { id: member });
    }
    const person = await openCandidate(keys, candidateStream(candidate), sealed);
    if (!person) throw new Refusal('conflict', 'candidate-erased', { candidate });
    await members.admitCandidate(admission, candidate, person.name, context(message, 'admit'));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await candidates.refuseAdmission(candidate, member, error.code, context(message, 'refuse'));
  }
}

/** Who was a candidate is the same person: what the candidate's introduction said goes, too. */
async function eraseMember(options: FollowUpOptions, message: MemberMessage): Promise<void> {
  const { members, candidates, keys } = options;
  await keys.erase(memberStream(message.member));
  const { candidate } = (await members.get(message.member)).state;
  if (candidate === undefined || (await candidates.get(candidate)).state.erased) return;
  await candidates.erase(candidate, { reason: `member ${message.member} erased` }, context(message, 'erase'));
}
