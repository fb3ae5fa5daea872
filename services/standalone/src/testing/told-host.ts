import type { Standalone } from '../standalone.ts';
import type { Told } from './told.ts';

type Sent = readonly [path: string, body: object];

/** Gives told commands to the services through their doors. Things of one history carry its prefix: histories share a host. */
export class ToldHost {
  readonly #host: Pick<Standalone, 'send' | 'settled'>;
  readonly #prefix: string;

  constructor(host: Pick<Standalone, 'send' | 'settled'>, prefix: string) {
    this.#host = host;
    this.#prefix = prefix;
  }

  /** @returns whether all of it was accepted; the services have heard of it then, and of what followed */
  async tell(told: Told): Promise<boolean> {
    for (const [path, body] of this.#sent(told)) {
      const { status, body: answer } = await this.#host.send('POST', path, JSON.stringify(body));
      await this.#host.settled();
      if (status === 200 || status === 201) continue;
      if (status === 404 || status === 409 || status === 422) return false;
      throw new Error(`${path} ${JSON.stringify(body)}: ${status} ${answer}`);
    }
    return true;
  }

  async openCampaign(id: string, from: string): Promise<void> {
    const campaign = { id: this.id(id), code: this.id(id), name: 'Hiến máu nhân đạo', from };
    const { status } = await this.#host.send('POST', '/activity/campaigns', JSON.stringify(campaign));
    if (status !== 201) throw new Error(`a campaign: ${status}`);
  }

  async ask(path: string, organisation: string): Promise<unknown> {
    const { status, body } = await this.#host.send('GET', `${path}&organisation=${this.id(organisation)}`);
    if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
    return JSON.parse(body);
  }

  readonly id = (id: string): string => `${this.#prefix}${id}`;

  #sent(told: Told): readonly Sent[] {
    const id = this.id(told.id);
    const called = { id, code: id, name: 'Lê Thị Thử' };
    switch (told.do) {
      case 'register': {
        const parent = told.parent === undefined ? {} : { parent: this.id(told.parent) };
        return [['/membership/organisations', { ...called, kind: told.kind, ...parent, from: told.on }]];
      }
      case 'rename':
        return [[`/membership/organisations/${id}/rename`, { name: 'Chi bộ mới', on: told.on }]];
      case 'dissolve':
        return [[`/membership/organisations/${id}/dissolve`, { on: told.on }]];
      case 'move':
        return [[`/membership/organisations/${id}/move`, { parent: this.id(told.parent), on: told.on }]];
      case 'merge':
        return [[`/membership/organisations/${id}/merge`, { into: this.id(told.into), on: told.on }]];
      case 'admit': {
        const life = { cell: this.id(told.cell), standing: 'official', admittedOn: '2004-01-01', from: told.on };
        return [['/membership/members', { ...called, ...life }]];
      }
      case 'transfer':
        return [[`/membership/members/${id}/transfer`, { cell: this.id(told.cell), on: told.on }]];
      case 'correct-member': {
        const life = { cell: this.id(told.cell), from: told.on };
        return [[`/membership/members/${id}/correct`, { ...life, reason: 'ghi nhầm' }]];
      }
      case 'leave':
        return [[`/membership/members/${id}/leave`, { on: told.on, reason: 'resigned' }]];
      case 'exempt':
        return [[`/membership/members/${id}/exempt`, { from: told.on, until: told.until, reason: 'ốm' }]];
      case 'end-exemption':
        return [[`/membership/members/${id}/end-exemption`, { on: told.on }]];
      case 'introduce': {
        const introduced = { introducedBy: this.id(told.by), introducedOn: told.on, consentOn: told.on };
        return [['/membership/candidates', { id, name: 'Lý Thị Ưu', ...introduced }]];
      }
      case 'train':
        return [[`/membership/candidates/${id}/train`, { on: told.on }]];
      case 'withdraw':
        return [[`/membership/candidates/${id}/withdraw`, { on: told.on, reason: 'theo nguyện vọng' }]];
      case 'admit-candidate': {
        const member = this.id(told.member);
        const admission = { on: told.on, cell: this.id(told.cell), code: member, member };
        return [[`/membership/candidates/${id}/admit`, admission]];
      }
      case 'form': {
        const place = { organisation: this.id(told.organisation), headcount: 20, from: told.on };
        return [['/assignment/groups', { ...called, kind: told.kind, ...place }]];
      }
      case 'close':
        return [[`/assignment/groups/${id}/close`, { on: told.on }]];
      case 'assign': {
        const whom = { member: this.id(told.member), group: this.id(told.group), from: told.on };
        return [['/assignment/assignments', { id, ...whom }]];
      }
      case 'volunteer': {
        const whom = { member: this.id(told.member), group: this.id(told.group), on: told.on };
        return [
          ['/assignment/registrations', { id, ...whom, content: ['Đời sống'] }],
          [`/assignment/registrations/${id}/approve`, { on: told.on }],
        ];
      }
      case 'suspend':
        return [[`/assignment/assignments/${id}/suspend`, { on: told.on, until: told.until, reason: 'đi học' }]];
      case 'resume':
        return [[`/assignment/assignments/${id}/resume`, { on: told.on }]];
      case 'end':
        return [[`/assignment/assignments/${id}/end`, { on: told.on, reason: 'hết nhiệm kỳ' }]];
      case 'hand-over':
        return [[`/assignment/assignments/${id}/hand-over`, { to: this.id(told.to), on: told.on }]];
      case 'correct-assignment': {
        const days = { from: told.on, endedOn: told.endedOn };
        return [[`/assignment/assignments/${id}/correct`, { ...days, reason: 'ghi nhầm' }]];
      }
      case 'log': {
        const campaign = told.campaign === undefined ? {} : { campaign: this.id(told.campaign) };
        const deed = { assignment: this.id(told.assignment), kind: 'visit', on: told.on, reached: told.reached };
        return [['/activity/activities', { id, ...deed, ...campaign }]];
      }
      case 'amend': {
        const { on, reached } = told;
        return [[`/activity/activities/${id}/amend`, { on, reached, reason: 'ghi nhầm' }]];
      }
      case 'void':
        return [[`/activity/activities/${id}/void`, { reason: 'ghi nhầm' }]];
    }
  }
}
