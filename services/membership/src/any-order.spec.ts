import { existsOn, MemberId, nameOn, OrganisationId, OrganisationKind, parentOn, stayOn } from '@phancong/contracts';
import { Day, inMemoryEventStore, newCommandId, Refusal } from '@phancong/event-sourcing';
import { fcSeed } from '@phancong/event-sourcing/testing';
import { inMemoryPersonKeys } from '@phancong/privacy';
import { inMemoryReadModels } from '@phancong/read-models';
import fc from 'fast-check';
import { membership } from './membership.ts';
import { standingOn } from './member-state.ts';
import { publish } from './published.ts';
import {
  BEGAN,
  DAYS,
  type Fact,
  isExempt,
  isOfficial,
  isOpen,
  MEMBERS,
  nameOf,
  ORGANISATIONS,
  parentOf,
  placeOf,
  toldWith,
} from './testing/naive-membership.ts';

const by = () => ({ by: 'lan', command: newCommandId() });
const day = (text: string) => Day.parse(text);
const org = (text: string) => OrganisationId.parse(text);
const who = (text: string) => MemberId.parse(text);

/** The service in memory, told the facts as commands; what follows from each is followed up before the next. */
async function desk() {
  const store = inMemoryEventStore();
  const readModels = inMemoryReadModels();
  const service = membership({ store, readModels, keys: inMemoryPersonKeys(), today: () => day('2014-12-31') });
  let followed = 0;
  const follow = async () => {
    for (let head = await store.head(); followed < head; head = await store.head()) {
      const messages = (await store.readAll(followed, 1_000)).flatMap((event) => publish(event) ?? []);
      followed = head;
      await readModels.commit(service.followUp, 'membership', head, (session) =>
        service.followUp.apply(messages, session),
      );
    }
  };
  for (const [id, { kind, parent }] of Object.entries(ORGANISATIONS)) {
    const told = { organisation: org(id), code: id, name: id, kind: OrganisationKind.parse(kind), on: day(BEGAN) };
    const under = parent === undefined ? {} : { parent: org(parent) };
    await service.organisations.handle({ type: 'register', ...told, ...under }, by());
  }
  for (const [id, { cell, from }] of Object.entries(MEMBERS)) {
    const told = { code: id, name: `Nguyễn ${id}`, cell: org(cell), standing: 'probationary', admittedOn: day(from) };
    await service.members.admit({ id: who(id), ...told, standing: 'probationary' }, by());
  }
  await follow();
  return {
    /** @returns why it was refused, if it was */
    async tell(fact: Fact): Promise<Refusal | undefined> {
      try {
        await give(service, fact);
      } catch (error) {
        if (error instanceof Refusal) return error;
        throw error;
      }
      await follow();
      return undefined;
    },
    async now() {
      const { tree } = await service.organisations.all();
      const members = new Map<string, Awaited<ReturnType<typeof service.members.get>>['state']>();
      for (const id of Object.keys(MEMBERS)) members.set(id, (await service.members.get(who(id))).state);
      return { tree, members };
    },
  };
}

function give({ members, organisations }: ReturnType<typeof membership>, fact: Fact): Promise<unknown> {
  const on = day(fact.on);
  if ('member' in fact) {
    const member = who(fact.member);
    switch (fact.type) {
      case 'transfer':
        return members.transfer(member, { cell: org(fact.cell), on, workUnit: fact.workUnit }, by());
      case 'officialise':
        return members.officialise(member, on, by());
      case 'exempt': {
        const until = fact.until === undefined ? undefined : day(fact.until);
        return members.exempt(member, { from: on, until, reason: 'ốm' }, by());
      }
      case 'end-exemption':
        return members.endExemption(member, on, by());
      case 'leave':
        return members.leave(member, { on, reason: 'resigned' }, by());
    }
  }
  const organisation = org(fact.organisation);
  switch (fact.type) {
    case 'move':
      return organisations.handle({ type: 'move', organisation, parent: org(fact.parent), on }, by());
    case 'rename':
      return organisations.handle({ type: 'rename', organisation, name: fact.name, on }, by());
    case 'merge':
      return organisations.handle({ type: 'merge', organisation, into: org(fact.into), on }, by());
    case 'dissolve':
      return organisations.dissolve({ organisation, on }, by());
  }
}

const ids = Object.keys(ORGANISATIONS);
const cells = ids.filter((id) => ORGANISATIONS[id]?.kind === 'cell');
const of = <Type extends string>(...types: readonly Type[]) => fc.constantFrom(...types);
interface Whereabouts {
  readonly on: fc.Arbitrary<string>;
  readonly member: fc.Arbitrary<string>;
  readonly cell: fc.Arbitrary<string>;
  readonly organisation: fc.Arbitrary<string>;
  readonly parent: fc.Arbitrary<string>;
}
const anywhere: Whereabouts = {
  ...{ on: of(...DAYS), member: of(...Object.keys(MEMBERS)), cell: of(...cells), organisation: of(...ids) },
  parent: of(...ids),
};
/** Days, people and places so few that they meet. */
const narrow: Whereabouts = {
  ...{ on: of(...DAYS.slice(2, 6)), member: of('lan'), cell: of(...cells), organisation: of('bac', 'soi') },
  parent: of('khoi', 'nam', 'bac'),
};

const transfers = ({ on, member, cell }: Whereabouts) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ type: of('transfer'), member, cell, on }) },
    { weight: 1, arbitrary: fc.record({ type: of('transfer'), member, cell, on, workUnit: of('Tổ 2') }) },
  );
const exemptions = ({ on, member }: Whereabouts) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.record({ type: of('exempt'), member, on }) },
    { weight: 1, arbitrary: fc.record({ type: of('exempt'), member, on, until: on }) },
    { weight: 3, arbitrary: fc.record({ type: of('end-exemption'), member, on }) },
  );
const endings = ({ on, member }: Whereabouts) => fc.record({ type: of('officialise', 'leave'), member, on });
const moves = ({ on, organisation, parent }: Whereabouts) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.record({ type: of('move'), organisation, parent, on }) },
    { weight: 1, arbitrary: fc.record({ type: of('rename'), organisation, name: of('soi', 'A', 'B'), on }) },
  );
const mergers = ({ on, cell }: Whereabouts) => fc.record({ type: of('merge'), organisation: cell, into: cell, on });
const closings = ({ on, organisation }: Whereabouts) =>
  fc.oneof(
    fc.record({ type: of('merge'), organisation, into: organisation, on }),
    fc.record({ type: of('dissolve'), organisation, on }),
  );

const together = (most: number, ...facts: readonly fc.Arbitrary<Fact>[]) =>
  fc.array(fc.oneof(...facts), { minLength: 3, maxLength: most });
const stories = fc.oneof(
  together(16, ...[transfers, exemptions, endings, moves, mergers, closings].map((facts) => facts(anywhere))),
  together(8, transfers(narrow), transfers(narrow), mergers(narrow)),
  together(8, exemptions(narrow), exemptions(narrow), endings(narrow)),
  together(8, moves(narrow), moves(narrow), mergers(narrow)),
);

/** What the service says of every day. */
const saidBy = ({ tree, members }: Awaited<ReturnType<Awaited<ReturnType<typeof desk>>['now']>>) =>
  DAYS.map(day).map((date) => ({
    date,
    members: [...members].map(([id, { life, standing }]) => {
      const { cell: inside, workUnit } = stayOn(life, date) ?? {};
      const exempt = life.exemptions.some(({ from, until }) => from <= date && (!until || date < until));
      return { id, inside, workUnit, official: standingOn({ life, standing }, date) === 'official', exempt };
    }),
    organisations: ids.map((id) => {
      const known = tree.get(org(id));
      if (!known || !existsOn(known, date)) return id;
      return { id, parent: parentOn(tree, known.id, date), name: nameOn(known, date) };
    }),
  }));

/** What the facts say of every day. */
const saidIn = (story: readonly Fact[]) =>
  DAYS.map((date) => ({
    date,
    members: Object.keys(MEMBERS).map((id) => {
      const { cell: inside, workUnit } = placeOf(story, id, date) ?? {};
      return { id, inside, workUnit, official: isOfficial(story, id, date), exempt: isExempt(story, id, date) };
    }),
    organisations: ids.map((id) =>
      isOpen(story, id, date) ? { id, parent: parentOf(story, id, date), name: nameOf(story, id, date) } : id,
    ),
  }));

describe('commands about members and organisations, told in any order of days', () => {
  it('give on every day what the accepted ones tell by themselves, and are refused exactly when that cannot be', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (facts) => {
        const service = await desk();
        let story: readonly Fact[] = [];
        for (const told of facts) {
          const refusal = await service.tell(told);
          const next = toldWith(story, told);
          expect({ told, refused: refusal !== undefined }).toEqual({ told, refused: next === undefined });
          if (refusal?.code === 'conflicts-with-later-entry') {
            expect(String(refusal.facts['occurredAt']) >= told.on).toBe(true);
          }
          story = next ?? story;
          expect(saidBy(await service.now())).toEqual(saidIn(story));
        }
      }),
      { ...fcSeed(), numRuns: 500 },
    );
  }, 60_000);
});
