import { Message, type ServiceName } from '@phancong/contracts';
import fc from 'fast-check';
import { createHash } from 'node:crypto';

/** What a message says, beside what the log adds. Checked against the contracts when it is told. */
export interface Telling {
  readonly type: string;
  readonly occurredAt: string;
  readonly [field: string]: unknown;
}

/** The logs of the three services, as a test or a measurement tells them. */
export class Logs {
  readonly messages: Message[] = [];
  readonly #revisions = new Map<string, number>();
  readonly #positions = new Map<ServiceName, number>();

  /**
   * @param key stream that the message belongs to
   * @param recordedAt instant, or a day on which it is noon in UTC
   */
  tell(source: ServiceName, key: string, recordedAt: string, telling: Telling): Message {
    const revision = (this.#revisions.get(key) ?? -1) + 1;
    const position = (this.#positions.get(source) ?? 0) + 1;
    const message = Message.parse({
      ...telling,
      source,
      key,
      revision,
      position,
      id: idOf(`${source} ${position}`),
      by: 'local-operator',
      recordedAt: recordedAt.length === 10 ? `${recordedAt}T12:00:00.000Z` : recordedAt,
    });
    this.#revisions.set(key, revision);
    this.#positions.set(source, position);
    this.messages.push(message);
    return message;
  }

  /** How fast-check prints a history that fails. */
  [fc.toStringMethod](): string {
    const lines = this.messages.map((message) => {
      const said = Object.entries(message).filter(
        ([name]) => !['id', 'source', 'by', 'position', 'type'].includes(name),
      );
      return `${message.type} ${JSON.stringify(Object.fromEntries(said))}`;
    });
    return ['', ...lines, ''].join('\n');
  }

  of(source: ServiceName): Message[] {
    return this.messages.filter((message) => message.source === source);
  }
}

/** The same text gives the same id. */
const idOf = (text: string): string => {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
