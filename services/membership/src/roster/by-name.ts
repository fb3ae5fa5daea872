import type { OrganisationId } from '@phancong/contracts';
import { Refusal } from '@phancong/event-sourcing';
import type { Found, Reader } from '@phancong/read-models';
import { z } from 'zod';
import { type RosterStay, rosterStays } from './roster-documents.ts';

/** Where a row stands among all in order of names. */
const Place = z.tuple([z.string(), z.string()]);
type Place = z.infer<typeof Place>;

export const placeOf = ({ id, doc }: Found<RosterStay>): Place => [doc.name?.sort ?? '', id];

export const cursorOf = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** @throws Refusal `invalid-cursor` */
export function placeAt(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  try {
    return Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof z.ZodError)) throw error;
    throw new Refusal('invalid', 'invalid-cursor');
  }
}

const isBefore = (one: Place, other: Place): boolean => one[0] < other[0] || (one[0] === other[0] && one[1] < other[1]);

const CHUNK = 50;

/** Stays in order of names, from behind a place on: those of one cell, or all. */
async function* stays(reader: Reader, cell: OrganisationId | undefined, after: Place | undefined) {
  const index = cell === undefined ? 'by-name' : 'by-cell-and-name';
  const equals = cell === undefined ? [] : [cell];
  const from = after === undefined ? {} : { from: after[0] };
  let cursor: string | undefined;
  do {
    const page = await reader.find(rosterStays, { index, equals, ...from, limit: CHUNK, cursor });
    for (const found of page.items) if (!after || isBefore(after, placeOf(found))) yield found;
    cursor = page.next;
  } while (cursor !== undefined);
}

/** Stays in these cells in order of names, from behind a place on; without cells, all. */
export async function* staysByName(
  reader: Reader,
  cells: readonly OrganisationId[] | undefined,
  after: Place | undefined,
): AsyncGenerator<Found<RosterStay>> {
  const sources = (cells ?? [undefined]).map((cell) => stays(reader, cell, after));
  const heads = new Map<number, Found<RosterStay>>();
  const draw = async (index: number): Promise<void> => {
    const next = await sources[index]?.next();
    if (next && !next.done) heads.set(index, next.value);
    else heads.delete(index);
  };
  for (const index of sources.keys()) await draw(index);
  for (;;) {
    let first: readonly [number, Found<RosterStay>] | undefined;
    for (const head of heads) if (!first || isBefore(placeOf(head[1]), placeOf(first[1]))) first = head;
    if (!first) return;
    yield first[1];
    await draw(first[0]);
  }
}
