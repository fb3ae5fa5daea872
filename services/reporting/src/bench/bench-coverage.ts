import { OrganisationId } from '@phancong/contracts';
import { addDays, type BenchRow, benchRow, percentile } from '@phancong/event-sourcing';
import { type Projection, type ReadModels, sqliteReadModels } from '@phancong/read-models';
import { join } from 'node:path';
import { coverage } from '../coverage/coverage.ts';
import { type Knowledge, knowledgeOf } from '../knowledge.ts';
import { defaultPolicy } from '../ports.ts';
import { reportingProjection } from '../reporting.projection.ts';
import { FOUNDED, type SyntheticBloc, syntheticBloc } from './synthetic-bloc.ts';

/** A bloc, and a whole city: both of 40 parts. */
const BLOC: SyntheticBloc = { members: 5_115, cells: 5 };
const CITY: SyntheticBloc = { members: 366_000, cells: 400 };
const ANSWERS = 2_000;
const WARM = 200;

/**
 * What an answer about coverage costs in a city, beside what it costs in a bloc: read models in SQLite, filled by the real
 * projection from messages of ten years. Days are asked in turn from all of them, the two answer by turns.
 */
export async function benchCoverage(folder: string): Promise<readonly BenchRow[]> {
  const bloc = await filled(join(folder, 'bloc.db'), BLOC);
  const city = await filled(join(folder, 'city.db'), CITY);
  try {
    const [ofBloc, ofCity]: [number[], number[]] = [[], []];
    for (let asked = -WARM; asked < ANSWERS; asked += 1) {
      const [small, large] = [await timed(bloc, asked), await timed(city, asked)];
      if (asked < 0) continue;
      ofBloc.push(small);
      ofCity.push(large);
    }
    const [value, limit] = [percentile(ofCity, 0.99), percentile(ofBloc, 0.99)];
    const name = `coverage at ${CITY.members} members (p99), beside ${BLOC.members}`;
    return [benchRow({ name, value, unit: 'ms', limit, target: 2 })];
  } finally {
    await Promise.all([bloc.readModels.close(), city.readModels.close()]);
  }
}

interface Filled {
  readonly readModels: ReadModels;
  readonly knowledge: Knowledge;
}

async function filled(file: string, bloc: SyntheticBloc): Promise<Filled> {
  const [readModels, projection] = [sqliteReadModels({ file }), reportingProjection(defaultPolicy)];
  for (const [source, messages] of syntheticBloc(bloc)) await fill(readModels, projection, source, messages);
  return { readModels, knowledge: knowledgeOf(readModels, projection) };
}

async function fill(
  readModels: ReadModels,
  projection: Projection,
  ...[source, messages]: ReturnType<typeof syntheticBloc> extends Generator<infer Page> ? Page : never
): Promise<void> {
  const through = messages.at(-1)?.position ?? 0;
  await readModels.commit(projection, source, through, (session) => projection.apply(messages, session));
}

async function timed({ knowledge }: Filled, asked: number): Promise<number> {
  const asOf = addDays(FOUNDED, 400 + (((asked + WARM) * 37) % 3_200));
  const organisation = OrganisationId.parse('bloc');
  const begun = performance.now();
  await coverage(knowledge, { organisation, asOf, by: 'organisation', excludeExempt: false });
  return performance.now() - begun;
}
