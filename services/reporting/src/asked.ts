import { OrganisationId } from '@phancong/contracts';
import { Day, instantOf, Refusal } from '@phancong/event-sourcing';
import { z } from 'zod';

/** Days that figures can be asked for. */
export const AskedDay = Day.refine((day) => '1900' <= day && day < '3000', { error: 'day-out-of-range' });

/** RFC 3339 with any offset. A `+` that was not escaped in the address arrives as a blank. */
const AskedInstant = z
  .string()
  .transform((text) => text.replace(/ (\d{2}:\d{2})$/, '+$1'))
  .pipe(z.iso.datetime({ offset: true }))
  .transform((text) => instantOf(new Date(text)));

/** What most questions name. */
export const asked = {
  organisation: OrganisationId,
  asOf: AskedDay.optional(),
  knownAt: AskedInstant.optional(),
};
export const excludeExempt = z.stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' }).optional();

/** @throws Refusal invalid `range-reversed` */
export function inOrder(from: Day, to: Day): void {
  if (from > to) throw new Refusal('invalid', 'range-reversed', { from, to });
}
