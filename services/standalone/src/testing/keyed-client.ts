/** A command in JSON; under an Idempotency-Key, if it has one. */
export interface Keyed {
  readonly key?: string | undefined;
  readonly path: string;
  readonly body: unknown;
}

/** A register to be imported. */
export interface Import {
  readonly key?: string | undefined;
  readonly path: string;
  readonly register: string;
  readonly organisation: string;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

const contentOf = (
  keyed: Keyed | Import,
): { readonly body: string | FormData; readonly headers: Record<string, string> } => {
  if ('body' in keyed) return { body: JSON.stringify(keyed.body), headers: { 'content-type': 'application/json' } };
  const body = new FormData();
  body.set('organisation', keyed.organisation);
  body.set('file', new Blob([keyed.register]), 'register.csv');
  return { body, headers: {} };
};

/** Rejects when the server is gone. */
export async function post(url: string, keyed: Keyed | Import, language = 'vi'): Promise<Answer> {
  const { body, headers } = contentOf(keyed);
  const key = keyed.key === undefined ? {} : { 'idempotency-key': keyed.key };
  const response = await fetch(`${url}${keyed.path}`, {
    method: 'POST',
    headers: { ...headers, ...key, 'accept-language': language },
    body,
  });
  return { status: response.status, body: await response.text() };
}

export async function get(url: string, path: string): Promise<Answer> {
  const response = await fetch(`${url}${path}`);
  return { status: response.status, body: await response.text() };
}
