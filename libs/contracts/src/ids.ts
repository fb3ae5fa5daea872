import { idText } from '@phancong/event-sourcing';
import type { z } from 'zod';

export const OrganisationId = idText.brand<'OrganisationId'>();
export type OrganisationId = z.infer<typeof OrganisationId>;
export const MemberId = idText.brand<'MemberId'>();
export type MemberId = z.infer<typeof MemberId>;
export const CandidateId = idText.brand<'CandidateId'>();
export type CandidateId = z.infer<typeof CandidateId>;
export const GroupId = idText.brand<'GroupId'>();
export type GroupId = z.infer<typeof GroupId>;
/** Of an assignment, and of the registration that it may have grown from. */
export const AssignmentId = idText.brand<'AssignmentId'>();
export type AssignmentId = z.infer<typeof AssignmentId>;
export const ActivityId = idText.brand<'ActivityId'>();
export type ActivityId = z.infer<typeof ActivityId>;
export const CampaignId = idText.brand<'CampaignId'>();
export type CampaignId = z.infer<typeof CampaignId>;
