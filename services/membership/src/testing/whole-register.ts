import { type RegisterFrame, type RegisterRow, readRegister } from '../register-import/register-sheet.ts';
import { readWorkbook } from '../register-import/workbook.ts';

/** A register with all its rows. @throws Refusal with a `FileProblem` code */
export async function wholeRegister(bytes: Buffer): Promise<RegisterFrame & { readonly rows: readonly RegisterRow[] }> {
  const rows: RegisterRow[] = [];
  const frame = await readRegister(readWorkbook(bytes), (row) => rows.push(row));
  return { ...frame, rows };
}
