/** Who an operator is to this server. */
export const ROLES = ['owner', 'developer', 'support', 'read_only'] as const;
export type Role = (typeof ROLES)[number];

/** Everything an operator may be allowed, what it means, and who is. `docs/guides/dashboard.md` shows this very table. */
export const PERMISSIONS = {
  look: {
    meaning: 'See apps, settings, consents without names, the log, pictures, providers',
    roles: ['owner', 'developer', 'support', 'read_only'],
  },
  set_up: {
    meaning: 'Make and change apps, return URLs, test keys, webhook endpoints',
    roles: ['owner', 'developer'],
  },
  live_keys: { meaning: 'Make and end keys of live mode', roles: ['owner'] },
  send_again: { meaning: 'Send events again, and test events', roles: ['owner', 'developer', 'support'] },
  people: {
    meaning: "See people's names and addresses, their accounts' names, masked numbers and balance proofs",
    roles: ['owner', 'support'],
  },
  end_consents: { meaning: 'End a consent, with a reason', roles: ['owner', 'support'] },
  erase: { meaning: 'Erase a person, or export what is kept of them', roles: ['owner', 'support'] },
  test_providers: { meaning: 'Call a provider now', roles: ['owner', 'developer', 'support'] },
  sandbox: { meaning: "Order the pretend banks' faults and clock", roles: ['owner', 'developer'] },
  identities: { meaning: 'Make identities and add certificates', roles: ['owner'] },
  team: { meaning: 'Invite people, change their role, let them back in, shut them out', roles: ['owner'] },
  audit: { meaning: 'See who did what', roles: ['owner', 'read_only'] },
} as const satisfies Record<string, { meaning: string; roles: readonly Role[] }>;

export type Permission = keyof typeof PERMISSIONS;

/** Whether somebody with that role may do that. */
export function mayDo(role: Role, permission: Permission): boolean {
  return (PERMISSIONS[permission].roles as readonly Role[]).includes(role);
}
