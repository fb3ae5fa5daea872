import Database from 'better-sqlite3';

/** An event as a client proposes it. */
export interface Proposed {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** An event as the server keeps it. */
export interface Stored extends Proposed {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  /** Ticks of 100 ns since 1970. */
  readonly created: string;
}

/** -1: the stream must not exist. */
export type Expected = number | 'any' | 'exists';

export type Outcome =
  | { readonly made: { readonly revision: number; readonly position: number | undefined } }
  | { readonly current: number };

export type Matches = (event: { readonly stream: string; readonly type: string }) => boolean;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY, stream TEXT NOT NULL, revision INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
    contentType TEXT NOT NULL, data BLOB NOT NULL, metadata BLOB NOT NULL, created TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS events_by_stream ON events (stream, revision);
`;
/** What a record takes in the server's log beside its texts. */
const RECORD_BYTES = 120;
const END = Number.MAX_SAFE_INTEGER;

/**
 * What the server keeps, in SQLite. Positions are offsets as in the server's own log: they grow, far apart and
 * uneven, and `$all` holds what the server itself writes too. Ids of events are compared only where the server does it:
 * at the place in the stream where a repeated append would stand.
 */
export function serverLog(file: string) {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.exec(SCHEMA);
  const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const last = db.prepare<[string], Stored>('SELECT * FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 1');
  const inStream = db.prepare<[string, number, number], Stored>(
    'SELECT * FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?',
  );
  const backInStream = db.prepare<[string, number, number], Stored>(
    'SELECT * FROM events WHERE stream = ? AND revision <= ? ORDER BY revision DESC LIMIT ?',
  );
  const all = db.prepare<[number, number], Stored>(
    'SELECT * FROM events WHERE position >= ? ORDER BY position LIMIT ?',
  );
  const backInAll = db.prepare<[number, number], Stored>(
    'SELECT * FROM events WHERE position < ? ORDER BY position DESC LIMIT ?',
  );
  const at = db.prepare<[number], number>('SELECT 1 FROM events WHERE position = ?').pluck();
  const end = db.prepare<[], number>('SELECT position FROM events ORDER BY position DESC LIMIT 1').pluck();
  const listeners = new Set<() => void>();

  const write = (stream: string, after: number, events: readonly Proposed[]): Stored | undefined => {
    let position = end.get() ?? 0;
    events.forEach(({ id, type, contentType, data, metadata }, index) => {
      position += RECORD_BYTES + 2 * stream.length + type.length + data.length + metadata.length;
      const created = String(Date.now() * 10_000);
      insert.run(position, stream, after + 1 + index, id, type, contentType, data, metadata, created);
    });
    return last.get(stream);
  };

  const append = db.transaction((stream: string, expected: Expected, events: readonly Proposed[]): Outcome => {
    const current = last.get(stream)?.revision ?? -1;
    if (expected === 'any' || (expected === 'exists' && current >= 0) || expected === current) {
      const stored = write(stream, current, events);
      return { made: { revision: stored?.revision ?? -1, position: stored?.position } };
    }
    if (expected === 'exists' || expected > current) return { current };
    const standing = inStream.all(stream, expected + 1, events.length);
    if (!events.every(({ id }, index) => standing[index]?.id === id)) return { current };
    // The server answers a repeat, but its position is not promised: of what is some way back it may know none.
    const revision = expected + events.length;
    return { made: { revision, position: revision === current ? standing[0]?.position : undefined } };
  });

  return {
    append(stream: string, expected: Expected, events: readonly Proposed[]): Outcome {
      const outcome = append.immediate(stream, expected, events);
      if ('made' in outcome) listeners.forEach((listener) => listener());
      return outcome;
    },
    exists: (stream: string): boolean => last.get(stream) !== undefined,
    /** From revision `from` on; backwards from `from` down. */
    readStream: (stream: string, from: number, limit: number, backwards = false): Stored[] =>
      (backwards ? backInStream : inStream).all(stream, from, Math.min(limit, END)),
    /** Forwards from the event at `position`, backwards from the one before it. */
    readAll: (position: number, limit: number, backwards = false): Stored[] =>
      (backwards ? backInAll : all).all(position, Math.min(limit, END)),
    /** A read from the middle of a record is refused by the server. */
    isPlace: (position: number): boolean =>
      position === 0 || position > (end.get() ?? 0) || at.get(position) !== undefined,
    end: (): number => end.get() ?? 0,
    onAppended(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: (): void => {
      db.close();
    },
  };
}
export type ServerLog = ReturnType<typeof serverLog>;
