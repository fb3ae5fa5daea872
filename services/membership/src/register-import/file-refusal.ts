import { Refusal, type RefusalFacts } from '@phancong/event-sourcing';

/** Why nothing at all could be read from a file. */
export type FileProblem =
  | 'file-empty'
  | 'file-too-large'
  | 'file-too-many-rows'
  | 'file-broken'
  | 'file-encrypted'
  | 'file-old-excel'
  | 'file-not-a-register'
  | 'file-legacy-encoding'
  | 'file-without-register';

export const refuseFile = (problem: FileProblem, facts: RefusalFacts = {}): Refusal<FileProblem> =>
  new Refusal('invalid', problem, facts);

/** Bytes of a file that is looked at. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** Bytes of a CSV: a register of 50.000 rows takes 10 MB. */
export const MAX_TEXT_BYTES = 32 * 1024 * 1024;
/** Bytes that all parts of a workbook together may unpack to: a register of 50.000 rows takes 40 MB. */
export const MAX_UNPACKED_BYTES = 100 * 1024 * 1024;
export const MAX_ROWS = 75_000;
/** Further columns hold nothing that a register has. */
export const MAX_COLUMNS = 60;
