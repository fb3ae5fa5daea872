import { activeOn, evolveLife, type MemberFact, type MemberLife, stayOn } from '@phancong/contracts';
import { addDays, type Day, Refusal } from '@phancong/event-sourcing';
import fc from 'fast-check';
import { type BookCommand, bookDecider } from './assignment-book.ts';
import { type Book, emptyBook } from './book-story.ts';
import type { Group } from './group.ts';
import { defaultPolicy } from './policy.ts';
import { assignmentId, day, groupOf, lifeOf, memberId, org, stay, tree } from './testing/example.ts';

const FC_SEED = process.env['FC_SEED'];
fc.configureGlobal({
  numRuns: Number(process.env['FC_RUNS'] ?? 400),
  ...(FC_SEED !== undefined && { seed: Number(FC_SEED) }),
});

const policy = { ...defaultPolicy, maxAssignments: 2 };
const member = memberId('lan');
const at = (offset: number): Day => addDays(day('2010-01-01'), offset);
const ALL_DAYS = Array.from({ length: 50 }, (_, offset) => at(offset));
const groups: readonly Group[] = [
  groupOf('ward'),
  groupOf('mill', { kind: 'workers' }),
  groupOf('shop', { kind: 'workers', organisation: org('weaving') }),
  groupOf('class', { kind: 'youth', organisation: org('physics'), closed: { on: at(35), revision: 1 } }),
];
const groupsById = new Map(groups.map((group) => [group.group, group]));

/** What is written down, on a day: by the committee about one of five assignments, or by membership about the member. */
type Entry =
  | {
      readonly of: 'book';
      readonly on: Day;
      readonly verb: Verb;
      readonly id: string;
      readonly group: Group;
      readonly until?: Day | undefined;
    }
  | { readonly of: 'life'; readonly on: Day; readonly fact: MemberFact };
const verbs = ['assign', 'register', 'approve', 'decline', 'suspend', 'resume', 'end', 'change-content'] as const;
type Verb = (typeof verbs)[number] | 'correct';

const offset = fc.integer({ min: 0, max: 40 });
const bookEntry = (...more: readonly Verb[]): fc.Arbitrary<Entry> =>
  fc
    .record({
      verb: fc.constantFrom<Verb>('assign', ...verbs, ...more),
      slot: fc.integer({ min: 0, max: 4 }),
      group: fc.constantFrom(...groups),
      from: offset,
      length: fc.option(fc.integer({ min: 1, max: 15 }), { nil: undefined }),
    })
    .map(({ verb, slot, group, from, length }) => {
      const until = length === undefined ? undefined : at(from + length);
      return { of: 'book', verb, id: `a${slot}`, group, on: at(from), until };
    });

/** A command about an assignment that is there is about that one's group. */
function commandOf(
  { verb, id, on, until, ...entry }: Extract<Entry, { of: 'book' }>,
  { book, life }: Known,
): BookCommand {
  const assignment = assignmentId(id);
  const has = book.assignments.get(assignment)?.terms.group ?? book.registrations.get(assignment)?.group;
  const group =
    verb === 'correct' || verb === 'approve' ? (groups.find((one) => one.group === has) ?? entry.group) : entry.group;
  const lookups = { circumstances: { life, tree, successors: [] }, group, policy };
  const of = { member, assignment, on };
  const part = { role: 'direct', content: [], ...lookups } as const;
  switch (verb) {
    case 'assign':
      return { ...of, ...part, type: 'assign' };
    case 'register':
      return { ...of, ...part, type: 'register' };
    case 'approve':
      return { ...of, ...part, type: 'approve' };
    case 'decline':
      return { ...of, type: 'decline', reason: 'x' };
    case 'suspend':
      return { ...of, type: 'suspend', until, reason: 'x' };
    case 'resume':
      return { ...of, type: 'resume', policy };
    case 'end':
      return { ...of, type: 'end', reason: 'x' };
    case 'change-content':
      return { ...of, type: 'change-content', content: ['x'] };
    case 'correct':
      return { ...of, ...lookups, type: 'correct', from: on, endedOn: until ?? null, reason: 'x' };
  }
}

/** Moves on different days; at last the member may leave. */
const lifeEntries: fc.Arbitrary<readonly Entry[]> = fc
  .record({
    days: fc.uniqueArray(offset, { maxLength: 3 }),
    cells: fc.array(fc.constantFrom('weaving', 'dyeing', 'physics'), { minLength: 3, maxLength: 3 }),
    leaves: fc.boolean(),
  })
  .map(({ days, cells, leaves }) => {
    const sorted = days.toSorted((one, other) => one - other);
    return sorted.map((from, index): Entry => {
      const about = { occurredAt: at(from), member };
      const fact: MemberFact =
        leaves && index === sorted.length - 1
          ? { ...about, type: 'MemberLeft', reason: 'resigned' }
          : { ...about, type: 'MemberTransferred', from: org('weaving'), to: org(cells[index] ?? 'dyeing') };
      return { of: 'life', on: about.occurredAt, fact };
    });
  });

interface Known {
  readonly book: Book;
  readonly life: MemberLife;
}
const start: Known = { book: emptyBook, life: lifeOf('lan', [stay('weaving', '2004-01-01')]) };

const gives = (book: Book, command: BookCommand): Book =>
  bookDecider.decide(command, book).reduce(bookDecider.evolve, book);
const settled = ({ book, life }: Known): Known => {
  const circumstances = { life, tree, successors: [] };
  return { book: gives(book, { type: 'settle', member, circumstances, groups: groupsById, policy, seed: 's' }), life };
};

/** `undefined` when the book refuses. */
function written(known: Known, entry: Entry): Known | undefined {
  const { book, life } = known;
  if (entry.of === 'life') return settled({ book, life: evolveLife(life, entry.fact) ?? life });
  try {
    return settled({ book: gives(book, commandOf(entry, known)), life });
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** Of each assignment that ever was: where it came from, and its days. */
const activeDays = ({ book }: Known): ReadonlyMap<string, unknown> => {
  const days = [...book.assignments.values()].flatMap(({ terms }) => {
    const active = ALL_DAYS.filter((on) => activeOn(terms, on));
    return active.length > 0 ? [[terms.assignment, { origin: terms.origin, active }] as const] : [];
  });
  return new Map(days);
};

function violations({ book, life }: Known): readonly string[] {
  return ALL_DAYS.flatMap((on) => {
    const to = [...book.assignments.values()].flatMap(({ terms }) => (activeOn(terms, on) ? [terms.group] : []));
    const closed = to.filter((group) => (groupsById.get(group)?.closed?.on ?? '9999-12-31') <= on);
    return [
      ...(new Set(to).size < to.length ? [`${on}: twice to one group`] : []),
      ...(to.length > policy.maxAssignments ? [`${on}: ${to.length} assignments`] : []),
      ...(to.length > 0 && !stayOn(life, on) ? [`${on}: in no cell`] : []),
      ...closed.map((group) => `${on}: ${group} is closed`),
    ];
  });
}

describe('whatever is written, in whatever order', () => {
  it('a member is never assigned twice to a group, never too often, never outside a cell', () => {
    const entries = fc.array(fc.oneof(bookEntry('correct', 'correct')), { maxLength: 30 });
    fc.assert(
      fc.property(entries, lifeEntries, fc.infiniteStream(fc.nat()), (commands, facts, dice) => {
        const order = [...commands, ...facts].toSorted(() => (dice.next().value % 2 === 0 ? 1 : -1));
        let known = start;
        for (const entry of order) {
          known = written(known, entry) ?? known;
          const found = violations(known);
          if (found.length > 0) throw new Error(found.join('; '));
        }
      }),
    );
  });

  it('what is accepted in the order of days and in another order comes to the same', () => {
    let [same, all] = [0, 0];
    fc.assert(
      fc.property(
        fc.array(bookEntry(), { maxLength: 14 }),
        lifeEntries,
        fc.array(fc.nat(), { minLength: 20, maxLength: 20 }),
        (commands, facts, dice) => {
          const byDays = [...commands, ...facts].toSorted((one, other) =>
            one.on < other.on ? -1 : one.on > other.on ? 1 : 0,
          );
          let inTime = start;
          const accepted = byDays.filter((entry) => {
            const after = written(inTime, entry);
            inTime = after ?? inTime;
            return after !== undefined;
          });
          const shuffled = accepted
            .map((entry, index) => ({ entry, place: dice[index] ?? 0 }))
            .toSorted((one, other) => one.place - other.place)
            .map(({ entry }) => entry);
          let late = start;
          let waiting = shuffled;
          for (let before = -1; before !== waiting.length; ) {
            before = waiting.length;
            waiting = waiting.filter((entry) => {
              const after = written(late, entry);
              late = after ?? late;
              return after === undefined;
            });
          }
          all += 1;
          if (waiting.length > 0) return;
          same += 1;
          expect(activeDays(late)).toEqual(activeDays(inTime));
        },
      ),
    );
    // Not vacuous: most stories can be told in another order, too.
    expect(same).toBeGreaterThan(all / 2);
  });
});
