import { CandidateId, MemberId, type Message, OrganisationId } from '@phancong/contracts';
import { Day, eventIdOf, type EventStore, inMemoryEventStore, newCommandId, Refusal } from '@phancong/event-sourcing';
import { inMemoryPersonKeys } from '@phancong/privacy';
import { inMemoryReadModels } from '@phancong/read-models';
import { candidateCodec, candidateStream } from './candidate-event.ts';
import { memberStream } from './member-event.ts';
import { membership } from './membership.ts';
import { publish } from './published.ts';

const day = (text: string) => Day.parse(text);
const org = (text: string) => OrganisationId.parse(text);
const who = (text: string) => MemberId.parse(text);
const by = () => ({ by: 'lan', command: newCommandId() });

/** The service whose feed is in the hands of the test. `restarted`: another process on the same log and keys. */
function service(store: EventStore = inMemoryEventStore(), keys = inMemoryPersonKeys()) {
  const readModels = inMemoryReadModels();
  const desk = membership({ store, readModels, keys, today: () => day('2014-12-31') });
  const published = async (): Promise<readonly Message[]> =>
    (await store.readAll(0, 1_000)).flatMap((event) => publish(event) ?? []);
  const consume = async (messages: readonly Message[]) => {
    for (const projection of [desk.roster, desk.followUp]) {
      await readModels.commit(projection, 'membership', await store.head(), (session) =>
        projection.apply(messages, session),
      );
    }
  };
  return {
    ...{ ...desk, store, keys, published },
    restarted: () => service(store, keys),
    /** Follows up what is published, and what comes of that, until nothing more comes. */
    async followed() {
      for (let head = -1; head !== (await store.head()); ) {
        head = await store.head();
        await consume(await published());
      }
    },
    register: (id: string) =>
      desk.organisations.handle(
        { type: 'register', organisation: org(id), code: id, name: id, kind: 'cell', on: day('2004-01-01') },
        by(),
      ),
    merge: (id: string, into: string, on: string) =>
      desk.organisations.handle({ type: 'merge', organisation: org(id), into: org(into), on: day(on) }, by()),
    admit: (id: string, cell: string) =>
      desk.members.admit(
        {
          ...{ id: who(id), code: id, name: `Nguyễn ${id}`, cell: org(cell), standing: 'probationary' },
          admittedOn: day('2005-01-01'),
        },
        by(),
      ),
    async stays(id: string) {
      const { stays } = (await desk.members.get(who(id))).state.life;
      return stays.map(({ cell, from }) => `${cell} ${from}`);
    },
    async introduceAndTrain(id: string) {
      const candidate = CandidateId.parse(id);
      const told = { id: candidate, name: 'Trần Bình', introducedBy: who('lan'), consentOn: day('2008-01-01') };
      await desk.candidates.introduce({ ...told, introducedOn: day('2008-01-01') }, by());
      await desk.candidates.train(candidate, day('2009-01-01'), by());
      return candidate;
    },
  };
}

let here: ReturnType<typeof service>;
beforeEach(async () => {
  here = service();
  for (const id of ['soi', 'det', 'may']) await here.register(id);
  await here.admit('lan', 'soi');
});

describe('a merger of cells', () => {
  it('takes along who is there on the day or comes later, and nobody else', async () => {
    await here.admit('hoa', 'det');
    await here.admit('minh', 'soi');
    await here.members.leave(who('minh'), { on: day('2007-01-01'), reason: 'resigned' }, by());
    await here.admit('thu', 'may');
    await here.members.transfer(who('thu'), { cell: org('soi'), on: day('2009-01-01') }, by());
    await here.merge('soi', 'det', '2008-01-01');
    await here.followed();
    expect(await here.stays('lan')).toEqual(['soi 2005-01-01', 'det 2008-01-01']);
    expect(await here.stays('thu')).toEqual(['may 2005-01-01', 'det 2009-01-01']);
    expect(await here.stays('minh')).toEqual(['soi 2005-01-01']);
    expect(await here.stays('hoa')).toEqual(['det 2005-01-01']);
  });

  it('takes along the erased, whose days are still counted', async () => {
    await here.members.erase(who('lan'), { reason: 'theo yêu cầu' }, by());
    await here.merge('soi', 'det', '2008-01-01');
    await here.followed();
    expect(await here.stays('lan')).toEqual(['soi 2005-01-01', 'det 2008-01-01']);
  });

  it('is followed after a crash in the middle, and moves nobody twice', async () => {
    for (const id of ['a', 'b', 'c']) await here.admit(id, 'soi');
    await here.merge('soi', 'det', '2008-01-01');
    await here.members.follow(who('a'), by());
    const again = here.restarted();
    await again.followed();
    await again.restarted().followed();
    for (const id of ['lan', 'a', 'b', 'c']) {
      expect(await again.stays(id)).toEqual(['soi 2005-01-01', 'det 2008-01-01']);
    }
    const moves = (await here.published()).filter(({ type }) => type === 'MemberTransferred');
    expect(moves).toHaveLength(4);
  });

  it('finds who came in while the roster lagged', async () => {
    await here.followed();
    await here.admit('moi', 'soi');
    await here.merge('soi', 'det', '2008-01-01');
    const merged = (await here.published()).filter(({ type }) => type === 'OrganisationMerged');
    await inMemoryReadModels().commit(here.followUp, 'membership', 1, (session) =>
      here.followUp.apply(merged, session),
    );
    expect(await here.stays('moi')).toEqual(['soi 2005-01-01', 'det 2008-01-01']);
  });
});

describe('the admission of a candidate', () => {
  const admission = { on: day('2010-01-01'), cell: org('soi'), code: '79.2' };

  it('makes one member, however often it is followed up', async () => {
    const binh = await here.introduceAndTrain('binh');
    const { state } = await here.candidates.admit(binh, admission, by());
    const member = who(String(state?.admission?.member));
    const again = here.restarted();
    await again.followed();
    await again.restarted().followed();
    expect(await again.stays(member)).toEqual(['soi 2010-01-01']);
    expect((await here.published()).filter(({ type }) => type === 'MemberAdmitted')).toHaveLength(2);
  });

  it('keeps its cell from being dissolved until the member is there', async () => {
    const binh = await here.introduceAndTrain('binh');
    await here.candidates.admit(binh, { ...admission, cell: org('may') }, by());
    const dissolve = () => here.organisations.dissolve({ organisation: org('may'), on: day('2011-01-01') }, by());
    await expect(dissolve()).rejects.toEqual(new Refusal('conflict', 'organisation-not-empty'));
    await here.followed();
    await expect(dissolve()).rejects.toThrow('organisation-not-empty');
  });

  it('goes to what the cell was merged into meanwhile', async () => {
    const binh = await here.introduceAndTrain('binh');
    const { state } = await here.candidates.admit(binh, admission, by());
    await here.merge('soi', 'det', '2009-06-01');
    await here.followed();
    expect(await here.stays(String(state?.admission?.member))).toEqual(['det 2010-01-01']);
  });

  it('keeps the code for the member who is to come', async () => {
    const binh = await here.introduceAndTrain('binh');
    await here.candidates.admit(binh, { ...admission, code: 'minh' }, by());
    await expect(here.admit('minh', 'soi')).rejects.toThrow('member-code-taken');
  });
});

describe('an admission that was noted before the member was there, as in older logs', () => {
  /** @returns the candidate */
  const noted = async (member: string) => {
    const binh = await here.introduceAndTrain('binh');
    const event = candidateCodec.encode({
      ...{ type: 'CandidateAdmitted', occurredAt: day('2010-01-01'), candidate: binh, introducedBy: who('lan') },
      ...{ cell: org('soi'), code: 'minh', member: who(member) },
    });
    const command = newCommandId();
    await here.store.append(candidateStream(binh), 1, [{ ...event, id: eventIdOf(command, 0), by: 'lan', command }]);
    return binh;
  };

  it('still makes the member, once', async () => {
    await noted('moi');
    await here.followed();
    await here.restarted().followed();
    expect(await here.stays('moi')).toEqual(['soi 2010-01-01']);
    expect((await here.published()).filter(({ type }) => type === 'CandidateAdmitted')).toHaveLength(1);
  });

  it('is visibly refused if the candidate was erased between the steps, and the code is free again', async () => {
    const binh = await noted('moi');
    await here.keys.erase(candidateStream(binh));
    await here.followed();
    expect((await here.candidates.get(binh)).state.admission).toMatchObject({ refusal: 'candidate-erased' });
    await here.admit('minh', 'soi');
  });

  it('is visibly refused if the id is that of another member', async () => {
    const binh = await noted('lan');
    await here.followed();
    expect((await here.candidates.get(binh)).state.admission).toMatchObject({ refusal: 'already-exists' });
  });
});

describe('an erasure', () => {
  it('destroys the key also when the process died before it could', async () => {
    const { keys, store } = here;
    const dying = service(store, { ...keys, erase: () => Promise.reject(new Error('killed')) });
    await expect(dying.members.erase(who('lan'), { reason: 'theo yêu cầu' }, by())).rejects.toThrow('killed');
    const [sealed = ''] = (await here.members.get(who('lan'))).state.sealed;
    expect(await keys.open(memberStream(who('lan')), sealed)).toBeDefined();
    await here.restarted().followed();
    expect(await keys.open(memberStream(who('lan')), sealed)).toBeUndefined();
  });

  it('of a member takes the candidate that the member was along', async () => {
    const binh = await here.introduceAndTrain('binh');
    const { state } = await here.candidates.admit(
      binh,
      { on: day('2010-01-01'), cell: org('soi'), code: '79.2' },
      by(),
    );
    await here.followed();
    await here.members.erase(who(String(state?.admission?.member)), { reason: 'theo yêu cầu' }, by());
    await here.followed();
    const candidate = await here.candidates.get(binh);
    expect(candidate.state.erased).toBe(true);
    expect(await here.keys.open(candidateStream(binh), candidate.state.sealed)).toBeUndefined();
  });
});
