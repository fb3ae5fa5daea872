import { Deed } from '@phancong/contracts';
import { z } from 'zod';

/** A deed in the words of the request that told of it. */
const ToldDeed = Deed.omit({ savings: true, charity: true, bloodDonations: true }).extend({
  results: Deed.pick({ savings: true, charity: true, bloodDonations: true }),
});

export const asTold = ({ savings, charity, bloodDonations, ...deed }: Deed): z.infer<typeof ToldDeed> => ({
  ...deed,
  results: { savings, charity, bloodDonations },
});

/**
 * An activity as a list shows it. `outsideAssignment`: by what is known now the assignment was not active on that day, as it
 * was ended or corrected after the activity was logged; the activity counts until it is amended or voided.
 */
export const ActivityView = ToldDeed.extend({
  id: z.string(),
  voided: z.boolean(),
  outsideAssignment: z.literal(true).optional(),
}).meta({ id: 'Activity' });
