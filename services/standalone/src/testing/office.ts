import type { ServiceName } from '@phancong/contracts';
import { BLOC, memberOf } from './committee.ts';
import { type Answer, type Keyed, post } from './keyed-client.ts';

/** What is asked for, one after the other, by `n`; what was refused is asked for again, under another id. */
interface Wish {
  readonly service: ServiceName;
  /** Where what was accepted is listed. */
  readonly list: string;
  readonly path: string;
  /** Many at once: what was refused must be sent again as it was, under its key, because a part of it may be recorded. */
  readonly bulk?: true;
  readonly body: (id: string, n: number) => unknown;
}

const wishes: readonly Wish[] = [
  {
    service: 'membership',
    list: '/membership/members',
    path: '/membership/members',
    body: (id, n) => ({ ...memberOf(id), code: `wished-${n}` }),
  },
  {
    service: 'membership',
    list: '/membership/members',
    path: '/membership/members/bulk',
    bulk: true,
    body: (id) => ({ members: [memberOf(`${id}-1`), memberOf(`${id}-2`), memberOf(`${id}-3`)] }),
  },
  {
    service: 'assignment',
    list: '/assignment/groups',
    path: '/assignment/groups',
    body: (id, n) => ({
      ...{ id, code: `wished-${n}`, name: 'Tổ dân phố', kind: 'residents', organisation: BLOC, headcount: 9 },
      from: '2014-01-01',
    }),
  },
  {
    service: 'assignment',
    list: `/assignment/assignments?organisation=${BLOC}`,
    path: '/assignment/assignments',
    body: (id, n) => ({ id, member: `idle-${n}`, group: 'lane', from: '2014-02-01' }),
  },
  {
    service: 'activity',
    list: '/activity/activities',
    path: '/activity/activities',
    body: (id) => ({ id, assignment: 'lane-x', kind: 'visit', on: '2014-08-01', reached: 1 }),
  },
  {
    service: 'activity',
    list: '/activity/campaigns',
    path: '/activity/campaigns',
    body: (id, n) => ({ id, code: `wished-${n}`, name: 'Phong trào', from: '2014-01-01' }),
  },
];

/** Members who wait for an assignment. */
export const idle: Keyed = {
  key: 'idle',
  path: '/membership/members/bulk',
  body: { members: Array.from({ length: 200 }, (_, index) => memberOf(`idle-${index}`)) },
};

/** Gives commands to every service, one of each kind side by side, and keeps note of what was acknowledged. */
export class Office {
  /** Ids of what was acknowledged, by where it is listed. */
  readonly accepted = new Map<string, string[]>();
  readonly #counts = new Map(wishes.map((wish) => [wish, 0]));
  #attempt = 0;

  /** @returns what each service answered to each of its commands */
  async send(url: string): Promise<readonly (Answer & { readonly service: ServiceName; readonly path: string })[]> {
    this.#attempt += 1;
    return Promise.all(
      wishes.map(async (wish) => {
        const { service, path } = wish;
        return { ...(await this.#wish(url, wish)), service, path };
      }),
    );
  }

  async #wish(url: string, wish: Wish): Promise<Answer> {
    const n = this.#counts.get(wish) ?? 0;
    const id = `wish-${wish.path.split('/').at(-1)}-${wish.bulk ? n : this.#attempt}`;
    // Without a key it is not the file of the keys that is written first.
    const key = wish.bulk || this.#attempt % 2 === 0 ? id : undefined;
    const answer = await post(url, { key, path: wish.path, body: wish.body(id, n) }, this.#attempt % 3 ? 'vi' : 'en');
    if (answer.status < 300) {
      this.#counts.set(wish, n + 1);
      const made = wish.bulk ? [1, 2, 3].map((part) => `${id}-${part}`) : [id];
      this.accepted.set(wish.list, [...(this.accepted.get(wish.list) ?? []), ...made]);
    }
    return answer;
  }
}
