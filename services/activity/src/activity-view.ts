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

/** An activity as a list shows it. */
export const ActivityView = ToldDeed.extend({ id: z.string(), voided: z.boolean() }).meta({ id: 'Activity' });
