import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { CampaignId } from '@phancong/contracts';
import {
  type Claims,
  type CommandContext,
  type CommandHandler,
  createdId,
  Day,
  Refusal,
} from '@phancong/event-sourcing';
import { Answers, body, Code, nameOf, Command, CommandAnswer, commandAnswer, page, query } from '@phancong/nest';
import type { Reader } from '@phancong/read-models';
import { z } from 'zod';
import { type Campaign, type CampaignCommand, campaignStream } from './campaign.ts';
import { type CampaignCodeEvent, codeStream } from './campaign-code.ts';
import { listedCampaigns } from './logbook/logbook.ts';
import { CAMPAIGN_CODES, CAMPAIGNS, LOGBOOK } from './ports.ts';

const OpenCampaign = body({
  id: CampaignId.optional(),
  code: Code,
  name: nameOf(200),
  from: Day,
  until: Day.optional(),
}).refine(({ from, until }) => until === undefined || from < until, {
  path: ['until'],
  error: 'ends-before-it-begins',
});
type OpenCampaign = z.infer<typeof OpenCampaign>;

const ListCampaigns = query(page);
type ListCampaigns = z.infer<typeof ListCampaigns>;

const CampaignView = z
  .object({ id: CampaignId, code: z.string(), name: z.string(), from: Day, until: Day.optional() })
  .meta({ id: 'Campaign' });
const CampaignPage = z.object({ items: z.array(CampaignView), next: z.string().optional() });
const OneCampaign = CampaignView.extend({ revision: z.int() });

@Controller('activity/campaigns')
export class CampaignController {
  constructor(
    @Inject(CAMPAIGNS) private readonly campaigns: CommandHandler<Campaign | undefined, CampaignCommand>,
    @Inject(CAMPAIGN_CODES) private readonly codes: Claims<CampaignCodeEvent>,
    @Inject(LOGBOOK) private readonly logbook: Reader,
  ) {}

  @Post()
  @Answers('Opens a campaign', CommandAnswer, 201)
  open(
    @Body({ schema: OpenCampaign }) { id, code, name, from, until }: OpenCampaign,
    @Command() context: CommandContext,
  ): Promise<CommandAnswer> {
    const campaign = id ?? CampaignId.parse(createdId(context.command));
    const command = { type: 'open', campaign, code, name, from, until } as const;
    const stream = codeStream(code);
    return this.codes.claim(
      {
        stream,
        claim: { type: 'CampaignCodeClaimed', occurredAt: from, code, campaign },
        thing: campaignStream(campaign),
        check: () => this.campaigns.check(campaignStream(campaign), command, context),
        carries: async (holder) => {
          const { state } = await this.campaigns.load(campaignStream(holder.campaign));
          return state !== undefined && codeStream(state.code) === stream;
        },
        taken: (holder) => new Refusal('conflict', 'code-taken', { code, id: holder.campaign }),
      },
      context,
      async () => {
        const handled = await this.campaigns.handle(campaignStream(campaign), command, context);
        return commandAnswer('activity', campaign, handled);
      },
    );
  }

  @Get()
  @Answers('Campaigns in order of their first day', CampaignPage)
  async list(
    @Query({ schema: ListCampaigns }) { limit, cursor }: ListCampaigns,
  ): Promise<z.infer<typeof CampaignPage>> {
    const { items, next } = await this.logbook.find(listedCampaigns, { index: 'by-first-day', limit, cursor });
    return {
      items: items.map(({ doc: { campaign: id, code, name, from, until } }) => ({ id, code, name, from, until })),
      next,
    };
  }

  @Get(':id')
  @Answers('One campaign', OneCampaign)
  async get(@Param('id', { schema: CampaignId }) id: CampaignId): Promise<z.infer<typeof OneCampaign>> {
    const { state, revision } = await this.campaigns.load(campaignStream(id));
    if (!state) throw new Refusal('not-found', 'campaign-not-found', { id });
    const { code, name, from, until } = state;
    return { id, code, name, from, until, revision };
  }
}
