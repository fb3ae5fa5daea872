import {
  type Appended,
  DuplicateEvent,
  type ExpectedRevision,
  LeastRecentlyUsed,
  type NewEvent,
  type Position,
  type Revision,
  WrongExpectedRevision,
} from '@phancong/event-sourcing';
import type { Database } from 'better-sqlite3';
import { onlyRowRefused, sqliteCode } from './disk-errors.ts';
import { uuidBytes } from './uuid-bytes.ts';

export interface Append {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
  /** When it was asked for, ms since 1970. */
  readonly at: number;
}

export type Outcome = { readonly made: Appended } | { readonly refused: unknown };

export interface LogWriter {
  /**
   * Makes the appends, in their order, in one transaction: each is answered or refused by itself.
   * When it throws, nothing of any of them is kept.
   */
  write(group: readonly Append[]): readonly Outcome[];
  /** What is written from now on is recorded later than `at` and the last event. @returns that time, and where the log ends */
  seal(at: number): LogEnd;
}

/** A stream's key in the file (0: not there yet) and its last revision (-1: no event). */
interface StreamEnd {
  readonly key: number;
  readonly revision: Revision;
}

/** The end of the log: the position of its last event and the time written in it, ms since 1970. */
interface LogEnd {
  readonly position: Position;
  readonly recordedAt: number;
}

const KNOWN_STREAMS = 20_000;

type EventRow = [number, number, number, Buffer, Buffer, string, number, string, number, string, string];

export function logWriter(db: Database): LogWriter {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
  const logEnd = db.prepare<[], LogEnd>(
    'SELECT position, recorded_at AS recordedAt FROM events ORDER BY position DESC LIMIT 1',
  );
  const streamEnd = db.prepare<[string], StreamEnd>(
    `SELECT id AS key, coalesce((SELECT max(revision) FROM events WHERE stream = streams.id), -1) AS revision
     FROM streams WHERE name = ?`,
  );
  const standing = db
    .prepare<
      [number, number, number],
      [Buffer, number, number]
    >('SELECT id, revision, position FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT +?')
    .raw();
  const addStream = db.prepare<[string]>('INSERT INTO streams (name) VALUES (?)');
  const addEvent = db.prepare<EventRow>('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const dropEventsAfter = db.prepare<[number]>('DELETE FROM events WHERE position > ?');
  const dropStream = db.prepare<[string]>('DELETE FROM streams WHERE name = ?');

  // What is known of the file, kept as long as nobody else writes to it. Changed only by what is committed.
  let version: number | undefined;
  let end: LogEnd = { position: 0, recordedAt: 0 };
  let ends = new LeastRecentlyUsed<string, StreamEnd>(KNOWN_STREAMS);
  // Of the group being written.
  let groupEnd = end;
  const groupEnds = new Map<string, StreamEnd>();
  let sealed = -Infinity;

  const lookAgainIfChanged = (): void => {
    const now = dataVersion.get();
    if (now === version) return;
    end = logEnd.get() ?? { position: 0, recordedAt: 0 };
    ends = new LeastRecentlyUsed(KNOWN_STREAMS);
    version = now;
  };

  const endOf = (stream: string): StreamEnd =>
    groupEnds.get(stream) ?? ends.get(stream) ?? streamEnd.get(stream) ?? { key: 0, revision: -1 };

  /** The answer that the very same append was given before, if it was made. */
  const earlierAnswer = ({ expected, events }: Append, { key }: StreamEnd): Appended | undefined => {
    const rows = standing.all(key, expected === 'none' ? 0 : expected + 1, events.length);
    const same = events.every(({ id }, index) => rows[index]?.[0].equals(uuidBytes(id)));
    const last = rows.at(-1);
    return same && last ? { revision: last[1], position: last[2] } : undefined;
  };

  const insert = ({ stream, events, at }: Append, from: StreamEnd): Appended => {
    const key = from.key === 0 ? Number(addStream.run(stream).lastInsertRowid) : from.key;
    const recordedAt = Math.max(at, groupEnd.recordedAt, sealed + 1);
    let { revision } = from;
    let { position } = groupEnd;
    for (const { id, command, type, version, occurredAt, by, data } of events) {
      const [ids, commands] = [uuidBytes(id), uuidBytes(command)];
      const place: [number, number, number] = [position + 1, key, revision + 1];
      try {
        addEvent.run(...place, ids, commands, type, version, occurredAt, recordedAt, by, data);
      } catch (error) {
        throw sqliteCode(error) === 'SQLITE_CONSTRAINT_UNIQUE' ? new DuplicateEvent(id) : error;
      }
      position += 1;
      revision += 1;
    }
    groupEnds.set(stream, { key, revision });
    groupEnd = { position, recordedAt };
    return { revision, position };
  };

  const answer = (append: Append): Outcome => {
    const from = endOf(append.stream);
    const actual = from.revision === -1 ? 'none' : from.revision;
    if (actual !== append.expected) {
      const made = earlierAnswer(append, from);
      return made ? { made } : { refused: new WrongExpectedRevision(append.stream, append.expected, actual) };
    }
    try {
      return { made: insert(append, from) };
    } catch (error) {
      if (!onlyRowRefused(error)) throw error;
      // Cheaper than looking every id up beforehand, or a savepoint for every append.
      dropEventsAfter.run(groupEnd.position);
      if (from.key === 0) dropStream.run(append.stream);
      return { refused: error };
    }
  };

  return {
    write(group) {
      try {
        begin.run();
        lookAgainIfChanged();
        groupEnd = end;
        const answers = group.map(answer);
        commit.run();
        end = groupEnd;
        for (const [stream, streamEnd] of groupEnds) ends.set(stream, streamEnd);
        return answers;
      } catch (error) {
        // After a full disk SQLite may have ended the transaction by itself.
        if (db.inTransaction) rollback.run();
        throw error;
      } finally {
        groupEnds.clear();
      }
    },
    seal(at) {
      lookAgainIfChanged();
      const latest = Math.max(at, end.recordedAt);
      sealed = Math.max(sealed, latest);
      return { position: end.position, recordedAt: latest };
    },
  };
}
