import { z } from 'zod';
import { Claims } from './claims.ts';
import { eventCodec } from './event-codec.ts';
import type { EventStore } from './event-store.ts';
import { newCommandId } from './ids.ts';
import { inMemoryEventStore } from './in-memory-event-store.ts';
import { Refusal } from './refusal.ts';
import { Day } from './time.ts';

const Claim = z.discriminatedUnion('type', [
  z.object({ type: z.literal('CodeClaimed'), occurredAt: Day, code: z.string(), owner: z.string() }),
]);

describe('a code that is claimed before its group is formed', () => {
  let store: EventStore;
  let claims: Claims<z.infer<typeof Claim>>;
  /** The code of each group. */
  let formed: Map<string, string>;
  beforeEach(() => {
    store = inMemoryEventStore();
    claims = new Claims(store, eventCodec(Claim), ({ owner }) => owner);
    formed = new Map();
  });

  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const naming = (owner: string, code: string) => ({
    stream: `code-${code}`,
    claim: { type: 'CodeClaimed' as const, occurredAt: Day.parse('2005-01-01'), code, owner },
    thing: `group-${owner}`,
    check: async () => {
      if (formed.has(owner)) throw new Refusal('conflict', 'already-exists', { id: owner });
    },
    carries: async (claim: z.infer<typeof Claim>) => formed.get(claim.owner) === code,
    taken: (claim: z.infer<typeof Claim>) => new Refusal('conflict', 'code-taken', { id: claim.owner }),
  });
  const form = (owner: string, { code = 'CN-01', command = newCommandId(), fails = false } = {}) =>
    claims.claim(naming(owner, code), { by: 'lan', command }, async () => {
      await turn();
      if (fails) throw new Error('the process died');
      formed.set(owner, code);
    });
  const claimed = async (code = 'CN-01') =>
    (await store.readStream(`code-${code}`)).map(({ data }) => JSON.parse(data).owner);
  const codes = (outcomes: readonly PromiseSettledResult<void>[]) =>
    outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'done' : String(outcome.reason.code)));

  it('is not given to another group', async () => {
    await form('weavers');
    await expect(form('dyers')).rejects.toMatchObject({ code: 'code-taken', facts: { id: 'weavers' } });
    await expect(claims.mustBeFree(naming('dyers', 'CN-01'))).rejects.toMatchObject({ code: 'code-taken' });
    await claims.mustBeFree(naming('weavers', 'CN-01'));
    expect([...formed]).toEqual([['weavers', 'CN-01']]);
  });

  it('is not kept by a group that was never formed', async () => {
    await expect(form('weavers', { fails: true })).rejects.toThrow('the process died');
    await claims.mustBeFree(naming('dyers', 'CN-01'));
    await form('dyers');
    await expect(form('weavers')).rejects.toMatchObject({ code: 'code-taken', facts: { id: 'dyers' } });
    expect([...formed]).toEqual([['dyers', 'CN-01']]);
  });

  it('is not kept by a group that carries another one', async () => {
    await expect(form('weavers', { fails: true })).rejects.toThrow('the process died');
    await form('weavers', { code: 'CN-02' });
    await form('dyers');
    expect(formed.get('dyers')).toBe('CN-01');
  });

  it('goes to and fro while neither group is formed, and stays with the one that is', async () => {
    const [first, second] = [newCommandId(), newCommandId()];
    await expect(form('weavers', { command: first, fails: true })).rejects.toThrow('the process died');
    await expect(form('dyers', { command: second, fails: true })).rejects.toThrow('the process died');
    await expect(form('weavers', { command: first, fails: true })).rejects.toThrow('the process died');
    await form('dyers', { command: second });
    expect(await claimed()).toEqual(['weavers', 'dyers', 'weavers', 'dyers']);
    await expect(form('weavers', { command: first })).rejects.toMatchObject({ code: 'code-taken' });
    await expect(form('spinners')).rejects.toMatchObject({ code: 'code-taken', facts: { id: 'dyers' } });
  });

  it('is claimed once by a command that is given again', async () => {
    const command = newCommandId();
    await expect(form('weavers', { command, fails: true })).rejects.toThrow('the process died');
    await form('weavers', { command });
    expect([await claimed(), [...formed.keys()]]).toEqual([['weavers'], ['weavers']]);
  });

  it('goes to one of two groups that ask at the same time', async () => {
    expect(codes(await Promise.allSettled([form('weavers'), form('dyers')]))).toEqual(['done', 'code-taken']);
    expect(await claimed()).toEqual(['weavers']);
  });

  it('is left alone by a group that is formed with another code at the same time', async () => {
    const both = [form('weavers'), form('weavers', { code: 'CN-02' })];
    expect(codes(await Promise.allSettled(both))).toEqual(['done', 'already-exists']);
    expect([await claimed('CN-01'), await claimed('CN-02')]).toEqual([['weavers'], []]);
  });

  it('is not claimed when other work on the group comes first', async () => {
    const other = claims.inTurn('group-weavers', async () => {
      await turn();
      formed.set('weavers', 'CN-02');
    });
    expect(codes(await Promise.allSettled([other, form('weavers')]))).toEqual(['done', 'already-exists']);
    expect(await claimed()).toEqual([]);
  });
});
