import { type Clock, type Instant, systemClock } from '@phancong/event-sourcing';

/** The clock of stores into which a history is loaded. No request can set it. */
export interface LoaderClock {
  /** For the stores: the instant that the loader has set, else the system's time. */
  readonly clock: Clock;
  /** From now on it is `instant`, for whatever is written, also by processes that react to it. */
  set(instant: Instant): void;
  /** From now on it tells the system's time. */
  release(): void;
}

/** @param start what it tells until the loader sets it: processes may write as soon as they are started */
export function loaderClock(start?: Instant): LoaderClock {
  let told = start && new Date(start);
  return {
    clock: () => told ?? systemClock(),
    set(instant) {
      told = new Date(instant);
    },
    release() {
      told = undefined;
    },
  };
}
