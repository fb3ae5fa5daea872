import type { Projection, RunningProjection } from '@phancong/read-models';

/**
 * The process, and after an erasure: no word of the erased is left in the files of the read models. Its position is
 * stored afterwards, so that it is done again when this process dies before; who waits for the erasure waits for it.
 * @param roster whose documents held the names
 * @param scrub rewrites the files of the read models
 */
export const forgetting = (
  process: Projection,
  roster: Pick<RunningProjection, 'whenCaughtUp'>,
  scrub: () => Promise<void>,
): Projection => ({
  ...process,
  apply: async (messages, session) => {
    await process.apply(messages, session);
    const erased = messages.findLast(({ type }) => type === 'MemberErased');
    if (!erased) return;
    await roster.whenCaughtUp({ membership: erased.position });
    await scrub();
  },
});
