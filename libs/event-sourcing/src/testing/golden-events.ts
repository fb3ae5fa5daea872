import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
export function goldenEvents<Event extends DomainEvent>({ folder, schema, codec, samples }: GoldenEvents<Event>): void {
  const types = [...(schema._zod.propValues?.['type'] ?? [])].map(String);
  const byType = new Map(Object.values<Event>(samples).map((sample) => [sample.type, sample]));

  it('each type of event has a sample', () => {
    expect([...byType.keys()].sort()).toEqual(types.sort());
  });

  describe.each([...byType])('%s as stored', (type, sample) => {
    const stored = codec.encode(sample);
    const newest = join(folder, `${type}.v${stored.version}.json`);
    if (process.env['UPDATE_GOLDEN'] === '1' && !existsSync(newest)) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(newest, `${JSON.stringify({ ...stored, data: JSON.parse(stored.data) }, null, 2)}\n`);
    }
    const read = (file: string): z.infer<typeof Golden> => Golden.parse(JSON.parse(readFileSync(file, 'utf8')));

    it('has a file for each version', () => {
      const files = existsSync(folder) ? readdirSync(folder) : [];
      const versions = Array.from({ length: stored.version }, (_, index) => `${type}.v${index + 1}.json`);
      expect(files.filter((file) => file.startsWith(`${type}.v`)).sort()).toEqual(versions.sort());
    });

    it('is stored as it was before', () => {
      const { data, ...rest } = read(newest);
      expect({ ...rest, data: JSON.stringify(data) }).toEqual(stored);
    });

    it('is read as what was written', () => {
      expect(codec.decode(stored)).toEqual(sample);
    });

    it.each(Array.from({ length: stored.version }, (_, index) => index + 1))('version %i is still read', (version) => {
      const { data, ...rest } = read(join(folder, `${type}.v${version}.json`));
      expect(rest).toMatchObject({ type, version });
      expect(codec.decode({ ...rest, data: JSON.stringify(data) }).type).toBe(type);
    });
  });
}
