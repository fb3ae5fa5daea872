import { ServiceName } from '@phancong/contracts';
import { ProblemDetails } from '@phancong/nest';
import type { HttpAnswer, RequestOptions } from '@phancong/nest/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type Operation, operationsOf, wrongValues } from './testing/api-document.ts';
import { serve, type Served } from './testing/served.ts';
import { type Prepared, World } from './testing/world.ts';

jest.setTimeout(120_000);

let dataDir: string;
let served: Served;
let operations: readonly Operation[];
let world: World;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'routes-'));
  served = await serve(dataDir);
  operations = operationsOf((await served.request('GET', '/openapi.json')).body);
  world = await World.in(served, operations);
});
afterAll(async () => {
  await served.close();
  rmSync(dataDir, { recursive: true });
});

const ofServices = (): readonly Operation[] =>
  operations.filter(({ path }) =>
    [...ServiceName.options, 'reporting'].some((service) => path.startsWith(`/${service}/`)),
  );
const commands = (): readonly Operation[] => ofServices().filter(({ method }) => method === 'POST');
const questions = (): readonly Operation[] => operations.filter(({ method, answer }) => method === 'GET' && answer);

/** What is wrong with each, told by its name; none must be. */
async function faults(
  of: readonly Operation[],
  look: (operation: Operation) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  expect(of.length).toBeGreaterThan(5);
  const found: string[] = [];
  for (const operation of of) for (const fault of await look(operation)) found.push(`${operation.name}: ${fault}`);
  return found;
}

const ask = (operation: Operation, { path, body }: Prepared, headers: RequestOptions['headers'] = {}) =>
  served.request(operation.method, path, { ...(body !== undefined && { body }), headers });

/** Asks in both languages. @returns what is wrong with the refusal */
async function refusalFaults(
  operation: Operation,
  request: Prepared,
  right: (problem: z.infer<typeof ProblemDetails>) => boolean,
  headers: RequestOptions['headers'] = {},
): Promise<readonly string[]> {
  const before = await heads();
  const answers = [
    await ask(operation, request, { ...headers, 'accept-language': 'vi' }),
    await ask(operation, request, { ...headers, 'accept-language': 'en' }),
  ];
  const what = `${request.path} ${typeof request.body === 'string' ? request.body.slice(0, 200) : ''}`;
  const problems = answers.flatMap(({ body }) => ProblemDetails.safeParse(body).data ?? []);
  const [vi, en] = problems;
  if (!vi || !en)
    return [`${what}: ${answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`).join(' | ')}`];
  const wrong = [
    ...(right(vi) ? [] : [`answers ${vi.status} ${vi.code} ${JSON.stringify(vi.errors ?? [])}`]),
    ...(vi.code === en.code && vi.type === `urn:phancong:problem:${vi.code}` ? [] : ['names no code']),
    ...(vi.instance === request.path.split('?')[0] ? [] : [`is about ${vi.instance}`]),
    ...(answers.every(({ headers: of }) => of.get('content-type')?.startsWith('application/problem+json'))
      ? []
      : ['is no problem+json']),
    ...(vi.detail !== en.detail && vi.detail !== vi.title && vi.title !== en.title
      ? []
      : [`is told alike: ${vi.detail}`]),
    ...(vi.errors ?? []).flatMap(({ path, code, message }, index) =>
      message === en.errors?.[index]?.message ? [`tells ${path} ${code} alike: ${message}`] : [],
    ),
    ...((await heads()) === before ? [] : ['records something']),
  ];
  return wrong.map((fault) => `${what}: ${fault}`);
}

const heads = async (): Promise<string> => {
  await served.settled();
  const { body } = await served.request('GET', '/reporting/health');
  return z.object({ position: z.string() }).parse(body).position;
};
const json = (value: unknown): string => JSON.stringify(value);
const at = (operation: Operation, id = 'x'): string => operation.path.replace('{id}', id);
const bodyOf = ({ body }: HttpAnswer) => z.looseObject({}).parse(body);

describe('a malformed request', () => {
  it('given a body that is no JSON, is 400', async () => {
    const jsonBodies = operations.filter(({ body }) => body?.type === 'application/json');
    expect(
      await faults(jsonBodies, (operation) =>
        refusalFaults(
          operation,
          { path: at(operation), body: '{"' },
          ({ status, code }) => status === 400 && code === 'malformed-json',
        ),
      ),
    ).toEqual([]);
  });

  it('given a field that is missing, wrong or unknown, is 422 and names it', async () => {
    const jsonBodies = operations.filter(({ body }) => body?.type === 'application/json');
    expect(
      await faults(jsonBodies, async (operation) => {
        const found: string[] = [];
        for (const [path, body, code] of wrongValues(operation.body?.schema ?? {})) {
          const names = ({ status, code: why, errors = [] }: z.infer<typeof ProblemDetails>): boolean =>
            status === 422 &&
            why === 'invalid-input' &&
            errors.some((error) => error.path.split('.')[0] === path && (code === '' || error.code === code));
          found.push(...(await refusalFaults(operation, { path: at(operation), body: json(body) }, names)));
        }
        return found;
      }),
    ).toEqual([]);
  });

  it('given a value in the address that is missing, wrong or unknown, is 422 and names it', async () => {
    expect(
      await faults(
        operations.filter(({ method }) => method === 'GET'),
        async (operation) => {
          const found: string[] = [];
          const names =
            (name: string) =>
            ({ status, errors = [] }: z.infer<typeof ProblemDetails>): boolean =>
              status === 422 && errors.some(({ path }) => path === name);
          const wrong = operation.query.map(({ name }) => [name, `${name}=%00`] as const);
          const missing = operation.query.filter(({ required }) => required).map(({ name }) => [name, ''] as const);
          for (const [name, query] of [...wrong, ...missing, ['zzz', 'zzz=1'] as const]) {
            found.push(
              ...(await refusalFaults(operation, { path: `${at(operation)}?${query}`, body: undefined }, names(name))),
            );
          }
          return found;
        },
      ),
    ).toEqual([]);
  });

  it('given an id that can be none, is 422', async () => {
    const named = operations.filter(({ path }) => path.includes('{id}'));
    expect(
      await faults(named, async (operation) => {
        const { body } = await world.request(operation, 'x');
        return refusalFaults(
          operation,
          { path: at(operation, 'a%20b'), body },
          ({ status, errors = [] }) =>
            status === 422 && errors.some(({ path, code }) => path === 'id' && code === 'invalid-id'),
        );
      }),
    ).toEqual([]);
  });

  it('given a cursor that no list gave, is 422', async () => {
    const lists = operations.filter(({ query }) =>
      query.some(({ name, schema }) => name === 'cursor' && schema.type === 'string'),
    );
    expect(
      await faults(lists, async (operation) => {
        const { path } = await world.request(operation);
        const asked = `${path}${path.includes('?') ? '&' : '?'}cursor=`;
        const right = ({ status, code }: z.infer<typeof ProblemDetails>): boolean =>
          status === 422 && code === 'invalid-cursor';
        return [
          ...(await refusalFaults(operation, { path: `${asked}!`, body: undefined }, right)),
          ...(await refusalFaults(operation, { path: `${asked}WzFd`, body: undefined }, right)),
        ];
      }),
    ).toEqual([]);
  });
});

describe('what is not there', () => {
  it('is 404 where it is asked for or something is done with it', async () => {
    const named = operations.filter(({ path }) => path.includes('{id}'));
    expect(
      await faults(named, async (operation) =>
        refusalFaults(operation, await world.request(operation, 'nobody'), ({ status }) => status === 404),
      ),
    ).toEqual([]);
  });

  it('is refused where a body or a question names it', async () => {
    const references = [
      'organisation',
      'cell',
      'parent',
      'into',
      'member',
      'to',
      'introducedBy',
      'successor',
      'group',
      'assignment',
      'campaign',
    ];
    // A new member's id; and groups are assignment's, which membership does not know.
    const ofOthers = ['/membership/candidates/{id}/admit member', '/membership/candidates group'];
    expect(
      await faults(commands(), async (operation) => {
        const found: string[] = [];
        for (const name of Object.keys(operation.body?.schema.properties ?? {}).filter(
          (field) => references.includes(field) && !ofOthers.includes(`${operation.path} ${field}`),
        )) {
          const { path, body } = await world.request(operation);
          if (typeof body !== 'string') continue;
          const unknown = json({ ...z.record(z.string(), z.unknown()).parse(JSON.parse(body)), [name]: 'nobody' });
          const right = ({ status, code }: z.infer<typeof ProblemDetails>): boolean =>
            (status === 404 || status === 422) && /not-found|unknown/.test(code);
          found.push(...(await refusalFaults(operation, { path, body: unknown }, right)));
        }
        return found;
      }),
    ).toEqual([]);
  });
});

describe('what contradicts what is recorded', () => {
  const conflict = ({ status }: z.infer<typeof ProblemDetails>): boolean => status === 409;

  it('is 409 where something is to be made that is there', async () => {
    expect(
      await faults(
        commands().filter(({ status }) => status === 201),
        async (operation) => {
          const request = await world.request(operation);
          await ask(operation, request);
          return refusalFaults(operation, request, conflict);
        },
      ),
    ).toEqual([]);
  });

  it('is 409 where something is to be done with what has come to its end', async () => {
    // Mistakes are corrected and people erased also afterwards.
    const late = commands().filter(({ path }) => path.includes('{id}') && !/(correct|erase)$/.test(path));
    expect(
      await faults(late, async (operation) =>
        refusalFaults(operation, await world.request(operation, await world.ended(operation)), conflict),
      ),
    ).toEqual([]);
  });
});

describe('a right request', () => {
  it('is answered as the document says', async () => {
    expect(
      await faults(questions(), async (operation) => {
        const answer = await ask(operation, await world.request(operation));
        return answerFaults(operation, answer);
      }),
    ).toEqual([]);
  });

  it('sent again under its key, gets the same answer and does nothing; another is 422', async () => {
    expect(
      await faults(commands(), async (operation) => {
        const request = await world.request(operation);
        const key = { 'idempotency-key': `key of ${operation.name}`.replaceAll(' ', '-') };
        const first = await ask(operation, request, key);
        const before = await heads();
        const again = await ask(operation, request, key);
        const same = again.status === first.status && json(again.body) === json(first.body);
        const etag = again.headers.get('etag') === first.headers.get('etag');
        const other = {
          ...request,
          body: request.body instanceof FormData ? await anotherForm(operation) : `${request.body} `,
        };
        return [
          ...answerFaults(operation, first),
          ...(same && etag
            ? []
            : [`answers ${again.status} ${json(again.body)}, not ${first.status} ${json(first.body)}`]),
          ...((await heads()) === before ? [] : ['is done twice']),
          ...(await refusalFaults(
            operation,
            other,
            ({ status, code }) => status === 422 && code === 'idempotency-key-reused',
            key,
          )),
        ];
      }),
    ).toEqual([]);
  });

  it('with an ETag where no thing can have it, is refused and does nothing', async () => {
    const others = commands().filter(({ path }) => !path.includes('{id}'));
    expect(
      await faults(others, async (operation) => {
        const one = operation.headers.includes('If-Match');
        const right = ({ status, code }: z.infer<typeof ProblemDetails>): boolean =>
          one ? status === 412 && code === 'revision-mismatch' : status === 400 && code === 'if-match-unsupported';
        return [
          ...(await refusalFaults(operation, await world.request(operation), right, { 'if-match': '"4711"' })),
          ...(one === (operation.status === 201) ? [] : ['says otherwise whether it takes If-Match']),
        ];
      }),
    ).toEqual([]);
  });

  it('with an ETag that the thing has not, is 412; with its own, done', async () => {
    const changes = commands().filter(({ path }) => path.includes('{id}'));
    expect(
      await faults(changes, async (operation) => {
        const request = await world.request(operation);
        const thing = request.path.slice(0, request.path.lastIndexOf('/'));
        const etag = (await served.request('GET', thing)).headers.get('etag') ?? 'none';
        const mismatch = ({ status, code }: z.infer<typeof ProblemDetails>): boolean =>
          status === 412 && code === 'revision-mismatch';
        const found = [
          ...(await refusalFaults(operation, request, mismatch, { 'if-match': '"4711"' })),
          ...(await refusalFaults(
            operation,
            request,
            ({ status, code }) => status === 400 && code === 'invalid-if-match',
            { 'if-match': 'x' },
          )),
        ];
        const done = await ask(operation, request, { 'if-match': etag });
        const { revision } = bodyOf(done);
        await served.settled();
        const now = (await served.request('GET', thing)).headers.get('etag');
        return [
          ...found,
          ...(done.status === 200 ? [] : [`with ${etag} of ${thing} answers ${done.status} ${json(done.body)}`]),
          ...(done.headers.get('etag') === `"${String(revision)}"` && now === done.headers.get('etag')
            ? []
            : [`${thing} has the ETag ${now}, the answer ${done.headers.get('etag')}`]),
        ];
      }),
    ).toEqual([]);
  });
});

async function anotherForm(operation: Operation): Promise<FormData> {
  const { body } = await world.request(operation);
  if (!(body instanceof FormData)) throw new Error(`${operation.name} takes no form`);
  return body;
}

/** What an answer that must be right has wrong. */
function answerFaults(operation: Operation, { status, body, headers }: HttpAnswer): readonly string[] {
  if (status !== operation.status) return [`answers ${status} ${json(body)}`];
  const parsed = operation.answer?.safeParse(body);
  const { revision } = z.looseObject({ revision: z.number().optional() }).parse(body);
  const etag = revision === undefined ? null : `"${revision}"`;
  return [
    ...(parsed?.success ? [] : [`answers otherwise than it says: ${parsed?.error.message}`]),
    ...(headers.get('etag') === etag ? [] : [`has the ETag ${headers.get('etag')}, not ${etag}`]),
  ];
}
