import { type Clock, type Day, dayIn, systemClock } from '@phancong/event-sourcing';

/** The port `today`: the day that it is in the zone (IANA name), Vietnam's unless told. */
export const todayIn =
  (timeZone = 'Asia/Ho_Chi_Minh', clock: Clock = systemClock): (() => Day) =>
  () =>
    dayIn(timeZone, clock());
