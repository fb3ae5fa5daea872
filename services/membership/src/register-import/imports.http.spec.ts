import { Module } from '@nestjs/common';
import { OrganisationId } from '@phancong/contracts';
import { Day, type EventStore, inMemoryEventStore, newCommandId } from '@phancong/event-sourcing';
import { type HttpServer, inMemoryIdempotencyKeys, startHttp } from '@phancong/nest/testing';
import { inMemoryPersonKeys } from '@phancong/privacy';
import { inMemoryReadModels } from '@phancong/read-models';
import { z } from 'zod';
import { membership } from '../membership.ts';
import { cellRegister, csvText } from '../testing/register-files.ts';
import { MAX_FILE_BYTES } from './file-refusal.ts';
import { importMessages } from './import-messages.ts';
import { importer } from './importer.ts';
import { IMPORT_MESSAGES, IMPORT_REGISTER, ImportsController } from './imports.http.ts';

@Module({})
class Imports {}

const Document = z.object({
  paths: z.object({
    '/membership/imports': z.object({
      post: z.object({
        parameters: z.array(z.unknown()),
        requestBody: z.object({ content: z.object({ 'multipart/form-data': z.object({ schema: z.unknown() }) }) }),
      }),
    }),
  }),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

let server: HttpServer;
let store: EventStore;
beforeEach(async () => {
  store = inMemoryEventStore();
  const ports = {
    store,
    readModels: inMemoryReadModels(),
    keys: inMemoryPersonKeys(),
    today: () => Day.parse('2014-12-31'),
  };
  const service = membership(ports);
  const cell = { organisation: OrganisationId.parse('cb01'), code: 'CB01', name: 'Chi bộ 1' };
  await service.organisations.handle(
    { type: 'register', ...cell, kind: 'cell', on: Day.parse('1990-01-01') },
    { by: 'lan', command: newCommandId() },
  );
  server = await startHttp(
    {
      module: Imports,
      controllers: [ImportsController],
      providers: [
        { provide: IMPORT_REGISTER, useValue: importer(service, ports) },
        { provide: IMPORT_MESSAGES, useValue: importMessages },
      ],
    },
    { services: { membership: { messages: importMessages, idempotencyKeys: inMemoryIdempotencyKeys() } } },
  );
});
afterEach(() => server.close());

const form = (
  file: string | Uint8Array<ArrayBuffer> | undefined,
  fields: Record<string, string> = { organisation: 'cb01' },
): FormData => {
  const made = new FormData();
  if (file !== undefined) made.set('file', new Blob([file]), 'so-dang-vien.csv');
  for (const [name, value] of Object.entries(fields)) made.set(name, value);
  return made;
};
const post = (sent: unknown, query = '', headers: Record<string, string> = {}) =>
  server.request('POST', `/membership/imports${query}`, { body: sent, headers });
const [head = [], hau = [], ha = []] = cellRegister;

describe('POST /membership/imports', () => {
  it('imports what it can, and says where the rest is wrong, in the reader’s language', async () => {
    const file = csvText([head, hau, ha.with(2, '31/02/2014')]);
    const answer = await post(form(file), '', { 'accept-language': 'en' });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        ...{ dryRun: false, rows: 2, accepted: 1, changed: 0, rejected: 1, unchanged: 0 },
        perOrganisation: [{ organisation: { id: 'cb01', name: 'Chi bộ 1' }, rows: 2, accepted: 1, rejected: 1 }],
        dropped: [{ column: 'F', header: 'Ton giao', field: 'religion' }],
        summary: '1 new, 0 changed, 0 unchanged, 1 rejected, of 2 rows.',
        errors: [
          {
            ...{ sheet: '', row: 3, column: 'C', cell: 'C3', value: '31/02/2014', code: 'day-invalid' },
            message: 'This is no date, or one that never was: write dd/mm/yyyy.',
          },
        ],
        warnings: [],
        position: expect.stringMatching(/^membership-\d+$/),
      },
    });
    expect(await post(form(file))).toMatchObject({
      body: {
        summary: 'Nhập mới 0, thay đổi 0, không đổi 1, không nhập được 1, trong 2 dòng.',
        errors: [{ message: 'Không đọc được ngày, hoặc không có ngày này: viết dd/mm/yyyy.' }],
      },
    });
  });

  it('keeps nothing of a dry run', async () => {
    const before = await store.head();
    expect(await post(form(csvText(cellRegister)), '?dryRun=true')).toMatchObject({
      status: 200,
      body: {
        ...{ dryRun: true, rows: 2, accepted: 2 },
        summary:
          'Kiểm tra thử, chưa ghi gì vào dữ liệu. Nếu nhập: nhập mới 2, thay đổi 0, không đổi 0, không nhập được 0, trong 2 dòng.',
      },
    });
    expect(await store.head()).toBe(before);
  });

  it('tells what to look at apart from what is wrong, each with its cell and what stands there', async () => {
    const file = csvText([head, ha, hau.with(4, '7').with(2, '')]);
    expect(await post(form(file))).toMatchObject({
      body: {
        errors: [{ row: 3, cell: 'C3', code: 'day-missing' }],
        warnings: [{ row: 2, cell: 'B2', value: '1988', code: 'birth-date-partial' }],
      },
    });
  });

  it('names no cell of a column that the file does not have, and quotes nothing', async () => {
    const answer = await post(form(csvText([head.slice(0, 2), hau.slice(0, 2)])));
    expect(answer).toMatchObject({ body: { errors: [{ row: 2, column: '', code: 'day-missing' }] } });
    expect(Object(answer.body).errors[0]).not.toHaveProperty('cell');
    expect(Object(answer.body).errors[0]).not.toHaveProperty('value');
  });

  it('quotes nothing under a key: that answer is kept', async () => {
    const file = csvText([head, hau.with(2, '31/02/2014')]);
    const { body } = await post(form(file), '', { 'idempotency-key': 'quy-2' });
    expect(body).toMatchObject({ errors: [{ cell: 'C2', code: 'day-invalid' }] });
    expect(JSON.stringify(body)).not.toContain('31/02/2014');
  });

  it('gives the same answer to the same upload under its key', async () => {
    const key = { 'idempotency-key': 'quy-1' };
    const first = await post(form(csvText(cellRegister)), '', key);
    expect(await post(form(csvText(cellRegister)), '', key)).toMatchObject({ status: 200, body: first.body });
    expect(await post(form(csvText([head, hau])), '', key)).toMatchObject({ status: 422 });
  });

  it.each([
    ['no file', form(undefined), '', 422, 'file-missing'],
    ['no organisation', form(csvText(cellRegister), {}), '', 422, 'invalid-input'],
    ['an unknown organisation', form(csvText(cellRegister), { organisation: 'xx' }), '', 404, 'organisation-not-found'],
    ['an unknown field', form(csvText(cellRegister), { organisation: 'cb01', x: '1' }), '', 422, 'invalid-input'],
    ['a wrong query', form(csvText(cellRegister)), '?dryRun=perhaps', 422, 'invalid-input'],
    ['a file of another kind', form(Uint8Array.from([0, 1, 2, 3])), '', 422, 'file-not-a-register'],
    ['an old Excel file', form(Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0])), '', 422, 'file-old-excel'],
    ['no form', { organisation: 'cb01' }, '', 422, 'file-missing'],
  ])('refuses %s', async (_, sent, query, status, code) => {
    const before = await store.head();
    const answer = await post(sent, query);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(await store.head()).toBe(before);
  });

  it('refuses a file above the limit without keeping it', async () => {
    expect(await post(form(new Uint8Array(MAX_FILE_BYTES + 1)))).toMatchObject({ status: 413 });
  });
});

describe('The description of the route', () => {
  it('says what to send and what comes back', async () => {
    const { body } = await server.request('GET', '/openapi.json');
    const document = Document.parse(body);
    const { post: route } = document.paths['/membership/imports'];
    expect(route.requestBody.content['multipart/form-data'].schema).toEqual({
      type: 'object',
      properties: {
        file: { type: 'string', format: 'binary', description: expect.stringContaining('docs/register-import.md') },
        organisation: { type: 'string', pattern: expect.any(String), description: expect.any(String) },
      },
      required: ['file', 'organisation'],
      additionalProperties: false,
    });
    expect(route.parameters).toContainEqual({
      ...{ name: 'dryRun', in: 'query', required: false, description: expect.any(String) },
      schema: { type: 'string', enum: ['true', 'false'], description: expect.any(String) },
    });
    expect(document.components.schemas).toMatchObject({
      ImportAnswer: {
        properties: {
          summary: { type: 'string' },
          errors: { type: 'array', items: { $ref: '#/components/schemas/ImportFinding' } },
          warnings: { type: 'array', items: { $ref: '#/components/schemas/ImportFinding' } },
        },
      },
      ImportFinding: {
        properties: { cell: { type: 'string' }, value: { type: 'string' }, code: { type: 'string' } },
        required: ['sheet', 'row', 'column', 'code', 'message'],
      },
    });
  });
});

describe('The messages', () => {
  it('stand in both languages for every code', () => {
    for (const words of Object.values(importMessages)) {
      const facts = { limit: 1, row: 1, sheet: 'S', other: 'admittedOn', cell: 'Chi bộ 1', from: '2014-01-01' };
      expect(words.vi(facts)).not.toBe(words.en(facts));
      expect(words.vi(facts) + words.en(facts)).not.toMatch(/undefined|\(\)/);
    }
  });
});
