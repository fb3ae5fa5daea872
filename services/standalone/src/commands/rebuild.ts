import type { Command } from 'commander';
import { z } from 'zod';
import { request } from '../ask.ts';
import { progressBar } from '../progress-bar.ts';
import { RebuildProgress } from '../rebuild.ts';
import { Refused } from '../refused.ts';
import { say } from '../say.ts';
import { withServer } from '../with-server.ts';

/** `phancong rebuild`: all read models anew from the logs; beside what answers, if a server is running. */
export function rebuildCommand(program: Command): void {
  program
    .command('rebuild')
    .description(say('dựng lại toàn bộ số liệu từ nhật ký', 'make all read models anew from the logs'))
    .option('--json', say('in tiến độ dưới dạng JSON', 'print progress as JSON, one object a line'))
    .action(({ json }: { readonly json?: true }) => withServer((url) => rebuild(url, json === true)));
}

async function rebuild(url: string, json: boolean): Promise<void> {
  const bar = json ? undefined : progressBar(say('Dựng lại', 'Rebuilding'));
  const names = new Set<string>();
  try {
    for await (const step of steps(url)) {
      const { service, projection, done, total, waiting } = step;
      const name = `${service}/${projection}`;
      names.add(name);
      if (json) console.log(JSON.stringify(step));
      bar?.at(total === 0 ? 1 : done / total, waiting === undefined ? name : `${name}: ${waitingFor(waiting)}`);
    }
    bar?.done();
  } finally {
    bar?.end();
  }
  const list = [...names].join(', ');
  if (!json) console.log(say(`Đã dựng lại: ${list}`, `Rebuilt: ${list}`));
}

function waitingFor(what: NonNullable<RebuildProgress['waiting']>): string {
  switch (what) {
    case 'storage-full':
      return say('hết chỗ lưu trữ, đang chờ dọn chỗ', 'the disk is full, waiting for room');
    case 'still-read':
      return say('đang chờ chương trình khác đọc xong tệp', 'waiting for another program to close the file');
  }
}

/** The server tells its progress line by line, and ends with `done` or `failed`. */
async function* steps(url: string): AsyncGenerator<RebuildProgress> {
  const { body } = await request(url, '/admin/rebuild', { method: 'POST' });
  let last = '';
  try {
    for await (const line of linesOf(body)) {
      last = line;
      if (line.startsWith('{')) yield RebuildProgress.parse(JSON.parse(line));
    }
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError) throw error;
    last = 'cut off';
  }
  if (last !== 'done')
    throw new Refused(
      'rebuild-failed',
      say(
        'Máy chủ chưa dựng lại xong; số liệu cũ vẫn còn.',
        'The server did not finish; the old figures still answer.',
      ),
    );
}

async function* linesOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<string> {
  let rest = '';
  for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
