import { embeddedFeed, inProcessProgress } from '@phancong/event-feed';
import { Day, type EventStore, inMemoryEventStore } from '@phancong/event-sourcing';
import { type HttpServer, inMemoryIdempotencyKeys, startHttp } from '@phancong/nest/testing';
import { inMemoryPersonKeys, type PersonKeys } from '@phancong/privacy';
import { inMemoryReadModels } from '@phancong/read-models';
import { MembershipModule, messages, publish } from '../index.ts';

export interface MembershipServer extends HttpServer {
  readonly store: EventStore;
  readonly keys: PersonKeys;
  /** POSTs and answers the body with the status; for what must succeed, `done` checks that. */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  get(path: string): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The service behind HTTP on stores in memory; today is the last day of 2014. */
export async function startMembership(
  store: EventStore = inMemoryEventStore(),
  keys: PersonKeys = inMemoryPersonKeys(),
): Promise<MembershipServer> {
  const feed = embeddedFeed({ sources: { membership: { store, publish } } });
  const progress = inProcessProgress({ heads: { membership: () => store.head() } });
  const today = () => Day.parse('2014-12-31');
  const server = await startHttp(
    MembershipModule.register({ store, feed, readModels: inMemoryReadModels(), progress, keys, today }),
    {
      services: {
        membership: {
          messages,
          idempotencyKeys: inMemoryIdempotencyKeys(),
          waitFor: (source, position) => progress.waitFor('membership', source, position, 5_000),
        },
      },
    },
  );
  const request = async (method: string, path: string, options = {}): Promise<Answer> => {
    const { status, headers, body } = await server.request(method, `/membership/${path}`, options);
    return { status, etag: headers.get('etag'), body: { ...Object(body) } };
  };
  return {
    ...server,
    store,
    keys,
    post: (path, body, headers = {}) =>
      request('POST', path, { body, headers: { 'accept-language': 'en', ...headers } }),
    get: (path) => request('GET', path, { headers: { 'accept-language': 'en' } }),
  };
}

/** The body of an answer that must not be a refusal. */
export function done({ status, body }: Answer): Answer['body'] {
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}
