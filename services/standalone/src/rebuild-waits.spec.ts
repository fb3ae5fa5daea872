import Database from 'better-sqlite3';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersOf } from './testing/answers.ts';
import { BLOC, ground, story, tell } from './testing/committee.ts';
import { limitFiles } from './testing/file-limit.ts';
import { logsIn } from './testing/logs.ts';
import { type RunningProcess, startProcess } from './testing/running-process.ts';

/** Bytes that a page takes in a write-ahead log. */
const FRAME = 4096 + 24;

jest.setTimeout(60_000);

describe('a rebuild that must wait', () => {
  let dataDir = '';
  let server: RunningProcess;
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'phancong-rebuild-'));
    server = await startProcess(dataDir, '--empty');
    await tell(server.url, [...ground, ...story('x')]);
    await answersOf(server.url, BLOC, (await logsIn(dataDir)).position);
  });
  afterEach(async () => {
    await server.kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const file = (name: string): string => join(dataDir, 'membership', name);

  /** Its lines, as they come. */
  async function* rebuilding(): AsyncGenerator<string> {
    const { body } = await fetch(`${server.url}/admin/rebuild`, { method: 'POST' });
    let rest = '';
    for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  }

  it('says that it waits for room, and goes on when there is some', async () => {
    let waited = false;
    let last = '';
    for (let frames = 1; frames < 60 && !waited; frames += 1) {
      limitFiles(server.pid, statSync(file('read-models.db-wal')).size + frames * FRAME);
      for await (const line of rebuilding()) {
        last = line;
        if (!line.includes('"waiting":"storage-full"')) continue;
        waited = true;
        limitFiles(server.pid);
      }
      limitFiles(server.pid);
    }
    expect([waited, last]).toEqual([true, 'done']);
  });

  it('ends done though somebody reads the file when it is swapped', async () => {
    const reader = new Database(file('read-models.db'), { readonly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM sqlite_schema').get();
    let last = '';
    try {
      for await (const line of rebuilding()) {
        last = line;
        if (line.includes('"waiting":"still-read"')) reader.close();
      }
    } finally {
      reader.close();
    }
    expect(last).toBe('done');
  });
});
