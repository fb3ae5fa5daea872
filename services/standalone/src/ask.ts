import { z } from 'zod';
import { Refused, WrongUsage } from './refused.ts';
import { language, say } from './say.ts';

const Problem = z.object({
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
});

type Parameters = Readonly<Record<string, string | undefined>>;

/**
 * Sends a request to a server on this machine.
 * @throws Refused with the server's code and words; WrongUsage if the input is not right
 */
export async function request(url: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('accept-language', language());
  const response = await fetch(`${url}${path}`, { ...init, headers }).catch((error: unknown) => {
    throw unreachable(url, error);
  });
  if (response.ok) return response;
  const { code, detail, errors } = Problem.parse(await response.json());
  const message = [detail, ...errors.map((error) => `${error.path}: ${error.message}`)].join('\n');
  throw code === 'invalid-input' ? new WrongUsage(code, message) : new Refused(code, message);
}

/** The JSON that a question or, with a `command`, a POST is answered with. */
export async function ask(url: string, path: string, command?: object): Promise<unknown> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(command) };
  return (await request(url, path, command && post)).json();
}

/** All items of a list, page after page. */
export async function askForAll<Item>(
  url: string,
  path: string,
  parameters: Parameters,
  List: z.ZodType<{ readonly items: readonly Item[]; readonly next?: string | undefined }>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = List.parse(await ask(url, address(path, { ...parameters, limit: '1000', cursor })));
    all.push(...items);
    cursor = next;
  } while (cursor !== undefined);
  return all;
}

/** An address with the parameters that are given. */
export function address(path: string, parameters: Parameters): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) given.set(name, value);
  return `${path}?${given}`;
}

function unreachable(url: string, error: unknown): Refused {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  return new Refused(
    'server-unreachable',
    say(`Không kết nối được với máy chủ ${url}: ${cause}`, `The server ${url} cannot be reached: ${cause}`),
  );
}
