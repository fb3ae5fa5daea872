import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { DomainEvent, EventCodec } from '../event-codec.ts';
import { Day } from '../time.ts';

export interface GoldenEvents<Event extends DomainEvent> {
  /** The folder of the files, e.g. `join(__dirname, '../golden')`; shared by all aggregates of a service. */
  readonly folder: string;
  /** The same schema that the codec has: a discriminated union on `type`. */
  readonly schema: z.ZodType<Event>;
  readonly codec: EventCodec<Event>;
  /** One event of each type, with every optional field filled in. */
  readonly samples: { readonly [Type in Event['type']]: Extract<Event, { readonly type: Type }> };
}

const Golden = z.object({
  type: z.string(),
  version: z.int().positive(),
  occurredAt: Day,
  data: z.record(z.string(), z.unknown()),
});

/**
 * Declares the tests that keep stored events readable for ever. `<Type>.v<version>.json` holds the stored form of each
 * version of each type. A test fails if a version has no file, if a file no longer decodes, or if the sample is stored
 * otherwise today than in the newest version's file: then the type needs a new version and an upcaster.
 * `UPDATE_GOLDEN=1` writes the files that are missing; it never changes one.
 */
export function goldenEvents<Event extends DomainEvent>(golden: GoldenEvents<Event>): void {
  if (process.env['UPDATE_GOLDEN'] === '1') writeMissing(golden);

  it('each type of event has a sample', () => {
    expect(samplesOf(golden).map(({ type }) => type)).toEqual(typesOf(golden));
  });

  it.each(samplesOf(golden))('$type is stored and read as in each of its versions', (sample) => {
    expect(goldenProblems(golden, sample)).toEqual([]);
  });
}

/** What is wrong with the sample's type, in words; nothing if all is well. */
export function goldenProblems<Event extends DomainEvent>(
  { folder, codec }: Pick<GoldenEvents<Event>, 'folder' | 'codec'>,
  sample: Event,
): string[] {
  const { type } = sample;
  const stored = codec.encode(sample);
  const problems: string[] = [];
  if (!isDeepStrictEqual(codec.decode(stored), sample)) problems.push(`${type} is not read as what was written`);
  for (let version = 1; version <= stored.version; version += 1) {
    const file = join(folder, `${type}.v${version}.json`);
    try {
      const { data, ...rest } = Golden.parse(JSON.parse(readFileSync(file, 'utf8')));
      const was = { ...rest, data: JSON.stringify(data) };
      if (was.type !== type || was.version !== version) problems.push(`${file} holds ${was.type} ${was.version}`);
      codec.decode(was);
      if (version === stored.version && !isDeepStrictEqual(was, { ...stored })) {
        problems.push(`${type} is stored otherwise than in ${file}: ${JSON.stringify(stored)}`);
      }
    } catch (error) {
      problems.push(`${file} is not read: ${String(error)}`);
    }
  }
  return problems;
}

/** Writes the newest version's file of each type that has none. */
export function writeMissing<Event extends DomainEvent>(golden: GoldenEvents<Event>): void {
  mkdirSync(golden.folder, { recursive: true });
  for (const sample of samplesOf(golden)) {
    const stored = golden.codec.encode(sample);
    const file = join(golden.folder, `${stored.type}.v${stored.version}.json`);
    if (existsSync(file)) continue;
    writeFileSync(file, `${JSON.stringify({ ...stored, data: JSON.parse(stored.data) }, null, 2)}\n`);
  }
}

const samplesOf = <Event extends DomainEvent>({ samples }: GoldenEvents<Event>): Event[] =>
  Object.values<Event>(samples).toSorted((one, other) => (one.type < other.type ? -1 : 1));

const typesOf = <Event extends DomainEvent>({ schema }: GoldenEvents<Event>): string[] =>
  [...(schema._zod.propValues?.['type'] ?? [])].map(String).sort();
