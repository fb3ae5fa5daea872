import { Body, Controller, type DynamicModule, Get, Inject, Module, Param, Post, Query } from '@nestjs/common';
import {
  type CommandContext,
  type CommandHandler,
  commandHandler,
  createdId,
  Day,
  type Decider,
  type EventStore,
  eventCodec,
  idText,
  Refusal,
} from '@phancong/event-sourcing';
import { z } from 'zod';
import { Answers } from '../answers.ts';
import { Command } from '../command.ts';
import { CommandAnswer, commandAnswer } from '../command-answer.ts';
import { body, page, query } from '../input.ts';
import { defineMessages } from '../messages.ts';

/** A tiny service to try the edge with: books are lent and returned. */
const BookEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('BookLent'), occurredAt: Day, to: z.string() }),
  z.object({ type: z.literal('BookReturned'), occurredAt: Day }),
]);
type BookEvent = z.infer<typeof BookEvent>;
type BookCommand =
  | { readonly type: 'lend'; readonly on: Day; readonly to: string }
  | { readonly type: 'return'; readonly on: Day };
type Borrower = string | undefined;

const book: Decider<Borrower, BookCommand, BookEvent> = {
  initialState: undefined,
  decide(command, borrower) {
    switch (command.type) {
      case 'lend':
        if (borrower !== undefined) throw new Refusal('conflict', 'already-lent', { on: command.on });
        return [{ type: 'BookLent', occurredAt: command.on, to: command.to }];
      case 'return':
        if (borrower === undefined) throw new Refusal('not-found', 'not-lent');
        return [{ type: 'BookReturned', occurredAt: command.on }];
    }
  },
  evolve: (_, event) => (event.type === 'BookLent' ? event.to : undefined),
};

const Lend = body({
  id: idText.optional(),
  to: z.string().min(1).max(40),
  on: Day,
  copies: z.int().min(1).max(9).optional(),
  kind: z.enum(['novel', 'law']).optional(),
  notes: z.array(z.string().max(10)).max(2).optional(),
});
type Lend = z.infer<typeof Lend>;
const Return = body({ on: Day });
type Return = z.infer<typeof Return>;
const List = query({ ...page, to: z.string().optional() });
type List = z.infer<typeof List>;

export const lendingMessages = defineMessages({
  'already-lent': { vi: ({ on }) => `Ngày ${on} sách đang cho mượn.`, en: ({ on }) => `On ${on} the book is out.` },
  'not-lent': { vi: () => 'Sách không cho ai mượn.', en: () => 'The book is not lent.' },
});

const BOOKS = Symbol('books');
const FAILURE = Symbol('failure');

@Controller('lending/books')
class Books {
  constructor(
    @Inject(BOOKS) private readonly books: CommandHandler<Borrower, BookCommand>,
    @Inject(FAILURE) private readonly failure: () => Promise<void>,
  ) {}

  @Post()
  @Answers('Lends a book', CommandAnswer, 201)
  async lend(@Body({ schema: Lend }) { id, to, on }: Lend, @Command() context: CommandContext): Promise<CommandAnswer> {
    const made = id ?? createdId(context.command);
    const handled = await this.books.handle(`book-${made}`, { type: 'lend', to, on }, context);
    await this.failure();
    return commandAnswer('activity', made, handled);
  }

  @Post(':id/return')
  @Answers('Takes a book back', CommandAnswer)
  async return(
    @Param('id', { schema: idText }) id: string,
    @Body({ schema: Return }) { on }: Return,
    @Command() context: CommandContext,
  ): Promise<CommandAnswer> {
    return commandAnswer('activity', id, await this.books.handle(`book-${id}`, { type: 'return', on }, context));
  }

  @Get()
  @Answers('Shows what was asked', z.object({ limit: z.int(), to: z.string().optional() }))
  list(@Query({ schema: List }) wanted: List): List {
    return wanted;
  }

  @Get(':id')
  @Answers('Shows a book', z.object({ id: z.string(), to: z.string().optional(), revision: z.int() }))
  async get(@Param('id', { schema: idText }) id: string): Promise<{ id: string; to: Borrower; revision: number }> {
    const { state, revision } = await this.books.load(`book-${id}`);
    if (revision === -1) throw new Refusal('not-found', 'not-lent');
    return { id, to: state, revision };
  }
}

@Module({})
export class LendingDesk {
  /** @param failure called after a book was lent, before the answer: to fail there */
  static register(store: EventStore, failure: () => Promise<void> = async () => undefined): DynamicModule {
    return {
      module: LendingDesk,
      controllers: [Books],
      providers: [
        { provide: BOOKS, useValue: commandHandler(store, book, eventCodec(BookEvent)) },
        { provide: FAILURE, useValue: failure },
      ],
    };
  }
}
