import { activeOn, type MemberFact, type OrganisationFact } from '@phancong/contracts';
import { addDays, type Day } from '@phancong/event-sourcing';
import fc from 'fast-check';
import { assignmentId, day, groupId, memberId, org } from './testing/example.ts';
import { office } from './testing/office.ts';

const FC_SEED = process.env['FC_SEED'];
fc.configureGlobal({
  numRuns: Number(process.env['FC_RUNS'] ?? 600),
  ...(FC_SEED !== undefined && { seed: Number(FC_SEED) }),
});

const LAST = 7;
const DAYS = Array.from({ length: LAST + 1 }, (_, offset) => offset);
const at = (offset: number): Day => addDays(day('2010-01-01'), offset);

/** What is true: days are offsets. Nothing of it says in what order it was told. */
interface World {
  /** Where each organisation below the bloc stood at first. */
  readonly parents: ReadonlyMap<string, string>;
  readonly moves: readonly {
    readonly id: string;
    readonly on: number;
    readonly to: string;
    readonly merged: boolean;
  }[];
  readonly members: readonly { readonly id: string; readonly first: string; readonly left?: number | undefined }[];
  readonly transfers: readonly { readonly id: string; readonly on: number; readonly to: string }[];
}
interface Assigning {
  readonly member: string;
  readonly group: { readonly id: string; readonly kind: 'workers' | 'residents'; readonly organisation: string };
  readonly from: number;
}

// The rules again, naively, a day at a time.

const becomes = (world: World, id: string, on: number): string => {
  const merger = world.moves.find((move) => move.id === id && move.merged && move.on <= on);
  return merger ? becomes(world, merger.to, on) : id;
};
const above = (world: World, id: string, on: number): readonly string[] => {
  const moved = world.moves.filter((move) => move.id === id && move.on <= on).sort((one, other) => one.on - other.on);
  const parent = moved.at(-1)?.to ?? world.parents.get(id);
  return parent === undefined ? [id] : [id, ...above(world, becomes(world, parent, on), on)];
};
const cellOf = ({ members, transfers }: World, member: string, on: number): string | undefined => {
  const known = members.find(({ id }) => id === member);
  if (!known || (known.left !== undefined && known.left <= on)) return undefined;
  const came = transfers
    .filter(({ id, on: when }) => id === member && when <= on)
    .sort((one, other) => one.on - other.on);
  return came.at(-1)?.to ?? known.first;
};
/** @param decidedIn the cell that the member was taken to be in on the first day */
const daysOf = (world: World, { member, group, from }: Assigning, decidedIn: string): readonly number[] => {
  const days: number[] = [];
  let here = decidedIn;
  for (const on of DAYS.slice(from)) {
    const cell = cellOf(world, member, on);
    if (cell === undefined) break;
    const belongs = above(world, cell, on).includes(becomes(world, group.organisation, on));
    if (cell !== here && group.kind !== 'residents' && !belongs) break;
    here = cell;
    days.push(on);
  }
  return days;
};

// Stories.

const COMMITTEES = ['k0', 'k1'];
const PARTS = ['s0', 's1'];
const CELLS = ['c0', 'c1', 'c2'];
const MEMBERS = ['m0', 'm1'];
const offset = fc.integer({ min: 1, max: LAST });
const seldom = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 3 }, { arbitrary: value, weight: 1 });
const oneOf = (...ids: readonly string[]) => fc.constantFrom(...ids);

const partMove = fc.record({
  id: oneOf(...PARTS),
  on: fc.integer({ min: 1, max: 4 }),
  to: oneOf(...COMMITTEES),
  merged: fc.constant(false),
});
const cellMove = fc.record({
  ...{ id: oneOf(...CELLS), on: offset, to: oneOf('k0', ...PARTS, ...PARTS), merged: fc.constant(false) },
});
/** Into one that stands later in the list, so that nothing is merged into itself in the end. */
const mergerIn = (list: readonly string[]) =>
  fc
    .record({ from: fc.integer({ min: 0, max: list.length - 2 }), by: fc.integer({ min: 1, max: 3 }), on: offset })
    .map(({ from, by, on }) => ({
      ...{ id: list[from] ?? '', to: list[Math.min(from + by, list.length - 1)] ?? '', on, merged: true },
    }));

const world: fc.Arbitrary<World> = fc
  .record({
    parts: fc.tuple(...PARTS.map(() => oneOf(...COMMITTEES))),
    cells: fc.tuple(...CELLS.map(() => oneOf(...COMMITTEES, ...PARTS))),
    moves: fc.uniqueArray(
      fc.oneof(
        { arbitrary: partMove, weight: 4 },
        { arbitrary: cellMove, weight: 4 },
        { arbitrary: mergerIn(PARTS), weight: 1 },
        { arbitrary: mergerIn(CELLS), weight: 1 },
      ),
      { minLength: 2, maxLength: 6, selector: ({ id, on, merged }) => (merged ? `${id} merged` : `${id} ${on}`) },
    ),
    members: fc.tuple(
      ...MEMBERS.map((id) =>
        fc.record({
          id: fc.constant(id),
          first: oneOf(...CELLS),
          left: seldom(offset),
        }),
      ),
    ),
    transfers: fc.uniqueArray(fc.record({ id: oneOf(...MEMBERS), on: offset, to: oneOf(...CELLS) }), {
      ...{ minLength: 2, maxLength: 5, selector: ({ id, on }) => `${id} ${on}` },
    }),
  })
  .map(({ parts, cells, moves, members, transfers }) => {
    const parents = new Map(
      [...PARTS, ...CELLS].map((id, index) => [id, [...parts, ...cells][index] ?? 'k0'] as const),
    );
    for (const id of COMMITTEES) parents.set(id, 'bloc');
    // A merger on the day of a move is what holds. Nothing is merged into what is gone by that day.
    const merged = new Set(moves.flatMap((move) => (move.merged ? [`${move.id} ${move.on}`] : [])));
    const gone = (id: string, on: number) => moves.some((move) => move.merged && move.id === id && move.on <= on);
    const told = {
      parents,
      moves: moves.filter(({ id, on, to, merged: merger }) => (merger ? !gone(to, on) : !merged.has(`${id} ${on}`))),
      members,
    };
    // Nobody is transferred who has left; those of a merged cell are transferred to what it became.
    const went = MEMBERS.flatMap((id) =>
      DAYS.slice(1).flatMap((on) => {
        const whereOn = (when: number): string | undefined => {
          const cell = cellOf({ ...told, transfers }, id, when);
          return cell === undefined ? undefined : becomes({ ...told, transfers }, cell, when);
        };
        const to = whereOn(on);
        return to === undefined || to === whereOn(on - 1) ? [] : [{ id, on, to }];
      }),
    );
    return { ...told, transfers: went };
  });

const assigning: fc.Arbitrary<readonly Assigning[]> = fc.uniqueArray(
  fc
    .record({
      member: oneOf(...MEMBERS),
      organisation: oneOf(...COMMITTEES, ...COMMITTEES, ...PARTS, ...CELLS),
      kind: fc.constantFrom('workers', 'workers', 'workers', 'residents'),
      from: fc.integer({ min: 0, max: 4 }),
    })
    .map(({ member, organisation, kind, from }): Assigning => {
      const residents = kind === 'residents';
      const group = { id: `${organisation}-${kind}`, kind: residents ? 'residents' : 'workers', organisation } as const;
      return { member, group, from };
    }),
  { minLength: 3, maxLength: 8, selector: ({ member, group }) => `${member} ${group.id}` },
);

type Told =
  | { readonly of: 'move'; readonly it: World['moves'][number] }
  | { readonly of: 'transfer'; readonly it: World['transfers'][number] }
  | { readonly of: 'left'; readonly it: World['members'][number] }
  | { readonly of: 'assigning'; readonly it: Assigning };

const factOf = (told: Exclude<Told, { of: 'assigning' }>, { members }: World): MemberFact | OrganisationFact => {
  const { of, it } = told;
  switch (of) {
    case 'move': {
      const about = { organisation: org(it.id), occurredAt: at(it.on) };
      return it.merged
        ? { ...about, type: 'OrganisationMerged', into: org(it.to) }
        : { ...about, type: 'OrganisationMoved', parent: org(it.to) };
    }
    case 'transfer': {
      const from = org(members.find(({ id }) => id === it.id)?.first ?? 'c0');
      return { type: 'MemberTransferred', occurredAt: at(it.on), member: memberId(it.id), from, to: org(it.to) };
    }
    case 'left':
      return { type: 'MemberLeft', occurredAt: at(it.left ?? 0), member: memberId(it.id), reason: 'resigned' };
  }
};

const registered = (
  id: string,
  kind: 'bloc' | 'committee' | 'sub-committee' | 'cell',
  parent?: string,
): OrganisationFact => ({
  ...{ type: 'OrganisationRegistered', organisation: org(id), occurredAt: at(0), code: id, name: id, kind },
  parent: parent === undefined ? undefined : org(parent),
});
const founded = ({ parents }: World): readonly OrganisationFact[] => [
  registered('bloc', 'bloc'),
  ...COMMITTEES.map((id) => registered(id, 'committee', 'bloc')),
  ...PARTS.map((id) => registered(id, 'sub-committee', parents.get(id))),
  ...CELLS.map((id) => registered(id, 'cell', parents.get(id))),
];
const admitted = ({ members }: World): readonly MemberFact[] =>
  members.map(({ id, first }) => ({
    ...{ type: 'MemberAdmitted', occurredAt: at(0), member: memberId(id), code: id, cell: org(first) },
    admittedOn: at(0),
  }));

/** What of the world has been told so far, of members. */
const partOf = (world: World, told: readonly Told[]): World => ({
  ...world,
  transfers: told.flatMap(({ of, it }) => (of === 'transfer' ? [it] : [])),
  members: world.members.map(({ id, first, left }) => {
    const gone = told.some((one) => one.of === 'left' && one.it.id === id);
    return { id, first, left: gone ? left : undefined };
  }),
});

describe('rule 7, in whatever order things are told and heard', () => {
  it('comes to the days that follow from what is true', async () => {
    let [ended, all] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        world,
        assigning,
        fc.record({ eager: fc.boolean(), treeLast: fc.boolean() }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        async (truth, assignings, { eager, treeLast }, dice) => {
          const roll = (sides: number): number => Math.floor(dice.next().value * sides);
          const { tell, form, assign, read, settle, settleAll, heard, assignments } = office();
          await tell(...founded(truth), ...admitted(truth));
          for (const { id, kind, organisation } of new Map(assignings.map(({ group }) => [group.id, group])).values()) {
            const people = { headcount: 20, kind, organisation: org(organisation) };
            await form({ type: 'form', group: groupId(id), code: id, name: id, ...people, from: at(0) });
          }
          await settleAll();
          const before = await heard();

          const order = [
            ...truth.moves.map((it): Told => ({ of: 'move', it })),
            ...truth.transfers.map((it): Told => ({ of: 'transfer', it })),
            ...truth.members.flatMap((it): Told[] => (it.left === undefined ? [] : [{ of: 'left', it }])),
            ...assignings.map((it): Told => ({ of: 'assigning', it })),
          ]
            .map((next) => ({ next, place: roll(1_000) + (treeLast && next.of === 'move' ? 1_000 : 0) }))
            .toSorted((one, other) => one.place - other.place);
          const told: Told[] = [];
          const expected = new Map<string, readonly number[]>();
          for (const { next } of order) {
            if (next.of === 'assigning') {
              const { member, group, from } = next.it;
              const known = partOf(truth, told.slice(0, (await heard()) - before));
              const cell = cellOf(known, member, from);
              const id = assignmentId(`${member}-${group.id}`);
              const asked = { id, member: memberId(member), group: groupId(group.id), from: at(from) };
              const made = assign({ ...asked, role: 'direct', content: [], override: { reason: 'x' } });
              if (cell === undefined) await expect(made).rejects.toMatchObject({ code: 'member-not-in-cell' });
              else expected.set((await made).id, daysOf(truth, next.it, cell));
            } else {
              await tell(factOf(next, truth));
              told.push(next);
            }
            const hearing = [
              settleAll,
              () => read('membership', roll(4)),
              () => settle('membership', roll(4)),
              () => settle('assignment', roll(4)),
            ];
            await hearing[eager ? 0 : roll(6)]?.();
          }
          await settleAll();

          const found = new Map<string, readonly number[]>();
          for (const member of MEMBERS) {
            for (const [id, { terms }] of await assignments(member)) {
              const days = DAYS.filter((on) => activeOn(terms, at(on)));
              found.set(id, days);
              all += 1;
              if (!days.includes(LAST)) ended += 1;
            }
          }
          expect([...found].sort()).toEqual([...expected].sort());
        },
      ),
    );
    // Not vacuous.
    expect(ended).toBeGreaterThan(all / 10);
  }, 120_000);
});
