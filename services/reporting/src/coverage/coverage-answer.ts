import { GroupKind } from '@phancong/contracts';
import { Day, Instant } from '@phancong/event-sourcing';
import { z } from 'zod';
import { NamedOrganisation, Part } from '../facts/organisations.ts';

const count = z.int().nonnegative();

const Covered = {
  /** Members with at least one active assignment. */
  assigned: count,
  /** Those of them who asked for an active assignment themselves. */
  selfRegistered: count,
};

export const Coverage = z.object({
  due: count,
  ...Covered,
  /** `assigned` ÷ `due`, from 0 to 1; null when nobody is due. */
  rate: z.number().nullable(),
});
export type Coverage = Readonly<z.infer<typeof Coverage>>;

export const CoverageAnswer = z
  .object({
    organisation: NamedOrganisation,
    asOf: Day,
    knownAt: Instant,
    /** Opaque: what the answer includes. */
    position: z.string(),
    ...Coverage.shape,
    /** The direct parts on the day, those that are not there on it only with figures; or the kinds of groups. */
    parts: z.union([
      z.array(z.object({ ...Part.shape, ...Coverage.shape })),
      z.array(z.object({ groupKind: GroupKind, ...Covered })),
    ]),
  })
  .meta({ id: 'Coverage' });
export type CoverageAnswer = Readonly<z.infer<typeof CoverageAnswer>>;

export const CoverageTrend = z
  .object({ items: z.array(z.object({ asOf: Day, ...Coverage.shape })) })
  .meta({ id: 'CoverageTrend' });
export type CoverageTrend = Readonly<z.infer<typeof CoverageTrend>>;
