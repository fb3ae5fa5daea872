import {
  DuplicateEvent,
  eventIdOf,
  inMemoryEventStore,
  newCommandId,
  StoreClosed,
  StoreFull,
  StoreUnavailable,
  Unavailable,
  WrongExpectedRevision,
} from '@phancong/event-sourcing';
import { lendingMessages, LendingDesk } from './testing/lending-desk.ts';
import { connect } from 'node:net';
import { type HttpServer, inMemoryIdempotencyKeys, startHttp } from './testing/index.ts';

const DAY = '2014-06-01';
let failure: () => Promise<void>;
let desk: HttpServer;

beforeEach(async () => {
  failure = async () => undefined;
  desk = await startHttp(
    LendingDesk.register(inMemoryEventStore(), () => failure()),
    {
      services: {
        lending: { messages: lendingMessages, idempotencyKeys: inMemoryIdempotencyKeys() },
        archive: { messages: { 'already-lent': { vi: () => 'Lời của nơi khác.', en: () => 'Words of another.' } } },
      },
      bodyLimit: 2000,
    },
  );
});
afterEach(() => desk.close());

const lend = (body: unknown, headers: Record<string, string> = {}) =>
  desk.request('POST', '/lending/books', { body, headers });

describe('what is wrong with the input', () => {
  const errorsOf = async (body: unknown, language = 'en') => {
    const answer = await lend(body, { 'accept-language': language });
    return { status: answer.status, body: answer.body };
  };

  test('is told field by field, in stable codes', async () => {
    expect(
      await errorsOf({
        id: 'a b',
        to: '',
        on: '2014-02-30',
        copies: 10,
        kind: 'map',
        notes: ['12345678901', 1],
        by: 'me',
      }),
    ).toEqual({
      status: 422,
      body: {
        type: 'urn:phancong:problem:invalid-input',
        title: 'The content is not acceptable',
        status: 422,
        detail: 'The input is not right; see each field.',
        code: 'invalid-input',
        instance: '/lending/books',
        errors: [
          { path: 'id', code: 'invalid-id', message: expect.stringContaining('1 to 64 letters') },
          { path: 'to', code: 'too-short', message: 'It must not be empty.' },
          { path: 'on', code: 'invalid-day', message: 'It must be a real day, as YYYY-MM-DD, e.g. 2014-12-31.' },
          { path: 'copies', code: 'too-big', message: 'It must be at most 9.' },
          { path: 'kind', code: 'not-one-of', message: 'It must be one of: novel, law.' },
          { path: 'notes.0', code: 'too-long', message: 'Longer than 10 characters.' },
          { path: 'notes.1', code: 'wrong-type', message: 'Wrong type: expected string.' },
          { path: 'by', code: 'unknown-field', message: 'There is no such field.' },
        ],
      },
    });
  });

  test('a list that is too long is told as such', async () => {
    expect(await errorsOf({ to: 'An', on: DAY, notes: ['a', 'b', 'c'] })).toMatchObject({
      body: { errors: [{ path: 'notes', code: 'too-many', message: 'More than 2 items.' }] },
    });
  });

  test('is told in Vietnamese unless English is preferred', async () => {
    expect(await errorsOf({ copies: 1.5, on: 3 }, 'fr, vi;q=0.8, en;q=0.7')).toMatchObject({
      body: {
        title: 'Nội dung không hợp lệ',
        errors: [
          { path: 'to', code: 'required', message: 'Thiếu mục này.' },
          { path: 'on', code: 'wrong-type', message: 'Sai kiểu: cần chuỗi chữ.' },
          { path: 'copies', code: 'not-a-whole-number', message: 'Phải là số nguyên.' },
        ],
      },
    });
  });

  test.each([
    ['null', 'null'],
    ['a list', []],
    ['a text', '"x"'],
  ])('%s is no object', async (_, body) => {
    expect(await lend(body)).toMatchObject({ status: 422, body: { code: 'invalid-input', errors: [{ path: '' }] } });
  });

  test.each([
    ['no body', undefined, {}],
    ['an empty one', '', { 'content-type': 'application/json' }],
  ])('%s is told to be missing, not to be wrong', async (_, body, headers) => {
    expect(await lend(body, { ...headers, 'accept-language': 'en' })).toMatchObject({
      status: 422,
      body: {
        detail: 'The input is not right; see each field.',
        errors: [
          {
            path: '',
            code: 'body-missing',
            message: 'There is no body: send a JSON object, e.g. {"on":"2014-12-31"}.',
          },
        ],
      },
    });
  });

  test.each(['a\u0000b', 'a\u0007', '\ud800', '\u009f'])('a text with %j in it is refused', async (to) => {
    expect(await lend({ to, on: DAY })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'to', code: 'control-character' }] },
    });
  });

  test('texts arrive in NFC, with their line ends', async () => {
    await lend({ id: 'b', to: 'Nguyễn\nÁi'.normalize('NFD'), on: DAY });
    expect((await desk.request('GET', '/lending/books/b')).body).toMatchObject({ to: 'Nguyễn\nÁi'.normalize('NFC') });
  });

  test('a body nested too deep is refused as such', async () => {
    const deep = `{"to":${'['.repeat(900)}${']'.repeat(900)},"on":"${DAY}"}`;
    const { body } = await lend(deep);
    expect(body).toMatchObject({ status: 422, errors: [{ code: 'nested-too-deep' }] });
  });

  test.each([
    ['limit=0', 'limit', 'too-small'],
    ['limit=all', 'limit', 'wrong-type'],
    ['limit=1.5', 'limit', 'not-a-whole-number'],
    ['who=x', 'who', 'unknown-field'],
    ['to=a&to=b', 'to', 'wrong-type'],
    ['to=%00', 'to', 'control-character'],
  ])('the query %s is 422', async (query, path, code) => {
    expect(await desk.request('GET', `/lending/books?${query}`)).toMatchObject({
      status: 422,
      body: { code: 'invalid-input', errors: [{ path, code }] },
    });
  });

  test.each([
    ['GET', '/lending/books/b?asOf=2014-01-01&position=activity-0', undefined],
    ['POST', '/lending/books?asOf=2014-01-01', { to: 'An', on: DAY }],
  ])('%s %s: a query that nothing reads is 422', async (method, path, body) => {
    expect(await desk.request(method, path, { body })).toMatchObject({
      status: 422,
      body: { code: 'invalid-input', errors: [{ path: 'asOf', code: 'unknown-field' }] },
    });
  });

  test('an id that cannot be one is 422', async () => {
    expect(await desk.request('GET', '/lending/books/a%20b')).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'id', code: 'invalid-id' }] },
    });
  });
});

describe('what is not HTTP as it is spoken here', () => {
  test.each(['{"to":', '{"__proto__":{}}', '\u0000'])('the body %j is 400', async (body) => {
    expect(await lend(body)).toMatchObject({ status: 400, body: { code: 'malformed-json' } });
  });
  test('a body that is not UTF-8 is 400', async () => {
    expect(await lend(Buffer.from([0x22, 0xff, 0x22]))).toMatchObject({
      status: 400,
      body: { code: 'malformed-json' },
    });
  });
  test.each(['text/plain', 'application/x-www-form-urlencoded', 'nonsense', 'multipart/form-data; boundary=x'])(
    'the content type %s is 415',
    async (type) => {
      expect(await lend('{}', { 'content-type': type })).toMatchObject({
        status: 415,
        body: { code: 'unsupported-media-type' },
      });
    },
  );
  test('a body above the limit is 413', async () => {
    expect(await lend({ to: 'x'.repeat(3000) })).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  });
  test('an unknown address is 404, whatever it holds', async () => {
    for (const path of ['/nothing', '/lending', '/lending/books/b/return/x', '/%zz', '/lending/books/%ff', '//']) {
      const { status, body } = await desk.request('GET', path);
      expect([path, status >= 400 && status < 500, body]).toEqual([path, true, expect.objectContaining({ status })]);
    }
    expect(await desk.request('GET', '/nothing')).toMatchObject({ status: 404, body: { code: 'no-such-route' } });
  });
  test('a method that the address does not take is 405 and names those that it takes', async () => {
    const answer = await desk.request('DELETE', '/lending/books');
    expect(answer).toMatchObject({ status: 405, body: { code: 'method-not-allowed' } });
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
    expect(await desk.request('GET', '/lending/books/b/return')).toMatchObject({ status: 405 });
  });
});

describe('what is not HTTP at all', () => {
  const answerTo = (sent: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(desk.url);
      let answer = '';
      const socket = connect(Number(port), hostname, () => socket.write(sent));
      socket.setEncoding('utf8');
      socket.on('data', (text) => (answer += String(text)));
      socket.on('close', () => resolve(answer)).on('error', reject);
    });

  test.each([
    ['half a request line', 'GET\r\n\r\n', '400 Bad Request', 'bad-request'],
    ['rubbish', '\u0000\u0001\u0002\r\n\r\n', '400 Bad Request', 'bad-request'],
    [
      'a header without end',
      `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      '431 Request Header Fields Too Large',
      'headers-too-large',
    ],
  ])('%s is answered as a problem too', async (_, sent, status, code) => {
    const [head = '', body = ''] = (await answerTo(sent)).split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${status}\r\nContent-Type: application/problem+json`);
    expect(JSON.parse(body)).toMatchObject({ code, status: Number(status.slice(0, 3)) });
  });
});

describe('what the service refuses', () => {
  test('a conflict is 409 in the words of the service', async () => {
    await lend({ id: 'b', to: 'An', on: DAY });
    const answer = await lend({ id: 'b', to: 'Ba', on: DAY });
    expect(answer).toMatchObject({
      status: 409,
      body: {
        code: 'already-lent',
        title: 'Trái với điều đã ghi hoặc với quy định',
        detail: 'Ngày 2014-06-01 sách đang cho mượn.',
        instance: '/lending/books',
      },
    });
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers.get('content-language')).toBe('vi');
  });
  test('what is not there is 404', async () => {
    expect(await desk.request('POST', '/lending/books/b/return', { body: { on: DAY } })).toMatchObject({
      status: 404,
      body: { code: 'not-lent' },
    });
  });
  test.each([
    ['StoreFull', 507, 'storage-full', new StoreFull('x')],
    ['SQLITE_FULL', 507, 'storage-full', Object.assign(new Error('x'), { code: 'SQLITE_FULL' })],
    ['SQLITE_IOERR_WRITE', 507, 'storage-full', Object.assign(new Error('x'), { code: 'SQLITE_IOERR_WRITE' })],
    ['StoreClosed', 503, 'shutting-down', new StoreClosed('x')],
    ['StoreUnavailable', 503, 'store-unavailable', new StoreUnavailable('x')],
    ['KeysUnavailable', 503, 'store-unavailable', new (class KeysUnavailable extends Unavailable {})('x')],
    ['WrongExpectedRevision', 503, 'busy', new WrongExpectedRevision('s', 1, 2)],
    ['NotCaughtUp', 503, 'not-caught-up', Object.assign(new Error('x'), { name: 'NotCaughtUp' })],
    ['BeingRebuilt', 503, 'not-caught-up', Object.assign(new Error('x'), { name: 'BeingRebuilt' })],
    ['DuplicateEvent', 422, 'idempotency-key-reused', new DuplicateEvent(eventIdOf(newCommandId(), 0))],
    ['Erased', 409, 'person-erased', Object.assign(new Error('x'), { name: 'Erased' })],
  ])('%s is %i %s', async (_, status, code, error) => {
    failure = () => Promise.reject(error);
    const answer = await lend({ to: 'An', on: DAY });
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.headers.get('retry-after')).toBe(status === 503 ? '1' : null);
  });
  test('a fault of ours is 500 and tells nothing of itself', async () => {
    failure = () => Promise.reject(new TypeError('secret at /srv/x.ts'));
    const answer = await lend({ to: 'An', on: DAY });
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal-error' } });
    expect(JSON.stringify(answer.body)).not.toMatch(/secret|srv|TypeError/);
  });
});
