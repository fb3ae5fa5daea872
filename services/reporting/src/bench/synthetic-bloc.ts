import { Message, type ServiceName } from '@phancong/contracts';
import { addDays, commandIdFrom, Day, eventIdOf } from '@phancong/event-sourcing';

export interface SyntheticBloc {
  readonly members: number;
  /** Cells of each committee. */
  readonly cells: number;
}

/** Parts of every bloc here, so that answers about large and small ones show as many rows. */
export const COMMITTEES = 40;
export const FOUNDED = Day.parse('2004-01-01');
const DAYS = 3_650;
/** Of each cell, at which members are admitted. */
const MEETINGS = 5;

/** Meetings of the cells fall on all days of the ten years. */
const meetingOf = (cell: number, meeting: number): Day => addDays(FOUNDED, (cell * 211 + meeting * 730) % DAYS);

/** Takes the next of a sequence that looks random and is always the same. */
const sequence = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

/**
 * Messages of a bloc over ten years: members admitted at a few meetings of each cell, every tenth moved, every twelfth left, five of
 * six assigned. Source by source, in pages.
 */
export function* syntheticBloc({ members, cells }: SyntheticBloc, page = 20_000): Generator<[ServiceName, Message[]]> {
  const next = sequence(1);
  const [command, batch]: [ReturnType<typeof commandIdFrom>, Message[]] = [commandIdFrom('bench'), []];
  let [source, position]: [ServiceName, number] = ['membership', 0];
  const revisions = new Map<string, number>();
  const tell = (key: string, occurredAt: Day, fields: object): void => {
    position += 1;
    const revision = revisions.get(key) ?? 0;
    revisions.set(key, revision + 1);
    const envelope = { id: eventIdOf(command, position), source, key, revision, position, by: 'bench' };
    batch.push(Message.parse({ ...envelope, ...fields, occurredAt, recordedAt: `${occurredAt}T12:00:00.000Z` }));
  };
  const cell = (committee: number, index: number) => `cell-${committee}-${index}`;
  const found = (organisation: string, kind: string, parent?: string) =>
    tell('organisations', FOUNDED, {
      ...{ type: 'OrganisationRegistered', organisation, code: organisation, name: organisation, kind, parent },
    });

  found('bloc', 'bloc');
  for (let committee = 0; committee < COMMITTEES; committee += 1) {
    found(`committee-${committee}`, 'committee', 'bloc');
    for (let index = 0; index < cells; index += 1) found(cell(committee, index), 'cell', `committee-${committee}`);
  }
  const admitted: Day[] = [];
  for (let index = 0; index < members; index += 1) {
    const member = `m-${index}`;
    // One cell's register after the other, as they are imported.
    const nth = Math.floor((index * COMMITTEES * cells) / members);
    const [committee, place, meeting] = [Math.floor(nth / cells), nth % cells, next(MEETINGS)];
    const on = meetingOf(committee * cells + place, meeting);
    admitted.push(on);
    const [from, to] = [cell(committee, place), cell(committee, next(cells))];
    const key = `member-${member}`;
    tell(key, on, { type: 'MemberAdmitted', member, code: member, cell: from, admittedOn: on });
    if (index % 10 === 0) tell(key, addDays(on, 90 * next(9)), { type: 'MemberTransferred', member, from, to });
    if (index % 12 === 0)
      tell(key, addDays(on, 900 + 90 * next(9)), { type: 'MemberLeft', member, reason: 'resigned' });
    if (batch.length >= page) yield [source, batch.splice(0)];
  }
  yield [source, batch.splice(0)];
  [source, position] = ['assignment', 0];
  for (const [index, since] of admitted.entries()) {
    if (index % 6 === 0) continue;
    const [member, origin] = [`m-${index}`, index % 5 === 0 ? 'self-registered' : 'assigned'];
    const groupKind = ['researchers', 'workers', 'youth', 'residents'][next(4)];
    const about = { member, assignment: `a-${index}`, group: 'g', groupKind, origin, role: 'direct' };
    tell(`book-${member}`, addDays(since, 90 * next(3)), { type: 'AssignmentMade', ...about });
    if (batch.length >= page) yield [source, batch.splice(0)];
  }
  yield [source, batch.splice(0)];
}
