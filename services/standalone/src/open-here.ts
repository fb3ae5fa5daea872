import { policyIn } from '@phancong/assignment';
import { settings } from './environment.ts';
import { openStandalone, type Standalone } from './standalone.ts';

/** The services on the data folder as the environment wants them, without lines about what they do. */
export function openHere(dataDir: string): Promise<Standalone> {
  const { TIME_ZONE: timeZone, POLICY_FILE: policy } = settings();
  return openStandalone({ dataDir, timeZone, policy: policyIn(policy), logger: false });
}
