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

/** Bytes of a file that is looked at: a register of 50.000 rows takes 4 MB as XLSX, 15 as CSV, 30 as CSV in UTF-16. */
export const MAX_FILE_BYTES = 32 * 1024 * 1024;
/** Bytes that all parts of a workbook together may unpack to: a register of 50.000 rows takes 40 MB. */
export const MAX_UNPACKED_BYTES = 100 * 1024 * 1024;
export const MAX_ROWS = 75_000;
/** Further columns hold nothing that a register has. */
export const MAX_COLUMNS = 60;
/** Different texts of a workbook: 20 for each row. */
export const MAX_TEXTS = 1_500_000;
