import {
  emptyTree,
  evolveTree,
  existsOn,
  type Message,
  nameOn,
  OrganisationId,
  OrganisationKind,
  OrganisationMessage,
  type OrganisationTree,
} from '@phancong/contracts';
import { Day, type Instant, Refusal, type Revision } from '@phancong/event-sourcing';
import type { Evolving, Reader, ReadModel } from '@phancong/read-models';
import { z } from 'zod';
import { Places } from '../places.ts';

/** All that was ever written down of one organisation, in that order. */
const Organisation = z.object({ entries: z.array(OrganisationMessage) });
type Organisation = z.infer<typeof Organisation>;

const lastRevision = ({ entries }: Organisation): Revision => entries.at(-1)?.revision ?? -1;

export const organisations: ReadModel<Organisation> = {
  name: 'organisations',
  schema: Organisation,
  indexes: { revision: (organisation) => [lastRevision(organisation)] },
};

export const isOrganisationMessage = (message: Message): message is OrganisationMessage =>
  message.source === 'membership' && 'organisation' in message;

export const organisationFacts: Evolving<Organisation> = {
  model: organisations,
  ids: (message) => (isOrganisationMessage(message) ? [message.organisation] : []),
  evolve(known, message) {
    if (!isOrganisationMessage(message)) return known;
    if (known && message.revision <= lastRevision(known)) return known;
    return { entries: [...(known?.entries ?? []), message] };
  },
};

/** The trees of one log: remembers what was read of them, so that only news is read again. */
export class Trees {
  /** In the order in which they were written down. */
  #entries: OrganisationMessage[] = [];
  #latest: { readonly entries: number; readonly places: Places } = { entries: 0, places: new Places(emptyTree) };

  /** As it is told now. */
  async now(reader: Reader): Promise<Places> {
    return this.#latestOf(await this.#read(reader));
  }

  /** As it is told now, and as it was told at the instant: the very same places if nothing was told since. */
  async at(reader: Reader, instant: Instant): Promise<{ readonly now: Places; readonly then: Places }> {
    const entries = await this.#read(reader);
    const now = this.#latestOf(entries);
    if ((entries.at(-1)?.recordedAt ?? instant) <= instant) return { now, then: now };
    return {
      now,
      then: placesAfter(
        emptyTree,
        entries.filter(({ recordedAt }) => recordedAt <= instant),
      ),
    };
  }

  #latestOf(entries: readonly OrganisationMessage[]): Places {
    const { entries: folded, places } = this.#latest;
    if (folded === entries.length) return places;
    // A reader of documents that are still being rebuilt may be behind what is known here.
    if (folded > entries.length) return placesAfter(emptyTree, entries);
    const news = placesAfter(places.tree, entries.slice(folded));
    this.#latest = { entries: entries.length, places: news };
    return news;
  }

  async #read(reader: Reader): Promise<readonly OrganisationMessage[]> {
    const newest = await reader.find(organisations, { index: 'revision', descending: true, limit: 1 });
    const head = newest.items[0] ? lastRevision(newest.items[0].doc) : -1;
    if (head > this.#last()) {
      const { items } = await reader.find(organisations, { index: 'revision', from: this.#last() + 1 });
      const read = items.flatMap(({ doc }) => doc.entries);
      // Asked again: another reading may have brought them in the meantime.
      const news = read.filter(({ revision }) => revision > this.#last() && revision <= head);
      this.#entries.push(...news.sort((one, other) => one.revision - other.revision));
    }
    const known = this.#entries.findLastIndex(({ revision }) => revision <= head);
    return known === this.#entries.length - 1 ? this.#entries : this.#entries.slice(0, known + 1);
  }

  #last(): Revision {
    return this.#entries.at(-1)?.revision ?? -1;
  }
}

const placesAfter = (tree: OrganisationTree, entries: readonly OrganisationMessage[]): Places =>
  new Places(entries.reduce(evolveTree, tree));

/** An organisation by the name that it had on the day asked for. */
export const NamedOrganisation = z.object({ id: OrganisationId, name: z.string(), kind: OrganisationKind });
export type NamedOrganisation = Readonly<z.infer<typeof NamedOrganisation>>;

/** A direct part as an answer names it; one that is no longer there says since when. */
export const Part = z.object({ organisation: NamedOrganisation, until: Day.optional() });
export type Part = Readonly<z.infer<typeof Part>>;

/** @throws Refusal not-found */
export function organisationOn({ tree }: Places, id: OrganisationId, day: Day): NamedOrganisation {
  const known = tree.get(id);
  if (!known) throw new Refusal('not-found', 'organisation-not-found', { id });
  return { id, name: nameOn(known, day), kind: known.kind };
}

/** The direct parts on the day in order of their codes; `there` tells whether it exists on that day. */
export function partsOn(places: Places, id: OrganisationId, day: Day): readonly (Part & { readonly there: boolean })[] {
  const known = places.parts(id, day).flatMap((part) => places.tree.get(part) ?? []);
  return known
    .sort((one, other) => (one.code < other.code ? -1 : one.code > other.code ? 1 : one.id < other.id ? -1 : 1))
    .map((part) => ({
      organisation: organisationOn(places, part.id, day),
      there: existsOn(part, day),
      ...(part.closed && part.closed.on <= day && { until: part.closed.on }),
    }));
}
