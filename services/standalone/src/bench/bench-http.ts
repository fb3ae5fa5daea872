import { Body, Controller, Module, Post } from '@nestjs/common';
import { LogActivity } from '@phancong/activity';
import { type BenchRow, benchRow, type CommandContext, createdId, median } from '@phancong/event-sourcing';
import { Command, type CommandAnswer, commandAnswer, httpApplication, todayIn } from '@phancong/nest';
import autocannon from 'autocannon';
import { openStandalone, type Standalone } from '../standalone.ts';

const CONNECTIONS = 64;
const ROUNDS = 5;
const SECONDS = 4;

/** The same request, validated and answered, and nothing kept. */
@Controller('activity/activities')
class Unkept {
  @Post()
  log(@Body({ schema: LogActivity }) _: LogActivity, @Command() { command }: CommandContext): CommandAnswer {
    return commandAnswer('activity', createdId(command), { state: undefined, revision: 0, position: 1 });
  }
}

@Module({ controllers: [Unkept] })
class UnkeptModule {}

/** A deed of today, as most are: a deed of long ago would be listed as a late entry, too (ADR 0128). */
const activity = {
  assignment: 'pc',
  kind: 'thăm hỏi',
  on: todayIn()(),
  reached: 12,
  results: { savings: 1_000_000 },
  note: 'Thăm hộ gia đình có công',
};

/** Commands a second over HTTP at 64 connections, beside the same validated POST without a store. In turns, on new files. */
export async function benchHttp(dataDir: string): Promise<BenchRow[]> {
  const standalone = await openStandalone({ dataDir, timeZone: 'Asia/Ho_Chi_Minh', logger: false });
  const bare = await httpApplication(UnkeptModule, { services: { activity: { messages: {} } } }, false);
  try {
    await prepare(standalone);
    await bare.listen(0, '127.0.0.1');
    const urls = { kept: await standalone.listen(0), unkept: await bare.getUrl() };
    const [kept, unkept]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      kept.push(await postsPerSecond(urls.kept));
      unkept.push(await postsPerSecond(urls.unkept));
    }
    return [
      benchRow({
        name: 'commands over HTTP at 64 connections, beside the same POST without a store',
        value: median(kept),
        unit: 'requests/s',
        limit: median(unkept),
        target: 0.35,
      }),
    ];
  } finally {
    await bare.close();
    await standalone.close();
  }
}

async function postsPerSecond(url: string): Promise<number> {
  const result = await autocannon({
    url: `${url}/activity/activities`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(activity),
    connections: CONNECTIONS,
    duration: SECONDS,
    // In a thread of its own, so that asking does not take the server's time.
    workers: 1,
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${result.non2xx} refused, ${result.errors} failed of ${result.requests.total}`);
  }
  return result.requests.average;
}

async function prepare(standalone: Standalone): Promise<void> {
  const from = '2014-01-01';
  const requests: readonly (readonly [string, object])[] = [
    ['/membership/organisations', { id: 'cb', code: 'CB', name: 'Chi bộ', kind: 'cell', from }],
    [
      '/membership/members',
      { id: 'dv', code: '1', name: 'Đặng Văn Thử', cell: 'cb', standing: 'probationary', admittedOn: from },
    ],
    [
      '/assignment/groups',
      { id: 'nhom', code: 'N', name: 'Tổ dân phố', kind: 'residents', organisation: 'cb', headcount: 20, from },
    ],
    ['/assignment/assignments', { id: 'pc', member: 'dv', group: 'nhom', content: ['Đời sống'], from }],
  ];
  for (const [path, body] of requests) {
    const { status, body: answer } = await standalone.send('POST', path, JSON.stringify(body));
    if (status !== 201) throw new Error(`POST ${path}: ${status} ${answer}`);
    await standalone.settled();
  }
}
