import { policyIn } from '@phancong/assignment';
import { DataFolderInUse } from '@phancong/event-store-sqlite';
import { existsSync } from 'node:fs';
import { settings } from './environment.ts';
import { Refused } from './refused.ts';
import { say } from './say.ts';
import { openStandalone } from './standalone.ts';

/**
 * Does something at the server that owns the data folder; if none is running, at one of its own, for as long as it takes.
 * @throws Refused `no-data-folder`
 */
export async function withServer<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  const { DATA_DIR: dataDir, TIME_ZONE: timeZone, POLICY_FILE: policy } = settings();
  if (!existsSync(dataDir))
    throw new Refused(
      'no-data-folder',
      say(
        `Không có thư mục dữ liệu ${dataDir}. Hãy đặt DATA_DIR, hoặc chạy "phancong start" trước.`,
        `There is no data folder ${dataDir}. Set DATA_DIR, or run "phancong start" first.`,
      ),
    );
  let own;
  try {
    own = await openStandalone({ dataDir, timeZone, policy: policyIn(policy), logger: false });
  } catch (error) {
    if (!(error instanceof DataFolderInUse) || error.address === undefined) throw error;
    return work(error.address);
  }
  try {
    // What an earlier process wrote, and was stopped before its read models had heard of it.
    await own.settled();
    return await work(await own.listen(0));
  } finally {
    await own.close();
  }
}
