import { OrganisationId } from '@phancong/contracts';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
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

/** What most questions name; the descriptions are for the OpenAPI document. */
export const asked = {
  organisation: OrganisationId.meta({ description: 'Id of the organisation; all below it on the day counts too.' }),
  asOf: (otherwise: string) =>
    AskedDay.optional().meta({
      description: `The day whose tree and figures are meant; ${otherwise} unless told. A day to come is answered by what is written down by now.`,
    }),
  knownAt: AskedInstant.optional().meta({
    description:
      'As it was known then: counts what was recorded at this instant or before. An instant that is not over yet is answered as ' +
      'of now. The answer names the instant: asked again with it, it is the same.',
  }),
};
export const excludeExempt = z
  .stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' })
  .optional()
  .meta({
    description: 'Leaves members out who are exempt on the day, of all figures; as the policy says unless told.',
  });

/** Whether the request waits for a command by its `position`: its answer then includes all that is written down by now. */
export const Current = createParamDecorator(
  (_: unknown, context: ExecutionContext): boolean =>
    'position' in Object(context.switchToHttp().getRequest<{ readonly query: unknown }>().query),
);

/** @throws Refusal invalid `range-reversed` */
export function inOrder(from: Day, to: Day): void {
  if (from > to) throw new Refusal('invalid', 'range-reversed', { from, to });
}
