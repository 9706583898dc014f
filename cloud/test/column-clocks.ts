import type { ClearedBesideTrail } from '@tagtrail/shared/retention/beside-trail.js';

/**
 * What takes a personal value away:
 *   rule      the customer's rule for the category of the line
 *   fold      what is made anew from the lines that are left follows them
 *   sign_in   it goes when the sign-in has ended
 *   account   it stays as long as the user has an account
 *   customer  it is what the customer has published, or goes on with, and stays as long as the customer
 * and the clocks of `cloud/src/retention/beside-trail.ts` by their names.
 */
export type ColumnClock = 'rule' | 'fold' | 'sign_in' | 'account' | 'customer' | ClearedBesideTrail;

interface TableClocks {
  /** Columns that can name a person, point at one, or hold words that somebody typed. */
  readonly personal: Readonly<Record<string, ColumnClock>>;
  /** The other columns of texts, ids, bytes and JSON: each looked at, and of nobody. */
  readonly ofNobody: readonly string[];
}

/** Every column of every table that can hold a text, an id, bytes or JSON. `tenant_id` stands in all of them. */
export const columnClocks: Readonly<Record<string, TableClocks>> = {
  _prisma_migrations: { personal: {}, ofNobody: ['id', 'checksum', 'migration_name', 'logs'] },
  acknowledgement: { personal: {}, ofNobody: ['about', 'mark'] },
  alarm: { personal: {}, ofNobody: ['kind', 'subject_id'] },
  asset: {
    personal: {},
    ofNobody: ['id', 'name', 'model', 'serial', 'home_cabinet_id', 'groups', 'status', 'licences', 'place'],
  },
  auth_account: {
    personal: {
      ...{ account_id: 'account', user_id: 'account', access_token: 'account', refresh_token: 'account' },
      ...{ id_token: 'account', password: 'account' },
    },
    ofNobody: ['id', 'provider_id', 'scope'],
  },
  auth_sign_in: {
    personal: { token: 'sign_in', ip_address: 'sign_in', user_agent: 'sign_in', user_id: 'sign_in' },
    ofNobody: ['id'],
  },
  auth_user: { personal: { id: 'account', name: 'account', email: 'account', image: 'account' }, ofNobody: [] },
  auth_verification: { personal: { identifier: 'sign_in', value: 'sign_in' }, ofNobody: ['id'] },
  badge: {
    personal: { person_id: 'ended_badges', number_hash: 'ended_badges', ends_with: 'ended_badges' },
    ofNobody: ['id', 'status'],
  },
  cabinet: { personal: {}, ofNobody: ['id', 'site_id', 'name', 'secret_hash', 'public_key'] },
  cabinet_earlier_key: { personal: {}, ofNobody: ['cabinet_id', 'fingerprint', 'public_key'] },
  cabinet_session: { personal: { id: 'fold', person_id: 'fold' }, ofNobody: ['cabinet_id', 'outcome'] },
  cabinet_state: {
    personal: {
      ...{ session_id: 'fold', session_person_id: 'fold' },
      ...{ last_session_id: 'fold', last_session_person_id: 'fold' },
    },
    ofNobody: ['cabinet_id', 'agent_version', 'body', 'boots'],
  },
  checkpoint: { personal: {}, ofNobody: ['root', 'note'] },
  contract_record: { personal: {}, ofNobody: ['name', 'note'] },
  custody: {
    personal: { holder_id: 'fold', session_id: 'fold' },
    ofNobody: ['asset_id', 'state', 'cabinet_id', 'log_id'],
  },
  enrolment_code: {
    personal: { handle: 'enrolment_codes', secret_hash: 'enrolment_codes' },
    ofNobody: ['cabinet_id'],
  },
  entry: {
    personal: {
      ...{ actor_id: 'rule', counterpart_id: 'rule', session_id: 'rule', order_id: 'rule' },
      ...{ chain: 'rule', data: 'rule', origin: 'rule', salts: 'rule' },
    },
    // A commitment without its salt, and a leaf, cannot be guessed from (docs/decisions/0011).
    ofNobody: [
      ...['kind', 'category', 'source', 'status', 'site_id', 'cabinet_id', 'asset_id', 'log_id', 'leaf'],
      'commitments',
    ],
  },
  incident: { personal: {}, ofNobody: ['cabinet_id', 'kind', 'log_id', 'detail'] },
  item_rule: { personal: { note: 'customer' }, ofNobody: ['id', 'model', 'group_name', 'licences'] },
  kit_child: { personal: {}, ofNobody: ['child_id', 'kit_id'] },
  legal_hold: {
    personal: {
      ...{ subject_id: 'released_holds', subject_text: 'released_holds', reason: 'released_holds' },
      ...{ placed_by: 'released_holds', released_by: 'released_holds', release_reason: 'released_holds' },
    },
    ofNobody: ['id', 'kind'],
  },
  log_key: { personal: {}, ofNobody: ['note_key'] },
  loss: { personal: {}, ofNobody: ['id', 'asset_id', 'status'] },
  membership: { personal: { user_id: 'account' }, ofNobody: ['role', 'site_ids'] },
  off_boarding: { personal: { asked_by: 'customer', decided_by: 'customer' }, ofNobody: ['status'] },
  person: {
    // The random pseudonym and whether it may come in stay: a badge that comes up again must not become somebody else's.
    personal: { name: 'people_who_left', display_name: 'people_who_left', groups: 'people_who_left' },
    ofNobody: ['id', 'language', 'status'],
  },
  person_licence: { personal: { person_id: 'people_who_left', name: 'people_who_left' }, ofNobody: [] },
  person_pin: {
    personal: {
      ...{ person_id: 'people_who_left', number_hash: 'people_who_left' },
      ...{ salt: 'people_who_left', pin_hash: 'people_who_left' },
    },
    ofNobody: [],
  },
  privacy_notice: {
    personal: { contact: 'customer' },
    ofNobody: ['text_en', 'text_fr', 'changes_en', 'changes_fr'],
  },
  quarantine: {
    personal: {
      ...{ payload: 'set_aside_contents', detail: 'set_aside', digest: 'set_aside' },
      ...{ decided_by: 'set_aside', note: 'set_aside' },
    },
    ofNobody: ['id', 'cabinet_id', 'log_id', 'reason', 'state', 'epc', 'asset_id'],
  },
  retention_change: {
    personal: { asked_by: 'rule_changes', decided_by: 'rule_changes' },
    ofNobody: ['id', 'category', 'site_key', 'rule', 'rehearsal', 'status'],
  },
  retention_receipt: { personal: {}, ofNobody: ['run_id', 'note'] },
  retention_rule: { personal: {}, ofNobody: ['category', 'action', 'site_key', 'source', 'reason'] },
  retention_run: { personal: {}, ofNobody: ['id', 'category', 'action', 'site_key', 'source', 'reason'] },
  retention_work: { personal: {}, ofNobody: ['category', 'site_key', 'run_id', 'action'] },
  rulebook_version: { personal: {}, ofNobody: ['cabinet_id', 'content_digest'] },
  sighting: { personal: {}, ofNobody: ['asset_id', 'cabinet_id'] },
  site: { personal: {}, ofNobody: ['id', 'name', 'time_zone'] },
  // The chain value of the newest line alone: without it a cabinet could not go on.
  stream: { personal: { chain: 'customer' }, ofNobody: ['cabinet_id', 'log_id'] },
  stream_gap: { personal: {}, ofNobody: ['cabinet_id', 'log_id'] },
  support_case: {
    personal: {
      ...{ subject: 'support_cases', text: 'support_cases', outcome: 'support_cases' },
      ...{ opened_by: 'support_cases', closed_by: 'support_cases' },
    },
    ofNobody: ['id', 'status'],
  },
  tag_binding: { personal: {}, ofNobody: ['id', 'epc', 'asset_id'] },
  take_grant: {
    personal: { person_id: 'ended_grants', note: 'ended_grants' },
    ofNobody: ['id', 'effect', 'group_name', 'asset_ids', 'model', 'windows'],
  },
  tenant: { personal: {}, ofNobody: ['id', 'name', 'badge_key'] },
  tile: { personal: {}, ofNobody: ['hashes'] },
  witness_signature: { personal: {}, ofNobody: ['cabinet_id', 'line'] },
  work_order: {
    personal: { title: 'closed_orders', person_ids: 'closed_orders' },
    ofNobody: ['id', 'number', 'state', 'cabinet_ids'],
  },
};
