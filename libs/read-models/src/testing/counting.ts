import type { Session } from '../read-models.ts';
import { group, groups, tallies } from './groups.ts';

/** Of each batch, what changes by the difference: a batch that is applied twice, or in part, is seen in the documents. */
export const countedAt =
  (position: number, { count, size = 0 }: { readonly count: number; readonly size?: number }) =>
  async (session: Session): Promise<void> => {
    const padding = 'Đ'.repeat(size);
    for (let at = position % 3; at < count; at += 1) {
      const before = await session.get(groups, `g${at}`);
      const headcount = (before?.headcount ?? 0) + position;
      await session.put(groups, `g${at}`, group(`${headcount}${padding}`, headcount));
    }
    // One that comes and goes.
    if (position % 2 === 0) await session.put(groups, 'even', group('Tổ chẵn', position));
    else await session.delete(groups, 'even');
    const tally = await session.get(tallies, 'all');
    await session.put(tallies, 'all', { groups: (tally?.groups ?? 0) + 1 });
  };
