import fc from 'fast-check';
import { fold, normalise } from './index.ts';

const seed = process.env['FC_SEED'] === undefined ? {} : { seed: Number(process.env['FC_SEED']) };
const text = fc.string({ unit: 'grapheme' });

describe('Text as it is kept', () => {
  it('is composed, without odd spaces and invisible characters', () => {
    expect(normalise('  Nguyễn\u00a0 Văn\u200b\tAn\r\n'.normalize('NFD'))).toBe('Nguyễn Văn An');
    expect(normalise('\ufeffHọ và\ntên')).toBe('Họ và tên');
  });

  it('does not change when it is normalised again', () => {
    fc.assert(
      fc.property(text, (any) => expect(normalise(normalise(any))).toBe(normalise(any))),
      seed,
    );
  });
});

describe('Text as it is searched', () => {
  it('has no accents, no case, and d for đ', () => {
    expect(fold('ĐẶNG Văn  Hậu')).toBe('dang van hau');
    expect(fold('Dưỡng khuỷu Ước Ỵ')).toBe('duong khuyu uoc y');
    expect(fold('\u00d0ảng bộ')).toBe('dang bo');
  });

  it('is the same for composed and decomposed text', () => {
    fc.assert(
      fc.property(text, (any) => expect(fold(any.normalize('NFD'))).toBe(fold(any.normalize('NFC')))),
      seed,
    );
  });

  it('does not change when it is folded again', () => {
    fc.assert(
      fc.property(text, (any) => expect(fold(fold(any))).toBe(fold(any))),
      seed,
    );
  });
});
