import { inMemoryEventStore } from '@phancong/event-sourcing';
import { request as httpRequest } from 'node:http';
import { Registry } from 'prom-client';
import type { Checks } from './health.ts';
import { httpMessages } from './http-messages.ts';
import { PinoLogger } from './logger.ts';
import { processMetrics } from './metrics.ts';
import {
  alike,
  allCodesHaveMessages,
  type HttpServer,
  refusalCodesIn,
  startHttp,
  undescribedOperations,
} from './testing/index.ts';
import { LendingDesk, lendingMessages } from './testing/lending-desk.ts';

let lines: string[];
let checks: Record<string, Checks[string]>;
let failure: () => Promise<void>;
let desk: HttpServer;

beforeEach(async () => {
  lines = [];
  checks = {};
  failure = async () => undefined;
  const logger = new PinoLogger({ destination: { write: (line) => void lines.push(line) } });
  desk = await startHttp(
    LendingDesk.register(inMemoryEventStore(), () => failure()),
    { services: { lending: { messages: lendingMessages } }, checks, registry: new Registry(), version: '1.2.3' },
    logger,
  );
});
afterEach(() => desk.close());

const get = (path: string, headers: Record<string, string> = {}) => desk.request('GET', path, { headers });
const lend = (headers: Record<string, string> = {}, id = 'b') =>
  desk.request('POST', '/lending/books', { body: { id, to: 'Nguyễn Thị Ái', on: '2014-06-01' }, headers });

/** With a Host that fetch would not send. */
const statusWithHost = (host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const sent = httpRequest(`${desk.url}/health/live`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject).end();
  });

describe('documents', () => {
  test('every route tells its summary, body and answer in OpenAPI, from the schemas that validate', async () => {
    const { body } = await get('/openapi.json');
    expect(undescribedOperations(body)).toEqual([]);
    expect(body).toMatchObject({
      openapi: '3.1.0',
      info: { version: '1.2.3' },
      paths: {
        '/lending/books': {
          post: {
            summary: 'Lends a book',
            requestBody: {
              content: {
                'application/json': {
                  schema: {
                    required: ['to', 'on'],
                    additionalProperties: false,
                    properties: { copies: { maximum: 9 } },
                  },
                },
              },
            },
            responses: {
              201: { content: { 'application/json': { schema: { $ref: '#/components/schemas/CommandAnswer' } } } },
              default: {
                content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDetails' } } },
              },
            },
          },
          get: {
            parameters: expect.arrayContaining([
              expect.objectContaining({ name: 'limit', in: 'query' }),
              expect.objectContaining({ name: 'position', in: 'query' }),
            ]),
          },
        },
      },
    });
  });
  test('an operation that says nothing of itself is found', () => {
    const document = { paths: { '/a': { post: { responses: { 201: {} } } } } };
    expect(undescribedOperations(document)).toEqual(['POST /a: summary', 'POST /a: answer', 'POST /a: body']);
  });
  test('AsyncAPI shows every message of the contracts under its service', async () => {
    expect((await get('/asyncapi.json')).body).toMatchObject({
      asyncapi: '3.0.0',
      channels: { assignment: { messages: { AssignmentMade: { $ref: '#/components/messages/AssignmentMade' } } } },
      components: {
        messages: {
          AssignmentMade: { payload: { properties: { type: { const: 'AssignmentMade' } } } },
          MemberLeft: { payload: { type: 'object' } },
          ActivityLogged: { payload: { type: 'object' } },
        },
      },
    });
  });
  test('whoever opens the address alone is shown the page /docs', async () => {
    const answer = await fetch(`${desk.url}/`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/docs']);
  });
  test('the page /docs loads only files that this server has', async () => {
    const { status, body } = await get('/docs');
    const files = [...String(body).matchAll(/(?:src|href)="([^"]+)"/g)].flatMap(([, file]) => (file ? [file] : []));
    expect(status).toBe(200);
    expect(files).toHaveLength(4);
    for (const file of files) expect(await get(file)).toMatchObject({ status: 200 });
    expect((await get('/docs/start.js')).body).toContain("'/openapi.json'");
  });
});

describe('health', () => {
  test('given parts that are all well, it is ready', async () => {
    checks['store'] = async () => 'ok';
    expect(await get('/health/ready')).toMatchObject({ status: 200, body: { status: 'ok', checks: { store: 'ok' } } });
  });
  test('given a part that is not, it is alive and not ready, and says why', async () => {
    checks['store'] = async () => 'ok';
    checks['read-models'] = async () => 'rebuilding';
    checks['feed'] = () => Promise.reject(new Error('secret'));
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      body: { status: 'not-ready', checks: { store: 'ok', 'read-models': 'rebuilding', feed: 'failed' } },
    });
    expect(await get('/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await get('/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });
});

describe('metrics', () => {
  test('requests are counted by route, not by address', async () => {
    await lend();
    await get('/lending/books/b');
    await get('/lending/books/c');
    await get('/nobody/knows');
    const { body } = await get('/metrics');
    expect(body).toContain('_count{method="GET",route="/lending/books/:id",status="200"} 1');
    expect(body).toContain('_count{method="GET",route="/lending/books/:id",status="404"} 1');
    expect(body).toContain('_count{method="GET",route="unknown",status="404"} 1');
    expect(body).not.toContain('nobody');
  });
  test('a program shows its process too', async () => {
    expect(await processMetrics().metrics()).toContain('process_resident_memory_bytes');
  });
});

describe('only from this machine', () => {
  test.each(['localhost:3000', '127.0.0.1', '[::1]:80'])('the host %s is this machine', async (host) => {
    expect(await statusWithHost(host)).toBe(200);
  });
  test.each(['evil.example', '127.0.0.1.evil.example', '192.168.1.2:3000', 'localhost@evil.example'])(
    'the host %s is not',
    async (host) => {
      expect(await statusWithHost(host)).toBe(403);
    },
  );
  test.each(['https://evil.example', 'null', 'http://127.0.0.1:1'])('a page of %s may not command', async (origin) => {
    expect(await lend({ origin })).toMatchObject({ status: 403, body: { code: 'not-from-here' } });
  });
  test('a page of this server may', async () => {
    expect(await lend({ origin: desk.url })).toMatchObject({ status: 201 });
  });
  test('answers forbid foreign scripts and frames', async () => {
    const { headers } = await get('/health/live');
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(headers.get('content-security-policy')).not.toContain('https:');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
  });
});

describe('the log', () => {
  const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

  test('names request and trace, also after the body was read, and nobody’s data', async () => {
    failure = () => Promise.reject(new Error('broken'));
    const headers = { 'x-request-id': 'r-1', traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };
    expect((await lend(headers)).headers.get('x-request-id')).toBe('r-1');
    await get('/lending/books?to=Nguy%E1%BB%85n', headers);
    await get('/lending/books/Ai?q=Nguyen', headers);
    const entries = lines.map((line): unknown => JSON.parse(line));
    expect(entries).toContainEqual(
      expect.objectContaining({ err: expect.objectContaining({ message: 'broken' }), request: 'r-1', trace: TRACE }),
    );
    expect(entries).toContainEqual(
      expect.objectContaining({ method: 'POST', route: '/lending/books', status: 500, request: 'r-1', trace: TRACE }),
    );
    expect(lines.join('')).not.toMatch(/Nguy|Ái|%E1/);
  });
  test.each(['a b', 'x'.repeat(65), '<script>'])('the request id %j is replaced', async (id) => {
    expect((await get('/health/live', { 'x-request-id': id })).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('closing', () => {
  test('given a command under way, it is answered before the server is gone', async () => {
    let reached = (): void => undefined;
    let release = (): void => undefined;
    const underWay = new Promise<void>((resolve) => (reached = resolve));
    const gate = new Promise<void>((resolve) => (release = resolve));
    failure = () => {
      reached();
      return gate;
    };
    const answer = lend();
    await underWay;
    const closed = desk.close();
    release();
    expect(await answer).toMatchObject({ status: 201 });
    await closed;
    await expect(get('/health/live')).rejects.toThrow();
  });
});

describe('messages', () => {
  test('given a refusal code without words, the helper names it', () => {
    const codes = refusalCodesIn(__dirname);
    expect(codes).toEqual(expect.arrayContaining(['already-lent', 'not-lent']));
    expect(() => allCodesHaveMessages(lendingMessages, codes)).not.toThrow();
    expect(() => allCodesHaveMessages({}, codes)).toThrow('no message for: already-lent, not-lent');
  });
  test('the edge speaks two languages; a code with one text for both is found', () => {
    expect(alike(httpMessages)).toEqual([]);
    const same = { vi: () => 'OK', en: () => 'OK' };
    const silent = { vi: () => 'Không', en: () => ' ' };
    const told = { vi: () => 'Không', en: () => 'No' };
    expect(alike({ same, silent, told })).toEqual(['same', 'silent']);
  });
});
