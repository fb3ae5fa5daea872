import type { Message, ServiceName } from '@phancong/contracts';
import type { MessageFeed } from '../message-feed.ts';

/** Messages published in this process, and a feed of them: five at a time, again from the reader's position after an error. */
export interface MessageLog extends MessageFeed {
  publish(...messages: readonly Message[]): void;
  /** Delivers to the consumer what it has consumed before, as an operator's replay does. */
  replay(consumer: string, ...messages: readonly Message[]): Promise<void>;
}

const BATCH = 5;

export function messageLog(): MessageLog {
  const log: Message[] = [];
  const subscribers = new Map<string, Parameters<MessageFeed['subscribe']>[0]>();
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const each of waiting) each();
    waiting.clear();
  };
  const after = (source: ServiceName, position: number): readonly Message[] =>
    log.filter((message) => message.source === source && message.position > position).slice(0, BATCH);

  return {
    publish(...messages) {
      log.push(...messages);
      wake();
    },
    async replay(consumer, ...messages) {
      await subscribers.get(consumer)?.consume({ messages, through: 0, replay: true });
    },
    subscribe(subscriber) {
      const { consumer, source, position, consume } = subscriber;
      let stopped = false;
      subscribers.set(consumer, subscriber);
      const run = async (): Promise<void> => {
        while (!stopped) {
          const messages = after(source, await position());
          const last = messages.at(-1);
          if (last) await consume({ messages, through: last.position }).catch(() => new Promise(setImmediate));
          else if (!stopped) await new Promise<void>((resolve) => waiting.add(resolve));
        }
      };
      const running = run();
      return {
        async stop() {
          stopped = true;
          wake();
          await running;
        },
      };
    },
  };
}
