import { policyIn } from '@phancong/assignment';
import { DataFolderInUse } from '@phancong/event-store-sqlite';
import { settings } from './environment.ts';
import { openStandalone } from './standalone.ts';

/** Does something at the server that owns the data folder; if none is running, at one of its own, for as long as it takes. */
export async function withServer<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  const { DATA_DIR: dataDir, TIME_ZONE: timeZone, POLICY_FILE: policy } = settings();
  let own;
  try {
    own = await openStandalone({ dataDir, timeZone, policy: policyIn(policy), logger: false });
  } catch (error) {
    if (!(error instanceof DataFolderInUse) || error.address === undefined) throw error;
    return work(error.address);
  }
  try {
    return await work(await own.listen(0));
  } finally {
    await own.close();
  }
}
