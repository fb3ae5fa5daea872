import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { address, ask, askForAll, command } from './ask.ts';
import { language } from './say.ts';

const Address = z.object({ port: z.int() });

describe('asking a server', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  const serving = async (listener: RequestListener): Promise<string> => {
    server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${Address.parse(server.address()).port}`;
  };

  it('gives the JSON of its answer', async () => {
    const url = await serving((_, response) => response.end('{"due":1}'));
    expect(await ask(url, '/reporting/coverage')).toEqual({ due: 1 });
  });

  it('sends a command as JSON, in the terminal’s language', async () => {
    const url = await serving((request, response) => {
      const { method, headers } = request;
      void text(request).then((sent) =>
        response.end(JSON.stringify([method, headers['content-type'], headers['accept-language'], JSON.parse(sent)])),
      );
    });
    expect(await command(url, '/x', { key: 'member-an' })).toEqual([
      ...['POST', 'application/json', language()],
      { key: 'member-an' },
    ]);
  });

  it('takes a list page after page', async () => {
    const url = await serving(({ url: path = '' }, response) => {
      const cursor = Number(new URL(path, 'http://x').searchParams.get('cursor') ?? 0);
      response.end(JSON.stringify({ items: [cursor], ...(cursor < 2 && { next: String(cursor + 1) }) }));
    });
    const List = z.object({ items: z.array(z.int()), next: z.string().optional() });
    expect(await askForAll(url, '/list', {}, List)).toEqual([0, 1, 2]);
  });

  it.each([
    ['nobody listens', 'refused'],
    ['the answer never begins', 'silent'],
    ['the answer breaks off', 'half'],
  ])('is refused when %s', async (_, how) => {
    const url = await serving((_request, response) => {
      if (how === 'silent') response.destroy();
      else response.writeHead(200, { 'content-length': 100 }).write('{"due":', () => response.destroy());
    });
    if (how === 'refused') await new Promise((resolve) => server?.close(resolve));
    await expect(ask(url, '/')).rejects.toMatchObject({ name: 'Refused', code: 'server-unreachable' });
  });

  it.each([
    [404, 'organisation-not-found', 'Refused'],
    [422, 'invalid-input', 'WrongUsage'],
  ])('passes a %i %s on as %s', async (status, code, name) => {
    const errors = [{ path: 'organisation', code: 'invalid-id', message: 'No id.' }];
    const url = await serving((_, response) =>
      response.writeHead(status).end(JSON.stringify({ code, detail: 'Not so.', errors })),
    );
    await expect(ask(url, '/')).rejects.toMatchObject({ name, code, message: 'Not so.\norganisation: No id.' });
  });

  it('names only the parameters that are given, so that nothing is lost on the way', () => {
    const knownAt = '2015-01-01T00:00:00+07:00';
    expect(address('/x', { asOf: undefined, knownAt })).toBe('/x?knownAt=2015-01-01T00%3A00%3A00%2B07%3A00');
  });
});
