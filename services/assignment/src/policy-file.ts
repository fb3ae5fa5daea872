import { readFileSync } from 'node:fs';
import { defaultPolicy, parsePolicy, type Policy } from './policy.ts';

/**
 * The policy in a JSON file of the deployment; the default without a file.
 * @throws SyntaxError | z.ZodError, or the file system's error, so that a mistake is seen at start
 */
export const policyIn = (file: string | undefined): Policy =>
  file === undefined ? defaultPolicy : parsePolicy(readFileSync(file, 'utf8'));
