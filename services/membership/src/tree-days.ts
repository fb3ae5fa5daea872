import type { OrganisationId, OrganisationTree, Span } from '@phancong/contracts';
import { earlierEnd, laterOf } from './entry.ts';

/** An organisation during a span of days. */
export interface Place extends Span {
  readonly id: OrganisationId;
}

const place = (id: OrganisationId, from: Span['from'], until: Span['until']): readonly Place[] =>
  until !== undefined && until <= from ? [] : [{ id, from, until }];

/** What the organisation is during the span: itself, then what it was merged into, and so on. */
export function becomes(tree: OrganisationTree, { id, from, until }: Place): readonly Place[] {
  const closed = tree.get(id)?.closed;
  if (closed?.into === undefined) return place(id, from, until);
  const rest = place(closed.into, laterOf(from, closed.on), until);
  return [...place(id, from, earlierEnd(until, closed.on)), ...rest.flatMap((part) => becomes(tree, part))];
}

/** Of which organisations it is a part during the span. */
export function parentsDuring(tree: OrganisationTree, { id, from, until }: Place): readonly Place[] {
  const parents = tree.get(id)?.parents ?? [];
  return parents.flatMap((entry, index) =>
    place(entry.parent, laterOf(entry.from, from), earlierEnd(parents[index + 1]?.from, until)).flatMap((parent) =>
      becomes(tree, parent),
    ),
  );
}

/** Whether on any day of the span `above` is the organisation, or stands above it. */
export const isOrStandsAbove = (tree: OrganisationTree, above: OrganisationId, below: Place): boolean =>
  becomes(tree, below).some(
    (part) => part.id === above || parentsDuring(tree, part).some((parent) => isOrStandsAbove(tree, above, parent)),
  );
