import {
  covers,
  emptyTree,
  type MemberId,
  type OrganisationId,
  type OrganisationTree,
  pathOn,
} from '@phancong/contracts';
import { type Day, Refusal } from '@phancong/event-sourcing';
import type { Found, Reader, ReadModel } from '@phancong/read-models';
import type { Circumstances } from '../settlement.ts';
import { cellStays, members, organisations } from './roster.ts';

const PAGE = 1_000;

/** What assignment knows of members and organisations, from membership's messages. */
export class KnownMembers {
  readonly #reader: Reader;
  #tree: OrganisationTree = emptyTree;
  #revision = -1;
  #fetching: Promise<OrganisationTree> | undefined;
  #next: Promise<OrganisationTree> | undefined;
  readonly #below = new Map<string, { readonly tree: OrganisationTree; readonly ids: readonly OrganisationId[] }>();

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /**
   * Kept in memory; each call fetches what has changed since. Calls that arrive during a fetch share the one after it,
   * so that each sees all that was there when it was made.
   */
  tree(): Promise<OrganisationTree> {
    if (!this.#fetching) {
      this.#fetching = this.#fetched().finally(() => (this.#fetching = undefined));
      return this.#fetching;
    }
    this.#next ??= this.#fetching.then(
      () => this.#fetchNext(),
      () => this.#fetchNext(),
    );
    return this.#next;
  }

  /** @throws Refusal `member-not-found` */
  async circumstances(member: MemberId): Promise<Circumstances> {
    const [known, tree] = await Promise.all([this.#reader.get(members, member), this.tree()]);
    if (!known) throw new Refusal('not-found', 'member-not-found', { id: member });
    return { life: known.life, successors: known.successors, tree };
  }

  /** The organisation and all below it on the day, by id. @throws Refusal `organisation-not-found` */
  async below(organisation: OrganisationId, on: Day): Promise<readonly OrganisationId[]> {
    const tree = await this.tree();
    if (!tree.has(organisation)) throw new Refusal('not-found', 'organisation-not-found', { id: organisation });
    const key = `${organisation} ${on}`;
    const known = this.#below.get(key);
    if (known?.tree === tree) return known.ids;
    const ids = [...tree.keys()].filter((id) => pathOn(tree, id, on).includes(organisation)).sort();
    this.#below.set(key, { tree, ids });
    for (const oldest of this.#below.keys()) {
      if (this.#below.size <= 20) break;
      this.#below.delete(oldest);
    }
    return ids;
  }

  /** Who is in the cell on the day, by id. */
  async membersIn(cell: OrganisationId, on: Day): Promise<readonly MemberId[]> {
    const there = await all(this.#reader, cellStays, { index: 'by-cell', equals: [cell] });
    return there.flatMap(({ doc: { member, spans } }) => (spans.some((span) => covers(span, on)) ? [member] : []));
  }

  /** Who is in the cell on some day from `since` on, by id. */
  async membersSince(cell: OrganisationId, since: Day): Promise<readonly MemberId[]> {
    const there = await all(this.#reader, cellStays, { index: 'by-cell', equals: [cell] });
    return there.flatMap(({ doc: { member, spans } }) =>
      spans.some(({ until }) => until === undefined || until > since) ? [member] : [],
    );
  }

  #fetchNext(): Promise<OrganisationTree> {
    this.#next = undefined;
    return this.tree();
  }

  async #fetched(): Promise<OrganisationTree> {
    const from = this.#revision + 1;
    const changed = await all(this.#reader, organisations, { index: 'by-revision', from });
    for (const { doc } of changed) {
      const { revision, ...organisation } = doc;
      this.#tree = this.#tree.set(organisation.id, organisation);
      this.#revision = Math.max(this.#revision, revision);
    }
    return this.#tree;
  }
}

/** Every document of a range. */
export async function all<Doc extends object>(
  reader: Reader,
  model: ReadModel<Doc>,
  range: { readonly index: string; readonly equals?: readonly string[]; readonly from?: number },
): Promise<readonly Found<Doc>[]> {
  const found: Found<Doc>[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = await reader.find(model, { ...range, limit: PAGE, cursor });
    found.push(...items);
    cursor = next;
  } while (cursor !== undefined);
  return found;
}
