import { CandidateId, MemberId, OrganisationId } from '@phancong/contracts';
import {
  type CommandContext,
  Day,
  type EventStore,
  inMemoryEventStore,
  newCommandId,
  Refusal,
} from '@phancong/event-sourcing';
import { inMemoryPersonKeys } from '@phancong/privacy';
import { inMemoryReadModels } from '@phancong/read-models';
import { membership } from './membership.ts';
import { publish } from './published.ts';

const day = (text: string) => Day.parse(text);
const org = (text: string) => OrganisationId.parse(text);
const who = (text: string) => MemberId.parse(text);
const candidate = (text: string) => CandidateId.parse(text);
const by = (): CommandContext => ({ by: 'lan', command: newCommandId() });

/** The service on a log that can be told to fail an append of one type of event, as a dying process would. */
function office(log: EventStore = inMemoryEventStore(), keys = inMemoryPersonKeys()) {
  let dying: string | undefined;
  const store: EventStore = {
    ...log,
    append: async (stream, expected, events) => {
      if (events.some(({ type }) => type === dying)) throw new Error('killed');
      return log.append(stream, expected, events);
    },
  };
  const desk = membership({ store, readModels: inMemoryReadModels(), keys, today: () => day('2014-12-31') });
  const published = async () => (await log.readAll(0, 1_000)).flatMap((event) => publish(event) ?? []);
  return {
    ...desk,
    log,
    restarted: () => office(log, keys),
    dieAt: (type: string) => (dying = type),
    followed: async () =>
      inMemoryReadModels().commit(desk.followUp, 'membership', await log.head(), async (session) =>
        desk.followUp.apply(await published(), session),
      ),
    /** Whom candidates were admitted as, as others are told. */
    admitted: async () =>
      (await published()).flatMap((message) => (message.type === 'CandidateAdmitted' ? [message.member] : [])),
    members: {
      admit: (id: string, code = id) => {
        const told = { code, name: `Nguyễn ${id}`, cell: org('soi'), standing: 'probationary' } as const;
        return desk.members.admit({ id: who(id), ...told, admittedOn: day('2005-01-01') }, by());
      },
      candidateOf: async (id: string) => (await desk.members.get(who(id))).state.candidate,
      erase: (id: string) => desk.members.erase(who(id), { reason: 'theo yêu cầu' }, by()),
    },
    admit: (id: string, member?: string, context = by()) => {
      const told = { on: day('2010-01-01'), cell: org('soi'), code: `79.${id}` };
      return desk.candidates.admit(
        candidate(id),
        member === undefined ? told : { ...told, member: who(member) },
        context,
      );
    },
    introduce: async (id: string, from = '2008-01-01') => {
      const told = { name: `Trần ${id}`, introducedBy: who('lan'), introducedOn: day(from), consentOn: day(from) };
      await desk.candidates.introduce({ id: candidate(id), ...told }, by());
      await desk.candidates.train(candidate(id), day(from), by());
    },
    state: async (id: string) => (await desk.candidates.get(candidate(id))).state,
  };
}

let here: ReturnType<typeof office>;
beforeEach(async () => {
  here = office();
  const soi = { organisation: org('soi'), code: 'S', name: 'Chi bộ Sợi', kind: 'cell' } as const;
  await here.organisations.handle({ type: 'register', ...soi, on: day('2004-01-01') }, by());
  await here.members.admit('lan');
  await here.introduce('binh');
});

describe('a candidate admitted with the id of another member', () => {
  it('is refused, and nothing counts as admitted', async () => {
    await here.members.admit('hoa');
    await expect(here.admit('binh', 'hoa')).rejects.toEqual(new Refusal('conflict', 'already-exists', { id: 'hoa' }));
    await here.followed();
    expect(await here.admitted()).toEqual([]);
    expect((await here.state('binh')).admission).toBeUndefined();
    expect(await here.members.candidateOf('hoa')).toBeUndefined();
  });

  it('can be admitted otherwise, with the same code', async () => {
    await expect(here.admit('binh', 'lan')).rejects.toThrow('already-exists');
    await here.admit('binh', 'binh-79');
    expect(await here.admitted()).toEqual(['binh-79']);
    expect(await here.members.candidateOf('binh-79')).toBe('binh');
  });

  it('is refused also if that one was erased', async () => {
    await here.members.admit('hoa');
    await here.members.erase('hoa');
    await expect(here.admit('binh', 'hoa')).rejects.toThrow('already-exists');
  });
});

describe('one id wanted by several at once', () => {
  it('goes to one of them, and only that one is admitted', async () => {
    await here.introduce('an');
    await here.introduce('chi');
    const outcomes = await Promise.allSettled([
      here.admit('binh', 'moi'),
      here.members.admit('moi'),
      here.admit('an', 'moi'),
      here.admit('chi', 'moi'),
    ]);
    await here.followed();
    expect(outcomes.map(({ status }) => status).filter((status) => status === 'fulfilled')).toHaveLength(1);
    const admitted = await Promise.all(['binh', 'an', 'chi'].map(async (id) => (await here.state(id)).admission));
    const owner = await here.members.candidateOf('moi');
    expect(admitted.filter((admission) => admission !== undefined)).toHaveLength(owner === undefined ? 0 : 1);
    expect(await here.admitted()).toHaveLength(owner === undefined ? 0 : 1);
  });
});

describe('a candidate who cannot become a member', () => {
  it('counts as admitted nowhere: the cell was not there that day', async () => {
    await here.introduce('an', '2007-01-01');
    const cell = { organisation: org('moi'), code: 'M', name: 'Chi bộ Mới', kind: 'cell' } as const;
    await here.organisations.handle({ type: 'register', ...cell, on: day('2009-01-01') }, by());
    const told = { on: day('2008-01-01'), cell: org('moi'), code: '79.an' };
    await expect(here.candidates.admit(candidate('an'), told, by())).rejects.toThrow('before-organisation-began');
    await here.followed();
    expect(await here.admitted()).toEqual([]);
  });
});

describe('the admission of a candidate, cut off between its steps', () => {
  it.each(['MemberAdmitted', 'CandidateAdmitted'])('before %s, passes when the command is repeated', async (type) => {
    const context = by();
    here.dieAt(type);
    await expect(here.admit('binh', undefined, context)).rejects.toThrow('killed');
    expect(await here.admitted()).toEqual([]);
    const again = here.restarted();
    const first = await again.admit('binh', undefined, context);
    await again.followed();
    const member = String(first.state?.admission?.member);
    expect(await again.members.candidateOf(member)).toBe('binh');
    expect(await again.admitted()).toEqual([member]);
    expect(await again.admit('binh', undefined, context)).toEqual(first);
  });

  it('is ended by the process, and the repeated command is answered from that', async () => {
    const context = by();
    here.dieAt('CandidateAdmitted');
    await expect(here.admit('binh', 'moi', context)).rejects.toThrow('killed');
    const again = here.restarted();
    await again.followed();
    expect(await again.admitted()).toEqual(['moi']);
    expect((await again.admit('binh', 'moi', context)).state?.admission).toMatchObject({
      member: 'moi',
      code: '79.binh',
    });
    expect(await again.admitted()).toEqual(['moi']);
    await expect(again.admit('binh')).rejects.toThrow('already-admitted');
  });

  it('is ended also if the candidate was withdrawn meanwhile: the member is there', async () => {
    here.dieAt('CandidateAdmitted');
    await expect(here.admit('binh', 'moi')).rejects.toThrow('killed');
    const again = here.restarted();
    await again.candidates.withdraw(candidate('binh'), { on: day('2011-01-01'), reason: 'thôi' }, by());
    await again.followed();
    expect(await again.admitted()).toEqual(['moi']);
  });

  it('makes nobody twice when it is given anew', async () => {
    here.dieAt('CandidateAdmitted');
    await expect(here.admit('binh')).rejects.toThrow('killed');
    await expect(here.restarted().admit('binh')).rejects.toThrow('already-exists');
  });
});
