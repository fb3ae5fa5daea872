import { Body, Controller, Headers, Inject, Post } from '@nestjs/common';
import { type CommandContext, commandIdFrom } from '@phancong/event-sourcing';
import { Answers, BulkAnswer, bulkAnswer, Command } from '@phancong/nest';
import { AdmitCandidates, IntroduceCandidates, TrainCandidates, WithdrawCandidates } from './candidate-input.ts';
import { candidateAnswer } from './candidates.http.ts';
import type { Candidates, HandledCandidate } from './candidates.ts';
import type { Membership } from './membership.ts';
import { messages } from './messages.ts';
import { MEMBERSHIP } from './ports.ts';

/** Commands to candidates given together, as those to members. */
@Controller('membership/candidates')
export class CandidatesBulkController {
  readonly #candidates: Candidates;

  constructor(@Inject(MEMBERSHIP) { candidates }: Membership) {
    this.#candidates = candidates;
  }

  @Post('bulk')
  @Answers('Introduce candidates, each by itself', BulkAnswer)
  introduce(
    @Body({ schema: IntroduceCandidates }) { candidates }: IntroduceCandidates,
    @Command() context: CommandContext,
    @Headers('accept-language') language: string | undefined,
  ) {
    return all('bulk', candidates, context, language, (told, each) => this.#candidates.introduce(told, each));
  }

  @Post('bulk-train')
  @Answers('Candidates were trained, each by itself', BulkAnswer)
  train(
    @Body({ schema: TrainCandidates }) { items }: TrainCandidates,
    @Command() context: CommandContext,
    @Headers('accept-language') language: string | undefined,
  ) {
    return all('bulk-train', items, context, language, ({ id, on }, each) => this.#candidates.train(id, on, each));
  }

  @Post('bulk-admit')
  @Answers('Admit candidates, each by itself', BulkAnswer)
  admit(
    @Body({ schema: AdmitCandidates }) { items }: AdmitCandidates,
    @Command() context: CommandContext,
    @Headers('accept-language') language: string | undefined,
  ) {
    return all('bulk-admit', items, context, language, ({ id, ...told }, each) =>
      this.#candidates.admit(id, told, each),
    );
  }

  @Post('bulk-withdraw')
  @Answers('Candidates are no longer any, each by itself', BulkAnswer)
  withdraw(
    @Body({ schema: WithdrawCandidates }) { items }: WithdrawCandidates,
    @Command() context: CommandContext,
    @Headers('accept-language') language: string | undefined,
  ) {
    return all('bulk-withdraw', items, context, language, ({ id, ...told }, each) =>
      this.#candidates.withdraw(id, told, each),
    );
  }
}

async function all<Item>(
  route: string,
  items: readonly Item[],
  { by, command }: CommandContext,
  acceptLanguage: string | undefined,
  give: (item: Item, context: CommandContext) => Promise<HandledCandidate>,
): Promise<BulkAnswer> {
  const outcomes = await Promise.allSettled(
    items.map(async (item, index) =>
      candidateAnswer(await give(item, { by, command: commandIdFrom(command, `${index}`) })),
    ),
  );
  const instance = `/membership/candidates/${route}`;
  return bulkAnswer(outcomes, { source: 'membership', messages, acceptLanguage, instance });
}
