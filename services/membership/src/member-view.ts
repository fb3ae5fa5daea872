import { covers, MemberId, OrganisationId, Span, Standing, Stay, stayOn } from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { z } from 'zod';
import { leftOn, type Member, standingOn } from './member-state.ts';
import { Personal } from './personal.ts';

const onTheDay = {
  id: MemberId,
  code: z.string(),
  cell: OrganisationId.optional(),
  workUnit: z.string().optional(),
  /** First day in the cell. */
  from: Day.optional(),
  standing: Standing,
  admittedOn: Day,
  officialOn: Day.optional(),
  exempt: z.boolean(),
};

export const MemberRow = z
  .object({ ...onTheDay, ...Personal.pick({ name: true, birthDate: true }).shape })
  .meta({ id: 'MemberRow' });
export type MemberRow = z.infer<typeof MemberRow>;
export const MemberList = z.object({ items: z.array(MemberRow), next: z.string().optional() });
export type MemberList = z.infer<typeof MemberList>;

/** Of the erased there are no personal fields. */
export const MemberDetail = z
  .object({
    ...onTheDay,
    ...Personal.partial().shape,
    expertise: z.string().optional(),
    stays: z.array(Stay),
    exemptions: z.array(Span),
    leftOn: Day.optional(),
    erased: z.boolean(),
    revision: z.int(),
  })
  .meta({ id: 'Member' });
export type MemberDetail = z.infer<typeof MemberDetail>;

type Living = Pick<Member, 'life' | 'standing'>;

const dayOf = ({ life, standing }: Living, on: Day) => {
  const { member, code, admittedOn, officialOn, exemptions } = life;
  const stay = stayOn(life, on);
  return {
    ...{ id: member, code, cell: stay?.cell, workUnit: stay?.workUnit, from: stay?.from },
    ...{ standing: standingOn({ life, standing }, on), admittedOn, officialOn },
    exempt: exemptions.some((span) => covers(span, on)),
  };
};

/** A member as the list of a day shows it. */
export const memberRow = (living: Living, { name, birthDate }: Personal, on: Day): MemberRow => ({
  ...dayOf(living, on),
  name,
  birthDate,
});

export const memberDetail = (
  state: Member,
  personal: Personal | undefined,
  on: Day,
  revision: number,
): MemberDetail => ({
  ...dayOf(state, on),
  ...personal,
  expertise: state.life.expertise,
  stays: [...state.life.stays],
  exemptions: [...state.life.exemptions],
  leftOn: leftOn(state.life),
  erased: state.erased,
  revision,
});
