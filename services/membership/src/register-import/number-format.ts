/** Ids of the formats that every spreadsheet knows and that show a date. */
const DATES = [14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 45, 46, 47];
const MORE_DATES = [50, 51, 52, 53, 54, 55, 56, 57, 58];
const KNOWN = new Set([...DATES, ...MORE_DATES]);

/** How a number is to be read that stands in a cell of this format. */
export type NumberFormat = 'date' | 'number' | { readonly digits: number };

/**
 * @param id of the format in the workbook
 * @param code as written there, if it is one of the workbook's own: `dd/mm/yyyy`, `#,##0`, `000000`
 */
export function numberFormat(id: number, code: string | undefined): NumberFormat {
  if (code === undefined) return KNOWN.has(id) ? 'date' : 'number';
  // Card numbers kept as numbers: their format holds the leading zeros.
  if (/^0+$/.test(code)) return { digits: code.length };
  const [first = ''] = code
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[(?![hms]+\])[^\]]*\]/gi, '')
    .split(';');
  return /[dmyhs]/i.test(first.replace(/general|standard/gi, '')) ? 'date' : 'number';
}
