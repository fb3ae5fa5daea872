import type { Feed } from '@phancong/event-feed';

/** A feed whose deliveries can be held back: what has gathered by then comes in large batches, which cost less. */
export interface HeldFeed extends Feed {
  hold(): void;
  /** Delivers what was held back, and from then on as things happen. */
  release(): void;
}

export function heldFeed(feed: Feed): HeldFeed {
  let held: Promise<void> | undefined;
  let open = (): void => undefined;
  return {
    subscribe: (subscriber) =>
      feed.subscribe({
        ...subscriber,
        async consume(batch) {
          await held;
          await subscriber.consume(batch);
        },
      }),
    hold() {
      held ??= new Promise((resolve) => (open = resolve));
    },
    release() {
      open();
      held = undefined;
    },
  };
}
