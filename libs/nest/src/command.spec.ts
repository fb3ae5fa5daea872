import { type EventStore, type IdempotencyKeys, inMemoryEventStore, StoreFull } from '@phancong/event-sourcing';
import { type HttpServer, inMemoryIdempotencyKeys, startHttp } from './testing/index.ts';
import { LendingDesk, lendingMessages } from './testing/lending-desk.ts';

const DAY = '2014-06-01';
const AN = { to: 'An', on: DAY };
let store: EventStore;
let keys: IdempotencyKeys;
let failure: () => Promise<void>;
let waited: unknown[];
let waitFor: () => Promise<void>;
let desk: HttpServer;

beforeEach(async () => {
  store = inMemoryEventStore();
  keys = inMemoryIdempotencyKeys();
  failure = async () => undefined;
  waited = [];
  waitFor = async () => undefined;
  desk = await startHttp(
    LendingDesk.register(store, () => failure()),
    {
      services: {
        lending: {
          messages: lendingMessages,
          idempotencyKeys: keys,
          waitFor: async (source, position) => {
            waited.push([source, position]);
            await waitFor();
          },
        },
      },
    },
  );
});
afterEach(() => desk.close());

const lend = (body: unknown, headers: Record<string, string> = {}) =>
  desk.request('POST', '/lending/books', { body, headers });
const under = (key: string) => ({ 'idempotency-key': key });
const giveBack = (headers: Record<string, string> = {}, on = DAY) =>
  desk.request('POST', '/lending/books/b/return', { body: { on }, headers });
const logged = async () => (await store.readAll(0, 100)).length;

describe('a command', () => {
  test('is answered with id, revision and position, and the revision is the ETag', async () => {
    const answer = await lend({ id: 'b', ...AN });
    expect(answer).toMatchObject({ status: 201, body: { id: 'b', revision: 0, position: 'activity-1' } });
    expect(answer.headers.get('etag')).toBe('"0"');
    expect(await giveBack()).toMatchObject({ status: 200, body: { id: 'b', revision: 1, position: 'activity-2' } });
  });
  test('names who gave it', async () => {
    await lend(AN);
    expect(await store.readAll(0, 1)).toMatchObject([{ by: 'local-operator' }]);
  });
  test('a thing that is read carries its ETag too', async () => {
    await lend({ id: 'b', ...AN });
    expect((await desk.request('GET', '/lending/books/b')).headers.get('etag')).toBe('"0"');
  });
});

describe('If-Match', () => {
  beforeEach(() => lend({ id: 'b', ...AN }));

  test('given the revision that the client saw, the change is made', async () => {
    expect(await giveBack({ 'if-match': '"0"' })).toMatchObject({ status: 200, body: { revision: 1 } });
  });
  test('given an older revision, it is 412 and nothing is recorded', async () => {
    const answer = await giveBack({ 'if-match': '"4"', 'accept-language': 'en' });
    expect(answer).toMatchObject({ status: 412, body: { code: 'revision-mismatch' } });
    expect(answer.body).toMatchObject({ detail: expect.stringContaining('revision 0, not at 4') });
    expect(await logged()).toBe(1);
  });
  test.each(['4', 'W/"4"', '"x"', '"-1"', '"1", "2"', ''])('%j is malformed', async (etag) => {
    expect(await giveBack({ 'if-match': etag })).toMatchObject({ status: 400, body: { code: 'invalid-if-match' } });
  });
});

describe('Idempotency-Key', () => {
  test('given the same request again, it gets the same answer, and nothing more is recorded', async () => {
    const first = await lend(AN, under('k1'));
    const second = await lend(AN, under('k1'));
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(second.headers.get('etag')).toBe('"0"');
    expect(await logged()).toBe(1);
  });
  test('the answer stays the same when the thing has moved on', async () => {
    const first = await lend({ id: 'b', ...AN }, under('k1'));
    await giveBack();
    expect((await lend({ id: 'b', ...AN }, under('k1'))).body).toEqual(first.body);
  });
  test('another body under the key is 422', async () => {
    await lend(AN, under('k1'));
    expect(await lend({ ...AN, to: 'Ba' }, under('k1'))).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
    expect(await logged()).toBe(1);
  });
  test('on another address it is another key', async () => {
    await lend({ id: 'b', ...AN }, under('k1'));
    expect(await giveBack(under('k1'))).toMatchObject({ status: 200, body: { revision: 1 } });
  });
  test('waiting for another position does not make it another request', async () => {
    await lend(AN, under('k1'));
    const again = await desk.request('POST', '/lending/books?position=activity-1', { body: AN, headers: under('k1') });
    expect(again).toMatchObject({ status: 201 });
    expect(await logged()).toBe(1);
  });
  test('two at once are one command', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => lend(AN, under('k1'))));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await logged()).toBe(1);
  });
  test('given a refused request, the key can be used again, for another request', async () => {
    await lend({ id: 'b', ...AN });
    expect(await lend({ id: 'b', ...AN }, under('k1'))).toMatchObject({ status: 409 });
    expect(await lend({ id: 'b', to: '', on: DAY }, under('k1'))).toMatchObject({ status: 422 });
    expect(await lend({ id: 'c', ...AN }, under('k1'))).toMatchObject({ status: 201, body: { id: 'c' } });
  });
  test('given a crash before the answer was noted, it runs again and records nothing twice', async () => {
    failure = () => Promise.reject(new Error('the process died'));
    expect(await lend(AN, under('k1'))).toMatchObject({ status: 500 });
    failure = async () => undefined;
    expect(await lend({ ...AN, to: 'Ba' }, under('k1'))).toMatchObject({ status: 422 });
    expect(await lend(AN, under('k1'))).toMatchObject({ status: 201, body: { revision: 0 } });
    expect(await logged()).toBe(1);
  });
  test('given no room to note the answer, what was done is told as done, and told so again', async () => {
    const { answered } = keys;
    keys.answered = () => Promise.reject(new StoreFull('full'));
    expect(await lend(AN, under('k1'))).toMatchObject({ status: 201 });
    keys.answered = answered;
    expect(await lend(AN, under('k1'))).toMatchObject({ status: 201 });
    expect(await logged()).toBe(1);
  });
  test('given no room to give the key up, what was refused is told as refused', async () => {
    await lend({ id: 'b', ...AN });
    keys.release = () => Promise.reject(new StoreFull('full'));
    expect(await lend({ id: 'b', ...AN }, under('k1'))).toMatchObject({ status: 409 });
  });
  test('given keys that fail for no reason of the disk’s, the fault is not passed over', async () => {
    keys.answered = () => Promise.reject(new TypeError('of ours'));
    expect(await lend(AN, under('k1'))).toMatchObject({ status: 500 });
    keys.release = () => Promise.reject(new TypeError('of ours'));
    expect(await desk.request('POST', '/lending/books', { body: {}, headers: under('k2') })).toMatchObject({
      status: 500,
    });
  });
  test.each(['', 'a b', 'x'.repeat(256), 'ké'])('%j is no key', async (key) => {
    expect(await lend(AN, under(key))).toMatchObject({ status: 400, body: { code: 'invalid-idempotency-key' } });
    expect(await logged()).toBe(0);
  });
  test('255 characters are a key', async () => {
    expect(await lend(AN, under('!'.repeat(255)))).toMatchObject({ status: 201 });
  });
  test('a question needs none, and ignores it', async () => {
    await lend({ id: 'b', ...AN });
    const ask = () => desk.request('GET', '/lending/books/b', { headers: under('k1') });
    expect(await ask()).toMatchObject({ body: { to: 'An' } });
    await giveBack();
    expect(await ask()).toMatchObject({ body: { revision: 1 } });
  });
});

describe('If-Match', () => {
  test.each([
    ['en', 'There is no record here to be at revision 3. Check the address, or leave If-Match out.'],
    ['vi', 'Chưa có bản ghi nào ở đây, nên không thể còn là bản 3. Hãy xem lại địa chỉ, hoặc bỏ If-Match.'],
  ])('given a thing that is not there, it says so and names no revision (%s)', async (language, detail) => {
    const answer = await giveBack({ 'if-match': '"3"', 'accept-language': language });
    expect(answer).toMatchObject({ status: 412, body: { code: 'revision-mismatch', detail } });
  });
});

describe('position=', () => {
  test.each([
    ['GET', '/lending/books?position=membership-12', undefined],
    ['POST', '/lending/books?position=membership-12', AN],
  ])('%s waits until its service has come that far', async (method, path, body) => {
    expect((await desk.request(method, path, { body })).status).toBeLessThan(300);
    expect(waited).toEqual([['membership', 12]]);
  });
  test('is not a field of the query', async () => {
    expect(await desk.request('GET', '/lending/books?position=activity-1&to=An')).toMatchObject({
      status: 200,
      body: { limit: 100, to: 'An' },
    });
  });
  test('given that it does not come that far, it is 503, nothing is recorded, and the key stays free', async () => {
    waitFor = () => Promise.reject(Object.assign(new Error('behind'), { name: 'NotCaughtUp' }));
    const path = '/lending/books?position=membership-12';
    const answer = await desk.request('POST', path, { body: AN, headers: under('k1') });
    expect(answer).toMatchObject({ status: 503, body: { code: 'not-caught-up' } });
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await logged()).toBe(0);
    expect(await lend({ ...AN, to: 'Ba' }, under('k1'))).toMatchObject({ status: 201 });
  });
  test.each([
    '12',
    'membership-',
    'membership--1',
    'reporting-1',
    'membership-1.5',
    'membership-1e3',
    '',
    'a&position=b',
  ])('%j is malformed', async (text) => {
    expect(await desk.request('GET', `/lending/books?position=${text}`)).toMatchObject({
      status: 422,
      body: { code: 'invalid-position' },
    });
    expect(waited).toEqual([]);
  });
});
