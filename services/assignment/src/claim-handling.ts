import { type CommandContext, type CommandHandler, commandIdFrom } from '@phancong/event-sourcing';
import type { ClaimCommand } from './claim.ts';

/**
 * Claims a name for the thing that the command is about to make. It is tried first, so that a refused command leaves no
 * claim; not when the owner has the name already, because then the command may be a retry.
 * @param attempt throws when the command would be refused
 */
export async function claimFor(
  claims: CommandHandler<string | undefined, ClaimCommand>,
  stream: string,
  claim: ClaimCommand,
  attempt: () => Promise<void>,
  { by, command }: CommandContext,
): Promise<void> {
  const { state: owner } = await claims.load(stream);
  if (owner === claim.owner) return;
  if (owner === undefined) await attempt();
  await claims.handle(stream, claim, { by, command: commandIdFrom('claim', command) });
}
