import {
  Body,
  Controller,
  Get,
  Headers,
  Inject,
  Logger,
  Post,
  Query,
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor, type UploadedMultipartFile } from '@nestjs/platform-fastify/multipart';
import { ApiConsumes } from '@nestjs/swagger';
import { OrganisationId } from '@phancong/contracts';
import { type CommandContext, Refusal } from '@phancong/event-sourcing';
import {
  Answers,
  body,
  Command,
  inWords,
  type Language,
  languageOf,
  type Messages,
  midway,
  positionText,
  query,
  UploadOnce,
} from '@phancong/nest';
import { z } from 'zod';
import { MAX_FILE_BYTES } from './file-refusal.ts';
import type { RowFinding } from './import-plan.ts';
import type { ImportProgress, ImportRegister } from './import-register.ts';

export const IMPORT_REGISTER = Symbol('import-register');
/** Words for all codes that a row may be rejected with: those of the import and those of the members' own rules. */
export const IMPORT_MESSAGES = Symbol('import-messages');

const ImportQuery = query({ dryRun: z.enum(['true', 'false']).optional() });
const ImportForm = body({ organisation: OrganisationId });

const counts = {
  rows: z.int(),
  accepted: z.int(),
  changed: z.int(),
  rejected: z.int(),
  unchanged: z.int(),
};
const Finding = z.object({
  sheet: z.string(),
  row: z.int(),
  column: z.string(),
  code: z.string(),
  message: z.string(),
});
const ImportAnswer = z
  .object({
    ...counts,
    dryRun: z.boolean(),
    perOrganisation: z.array(z.object({ organisation: z.object({ id: z.string(), name: z.string() }), ...counts })),
    dropped: z.array(z.object({ sheet: z.string(), column: z.string(), header: z.string(), field: z.string() })),
    skippedSheets: z.array(z.string()),
    errors: z.array(Finding),
    /** How many more errors there are than are listed. */
    errorsLeftOut: z.int(),
    warnings: z.array(Finding),
    warningsLeftOut: z.int(),
    /** Waiting for it waits for all that was imported. */
    position: z.string().optional(),
  })
  .meta({ id: 'ImportAnswer' });
type ImportAnswer = z.infer<typeof ImportAnswer>;

const UnderWay = z
  .object({
    organisation: OrganisationId,
    dryRun: z.boolean(),
    /** Rows that were imported, or looked at in a dry run; 0 while the file is read or waits for another. */
    done: z.int(),
    /** Rows of the file, as far as it was read. */
    rows: z.int(),
  })
  .meta({ id: 'ImportUnderWay' });
type UnderWay = z.infer<typeof UnderWay>;

@Controller('membership/imports')
export class ImportsController {
  readonly #logger = new Logger('register-import');
  readonly #underWay = new Set<UnderWay>();

  constructor(
    @Inject(IMPORT_REGISTER) private readonly importRegister: ImportRegister,
    @Inject(IMPORT_MESSAGES) private readonly messages: Messages,
  ) {}

  @Get()
  @Answers('The imports under way, and how far they are', z.object({ items: z.array(UnderWay) }))
  underWay(): { items: UnderWay[] } {
    return { items: [...this.#underWay] };
  }

  @Post()
  @ApiConsumes('multipart/form-data')
  @Answers('Import a register of members (XLSX or CSV): what can be is imported, the rest reported', ImportAnswer)
  @UseInterceptors(FileInterceptor('file', { limits: { fileSize: MAX_FILE_BYTES, files: 1, fields: 5 } }), UploadOnce)
  async import(
    @UploadedFile() file: UploadedMultipartFile | undefined,
    @Body({ schema: ImportForm }) { organisation }: z.infer<typeof ImportForm>,
    @Query({ schema: ImportQuery }) { dryRun }: z.infer<typeof ImportQuery>,
    @Command() { by }: CommandContext,
    @Headers('accept-language') acceptLanguage: string | undefined,
  ): Promise<ImportAnswer> {
    const bytes = file?.buffer;
    if (!bytes) throw new Refusal('invalid', 'file-missing');
    const { report, position } = await this.#followed(
      { organisation, dryRun: dryRun === 'true', done: 0, rows: 0 },
      (state, onProgress) => this.importRegister({ ...state, bytes, by, onProgress }),
    ).catch((error: unknown) => {
      throw midway(error);
    });
    const language = languageOf(acceptLanguage);
    const { errors, warnings, perOrganisation, dropped, skippedSheets, ...counted } = report;
    return {
      ...counted,
      perOrganisation: [...perOrganisation],
      dropped: [...dropped],
      skippedSheets: [...skippedSheets],
      errors: errors.map((finding) => this.#inWords(finding, language)),
      warnings: warnings.map((finding) => this.#inWords(finding, language)),
      ...(position > 0 && { position: positionText('membership', position) }),
    };
  }

  /** Shows it among the imports under way, and tells the log every two seconds. */
  async #followed<Result>(
    state: UnderWay,
    work: (state: UnderWay, onProgress: (progress: ImportProgress) => void) => Promise<Result>,
  ): Promise<Result> {
    let told = Date.now();
    this.#underWay.add(state);
    try {
      return await work(state, (progress) => {
        Object.assign(state, progress);
        if (Date.now() - told < TELL_MS) return;
        told = Date.now();
        this.#logger.log({ ...state });
      });
    } finally {
      this.#underWay.delete(state);
    }
  }

  #inWords({ facts, ...finding }: RowFinding, language: Language): z.infer<typeof Finding> {
    const words = this.messages[finding.code];
    return { ...finding, message: words ? inWords(words, language, facts) : finding.code };
  }
}

const TELL_MS = 2_000;
