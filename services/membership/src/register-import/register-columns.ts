import { fold } from '@phancong/vietnamese';

/** What a column of a register holds. The last ones are never kept, religion and ethnicity because they are sensitive. */
export type Field =
  | 'name'
  | 'birthDate'
  | 'code'
  | 'cell'
  | 'admittedOn'
  | 'officialOn'
  | 'transferredIn'
  | 'transferredOut'
  | 'died'
  | 'exited'
  | 'workUnit'
  | 'job'
  | 'expertise'
  | 'residence'
  | 'sex'
  | 'nativePlace'
  | 'education'
  | 'notes'
  | 'number'
  | DroppedField;
export type DroppedField = 'religion' | 'ethnicity' | 'birthName' | 'other';

/** A header without accents, case and signs: `Số thẻ đảng viên (nếu có)` → `so the dang vien neu co`. */
export const labelOf = (header: string): string =>
  fold(header)
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

/** In this order: `ngày chuyển đi, đến đâu` is a leaving, `ngày vào Đảng chính thức` the official one, `hy sinh` no birth. */
const ALIASES: readonly (readonly [Field, RegExp])[] = [
  ['number', /^(stt|so tt|tt|so thu tu|no)$/],
  ['transferredOut', /^(?!.*chuyen (\w+ )*?(den|vao|ve)\b.*\bdi\b).*chuyen (\w+ )*?di\b|transfer(s|red)? out/],
  ['transferredIn', /chuyen (\w+ )*?(den|vao|ve)\b|transfer(s|red)? in/],
  ['died', /tu tran|qua doi|\bchet\b|\bmat\b|hy sinh|\bdied\b|death/],
  ['exited', /ra (khoi )?dang|xoa ten|khai tru|\bexit/],
  ['officialOn', /chinh thuc|official/],
  ['admittedOn', /vao dang|ket nap|admi(tted|ssion)/],
  ['code', /so the|the dang|ma (so )?(dang vien|the)|^ma( so)?$|\bcard\b|^code$/],
  ['cell', /chi bo|^cell$/],
  [
    'name',
    /^(?!(ho va |ho )?ten khai sinh$)(.*\bho (va )?(chu dem va |dem va )?ten\b.*|.*ten dang vien.*|dang vien|(full ?)?name)$/,
  ],
  ['birthName', /khai sinh|ten goi khac|bi danh|birth ?name/],
  ['sex', /gioi tinh|nam nu|\bsex\b|gender/],
  ['religion', /ton giao|religion/],
  ['ethnicity', /dan toc|ethnic/],
  ['nativePlace', /que quan|nguyen quan|noi sinh|sinh quan|native place|birth ?place/],
  ['birthDate', /\bsinh\b(?! hoat)|birth/],
  ['residence', /noi o|dia chi|thuong tru|cho o|cu tru|tam tru|residence|address/],
  ['job', /nghe|chuc vu|cong viec|chuc danh|\bjob\b|occupation/],
  ['education', /hoc van|van hoa|ly luan|trinh do(?! chuyen mon$)|education/],
  ['expertise', /chuyen mon|expertise/],
  ['workUnit', /phong|bo phan|phan xuong|to doi|\bkhoa\b|don vi|work ?unit/],
  ['notes', /ghi chu|\bnotes?\b/],
];

/** Those that a header can name. */
export const FIELDS: readonly Field[] = ALIASES.map(([field]) => field);

/** Undefined when the label is none that a register uses. */
export const fieldOf = (label: string): Field | undefined => ALIASES.find(([, alias]) => alias.test(label))?.[0];

const UNKEPT: readonly (readonly [DroppedField, RegExp])[] = [
  ['birthName', /khai sinh|ten goi khac|bi danh|birth ?name/],
  ['ethnicity', /dan toc|ethnic/],
  ['religion', /ton giao|religion/],
];

/** All that a column holds that is not kept: of `Giới tính, dân tộc, tôn giáo` only the first is. */
export function droppedIn(label: string): readonly DroppedField[] {
  const unkept = UNKEPT.filter(([, alias]) => alias.test(label)).map(([dropped]) => dropped);
  return unkept.length > 0 || label === '' || fieldOf(label) ? unkept : ['other'];
}
