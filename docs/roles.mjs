import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Writes docs/roles.md from the built table of rights. */
const { rolesDocument } = await import('../dist/src/office/rights/roles-document.js');
writeFileSync(fileURLToPath(new URL('roles.md', import.meta.url)), rolesDocument());
