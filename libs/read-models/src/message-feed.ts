import type { Message, ServiceName } from '@phancong/contracts';
import type { Position } from '@phancong/event-sourcing';

// What projections need of the feed and of the progress, in their own words: adapters do not import one another.

/** Fits the Feed port of @phancong/event-feed. */
export interface MessageFeed {
  subscribe(subscriber: {
    readonly consumer: string;
    readonly source: ServiceName;
    readonly position: () => Promise<Position>;
    readonly consume: (batch: {
      readonly messages: readonly Message[];
      readonly through: Position;
      readonly replay?: true;
    }) => Promise<void>;
  }): { stop(): Promise<void> };
}

/** Fits the Progress port of @phancong/event-feed. */
export interface ProgressReports {
  register(reader: {
    readonly reader: string;
    readonly service: string;
    readonly sources: readonly ServiceName[];
    readonly process: boolean;
  }): () => void;
  consumed(reader: string, source: ServiceName, position: Position): void;
}
