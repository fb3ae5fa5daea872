import { z } from 'zod';
import { type ReportingServer, startReporting } from './testing/start-reporting.ts';

const Parameter = z.looseObject({ name: z.string(), description: z.string().optional(), schema: z.looseObject({}) });
const Route = z.object({
  parameters: z.array(Parameter),
  responses: z.record(z.string(), z.looseObject({ content: z.record(z.string(), z.unknown()).optional() })),
});
const ApiDocument = z.object({ paths: z.record(z.string(), z.object({ get: Route })) });

describe('the OpenAPI document', () => {
  let server: ReportingServer;
  let paths: z.infer<typeof ApiDocument>['paths'];
  beforeAll(async () => {
    server = await startReporting();
    const { body } = await server.request('GET', '/openapi.json');
    paths = ApiDocument.parse(body).paths;
  });
  afterAll(() => server.close());

  const descriptionOf = (path: string, name: string): string =>
    paths[path]?.get.parameters.find((parameter) => parameter.name === name)?.description ?? '';

  it.each(['coverage', 'coverage/trend', 'results', 'funnel', 'late-entries', 'stream'])(
    'says of every parameter of /reporting/%s what it means',
    (route) => {
      const parameters = paths[`/reporting/${route}`]?.get.parameters ?? [];
      // What every list takes describes itself.
      const asked = parameters.filter(({ name }) => name !== 'limit' && name !== 'cursor');
      expect(asked.length).toBeGreaterThan(2);
      expect(asked.filter(({ description = '' }) => description === '').map(({ name }) => name)).toEqual([]);
    },
  );

  it('says which day is meant where none is told', () => {
    expect(descriptionOf('/reporting/coverage', 'asOf')).toMatch(/; today unless told/);
    expect(descriptionOf('/reporting/results', 'asOf')).toMatch(/; `to` unless told/);
    expect(descriptionOf('/reporting/results', 'to')).toMatch(/today unless told/);
    expect(descriptionOf('/reporting/results', 'from')).toMatch(/all, unless told/);
  });

  it('says that the stream is one of events, and takes the id of the last one', () => {
    const { content = {} } = paths['/reporting/stream']?.get.responses['200'] ?? {};
    expect(Object.keys(content)).toEqual(['text/event-stream']);
    expect(descriptionOf('/reporting/stream', 'Last-Event-ID')).not.toBe('');
  });
});
