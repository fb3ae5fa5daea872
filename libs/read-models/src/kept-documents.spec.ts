import { fcSeed } from '@phancong/event-sourcing/testing';
import fc from 'fast-check';
import { KeptDocuments } from './kept-documents.ts';

const ids = ['a', 'b', 'c', 'd', 'e'];
const step = fc.oneof(
  fc.record({ does: fc.constant('keep' as const), id: fc.constantFrom(...ids), size: fc.nat(12) }),
  fc.record({ does: fc.constantFrom('get' as const, 'forget' as const), id: fc.constantFrom(...ids) }),
);

const sizeOf = (docs: readonly { readonly size: number }[]): number => docs.reduce((sum, { size }) => sum + size, 0);

describe('the documents used last', () => {
  it('are those of which the sizes together are within the capacity; when it is passed, an eighth is forgotten at once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const kept = new KeptDocuments<number>(24);
        let expected: { id: string; doc: number; size: number }[] = [];
        const used = (id: string) => expected.find((each) => each.id === id);
        steps.forEach((each, doc) => {
          const { does, id } = each;
          const known = used(id);
          const others = expected.filter((other) => other !== known);
          switch (does) {
            case 'keep':
              kept.keep(id, doc, each.size);
              expected = [...others, { id, doc, size: each.size }];
              if (sizeOf(expected) > 24) while (sizeOf(expected) > 21) expected.shift();
              break;
            case 'get':
              expect(kept.get(id)).toBe(known?.doc);
              expected = known ? [...others, known] : others;
              break;
            case 'forget':
              kept.forget(id);
              expected = others;
              break;
          }
        });
        for (const { id, doc } of expected) expect(kept.get(id)).toBe(doc);
        for (const id of ids) if (!used(id)) expect(kept.get(id)).toBeUndefined();
      }),
      fcSeed(),
    );
  });

  it('do not include one that is too big by itself', () => {
    const kept = new KeptDocuments<string>(5);
    kept.keep('small', 'x', 2);
    kept.keep('big', 'y', 6);
    kept.keep('after', 'z', 3);
    expect([kept.get('small'), kept.get('big'), kept.get('after')]).toEqual([undefined, undefined, 'z']);
  });
});
