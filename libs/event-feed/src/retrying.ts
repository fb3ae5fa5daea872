import { StoreClosed, StoreFull } from '@phancong/event-sourcing';

/** How often a delivery is tried before its message is set aside, and how long to wait in between. */
export interface Retries {
  readonly tries: number;
  readonly delayMs: (failures: number) => number;
}

/** 50 ms, doubled up to 5 s. */
export const backoff: Retries = { tries: 5, delayMs: (failures) => Math.min(5_000, 50 * 2 ** (failures - 1)) };

/** Codes of SQLite and of the operating system that speak of the machine, not of the message. */
const OF_THE_MACHINE =
  /^(SQLITE_(FULL|BUSY|LOCKED|IOERR|CANTOPEN|READONLY|NOMEM)|E(NOSPC|DQUOT|IO|MFILE|NFILE|CONN|PIPE|TIMEDOUT))/;

/** Whether waiting helps: the disk is full, something is closed or busy. Such a failure never sets a message aside. */
export function isTransient(error: unknown): boolean {
  if (error instanceof StoreFull || error instanceof StoreClosed) return true;
  if (typeof error !== 'object' || error === null) return false;
  if ('transient' in error && error.transient === true) return true;
  return 'code' in error && typeof error.code === 'string' && OF_THE_MACHINE.test(error.code);
}

export const textOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
