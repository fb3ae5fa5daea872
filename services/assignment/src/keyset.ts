import { Refusal } from '@phancong/event-sourcing';
import { z } from 'zod';

/** A row of a list, and where it stands in it: rows come in ascending order of their keys. */
export interface Row<Item> {
  readonly key: readonly string[];
  readonly item: Item;
}

const Key = z.array(z.string()).min(1).max(4);

/** The key of the last row of the page before. @throws Refusal `invalid-cursor` */
export function keyAt(cursor: string | undefined): readonly string[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    return Key.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof z.ZodError)) throw error;
    throw new Refusal('invalid', 'invalid-cursor');
  }
}

/** Whether a row stands after the key; every row stands after none. A key that begins alike and is longer stands after. */
export function isAfter(key: readonly string[], after: readonly string[] | undefined): boolean {
  if (!after) return true;
  for (const [index, part] of key.entries()) {
    const other = after[index];
    if (other === undefined || part > other) return true;
    if (part < other) return false;
  }
  return false;
}

/** The first `limit` rows, and the cursor of the page that follows if there is one. */
export async function firstPage<Item>(
  rows: AsyncIterable<Row<Item>>,
  limit: number,
): Promise<{ readonly items: readonly Item[]; readonly next?: string | undefined }> {
  const page: Row<Item>[] = [];
  for await (const row of rows) {
    if (page.length === limit) {
      const last = page.at(-1)?.key ?? [];
      return { items: page.map(({ item }) => item), next: Buffer.from(JSON.stringify(last)).toString('base64url') };
    }
    page.push(row);
  }
  return { items: page.map(({ item }) => item) };
}
