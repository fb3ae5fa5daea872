import { inMemoryEventStore } from '@phancong/event-sourcing';
import fc from 'fast-check';
import { z } from 'zod';
import { ProblemDetails } from './problem.ts';
import { type HttpServer, inMemoryIdempotencyKeys, startHttp } from './testing/index.ts';
import { LendingDesk, lendingMessages } from './testing/lending-desk.ts';

jest.setTimeout(120_000);

const seed = process.env['FC_SEED'];
const parameters = { numRuns: 150, ...(seed !== undefined && { seed: Number(seed) }) };
const Headers = z.record(z.string(), z.string());

let desk: HttpServer;
beforeAll(async () => {
  desk = await startHttp(LendingDesk.register(inMemoryEventStore()), {
    services: { lending: { messages: lendingMessages, idempotencyKeys: inMemoryIdempotencyKeys() } },
  });
});
afterAll(() => desk.close());

/** An answer that is either success or a problem of the client's, told as problem details. */
const decent = ({ status, body }: Awaited<ReturnType<HttpServer['request']>>): void => {
  expect(status).toBeLessThan(500);
  if (status >= 400) expect(ProblemDetails.parse(body)).toMatchObject({ status });
};

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('2014-06-01', 'novel', '', 'ụ', '__proto__'));
const value = fc.oneof(text, fc.jsonValue(), fc.double(), fc.constant(null));
const almost = fc.record(
  { id: value, to: value, on: value, copies: value, kind: value, notes: fc.oneof(value, fc.array(value)) },
  { requiredKeys: [] },
);

test('no body whatever is a fault of the server', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.jsonValue(), almost), async (body) => {
      decent(await desk.request('POST', '/lending/books', { body: JSON.stringify(body) }));
    }),
    parameters,
  );
});

test.each([
  ['lists', '[', ']'],
  ['objects', '{"a":', '}'],
  ['poisoned objects', '{"__proto__":', '}'],
])('%s nested half a million times are no fault of the server', async (_, open, close) => {
  const body = `{"to":${open.repeat(500_000)}1${close.repeat(500_000)},"on":"2014-06-01"}`;
  decent(await desk.request('POST', '/lending/books', { body }));
});

test('no bytes whatever are a fault of the server', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      decent(await desk.request('POST', '/lending/books', { body: Buffer.from(bytes) }));
    }),
    parameters,
  );
});

test('no address whatever is a fault of the server', async () => {
  const part = fc.oneof(
    fc.webFragments(),
    fc.string().map(encodeURIComponent),
    fc.constantFrom('%', '%00', '..', ':id'),
  );
  const addresses = fc.tuple(fc.constantFrom('/lending/books', '/lending', ''), part, fc.webQueryParameters());
  await fc.assert(
    fc.asyncProperty(
      addresses,
      fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
      async ([base, path, query], method) => {
        decent(await desk.request(method, `${base}/${path}?${query}`));
      },
    ),
    parameters,
  );
});

test('no headers whatever are a fault of the server', async () => {
  const visible = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) });
  const names = [
    'idempotency-key',
    'if-match',
    'accept-language',
    'traceparent',
    'x-request-id',
    'content-type',
    'accept',
  ];
  const headers = fc.dictionary(fc.constantFrom(...names), visible);
  await fc.assert(
    fc.asyncProperty(headers, async (given) => {
      const body = { to: 'An', on: '2014-06-01' };
      decent(await desk.request('POST', '/lending/books', { body, headers: Headers.parse(given) }));
    }),
    parameters,
  );
});
