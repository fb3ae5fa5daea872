import { covers, existsOn, type MemberId, OrganisationId, type OrganisationTree, pathOn } from '@phancong/contracts';
import { type CommandHandler, type Day, Refusal } from '@phancong/event-sourcing';
import type { PersonKeys } from '@phancong/privacy';
import type { Found, Reader } from '@phancong/read-models';
import { fold } from '@phancong/vietnamese';
import { memberStream } from '../member-event.ts';
import { type MemberList, memberRow } from '../member-view.ts';
import { ORGANISATIONS } from '../organisation-event.ts';
import type { OrganisationCommand } from '../organisation-tree.ts';
import type { Organisations } from '../organisations.ts';
import { openMember, type Personal } from '../personal.ts';
import { cursorOf, placeAt, placeOf, staysByName } from './by-name.ts';
import {
  type CandidateStatus,
  rosterCandidates,
  type RosterMember,
  rosterMembers,
  type RosterStay,
} from './roster-documents.ts';

export interface RosterFinderOptions {
  readonly reader: Reader;
  readonly organisations: CommandHandler<Organisations, OrganisationCommand>;
  readonly keys: PersonKeys;
}

/** Which members: of an organisation and all below it on the day; by words of the name or the beginning of the code. */
export interface MembersWanted {
  readonly organisation?: OrganisationId | undefined;
  readonly q?: string | undefined;
  readonly on: Day;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface CandidatesWanted {
  readonly status?: CandidateStatus | undefined;
  readonly introducedBy?: MemberId | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A member with what is personal, opened. */
export interface OpenMember extends RosterMember {
  readonly personal: Personal;
}

/** Below this share of all cells it is cheaper to merge the cells' own lists than to pass over everyone else. */
const FEW = 0.1;

/** Answers who is where. Names are opened for the rows shown only. */
export class RosterFinder {
  readonly #options: RosterFinderOptions;

  constructor(options: RosterFinderOptions) {
    this.#options = options;
  }

  /** In order of given names, as lists are kept. Of the erased nothing is listed. */
  async list({ organisation, q, on, limit, cursor }: MembersWanted): Promise<MemberList> {
    const { organisations, reader } = this.#options;
    const { tree } = (await organisations.load(ORGANISATIONS)).state;
    const cells = organisation === undefined ? undefined : cellsOf(tree, organisation, on);
    const allowed = cells && new Set(cells);
    const few = cells && cells.length <= tree.size * FEW ? cells : undefined;
    const wanted = matching(q);
    const rows: Found<RosterStay>[] = [];
    let next: string | undefined;
    for await (const found of staysByName(reader, few, placeAt(cursor))) {
      const stay = found.doc;
      if (!covers(stay, on) || (allowed && !allowed.has(stay.cell)) || !wanted(stay)) continue;
      const last = rows.at(-1);
      if (last && rows.length === limit) {
        next = cursorOf(placeOf(last));
        break;
      }
      rows.push(found);
    }
    const known = await reader.getMany(
      rosterMembers,
      rows.map(({ doc }) => doc.member),
    );
    const opened = await Promise.all(rows.map(({ doc }) => this.#open(known.get(doc.member))));
    return { items: opened.flatMap((member) => (member ? [memberRow(member, member.personal, on)] : [])), next };
  }

  async candidates({ status, introducedBy, limit, cursor }: CandidatesWanted) {
    const query =
      introducedBy !== undefined
        ? { index: 'by-introducer', equals: [introducedBy] }
        : status === undefined
          ? { index: 'by-day' }
          : { index: 'by-status', equals: [status] };
    const { items, next } = await this.#options.reader.find(rosterCandidates, { ...query, limit, cursor });
    const wanted = items.filter(({ doc }) => status === undefined || doc.status === status);
    return { ids: wanted.map(({ doc }) => doc.candidate), next };
  }

  async #open(doc: RosterMember | undefined): Promise<OpenMember | undefined> {
    if (!doc) return undefined;
    const personal = await openMember(this.#options.keys, memberStream(doc.life.member), doc.sealed);
    return personal && { ...doc, personal };
  }
}

const known = new WeakMap<OrganisationTree, Map<string, readonly OrganisationId[]>>();

/** The cells of the organisation's subtree on the day. @throws Refusal `organisation-not-found` */
export function cellsOf(tree: OrganisationTree, organisation: OrganisationId, on: Day): readonly OrganisationId[] {
  if (!tree.has(organisation)) throw new Refusal('not-found', 'organisation-not-found', { organisation });
  const answers = known.get(tree) ?? new Map<string, readonly OrganisationId[]>();
  known.set(tree, answers);
  const key = `${on} ${organisation}`;
  const answer = answers.get(key) ?? found(tree, organisation, on);
  answers.set(key, answer);
  return answer;
}

const found = (tree: OrganisationTree, organisation: OrganisationId, on: Day): readonly OrganisationId[] =>
  [...tree.values()]
    .filter((each) => each.kind === 'cell' && existsOn(each, on) && pathOn(tree, each.id, on).includes(organisation))
    .map(({ id }) => id);

function matching(q: string | undefined): (stay: RosterStay) => boolean {
  const words = q === undefined ? '' : fold(q);
  if (words === '') return () => true;
  return ({ name, code }) => ` ${name?.folded ?? ''}`.includes(` ${words}`) || fold(code).startsWith(words);
}
