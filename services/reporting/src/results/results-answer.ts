import { Day, Instant } from '@phancong/event-sourcing';
import { z } from 'zod';
import { Campaign } from '../facts/campaigns.ts';
import { NamedOrganisation, Part } from '../facts/organisations.ts';

const count = z.number().nonnegative();

/** Money in đồng; blood donations and visits in turns (lượt); candidates introduced, trained, admitted; people reached, as reported. */
export const Results = z.object({
  savings: count,
  charity: count,
  bloodDonations: count,
  introduced: count,
  trained: count,
  admitted: count,
  reached: count,
  visits: count,
  activities: count,
});
export type Results = Readonly<z.infer<typeof Results>>;

/** Steps of candidates, each counted on its own day. */
export const Steps = z.object({ introduced: count, trained: count, admitted: count, withdrawn: count });
export type Steps = Readonly<z.infer<typeof Steps>>;

const asked = {
  organisation: NamedOrganisation,
  from: Day,
  to: Day,
  asOf: Day,
  knownAt: Instant,
  /** Opaque: what the answer includes. */
  position: z.string(),
};

export const ResultsAnswer = z
  .object({
    ...asked,
    ...Results.shape,
    /** The direct parts on `asOf`, those that are not there on it only with figures; or campaigns, or years, with figures. */
    parts: z.union([
      z.array(z.object({ ...Part.shape, ...Results.shape })),
      /** null: what belongs to no campaign */
      z.array(z.object({ campaign: Campaign.nullable(), ...Results.shape })),
      z.array(z.object({ year: z.int(), ...Results.shape })),
    ]),
  })
  .meta({ id: 'Results' });
export type ResultsAnswer = Readonly<z.infer<typeof ResultsAnswer>>;

export const FunnelAnswer = z
  .object({ ...asked, ...Steps.shape, parts: z.array(z.object({ ...Part.shape, ...Steps.shape })) })
  .meta({ id: 'Funnel' });
export type FunnelAnswer = Readonly<z.infer<typeof FunnelAnswer>>;
