import { commandHandler } from '@phancong/event-sourcing';
import { candidateDecider } from './candidate.ts';
import { candidateCodec } from './candidate-event.ts';
import { Candidates } from './candidates.ts';
import { followUp } from './follow-up.ts';
import { Gate } from './gate.ts';
import { memberCodesIn } from './member-code.ts';
import { MemberCodes } from './member-codes.ts';
import { memberCommandsDecider } from './member-commands.ts';
import { memberCodec } from './member-event.ts';
import { Members } from './members.ts';
import { occupants } from './occupants.ts';
import { organisationCodec } from './organisation-event.ts';
import { organisationTree } from './organisation-tree.ts';
import { OrganisationDesk } from './organisation-desk.ts';
import type { MembershipPorts } from './ports.ts';
import { MemberRows } from './register-import/member-rows.ts';
import { roster } from './roster/roster.ts';
import { RosterFinder } from './roster/roster-finder.ts';

/** Folded lives kept in memory: those of a bloc. */
const LIVES = 6_000;

/** The service without HTTP: what commands may be given, what may be asked, and what follows from events. */
export function membership({ store, readModels, keys, today }: Omit<MembershipPorts, 'feed' | 'progress'>) {
  const organisations = commandHandler(store, organisationTree, organisationCodec, 1);
  const lives = commandHandler(store, memberCommandsDecider, memberCodec, LIVES);
  const introductions = commandHandler(store, candidateDecider, candidateCodec);
  const gate = new Gate();
  const codes = new MemberCodes({ claims: memberCodesIn(store), members: lives, candidates: introductions, today });
  const shared = { members: lives, organisations, codes, keys, gate, today };
  const members = new Members(shared);
  const candidates = new Candidates({ ...shared, candidates: introductions });
  const rosterSet = roster({ store, keys });
  const reached = async () => {
    const positions = await Promise.all([rosterSet, process].map((projection) => readModels.positions(projection)));
    return Math.min(...positions.map(({ membership: position = 0 }) => position));
  };
  const there = occupants({ store, readModels, members: lives, roster: rosterSet, reached });
  const process = followUp({ members, candidates, organisations, occupants: there, keys });
  return {
    organisations: new OrganisationDesk({ organisations, occupants: there, gate, today }),
    members,
    memberRows: new MemberRows(shared),
    candidates,
    finder: new RosterFinder({ reader: readModels.reader(rosterSet), organisations, keys }),
    roster: rosterSet,
    followUp: process,
    keys,
    today,
  };
}
export type Membership = ReturnType<typeof membership>;
