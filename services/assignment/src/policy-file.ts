import { environmentFile } from '@phancong/nest';
import { defaultPolicy, Policy } from './policy.ts';

/**
 * The policy in a JSON file of the deployment (`POLICY_FILE`); the default without a file.
 * @throws InvalidEnvironment that says what is wrong with the file, so that a mistake is seen at start
 */
export const policyIn = (file: string | undefined): Policy =>
  file === undefined ? defaultPolicy : environmentFile(Policy, 'POLICY_FILE', file);
