import { MemberId } from '@phancong/contracts';
import type { EventStore, Position } from '@phancong/event-sourcing';
import type { PersonKeys } from '@phancong/privacy';
import type { Projection, ReadModels } from '@phancong/read-models';
import { fold } from '@phancong/vietnamese';
import { memberStream } from '../member-event.ts';
import type { Members } from '../members.ts';
import { openMember } from '../personal.ts';
import { rosterStays } from '../roster/roster-documents.ts';
import { cardKey, type KnownMember } from './known-members.ts';
import type { RegisteredMember } from './register-row.ts';

export interface RecordedMembersOptions {
  readonly store: EventStore;
  readonly readModels: ReadModels;
  readonly roster: Projection;
  readonly members: Pick<Members, 'get'>;
  readonly keys: PersonKeys;
}

/** Those among the recorded members whom a register may mean, by card number or by name. */
export type RecordedMembers = (registered: readonly RegisteredMember[]) => Promise<readonly KnownMember[]>;

const PAGE = 1_000;
/** Opened side by side. */
const AT_ONCE = 256;

/**
 * Exact, though the roster lags: it only says whose streams to read, and of whom the log tells after it, all are read.
 * Personal fields are opened of those alone whom the register may mean.
 */
export function recordedMembers({ store, readModels, roster, members, keys }: RecordedMembersOptions): RecordedMembers {
  const listed = async (meant: (code: string, name: string | undefined) => boolean): Promise<MemberId[]> => {
    const found: MemberId[] = [];
    let cursor: string | undefined;
    do {
      const page = await readModels.reader(roster).find(rosterStays, { index: 'by-cell', limit: PAGE, cursor });
      for (const { doc } of page.items) if (meant(doc.code, doc.name?.folded)) found.push(doc.member);
      cursor = page.next;
    } while (cursor !== undefined);
    return found;
  };

  const told = async (after: Position): Promise<MemberId[]> => {
    const found: MemberId[] = [];
    for (let position = after; ; ) {
      const events = await store.readAll(position, PAGE);
      for (const { stream } of events) {
        if (stream.startsWith(STREAM)) found.push(MemberId.parse(stream.slice(STREAM.length)));
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

  return async (registered) => {
    const cards = new Set(registered.flatMap(({ code }) => (code === undefined ? [] : [cardKey(code)])));
    const names = new Set(registered.map(({ name }) => fold(name)));
    // The position first: what comes between it and the list is then told twice rather than never.
    const { membership: after = 0 } = await readModels.positions(roster);
    const meant = (code: string, name = ''): boolean => cards.has(cardKey(code)) || names.has(name);
    const ids = [...new Set([...(await told(after)), ...(await listed(meant))])];
    const known: KnownMember[] = [];
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      known.push(...(await Promise.all(ids.slice(at, at + AT_ONCE).map(opened))).flat());
    }
    return known;
  };
}

const STREAM = 'member-';
