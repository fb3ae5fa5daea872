import { ServiceName } from '@phancong/contracts';
import { formatNumber } from '@phancong/vietnamese';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { askForAll, command } from '../ask.ts';
import { Dropped, DroppedList, ParkedList, Replayed } from '../dead-letters.ts';
import { Refused, WrongUsage } from '../refused.ts';
import { say, sayInstant } from '../say.ts';
import { withServer } from '../with-server.ts';

const PATH = '/admin/dead-letters';

type ParkedItem = z.infer<typeof ParkedList>['items'][number];
type KeyName = Pick<ParkedItem, 'consumer' | 'source' | 'key'>;

interface Wanted {
  readonly consumer?: string;
  readonly source?: ServiceName;
  readonly json?: true;
}

/** `phancong dead-letters`: what the feed could not deliver to one of its readers, and what becomes of it. */
export function deadLettersCommand(program: Command): void {
  const deadLetters = program
    .command('dead-letters')
    .description(say('tin mà hệ thống chưa xử lý được', 'messages that could not be consumed'));
  const add = (name: string, description: string): Command =>
    deadLetters
      .command(name)
      .description(description)
      .option('--consumer <name>', say('chỉ của bên nhận này', 'only of this reader'))
      .addOption(
        new Option('--source <service>', say('chỉ từ phân hệ này', 'only from this service')).choices(
          ServiceName.options,
        ),
      )
      .option('--json', say('in kết quả dưới dạng JSON', 'print the result as JSON'));
  const keys = say('khóa, ví dụ member-dv1', 'the key, e.g. member-dv1');

  add('list', say('liệt kê các khóa đang bị giữ lại', 'list the keys that are held back'))
    .option('--dropped', say('liệt kê những gì đã bỏ', 'list what was given up'))
    .action(list);
  add('replay', say('thử xử lý lại', 'try again'))
    .argument('[key]', keys)
    .option('--all', say('mọi khóa đang bị giữ lại', 'all keys that are held back'))
    .action(replay);
  add('drop', say('bỏ những tin đang bị giữ lại của một khóa', 'give up what is held back of a key'))
    .argument('<key>', keys)
    .requiredOption('--reason <text>', say('vì sao bỏ; được ghi lại', 'why; it is written down'))
    .action(drop);
}

async function list({ dropped, json, ...wanted }: Wanted & { readonly dropped?: true }): Promise<void> {
  const items = dropped
    ? await withServer((url) => givenUp(url, wanted))
    : await withServer((url) => held(url, wanted));
  if (json) console.log(JSON.stringify({ items }));
  else if (items.length === 0) console.log(say('Không có gì.', 'There is nothing.'));
  else for (const item of items) console.log('waiting' in item ? aboutParked(item) : aboutDropped(item));
}

async function replay(
  key: string | undefined,
  { all, json, ...wanted }: Wanted & { readonly all?: true },
): Promise<void> {
  if ((key === undefined) === (all === undefined))
    throw new WrongUsage('key-or-all', say('Hãy cho một khóa hoặc --all.', 'Give a key, or --all.'));
  const results = await withServer(async (url) => {
    const replayed: z.infer<typeof Replayed>[] = [];
    const parked = await held(url, { ...wanted, key });
    if (key !== undefined && parked.length === 0) throw notParked(key);
    for (const each of parked) replayed.push(Replayed.parse(await command(url, `${PATH}/replay`, nameOf(each))));
    return replayed;
  });
  if (json) console.log(JSON.stringify({ items: results }));
  else for (const result of results) console.log(aboutReplay(result));
  const left = results.filter(({ outcome }) => outcome === 'still-parked').length;
  if (left > 0)
    throw new Refused(
      'still-parked',
      say(`${left}/${results.length} khóa vẫn chưa xử lý được.`, `${left} of ${results.length} are still held back.`),
    );
}

async function drop(key: string, { reason, json, ...wanted }: Wanted & { readonly reason: string }): Promise<void> {
  const dropped = await withServer(async (url) => {
    const [one, ...others] = await held(url, { ...wanted, key });
    if (!one) throw notParked(key);
    if (others.length > 0)
      throw new WrongUsage(
        'several-are-parked',
        say(
          'Khóa này bị giữ lại ở nhiều bên nhận; hãy thêm --consumer (và --source).',
          'The key is held back from several readers; add --consumer (and --source).',
        ),
      );
    return Dropped.parse(await command(url, `${PATH}/drop`, { ...nameOf(one), reason }));
  });
  console.log(json ? JSON.stringify(dropped) : aboutDropped(dropped));
}

const nameOf = ({ consumer, source, key }: KeyName): KeyName => ({ consumer, source, key });

const notParked = (key: string): Refused =>
  new Refused('not-parked', say(`${key} không bị giữ lại.`, `${key} is not held back.`));

const held = (url: string, { consumer, source, key }: Wanted & { readonly key?: string | undefined }) =>
  askForAll(url, PATH, { consumer, source, key }, ParkedList);

const givenUp = (url: string, { consumer, source }: Wanted) =>
  askForAll(url, `${PATH}/dropped`, { consumer, source }, DroppedList);

const heading = ({ consumer, source, key }: KeyName): string => `${key} (${source} → ${consumer})`;

const aboutParked = ({ waiting, parkedAt, error, ...name }: ParkedItem): string =>
  [
    heading(name),
    say(
      `  từ ${sayInstant(parkedAt)}, ${formatNumber(waiting)} tin chờ phía sau`,
      `  since ${sayInstant(parkedAt)}, ${formatNumber(waiting)} messages wait behind it`,
    ),
    `  ${error.replaceAll('\n', '\n  ')}`,
  ].join('\n');

const aboutReplay = ({ outcome, messages, error, ...name }: z.infer<typeof Replayed>): string =>
  outcome === 'replayed'
    ? `${heading(name)}: ${say(`đã xử lý ${formatNumber(messages)} tin`, `${formatNumber(messages)} messages were consumed`)}`
    : `${heading(name)}: ${say('vẫn chưa xử lý được', 'still held back')}\n  ${error?.replaceAll('\n', '\n  ')}`;

const aboutDropped = (dropped: z.infer<typeof Dropped>): string =>
  [
    heading(dropped),
    say(
      `  đã bỏ ${formatNumber(dropped.messages)} tin lúc ${sayInstant(dropped.droppedAt)} (${dropped.by}): ${dropped.reason}`,
      `  ${formatNumber(dropped.messages)} messages given up at ${sayInstant(dropped.droppedAt)} (${dropped.by}): ${dropped.reason}`,
    ),
    `  ${dropped.position} … ${dropped.through}: ${dropped.error.replaceAll('\n', '\n  ')}`,
  ].join('\n');
