import { requestTo, type HttpRequest } from '@phancong/nest/testing';
import { openStandalone, type Standalone, type StandaloneOptions } from '../standalone.ts';

/** The four services on the files of a folder, served on 127.0.0.1. */
export interface Served extends Pick<Standalone, 'feed' | 'settled' | 'rebuild' | 'close'> {
  readonly request: HttpRequest;
}

export async function serve(
  dataDir: string,
  options: Partial<Omit<StandaloneOptions, 'dataDir'>> = {},
): Promise<Served> {
  const standalone = await openStandalone({ timeZone: 'Asia/Ho_Chi_Minh', logger: false, ...options, dataDir });
  return { ...standalone, request: requestTo(await standalone.listen(0)) };
}

/** A bloc with one cell and a group of residents; each is there when it is answered. */
export const ground: readonly (readonly [path: string, body: object])[] = [
  ['/membership/organisations', { id: 'bloc', code: 'B', name: 'Đảng bộ khối', kind: 'bloc', from: '2004-01-01' }],
  [
    '/membership/organisations',
    { id: 'cell', code: 'C', name: 'Chi bộ 1', kind: 'cell', parent: 'bloc', from: '2004-01-01' },
  ],
  [
    '/assignment/groups',
    {
      id: 'group',
      code: 'G',
      name: 'Tổ dân phố 5',
      kind: 'residents',
      organisation: 'cell',
      headcount: 20,
      from: '2004-01-01',
    },
  ],
];

/** Posts one after the other; the services have heard of all when it resolves. @throws Error unless each made something */
export async function tell(
  { request, settled }: Pick<Served, 'request' | 'settled'>,
  things: readonly (readonly [path: string, body: object])[],
): Promise<void> {
  for (const [path, body] of things) {
    const answer = await request('POST', path, { body });
    if (answer.status !== 200 && answer.status !== 201) {
      throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    await settled();
  }
}
