import { setImmediate } from 'node:timers/promises';
import { MemberId } from '@phancong/contracts';
import type { EventStore, Position } from '@phancong/event-sourcing';
import type { PersonKeys } from '@phancong/privacy';
import type { Projection, ReadModels } from '@phancong/read-models';
import { fold } from '@phancong/vietnamese';
import { codeKey } from '../member-code.ts';
import { memberStream } from '../member-event.ts';
import type { Members } from '../members.ts';
import { openMember } from '../personal.ts';
import { rosterStays } from '../roster/roster-documents.ts';
import { figuresKey, type KnownMember } from './known-members.ts';
import type { RegisteredMember } from './register-row.ts';

export interface RecordedMembersOptions {
  readonly store: EventStore;
  readonly readModels: ReadModels;
  readonly roster: Projection;
  readonly members: Pick<Members, 'get'>;
  readonly keys: PersonKeys;
}

/** A row's member, and the id of the member that the row makes if nobody is meant. */
export interface RowMember {
  readonly member: RegisteredMember;
  readonly own: MemberId;
}

/** Of the recorded members those whom these rows may mean: by card number, else as made by the row, or by name. */
export type MeantMembers = (rows: readonly RowMember[]) => Promise<readonly KnownMember[]>;

/** Looks through the recorded members as they are now. */
export type RecordedMembers = () => Promise<MeantMembers>;

const PAGE = 1_000;
/** Opened side by side. */
const AT_ONCE = 256;

/**
 * Exact, though the roster lags: it only says whose streams to read, and of whom the log tells after it, all are read.
 * Beside them, personal fields are opened of those alone whom a row may mean, and kept no longer than the rows.
 */
export function recordedMembers({ store, readModels, roster, members, keys }: RecordedMembersOptions): RecordedMembers {
  const listed = async (found: Directory): Promise<void> => {
    let cursor: string | undefined;
    do {
      const page = await readModels.reader(roster).find(rosterStays, { index: 'by-cell', limit: PAGE, cursor });
      for (const { doc } of page.items) found.add(doc.member, doc.code, doc.name?.folded);
      cursor = page.next;
      // Others are served between two pages.
      await setImmediate();
    } while (cursor !== undefined);
  };

  const told = async (after: Position): Promise<ReadonlySet<MemberId>> => {
    const found = new Set<MemberId>();
    for (let position = after; ; ) {
      const events = await store.readAll(position, PAGE);
      for (const { stream } of events) {
        if (stream.startsWith(STREAM)) found.add(MemberId.parse(stream.slice(STREAM.length)));
      }
      const last = events.at(-1);
      if (!last) return found;
      position = last.position;
    }
  };

  const opened = async (member: MemberId): Promise<readonly KnownMember[]> => {
    const { state, revision } = await members.get(member);
    const stay = state.life.stays.at(-1);
    if (!stay) return [];
    const { code, admittedOn, officialOn, expertise, stays } = state.life;
    const personal = state.erased ? undefined : await openMember(keys, memberStream(member), state.sealed);
    const place = { cell: stay.cell, from: stay.from, workUnit: stay.workUnit, transferred: stays.length > 1 };
    const { standing } = state;
    return [
      {
        ...{ id: member, revision, code, admittedOn, officialOn, standing, expertise, ...place },
        ...(stay.until !== undefined && { left: { on: stay.until } }),
        ...(personal ?? { name: '' }),
      },
    ];
  };

  const openedAll = async function* (members: Iterable<MemberId>): AsyncGenerator<KnownMember> {
    const ids = [...members];
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      yield* (await Promise.all(ids.slice(at, at + AT_ONCE).map(opened))).flat();
    }
  };

  const meantBy = (directory: Directory): MeantMembers =>
    async function (rows) {
      const known = new Map<MemberId, KnownMember>();
      const open = async (members: Iterable<MemberId>): Promise<void> => {
        for await (const member of openedAll(members)) known.set(member.id, member);
      };
      const carded = rows.flatMap(({ member: { code } }) => (code === undefined ? [] : directory.byCard(code)));
      const made = rows.flatMap(({ own }) => (directory.has(own) ? [own] : []));
      await open(new Set([...carded, ...made]));
      const cards = new Set(Array.from(known.values(), ({ code }) => codeKey(code)));
      // Namesakes are many; they matter only for those whom no card has found.
      const others = rows.filter(({ member: { code } }) => code === undefined || !cards.has(codeKey(code)));
      const namesakes = new Set(others.flatMap(({ member }) => directory.byName(fold(member.name))));
      await open([...namesakes].filter((member) => !known.has(member)));
      return [...known.values()];
    };

  return async () => {
    const directory = new Directory();
    // The position first: what comes between it and the list is then told twice rather than never.
    const { membership: after = 0 } = await readModels.positions(roster);
    for await (const { id, code, name } of openedAll(await told(after))) directory.add(id, code, fold(name));
    await listed(directory);
    return meantBy(directory);
  };
}

/** Whose streams to read for a card number or a name. */
class Directory {
  readonly #all = new Set<MemberId>();
  readonly #byFigures = new Map<string, MemberId[]>();
  readonly #byName = new Map<string, MemberId[]>();

  add(member: MemberId, code: string, folded: string | undefined): void {
    this.#all.add(member);
    put(this.#byFigures, figuresKey(code), member);
    if (folded !== undefined) put(this.#byName, folded, member);
  }

  has(member: MemberId): boolean {
    return this.#all.has(member);
  }

  byCard(code: string): readonly MemberId[] {
    return this.#byFigures.get(figuresKey(code)) ?? [];
  }

  byName(folded: string): readonly MemberId[] {
    return this.#byName.get(folded) ?? [];
  }
}

function put(members: Map<string, MemberId[]>, key: string, member: MemberId): void {
  const known = members.get(key);
  if (!known) members.set(key, [member]);
  else if (!known.includes(member)) known.push(member);
}

const STREAM = 'member-';
