import { GroupKind, OrganisationId, type ServiceName } from '@phancong/contracts';
import { Day, Instant } from '@phancong/event-sourcing';
import { inMemoryReadModels, type Projection, type ReadModels, sqliteReadModels } from '@phancong/read-models';
import fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coverage } from './coverage/coverage.ts';
import { coverageTrend } from './coverage/coverage-trend.ts';
import { type Knowledge, knowledgeOf } from './knowledge.ts';
import { reportingProjection } from './reporting.projection.ts';
import { funnel } from './results/funnel.ts';
import { results, resultsIn } from './results/results.ts';
import { CAMPAIGNS, dayAfter, histories, partsIn, START } from './testing/histories.ts';
import type { Logs } from './testing/messages.ts';
import { project, watched } from './testing/projecting.ts';
import { existed, recountCoverage, recountResults, worldOf } from './testing/recount.ts';

const RUNS = Number(process.env['FC_RUNS'] ?? 25);
const seed = process.env['FC_SEED'];
/** FC_SHRINK=off shows the first history that fails, at once. */
const endOnFailure = process.env['FC_SHRINK'] === 'off';
const campaign = { numRuns: RUNS, endOnFailure, ...(seed !== undefined && { seed: Number(seed) }) };
const SOURCES: readonly ServiceName[] = ['membership', 'assignment', 'activity'];
/** Of every history, from its first day. */
const ORGANISATIONS = ['bloc', 'north', 'south', 'north-1', 'north-2', 'south-1'];
const newProjection = () => reportingProjection({ lateAfterDays: 7, timeZone: 'Asia/Ho_Chi_Minh' });

// Many runs, on a machine that may be busy.
jest.setTimeout(RUNS * 20_000);

/** How deliveries come: which source next and how many messages, and how far a delivery reaches back again. */
const deliveries = fc.infiniteStream(
  fc.record({ source: fc.constantFrom(...SOURCES), size: fc.nat(20), again: fc.nat(6) }),
);

async function deliver(
  logs: Logs,
  readModels: ReadModels,
  projection: Projection,
  stream: Iterator<{ source: ServiceName; size: number; again: number }>,
  batches = Infinity,
): Promise<void> {
  const left = new Map(SOURCES.map((source) => [source, { log: logs.of(source), at: 0 }]));
  for (let batch = 0; batch < batches && [...left.values()].some(({ log, at }) => at < log.length); batch += 1) {
    const next = stream.next();
    const state = next.done ? undefined : left.get(next.value.source);
    if (next.done || !state) return;
    const { size, again, source } = next.value;
    const messages = state.log.slice(Math.max(0, state.at - again), state.at + size);
    if (messages.length > 0) await project(readModels, projection, source, messages);
    state.at = Math.max(state.at, Math.min(state.log.length, state.at + size));
  }
}

/** Days and instants of questions: on, before and after what is told. */
const question = fc.record({
  organisation: fc.nat(999),
  asOf: fc.nat(4_500),
  from: fc.nat(4_500),
  length: fc.nat(1_500),
  knownAt: fc.option(fc.nat(4_500), { nil: undefined }),
  excludeExempt: fc.boolean(),
});
type Question = typeof question extends fc.Arbitrary<infer Q> ? Q : never;

async function answersAreRecounted(knowledge: Knowledge, { messages }: Logs, asked: Question): Promise<void> {
  const ids = [...worldOf({ messages }).organisations.keys()];
  const id = ids[asked.organisation % ids.length] ?? 'bloc';
  const organisation = OrganisationId.parse(id);
  const day = (count: number) => Day.parse(dayAfter(START, count - 500));
  const [asOf, from, to] = [day(asked.asOf), day(asked.from), day(asked.from + asked.length)];
  const knownAt = asked.knownAt === undefined ? undefined : Instant.parse(`${day(asked.knownAt)}T12:00:00.000Z`);
  const knowing = { messages, knownAt };
  const world = worldOf(knowing);
  const parts = partsIn(world, id, asOf);
  const { excludeExempt } = asked;
  const nobody = { due: 0, assigned: 0, selfRegistered: 0 };

  const counts = recountCoverage(knowing, { asOf, excludeExempt });
  const covered = await coverage(knowledge, { organisation, asOf, knownAt, by: 'organisation', excludeExempt });
  expect(covered).toMatchObject(counts.get(id) ?? nobody);
  const shown = parts.filter((part) => existed(world, part, asOf) || counts.has(part));
  expect(
    Object.fromEntries(covered.parts.map((part) => ['organisation' in part && part.organisation.id, part])),
  ).toEqual(Object.fromEntries(shown.map((part) => [part, expect.objectContaining(counts.get(part) ?? nobody)])));
  const byKind = await coverage(knowledge, { organisation, asOf, knownAt, by: 'groupKind', excludeExempt });
  expect(byKind.parts).toEqual(
    GroupKind.options.map((kind) => {
      const { assigned, selfRegistered } = recountCoverage(knowing, { asOf, excludeExempt, kind }).get(id) ?? nobody;
      return { groupKind: kind, assigned, selfRegistered };
    }),
  );

  const range = { from, to, asOf };
  const done = recountResults(knowing, range);
  const byPart = await results(knowledge, { organisation, ...range, knownAt, by: 'organisation' });
  expect(byPart).toMatchObject(resultsIn(done.get(id) ?? {}));
  const active = parts.filter((part) => existed(world, part, asOf) || done.has(part));
  expect(
    Object.fromEntries(byPart.parts.map((part) => ['organisation' in part && part.organisation.id, part])),
  ).toEqual(Object.fromEntries(active.map((part) => [part, expect.objectContaining(resultsIn(done.get(part) ?? {}))])));
  const byYear = await results(knowledge, { organisation, ...range, knownAt, by: 'year' });
  const years = Array.from({ length: 20 }, (_, index) => 2000 + index).flatMap((year) => {
    const only = recountResults(knowing, { ...range, only: (one) => one.day.startsWith(String(year)) }).get(id);
    return only ? [{ year, ...resultsIn(only) }] : [];
  });
  expect(byYear.parts).toEqual(years);
  const byCampaign = await results(knowledge, { organisation, ...range, knownAt, by: 'campaign' });
  const campaigns = [...CAMPAIGNS, null].flatMap((name) => {
    const only = recountResults(knowing, { ...range, only: (one) => (one.campaign ?? null) === name }).get(id);
    return only ? [{ campaign: name && { id: name, code: name, name }, ...resultsIn(only) }] : [];
  });
  expect(byCampaign.parts).toEqual(campaigns);
  const candidates = { introduced: 0, trained: 0, admitted: 0, withdrawn: 0, ...stepsOf(done.get(id)) };
  expect(await funnel(knowledge, { organisation, ...range, knownAt })).toMatchObject(candidates);

  if (knownAt !== undefined) {
    // However much was told since: taken away from what is told now, or counted anew.
    const anew: Knowledge = { ...knowledge, mostNews: 0 };
    const asked = { organisation, asOf, knownAt, excludeExempt };
    for (const [by, told] of [
      ['organisation', covered],
      ['groupKind', byKind],
    ] as const)
      expect(await coverage(anew, { ...asked, by })).toEqual(told);
    for (const [by, told] of [
      ['organisation', byPart],
      ['year', byYear],
      ['campaign', byCampaign],
    ] as const)
      expect(await results(anew, { organisation, ...range, knownAt, by })).toEqual(told);
  }
  if (knownAt !== undefined || from > to) return;
  const trend = await coverageTrend(knowledge, { organisation, from, to, step: 'quarter', excludeExempt });
  for (const item of trend.items) {
    expect(item).toMatchObject(recountCoverage(knowing, { asOf: item.asOf, excludeExempt }).get(id) ?? nobody);
  }
}

const stepsOf = (figures: Record<string, number> = {}) =>
  Object.fromEntries(
    Object.entries(figures).filter(([name]) => /^(introduced|trained|admitted|withdrawn)$/.test(name)),
  );

const given = fc.record({
  logs: histories(),
  stream: deliveries,
  asked: fc.array(question, { minLength: 5, maxLength: 5 }),
});

describe('the figures of the read models', () => {
  it('are those of a recount of the whole log, at any day, known at any instant', async () => {
    await fc.assert(
      fc.asyncProperty(given, async ({ logs, stream, asked }) => {
        const [readModels, projection] = [inMemoryReadModels(), newProjection()];
        await deliver(logs, readModels, projection, stream);
        for (const one of asked) await answersAreRecounted(knowledgeOf(readModels, projection), logs, one);
      }),
      campaign,
    );
  });

  it('are those of all that was recorded at the knownAt of the answer, however far each source was read', async () => {
    const logEnds = (logs: Logs) => Object.fromEntries(SOURCES.map((source) => [source, logs.of(source).length]));
    await fc.assert(
      fc.asyncProperty(given, fc.nat(30), async ({ logs, stream, asked }, batches) => {
        const [readModels, projection] = [inMemoryReadModels(), newProjection()];
        const over = { at: Instant.parse('2100-01-01T00:00:00.000Z'), heads: logEnds(logs) };
        const knowledge = knowledgeOf(readModels, projection, { seal: async () => over });
        await deliver(logs, readModels, projection, stream, batches);
        for (const { organisation, asOf, from, length, excludeExempt } of asked) {
          const day = (count: number) => Day.parse(dayAfter(START, count - 500));
          const id = OrganisationId.parse(ORGANISATIONS[organisation % ORGANISATIONS.length]);
          const range = { from: day(from), to: day(from + length), asOf: day(asOf) };
          const question = { organisation: id, asOf: day(asOf), excludeExempt, by: 'organisation' } as const;
          if (!(await knowledge.trees.now(knowledge.reader)).tree.has(id)) continue;

          const covered = await coverage(knowledge, question);
          const counts = recountCoverage({ ...logs, knownAt: covered.knownAt }, question);
          expect(covered).toMatchObject(counts.get(id) ?? { due: 0, assigned: 0, selfRegistered: 0 });
          const done = await results(knowledge, { organisation: id, ...range, by: 'campaign' });
          const recounted = recountResults({ ...logs, knownAt: done.knownAt }, range).get(id) ?? {};
          expect(done).toMatchObject(resultsIn(recounted));
        }
      }),
      campaign,
    );
  });

  it('are the same in SQLite', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reporting-'));
    let made = 0;
    try {
      await fc.assert(
        fc.asyncProperty(given, async ({ logs, stream, asked }) => {
          const [readModels, projection] = [
            sqliteReadModels({ file: join(folder, `${(made += 1)}.db`) }),
            newProjection(),
          ];
          try {
            await deliver(logs, readModels, projection, stream);
            for (const one of asked) await answersAreRecounted(knowledgeOf(readModels, projection), logs, one);
          } finally {
            await readModels.close();
          }
        }),
        { ...campaign, numRuns: Math.ceil(RUNS / 5) },
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('depend only on what was told: not on repetition, order of the sources, or size of deliveries', async () => {
    await fc.assert(
      fc.asyncProperty(histories(), deliveries, async (logs, stream) => {
        const dumps = [];
        for (const how of ['at once', 'in pieces'] as const) {
          const [readModels, { projection, dump }] = [inMemoryReadModels(), watched(newProjection())];
          if (how === 'in pieces') await deliver(logs, readModels, projection, stream);
          else for (const source of SOURCES) await project(readModels, projection, source, logs.of(source));
          dumps.push(await dump(readModels));
        }
        expect(dumps[1]).toEqual(dumps[0]);
      }),
      campaign,
    );
  });
});
