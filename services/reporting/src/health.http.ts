import { Controller, Get, Inject } from '@nestjs/common';
import { Answers } from '@phancong/nest';
import { z } from 'zod';
import type { Knowledge } from './knowledge.ts';
import { KNOWLEDGE } from './ports.ts';

const Health = z
  .object({
    status: z.literal('ok'),
    /** Opaque: how far the figures include each log. */
    position: z.string(),
    organisations: z.int(),
  })
  .meta({ id: 'ReportingHealth' });

@Controller('reporting/health')
export class HealthController {
  constructor(@Inject(KNOWLEDGE) private readonly knowledge: Knowledge) {}

  @Get()
  @Answers('How far reporting has come, and of how many organisations it knows', Health)
  async health(): Promise<z.infer<typeof Health>> {
    const { position, trees, reader } = this.knowledge;
    return { status: 'ok', position: await position(), organisations: (await trees.now(reader)).tree.size };
  }
}
