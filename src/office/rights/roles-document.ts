import type { Role } from '../officers/officers.events.js';
import { isRole, roleNames } from '../officers/role-names.js';
import { mayDo, type Right, rights } from './rights.js';

const roles = Object.keys(roleNames).filter(isRole);

/** docs/roles.md: the table of rights in the code, for people. */
export function rolesDocument(): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const names = Object.keys(rights) as Right[];
  return `# Roles of the office

Made of the table of rights in \`src/office/rights/rights.ts\` by \`node docs/roles.mjs\`, after a build; a test compares them. Each route under \`/office\` names the right that it needs, and a test opens all routes with all roles; commands of the command line that an officer runs ask for theirs. \`administrator\` and \`auditor\` have no other role; an officer with several others has the rights of all, and each right reaches only the candidates that a role with that right does.

${row(['right', 'for', 'changes', ...roles.map((role) => `${role} ${roleNames[role]}`)])}
${row(['---', '---', '---', ...roles.map(() => ':-:')])}
${names.map((right) => row([`\`${right}\``, rights[right].says, rights[right].changes ? 'yes' : '', ...roles.map((role: Role) => (mayDo([role], right) ? '✓' : ''))])).join('\n')}
`;
}
