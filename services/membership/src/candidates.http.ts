import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { CandidateId, MemberId } from '@phancong/contracts';
import type { CommandContext } from '@phancong/event-sourcing';
import { Answers, Command, CommandAnswer, commandAnswer, page, query } from '@phancong/nest';
import { z } from 'zod';
import { candidateStream } from './candidate-event.ts';
import { AdmitCandidate, IntroduceCandidate, WithdrawCandidate } from './candidate-input.ts';
import { CandidateDetail, candidateDetail, CandidateList } from './candidate-view.ts';
import type { HandledCandidate } from './candidates.ts';
import { Erase, OnDay } from './member-input.ts';
import type { Membership } from './membership.ts';
import { openCandidate } from './personal.ts';
import { noteReading } from './personal-access.ts';
import { MEMBERSHIP } from './ports.ts';
import { CandidateStatus } from './roster/roster-documents.ts';

const ListCandidates = query({ status: CandidateStatus.optional(), introducedBy: MemberId.optional(), ...page });
type ListCandidates = z.infer<typeof ListCandidates>;

/** `member`: the id that the member has, once the admission is followed up. */
const AdmissionAnswer = CommandAnswer.extend({ member: MemberId.optional() });

export const candidateAnswer = (handled: HandledCandidate): CommandAnswer =>
  commandAnswer('membership', handled.candidate, handled);

@Controller('membership/candidates')
export class CandidatesController {
  constructor(@Inject(MEMBERSHIP) private readonly membership: Membership) {}

  @Post()
  @Answers('Introduce a candidate, with consent', CommandAnswer, 201)
  async introduce(@Body({ schema: IntroduceCandidate }) told: IntroduceCandidate, @Command() context: CommandContext) {
    return candidateAnswer(await this.membership.candidates.introduce(told, context));
  }

  @Post(':id/train')
  @Answers('A candidate was trained', CommandAnswer)
  async train(
    @Param('id', { schema: CandidateId }) id: CandidateId,
    @Body({ schema: OnDay }) { on }: OnDay,
    @Command() context: CommandContext,
  ) {
    return candidateAnswer(await this.membership.candidates.train(id, on, context));
  }

  @Post(':id/admit')
  @Answers('Admit a candidate as a probationary member', AdmissionAnswer)
  async admit(
    @Param('id', { schema: CandidateId }) id: CandidateId,
    @Body({ schema: AdmitCandidate }) told: AdmitCandidate,
    @Command() context: CommandContext,
  ) {
    const handled = await this.membership.candidates.admit(id, told, context);
    return { ...candidateAnswer(handled), member: handled.state?.admission?.member };
  }

  @Post(':id/withdraw')
  @Answers('A candidate is no longer one', CommandAnswer)
  async withdraw(
    @Param('id', { schema: CandidateId }) id: CandidateId,
    @Body({ schema: WithdrawCandidate }) told: WithdrawCandidate,
    @Command() context: CommandContext,
  ) {
    return candidateAnswer(await this.membership.candidates.withdraw(id, told, context));
  }

  @Post(':id/erase')
  @Answers('Erase name and contact of a candidate for ever; what is counted stays', CommandAnswer)
  async erase(
    @Param('id', { schema: CandidateId }) id: CandidateId,
    @Body({ schema: Erase }) told: Erase,
    @Command() context: CommandContext,
  ) {
    return candidateAnswer(await this.membership.candidates.erase(id, told, context));
  }

  @Get()
  @Answers('Candidates in order of their introduction', CandidateList)
  async list(@Query({ schema: ListCandidates }) wanted: ListCandidates, @Command() { by }: CommandContext) {
    if (wanted.introducedBy !== undefined) await this.membership.members.get(wanted.introducedBy);
    const { ids, next } = await this.membership.finder.candidates(wanted);
    const items = await Promise.all(ids.map((id) => this.#detail(id)));
    noteReading(
      by,
      'candidates',
      items.filter(({ erased }) => !erased).map(({ id }) => id),
    );
    return { items, next };
  }

  @Get(':id')
  @Answers('A candidate', CandidateDetail)
  async get(@Param('id', { schema: CandidateId }) id: CandidateId, @Command() { by }: CommandContext) {
    const detail = await this.#detail(id);
    if (!detail.erased) noteReading(by, 'candidate', [id]);
    return detail;
  }

  async #detail(id: CandidateId): Promise<CandidateDetail> {
    const { state, revision } = await this.membership.candidates.get(id);
    const personal = await openCandidate(this.membership.keys, candidateStream(id), state.sealed);
    return candidateDetail(state, personal, revision);
  }
}
