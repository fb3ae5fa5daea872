import fc from 'fast-check';
import { compareNames, sortKey } from './index.ts';

const seed = process.env['FC_SEED'] === undefined ? {} : { seed: Number(process.env['FC_SEED']) };
const vi = new Intl.Collator('vi', { sensitivity: 'accent' });
const byCodeUnit = (one: string, other: string) => (sortKey(one) < sortKey(other) ? -1 : 1);

const letters = [...'aăâbcdđeêfghijklmnoôơpqrstuưvwxyz'];
const vowels = [...'aăâeêioôơuưy'];
const tones = ['', '\u0300', '\u0309', '\u0303', '\u0301', '\u0323'];
const accented = vowels.flatMap((vowel) => tones.map((tone) => (vowel + tone).normalize('NFC')));
const letter = fc.oneof(fc.constantFrom(...letters), fc.constantFrom(...accented));
const sign = fc.constantFrom('-', "'", '.', '1', '9', '/', '(');
const character = fc
  .oneof({ weight: 9, arbitrary: letter }, { weight: 1, arbitrary: sign })
  .chain((one) => fc.boolean().map((capital) => (capital ? one.toUpperCase() : one)));
const word = fc.array(character, { minLength: 1, maxLength: 6 }).map((all) => all.join(''));
/** Words that differ little, so that tones decide often. */
const alike = fc.array(fc.constantFrom(...[...'aàảãáạAÀÁ'], 'â', 'ă'), { minLength: 1, maxLength: 3 });
const name = fc
  .oneof(
    word,
    alike.map((all) => all.join('')),
  )
  .chain((given) =>
    fc
      .array(
        fc.oneof(
          word,
          alike.map((all) => all.join('')),
        ),
        { maxLength: 3 },
      )
      .map((rest) => [...rest, given].join(' ')),
  );

const split = (text: string) => {
  const at = text.lastIndexOf(' ');
  return { given: text.slice(at + 1), rest: text.slice(0, Math.max(at, 0)) };
};

describe('The order of names', () => {
  it('is by given name, then by the rest', () => {
    const list = ['Trần Văn Bình', 'Lê Thị An', 'Đỗ An', 'Đặng Văn An', 'Bùi Ánh', 'Phạm Ân', 'Dương An'];
    expect([...list].sort(compareNames)).toEqual([
      'Dương An',
      'Đặng Văn An',
      'Đỗ An',
      'Lê Thị An',
      'Bùi Ánh',
      'Phạm Ân',
      'Trần Văn Bình',
    ]);
  });

  it('puts Đ after D, and ă and â after a', () => {
    expect(['Đa', 'Ea', 'Dy', 'Da'].sort(compareNames)).toEqual(['Da', 'Dy', 'Đa', 'Ea']);
    expect(['Âm', 'Ăm', 'Ay', 'Am'].sort(compareNames)).toEqual(['Am', 'Ay', 'Ăm', 'Âm']);
  });

  it('puts the tones in the order ngang, huyền, hỏi, ngã, sắc, nặng', () => {
    const expected = ['Ma', 'Mà', 'Mả', 'Mã', 'Má', 'Mạ'];
    expect([...expected].reverse().sort(compareNames)).toEqual(expected);
  });

  it('does not depend on case, odd spaces, or how accents are encoded', () => {
    const key = sortKey('Đặng Văn Hậu');
    expect(sortKey('ĐẶNG VĂN HẬU')).toBe(key);
    expect(sortKey('  Đặng\u00a0Văn  Hậu\u200b'.normalize('NFD'))).toBe(key);
    expect(sortKey('\u00d0ặng Văn Hậu')).toBe(key);
  });

  it('is the Vietnamese collation of the platform, by code unit of the key', () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        const [left, right] = [split(one), split(other)];
        const expected = vi.compare(left.given, right.given) || vi.compare(left.rest, right.rest);
        expect(Math.sign(compareNames(one, other))).toBe(Math.sign(expected));
        if (expected !== 0) expect(byCodeUnit(one, other)).toBe(Math.sign(expected));
      }),
      { ...seed, numRuns: 3_000 },
    );
  });

  it('gives keys of printable ASCII for names in Vietnamese letters', () => {
    fc.assert(
      fc.property(name, (one) => expect(sortKey(one)).toMatch(/^[!-~]*$/)),
      seed,
    );
  });

  it('keeps any other text in some order without failing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => expect(compareNames(text, text)).toBe(0)),
      seed,
    );
  });
});
