import { StoreClosed } from '@phancong/event-sourcing';
import { Erased, type PersonKeys, UnknownPerson } from './person-keys.ts';
import { newKey, openWith, sealWith } from './sealing.ts';

/** The PersonKeys port in memory, for tests. */
export function inMemoryPersonKeys(): PersonKeys {
  const keys = new Map<string, Buffer | 'erased'>();
  let closed = false;
  const find = (person: string): Buffer | 'erased' | undefined => {
    if (closed) throw new StoreClosed('the person keys are closed');
    return keys.get(person);
  };

  return {
    async seal(person, fields) {
      const key = find(person) ?? newKey();
      if (key === 'erased') throw new Erased(person);
      keys.set(person, key);
      return sealWith(key, person, fields);
    },
    async open(person, sealed) {
      const key = find(person);
      if (!key) throw new UnknownPerson(person);
      return key === 'erased' ? undefined : openWith(key, person, sealed);
    },
    async erase(person) {
      find(person);
      keys.set(person, 'erased');
    },
    async close() {
      closed = true;
    },
  };
}
