import { covers, evolveLife, type MemberLife, stayOn, successorOn } from '@phancong/contracts';
import { type Day, type Decider, Refusal } from '@phancong/event-sourcing';
import { conflictsWith, laterOf } from './entry.ts';
import type { MemberCommand } from './member-command.ts';
import type { MemberEvent } from './member-event.ts';
import { refuseImpossibleLife } from './member-life-rules.ts';
import { entryFor, evolveMember, leftOn, type Member, sameStays, withoutFollowing } from './member-state.ts';
import { cellFor, type Organisations } from './organisations.ts';

type Command<Type extends MemberCommand['type']> = Extract<MemberCommand, { type: Type }>;

/** The life of one member, told in any order of days. */
export const memberDecider: Decider<Member | undefined, MemberCommand, MemberEvent> = {
  initialState: undefined,
  evolve: evolveMember,
  decide: (command, state) => {
    if (command.type === 'admit') return admit(command, state);
    if (command.type === 'follow') return state ? follow(state.life, command.organisations) : [];
    if (!state) throw new Refusal('not-found', 'member-not-found');
    const { life } = state;
    const { member } = life;
    if (state.erased) throw new Refusal('conflict', 'member-erased', { member });
    switch (command.type) {
      case 'transfer':
        return transfer(command, state);
      case 'officialise': {
        const { on } = command;
        refuseAbsent(life, on);
        if (life.officialOn !== undefined) {
          throw new Refusal('conflict', 'already-official', { on: life.officialOn });
        }
        if (state.standing === 'official') throw new Refusal('conflict', 'already-official');
        const official: MemberEvent = { type: 'MemberOfficialised', occurredAt: on, member };
        refuseImpossibleLife(state, evolveLife(life, official) ?? life);
        return [official];
      }
      case 'exempt':
        return exempt(command, state);
      case 'end-exemption': {
        const { on } = command;
        refuseAbsent(life, on);
        const span = life.exemptions.find((each) => covers(each, on));
        if (!span) throw new Refusal('conflict', 'not-exempt', { on });
        const ended = state.exemptionsEnded.find((day) => day === span.until);
        if (ended !== undefined) throw conflictsWith(entryFor(state, ended, 'MemberExemptionEnded'));
        return [{ type: 'MemberExemptionEnded', occurredAt: on, member }];
      }
      case 'leave':
        return leave(command, state);
      case 'correct':
        return correct(command, state);
      case 'erase':
        return [{ type: 'MemberErased', occurredAt: command.today, member, reason: command.reason }];
    }
  },
};

function admit({ type: _, from, organisations, ...fields }: Command<'admit'>, state: Member | undefined) {
  const { member, cell, standing, admittedOn, officialOn } = fields;
  if (state) throw new Refusal('conflict', 'already-exists', { id: member });
  if (standing === 'probationary' && officialOn !== undefined) {
    throw new Refusal('invalid', 'probationary-with-official-day', { officialOn });
  }
  const occurredAt = from ?? laterOf(admittedOn, organisations.tree.get(cell)?.from ?? admittedOn);
  const event: MemberEvent = { type: 'MemberAdmitted', occurredAt, ...fields };
  const after = evolveMember(undefined, event);
  if (!after) return [];
  refuseImpossibleLife(after, after.life);
  cellFor(organisations, { id: cell, from: occurredAt });
  return [event, ...follow(after.life, organisations)];
}

/** Where the member is from that day, also when nothing changes on it: what is told later of an earlier day may. */
function transfer({ cell, on, workUnit, successor, organisations }: Command<'transfer'>, state: Member) {
  const { member } = state.life;
  refuseAbsent(state.life, on);
  if (successor === member) throw new Refusal('invalid', 'own-successor', { member });
  const left = stayOn(state.life, on);
  if (!left) return [];
  const known = left.from === on && left.cell === cell && left.workUnit === workUnit && !state.followed.includes(on);
  if (known && successor === undefined) return [];
  const moved: MemberEvent = {
    ...{ type: 'MemberTransferred', occurredAt: on, member },
    ...{ from: left.cell, to: cell, workUnit, successor },
  };
  const life = withoutFollowing(state, on);
  const after = evolveLife(life, moved) ?? life;
  cellFor(organisations, { id: cell, from: on, until: stayOn(after, on)?.until });
  return told(state.life, moved, after, follow(after, organisations));
}

function exempt({ from, until, sealed }: Command<'exempt'>, state: Member): readonly MemberEvent[] {
  const { life } = state;
  refuseAbsent(life, from);
  if (until !== undefined && until <= from) throw new Refusal('invalid', 'ends-before-it-begins', { from, until });
  for (const span of life.exemptions) {
    if (covers(span, from)) throw new Refusal('conflict', 'already-exempt', { from: span.from });
    if (span.from > from && (until === undefined || span.from < until)) {
      throw conflictsWith(entryFor(state, span.from, 'MemberExempted'));
    }
  }
  return [{ type: 'MemberExempted', occurredAt: from, member: life.member, until, sealed }];
}

function leave({ on, reason, successor }: Command<'leave'>, state: Member): readonly MemberEvent[] {
  const { member, stays } = state.life;
  refuseAbsent(state.life, on);
  const first = stays[0]?.from;
  if (first === on) throw new Refusal('conflict', 'before-admission', { on, from: first });
  if (successor === member) throw new Refusal('invalid', 'own-successor', { member });
  const left: MemberEvent = { type: 'MemberLeft', occurredAt: on, member, reason, successor };
  const life = withoutFollowing(state, on);
  const moved = life.stays.find(({ from }) => from >= on);
  if (moved) throw conflictsWith(entryFor(state, moved.from, 'MemberTransferred'));
  if (leftOn(life) !== undefined) throw conflictsWith(entryFor(state, leftOn(life) ?? on, 'MemberLeft'));
  const after = evolveLife(life, left) ?? life;
  refuseImpossibleLife(state, after);
  return told(state.life, left, after, []);
}

function correct({ today, life: changes, sealed, organisations }: Command<'correct'>, state: Member) {
  const { member, stays, ...kept } = state.life;
  const { code = kept.code, admittedOn = kept.admittedOn } = changes;
  const officialOn = changes.officialOn === undefined ? kept.officialOn : (changes.officialOn ?? undefined);
  const expertise = changes.expertise === undefined ? kept.expertise : (changes.expertise ?? undefined);
  const standing = changes.standing ?? (officialOn === undefined ? state.standing : 'official');
  const [first, ...rest] = stays;
  if (!first) return [];
  const { cell = first.cell, from = first.from } = changes;
  const workUnit = changes.workUnit === undefined ? first.workUnit : (changes.workUnit ?? undefined);
  if (standing === 'probationary' && officialOn !== undefined) {
    throw new Refusal('invalid', 'probationary-with-official-day', { officialOn });
  }
  const stillThere = cell === first.cell && (rest[0] === undefined || from < rest[0].from);
  const [base = first, ...later] = stillThere ? stays : withoutFollowing(state, first.from).stays;
  if (later[0] && from >= later[0].from) throw conflictsWith(entryFor(state, later[0].from, 'MemberTransferred'));
  const corrected = { ...base, cell, from, workUnit };
  const life = { ...kept, member, code, admittedOn, officialOn, expertise, stays: [corrected, ...later] };
  refuseImpossibleLife(state, life);
  if (cell !== first.cell || from !== first.from) cellFor(organisations, { ...corrected, id: cell });
  const event: MemberEvent = { type: 'MemberCorrected', occurredAt: today, member, life, standing, sealed };
  return [event, ...follow(life, organisations)];
}

/** The fact; and, when it does not say all of it, the life after it and the moves that follow. */
function told(before: MemberLife, fact: MemberEvent, after: MemberLife, moves: readonly MemberEvent[]) {
  const alone = evolveLife(before, fact) ?? before;
  const moved = moves.reduce((life, move) => evolveLife(life, move) ?? life, after);
  if (sameStays(alone, moved)) return [fact];
  if (sameStays(alone, after)) return [fact, ...moves];
  const { occurredAt, member } = fact;
  const corrected: MemberEvent = { type: 'MemberCorrected', occurredAt, member, life: after };
  return [fact, corrected, ...moves];
}

/** The moves of a member who was in a cell on or after the day on which it was merged. */
function follow(life: MemberLife, organisations: Organisations): readonly MemberEvent[] {
  const { tree } = organisations;
  for (const { cell, from, until, workUnit } of life.stays) {
    const closed = tree.get(cell)?.closed;
    if (closed?.into === undefined || (until !== undefined && until <= closed.on)) continue;
    const on = laterOf(from, closed.on);
    const move: MemberEvent = {
      ...{ type: 'MemberTransferred', occurredAt: on, member: life.member },
      ...{ from: cell, to: successorOn(tree, cell, on), workUnit, following: cell },
    };
    return [move, ...follow(evolveLife(life, move) ?? life, organisations)];
  }
  return [];
}

function refuseAbsent(life: MemberLife, on: Day): void {
  const from = life.stays[0]?.from;
  if (from !== undefined && on < from) throw new Refusal('conflict', 'before-admission', { on, from });
  const left = leftOn(life);
  if (left !== undefined && left <= on) throw new Refusal('conflict', 'member-left', { on: left });
}
