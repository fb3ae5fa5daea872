import { activeOn, type MemberFact, type OrganisationFact } from '@phancong/contracts';
import { addDays, type Day } from '@phancong/event-sourcing';
import { assignmentId, day, groupId, memberId, org, organisations } from './testing/example.ts';
import { office } from './testing/office.ts';

const FIRST = day('2010-01-01');
const DAYS = Array.from({ length: 8 }, (_, offset) => addDays(FIRST, offset));
const at = (offset: number): Day => addDays(FIRST, offset);

/** The organisation of each group, and those to whose members it is open after a move. */
const GROUPS = { ward: 'school', mill: 'mill', shop: 'weaving' } as const;
type Group = keyof typeof GROUPS;
const isGroup = (id: string): id is Group => id in GROUPS;
const GROUP_IDS = Object.keys(GROUPS).filter(isGroup);
const belongs = (cell: string, group: Group): boolean =>
  group === 'ward' || (group === 'mill' ? cell !== 'physics' : cell === 'weaving');

const admitted = (id: string, cell = 'weaving'): MemberFact => ({
  ...{ type: 'MemberAdmitted', occurredAt: day('2004-01-01'), member: memberId(id), code: id, cell: org(cell) },
  admittedOn: day('2003-01-01'),
});

/** Where the member goes on the day, naming who takes over; nowhere: leaves. */
interface Going {
  readonly member: string;
  readonly on: number;
  readonly to: string | undefined;
  readonly heir: string;
}
const factOf = ({ member, on, to, heir }: Going): MemberFact => {
  const about = { occurredAt: at(on), member: memberId(member), successor: memberId(heir) };
  return to === undefined
    ? { ...about, type: 'MemberLeft', reason: 'resigned' }
    : { ...about, type: 'MemberTransferred', from: org('weaving'), to: org(to) };
};

const PLACES = [undefined, 'dyeing', 'physics'];
/** Lan goes on the third day, Binh about then; Binh is Lan's heir, and has one too: Chi, or Lan. */
const stories = PLACES.flatMap((to) =>
  PLACES.flatMap((then) =>
    [2, 3, 4].flatMap((on) =>
      ['chi', 'lan'].map((heir) => [
        { member: 'lan', on: 3, to, heir: 'binh' },
        { member: 'binh', on, to: then, heir },
      ]),
    ),
  ),
);

/** Who has the group on each day: whoever goes passes it on, unless it may be kept; nobody takes what could not be kept that day. */
function truth(story: readonly Going[], group: Group): readonly string[] {
  const days: string[] = [];
  const cellOn = (member: string, on: number): string | undefined => {
    const gone = story.find((going) => going.member === member);
    return gone && gone.on <= on ? gone.to : 'weaving';
  };
  let holder: string | undefined = 'lan';
  for (let on = 0; on < DAYS.length; on += 1) {
    const fits = (member: string): boolean => {
      const cell = cellOn(member, on);
      return cell !== undefined && belongs(cell, group);
    };
    const kept: boolean = holder !== undefined && fits(holder);
    if (holder !== undefined && !kept) {
      const heir: string | undefined = story.find((going) => going.member === holder && going.on === on)?.heir;
      holder = heir !== undefined && fits(heir) ? heir : undefined;
    }
    days.push(holder ?? '');
  }
  return days;
}

async function told(order: readonly Going[], eager: boolean): Promise<Record<string, readonly string[]>> {
  const { tell, form, assign, settleAll, assignments } = office();
  await tell(...organisations, ...['lan', 'binh', 'chi'].map((id) => admitted(id)));
  for (const id of GROUP_IDS) {
    const people = { code: id, name: id, headcount: 20, from: FIRST, organisation: org(GROUPS[id]) };
    await form({ type: 'form', group: groupId(id), kind: id === 'ward' ? 'residents' : 'workers', ...people });
  }
  await settleAll();
  for (const id of GROUP_IDS) {
    const asked = { id: assignmentId(`lan-${id}`), member: memberId('lan'), group: groupId(id), from: FIRST };
    await assign({ ...asked, role: 'direct', content: [] });
  }
  for (const going of order) {
    await tell(factOf(going));
    if (eager) await settleAll();
  }
  await settleAll();
  const held = await Promise.all(
    ['lan', 'binh', 'chi'].map(async (member) =>
      [...(await assignments(member)).values()].map((it) => ({ member, ...it })),
    ),
  );
  const holderOn = (on: Day, id: Group): string =>
    held
      .flat()
      .flatMap(({ member, terms }) => (terms.group === id && activeOn(terms, on) ? [member] : []))
      .join();
  return Object.fromEntries(GROUP_IDS.map((id) => [id, DAYS.map((on) => holderOn(on, id))]));
}

describe('what passes to a successor who goes about the same day', () => {
  it('is held on the same days, whoever is told of first', async () => {
    for (const story of stories) {
      const expected = Object.fromEntries(GROUP_IDS.map((id) => [id, truth(story, id)]));
      for (const order of [story, story.toReversed()]) {
        for (const eager of [true, false]) expect([order, await told(order, eager)]).toEqual([order, expected]);
      }
    }
  }, 120_000);

  it('is refused, and says so, where it becomes known too late that the successor has come', async () => {
    const { tell, form, assign, settleAll, assignments } = office();
    await tell(...organisations, admitted('lan'), admitted('chi', 'physics'));
    const people = { code: 'mill', name: 'mill', headcount: 20, from: FIRST, organisation: org('mill') };
    await form({ type: 'form', group: groupId('mill'), kind: 'workers', ...people });
    await settleAll();
    const asked = { id: assignmentId('lan-mill'), member: memberId('lan'), group: groupId('mill'), from: FIRST };
    await assign({ ...asked, role: 'direct', content: [] });
    await tell(factOf({ member: 'lan', on: 3, to: undefined, heir: 'chi' }));
    await settleAll();
    await tell({
      type: 'MemberTransferred',
      occurredAt: at(3),
      member: memberId('chi'),
      from: org('physics'),
      to: org('dyeing'),
    });
    await settleAll();
    expect([...(await assignments('lan')).values()]).toMatchObject([
      { terms: { until: at(3) }, handedOver: { to: 'chi', refused: 'mismatch' } },
    ]);
    expect((await assignments('chi')).size).toBe(0);
    await assign({
      ...asked,
      id: assignmentId('chi-mill'),
      member: memberId('chi'),
      from: at(3),
      role: 'direct',
      content: [],
    });
  });
});

describe('what nobody took over', () => {
  const lan = memberId('lan');
  const moved: OrganisationFact = {
    ...{ type: 'OrganisationMoved', occurredAt: at(1), organisation: org('physics'), parent: org('mill') },
  };
  const going: MemberFact = {
    ...{ type: 'MemberTransferred', occurredAt: at(3), member: lan, from: org('weaving'), to: org('physics') },
    successor: memberId('chi'),
  };
  const left: MemberFact = {
    ...{ type: 'MemberLeft', occurredAt: FIRST, member: memberId('chi'), reason: 'resigned' },
  };

  it.each([
    ['the cell first', [moved, 'assign', going]],
    ['the cell last', ['assign', going, moved]],
    ['the cell last, after the assignment', [going, 'assign', moved]],
  ] as const)('runs on, if the new cell turns out to belong to the group: told of %s', async (_, order) => {
    const { tell, form, assign, settleAll, assignments } = office();
    await tell(...organisations, admitted('lan'), admitted('chi'), left);
    const people = { code: 'mill', name: 'mill', headcount: 20, from: FIRST, organisation: org('mill') };
    await form({ type: 'form', group: groupId('mill'), kind: 'workers', ...people });
    await settleAll();
    const asked = { id: assignmentId('lan-mill'), member: lan, group: groupId('mill'), from: FIRST };
    for (const step of order) {
      if (step === 'assign') await assign({ ...asked, role: 'direct', content: ['Đời sống'] });
      else await tell(step);
      await settleAll();
    }
    const [known] = [...(await assignments('lan')).values()];
    expect(known).toMatchObject({ terms: { from: FIRST }, contents: [{ content: ['Đời sống'] }] });
    expect([known?.terms.until, known?.handedOver]).toEqual([undefined, undefined]);
  });

  it('keeps what was decided of it meanwhile', async () => {
    const { tell, form, assign, settleAll, assignments, change } = office();
    await tell(...organisations, admitted('lan'), admitted('chi'), left);
    const people = { code: 'mill', name: 'mill', headcount: 20, from: FIRST, organisation: org('mill') };
    await form({ type: 'form', group: groupId('mill'), kind: 'workers', ...people });
    await settleAll();
    const assignment = assignmentId('lan-mill');
    await assign({ id: assignment, member: lan, group: groupId('mill'), from: FIRST, role: 'direct', content: [] });
    await settleAll();
    await change({ verb: 'end', assignment, on: at(6), reason: 'Hết đợt' });
    await tell(going);
    await settleAll();
    await change({ verb: 'suspend', assignment, on: at(1), until: at(2), reason: 'Đi học' });
    await tell(moved);
    await settleAll();
    expect((await assignments('lan')).get(assignment)?.terms).toMatchObject({
      ...{ until: at(6), suspensions: [{ from: at(1), until: at(2) }] },
    });
  });
});
