import { type Message, ServiceName } from '@phancong/contracts';
import { Instant } from '@phancong/event-sourcing';
import type { Evolving, ReadModel } from '@phancong/read-models';
import { z } from 'zod';

/** When the last message of a service was written down that the documents include; one for each service. */
const Heard = z.object({ recordedAt: Instant });
export type Heard = Readonly<z.infer<typeof Heard>>;
export const heard: ReadModel<Heard> = { name: 'heard', schema: Heard, indexes: {} };

export const heardFacts: Evolving<Heard> = {
  model: heard,
  ids: ({ source }: Message): [ServiceName] => [source],
  evolve: (known, { recordedAt }) => (known && known.recordedAt >= recordedAt ? known : { recordedAt }),
};
