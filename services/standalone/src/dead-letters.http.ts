import { Body, Controller, Get, Inject, Logger, Post, Query } from '@nestjs/common';
import { ServiceName } from '@phancong/contracts';
import { type DeadLetters, type DroppedKey, nameOf, type ParkedKey, type ParkedKeyName } from '@phancong/event-feed';
import { type CommandContext, Refusal } from '@phancong/event-sourcing';
import { Answers, body, Command, defineMessages, page, positionText, query } from '@phancong/nest';
import { z } from 'zod';
import { Dropped, DroppedList, Name, ParkedList, Replayed, text } from './dead-letters.ts';

export const DEAD_LETTERS = Symbol('dead-letters');

export const messages = defineMessages({
  'not-parked': {
    vi: ({ consumer, source, key }) => `"${consumer}" không giữ lại ${key} của ${source}.`,
    en: ({ consumer, source, key }) => `${key} of ${source} is not held back from "${consumer}".`,
  },
  'not-consumed': {
    vi: ({ consumer, source }) => `Không còn ai nhận ${source} với tên "${consumer}"; chỉ có thể bỏ (drop).`,
    en: ({ consumer, source }) => `Nobody consumes ${source} as "${consumer}" any more; it can only be dropped.`,
  },
});

/** As `nameOf` writes it: three texts in JSON. */
const NAMED = /^\["(\\.|[^"\\])*","[a-z]+","(\\.|[^"\\])*"\]$/;
const KeyName = body(Name);
const Drop = body({ ...Name, reason: z.string().trim().min(1).max(1000) });
const named = { consumer: text.optional(), source: ServiceName.optional(), key: text.optional() };
const ListQuery = query({ ...named, ...page });
const DroppedQuery = query({ ...named, ...page, cursor: z.coerce.number().int().min(0).default(0) });

const isNamed =
  (asked: z.infer<z.ZodObject<typeof named>>) =>
  ({ consumer, source, key }: ParkedKeyName): boolean =>
    consumer === (asked.consumer ?? consumer) && source === (asked.source ?? source) && key === (asked.key ?? key);

const cursorAt = (name: string): string => Buffer.from(name).toString('base64url');

/** The name of the last key of the page before. @throws Refusal `invalid-cursor` */
function nameIn(cursor: string): string {
  const name = Buffer.from(cursor, 'base64url').toString();
  if (cursorAt(name) !== cursor || !NAMED.test(name)) throw new Refusal('invalid', 'invalid-cursor');
  return name;
}

const parkedAnswer = ({ position, ...parked }: ParkedKey) => ({
  ...parked,
  position: positionText(parked.source, position),
});
const droppedAnswer = ({ through, ...dropped }: DroppedKey) => ({
  ...dropped,
  ...parkedAnswer(dropped),
  through: positionText(dropped.source, through),
});

/** For the operator of this machine: what the feed could not deliver, and what becomes of it. */
@Controller('admin/dead-letters')
export class DeadLettersController {
  readonly #logger = new Logger('dead-letters');

  constructor(@Inject(DEAD_LETTERS) private readonly deadLetters: DeadLetters) {}

  @Get()
  @Answers('Keys held back from a reader because one of their messages could not be consumed', ParkedList)
  async list(@Query({ schema: ListQuery }) asked: z.infer<typeof ListQuery>): Promise<z.infer<typeof ParkedList>> {
    const after = asked.cursor === undefined ? '' : nameIn(asked.cursor);
    const wanted = (await this.deadLetters.list())
      .filter(isNamed(asked))
      .map((parked) => ({ parked, name: nameOf(parked) }))
      .filter(({ name }) => name > after)
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    const shown = wanted.slice(0, asked.limit);
    const items = await Promise.all(
      shown.map(async ({ parked }) => ({
        ...parkedAnswer(parked),
        waiting: Math.max((await this.deadLetters.held(parked)).messages - 1, 0),
      })),
    );
    if (shown.length === wanted.length) return { items };
    return { items, next: cursorAt(shown.at(-1)?.name ?? '') };
  }

  @Get('dropped')
  @Answers('What was ever given up, by whom and why, the latest last', DroppedList)
  async dropped(
    @Query({ schema: DroppedQuery }) { limit, cursor, ...asked }: z.infer<typeof DroppedQuery>,
  ): Promise<z.infer<typeof DroppedList>> {
    const all = (await this.deadLetters.dropped()).filter(isNamed(asked));
    const end = cursor + limit;
    return { items: all.slice(cursor, end).map(droppedAnswer), ...(end < all.length && { next: String(end) }) };
  }

  @Post('replay')
  @Answers('Deliver again what is held back of a key: it goes on, or is still parked and says why', Replayed)
  async replay(@Body({ schema: KeyName }) name: z.infer<typeof KeyName>): Promise<z.infer<typeof Replayed>> {
    try {
      const { messages } = await this.deadLetters.replay(name);
      return { ...name, outcome: 'replayed', messages };
    } catch (error) {
      if (error instanceof Refusal && error.code in messages) throw error;
      this.#logger.error(error);
      return { ...name, outcome: 'still-parked', messages: 0, error: String(error) };
    }
  }

  @Post('drop')
  @Answers('Give up what is held back of a key so far; it is written down, and the key goes on', Dropped)
  async drop(
    @Body({ schema: Drop }) { reason, ...name }: z.infer<typeof Drop>,
    @Command() { by }: CommandContext,
  ): Promise<z.infer<typeof Dropped>> {
    return droppedAnswer(await this.deadLetters.drop(name, { reason, by }));
  }
}
