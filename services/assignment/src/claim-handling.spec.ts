import { commandHandler, type EventStore, inMemoryEventStore, newCommandId } from '@phancong/event-sourcing';
import { claimCodec, claimDecider, groupCodeStream } from './claim.ts';
import { Claims, type Claiming } from './claim-handling.ts';
import { day } from './testing/example.ts';

describe('a code that is claimed before its group is formed', () => {
  let store: EventStore;
  let claims: Claims;
  let formed: Set<string>;
  beforeEach(() => {
    store = inMemoryEventStore();
    claims = new Claims(commandHandler(store, claimDecider, claimCodec));
    formed = new Set();
  });

  const claiming = (owner: string): Claiming => ({
    stream: groupCodeStream('CN-01'),
    claim: { type: 'GroupCodeClaimed', occurredAt: day('2005-01-01'), code: 'CN-01', owner },
    attempt: async () => undefined,
    isThere: async (id) => formed.has(id),
  });
  const form = (
    owner: string,
    command = newCommandId(),
    work: () => Promise<void> = async () => void formed.add(owner),
  ) => claims.claim(claiming(owner), { by: 'lan', command }, work);
  const fail = () => Promise.reject(new Error('the process died'));
  const claimed = async () => (await store.readStream(groupCodeStream('CN-01'))).length;

  it('is not given to another group', async () => {
    await form('weavers');
    await expect(form('dyers')).rejects.toMatchObject({ code: 'group-code-taken', facts: { id: 'weavers' } });
    expect([...formed]).toEqual(['weavers']);
  });

  it('is not kept by a group that was never formed', async () => {
    await expect(form('weavers', newCommandId(), fail)).rejects.toThrow('the process died');
    await form('dyers');
    await expect(form('weavers')).rejects.toMatchObject({ code: 'group-code-taken', facts: { id: 'dyers' } });
    expect([...formed]).toEqual(['dyers']);
  });

  it('comes back to the first one when the second was never formed either', async () => {
    const [first, second] = [newCommandId(), newCommandId()];
    await expect(form('weavers', first, fail)).rejects.toThrow('the process died');
    await expect(form('dyers', second, fail)).rejects.toThrow('the process died');
    await form('weavers', first);
    await expect(form('dyers', second)).rejects.toMatchObject({ code: 'group-code-taken' });
    expect([...formed]).toEqual(['weavers']);
  });

  it('is claimed once by a command that is given again', async () => {
    const command = newCommandId();
    await expect(form('weavers', command, fail)).rejects.toThrow('the process died');
    await form('weavers', command);
    expect([await claimed(), [...formed]]).toEqual([1, ['weavers']]);
  });

  it('goes to one of two who ask at the same time', async () => {
    const slowly = (owner: string) => async () => {
      await new Promise((resolve) => setImmediate(resolve));
      formed.add(owner);
    };
    const outcomes = await Promise.allSettled([
      form('weavers', newCommandId(), slowly('weavers')),
      form('dyers', newCommandId(), slowly('dyers')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect([...formed]).toEqual(['weavers']);
  });
});
