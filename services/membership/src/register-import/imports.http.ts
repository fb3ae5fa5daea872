import { Body, Controller, Headers, Inject, Logger, Post, Query, UploadedFile, UseInterceptors } from '@nestjs/common';
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
  positionText,
  query,
  UploadOnce,
} from '@phancong/nest';
import { z } from 'zod';
import { MAX_FILE_BYTES } from './file-refusal.ts';
import type { RowFinding } from './import-plan.ts';
import type { ImportRegister } from './import-register.ts';

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
    warnings: z.array(Finding),
    /** Waiting for it waits for all that was imported. */
    position: z.string().optional(),
  })
  .meta({ id: 'ImportAnswer' });
type ImportAnswer = z.infer<typeof ImportAnswer>;

@Controller('membership/imports')
export class ImportsController {
  readonly #logger = new Logger('register-import');

  constructor(
    @Inject(IMPORT_REGISTER) private readonly importRegister: ImportRegister,
    @Inject(IMPORT_MESSAGES) private readonly messages: Messages,
  ) {}

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
    if (!file?.buffer) throw new Refusal('invalid', 'file-missing');
    const { report, position } = await this.importRegister({
      ...{ bytes: file.buffer, organisation, dryRun: dryRun === 'true', by },
      onProgress: ({ done, rows }) => this.#logger.log({ organisation, done, rows }),
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

  #inWords({ facts, ...finding }: RowFinding, language: Language): z.infer<typeof Finding> {
    const words = this.messages[finding.code];
    return { ...finding, message: words ? inWords(words, language, facts) : finding.code };
  }
}
