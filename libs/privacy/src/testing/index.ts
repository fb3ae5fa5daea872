import fc from 'fast-check';
import { Erased, type PersonKeys, UnknownPerson } from '../person-keys.ts';
import { NotAuthentic } from '../sealing.ts';

export interface PersonKeysFixture {
  readonly keys: PersonKeys;
  /** Closes the keys and opens the same again; left out where nothing is kept. */
  readonly reopen?: () => Promise<PersonKeys>;
  readonly dispose: () => Promise<void>;
}

const AN = { name: 'Đặng Văn An', birthDate: '1961-02-03', contact: null };
jest.setTimeout(60_000);
const seed = process.env['FC_SEED'];
const parameters = { numRuns: 60, ...(seed !== undefined && { seed: Number(seed) }) };

/** What every adapter of the PersonKeys port does. */
export function personKeysContract(adapter: string, open: () => Promise<PersonKeysFixture>): void {
  describe(`person keys: ${adapter}`, () => {
    let fixture: PersonKeysFixture;
    let keys: PersonKeys;
    beforeEach(async () => {
      fixture = await open();
      keys = fixture.keys;
    });
    afterEach(() => fixture.dispose());

    test('given fields sealed for a person, they open as they were', async () => {
      expect(await keys.open('an', await keys.seal('an', AN))).toEqual(AN);
    });
    test('no fields are fields too', async () => {
      expect(await keys.open('an', await keys.seal('an', {}))).toEqual({});
    });
    test('the text says its version and nothing of the fields', async () => {
      const sealed = await keys.seal('an', AN);
      expect(sealed).toMatch(/^v1\.[A-Za-z0-9_-]+$/);
      expect(Buffer.from(sealed.slice(3), 'base64url').toString('utf8')).not.toMatch(/Văn|1961/);
    });
    test('the same fields are never the same text', async () => {
      expect(await keys.seal('an', AN)).not.toBe(await keys.seal('an', AN));
    });
    test('one person has one key, also when first used at once', async () => {
      const sealed = await Promise.all([1, 2, 3, 4].map((turn) => keys.seal('an', { turn })));
      expect(await Promise.all(sealed.map((text) => keys.open('an', text)))).toEqual(
        [1, 2, 3, 4].map((turn) => ({ turn })),
      );
    });
    test('many people are sealed side by side', async () => {
      const people = Array.from({ length: 500 }, (_, index) => `member-${index}`);
      const sealed = await Promise.all(people.map((person) => keys.seal(person, { person })));
      const opened = await Promise.all(people.map((person, index) => keys.open(person, sealed[index] ?? '')));
      expect(opened).toEqual(people.map((person) => ({ person })));
    });

    test('another person’s text does not open', async () => {
      const sealed = await keys.seal('an', AN);
      await keys.seal('ba', {});
      await expect(keys.open('ba', sealed)).rejects.toThrow(NotAuthentic);
    });
    test('someone who never had a key here is not someone erased', async () => {
      const sealed = await keys.seal('an', AN);
      await expect(keys.open('ba', sealed)).rejects.toThrow(UnknownPerson);
    });
    test.each(['', 'v1.', 'v1.AAAA', 'v2.', 'nonsense', 'v1.é'])('%j is no sealed text', async (text) => {
      await keys.seal('an', AN);
      await expect(keys.open('an', text)).rejects.toThrow(NotAuthentic);
    });
    test('a text cut short does not open', async () => {
      const sealed = await keys.seal('an', AN);
      for (const length of [sealed.length - 1, sealed.length - 4, 30, 4]) {
        await expect(keys.open('an', sealed.slice(0, length))).rejects.toThrow(NotAuthentic);
      }
    });

    test('any JSON fields of any person open as they were', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.string({ minLength: 1 }),
          fc.dictionary(fc.string(), fc.jsonValue()),
          async (person, raw) => {
            const fields: unknown = JSON.parse(JSON.stringify(raw));
            expect(await keys.open(person, await keys.seal(person, raw))).toEqual(fields);
          },
        ),
        parameters,
      );
    });
    test('any flipped bit of the text is noticed', async () => {
      const sealed = await keys.seal('an', AN);
      await fc.assert(
        fc.asyncProperty(fc.nat(sealed.length * 8 - 1), async (bit) => {
          const bytes = Buffer.from(sealed, 'latin1');
          bytes.writeUInt8((bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)), bit >> 3);
          await expect(keys.open('an', bytes.toString('latin1'))).rejects.toThrow(NotAuthentic);
        }),
        { ...parameters, numRuns: 300 },
      );
    });

    test('given an erased person, nothing opens any more', async () => {
      const sealed = await keys.seal('an', AN);
      await keys.erase('an');
      expect(await keys.open('an', sealed)).toBeUndefined();
    });
    test('given an erased person, nothing is sealed any more', async () => {
      await keys.seal('an', AN);
      await keys.erase('an');
      await expect(keys.seal('an', AN)).rejects.toThrow(Erased);
    });
    test('erasing one leaves the others', async () => {
      const [, ba] = await Promise.all([keys.seal('an', AN), keys.seal('ba', { name: 'Ba' })]);
      await keys.erase('an');
      expect(await keys.open('ba', ba ?? '')).toEqual({ name: 'Ba' });
    });
    test('erasing twice is the same', async () => {
      const sealed = await keys.seal('an', AN);
      await keys.erase('an');
      await keys.erase('an');
      expect(await keys.open('an', sealed)).toBeUndefined();
    });
    test('someone erased before anything was written of them stays erased', async () => {
      await keys.erase('an');
      await expect(keys.seal('an', AN)).rejects.toThrow(Erased);
    });
    test('given an erasure while the first fields are being sealed, they do not outlive it', async () => {
      const sealing = keys.seal('an', AN).catch((error: unknown) => error);
      await keys.erase('an');
      const sealed = await sealing;
      if (typeof sealed === 'string') expect(await keys.open('an', sealed)).toBeUndefined();
      else expect(sealed).toBeInstanceOf(Erased);
      await expect(keys.seal('an', AN)).rejects.toThrow(Erased);
    });

    test('given a restart, what was sealed opens, and the erased stay erased', async () => {
      if (!fixture.reopen) return;
      const [an, ba] = await Promise.all([keys.seal('an', AN), keys.seal('ba', { name: 'Ba' })]);
      await keys.erase('ba');
      const again = await fixture.reopen();
      expect(await again.open('an', an)).toEqual(AN);
      expect(await again.open('ba', ba)).toBeUndefined();
      await expect(again.seal('ba', {})).rejects.toThrow(Erased);
    });
    test('closed keys say so', async () => {
      await keys.close();
      await expect(keys.seal('an', AN)).rejects.toMatchObject({ name: 'StoreClosed' });
      await expect(keys.erase('an')).rejects.toMatchObject({ name: 'StoreClosed' });
    });
  });
}
