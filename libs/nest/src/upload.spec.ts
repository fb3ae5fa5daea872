import { Body, Controller, Module, Post, UploadedFile, UseInterceptors } from '@nestjs/common';
import { FileInterceptor, type UploadedMultipartFile } from '@nestjs/platform-fastify/multipart';
import { type CommandContext, idText } from '@phancong/event-sourcing';
import { z } from 'zod';
import { Answers } from './answers.ts';
import { Command } from './command.ts';
import { HttpProblem } from './http-problem.ts';
import { body } from './input.ts';
import { type HttpServer, inMemoryIdempotencyKeys, startHttp } from './testing/index.ts';
import { UploadOnce } from './upload-once.ts';

const Fields = body({ organisation: idText });
type Fields = z.infer<typeof Fields>;

@Controller('lending/catalogues')
class Catalogues {
  @Post()
  @Answers('Takes a catalogue', z.object({ bytes: z.int(), organisation: z.string() }))
  @UseInterceptors(FileInterceptor('file', { limits: { fileSize: 1000, files: 1, fields: 5 } }), UploadOnce)
  upload(@UploadedFile() file: UploadedMultipartFile | undefined, @Body({ schema: Fields }) { organisation }: Fields) {
    taken += 1;
    if (!file) throw new HttpProblem(422, 'invalid-input', {}, [{ path: 'file', code: 'required', facts: {} }]);
    return { bytes: file.size, organisation };
  }

  @Post('keyless')
  @Answers('Takes a catalogue without a key', z.object({ bytes: z.int() }))
  @UseInterceptors(FileInterceptor('file'))
  keyless(@UploadedFile() file: UploadedMultipartFile, @Command() _context: CommandContext) {
    return { bytes: file.size };
  }

  @Post('plain')
  @Answers('Takes no file', Fields)
  plain(@Body({ schema: Fields }) fields: Fields) {
    return fields;
  }
}

@Module({ controllers: [Catalogues] })
class Uploads {}

let taken: number;
let server: HttpServer;
beforeEach(async () => {
  taken = 0;
  server = await startHttp(Uploads, {
    services: { lending: { messages: {}, idempotencyKeys: inMemoryIdempotencyKeys() } },
  });
});
afterEach(() => server.close());

const form = (bytes: number, fields: Record<string, string>): FormData => {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.set(name, value);
  if (bytes > 0) made.set('file', new Blob(['x'.repeat(bytes)]), 'books.csv');
  return made;
};
const upload = (sent: unknown, headers: Record<string, string> = {}) =>
  server.request('POST', '/lending/catalogues', { body: sent, headers });

test('given a file and its fields, both arrive', async () => {
  expect(await upload(form(10, { organisation: 'o1' }))).toMatchObject({
    status: 200,
    body: { bytes: 10, organisation: 'o1' },
  });
});
test('a file above the limit is 413', async () => {
  expect(await upload(form(2000, { organisation: 'o1' }))).toMatchObject({ status: 413 });
});
test.each([
  ['no file', form(0, { organisation: 'o1' }), 422],
  ['a field that is wrong', form(10, { organisation: 'a b' }), 422],
  ['an unknown field', form(10, { organisation: 'o1', x: '1' }), 422],
])('%s is refused', async (_, sent, status) => {
  expect(await upload(sent)).toMatchObject({ status, body: { code: 'invalid-input' } });
});
test('given the same upload again under its key, it gets the same answer without being taken again', async () => {
  const key = { 'idempotency-key': 'k' };
  const first = await upload(form(10, { organisation: 'o1' }), key);
  expect(await upload(form(10, { organisation: 'o1' }), key)).toMatchObject({ status: 200, body: first.body });
  expect(taken).toBe(1);
  for (const other of [form(11, { organisation: 'o1' }), form(10, { organisation: 'o2' })]) {
    expect(await upload(other, key)).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  }
});
test('a route that does not keep uploads under keys says so', async () => {
  const options = { body: form(10, {}), headers: { 'idempotency-key': 'k' } };
  expect(await server.request('POST', '/lending/catalogues/keyless', options)).toMatchObject({
    status: 400,
    body: { code: 'idempotency-key-unsupported' },
  });
});
test.each(['multipart/form-data', 'multipart/form-data; boundary=', 'multipart/form-data; boundary=x'])(
  'a broken upload (%s) is a bad request, no fault',
  async (type) => {
    const { status } = await upload('--y\r\nContent-Disposition: form-data; name="file', { 'content-type': type });
    expect([400, 415, 422]).toContain(status);
  },
);
test('an upload to a route that takes none is refused', async () => {
  const answer = await server.request('POST', '/lending/catalogues/plain', { body: form(10, { organisation: 'o1' }) });
  expect(answer.status).toBe(422);
});
