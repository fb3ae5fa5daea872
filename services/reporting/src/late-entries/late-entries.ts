import { type MemberLife, OrganisationId } from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import type { Found, Page, Reader } from '@phancong/read-models';
import { z } from 'zod';
import { lifeOf, lives } from '../facts/members.ts';
import { organisationOn } from '../facts/organisations.ts';
import type { Knowledge } from '../knowledge.ts';
import { type Places, standsOn } from '../places.ts';
import { lateEntries, LateEntry } from './late-entry.ts';

export interface LateEntriesQuestion {
  /** First and last day on which they were written down. */
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
  /** Only what concerns it, and members who were in it or below it on the day that the entry is about. */
  readonly organisation?: OrganisationId | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** In the order in which they were written down. @throws Refusal not-found | invalid `invalid-cursor` */
export async function lateEntriesIn(
  { reader, trees }: Knowledge,
  { from, to, organisation, limit, cursor }: LateEntriesQuestion,
): Promise<Page<LateEntry>> {
  const places = await trees.now(reader);
  if (organisation !== undefined) organisationOn(places, organisation, to ?? Day.parse('9999-12-31'));
  const range = { index: 'recorded', ...(from && { from }), ...(to && { through: to }) };
  const items: Found<LateEntry>[] = [];
  let next = cursor;
  do {
    const page = await reader.find(lateEntries, { ...range, limit: limit - items.length, cursor: next });
    items.push(
      ...(organisation === undefined ? page.items : await concerning(organisation, page.items, places, reader)),
    );
    next = page.next;
  } while (next !== undefined && items.length < limit);
  return { items, next };
}

async function concerning(
  organisation: OrganisationId,
  entries: readonly Found<LateEntry>[],
  places: Places,
  reader: Reader,
): Promise<Found<LateEntry>[]> {
  const members = entries.flatMap(({ doc }) => doc.member ?? []);
  const known = await reader.getMany(lives, [...new Set(members)]);
  return entries.filter(({ doc: { member, organisation: itself, occurredAt } }) => {
    const at = itself ?? (member === undefined ? undefined : cellNear(lifeOf(known.get(member)), occurredAt));
    const under = at === undefined ? undefined : places.above(OrganisationId.parse(at)).get(organisation);
    return under !== undefined && standsOn(under, occurredAt);
  });
}

/** The cell on the day; for who leaves on the day, the cell that is left. */
const cellNear = (life: MemberLife | undefined, day: Day): OrganisationId | undefined =>
  (life?.stays.findLast(({ from }) => from <= day) ?? life?.stays[0])?.cell;

export const LateEntriesAnswer = z
  .object({ items: z.array(z.object({ id: z.string(), ...LateEntry.shape })), next: z.string().optional() })
  .meta({ id: 'LateEntries' });
