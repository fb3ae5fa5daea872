import { DataFolderInUse, lockDataFolder } from '@phancong/event-store-sqlite';
import { existsSync } from 'node:fs';
import { dataFolder, makeDataFolder } from './data-folder.ts';
import { Refused } from './refused.ts';
import { say } from './say.ts';

/**
 * Does something at the server that owns the data folder; if none is running, at one of its own, for as long as it takes.
 * @throws Refused `no-data-folder`; DataFolderInUse when another process has it that does not serve (yet)
 */
export async function withServer<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  const dataDir = dataFolder();
  if (!existsSync(dataDir))
    throw new Refused(
      'no-data-folder',
      say(
        `Không có thư mục dữ liệu ${dataDir}. Hãy đặt DATA_DIR, hoặc chạy "phancong start" trước.`,
        `There is no data folder ${dataDir}. Set DATA_DIR, or run "phancong start" first.`,
      ),
    );
  makeDataFolder(dataDir);
  const address = addressOf(dataDir);
  if (address !== undefined) return work(address);
  // Loaded only here: a running server needs none of the services to be asked.
  const { openHere } = await import('./open-here.ts');
  const own = await openHere(dataDir);
  try {
    // What an earlier process wrote, and was stopped before its read models had heard of it.
    await own.settled();
    return await work(await own.listen(0));
  } finally {
    await own.close();
  }
}

/** Where the data folder is served; undefined if nobody has it. */
function addressOf(dataDir: string): string | undefined {
  try {
    lockDataFolder(dataDir).release();
    return undefined;
  } catch (error) {
    if (error instanceof DataFolderInUse && error.address !== undefined) return error.address;
    throw error;
  }
}
