import { AssignmentId, type BookFact, type BookMessage, MemberId } from '@phancong/contracts';
import { eventIdOf, instantOf, newCommandId } from '@phancong/event-sourcing';
import { inMemoryReadModels } from '@phancong/read-models';
import { an, assignment, day } from '../testing/samples.ts';
import { heldAssignments, knownAssignments } from './known-assignments.ts';

const about = { member: an, assignment: assignment.assignment };
const made = {
  ...about,
  type: 'AssignmentMade',
  occurredAt: assignment.from,
  group: assignment.group,
  groupKind: 'workers',
  origin: 'assigned',
  role: 'direct',
} as const;
const ended: BookFact = { ...about, type: 'AssignmentEnded', occurredAt: day('2011-01-01') };
const suspended: BookFact = {
  ...about,
  type: 'AssignmentSuspended',
  occurredAt: day('2010-06-01'),
  until: day('2010-07-01'),
};

const book = (facts: readonly BookFact[]): BookMessage[] =>
  facts.map((fact, revision) => ({
    ...fact,
    source: 'assignment',
    id: eventIdOf(newCommandId(), 0),
    key: `book-${fact.member}`,
    revision,
    position: revision + 1,
    recordedAt: instantOf(new Date(0)),
    by: 'lan',
  }));

const after = async (...batches: readonly (readonly BookMessage[])[]) => {
  const readModels = inMemoryReadModels();
  for (const [index, batch] of batches.entries()) {
    await readModels.commit(knownAssignments, 'assignment', index + 1, (session) =>
      knownAssignments.apply(batch, session),
    );
  }
  return readModels.reader(knownAssignments).getMany(heldAssignments, [assignment.assignment, 'pc-2']);
};

describe('what activity knows of assignments', () => {
  const messages = book([made, suspended, ended]);

  it('follows the book of each member', async () => {
    const held = await after(messages);
    expect([...held.keys()]).toEqual(['pc-1']);
    expect(held.get('pc-1')).toMatchObject({ member: 'an', terms: assignment });
  });

  it('is the same when messages come one by one, again, or both', async () => {
    const whole = await after(messages);
    expect(await after(...messages.map((message) => [message]))).toEqual(whole);
    expect(await after(messages, messages)).toEqual(whole);
    expect(await after(messages.slice(0, 2), messages)).toEqual(whole);
  });

  it('keeps the assignments apart, of one member and of several', async () => {
    const second = { ...made, assignment: AssignmentId.parse('pc-2') };
    const binh = MemberId.parse('binh');
    const ofOne = await after(book([made, second, suspended, ended]));
    const ofSeveral = await after(messages, book([{ ...second, member: binh }]));
    for (const [held, member] of [[ofOne, an] as const, [ofSeveral, binh] as const]) {
      expect(held.get('pc-1')).toMatchObject({ member: 'an', terms: assignment });
      expect(held.get('pc-2')).toMatchObject({ member, terms: { assignment: 'pc-2', suspensions: [] } });
    }
  });

  it('does not know what was only asked for', async () => {
    expect(
      (await after(book([{ ...about, type: 'RegistrationMade', occurredAt: made.occurredAt, group: made.group }])))
        .size,
    ).toBe(0);
  });
});
