import type { Message, ServiceName } from '@phancong/contracts';
import type { Projection, Reader, ReadModels } from '@phancong/read-models';

/** Brings messages of one source into the read models as one batch, as the feed would. */
export async function project(
  readModels: ReadModels,
  projection: Projection,
  source: ServiceName,
  messages: readonly Message[],
): Promise<void> {
  const through = messages.reduce((last, { position }) => Math.max(last, position), 0);
  const reached = (await readModels.positions(projection))[source] ?? 0;
  await readModels.commit(projection, source, through > reached ? through : 'replay', (session) =>
    projection.apply(messages, session),
  );
}

/** All documents by model and id, as their texts. */
export type Dump = (readModels: ReadModels) => Promise<Readonly<Record<string, string>>>;

/** Keeps note of what a projection writes, so that all its documents can be looked at. */
export function watched(projection: Projection): { readonly projection: Projection; readonly dump: Dump } {
  const written = new Map<string, (reader: Reader) => Promise<object | undefined>>();
  return {
    projection: {
      ...projection,
      apply: (messages, session) =>
        projection.apply(messages, {
          ...session,
          put(model, id, doc) {
            written.set(`${model.name} ${id}`, (reader) => reader.get(model, id));
            return session.put(model, id, doc);
          },
        }),
    },
    async dump(readModels) {
      const documents: Record<string, string> = {};
      for (const name of [...written.keys()].sort()) {
        const doc = await written.get(name)?.(readModels.reader(projection));
        if (doc) documents[name] = JSON.stringify(doc);
      }
      return documents;
    },
  };
}
