import { OrganisationId, OrganisationKind } from '@phancong/contracts';
import { Day, eventCodec } from '@phancong/event-sourcing';
import { z } from 'zod';

const organisation = { organisation: OrganisationId, occurredAt: Day };

/** Everything that the stream `organisations` holds: the history of the whole tree. */
export const OrganisationEvent = z.discriminatedUnion('type', [
  z.object({
    ...organisation,
    type: z.literal('OrganisationRegistered'),
    code: z.string(),
    name: z.string(),
    kind: OrganisationKind,
    parent: OrganisationId.optional(),
    enterprise: z.string().optional(),
    province: z.string().optional(),
  }),
  z.object({ ...organisation, type: z.literal('OrganisationRenamed'), name: z.string() }),
  z.object({ ...organisation, type: z.literal('OrganisationMoved'), parent: OrganisationId }),
  z.object({ ...organisation, type: z.literal('OrganisationMerged'), into: OrganisationId }),
  z.object({ ...organisation, type: z.literal('OrganisationDissolved') }),
]);
export type OrganisationEvent = z.infer<typeof OrganisationEvent>;

export const organisationCodec = eventCodec(OrganisationEvent);

/** One stream for the whole tree: codes, cycles and emptiness are decided in one place. */
export const ORGANISATIONS = 'organisations';
