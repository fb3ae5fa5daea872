import { Message } from '@phancong/contracts';
import { addDays, eventIdOf, newCommandId } from '@phancong/event-sourcing';
import { inMemoryReadModels, type Projection, type Reader } from '@phancong/read-models';
import fc from 'fast-check';
import { groups, holders, register } from './register/register.ts';
import { all, KnownMembers } from './roster/known-members.ts';
import { cellStays, members, roster } from './roster/roster.ts';
import { day, org, organisations } from './testing/example.ts';

const FC_SEED = process.env['FC_SEED'];
fc.configureGlobal({ numRuns: 60, ...(FC_SEED !== undefined && { seed: Number(FC_SEED) }) });

/** Facts with the stream that they stand in. */
type Told = readonly [stream: string, fact: object];

/** One log: revisions grow in each stream, positions in the whole. */
function published(source: 'membership' | 'assignment', told: readonly Told[]): Message[] {
  const revisions = new Map<string, number>();
  return told.map(([key, fact], index) => {
    const revision = (revisions.get(key) ?? -1) + 1;
    revisions.set(key, revision);
    const written = { id: eventIdOf(newCommandId(), 0), recordedAt: '2014-01-01T00:00:00.000Z', by: 'lan' };
    return Message.parse({ ...fact, ...written, source, key, revision, position: index + 1 });
  });
}

const MEMBERS = ['m1', 'm2', 'm3'];
const on = fc.integer({ min: 0, max: 99 }).map((offset) => addDays(day('2010-01-01'), offset));
const cell = fc.constantFrom('weaving', 'dyeing', 'physics');
const one = fc.constantFrom(...MEMBERS);

const memberFact: fc.Arbitrary<Told> = fc
  .record({ one, on, to: cell, what: fc.integer({ min: 0, max: 3 }) })
  .map((dice) => {
    const about = { member: dice.one, occurredAt: dice.on };
    const facts = [
      { ...about, type: 'MemberTransferred', from: 'weaving', to: dice.to, successor: 'm1' },
      { ...about, type: 'MemberTransferred', from: 'dyeing', to: dice.to },
      { ...about, type: 'MemberExempted' },
      { ...about, type: 'MemberLeft', reason: 'resigned' },
    ];
    return [`member-${dice.one}`, facts[dice.what] ?? {}];
  });
const treeFact: fc.Arbitrary<Told> = fc
  .record({ on, cell, parent: fc.constantFrom('mill', 'school') })
  .map((dice) => [
    'organisations',
    { type: 'OrganisationMoved', organisation: dice.cell, occurredAt: dice.on, parent: dice.parent },
  ]);
const admitted: readonly Told[] = MEMBERS.map((id) => [
  `member-${id}`,
  { type: 'MemberAdmitted', member: id, code: id, cell: 'weaving', occurredAt: '2004-01-01', admittedOn: '2004-01-01' },
]);
const membershipLog = fc
  .array(fc.oneof(memberFact, treeFact), { maxLength: 25 })
  .map((facts) =>
    published('membership', [...organisations.map((fact): Told => ['organisations', fact]), ...admitted, ...facts]),
  );

const group = { groupKind: 'residents', origin: 'assigned', role: 'direct' };
/** @param registered id of the registration: the assignment's own when it is approved, another when the committee assigns by itself */
const bookFacts = (member: string, id: string, registered: string): readonly Told[] =>
  [
    { type: 'RegistrationMade', group: `g-${id}`, groupKind: 'residents', assignment: `${member}-${registered}` },
    { type: 'AssignmentMade', group: `g-${id}`, ...group },
    { type: 'AssignmentSuspended' },
    { type: 'AssignmentEnded' },
  ].map((fact) => [`book-${member}`, { member, assignment: `${member}-${id}`, occurredAt: '2010-01-01', ...fact }]);
const groupFacts = (id: string): readonly Told[] => {
  const fields = { code: id, name: id, kind: 'youth', organisation: 'mill', headcount: 9, occurredAt: '2010-01-01' };
  return [
    [`group-${id}`, { type: 'GroupFormed', group: id, ...fields }],
    [`group-${id}`, { type: 'GroupRecounted', group: id, headcount: 8, occurredAt: '2011-01-01' }],
    [`group-${id}`, { type: 'GroupRecounted', group: id, headcount: 7, occurredAt: '2010-06-01' }],
    [`group-${id}`, { type: 'GroupClosed', group: id, occurredAt: '2012-01-01' }],
  ];
};
/** Each stream as long as it goes, the streams interleaved. */
const assignmentLog = fc
  .record({
    streams: fc.constant([bookFacts('m1', 'a', 'a'), bookFacts('m2', 'b', 'r'), groupFacts('x'), groupFacts('y')]),
    lengths: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 4, maxLength: 4 }),
    order: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 16, maxLength: 16 }),
  })
  .map(({ streams, lengths, order }) => {
    const left = streams.map((facts, index) => facts.slice(0, lengths[index]));
    return published(
      'assignment',
      order.flatMap((index) => left[index]?.splice(0, 1) ?? []),
    );
  });

/** Applies the batches as they come: nothing keeps repeated messages away. */
async function after(projection: Projection, batches: readonly (readonly Message[])[]): Promise<Reader> {
  const readModels = inMemoryReadModels();
  for (const batch of batches) {
    const source = projection.sources[0] ?? 'membership';
    await readModels.commit(projection, source, 'replay', (session) => projection.apply(batch, session));
  }
  return readModels.reader(projection);
}

/** The log in batches of the sizes given; after each, the last ones may come again. */
const batchesOf = (log: readonly Message[], sizes: readonly number[], again: readonly number[]): Message[][] => {
  const batches: Message[][] = [];
  let from = 0;
  for (let index = 0; from < log.length; index += 1) {
    const to = from + (sizes[index % sizes.length] ?? 1);
    const begin = Math.max(0, from - (again[index % again.length] ?? 0));
    batches.push(log.slice(begin, to));
    from = to;
  }
  return batches;
};
const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 6 });
const again = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 6 });

describe('read models are the same however the messages come', () => {
  it('the roster', () =>
    fc.assert(
      fc.asyncProperty(membershipLog, sizes, again, async (log, some, more) => {
        const documents = async (reader: Reader): Promise<unknown> => [
          await reader.getMany(members, MEMBERS),
          await all(reader, cellStays, { index: 'by-cell' }),
          (await new KnownMembers(reader).tree()).toJS(),
        ];
        const whole = await documents(await after(roster, [log]));
        expect(await documents(await after(roster, batchesOf(log, some, more)))).toEqual(whole);
      }),
    ));

  it('the register', () =>
    fc.assert(
      fc.asyncProperty(assignmentLog, sizes, again, async (log, some, more) => {
        const documents = async (reader: Reader): Promise<unknown> => [
          await all(reader, holders, { index: 'by-group' }),
          await all(reader, holders, { index: 'pending' }),
          await all(reader, groups, { index: 'by-organisation' }),
        ];
        const whole = await documents(await after(register, [log]));
        expect(await documents(await after(register, batchesOf(log, some, more)))).toEqual(whole);
      }),
    ));

  it('the tree in memory follows what has changed since it was last asked for', async () => {
    const log = published(
      'membership',
      organisations.map((fact): Told => ['organisations', fact]),
    );
    const readModels = inMemoryReadModels();
    const known = new KnownMembers(readModels.reader(roster));
    for (const [index, message] of log.entries()) {
      await readModels.commit(roster, 'membership', index + 1, (session) => roster.apply([message], session));
      expect((await known.tree()).size).toBe(index + 1);
    }
    expect(await known.below(org('mill'), day('2005-01-01'))).toEqual(['dyeing', 'mill', 'weaving']);
    await expect(known.below(org('none'), day('2005-01-01'))).rejects.toMatchObject({ code: 'organisation-not-found' });
  });
});
