import type { Message } from '@phancong/contracts';
import { fcSeed } from '@phancong/event-sourcing/testing';
import fc from 'fast-check';
import { z } from 'zod';
import { type Evolving, evolveDocuments, onlyNewer } from './evolving.ts';
import { inMemoryReadModels } from './in-memory-read-models.ts';
import type { Projection, ReadModel } from './read-models.ts';
import { recounted } from './testing/index.ts';

const Summary = z.object({
  /** By group, its recounts in order. */
  recounts: z.record(z.string(), z.array(z.number())),
  revisions: z.record(z.string(), z.number()),
});
type Summary = z.infer<typeof Summary>;

/** All groups of a district in one document: several keys meet in it. The district is the first letter of the group. */
const districts: ReadModel<Summary> = { name: 'districts', schema: Summary, indexes: {} };

const evolve = (doc: Summary | undefined, message: Message): Summary | undefined => {
  if (message.type !== 'GroupRecounted') return doc;
  const { recounts, revisions } = doc ?? { recounts: {}, revisions: {} };
  const known = recounts[message.group] ?? [];
  return { recounts: { ...recounts, [message.group]: [...known, message.headcount] }, revisions };
};

const projectionOf = (apply: Evolving<Summary>['evolve']): Projection => ({
  name: 'districts',
  version: 1,
  models: [districts],
  sources: ['assignment'],
  apply: (messages, session) =>
    evolveDocuments(
      { model: districts, ids: ({ key }) => [key.slice('group-'.length, 'group-x'.length)], evolve: apply },
      messages,
      session,
    ),
});

/** The documents after the batches, each a delivery of its own. */
async function after(batches: readonly (readonly Message[])[], projection: Projection) {
  const readModels = inMemoryReadModels();
  for (const [at, messages] of batches.entries()) {
    await readModels.commit(projection, 'assignment', at + 1, (session) => projection.apply(messages, session));
  }
  return Object.fromEntries(await readModels.reader(projection).getMany(districts, ['a', 'b']));
}

const GROUPS = ['a1', 'a2', 'b1'];

/** For each group how often it was recounted, and deliveries: of a group so many, beginning so many before the last. */
const story = fc.record({
  counts: fc.array(fc.nat({ max: 8 }), { minLength: GROUPS.length, maxLength: GROUPS.length }),
  deliveries: fc.array(fc.record({ group: fc.nat({ max: 2 }), back: fc.nat({ max: 4 }), many: fc.nat({ max: 4 }) })),
  cuts: fc.array(fc.nat({ max: 5 })),
});

describe('documents that follow the messages of their keys', () => {
  const projection = projectionOf(onlyNewer(evolve));

  test('are the same after any duplication and any interleaving of deliveries', async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ counts, deliveries, cuts }) => {
        const logs = GROUPS.map((group, at) =>
          Array.from({ length: counts[at] ?? 0 }, (_, revision) => recounted(group, revision, 10 * at + revision)),
        );
        const delivered: Message[] = [];
        const reached = logs.map(() => 0);
        const deliver = (at: number, back: number, many: number): void => {
          const from = Math.max(0, (reached[at] ?? 0) - back);
          const messages = logs[at]?.slice(from, from + many) ?? [];
          delivered.push(...messages);
          reached[at] = Math.max(reached[at] ?? 0, from + messages.length);
        };
        for (const { group, back, many } of deliveries) deliver(group, back, many);
        for (const [at, log] of logs.entries()) deliver(at, 1, log.length + 1);

        const batches: Message[][] = [];
        const left = [...delivered];
        for (const cut of cuts) batches.push(left.splice(0, cut));
        batches.push(left);
        expect(await after(batches, projection)).toEqual(await after([logs.flat()], projection));
      }),
      fcSeed(),
    );
  });

  test('would count twice without remembering revisions', async () => {
    const [first, second] = [recounted('a1', 0, 10), recounted('a1', 1, 20)];
    const twice = [[first, second], [second]];
    expect(await after(twice, projectionOf(evolve))).toEqual({ a: { recounts: { a1: [10, 20, 20] }, revisions: {} } });
    expect(await after(twice, projection)).toEqual({
      a: { recounts: { a1: [10, 20] }, revisions: { 'group-a1': 1 } },
    });
  });

  test('are read and written once a batch', async () => {
    const readModels = inMemoryReadModels();
    const messages = Array.from({ length: 50 }, (_, revision) => recounted('a1', revision, revision));
    await readModels.commit(projection, 'assignment', 50, async (session) => {
      const calls: string[] = [];
      await projection.apply(messages, {
        ...session,
        getMany: (model, ids) => {
          calls.push(`get ${ids.join()}`);
          return session.getMany(model, ids);
        },
        put: (model, id, doc) => {
          calls.push(`put ${id}`);
          return session.put(model, id, doc);
        },
      });
      expect(calls).toEqual(['get a', 'put a']);
    });
  });

  test('cannot be changed in place', async () => {
    const inPlace = projectionOf((doc, message) => {
      if (!doc) return evolve(doc, message);
      doc.recounts['a1']?.push(1);
      return doc;
    });
    await expect(after([[recounted('a1', 0, 10)], [recounted('a1', 1, 20)]], inPlace)).rejects.toThrow(TypeError);
  });

  test('are removed when nothing is left of them', async () => {
    const removing = projectionOf((doc, message) => (message.revision === 1 ? undefined : evolve(doc, message)));
    expect(await after([[recounted('a1', 0, 10)], [recounted('a1', 1, 20)]], removing)).toEqual({});
    expect(await after([[recounted('a1', 1, 20)]], removing)).toEqual({});
  });
});
