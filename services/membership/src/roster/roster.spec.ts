import { evolveLife, type MemberLife, MemberId, type Message, OrganisationId } from '@phancong/contracts';
import { Day, inMemoryEventStore, newCommandId, Refusal } from '@phancong/event-sourcing';
import { fcSeed } from '@phancong/event-sourcing/testing';
import { inMemoryPersonKeys } from '@phancong/privacy';
import { inMemoryReadModels } from '@phancong/read-models';
import fc from 'fast-check';
import { memberStream } from '../member-event.ts';
import { membership } from '../membership.ts';
import { publish } from '../published.ts';
import { type RosterMember, rosterMembers, rosterStays, staysOf } from './roster-documents.ts';

const day = (year: number) => Day.parse(`${year}-01-01`);
const org = (text: string) => OrganisationId.parse(text);
const who = (text: string) => MemberId.parse(text);
const by = () => ({ by: 'lan', command: newCommandId() });
const cells = ['soi', 'det', 'may'];
const people = ['lan', 'hoa', 'minh'];

/** A history of three members in three cells, made by commands; some of them are refused. */
async function history(steps: readonly (readonly [number, number, number, number])[]) {
  const store = inMemoryEventStore();
  const keys = inMemoryPersonKeys();
  const desk = membership({ store, keys, readModels: inMemoryReadModels(), today: () => day(2014) });
  for (const id of cells) {
    await desk.organisations.handle(
      { type: 'register', organisation: org(id), code: id, name: id, kind: 'cell', on: day(2000) },
      by(),
    );
  }
  for (const id of people) {
    const told = { id: who(id), code: id, name: `Nguyễn ${id}`, cell: org('soi'), admittedOn: day(2001) };
    await desk.members.admit({ ...told, standing: 'official' }, by());
  }
  for (const [verb, person, year, cell] of steps) {
    const member = who(people[person % people.length] ?? '');
    const to = org(cells[cell % cells.length] ?? '');
    const on = day(2000 + year);
    const commands = [
      () => desk.members.transfer(member, { cell: to, on }, by()),
      () => desk.members.correct(member, { name: `Trần ${year}`, reason: 'nhầm' }, by()),
      () => desk.members.correct(member, { from: on, cell: to, reason: 'nhầm' }, by()),
      () => desk.members.leave(member, { on, reason: 'resigned' }, by()),
      () => desk.members.erase(member, { reason: 'theo yêu cầu' }, by()),
    ];
    try {
      await commands[verb % commands.length]?.();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  const messages = (await store.readAll(0, 1_000)).flatMap((event) => publish(event) ?? []);
  return { store, keys, messages };
}

/** What the roster's documents are after these batches. */
async function documents(
  { store, keys }: Awaited<ReturnType<typeof history>>,
  batches: readonly (readonly Message[])[],
) {
  const readModels = inMemoryReadModels();
  const { roster } = membership({ store, keys, readModels, today: () => day(2014) });
  for (const [index, batch] of batches.entries()) {
    await readModels.commit(roster, 'membership', index + 1, (session) => roster.apply(batch, session));
  }
  const reader = readModels.reader(roster);
  const members = await reader.getMany(rosterMembers, people);
  const { items } = await reader.find(rosterStays, { index: 'by-cell', limit: 1_000 });
  return { members: new Map([...members].sort()), stays: new Map(items.map(({ id, doc }) => [id, doc] as const)) };
}

const step = fc.tuple(fc.nat(9), fc.nat(2), fc.integer({ min: 1, max: 13 }), fc.nat(2));
const steps = fc.array(step, { maxLength: 12 });

describe('the roster', () => {
  it('is the same however the messages are cut into batches and repeated', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.array(fc.nat(30), { maxLength: 6 }), async (told, cuts) => {
        const made = await history(told);
        const whole = await documents(made, [made.messages]);
        const repeated = cuts.map((cut) => made.messages.slice(0, cut));
        const singly = made.messages.map((message) => [message]);
        expect(await documents(made, [...repeated, ...singly, made.messages])).toEqual(whole);
      }),
      { ...fcSeed(), numRuns: 40 },
    );
  });

  it('holds the life that the messages tell, and of the erased no name', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (told) => {
        const made = await history(told);
        const { members, stays } = await documents(made, [made.messages]);
        const lives = new Map<string, MemberLife | undefined>();
        const erased = new Set<string>();
        for (const message of made.messages) {
          if (!('member' in message) || message.source !== 'membership' || 'candidate' in message) continue;
          if (!message.key.startsWith('member-')) continue;
          if (message.type === 'MemberErased') erased.add(message.member);
          lives.set(message.member, evolveLife(lives.get(message.member), message));
        }
        const expected = new Map<string, RosterMember['life'] | undefined>([...lives].sort());
        expect(new Map([...members].map(([id, { life }]) => [id, life]))).toEqual(expected);
        expect(new Set([...members].filter(([, doc]) => doc.name === undefined).map(([id]) => id))).toEqual(erased);
        expect([...stays].sort()).toEqual([...members.values()].flatMap(staysOf).sort());
        for (const id of erased) {
          const text = JSON.stringify([members.get(id), [...stays.values()].filter(({ member }) => member === id)]);
          expect(text).not.toMatch(/nguyen|tran/);
          expect(members.get(id)?.sealed).toEqual([]);
        }
      }),
      { ...fcSeed(), numRuns: 40 },
    );
  });

  it('knows no names of whom the key is gone, also before it hears of the erasure', async () => {
    const made = await history([]);
    await made.keys.erase(memberStream(who('lan')));
    const { members } = await documents(made, [made.messages]);
    expect(members.get('lan')?.name).toBeUndefined();
    expect(members.get('hoa')?.name).toEqual({ folded: 'nguyen hoa', sort: expect.any(String) });
  });
});
