import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { eventCodec } from '../event-codec.ts';
import { Day } from '../time.ts';
import { type GoldenEvents, goldenEvents, goldenProblems, writeMissing } from './golden-events.ts';

const occurredAt = Day.parse('2014-05-01');
const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('GroupFormed'), occurredAt: Day, name: z.string(), headcount: z.int() }),
  z.object({ type: z.literal('GroupClosed'), occurredAt: Day }),
]);
type GroupEvent = z.infer<typeof schema>;
const formed: GroupEvent = { type: 'GroupFormed', occurredAt, name: 'Tổ 7', headcount: 12 };

describe('golden files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'phancong-golden-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const golden: GoldenEvents<GroupEvent> = {
    folder: join(folder, 'passing'),
    schema,
    codec: eventCodec(schema),
    samples: { GroupFormed: formed, GroupClosed: { type: 'GroupClosed', occurredAt } },
  };
  writeMissing(golden);

  describe('of a service where all is well', () => goldenEvents(golden));

  describe('of a service where something changed', () => {
    let changed: GoldenEvents<GroupEvent>;
    const file = (): string => join(changed.folder, 'GroupFormed.v1.json');
    beforeEach(() => {
      changed = { ...golden, folder: mkdtempSync(join(folder, 'changed-')) };
      writeMissing(changed);
    });

    it('are written once, and not again', () => {
      expect(readdirSync(changed.folder)).toEqual(['GroupClosed.v1.json', 'GroupFormed.v1.json']);
      writeFileSync(file(), '{}');
      writeMissing(changed);
      expect(readFileSync(file(), 'utf8')).toBe('{}');
    });

    it('tell of a version without a file', () => {
      rmSync(file());
      expect(goldenProblems(changed, formed)).toEqual([expect.stringContaining('ENOENT')]);
    });

    it('tell of a file that is no longer read', () => {
      writeFileSync(file(), readFileSync(file(), 'utf8').replace('"headcount"', '"people"'));
      expect(goldenProblems(changed, formed)).toEqual([expect.stringContaining('is not read')]);
    });

    it('tell of a type that is stored in another way', () => {
      writeFileSync(file(), readFileSync(file(), 'utf8').replace('12', '13'));
      expect(goldenProblems(changed, formed)).toEqual([expect.stringContaining('is stored otherwise')]);
      const swapped = { ...golden.codec.encode(formed), data: { headcount: 12, name: 'Tổ 7' } };
      writeFileSync(file(), JSON.stringify(swapped));
      expect(goldenProblems(changed, formed)).toEqual([expect.stringContaining('is stored otherwise')]);
    });

    it('tell of a file that holds something else', () => {
      writeFileSync(file(), readFileSync(join(changed.folder, 'GroupClosed.v1.json')));
      expect(goldenProblems(changed, formed)).toContainEqual(expect.stringContaining('holds GroupClosed 1'));
    });

    it('tell of a field that is lost on the way', () => {
      const codec = eventCodec(schema, {});
      const losing = { ...codec, decode: () => ({ type: 'GroupClosed' as const, occurredAt }) };
      expect(goldenProblems({ ...changed, codec: losing }, formed)).toContainEqual(
        'GroupFormed is not read as what was written',
      );
    });

    it('want every version, old ones too', () => {
      const codec = eventCodec(schema, { GroupFormed: [({ people, ...rest }) => ({ ...rest, headcount: people })] });
      const next = { ...changed, codec };
      writeMissing(next);
      writeFileSync(file(), readFileSync(file(), 'utf8').replace('"headcount"', '"people"'));
      expect(goldenProblems(next, formed)).toEqual([]);
      rmSync(file());
      expect(goldenProblems(next, formed)).toHaveLength(1);
    });
  });
});
