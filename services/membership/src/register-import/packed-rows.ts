import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type RegisterFrame, type RegisterRow, readRegister } from './register-sheet.ts';
import { readWorkbook } from './workbook.ts';

export type Pack = Uint8Array<ArrayBuffer>;

/** A register that was read, its rows as compressed JSON: 50.000 of them take 5 MB instead of 60. */
export interface PackedRegister extends RegisterFrame {
  readonly rows: number;
  /** Each holds `PACKED` rows, the last one fewer. */
  readonly packs: readonly Pack[];
}

/** Rows that are unpacked, and imported, at a time. */
export const PACKED = 500;

/** @throws Refusal with a `FileProblem` code; only when the file was read to its end is it known to be sound */
export async function packRegister(bytes: Buffer, onRead: (rows: number) => void): Promise<PackedRegister> {
  const packs: Pack[] = [];
  let rows = 0;
  let waiting: RegisterRow[] = [];
  const pack = (): void => {
    rows += waiting.length;
    packs.push(packed(waiting));
    waiting = [];
    onRead(rows);
  };
  const frame = await readRegister(readWorkbook(bytes), (row) => {
    waiting.push(row);
    if (waiting.length === PACKED) pack();
  });
  if (waiting.length > 0) pack();
  return { ...frame, rows, packs };
}

/** As compressed JSON. */
export const packed = (rows: readonly unknown[]): Pack =>
  Uint8Array.from(deflateRawSync(JSON.stringify(rows), { level: 1 }));

/** @typeParam Row what was packed */
export const unpacked = <Row>(pack: Pack): readonly Row[] => JSON.parse(inflateRawSync(pack).toString('utf8'));
