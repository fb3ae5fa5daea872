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
  const response = await answered(url, fetch(`${url}${path}`, { ...init, headers }));
  if (response.ok) return response;
  const { code, detail, errors } = Problem.parse(await answered(url, response.json()));
  const message = [detail, ...errors.map((error) => `${error.path}: ${error.message}`)].join('\n');
  throw code === 'invalid-input' ? new WrongUsage(code, message) : new Refused(code, message);
}

/** What a question is answered with, in JSON. @throws as `request` */
export const ask = async (url: string, path: string, init?: RequestInit): Promise<unknown> =>
  answered(url, (await request(url, path, init)).json());

/** What a command is answered with, in JSON. @throws as `request` */
export const command = (url: string, path: string, body: object): Promise<unknown> =>
  ask(url, path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

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

/** `fetch` fails when nobody answers, or when the answer breaks off. */
async function answered<Part>(url: string, part: Promise<Part>): Promise<Part> {
  try {
    return await part;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Refused(
      'server-unreachable',
      say(`Máy chủ ${url} không trả lời: ${cause}`, `The server ${url} does not answer: ${cause}`),
    );
  }
}
