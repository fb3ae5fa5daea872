import type { Message } from '@phancong/contracts';
import type { ReadModel, Session } from './read-models.ts';

/** A document that follows the messages of its keys one by one. */
export interface Evolving<Doc extends object> {
  readonly model: ReadModel<Doc>;
  /** Ids of the documents that the message concerns. */
  readonly ids: (message: Message) => readonly string[];
  /** The document after the message; `undefined` removes it. */
  readonly evolve: (doc: Doc | undefined, message: Message, id: string) => Doc | undefined;
}

/** Applies messages to the documents that they concern: each document is read and written once a batch. */
export async function evolveDocuments<Doc extends object>(
  { model, ids, evolve }: Evolving<Doc>,
  messages: readonly Message[],
  session: Session,
): Promise<void> {
  const concerned = new Map<string, Message[]>();
  for (const message of messages) {
    for (const id of ids(message)) {
      const list = concerned.get(id);
      if (list) list.push(message);
      else concerned.set(id, [message]);
    }
  }
  const before = await session.getMany(model, [...concerned.keys()]);
  for (const [id, list] of concerned) {
    const known = before.get(id);
    const after = list.reduce<Doc | undefined>((doc, message) => evolve(doc, message, id), known);
    if (after !== undefined) await session.put(model, id, after);
    else if (known !== undefined) await session.delete(model, id);
  }
}

/** A document that remembers how far it has followed each key. */
export interface Revised {
  /** By key, the revision of the last message applied. */
  readonly revisions: Readonly<Record<string, number>>;
}

/**
 * Lets a document take only what is newer than what it has taken of the key, and notes it. Messages of one key then
 * may come again from any earlier point. What `evolve` makes of messages of different keys must not depend on their
 * order; and a document that it removes forgets its keys, so remove only what no later message brings back.
 */
export const onlyNewer =
  <Doc extends Revised>(evolve: Evolving<Doc>['evolve']): Evolving<Doc>['evolve'] =>
  (doc, message, id) => {
    const { key, revision } = message;
    if (doc && (doc.revisions[key] ?? -1) >= revision) return doc;
    const after = evolve(doc, message, id);
    return after && { ...after, revisions: { ...doc?.revisions, [key]: revision } };
  };
