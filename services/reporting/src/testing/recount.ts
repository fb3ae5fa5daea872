import type { GroupKind, Message, Origin } from '@phancong/contracts';

/**
 * Counts anew from all messages, as simply as the rules are written down, in plain loops. Knows nothing of read models, nor of
 * the functions by which services read each other's messages: figures from those must be the same as from here.
 */

export interface Knowing {
  readonly messages: readonly Message[];
  /** Counts only what was written down by then. */
  readonly knownAt?: string | undefined;
}

/** Every message once, in the order in which those of a key were written down. */
function told({ messages, knownAt }: Knowing): Message[] {
  const byId = new Map<string, Message>();
  for (const message of messages) {
    if (knownAt === undefined || message.recordedAt <= knownAt) byId.set(message.id, message);
  }
  return [...byId.values()].sort((one, other) => one.revision - other.revision);
}

interface Spell {
  readonly from: string;
  until?: string | undefined;
}
const within = ({ from, until }: Spell, day: string): boolean => from <= day && (until === undefined || day < until);

/** The last one on or before the day; of those on one day, the one told last. */
function lastBy<Entry extends { readonly day: string }>(entries: readonly Entry[], day: string): Entry | undefined {
  let last: Entry | undefined;
  for (const entry of entries) if (entry.day <= day && (!last || entry.day >= last.day)) last = entry;
  return last;
}

interface Organisation {
  readonly founded: string;
  readonly parents: { readonly day: string; readonly parent: string }[];
  closed?: string;
  into?: string;
}
interface Assignment extends Spell {
  readonly kind: GroupKind;
  readonly origin: Origin;
  suspensions: Spell[];
}
interface Member {
  /** Where the member is from a day on; null: gone. */
  changes: { readonly day: string; readonly cell: string | null }[];
  exemptions: Spell[];
  readonly assignments: Map<string, Assignment>;
}
export interface Done {
  readonly member: string;
  readonly day: string;
  readonly campaign?: string | undefined;
  readonly figures: Readonly<Record<string, number>>;
}
export interface World {
  readonly organisations: Map<string, Organisation>;
  readonly members: Map<string, Member>;
  readonly done: readonly Done[];
}

const endOn = <S extends Spell>(spells: readonly S[], day: string): S[] =>
  spells.map((spell) => (within(spell, day) ? { ...spell, until: day } : spell));

/** Everything as it is told. */
export function worldOf(knowing: Knowing): World {
  const organisations = new Map<string, Organisation>();
  const members = new Map<string, Member>();
  const activities = new Map<string, Done>();
  const steps: Done[] = [];
  const member = (id: string): Member => {
    const found = members.get(id) ?? { changes: [], exemptions: [], assignments: new Map<string, Assignment>() };
    members.set(id, found);
    return found;
  };
  const assignment = (owner: string, id: string, change: (known: Assignment) => void): void => {
    const known = member(owner).assignments.get(id);
    if (known) change(known);
  };
  const step = (by: string, day: string, name: string) => steps.push({ member: by, day, figures: { [name]: 1 } });

  for (const message of told(knowing)) {
    const day: string = message.occurredAt;
    switch (message.type) {
      case 'OrganisationRegistered':
        organisations.set(message.organisation, {
          founded: day,
          parents: message.parent === undefined ? [] : [{ day, parent: message.parent }],
        });
        break;
      case 'OrganisationMoved':
        organisations.get(message.organisation)?.parents.push({ day, parent: message.parent });
        break;
      case 'OrganisationMerged': {
        const merged = organisations.get(message.organisation);
        merged?.parents.push({ day, parent: message.into });
        if (merged) Object.assign(merged, { closed: day, into: message.into });
        break;
      }
      case 'OrganisationDissolved': {
        const dissolved = organisations.get(message.organisation);
        if (dissolved) dissolved.closed = day;
        break;
      }
      case 'MemberAdmitted':
        member(message.member).changes.push({ day, cell: message.cell });
        break;
      case 'MemberTransferred':
        member(message.member).changes.push({ day, cell: message.to });
        break;
      case 'MemberLeft':
        member(message.member).changes.push({ day, cell: null });
        break;
      case 'MemberExempted':
        member(message.member).exemptions.push({ from: day, until: message.until });
        break;
      case 'MemberExemptionEnded':
        member(message.member).exemptions = endOn(member(message.member).exemptions, day);
        break;
      case 'MemberCorrected': {
        const corrected = member(message.member);
        corrected.changes = [];
        for (const stay of message.life.stays) {
          corrected.changes.push({ day: stay.from, cell: stay.cell });
          const next = message.life.stays.some((other) => other.from === stay.until);
          if (stay.until !== undefined && !next) corrected.changes.push({ day: stay.until, cell: null });
        }
        corrected.exemptions = message.life.exemptions.map((span) => ({ ...span }));
        break;
      }
      case 'AssignmentMade': {
        const { groupKind: kind, origin } = message;
        member(message.member).assignments.set(message.assignment, { from: day, kind, origin, suspensions: [] });
        break;
      }
      case 'AssignmentSuspended':
        assignment(message.member, message.assignment, (known) => {
          known.suspensions.push({ from: day, until: message.until });
        });
        break;
      case 'AssignmentResumed':
        assignment(message.member, message.assignment, (known) => {
          known.suspensions = endOn(known.suspensions, day);
        });
        break;
      case 'AssignmentEnded':
      case 'AssignmentHandedOver':
        assignment(message.member, message.assignment, (known) => {
          if (known.until === undefined || day < known.until) known.until = day;
        });
        break;
      case 'AssignmentCorrected': {
        const { groupKind: kind, origin, from, until, suspensions } = message.terms;
        const corrected = { kind, origin, from, until, suspensions: suspensions.map((span) => ({ ...span })) };
        if (member(message.member).assignments.has(message.assignment)) {
          member(message.member).assignments.set(message.assignment, corrected);
        }
        break;
      }
      case 'ActivityLogged':
      case 'ActivityAmended': {
        const { deed } = message;
        const { reached, visits, savings, charity, bloodDonations } = deed;
        const figures = { activities: 1, reached, visits, savings, charity, bloodDonations };
        activities.set(message.activity, { member: message.member, day: deed.on, campaign: deed.campaign, figures });
        break;
      }
      case 'ActivityVoided':
        activities.delete(message.activity);
        break;
      case 'CandidateIntroduced':
        step(message.introducedBy, day, 'introduced');
        break;
      case 'CandidateTrained':
        step(message.introducedBy, day, 'trained');
        break;
      case 'CandidateAdmitted':
        step(message.introducedBy, day, 'admitted');
        break;
      case 'CandidateWithdrawn':
        step(message.introducedBy, day, 'withdrawn');
        break;
      case 'OrganisationRenamed':
      case 'MemberOfficialised':
      case 'MemberErased':
      case 'CandidateErased':
      case 'GroupFormed':
      case 'GroupRecounted':
      case 'GroupClosed':
      case 'RegistrationMade':
      case 'RegistrationDeclined':
      case 'AssignmentContentChanged':
      case 'HandOverRefused':
      case 'CampaignOpened':
        break;
    }
  }
  return { organisations, members, done: [...activities.values(), ...steps] };
}

export const existed = ({ organisations }: World, id: string, day: string): boolean => {
  const organisation = organisations.get(id);
  if (!organisation || day < organisation.founded) return false;
  return organisation.closed === undefined || day < organisation.closed;
};

/** What stands directly above on the day: closed ones stay where they were, coming ones stand where they will. */
export function above({ organisations }: World, id: string, day: string): string | undefined {
  const organisation = organisations.get(id);
  if (!organisation) return undefined;
  const entry = lastBy(organisation.parents, day < organisation.founded ? organisation.founded : day);
  let parent = entry?.parent;
  for (;;) {
    const merged = parent === undefined ? undefined : organisations.get(parent);
    if (merged?.into === undefined || merged.closed === undefined || day < merged.closed) return parent;
    parent = merged.into;
  }
}

/** Itself and all above it. */
export function lineOf(world: World, id: string, day: string): string[] {
  const line: string[] = [];
  for (let at: string | undefined = id; at !== undefined; at = above(world, at, day)) {
    if (line.includes(at)) throw new Error(`${id} stands above itself on ${day}`);
    line.push(at);
  }
  return line;
}

export const cellOn = ({ members }: World, member: string, day: string): string | undefined =>
  lastBy(members.get(member)?.changes ?? [], day)?.cell ?? undefined;

export const isActive = (assignment: Assignment, day: string): boolean =>
  within(assignment, day) && !assignment.suspensions.some((suspension) => within(suspension, day));

export interface CoverageCount {
  due: number;
  assigned: number;
  selfRegistered: number;
}
/** Coverage of every organisation that has members due; with a kind, only assignments to groups of that kind cover. */
export function recountCoverage(
  knowing: Knowing,
  { asOf, excludeExempt = false, kind }: { asOf: string; excludeExempt?: boolean; kind?: GroupKind | undefined },
): Map<string, CoverageCount> {
  const world = worldOf(knowing);
  const counts = new Map<string, CoverageCount>();
  for (const [id, member] of world.members) {
    const cell = cellOn(world, id, asOf);
    if (cell === undefined) continue;
    if (excludeExempt && member.exemptions.some((spell) => within(spell, asOf))) continue;
    const active = [...member.assignments.values()].filter(
      (one) => isActive(one, asOf) && (!kind || one.kind === kind),
    );
    for (const organisation of lineOf(world, cell, asOf)) {
      const count = counts.get(organisation) ?? { due: 0, assigned: 0, selfRegistered: 0 };
      counts.set(organisation, count);
      count.due += 1;
      if (active.length > 0) count.assigned += 1;
      if (active.some(({ origin }) => origin !== 'assigned')) count.selfRegistered += 1;
    }
  }
  return counts;
}

/** What was done in the range and is credited to each organisation by the tree of `asOf`. */
export function recountResults(
  knowing: Knowing,
  { from, to, asOf, only = () => true }: { from: string; to: string; asOf: string; only?: (done: Done) => boolean },
): Map<string, Record<string, number>> {
  const world = worldOf(knowing);
  const counts = new Map<string, Record<string, number>>();
  for (const done of world.done) {
    if (done.day < from || done.day > to || !only(done)) continue;
    const cell = cellOn(world, done.member, done.day);
    if (cell === undefined) continue;
    for (const organisation of lineOf(world, cell, asOf)) {
      const count = counts.get(organisation) ?? {};
      counts.set(organisation, count);
      for (const [name, value] of Object.entries(done.figures)) count[name] = (count[name] ?? 0) + value;
    }
  }
  return counts;
}
