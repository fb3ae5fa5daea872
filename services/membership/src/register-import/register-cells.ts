import type { Day } from '@phancong/event-sourcing';
import type { LeavingReason } from '@phancong/contracts';
import { fold, normalise } from '@phancong/vietnamese';
import { cellDay } from './cell-day.ts';

/** Marks that people put into a cell that has nothing to say. */
const NOTHING = /^([-–—_.,/\\"'`*]+|0|không có|ko)$/i;
export const ERROR_VALUE = /^#(NULL!|DIV\/0!|VALUE!|REF!|NAME\?|NUM!|N\/A|GETTING_DATA)$/;

/** What a cell says, on one line; empty when it only marks that there is nothing. */
export function said(text: string): string {
  const kept = normalise(text);
  return NOTHING.test(kept) ? '' : kept;
}

/** Text that a spreadsheet would take for a formula if it were written into one again. */
export const likeFormula = (text: string): boolean => /^[=+@-]/.test(text) && !/^[+-]?[\d .,()]+$/.test(text);

export type BornWithin = 'year' | 'month';

export interface NameCell {
  readonly name: string;
  readonly birthDate: Day | undefined;
  /** Only the year or the month of birth is given, and `birthDate` is its first day. */
  readonly bornWithin: BornWithin | undefined;
  /** The date as it stands there. */
  readonly written: string;
}

const BIRTH = /\d{1,2} ?[/.-] ?\d{1,2} ?[/.-] ?\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2}[/.-]\d{4}|\b(?:19|20)\d{2}\b/;
const LABELS = /(ngày,? ?(tháng,? ?)?(năm )?sinh|năm sinh|sinh ngày|sinh năm|\bsn|sinh)\s*:?\s*$/iu;

/** `Nguyễn Văn An⏎Tên khai sinh: …⏎12/5/1975`: the name comes first, birth name and date may follow in the same cell. */
export function nameCell(text: string): NameCell {
  const written = BIRTH.exec(text.normalize('NFC'));
  const before = written ? text.normalize('NFC').slice(0, written.index) : text;
  const first = before.split(/[\r\n;,(:|]/).find((part) => normalise(part) !== '') ?? '';
  const name = normalise(
    normalise(first)
      .replace(LABELS, '')
      .replace(/[-–—\s]+$/, ''),
  );
  return { name, ...birth(written?.[0] ?? '') };
}

const YEAR = /^\D*\d{4}\D*$/;

/** The birth date in a cell of its own, or the part of it that is known. */
export function birth(text: string): Omit<NameCell, 'name'> {
  const full = cellDay(text);
  const birthDate = full ?? cellDay(text, true);
  const partial = full === undefined && birthDate !== undefined;
  return { birthDate, bornWithin: partial ? (YEAR.test(text) ? 'year' : 'month') : undefined, written: text };
}

export type Sex = 'female' | 'male';

/** From a cell that may hold ethnicity and religion too; those are not looked at. */
export function sexIn(text: string): Sex | undefined {
  const found = /(?<!\p{L})(nam|nữ|nu|male|female|m|f)(?!\p{L})/iu.exec(normalise(text))?.[1]?.toLowerCase();
  if (found === undefined) return undefined;
  return found === 'nam' || found === 'male' || found === 'm' ? 'male' : 'female';
}

/** Letters of any people, and the signs within names. */
export const NAME = /^[\p{L}\p{M}][\p{L}\p{M} .'’-]{1,99}$/u;

/** Why someone left the organisation, from the words of the column "Ra khỏi Đảng" and its header. */
export function exitReason(words: string): LeavingReason | undefined {
  const kept = fold(words);
  if (/khai tru/.test(kept)) return 'expelled';
  if (/xoa ten/.test(kept)) return 'removed';
  if (/xin (ra|thoi)|tu nguyen/.test(kept)) return 'resigned';
  return undefined;
}

const TOTAL =
  /^(tổng|tổng cộng|tổng số|cộng|tong cong|tong so|total)( [\p{L} ]{0,20})?[\s:.]*[\d.]*( (đảng viên|đồng chí|người).*)?$/iu;
const FOOTER =
  /^(nguoi lap|nguoi ghi|t\/m|tm\.? |thay mat|bi thu|pho bi thu|ky ten|\(ky|xac nhan|noi nhan)|ngay [\d .…]+thang [\d .…]+nam/;

export const isTotal = (text: string): boolean => TOTAL.test(text);
export const isFooter = (text: string): boolean => FOOTER.test(fold(text));
/** `1 2 3 …`, `(1) (2) …`, `A B 1 2`: numbers of the columns under a header. */
export const isColumnNumber = (text: string): boolean => /^(\(?\d{1,2}\)?|\p{Lu})$/u.test(text);
/** `Chi bộ 3`, `II. Chi bộ Phòng Kỹ thuật`, `CHI BỘ: Kế toán`. */
export const isPlace = (text: string): boolean => /^([ivx]+|\d+|[a-h])?[\s.)-]*chi bo\b/.test(fold(text));
